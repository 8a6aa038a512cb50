"""URLs as people paste them, read into their parts: full width, defanged, without scheme, glued to Japanese text, IDN.

Nothing in here judges where they lead. Public suffixes come from the list bundled with tldextract: nothing is looked
up in the network.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import unquote

import tldextract

from rules.text import see

_PRIVATE_NETWORKS = tuple(
    map(
        ipaddress.ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"),
    )
)
"""Networks inside a house (RFC 1918, RFC 4193), and those of one cable (RFC 3927, RFC 4291)."""

FAKE_SLASHES = "\u2044\u2215\u29f8\u2571\u3033"
"""Signs that pass for the slash behind a host."""
_ASCII = r"A-Za-z0-9\-._~%:@\[\]!$&+=,"
_LOOK_ALIKE_LETTERS = r"\u00c0-\u02af\u0370-\u058f\u13a0-\u13f4\u1d00-\u1dbf\u1e00-\u1fff" + FAKE_SLASHES
"""Letters of other scripts, and rare Latin ones, that pass for the letters of an address."""
_JAPANESE = r"一-鿿々ぁ-ゖァ-ヺー"
_JAPANESE_LOOK_ALIKE = r"[ー一口ロ工エ卜ト力カ二ニノ](?=[A-Za-z0-9\-]{1,63}[.\-])"
_DOT = r"(?:\.|\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|。(?=[a-z]))"
_LABEL = rf"[A-Za-z0-9\-{_LOOK_ALIKE_LETTERS}]"
_IN_PATH = rf"[^\s<>\"'「」『』【】、。()|{_JAPANESE}]{{0,2000}}"
_GOES_ON = rf"(?=(?:/[{_JAPANESE}]{{1,40}}){{0,2}}[._%-][A-Za-z0-9])"
_REST = rf"[/?#]{_IN_PATH}(?:(?<=[/=_-])[{_JAPANESE}]{{1,40}}{_GOES_ON}{_IN_PATH}){{0,3}}"
"""What follows a host. Japanese letters belong to it only where a file's name goes on behind them: /案内.pdf."""
_URL = re.compile(
    rf"""
    (?P<scheme>(?i:h[tx\*]{{2}}ps?|(?<![A-Za-z])ttps?|ftp))(?:(?:\[:\]|:)[/\\]{{1,2}}|//)
      (?P<authority>
        (?:[{_ASCII}{_LOOK_ALIKE_LETTERS}]|\(\.\)|\(dot\)|\{{\.\}}|。(?=[a-z0-9\-]{{1,63}}(?:[。/\s]|$))|(?<=[a-z0-9]){_JAPANESE_LOOK_ALIKE}){{1,260}}
        |[{_JAPANESE}A-Za-z0-9.\-]{{1,260}})
      (?P<rest>{_REST})?
  | (?<![A-Za-z0-9@./_\-{_LOOK_ALIKE_LETTERS}])
      (?:(?P<host>(?:{_LABEL}{{1,63}}{_DOT}){{1,8}}[A-Za-z]{{2,24}})(?![A-Za-z0-9@_\-])
        |(?P<numbers>(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?=/[A-Za-z~])))
      (?P<path>{_REST})?
    """,
    re.VERBOSE,
)
_TRAILING = ".,:;!?~…・"
_DEFANGED_DOT = re.compile(r"\[\.\]|\(\.\)|\{\.\}|[\[(]dot[\])]|。")


@dataclass(frozen=True, slots=True)
class Url:
    """A link as it stands in the text, in its parts. ``host`` is in lower case, with IDN not decoded.

    ``domain`` is the registrable domain (``example.co.jp``; the last two labels where there is no public suffix),
    ``suffix`` the public suffix, empty for an address or an unknown top-level domain. ``port`` is empty where none is
    written; ``rest`` is what follows the host, as written, ``path`` the same with its percent signs decoded.
    """

    start: int
    end: int
    scheme: str
    userinfo: str
    host: str
    port: str
    rest: str
    domain: str
    suffix: str

    @property
    def path(self) -> str:
        """What follows the host, as its reader would understand it."""
        return unquote(self.rest)

    @property
    def target(self) -> str:
        """The address that a browser would be given: with a scheme, without user information."""
        authority = f"{self.host}:{self.port}" if self.port else self.host
        return f"{self.scheme or 'https'}://{authority}{self.rest}"

    @property
    def labels(self) -> tuple[str, ...]:
        """The host's labels, left to right."""
        return tuple(self.host.split("."))


def is_private_address(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Tell whether an address only exists inside a house."""
    return any(address in network for network in _PRIVATE_NETWORKS)


def read(text: str) -> Iterator[Url]:
    """All links of ``text``, in order."""
    for match in _URL.finditer(text):
        url = _read(match)
        if url is not None:
            yield url


def pasted(text: str) -> Iterator[Url]:
    """All links of a text as its author pasted it, in order, with positions in that text."""
    view = see(text)
    for url in read(view.text):
        start, end = view.origin(url.start, url.end)
        yield replace(url, start=start, end=end)


def _read(match: re.Match[str]) -> Url | None:
    written = _without_punctuation(match[0])
    authority = _DEFANGED_DOT.sub(".", match["authority"] or match["host"] or match["numbers"])
    authority = _without_punctuation(authority)
    userinfo, _, address = authority.rpartition("@")
    host, port = _host_and_port(address)
    host = unquote(host).lower().strip(".")
    if not host:
        return None
    parts = _extract()(host)
    if match["host"] and (not parts.suffix or (not match["path"] and _is_file_name(host))):
        return None
    rest = _without_punctuation(match["rest"] or match["path"] or "")
    scheme = _scheme(match["scheme"] or "")
    domain = f"{parts.domain}.{parts.suffix}" if parts.suffix and parts.domain else ".".join(host.split(".")[-2:])
    return Url(match.start(), match.start() + len(written), scheme, userinfo, host, port, rest, domain, parts.suffix)


def _scheme(written: str) -> str:
    """Undo what keeps a link from being clicked: hxxps, h**p, ttp."""
    scheme = written.lower().replace("x", "t").replace("*", "t")
    return f"h{scheme}" if scheme.startswith("tt") else scheme


def _without_punctuation(written: str) -> str:
    """Take away what ends the sentence rather than the address; a bracket that was opened inside stays."""
    stripped = written.rstrip(_TRAILING)
    return stripped if "[" in stripped else stripped.rstrip("]" + _TRAILING)


def _host_and_port(address: str) -> tuple[str, str]:
    if address.startswith("["):
        host, bracket, port = address.partition("]")
        return host + bracket, port.removeprefix(":")
    host, _, port = address.partition(":")
    return host, port


def _is_file_name(host: str) -> bool:
    """Tell whether a bare name such as readme.md or form.zip is rather a file than a host."""
    return host.count(".") == 1 and host.rpartition(".")[2] in {"md", "py", "sh", "zip", "mov", "ai", "pl", "rs", "ps"}


@cache
def _extract() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
