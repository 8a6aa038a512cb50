"""Dates of birth (生年月日) of private persons; not of the famous, nor years of birth that a service is for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.whose import NAMED_PERSON
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
    rf"|(?:{_LABEL})[)\]】」]?(?:は|が|:|、|[ ]|\(){{0,2}}{_DATE}{_A_LIMIT}"
)
_NAMED = re.compile(NAMED_PERSON)
_NOT_PRIVATE = re.compile(
    r"選手|市長|町長|知事|議員|作家|画家|俳優|歌手|監督|名誉市民|歴史|生誕|没|偉人|力士|武将|詩人|学者|創業|記念館|故人"
)
_NOT_ONE_PERSON = re.compile(
    r"対象|方[はにがで、。)]|から|以[前後降]|~|までの|該当|接種|無料|助成|キャラ|マスコット|ゆるキャラ|記[入載]例|見本|サンプル|架空"
)
_AROUND = 60


def find_births(draft: Draft) -> Iterator[Detection]:
    """Find dates of birth beside a name; and without one, those called so (生年月日) or of one man or woman."""
    for match in _BIRTH.finditer(draft.text):
        around = max(0, match.start() - _AROUND), min(len(draft.text), match.end() + _AROUND)
        if _NOT_PRIVATE.search(draft.text, *around):
            continue
        if _NAMED.search(draft.text, *around):
            yield Detection("contacts.birth_date", match.start(), match.end())
        elif (match["label"] or match["whom"]) and not _NOT_ONE_PERSON.search(draft.text, *around):
            yield Detection("contacts.birth_date_alone", match.start(), match.end())
