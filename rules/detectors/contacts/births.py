"""Dates of birth (生年月日) of private persons; not of the famous, nor years of birth that a service is for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.dates.calendar_words import ENGLISH_MONTH
from rules.detectors.whose import NAMED_PERSON, full_name
from rules.draft import Detection, Draft

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_YEAR = (
    rf"(?:(?:19|20)\d{{2}}|[一二]九?[〇一二三四五六七八九]{{2,3}}|(?:明治|大正|昭和|平成|令和|[MTSHR])[ ]?(?:{_N}|元))"
)
_DATE = rf"(?<![0-9A-Za-z])(?:{_YEAR}[ ]?[年./-][ ]?{_N}[ ]?[月./-][ ]?{_N}日?|(?:19|20)\d{{6}}(?!\d))"
_LABEL = r"(?P<label>生年月日)|誕生日"
_ONE = r"(?P<whom>(?:の|[ 、])(?:男性|女性|[男女]児|少[年女]|会社員|無職|[男女](?![子の])))"
_A_LIMIT = r"(?![ ]?(?:から|以[前後降]|まで|[~-]|の(?:方|人)))"
_BIRTH = re.compile(
    rf"{_DATE}[ ]?(?:生まれ|生(?![ぁ-ん一-龥])|生(?=の[男女])){_ONE}?"
    r"|(?i:\bborn|date of birth|DOB|birthday)(?:[ :]|on|is){0,4}"
    rf"(?P<english>{_DATE}|(?i:{ENGLISH_MONTH}) \d{{1,2}},? (?:19|20)\d{{2}})"
    rf"|(?:{_LABEL})[)\]】」]?(?:は|が|:|、|[ ]|\(){{0,2}}{_DATE}{_A_LIMIT}"
)
_NAMED = re.compile(NAMED_PERSON)
_ROMANISED = re.compile(r"(?<![A-Za-z])[A-Z][a-z]{1,12},? [A-Z](?:[a-z]{1,12}|[A-Z]{1,12})(?![A-Za-z])")
_NOT_PRIVATE = re.compile(
    r"選手|市長|町長|村長|知事|議員|大臣|首相|作家|画家|作曲家|小説家|歌人|俳人|俳優|歌手|監督|指揮者|名誉市民|歴史|生誕|没|偉人|力士|武将"
    r"|詩人|学者|創業|記念館|故人|講師|出演|プロフィール|教授|棋士|芸人|タレント|アナウンサー|著者|思想家|政治家|実業家"
)
_NOT_ONE_PERSON = re.compile(
    r"対象|方[はにがで、。)]|から|以[前後降]|~|までの|該当|接種|無料|助成|キャラ|マスコット|ゆるキャラ|記[入載]例|見本|サンプル|架空"
)
_AROUND = 60
_BESIDE = 24
"""Code points on each side of a date in which a name without a title is that of who was born then."""


def find_births(draft: Draft) -> Iterator[Detection]:
    """Find dates of birth beside a name; and without one, those called so (生年月日) or of one man or woman."""
    for match in _BIRTH.finditer(draft.text):
        around = max(0, match.start() - _AROUND), min(len(draft.text), match.end() + _AROUND)
        if _NOT_PRIVATE.search(draft.text, *around):
            continue
        if _NAMED.search(draft.text, *around):
            yield Detection("contacts.birth_date", match.start(), match.end())
        elif not _NOT_ONE_PERSON.search(draft.text, *around) and (
            match["label"] or match["whom"] or _is_beside_a_bare_name(draft, match)
        ):
            yield Detection("contacts.birth_date_alone", match.start(), match.end())


def _is_beside_a_bare_name(draft: Draft, match: re.Match[str]) -> bool:
    """Tell 水野花子(昭和40年2月1日生) and Hanako Mizuno (born 1965-02-01)."""
    begin, end = max(0, match.start() - _BESIDE), min(len(draft.text), match.end() + _BESIDE)
    if match["english"]:
        return _ROMANISED.search(draft.text, begin, match.start()) is not None
    return full_name(draft, begin, end) is not None
