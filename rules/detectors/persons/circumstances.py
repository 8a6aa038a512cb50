"""Circumstances that single somebody out together: a home, a school or a workplace with age, trade or family.

Each is told of many. An anchor, where to find somebody, with more of them is told of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rules.detectors.detector import Sign
from rules.detectors.persons.residents import WORKPLACE
from rules.detectors.whose import full_name
from rules.draft import Detection, Draft

_N = "[0-9一二三四五六七八九十]"
_LIMITS = r"(?!以[上下降前]|未満|から|まで|[~―-]|または|か|を対象|、[0-9])"
_KINDS: Mapping[str, re.Pattern[str]] = {
    "住まい": re.compile(
        rf"{_N}{{1,3}}丁目|{_N}番地|{_N}号[室棟]|[一-龥ァ-ヴー]団地|(?:角|隣|裏|向かい|前)の(?:[^、。\n]{{1,6}}の)?(?:家|お宅)"
        r"|(?<![市町村区県都府道の])(?!県内|市内|町内|村内|区内|都内|府内|道内)[一-龥々]{1,3}(?:町|地区|字|台|ヶ丘|が丘)(?:在住|に(?:住|お住ま))"
    ),
    "学校": re.compile(
        r"(?<![一-龥])(?![市町村県国私公]立)[一-龥々]{1,6}(?:小学校|中学校|高校|小|中)[のに、・ ]?[1-6]年"
    ),
    "勤め先": re.compile(rf"{WORKPLACE}(?:に(?:お?勤め|勤務)|で働|を(?:営|経営)|勤務|経営)"),
    "年齢": re.compile(rf"\d{{1,3}}歳{_LIMITS}|[1-9]0代{_LIMITS}|\(\d{{1,3}}\)"),
    "仕事": re.compile(
        r"会社員|公務員|教員|教諭|看護師|介護士|保育士|医師|歯科医|薬剤師|自営業|農業|漁業|運転手|調理師|美容師|理容師|大工|パート|アルバイト"
        r"|無職|主婦|大学生|高校生|中学生|小学生"
    ),
    "家族": re.compile(
        rf"{_N}人の(?:お子さん|お子様|子ども|子供|子)|一人暮らし|ひとり暮らし|独り暮らし|双子|三つ子|母子家庭|父子家庭|[長次三][男女]と|夫婦と"
    ),
}
"""Kinds of circumstance as a reader would call them, and how they are written."""
_ANCHORS = frozenset(("住まい", "学校", "勤め先"))
_TITLE = r"(?:さん|氏|くん|君|ちゃん|様)"
_STAND_IN = re.compile(rf"(?:(?<![A-Za-z])[A-Z](?:\.[A-Z])?\.?(?:子|男|美)?|[◯○〇△×]{{2,3}}|某){_TITLE}")
"""What stands in for a name: Aさん, K子さん, Y.K.さん, ○○さん, 某さん."""
_ONE_PERSON = re.compile(
    r"(?:(?<![0-9一二三四五六七八九十])人|お?一人|方|男性|女性|男児|女児|世帯|家庭|ご?家族|ご?夫婦|親子|男の子|女の子)(?:が|は|も|の|、)"
)
_PLIGHT = re.compile(
    r"(?:感染|陽性|入院|死亡|自殺|離婚|破産|失業|不登校|妊娠|流産|搬送|逮捕|虐待|滞納|中退|休職|保護)(?:と|に|を)?(?:し|さ|され|なり|なっ|受け)?"
    r"(?:た|て|ました|ています|ております|れた|れました|でした)"
    r"|亡くなり|亡くなった|生活保護を受け"
)
_BRACKET = re.compile(r"[ ]?\([^()\n]{1,60}\)")
_WIDEST = 60
"""Code points on each side, inside the sentence, in which circumstances are told of the same person."""
_AGE = re.compile(r"\(\d{1,3}\)(?=[=、,・ ])")
_LONGEST_NAME = 14
_MANY = 2
"""Circumstances beside the anchor from which it is one person that is told of."""
SIGNS = (
    Sign("A-Z○◯〇△×某.", r"[子男美.]?(?:さん|氏|くん|君|ちゃん|様)"),
    Sign("丁団角隣裏番号根", r"目|(?<=団)地|(?<=番)地|(?<=号)[室棟]|の家|のお宅"),
)
"""What a draft holds that hides a name, or tells where somebody lives."""


def find_stand_ins(draft: Draft) -> Iterator[Detection]:
    """Find Aさん(80代・緑町三丁目在住): a name left out, and enough told to know whose it is."""
    for match in _STAND_IN.finditer(draft.text):
        known = _known(draft, *match.span())
        if not _ANCHORS & known.keys() or len(known) == 1:
            continue
        is_one = len(known) > _MANY or len(_ANCHORS & known.keys()) > 1
        check = "persons.stand_in" if is_one else "persons.stand_in_hint"
        bracket = _BRACKET.match(draft.text, match.end())
        end = bracket.end() if bracket is not None else match.end()
        yield Detection(check, match.start(), end, {"known": "・".join(known)})


def find_named(draft: Draft) -> Iterator[Detection]:
    """Find 水野太郎(30)=緑町2丁目、会社員=, as newspapers tell of those who were caught."""
    for age in _AGE.finditer(draft.text):
        name = full_name(draft, max(0, age.start() - _LONGEST_NAME), age.start())
        if name is None or name[1] != age.start():
            continue
        known = _known(draft, *age.span())
        if _ANCHORS & known.keys():
            yield Detection("persons.named_facts", name[0], age.end(), {"known": "・".join(("名前", *known))})


def find_singled_out(draft: Draft) -> Iterator[Detection]:
    """Find nobody's name, but a home, two more circumstances, and a plight that is told of one person."""
    for start, end in draft.sentences:
        plight = _PLIGHT.search(draft.text, start, end)
        persons = [*_ONE_PERSON.finditer(draft.text, start, plight.start())] if plight is not None else []
        if plight is None or not persons or _STAND_IN.search(draft.text, start, end):
            continue
        known = _kinds(draft.text, max(start, plight.start() - 2 * _WIDEST), plight.start())
        if _ANCHORS & known.keys() and len(known) > _MANY:
            first = min(begin for begin, _ in known.values())
            person = persons[-1]
            begin = min(first, person.start())
            yield Detection("persons.singled_out", begin, person.end() - 1, {"known": "・".join(known)})


def _known(draft: Draft, start: int, end: int) -> dict[str, tuple[int, int]]:
    sentence_start, sentence_end = draft.sentence(start)
    return _kinds(draft.text, max(sentence_start, start - _WIDEST), min(sentence_end, end + _WIDEST))


def _kinds(text: str, start: int, end: int) -> dict[str, tuple[int, int]]:
    """Name the kinds of circumstance between two places, and where each is told first."""
    found = ((kind, pattern.search(text, start, end)) for kind, pattern in _KINDS.items())
    return {kind: match.span() for kind, match in found if match is not None}
