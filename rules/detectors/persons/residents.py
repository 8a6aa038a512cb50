"""Persons whose home or workplace stands beside their name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.detector import Sign, any_of
from rules.detectors.persons.names import NAME, is_name
from rules.draft import Detection, Draft

_RESIDENT = re.compile(
    r"(?:[0-9一二三四五六七八九十]{1,3}丁目|番地|号室|号棟|団地|アパート|マンション|コーポ|ハイツ|市営住宅|県営住宅|町営住宅|社宅)"
    r"(?:[A-Z0-9]{1,4}(?:棟|号室?)?)?(?:の|、|在住の|に(?:住む|お住まいの|お住まい、|住んで(?:い|お)(?:る|られる))) ?"
    + NAME
    + "$"
)
WORKPLACE = (
    r"[一-龥々ァ-ヴーA-Za-z○〇◯]{1,12}(?:商店|商会|店|会社|工業|製作所|鉄工所|工務店|病院|医院|工場|銀行|信金|農協|郵便局|建設|運輸|"
    r"運送|交通|スーパー|食堂|旅館|ホテル|農園|牧場|園)"
)
_WORKER = re.compile(
    rf"(?P<work>{WORKPLACE})(?:に(?:お?勤め(?:る|の|ている)?|勤務(?:する|の|している)?)|で(?:働く|働いて(?:い|お)る))、?{NAME}$"
)
_REACH = 44
"""Code points before a title in which name and home or workplace stand."""
SIGN = Sign(
    "丁番号団アマコハ住社勤働",
    r"目|地|室|棟|パート|ンション|ーポ|イツ|(?<=[住社])宅|(?<=団)地|(?<=勤)[めむ務]|(?<=働)[くい]",
)
"""What a draft that names a home or a workplace holds."""
_A_SIGN = any_of(SIGN)


def find_resident(draft: Draft, title: re.Match[str]) -> Iterator[Detection]:
    """Find 二丁目の田中さん and 緑町商店に勤める田中さん."""
    start = max(draft.sentence(title.start())[0], title.start() - _REACH)
    if not _A_SIGN.search(draft.text, start, title.start()):
        return
    before = draft.text[start : title.start()]
    for check, pattern in (("persons.resident", _RESIDENT), ("persons.worker", _WORKER)):
        found = pattern.search(before)
        if found and is_name(draft, (start + found.start("name"), start + found.end("name")), title[0]):
            yield Detection(check, start + found.start(), title.end())
