"""Ways to reach a private person, and what singles one out: telephone numbers, e-mail, homes, dates of birth.

What an office or an organiser publishes for everybody (問合せ, 申込先, a lg.jp address) is no finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.contacts import births, homes, mails, telephones
from rules.detectors.detector import Detector
from rules.draft import Detection, Draft

__all__ = ["DETECTOR"]

_GATE = re.compile(
    r"[0-9〇零⓪一二三四五六七八九十+@☆★aAアあ生誕bBdD](?:(?<=[0〇零⓪])[ )]?[0-9〇一二三四五六七八九⓪①-⑨]|(?<=\+)81"
    r"|(?<=[@☆★])|(?<=[aA])[tT][)\]}> ]|ット|っと|番|丁目|号|[-ー][0-9]|(?<=[0-9日]生)|年月日|生日"
    r"|(?i:(?<=b)orn|(?<=d)ate of b|(?<=d)ob|(?<=b)irthday))"
)
"""One class of first characters in front, because the engine skips fast to these only."""
_BIRTH_SIGNS = re.compile(
    r"[生誕bBDd](?:(?<=[0-9日一二三四五六七八九十 ]生)|年月日|生日"
    r"|(?i:(?<=b)orn|(?<=d)ate of b|(?<=d)ob|(?<=b)irthday))"
)
_LOT_SIGNS = re.compile(r"[番号丁0-9](?:(?<=[番号])|目|[-ー][0-9])")
_TITLES = re.compile(r"[様氏君宅邸さサくゃ](?:(?<=[様氏君宅邸])|ん|ン)")


def _find(draft: Draft) -> Iterator[Detection]:
    yield from telephones.find_telephones(draft)
    if mails.MIGHT_HOLD_MAIL.search(draft.text):
        yield from mails.find_mails(draft)
    if _LOT_SIGNS.search(draft.text):
        if _TITLES.search(draft.text):
            yield from homes.find_homes(draft)
        yield from homes.find_dwellings(draft)
        yield from homes.find_bare_names(draft)
    if _BIRTH_SIGNS.search(draft.text):
        yield from births.find_births(draft)


DETECTOR = Detector(
    name="contacts",
    checks={
        "contacts.private_telephone": telephones.FACTS,
        "contacts.mobile": telephones.FACTS,
        "contacts.private_mail": frozenset({"why"}),
        "contacts.home": frozenset(),
        "contacts.dwelling": frozenset(),
        "contacts.birth_date": frozenset(),
        "contacts.birth_date_alone": frozenset(),
    },
    gate=_GATE,
    find=_find,
)
