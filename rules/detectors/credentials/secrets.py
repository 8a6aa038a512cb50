"""Passwords and PINs (暗証番号) with their value; not talk about passwords, and not those for every visitor."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.credentials.surroundings import says
from rules.detectors.detector import Sign, any_of
from rules.draft import Detection

FACTS = frozenset({"label"})

_GIVES = r"[ ]?(?:[はがも]?[、,]?(?:本日より|今日から|現在|新しく|いま|今)?|(?P<made>を)|:|=|→|/)?[ ]?[「\"'(]?"
_NOT_A_VALUE = (
    r"(?!https?:|@[a-z0-9-]{1,63}\.|[0-9~-]{1,9}[年月日時分桁文字人円件名個回種]"
    r"|(?:WPA[23]?|WEP|TKIP|AES(?:-?(?:128|192|256))?|RSA(?:-?[0-9]{4})?|SHA(?:-?[0-9]{1,3})?"
    r"|Google|Microsoft|Windows|Apple|LINE|Zoom|Wi-?Fi)(?![A-Za-z0-9]))"
)
"""Lengths, dates, addresses (also the host behind a password in one), and names of products and ciphers."""
_SECRET = re.compile(
    rf"""
    (?P<login>(?<![A-Za-z])ID[ ]?[は:=][ ]?[!-~]{{2,30}}?[、,/・\s]{{1,3}})?
    (?P<label>
      パ[ _.・]?ス[ _.・]?ワ[ _.・]?ー[ _.・]?ド|パスコード|パスフレーズ|パスワ(?!ー)
    | (?:Wi-?Fi|無線(?:LAN)?|ログイン|ID|管理者?|共有|サーバー?|システム|アカウント|画面)[のと・/ ]{{0,2}}
      パス(?=[ はが:=→「])
    | (?(login)パス(?=[ はが:=→「])|(?!))
    | (?<![A-Za-z0-9_-])(?:password|passwd|passphrase|pass|pwd?|psk)(?![A-Za-z0-9])
    | (?:事前)?共有(?:鍵|キー)|(?:暗号化?|セキュリティ|ネットワーク)キー
    | (?P<weak>キー(?!ワード|ボード|ホルダー|パー|マン|ポイント)|合言葉)
    ){_GIVES}{_NOT_A_VALUE}
    (?:(?=[!-~]{{0,40}}[0-9@#$%!_+])[A-Za-z0-9@#$%&*+!?_.-][!-~]{{3,40}}?(?=[」"')、。，,\s]|$|\(?[ぁ-ヺ一-鿿])
      |(?P<letters>[A-Za-z]{{5,40}})(?=[」"']?[ ]?(?:です|だ(?!け)|で入|でログ|でつな|。|$)))
  | (?P<pin>暗証番号|認証コード|確認コード|ワンタイムパスワード|ドアの番号|開錠番号|解錠番号|PINコード|PIN)
    [^0-9。\n]{{0,12}}?[0-9]{{4,8}}(?![0-9年月日時分桁件円人回文個])
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
SIGNS = (
    Sign("パ", "[ _.・]?ス"),
    Sign("暗認確共合開解ドキ", "証|認?コ|有|言葉|錠番|アの番|ー"),
    Sign("Pp", "(?i:ass|w|sk|in)"),
)
"""How the label of a password or a PIN begins."""
_A_SIGN = any_of(*SIGNS)
_ONLY_AN_EXAMPLE = re.compile(
    r"[」\"')]?(?:など|や|のよう|みたい|といった|とか|等|文字|桁|回|ではなく|は(?:避|危険|使わない)|を(?:避|使い回))|」[、・]?「"
)
_MADE_SO = re.compile(r"[」\"')]?[ ]?に(?:変え|変更し|設定し|し|戻し)(?:た|まし|て(?:あ|い|お))")
"""What follows a value that somebody has set: パスワードを…に変えました. Others are warned of: …にするのは危険."""
_FOR_EVERYBODY = re.compile(
    r"フリーWi-?Fi|Free[ _]?Wi-?Fi|無料Wi-?Fi|公衆無線|来館者用|来庁者用|Zoom|ズーム|ミーティング|ウェビナー|"
    r"オンライン(?:講座|配信|説明会)|視聴(?:用)?(?:パスワード|キー)|どなたでも|ご自由に|(?:利用者|参加者|お客様|会場)用|限定公開",
    re.IGNORECASE,
)
_FOR_INSIDERS = re.compile(
    r"(?:職員|内部|関係者|庁内|課内|委員)(?:限定|のみ|だけ|専用|向け|以外)|非公開|口外|社外秘|部外秘"
)
"""Where the visitors of a meeting or a network are not the public."""


def find_secrets(text: str) -> Iterator[Detection]:
    """Find passwords and PINs that are told."""
    if not _A_SIGN.search(text):
        return
    for match in _SECRET.finditer(text):
        if match["weak"] and match["letters"]:  # 合言葉はECOLIFE
            continue
        if match["made"] and not _MADE_SO.match(text, match.end()):
            continue
        is_for_all = says(_FOR_EVERYBODY, text, *match.span()) and not says(_FOR_INSIDERS, text, *match.span())
        if not is_for_all and not _ONLY_AN_EXAMPLE.match(text, match.end()):
            check = "pin" if match["pin"] else "password"
            span = (match.start(check if match["pin"] else "label"), match.end())
            yield Detection(f"credentials.{check}", *span, {"label": match["label"] or match["pin"]})
