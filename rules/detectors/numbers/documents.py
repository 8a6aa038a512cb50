"""Numbers that only their label tells: bank accounts, licences, passports, insurance, pensions, customers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rules.detectors.numbers.surroundings import is_sample, says
from rules.detectors.whose import NAMED_PERSON, full_name
from rules.draft import Detection, Draft

FACTS = frozenset({"kind"})


class _Labelled(NamedTuple):
    """A kind of number: what it is called in front, and what it looks like."""

    kind: str
    label: str
    value: str


_IS = r"(?:は|が|の|:|、|=|→|[ ]|\(|「|No\.?|№|第){0,4}"
_BANK = r"(?:銀行|信金|信用金庫|信用組合|信組|農協|JA|労金|労働金庫|支店|本店|出張所)"
_TYPE = r"(?:普通|当座|貯蓄)(?:預金|口座)?"

_ACCOUNT, _POST_ACCOUNT = "口座番号", "ゆうちょ銀行の記号と番号"
_KINDS: Mapping[str, _Labelled] = {
    "account": _Labelled(_ACCOUNT, rf"(?:{_TYPE}|口座)(?:番号)?", r"\d{7}"),
    "account_short": _Labelled(_ACCOUNT, rf"\((?:普|当|貯)\)|{_BANK}[ 、]?(?:普|当|貯|{_TYPE})(?:番号)?", r"\d{7}"),
    "account_plain": _Labelled(_ACCOUNT, r"(?:支店|本店|出張所)(?:番号)?", r"\d{7}"),
    "post": _Labelled(_POST_ACCOUNT, r"記号", r"1\d{3}0(?:-\d)?[、・,]?[ ]?-?[ ]?(?:番号)?(?:は|:)?[ ]?\d{1,7}1"),
    "post_short": _Labelled(_POST_ACCOUNT, r"ゆうちょ(?:銀行)?", r"1\d{3}0[- ]\d{1,7}1"),
    "licence": _Labelled("運転免許証の番号", r"免許証?[の( ]?番号", r"\d{12}"),
    "passport": _Labelled("旅券の番号", r"(?:旅券|パスポート)(?:[の(]?(?:番号|No\.?))?", r"[A-Z]{2}\d{7}"),
    "residence": _Labelled("在留カードの番号", r"在留カード(?:[の(]?番号)?", r"[A-Z]{2}\d{8}[A-Z]{2}"),
    "pension": _Labelled("年金の番号", r"(?:基礎)?年金(?:手帳の?|証書の?)?番号", r"\d{4}[- ]?\d{6}"),
    "insured": _Labelled("被保険者の番号", r"被保険者(?:証の?)?(?:記号・?)?番号", r"\d(?:[ ・-]{0,2}\d){5,13}"),
    "insurance": _Labelled("保険証の記号・番号", r"保険証の?(?:記号・?番号|番号)", r"\d(?:[ ・-]{0,2}\d){4,13}"),
    "insurance_two": _Labelled(
        "保険証の記号・番号",
        r"(?:(?:保険証|健康保険)(?:の|[ ])?|保険者番号[は: ]{0,2}\d{6,8}[、,・ ]{0,2})記号",
        r"[一-龥ァ-ヴA-Z]{0,3}[0-9-]{1,8}[、,・ ]{0,2}番号[は: ]{0,2}\d{1,8}",
    ),
    "resident": _Labelled("住民票コード", r"住民票コード", r"\d(?:[ -]?\d){10}"),
    "disability": _Labelled("手帳の番号", r"(?:障害者(?:保健福祉)?|療育)手帳の?番号", r"\d{4,8}"),
    "recipient": _Labelled("受給者の番号", r"受給者(?:証の?)?番号", r"\d{7}"),
}
_FIRST = "[普当貯口(銀信農J労支本出記ゆ免旅パ在基年被保健住障療受]"
"""First letters of all labels, looked at first, because most letters of a text are none of them."""
_LABELLED = re.compile(
    f"(?={_FIRST})(?:"
    + "|".join(
        rf"(?P<{name}>(?:{known.label}){_IS}(?P<{name}_value>{known.value})(?![0-9]))" for name, known in _KINDS.items()
    )
    + ")"
)
MIGHT_HOLD_LABEL = re.compile(
    r"[番口普当貯コIN支本記張ち旅留ー](?:号|座|通|店|所|ード|券|カ|ト|D|\)|o|ょ)[^\n]{0,20}?[0-9A-Z]"
)
"""The end of a label, and the value behind it."""
_FOR_ALL = re.compile(
    r"義援金|支援金|寄付|寄附|募金|振込先|振り?込み?先|納付|会費|協賛|ふるさと納税|参加費|受講料|会計管理者"
)
_ORGANISATION = re.compile(r"会|者|課|部|局|基金|財団|法人|委員|代表|協議|チーム|クラブ|団|カイ|ダイヒョウ")
_HOLDER = 24
"""Code points behind an account's number in which its holder stands."""
_CUSTOMER = re.compile(
    r"(?:利用者|会員|患者|受給者|世帯|宛名|診察券|学籍|被保険者|整理|納税者|通知書|住民票)(?:証の?)?(?:番号|コード|ID)"
    rf"(?:は|が|:|、|[ ])?(?P<value>[0-9A-Z-]{{4,14}})(?:の|、|[ ]|\(){NAMED_PERSON}"
)


def find_documents(draft: Draft) -> Iterator[Detection]:
    """Find numbers with their label; accounts that everybody is asked to pay into (寄附, 会費) are no finding."""
    text = draft.text
    for match in _LABELLED.finditer(text):
        name = next(name for name in _KINDS if match[name])
        kind = _KINDS[name].kind
        start, end = match.span(f"{name}_value")
        is_for_all = kind in (_ACCOUNT, _POST_ACCOUNT) and _is_for_all(draft, *match.span())
        if not is_for_all and not is_sample(text, *match.span()):
            yield Detection("numbers.document", start, end, {"kind": kind})
    for match in _CUSTOMER.finditer(text):
        yield Detection("numbers.customer", match.start(), match.end())


def _is_for_all(draft: Draft, start: int, end: int) -> bool:
    """Tell an account that everybody is asked to pay into from one whose holder is a person of no organisation."""
    if not says(_FOR_ALL, draft.text, start, end):
        return False
    behind = min(len(draft.text), end + _HOLDER)
    is_a_persons = full_name(draft, end, behind) is not None
    return not is_a_persons or says(_ORGANISATION, draft.text, start, end)
