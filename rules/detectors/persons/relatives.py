"""Family named with the family: 鈴木さんの長男の健くん tells who the child is, and whose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.detector import Sign
from rules.detectors.persons.names import name_before
from rules.draft import Detection, Draft

_RELATION = r"(?:ご)?(?:長男|次男|三男|長女|次女|三女|息子|娘|孫|奥|妻|夫|ご主人|弟|妹|兄|姉|母|父|祖母|祖父)(?:さん)?"
_OWNERS_TITLE = re.compile(r"さん|様|氏|君")
_FAMILY = re.compile(rf"(?:{_OWNERS_TITLE.pattern})(?:の|、)(?P<relation>{_RELATION})(?:の|、|・|で| )?$")
_IS_OF_A_FAMILY = re.compile(rf"(?:{_OWNERS_TITLE.pattern})(?:の|、){_RELATION}")
_REACH = 24
SIGN = Sign(
    "男女娘子孫妻夫奥人弟妹兄姉母父",
    r"(?<=[ん様氏君]の[長次三][男女])|(?<=[ん様氏君]の[娘孫妻夫奥弟妹兄姉母父])|(?<=の息子)|(?<=のご主人)",
)
"""What a draft that names somebody's family holds."""


def find_relative(draft: Draft, title: re.Match[str]) -> Iterator[Detection]:
    """Find a name behind somebody's family relation, where both are named."""
    start = max(draft.sentence(title.start())[0], title.start() - _REACH)
    begin = name_before(draft, title) if _IS_OF_A_FAMILY.search(draft.text, start, title.start()) else None
    family = _FAMILY.search(draft.text, start, begin) if begin is not None else None
    of_whom = _OWNERS_TITLE.match(draft.text, family.start()) if family is not None else None
    owner = name_before(draft, of_whom) if of_whom is not None else None
    if family is not None and owner is not None:
        yield Detection("persons.relative", owner, title.end(), {"relation": family["relation"]})
