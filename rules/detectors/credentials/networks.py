"""Where systems and devices of the house are: private addresses, names that only the house knows, shares, MACs."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from rules.detectors.credentials.surroundings import says
from rules.detectors.detector import Sign, any_of
from rules.detectors.urls import is_private_address
from rules.draft import Detection

FACTS = frozenset({"kind"})

_V4 = re.compile(r"(?<![0-9A-Za-z.])(?:\d{1,3}(?:\.|\[\.\])){3}\d{1,3}(?![0-9.]*[0-9A-Za-z条項節章])")
_V6 = re.compile(r"(?<![0-9A-Za-z:.])(?=[0-9A-Fa-f:.]{2,45}(?:%|[^0-9A-Za-z:.]|$))[0-9A-Fa-f]{1,4}:[0-9A-Fa-f:.]{1,40}")
_NUMBERED = re.compile(r"(?:ver(?:sion)?|バージョン|v|第|条項?|No|№)[. ]{0,2}$", re.IGNORECASE)
_SYSTEM = re.compile(
    r"サーバ|端末|ルータ|システム|ポート|ネットワーク|リモート|プリンタ|複合機|VPN|管理画面|ファイアウォール"
)
_DOCUMENTED = re.compile(r"例示|例として|\(例\)|[(の、。 ]例[:はに、 ]|説明用|架空|見本|サンプル|文書用|実在しない")
_HOST = re.compile(
    r"(?<![A-Za-z0-9.-])(?:[a-z0-9-]{1,63}\.){1,5}(?:local|internal|intra|intranet|lan|corp|localdomain|home\.arpa)"
    r"(?![A-Za-z0-9-]|\.[a-z])",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"\\\\[A-Za-z0-9._-]{2,63}\\[^\s、。「」]{1,120}|(?:smb|file)://[A-Za-z0-9._/-]{2,120}"
    r"|(?<![A-Za-z0-9])[A-Z]:\\(?=[^\s]{0,60}\\)[^\s、。「」]{3,120}"
)
_MAC = re.compile(
    r"(?<![0-9A-Fa-f:-])(?:[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:-])"
    r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![0-9A-Za-z.]))"
)

SIGNS = (
    Sign(".", r"(?<=[\d\[].)\]?\d{1,3}[.\[]|[0-9A-Fa-f]{4}\.|(?i:local|internal|intra|lan|corp|home\.arpa)"),
    Sign(r":\-", r"(?<=:)(?:[0-9A-Fa-f]{2}:){2}|(?<=-)(?:[0-9A-Fa-f]{2}-){2}"),
    Sign(":", r"(?<=[0-9A-Fa-f].)[0-9A-Fa-f]{0,4}:|\\|(?<=smb:)//|(?<=file:)//"),
    Sign(r"\\", r"\\"),
)
"""Two of the dots or colons of an address, the end of a name, and what begins a share."""
_A_SIGN = any_of(*SIGNS)


def find_internal_addresses(text: str) -> Iterator[Detection]:
    """Find addresses that only exist inside, and public ones that are said to be a system of the house."""
    if not _A_SIGN.search(text):
        return
    for pattern in (_V4, _V6):
        for match in pattern.finditer(text):
            kind = _kind_of_address(text, match)
            if kind is not None:
                yield Detection("credentials.internal_address", *match.span(), {"kind": kind})
    for kind, pattern in (
        ("庁内だけで通じるホスト名", _HOST),
        ("共有フォルダやファイルの場所", _SHARE),
        ("機器のMACアドレス", _MAC),
    ):
        for match in pattern.finditer(text):
            if not says(_DOCUMENTED, text, *match.span()):
                yield Detection("credentials.internal_address", *match.span(), {"kind": kind})


def _kind_of_address(text: str, match: re.Match[str]) -> str | None:
    try:
        address = ipaddress.ip_address(match[0].replace("[.]", "."))
    except ValueError:
        return None
    is_numbered = _NUMBERED.search(text, max(0, match.start() - 10), match.start())
    if is_numbered or says(_DOCUMENTED, text, *match.span()):
        return None
    if is_private_address(address):
        return "組織の内側だけで使うIPアドレス"
    is_in_a_link = text.endswith(("//", "//["), 0, match.start())
    is_of_a_system = not address.is_loopback and not is_in_a_link and says(_SYSTEM, text, *match.span())
    return "システムのIPアドレス" if is_of_a_system else None
