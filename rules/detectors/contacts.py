"""Ways to reach a private person: telephone numbers, e-mail addresses, and homes down to the lot number.

What an office or an organiser publishes for everybody (問合せ, 申込先, a lg.jp address) is no finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import PhoneNumberType

from rules.detectors.detector import Detector
from rules.detectors.whose import NAMED_PERSON, is_owned, is_published
from rules.draft import Detection, Draft

_GATE = re.compile(
    r"[0〇][0-9〇一二三四五六七八九]|\+81|@|\(at\)|\[at\]|[0-9](?:番|丁目|号|-[0-9])|[0-9日]生|生年月日|誕生日"
)

_D = "[0-9〇一二三四五六七八九]"
_TELEPHONE = re.compile(
    rf"(?<![0-9A-Za-z/.=&?#_%-])(?:\+81[ -]?\(?0?\)?{_D}{{1,4}}|\([0〇]{_D}{{1,4}}(?=\))|[0〇]{_D}{{1,4}})"
    rf"(?:[ ]?[-ー―()./][ ]?|[ ]){_D}{{1,4}}(?:[ ]?[-ー―()./][ ]?|[ ]){_D}{{3,4}}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z/.=&?#_%-])0\d{9,10}(?![0-9A-Za-z])"
)
_KANJI_DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")
_MOBILE_SHAPE = re.compile(r"0[6-9]0\d{8}")
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.PAGER}

_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])(?P<local>[A-Za-z0-9._%+-]{1,64})(?:@|[ ]?[(\[]at[)\]][ ]?)"
    r"(?P<domain>[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6})"
)
_PERSONAL_MAIL = frozenset(
    {
        "gmail.com", "yahoo.co.jp", "yahoo.com", "ymail.ne.jp", "outlook.jp", "outlook.com", "hotmail.com",
        "hotmail.co.jp",
        "live.jp", "icloud.com", "me.com", "docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "i.softbank.jp",
        "ymobile.ne.jp", "rakumail.jp", "nifty.com", "ocn.ne.jp", "biglobe.ne.jp", "proton.me",
    }
)  # fmt: skip
"""Providers whose addresses belong to persons rather than to offices."""
_OFFICIAL_MAIL = re.compile(r"\.(?:lg|go)\.jp$|\.(?:pref|city|town|vill|metro)\.")
_ROLE = re.compile(
    r"(?:info|contact|office|support|koho|kouhou|soumu|shimin|jimukyoku|event|entry|mail|webmaster|pr)\b", re.IGNORECASE
)

_LOT = (
    r"(?P<lot>(?<![0-9.-])[0-9]{1,5}(?:(?:番地?の?|丁目|-)[0-9]{1,5}){0,3}(?:番地|番|号室|号棟|号)?"
    r"(?:[ ]?[一-龥ァ-ヴー]{1,10}[0-9]{1,4}号室?)?)"
)
_RESIDENT = re.compile(
    rf"{_LOT}(?:の|、| |在住の|に(?:お住まいの|お住まい、|住む|住んで(?:い|お)られる)){NAMED_PERSON}"
)
_IS_ADDRESS = re.compile(r"番地|丁目|番[0-9]|号|-")
_NAMED = re.compile(NAMED_PERSON)
_TITLES = re.compile(r"[さサ様氏くち君宅邸](?:ん|ゃん|(?<=[様氏君宅邸]))")

_DATE = r"(?:(?:19|20)\d{2}[年./]|(?:昭和|平成|令和|[SHR])[ ]?(?:\d{1,2}|元)[年./])[ ]?\d{1,2}[月./][ ]?\d{1,2}日?"
_BIRTH = re.compile(rf"{_DATE}(?:生まれ|生(?![ぁ-ん一-龥]))|(?:生年月日|誕生日)(?:は|が|:|、| |\()?[ ]?{_DATE}")
_PUBLIC_FIGURE = re.compile(
    r"選手|市長|町長|知事|議員|作家|画家|俳優|歌手|監督|名誉市民|歴史|生誕|没|偉人|力士|武将|詩人|学者|創業|記念館|故人"
)
_AROUND_BIRTH = 60


def _find(draft: Draft) -> Iterator[Detection]:
    yield from _telephones(draft)
    if "@" in draft.text or "at" in draft.text:
        yield from _mails(draft)
    if _TITLES.search(draft.text):
        yield from _homes(draft)
        yield from _births(draft)


def _telephones(draft: Draft) -> Iterator[Detection]:
    for match in _TELEPHONE.finditer(draft.text):
        start, end = match.span()
        digits = re.sub(r"\D", "", match[0].translate(_KANJI_DIGITS).replace("+81", "0", 1))
        kind = _kind(digits.replace("00", "0", 1) if match[0].startswith("+81") else digits)
        if kind is None:
            continue
        facts = {"kind": kind}
        if is_owned(draft, start, end):
            yield Detection("contacts.private_telephone", start, end, facts)
        elif kind == _MOBILE_NAME and not is_published(draft, start, end):
            yield Detection("contacts.mobile", start, end, facts)


_MOBILE_NAME = "携帯電話"


def _kind(digits: str) -> str | None:
    """Name the kind of a Japanese number, or None if it is none, or one that only offices have (0120, 0570)."""
    if _MOBILE_SHAPE.fullmatch(digits):  # also 090-0000-0000, which no plan assigns
        return _MOBILE_NAME
    number = phonenumbers.parse(digits, "JP")
    if not phonenumbers.is_possible_number(number):
        return None
    kind = phonenumbers.number_type(number)
    if kind in _MOBILE:
        return _MOBILE_NAME
    if kind == PhoneNumberType.VOIP:
        return "IP電話"
    return "固定電話" if kind == PhoneNumberType.FIXED_LINE else None


def _mails(draft: Draft) -> Iterator[Detection]:
    for match in _MAIL.finditer(draft.text):
        domain = match["domain"].lower()
        if _OFFICIAL_MAIL.search(domain) or _ROLE.match(match["local"]):
            continue
        start, end = match.span()
        if is_owned(draft, start, end) or (domain in _PERSONAL_MAIL and not is_published(draft, start, end)):
            yield Detection("contacts.private_mail", start, end)


def _homes(draft: Draft) -> Iterator[Detection]:
    for match in _RESIDENT.finditer(draft.text):
        if _IS_ADDRESS.search(match["lot"]):
            yield Detection("contacts.home", match.start(), match.end())


def _births(draft: Draft) -> Iterator[Detection]:
    for match in _BIRTH.finditer(draft.text):
        around = max(0, match.start() - _AROUND_BIRTH), min(len(draft.text), match.end() + _AROUND_BIRTH)
        if _NAMED.search(draft.text, *around) and not _PUBLIC_FIGURE.search(draft.text, *around):
            yield Detection("contacts.birth_date", match.start(), match.end())


DETECTOR = Detector(
    name="contacts",
    checks={
        "contacts.private_telephone": frozenset({"kind"}),
        "contacts.mobile": frozenset({"kind"}),
        "contacts.private_mail": frozenset(),
        "contacts.home": frozenset(),
        "contacts.birth_date": frozenset(),
    },
    gate=_GATE,
    find=_find,
)
