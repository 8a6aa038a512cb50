"""What opens doors and systems: passwords, PINs, keys; and addresses of systems inside the house."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from rules.detectors.detector import Detector
from rules.detectors.urls import PRIVATE_NETWORKS
from rules.draft import Detection, Draft

_GATE = re.compile(
    r"[パ暗キ合開解ドPpKkTtSsAgx\-e\\.0-9A-Fa-f](?:[ _.・]?ス|証|ー|言葉|錠番|アの番|(?i:ass|w|ey|in|oken|ecret)|KIA|"
    r"Iza|h[pousr]_|ox[abprs]-|-BEGIN|yJ|\\|local|internal|intra|lan|corp|\.\d{1,3}\.|[0-9A-Fa-f][:-][0-9A-Fa-f]{2}[:-])"
)
"""One class of first letters in front, because the engine skips fast to these only."""

_GIVES = r"[ ]?(?:[はが]?[、,]?(?:本日より|今日から|現在|新しく)?|:|=|→|/)?[ ]?[「\"'(]?"
_SECRET = re.compile(
    rf"""
    (?P<label>
      パ[ _.・]?ス[ _.・]?ワ[ _.・]?ー[ _.・]?ド|パスコード|パスフレーズ
    | (?<![A-Za-z])(?:password|passwd|pass|pw)(?![A-Za-z])
    | キー(?!ワード|ボード|ホルダー|パー|マン|ポイント)|合言葉
    ){_GIVES}
    (?P<value>(?=[!-~]{{0,40}}[0-9@#$%!_+])[A-Za-z0-9@#$%&*+!?_.-][!-~]{{3,40}}?)(?=[」"')、。，\s]|$|[ぁ-ヺ一-鿿])
  | (?P<pin>暗証番号|ドアの番号|開錠番号|解錠番号|PINコード|PIN)
    [^0-9。\n]{{0,12}}?(?P<pin_value>[0-9]{{4,8}})(?![0-9年月日時分桁件円人回文個])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ONLY_AN_EXAMPLE = re.compile(
    r"[」\"')]?(?:など|や|のよう|といった|とか|等|文字|桁|回|ではなく|は(?:避|危険|使わない)|を(?:避|使い回))"
)
_FOR_EVERYBODY = re.compile(
    r"フリーWi-?Fi|Free[ _]?Wi-?Fi|無料Wi-?Fi|公衆無線|来館者用|来庁者用|Zoom|ズーム|ミーティング|ウェビナー|"
    r"オンライン(?:講座|配信|説明会)|視聴(?:用)?(?:パスワード|キー)|どなたでも|限定公開",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"\bAKIA[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}|\bgh[pousr]_[0-9A-Za-z]{36}|\bxox[abprs]-[0-9A-Za-z-]{10,80}|"
    r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----|\beyJ[\w-]{10,200}\.eyJ[\w-]{10,400}|"
    r"(?<![A-Za-z])(?:api[_-]?key|access[_-]?key|secret|token|key)[ ]?[=:][ ]?[\"']?"
    r"(?=[\w-]{0,60}\d)[A-Za-z0-9_-]{12,80}",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?<![0-9A-Za-z.])(?:\d{1,3}\.){3}\d{1,3}(?![0-9.]*[0-9A-Za-z])")
_VERSION = re.compile(r"(?:ver(?:sion)?|バージョン|v)[. ]{0,2}$", re.IGNORECASE)
_SYSTEM = re.compile(r"サーバ|端末|ルータ|システム|ポート|ネットワーク|リモート|プリンタ")
_DOCUMENTED = re.compile(r"例示|例として|説明用|架空|見本|サンプル|文書用|実在しない")
_HOST = re.compile(
    r"(?<![A-Za-z0-9.-])(?:[a-z0-9-]{1,63}\.){1,5}(?:local|internal|intra|lan|corp|localdomain)(?![A-Za-z0-9-])"
    r"|\\\\[A-Za-z0-9._-]{2,63}\\[^\s、。「」]{1,120}",
    re.IGNORECASE,
)
_MAC = re.compile(r"(?<![0-9A-Fa-f:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:-])")
_WIDEST_CONTEXT = 80


def _find(draft: Draft) -> Iterator[Detection]:
    for match in _SECRET.finditer(draft.text):
        if not _ONLY_AN_EXAMPLE.match(draft.text, match.end()) and not _near(_FOR_EVERYBODY, draft.text, match):
            check = "pin" if match["pin"] else "password"
            yield Detection(
                f"credentials.{check}", match.start(), match.end(), {"label": match["label"] or match["pin"]}
            )
    for match in _KEY.finditer(draft.text):
        yield Detection("credentials.key", match.start(), match.end())
    yield from _inside_the_house(draft.text)


def _inside_the_house(text: str) -> Iterator[Detection]:
    for match in _ADDRESS.finditer(text):
        if _VERSION.search(text, max(0, match.start() - 10), match.start()) or _near(_DOCUMENTED, text, match):
            continue
        in_a_link = text.endswith("//", 0, match.start())
        of_a_system = _is_address(match[0]) and not in_a_link and _near(_SYSTEM, text, match)
        if _is_private(match[0]) or of_a_system:
            yield Detection("credentials.internal_address", match.start(), match.end())
    for pattern in (_HOST, _MAC):
        for match in pattern.finditer(text):
            yield Detection("credentials.internal_address", match.start(), match.end())


def _is_address(written: str) -> bool:
    try:
        ipaddress.IPv4Address(written)
    except ValueError:
        return False
    return True


def _is_private(written: str) -> bool:
    return _is_address(written) and any(ipaddress.IPv4Address(written) in network for network in PRIVATE_NETWORKS)


def _near(words: re.Pattern[str], text: str, match: re.Match[str]) -> bool:
    around = max(0, match.start() - _WIDEST_CONTEXT), min(len(text), match.end() + _WIDEST_CONTEXT)
    return words.search(text, *around) is not None


DETECTOR = Detector(
    name="credentials",
    checks={
        "credentials.password": frozenset({"label"}),
        "credentials.pin": frozenset({"label"}),
        "credentials.key": frozenset(),
        "credentials.internal_address": frozenset(),
    },
    gate=_GATE,
    find=_find,
)
