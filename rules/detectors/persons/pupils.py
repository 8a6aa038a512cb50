"""Children whose school, grade and class stand beside their name, in any order and in brackets or not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.detector import Sign, any_of
from rules.detectors.persons.names import NAME, is_name, name_before
from rules.draft import Detection, Draft

_SCHOOL = (
    r"(?:[ぁ-ゖ]{2,5}|[一-龥々ヶァ-ヴーがつ○〇◯]{1,8}?)"
    r"(?:小学校|中学校|高等学校|高校|支援学校|幼稚園|保育園|保育所|こども園|学童|小|中|高)"
)
_GRADE = r"(?:[1-6一二三四五六]年生?|年長|年中|年少)"
_ROOM = r"(?:[1-9一二三四五六七八九A-E]|[ぁ-ゖァ-ヴー]{2,6})組"
_JOINT = r"[の、・, ()]{0,2}"
_PARTS = rf"(?:(?:{_SCHOOL}|{_GRADE}|{_ROOM}){_JOINT}){{1,3}}"
_CHILD = r"(?:(?:[男女]児|[男女]子(?:児童|生徒)?|児童|生徒|園児)[、・の ]{0,2})?"
_PARTS_THEN_NAME = re.compile(rf"(?P<parts>{_PARTS}){_CHILD}{NAME}$")
_PARTS_IN_BRACKETS = re.compile(rf"[ ]?[(・、](?P<parts>{_PARTS})\)?")
_KINDS = (
    ("学校名", re.compile(_SCHOOL + rf"(?=[の、・, ()]|[1-6一二三四五六]年|{_ROOM}|$|年[長中少])")),
    ("学年", re.compile(_GRADE)),
    ("組", re.compile(_ROOM)),
)
_REACH = 44
"""Code points before a title in which name, class, grade and school stand."""
_BEFORE_GRADE = "[校園所童小中高の、・ (]"
"""The last letter of each kind of school, and what joins the grade to it."""
SIGN = Sign("組年", rf"(?<=組)|(?<={_BEFORE_GRADE}[1-6一二三四五六]年)|(?<={_BEFORE_GRADE}年)[長中少]")
"""What a draft that names a pupil holds."""
_A_SIGN = any_of(SIGN)


def find_pupil(draft: Draft, title: re.Match[str]) -> Iterator[Detection]:
    """Find a child with school and grade, or with a class; a school alone is no more than where somebody works."""
    start = max(draft.sentence(title.start())[0], title.start() - _REACH)
    if not _A_SIGN.search(draft.text, start, title.end() + _REACH):
        return
    found = _before(draft, start, title) or _behind(draft, title)
    if found is not None:
        yield found


def _before(draft: Draft, start: int, title: re.Match[str]) -> Detection | None:
    """鳴海小学校3年1組の水野つばさくん, 3年1組(鳴海小学校)水野つばさくん."""
    match = _PARTS_THEN_NAME.search(draft.text[start : title.start()])
    if match is None or not is_name(draft, (start + match.start("name"), start + match.end("name")), title[0]):
        return None
    known = _known(match["parts"])
    if known is None:
        return None
    begin = start + match.start()
    if known == ("組",):
        room_name = draft.tokens(begin, start + match["parts"].rindex("組") + match.start("parts"))[-1]
        begin = max(begin, room_name.start)  # the letters before it may be particles
    return Detection("persons.pupil", begin, title.end(), {"known": "・".join((*known, "名前"))})


def _behind(draft: Draft, title: re.Match[str]) -> Detection | None:
    """水野つばさくん(鳴海小学校3年1組)."""
    match = _PARTS_IN_BRACKETS.match(draft.text, title.end())
    known = _known(match["parts"]) if match is not None else None
    begin = name_before(draft, title) if known is not None else None
    if match is None or known is None or begin is None:
        return None
    return Detection("persons.pupil", begin, match.end(), {"known": "・".join(("名前", *known))})


def _known(parts: str) -> tuple[str, ...] | None:
    """Name what is told of the child; None if it singles out nobody."""
    known = tuple(kind for kind, pattern in _KINDS if pattern.search(parts))
    return known if "組" in known or {"学校名", "学年"} <= set(known) else None
