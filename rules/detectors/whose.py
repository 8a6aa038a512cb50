"""Whose a number or an address is: a private person's own, or one that an office or an organiser gives to all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rules.draft import Draft, Span
from rules.tokens import Token

NAMED_PERSON = (
    r"(?P<name>[一-龥々ヶ]{1,6}[ぁ-ゖァ-ヴー]{0,6}?|[ァ-ヴー]{2,9}|[ぁ-ゖ]{2,8}?|[A-Z])"
    r"(?<![皆客民者方屋店院館社会所局校園員母父兄姉奥孫娘])(?<!みな)(?<!お子)(?<!息子)"
    r"(?:さん|サン|様|氏|くん|ちゃん|君|(?<![自住社帰在私民公])[宅邸])"
)
"""A name with a title: 佐藤さん, 佐藤様方; but not 皆さん, お客様, 事業者さん, パン屋さん, お子さん, 住宅."""

_INVITES = (
    r"問い?合わ?せ|問合|申し?込み?+|予約|受付|代表|事務局|窓口|相談|ダイヤル|直通|担当|広告|募集|応募|宛先|送付先|提出"
)
_HAS_COME_IN = (
    r"者(?!の?(?:氏名|名前|全員|多数))|を?(?:し|され)(?:た|て(?:い[たる]|(?:くれ|もらっ|いただい|頂い|くださっ|下さっ)た))"
    r"|を?(?:いただい|頂い|くださっ|下さっ|くれ|もらっ|受け)た|があった|の?確認(?:の|に|が)"
)
"""What tells 申込みをした人 and 応募者, who have addresses of their own, from 申込みは…へ."""
_PUBLISHED = re.compile(
    rf"(?:{_INVITES})(?![はもの]?(?:不要|不可|でき(?:ません|ない)|いりません))(?!{_HAS_COME_IN})|公用(?:の?携帯|電話)"
)
_ORGANISER = (
    r"課|係|室|局|署|支所|本部|センター|委員会|協議会|協会|連盟|連合会|実行委|クラブ|サークル|同好会|保存会|町内会|自治会"
    r"|商店会|商店街|の会"
)
_OF_AN_OFFICE_AFTER = re.compile(rf"[ ]?\([^()\n]{{0,16}}(?:{_ORGANISER})(?:担当|直通)?\)")
_OF_AN_ORGANISER_BEFORE = re.compile(rf"(?:{_ORGANISER})[ ]?[(:][ ]?$")
_LONGEST_ORGANISER = 6
_END_IN_A_LINE = re.compile(r"。(?![ \n])")
"""A sentence's end behind which the line goes on. Lines below still belong to an invitation (問合せ：小川⏎【電話】)."""
_PRIVATE_THING = re.compile(
    r"の(?:個人)?(?:携帯|番号|スマホ)|[自のん様]宅|た(?:方|人|お客様)の(?:メ(?:ール|アド)|アドレス|連絡先|電話)"
)
_OF_SOMEBODY = re.compile(r"の(?:携帯|番号|スマホ)(?:電話)?(?:の?番号)?[はが][ 、]?\Z")
_PUBLISHED_AFTER = re.compile(
    r"(?:\([^()\n]{0,16}\)|[ )」])?[ ]?(?:(?:まで、?|へ|に|宛に?)[ ]?[おご]?"
    r"(?:問い?合わ?せ|申し?込み?|応募|予約|(?:送り|寄せ|(?:送っ|(?:連絡|メール|投稿|提出|送信)し)て|連絡|投稿|提出)(?:くだ|下)"
    r"|(?:連絡|メール)を(?:くだ|下|お(?:願|送|寄)))"
    r"|から(?:の|、)?[^。\n]{0,8}?(?:(?:返信|返事|連絡|送信|お知らせ|案内)(?:いた)?します|送ります|お送りします|届きます|受信でき))"
)
_GIVEN = re.compile(rf"{_INVITES}|連絡先|連絡は|電話|TEL|☎|📞|℡|FAX|ファ[クッ]ス|メール|E-?mail|✉|📧", re.IGNORECASE)
_TITLE = r"(?:様|さん|サン|氏|くん|ちゃん|君)"
_JOINT = r"[ ]?(?:[はが:、(「→]|ですが)?[ 、]?$"
_OWNED = re.compile(
    rf"{_TITLE}(?:の|は、?)?(?:お?宅|ご?自宅|ご?実家|お?[家うち]{{1,2}}|携帯|電話|連絡先|番号|スマホ|個人|私用|メール|アドレス|メアド)"
    rf"(?:の?(?:携帯|電話|番号|アドレス)){{0,3}}{_JOINT}"
    r"|折り返し|(?:ご?自宅|ご?実家|家)の?(?:電話|番号)|着信(?:履歴)?[はが:]|名札(?:の裏)?[にはが:]"
)
_NAMED_BEFORE = re.compile(_TITLE + _JOINT)
_NAMED_AFTER = re.compile(rf"[ ]{NAMED_PERSON}(?![のへ宛])")
_OWNED_AFTER = re.compile(
    r"[ )」]?[ ]?(?:(?:へ|に)お?(?:電話|メール)(?:しま|いたしま|を?かけ(?:まし|た)|差し上げ|を?(?:送り|し)(?:まし|た))"
    r"|(?:から|より)(?:の)?(?:着信|苦情|クレーム|無言|いたずら|またかか)|の(?:持ち主|主は|人(?:です|でした|だ))|にかけ(?:て|まし|た))"
)
_BEFORE, _AFTER = 40, 24


def is_published(draft: Draft, start: int, end: int) -> bool:
    """Tell whether ``start:end`` stands there for all to use: that of an office or an organiser (問合せ先, 申込先)."""
    text = draft.text
    if _PUBLISHED_AFTER.match(text, end) or _OF_AN_OFFICE_AFTER.match(text, end):
        return True
    if _OF_AN_ORGANISER_BEFORE.search(text, max(0, start - _LONGEST_ORGANISER), start):
        return True
    begin = max(0, start - _BEFORE)
    for sentence_end in _END_IN_A_LINE.finditer(text, begin, start):
        begin = sentence_end.end()
    invites = list(_PUBLISHED.finditer(text, begin, start))
    if not invites or _PRIVATE_THING.search(text, invites[-1].end(), start):
        return False
    return any(invite[0] != "担当" for invite in invites) or not _has_surname(draft, invites[-1].end(), start)


def is_owned(draft: Draft, start: int, end: int) -> bool:
    """Tell whether ``start:end`` is said to be somebody's own: 佐藤様の携帯は…, 折り返し…へお電話しました."""
    text = draft.text
    begin = max(draft.sentence(start)[0], start - _BEFORE)
    if _OWNED.search(text[begin:start]) or _OWNED_AFTER.match(text, end, min(len(text), end + _AFTER)):
        return True
    if _is_said_of_a_surname(draft, begin, start):
        return True
    is_given = _GIVEN.search(text, max(0, start - _BEFORE), start) or _PUBLISHED_AFTER.match(text, end)
    is_named = _NAMED_BEFORE.search(text[begin:start]) or _NAMED_AFTER.match(text, end, min(len(text), end + _AFTER))
    return is_named is not None and not is_given


def _is_said_of_a_surname(draft: Draft, begin: int, start: int) -> bool:
    """Tell whether a number is said to be that of somebody without a title: 田中の携帯は…, 田中の番号が…."""
    thing = _OF_SOMEBODY.search(draft.text, begin, start)
    return thing is not None and _is_name(draft.tokens(thing.start() - 1, thing.start()))


def full_name(draft: Draft, start: int, end: int) -> Span | None:
    """Give the first full name between two places that stands without any title: 水野 花子, 水野花子, タナカ ハナコ."""
    words = [word for word in draft.tokens(start, end) if word.surface not in {" ", "\u3000"}]
    for surname, given in pairwise(words):
        if surname.pos[3] == "姓" and given.pos[3] == "名" and start <= surname.start and given.end <= end:
            return surname.start, given.end
    return None


def _has_surname(draft: Draft, start: int, end: int) -> bool:
    return any(_is_name((token,)) for token in draft.tokens(start, end))


def _is_name(tokens: Sequence[Token]) -> bool:
    return any(token.pos[2] == "人名" and token.pos[3] in ("姓", "名") for token in tokens)
