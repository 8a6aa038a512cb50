"""What the end of a Japanese clause says: negation (否定), request (依頼・勧誘), prohibition (禁止形), question (疑問).

Functions over tokens; nothing here knows a draft or a word class.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rules.tokens import Token

_LIGHT_VERBS = frozenset(
    ("為る", "有る", "居る", "成る", "出来る", "行う", "言う", "いう", "御座る", "有り得る", "致す")
)
_LIGHT_NOUNS = frozenset(
    ("事", "こと", "訳", "わけ", "物", "もの", "筈", "はず", "積もり", "つもり", "為", "よう", "様", "的")
)
_LIGHT_MATTERS = frozenset(
    ("事実", "意図", "趣旨", "意味", "考え", "気", "理由", "根拠", "予定", "必要", "目的", "側面")
)
_LIGHT_DEEDS = frozenset(("扱い", "行為", "発言", "対応", "態度", "制度", "人", "方", "決して"))
_ADVERBS_OF_DENIAL = frozenset(
    (
        "決して",
        "一切",
        "全く",
        "絶対",
        "絶対に",
        "一度",
        "到底",
        "毛頭",
        "更々",
        "さらさら",
        "まず",
        "滅多",
        "めったに",
        "少しも",
        "微塵",
        "みじん",
    )
)
"""Adverbs that stand before a negation: 「〜することは、一切ありません」."""
_LIGHT_WORDS = _LIGHT_VERBS | _LIGHT_NOUNS | _LIGHT_MATTERS | _LIGHT_DEEDS
"""Normalised forms that may stand between a predicate and its negation: 「〜するつもりはありません」."""
_NEGATIONS = frozenset(("無い", "ない", "ず", "ぬ", "まい", "へん"))
_DIALECT_NEGATIONS = frozenset(("へん", "ひん"))
"""Kansai negation, which the dictionary takes for a noun or for 干る: 「してへん」「できひん」."""
_DOUBTS = ("か", "でしょう", "だろう", "ですか", "んじゃ", "?", "の?", "のか", "のw", "の笑")
"""What turns a negation behind which it stands into an assertion: 「無能ではないか」「じゃないの？」."""
_PLAIN_STATEMENTS = frozenset(("だ", "です", "た", "ない", "ねえ", "ぬ"))
"""Auxiliaries before which the final な exclaims and does not forbid: 「ひどいものだな」."""
_WISHES = frozenset(("欲しい", "ほしい", "頂戴", "ちょうだい", "べき", "くれる", "呉れる"))
_WRONGS = frozenset(("犯罪", "違法", "違反", "悪", "罪", "問題", "駄目", "危険", "悪事"))
"""To deny that a thing is one of these is to approve of it: 「速度違反は犯罪じゃない」."""
_TRAILING = ("補助記号", "空白", "記号", "感動詞")
_CONCESSIONS = frozenset(("けど", "けども", "けんど", "つつ", "くせ"))
_MAX_WALK = 16
"""Tokens looked at behind a word for its negation."""
_REQUEST_WITHIN = 5
"""Tokens behind a verb that may make a request of it: やめ/て/いただけ/ませ/ん/か."""


def is_denied(behind: Sequence[Token]) -> bool:
    """Tell whether a word is denied by the predicate that the tokens ``behind`` it make up."""
    return denial(behind) is not None


def denial(behind: Sequence[Token]) -> Token | None:
    """Give the negation by which the predicate that the tokens ``behind`` a word make up denies the word.

    The chain is followed until something else begins. Two negations assert (「無能でないわけがない」); so do negations
    that doubt (「無能ではないか」), suppose (「無能でなければ」) or oblige (「捨てないといけない」).
    """
    denied: Token | None = None
    walked = behind[:_MAX_WALK]
    for at, token in enumerate(walked):
        if is_negation(walked, at):
            rest = walked[at + 1 :]
            if is_doubted(walked, at) or token.form.startswith("仮定形") or _is_obliged(rest):
                return None
            denied = None if denied else token
        elif denied and token.surface in ("か", "?"):  # 「無能じゃないと言えるのか」
            return None
        elif not (_continues_predicate(walked, at, denied=denied is not None) or _is_predicate_noun(walked, at)):
            break
    return denied


def is_negation(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a token negates, in the standard language or in a dialect."""
    token = tokens[at]
    if token.surface in _DIALECT_NEGATIONS:
        return True
    if token.norm == "違う":
        return at == 0 or tokens[at - 1].surface in ("と", "は", "の", "ん")
    return token.kind in ("助動詞", "形容詞") and token.norm in _NEGATIONS


def is_request(behind: Sequence[Token]) -> bool:
    """Tell whether a verb is asked for or urged, by the tokens from the verb itself on.

    「やめて」「やめよう」「やめてください」 are requests; 「やめます」「やめる予定」「やめようと思う」 are none.
    """
    if len(behind) > 1 and behind[0].form.startswith("連用形") and behind[1].surface == "、":
        return is_urging(behind)  # 「使い回しをやめ、長いものに変えましょう」
    for at in range(min(len(behind), _REQUEST_WITHIN)):
        if _requests(behind, at):
            return True
        if at > 0 and behind[at].kind not in ("助動詞", "助詞", "動詞", "接尾辞", "形状詞"):
            return False
    return False


def _requests(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a token makes a request of the verb before it."""
    token = tokens[at]
    if token.form.startswith(("命令形", "意志推量形")):
        return _surface(tokens, at + 1) != "と"
    if token.norm in _WISHES:
        return True
    if token.surface in ("て", "で"):
        return at > 0 and (_ends(tokens, at + 1) or tokens[at + 1].pos[1] == "終助詞")
    if token.norm in ("様", "よう"):
        return _surface(tokens, at + 1) == "に" and _ends(tokens, at + 2)
    return at > 0 and token.surface == "か" and is_negation(tokens, at - 1)


def _surface(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].surface if at < len(tokens) else ""


def _ends(tokens: Sequence[Token], at: int) -> bool:
    return at >= len(tokens) or tokens[at].kind in _TRAILING


def is_conceded(behind: Sequence[Token]) -> bool:
    """Tell whether what was said is granted and overruled: 「〜は危険だけど平気」「だめと言われても」「禁止なのに」."""
    surfaces = [token.surface for token in behind]
    if any(surface in _CONCESSIONS for surface in surfaces):
        return True
    return not {("て", "も"), ("の", "に")}.isdisjoint(pairwise(surfaces))


def is_question(tokens: Sequence[Token]) -> bool:
    """Tell whether a clause really asks. A negative question (「帰るべきではないでしょうか」) asserts."""
    last = tokens[-1]
    if last.surface != "?" and not (last.surface == "か" and last.pos[1] == "終助詞"):
        return False
    before = [at for at in range(len(tokens)) if tokens[at].norm not in ("です", "だ", "か", "の", "?") and at]
    return not before or not is_negation(tokens, before[-1])


def is_counsel(tokens: Sequence[Token]) -> bool:
    """Tell whether a clause asks its reader to look at himself: 「〜していませんか」「〜と思っていませんか」."""
    words = [token for token in tokens if token.kind not in _TRAILING or token.surface == "?"]
    surfaces = "".join(token.surface for token in words[-8:])
    return surfaces.endswith(_COUNSEL)


_COUNSEL = (
    "てない?",
    "でない?",
    "ていない?",
    "でいない?",
    "てへん?",
    "とらん?",
    "てねえ?",
    "てませんか?",
    "ことはありませんか",
    "ことはないですか",
    "経験はありませんか",
    "心当たりはありませんか",
    "覚えはありませんか",
    "ていませんか",
    "でいませんか",
    "ていないでしょうか",
    "でいないでしょうか",
    "てはいませんか",
    "てませんか",
)


def is_prohibition(tokens: Sequence[Token]) -> bool:
    """Tell whether a clause ends in the final particle な after the plain form of a verb: 「〜するな」."""
    last = tokens[-1]
    return (
        last.surface == "な"
        and last.pos[1] == "終助詞"
        and len(tokens) > 1
        and tokens[-2].form.startswith("終止形")
        and tokens[-2].kind in ("動詞", "助動詞")
        and tokens[-2].lemma not in _PLAIN_STATEMENTS
    )


def is_urging(tokens: Sequence[Token]) -> bool:
    """Tell whether a clause ends in an imperative or a volitional; signs behind it do not count."""
    words = [token for token in tokens if token.kind not in _TRAILING]
    return any(token.form.startswith(("命令形", "意志推量形")) for token in words[-3:])


def is_doubted(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether the negation at ``at`` is one of doubt: 「〜ではないか」「〜じゃないの」; 「行かないの」 is none."""
    behind = tokens[at + 1 : at + 5]
    if "".join(token.surface for token in behind).startswith(_DOUBTS):
        return True
    is_nominal = at > 0 and tokens[at - 1].surface in ("じゃ", "は", "ん")
    return is_nominal and len(behind) > 0 and behind[0].surface == "の" and behind[0].pos[1] == "終助詞"


def _is_obliged(behind: Sequence[Token]) -> bool:
    """「〜しないと」, 「〜ないといけない」: what is demanded and not denied; 「〜ないと言った」 is no demand."""
    return (
        len(behind) > 1
        and behind[0].surface == "と"
        and behind[1].norm in ("行く", "行ける", "駄目", "成る", "いけない")
    )


def _continues_predicate(tokens: Sequence[Token], at: int, *, denied: bool) -> bool:
    token = tokens[at]
    if token.surface == "しか":  # 「〜しか言わない」 asserts
        return False
    if token.kind in ("助動詞", "接尾辞", "空白") or token.norm in _LIGHT_WORDS or token.surface in "」』”":
        return True
    if denied and token.norm == "得る":  # 「〜せざるを得ない」
        return True
    if token.norm in _ADVERBS_OF_DENIAL:
        return True
    if token.surface == "、":  # 「〜、ではありません」「〜、ということはない」「〜ことは、決してない」
        return _surface(tokens, at + 1) in ("で", "じゃ", "と") or _is_denied_matter(tokens, at)
    return token.kind == "助詞" and (token.pos[1] != "接続助詞" or token.surface in ("て", "で", "ば"))


def _is_denied_matter(tokens: Sequence[Token], comma: int) -> bool:
    """「〜ことは、決してありません」: the comma parts a matter from the denial that it exists."""
    following = tokens[comma + 1].norm if comma + 1 < len(tokens) else ""
    is_matter = comma > 1 and tokens[comma - 1].kind == "助詞" and tokens[comma - 2].norm in _LIGHT_NOUNS
    return is_matter and (following in _ADVERBS_OF_DENIAL or following in ("有る", "無い", "御座る"))


def is_denied_matter(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether the clause before the noun at ``at`` is denied as a whole: 「〜することは一切ありません」."""
    return tokens[at].norm in ("事", "こと") and is_denied(tokens[at:])


def _is_predicate_noun(tokens: Sequence[Token], at: int) -> bool:
    """「怖い病気ではありません」: the noun that a predicate describes, with the copula directly behind it."""
    is_noun = at < 3 and tokens[at].kind == "名詞" and tokens[at].norm not in _WRONGS
    return is_noun and _surface(tokens, at + 1) in ("で", "じゃ")
