"""Who is meant: private persons that a few facts single out.

A name alone singles out nobody. A pupil's name with school and class does, a name with somebody's home does, and a
half-hidden name (伏せ字: 田◯さん) does for all who know the neighbourhood. What is told of them is for the rules'
word classes to weigh.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.detector import Detector
from rules.draft import Detection, Draft, Span

_TITLED = re.compile(r"さん|くん|ちゃん|君")
_REACH = 44
"""Code points before a title in which name, class, grade and school stand."""
_KANA_NAME_TITLES = ("くん", "ちゃん", "君")
_NO_FAMILY = (
    r"(?<![皆客民者方屋店院館社会所局校園員母父兄姉弟妹奥孫娘嬢任長師医工手])"
    r"(?<!みな)(?<!お子)(?<!息子)(?<!赤)(?<!双子)"
)
_NAME = (
    r"(?P<name>[一-龥々ヶ]{1,5}[ぁ-ゖァ-ヴー]{0,6}|[ァ-ヴー]{2,9}|[ぁ-ゖ]{2,6}|[一-龥々]{1,3} [一-龥々ぁ-ゖ]{1,5})"
    + _NO_FAMILY
    + "$"
)
_SCHOOL = (
    r"(?:[ぁ-ゖ]{2,5}|[一-龥々ヶァ-ヴーがつ○〇◯]{1,8}?)"
    r"(?:小学校|中学校|高等学校|高校|支援学校|幼稚園|保育園|保育所|こども園|学童|小|中|高)"
)
_GRADE = r"(?:[1-6一二三四五六]年生?|年長|年中|年少)"
_CLASS = r"(?:[1-9一二三四五六七八九A-E]|[ぁ-ゖァ-ヴー]{2,6})組"
_PUPIL = re.compile(
    rf"(?:(?P<school>{_SCHOOL})[の、・ ]?)?(?:(?P<grade>{_GRADE})[の、・ ]?)?(?:(?P<room>{_CLASS})[の、・ ]?)?{_NAME}"
)
_RESIDENT = re.compile(
    r"(?:[0-9一二三四五六七八九十]{1,3}丁目|番地|号室|号棟|団地|アパート|マンション|コーポ|ハイツ|市営住宅|県営住宅|町営住宅|社宅)"
    r"(?:[A-Z0-9]{1,4}(?:棟|号室?)?)?(?:の|、|在住の|に(?:住む|お住まいの|お住まい、|住んで(?:い|お)(?:る|られる))) ?"
    + _NAME
)
_MASK = "◯○〇●▲△■□×✕*"
_ROUND_MASK = "◯○〇"  # others open a line of a list, too
_LETTER = "一-龥々ァ-ヴー"
_MASKED = re.compile(
    rf"(?<![{_LETTER}{_MASK}])(?P<name>[{_LETTER}]{{1,3}}[{_MASK}][{_LETTER}{_MASK}]{{0,3}}|[{_ROUND_MASK}][{_LETTER}]{{1,3}})"
    r"(?:さん|くん|ちゃん|氏|(?<!多)様)"
)
_MIGHT_BE_MASKED = re.compile(rf"[{_MASK}][{_LETTER}{_MASK}]{{0,3}}(?:さん|くん|ちゃん|氏|様)")
"""Begins with the mask, which is rare, rather than with any letter."""
_NO_PERSON = re.compile(r"[市町村区県都府国社課部院校園店株]|^[^一-龥々ァ-ヴー]*$")
_BEFORE_GRADE = "[校園所童小中高の、・ ]"
"""The last letter of each kind of ``_SCHOOL``, and what joins the grade to it."""
_SINGLING = re.compile(
    rf"[組年丁番号団アマコハ住社{_MASK}](?:(?<=組)|(?<={_BEFORE_GRADE}[1-6一二三四五六]年)|(?<={_BEFORE_GRADE}年)[長中少]"
    rf"|目|地|室|棟|パート|ンション|ーポ|イツ|宅|(?<=[{_MASK}])[{_LETTER}{_MASK}]{{0,3}}(?:さ|く|ち|氏|様))"
)
"""One class of characters in front, because the engine skips fast to these only."""


def _find(draft: Draft) -> Iterator[Detection]:
    for title in _TITLED.finditer(draft.text):
        start = max(draft.sentence(title.start())[0], title.start() - _REACH)
        before = draft.text[start : title.start()]
        pupil = _pupil(draft, start, before, title)
        if pupil is not None:
            yield pupil
            continue
        resident = _RESIDENT.search(before)
        if resident and _is_name(draft, (start + resident.start("name"), start + resident.end("name")), title[0]):
            yield Detection("persons.resident", start + resident.start(), title.end())
    if _MIGHT_BE_MASKED.search(draft.text):
        yield from _masked(draft)


def _pupil(draft: Draft, start: int, before: str, title: re.Match[str]) -> Detection | None:
    """Find a child with school and grade, or with a class; a school alone is no more than where somebody works."""
    found = _PUPIL.search(before)
    if found is None or not (found["room"] or (found["school"] and found["grade"])):
        return None
    if not _is_name(draft, (start + found.start("name"), start + found.end("name")), title[0]):
        return None
    begin = start + found.start()
    if found.start() == found.start("room"):
        room_name = draft.tokens(begin, start + found.end("room") - 1)[-1]  # the letters before it may be particles
        begin = max(begin, room_name.start)
    known = "・".join(part for group, part in _PARTS.items() if found[group])
    return Detection("persons.pupil", begin, title.end(), {"known": known})


_PARTS = {"school": "学校名", "grade": "学年", "room": "組", "name": "名前"}


def _is_name(draft: Draft, span: Span, title: str) -> bool:
    """Confirm by the dictionary, which takes many surnames for places; after くん and ちゃん anything is a name."""
    if title in _KANA_NAME_TITLES:
        return True
    return any(token.pos[1] == "固有名詞" and token.pos[2] in ("人名", "地名") for token in draft.tokens(*span))


def _masked(draft: Draft) -> Iterator[Detection]:
    for match in _MASKED.finditer(draft.text):
        name = match["name"]
        masks = sum(letter in _MASK for letter in name)
        if masks <= len(name) - masks and not _NO_PERSON.search(name):
            yield Detection("persons.masked", match.start(), match.end())


DETECTOR = Detector(
    name="persons",
    checks={
        "persons.pupil": frozenset({"known"}),
        "persons.resident": frozenset(),
        "persons.masked": frozenset(),
    },
    gate=_SINGLING,
    find=_find,
)
