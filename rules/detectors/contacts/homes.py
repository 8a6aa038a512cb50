"""Homes down to the lot number or the flat: with the name of who lives there, or said to be somebody's home."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.whose import NAMED_PERSON, full_name, is_published
from rules.draft import Detection, Draft, Span

_NUMBER = r"(?:[1-9][0-9]{0,4}|[〇一二三四五六七八九十百]{1,5})"
_BUILDING = r"(?:[ ]?[一-龥ァ-ヴーA-Z]{1,12}[ ]?[0-9]{1,4}(?:号室?)?)"
_LOT = (
    rf"(?P<lot>(?<![0-9.〇一二三四五六七八九十百-]){_NUMBER}(?:(?:番地?の?|丁目|の|-|ー(?=[0-9])){_NUMBER}){{0,3}}"
    rf"(?:番地|番|号室|号棟|号)?{_BUILDING}?)"
)
_IS_ADDRESS = re.compile(r"番地|丁目|番[0-9〇一二三四五六七八九十]|号|[0-9][-ー][0-9]")
_RESIDENT = re.compile(
    rf"{_LOT}(?:の|、| |在住の|に(?:お住まいの|お住まい、|住む|住んで(?:い|お)られる)){NAMED_PERSON}"
)
_PLACE = r"[一-龥々ぁ-ゖァ-ヴーA-Za-z0-9ヶ ]{0,30}?"
_HOME = r"(?:ご?自宅|お?宅|お?住まい|住居|ご?住所|実家|お?[家うち]{1,2})"
_IS = r"(?:の(?:住所|場所|番地)|は|が|:|、|\(|→|[ ]){1,3}"
_BEHIND_A_NAME = r"(?P<beside>[ ])(?=[一-龥々]{2})|(?<![宅邸])\((?=[一-龥々]{2})"
_PERSONS_HOME = re.compile(rf"{NAMED_PERSON}(?:(?:の|、|[ ])?{_HOME}{_IS}|{_BEHIND_A_NAME}){_PLACE}{_LOT}(?![-0-9])")
_MIGHT_NAME_A_HOME = re.compile(r"[様氏君宅邸んン](?:[の、 ]?[ごお自宅住実家うち]|[ (])")
"""A title, and what may follow it in ``_PERSONS_HOME``."""

_SOMEBODY = "犯人 容疑者 加害者 被害者 投稿者 本人 あの人 この人 その人 あいつ こいつ そいつ 彼 彼女"
_TOLD = re.compile(
    r"(?:自宅|実家|住まい|転居先|引っ?越し先|帰省先|下宿先?|住んで(?:い)?る(?:の|ところ|場所)|居住地|"
    + "|".join(f"{somebody}の(?:家|うち)" for somebody in _SOMEBODY.split())
    + rf")(?:の?(?:住所|番地))?[)\]】」]?(?:は|が|:|、|\(|→|[ ]){{1,2}}(?P<address>{_PLACE}{_LOT})"
)
"""Each way begins with a letter of its own, because the engine skips fast to these only."""
_LABELLED = re.compile(rf"(?:住所|届け先)[)\]】」]?(?:は|が|:|、|→|[ ]){{0,2}}(?P<address>{_PLACE}{_LOT})")
_FLAT = re.compile(r"号室|[0-9]{1,3}(?:-[0-9]{1,3}){2}-[0-9]{3,4}$|[0-9][ ]?[一-龥ァ-ヴーA-Z]{1,12}[ ]?[0-9]{3,4}$")
_OF_AN_OFFICE = re.compile(
    r"会場|場所|事務所|事務局|センター|役[場所]|庁舎|支所|店|会社|法人|協会|組合|施設|窓口|問い?合|所在地|ビル|会館|医院|クリニック"
    r"|病院|教室|(?:記入|記載|入力)?例|見本|サンプル|架空|郵送|送付|宛|〒|番号の付け方"
)
_AROUND = 30


_LIVED_IN = re.compile(
    rf"(?P<address>{_PLACE}{_LOT})(?:に(?:お住まい|お住い|住む|住んで|居住)|在住|の(?:部屋|お宅|住人))"
)
_MIGHT_BE_LIVED_IN = re.compile(
    r"[に在の](?<=[0-9〇一二三四五六七八九十百地番号室棟].)(?:(?<=に)(?:お?住|居住)|(?<=在)住|(?<=の)(?:部屋|お宅|住人))"
)
"""What stands behind the address in ``_LIVED_IN``. Looked for first, because the address can begin anywhere."""
_A_LOT = re.compile(rf"(?={_NUMBER}(?:[番丁の号ー-]|[ ]?[一-龥ァ-ヴーA-Z]{{1,12}}[ ]?[0-9])){_LOT}")
"""A number with what makes it one of a lot or a flat behind it: a number alone says nothing of an address."""
_BEFORE_LOT = re.compile(r"[ 、,(:\n]{1,2}[^\n、。]{2,30}$")
_PLACE_BEFORE = re.compile(r"[一-龥々ァ-ヴーヶ]{1,20}$")
_BEHIND_LOT = 14
"""Code points behind an address in which a name without a title is that of who lives there."""
_PUBLIC_PERSON = re.compile(r"代表|理事|会長|社長|所長|院長|館長|園長|校長|市長|町長|議員|候補|講師|設計|施工|著|作")


def find_homes(draft: Draft) -> Iterator[Detection]:
    """Find a named person's home; a place that only stands behind the name has to be a flat."""
    for match in _RESIDENT.finditer(draft.text):
        if _IS_ADDRESS.search(match["lot"]):
            yield Detection("contacts.home", match.start(), match.end())
    if not _MIGHT_NAME_A_HOME.search(draft.text):
        return
    for match in _PERSONS_HOME.finditer(draft.text):
        is_home = _FLAT if match["beside"] else _IS_ADDRESS
        if is_home.search(match["lot"]):
            yield Detection("contacts.home", match.start(), match.end())


def find_dwellings(draft: Draft) -> Iterator[Detection]:
    """Find addresses that are called a home, and those with a flat's number, where no office is spoken of."""
    ways = [(_TOLD, _IS_ADDRESS), (_LABELLED, _FLAT)]
    if _MIGHT_BE_LIVED_IN.search(draft.text):
        ways.append((_LIVED_IN, _FLAT))
    for pattern, is_home in ways:
        for match in pattern.finditer(draft.text):
            around = max(0, match.start() - _AROUND), min(len(draft.text), match.end() + _AROUND)
            if is_home.search(match["lot"]) and not _OF_AN_OFFICE.search(draft.text, *around):
                yield Detection("contacts.dwelling", *match.span("address"))


def find_bare_names(draft: Draft) -> Iterator[Detection]:
    """Find 水野花子 美浜区真砂3-4-5: a full name without a title beside an address, where no office is spoken of."""
    for match in _A_LOT.finditer(draft.text):
        if not _IS_ADDRESS.search(match["lot"]) or is_published(draft, *match.span()):
            continue
        around = max(0, match.start() - 2 * _AROUND), min(len(draft.text), match.end() + _AROUND)
        if _OF_AN_OFFICE.search(draft.text, *around) or _PUBLIC_PERSON.search(draft.text, *around):
            continue
        name = _name_beside(draft, match)
        if name is not None:
            place = _PLACE_BEFORE.search(draft.text, around[0], match.start())
            start = place.start() if place is not None else match.start()
            yield Detection("contacts.dwelling", min(name[0], start), max(name[1], match.end()))


def _name_beside(draft: Draft, lot: re.Match[str]) -> Span | None:
    text, begin = draft.text, max(0, lot.start() - 2 * _AROUND + _AROUND // 3)
    before = full_name(draft, begin, lot.start())
    if before is not None and _BEFORE_LOT.fullmatch(text, before[1], lot.start()):
        return before
    end = min(len(text), lot.end() + _BEHIND_LOT)
    behind = full_name(draft, lot.end(), end)
    return behind if behind is not None and text[lot.end() : behind[0]].strip(" 、,(\n") == "" else None
