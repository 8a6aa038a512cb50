"""Names without a title beside what is nobody's business: 水野花子、滞納額…, 滞納しているのは水野花子.

The dictionary knows most full names; the rest are told by a surname that letters of a given name follow, and names in
Chinese and Korean by their surname and a title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules.detectors.detector import Sign
from rules.draft import Detection, Draft, Span
from rules.tokens import Token

_PLIGHT = re.compile(
    r"(?P<plight>滞納|未納|督促|生活保護|保護費|差し?押さ?え|自己破産|多重債務|不登校|いじめ|虐待|離婚|別居|認知症|うつ病|適応障害"
    r"|統合失調症|休職|停学|退学|要介護|要支援|障害者手帳|療育手帳|児童相談所|一時保護|在留資格|不法滞在|中絶|前科|服役|依存症)"
    r"(?!の(?!疑|た|よう|まま|状|程|は)|者|世帯|児|予防|対策|防止|講[座演話]|サポーター|カフェ|サロン|相談|支援|施設|ケア|ゼロ|撲滅"
    r"|条例|調査|検討|認定|について|に関|を(?:考|学|テーマ|支|防|乗り越え)|後|とのつ|と向き|[・、」』])"
)
"""What of a person is private; not the name of an office's task (認知症サポーター) nor somebody else's (不登校の子)."""
SIGNS = (
    Sign(
        "滞未督生保差自多不虐離別認適統休停退要障療児一在中前服依",
        r"納|促|活保護|護費|し?押|己破産|重債務|登校|法滞在|待|婚|居|知症|応障害|合失調|職|学|介護|支援"
        r"|害者手帳|育手帳|童相談所|時保護|留資格|絶|科|役|存症",
    ),
    Sign("じ病", r"(?<=いじ)め|(?<=うつ病)"),
)
"""What a draft that tells of a plight holds."""
_REACH = 40
"""Code points on each side of a plight, within the sentence, in which stands whose it is."""
_IS_THE_ONE = re.compile(r"(?:のは|人は|方は|者は)、?(?=[^、。]{2,8}(?:です|でした|だ|。|$))")
_BEHIND_A_NAME = re.compile(
    r"[ ]?(?:[はがもの、,:]|\([^()\n]{1,30}\)[はがもの、,:]?|→)|です|でした|だ(?:。|$|っ)|。|$|\n"
)
_IS_A_WORK = re.compile(r"『|[著訳編作][ )/:、。]|監修|主演|主人公|役の")
_NO_GIVEN_NAME = frozenset("家宅邸方員長係課部班組氏様君会店社屋院校園町市村区県府都")
_FOREIGN = re.compile(
    r"(?<![一-龥々ァ-ヴーA-Za-z])[王李張劉陳楊黄趙周呉徐孫朱胡郭何梁鄭羅宋唐韓曹許鄧馮曾蔡彭潘袁董蘇呂魏蔣杜沈姜盧汪崔陸廖姚邱朴尹金]"
    r"[一-龥]{1,2}(?:さん|氏|様|くん|君|ちゃん)"
)
"""王建国さん: a surname of China or Korea, one or two letters, and a title."""


def find_bare_names(draft: Draft) -> Iterator[Detection]:
    """Find a full name, and what is private of whom it names, in one sentence."""
    for plight in _PLIGHT.finditer(draft.text):
        start, end = draft.sentence(plight.start())
        begin, stop = max(start, plight.start() - _REACH), min(end, plight.end() + _REACH)
        if _IS_A_WORK.search(draft.text, begin, stop):
            continue
        name = _name_before(draft, begin, plight.start()) or _name_behind(draft, plight.end(), stop)
        if name is not None:
            yield Detection("persons.bare_name", *name, {"plight": plight["plight"]})


def _name_before(draft: Draft, start: int, end: int) -> Span | None:
    foreign = _FOREIGN.search(draft.text, start, end)
    return foreign.span() if foreign is not None else next(_bare_names(draft, start, end), None)


def _name_behind(draft: Draft, start: int, end: int) -> Span | None:
    """Find the one in 滞納しているのは水野花子です."""
    is_the_one = _IS_THE_ONE.search(draft.text, start, end)
    return next(_bare_names(draft, is_the_one.end(), end), None) if is_the_one is not None else None


def _bare_names(draft: Draft, start: int, end: int) -> Iterator[Span]:
    words = [word for word in draft.tokens(start, end) if not word.surface.isspace()]
    for at, surname in enumerate(words):
        stop = _end_of_given_name(surname, words[at + 1 : at + 4]) if surname.start >= start else None
        if stop is not None and _BEHIND_A_NAME.match(draft.text, stop):
            yield surname.start, stop


def _end_of_given_name(surname: Token, words: Sequence[Token]) -> int | None:
    """Where the given name ends that ``words`` begin with: 花子, 希|空, 心|愛; None if there is none.

    The dictionary takes some surnames for places (松戸): these need a given name that it knows.
    """
    if surname.pos[3] != "姓" and surname.pos[2] != "地名":
        return None
    first, second = (*words, None, None)[:2]
    if first is None:
        return None
    if first.pos[3] == "名":
        return second.end if second is not None and _is_a_letter(second) else first.end
    is_spelled = second is not None and _is_a_letter(first) and _is_a_letter(second)
    return second.end if second is not None and is_spelled and surname.pos[3] == "姓" else None


def _is_a_letter(word: Token) -> bool:
    return len(word.surface) == 1 and "一" <= word.surface <= "龥" and word.surface not in _NO_GIVEN_NAME
