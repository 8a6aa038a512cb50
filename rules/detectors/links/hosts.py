"""What is known about hosts: public bodies, shorteners, brands' own domains, and addresses without a name."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Mapping

from rules.detectors.urls import Url

_OFFICIAL_SUFFIX = (".lg.jp", ".go.jp", ".ac.jp", ".ed.jp")
_PREFECTURES = (
    "hokkaido|aomori|iwate|miyagi|akita|yamagata|fukushima|ibaraki|tochigi|gunma|saitama|chiba|tokyo|kanagawa|niigata|"
    "toyama|ishikawa|fukui|yamanashi|nagano|gifu|shizuoka|aichi|mie|shiga|kyoto|osaka|hyogo|nara|wakayama|tottori|"
    "shimane|okayama|hiroshima|yamaguchi|tokushima|kagawa|ehime|kochi|fukuoka|saga|nagasaki|kumamoto|oita|miyazaki|"
    "kagoshima|okinawa|sapporo|sendai|kawasaki|yokohama|nagoya|kobe|kitakyushu"
)
"""Also the cities with a domain of their own, such as city.kobe.jp."""
_OFFICIAL_GEOGRAPHIC = re.compile(
    rf"(?:^|\.)(?:city|town|vill|pref|metro)\.(?:[a-z-]+\.){{0,2}}(?:{_PREFECTURES})\.jp$"
)
"""Offices under geographic names, such as city.chiba.jp; but not city.chiba-kyufu.jp, which anybody can register."""

BRANDS: Mapping[str, tuple[str, ...]] = {
    "amazon": ("amazon.co.jp", "amazon.com", "amazon.jp"),
    "appleid": ("apple.com",),
    "ekinet": ("eki-net.com",),
    "etax": ("nta.go.jp",),
    "facebook": ("facebook.com",),
    "google": ("google.com", "google.co.jp", "google.jp"),
    "icloud": ("icloud.com",),
    "instagram": ("instagram.com",),
    "japanpost": ("japanpost.jp",),
    "kuronekoyamato": ("kuronekoyamato.co.jp",),
    "mercari": ("mercari.com", "mercari.jp"),
    "microsoft": ("microsoft.com",),
    "mufg": ("mufg.jp",),
    "mynaportal": ("myna.go.jp",),
    "netflix": ("netflix.com",),
    "paypal": ("paypal.com",),
    "paypay": ("paypay.ne.jp", "paypay-bank.co.jp", "paypay-card.co.jp"),
    "rakuten": ("rakuten.co.jp", "rakuten-card.co.jp", "rakuten-bank.co.jp", "rakuten.ne.jp"),
    "sagawa": ("sagawa-exp.co.jp",),
    "smbc": ("smbc.co.jp", "smbc-card.com"),
    "youtube": ("youtube.com", "youtube-nocookie.com"),
}
"""Names that fraud borrows most, with their owners' domains."""

SHORTENERS = frozenset(
    {
        "bit.ly", "bitly.com", "tinyurl.com", "tiny.one", "goo.gl", "ow.ly", "is.gd", "v.gd", "cutt.ly", "rebrand.ly",
        "t.ly", "t.co", "shorturl.at", "shorturl.asia", "rb.gy", "tiny.cc", "onl.la", "onl.bz", "onl.tw", "onl.sc",
        "onl.jp", "00m.in", "urx.nu", "urx2.nu", "urx3.nu", "urx.space", "ux.nu", "ur0.jp", "ur0.link", "nazr.in",
        "p.tl", "x.gd", "s.id", "adf.ly", "bl.ink", "short.io", "short.gy", "soo.gd", "j.mp", "2u.pw", "u.to",
        "kutt.it", "shorter.me", "snip.ly", "tr.im", "buff.ly", "dlvr.it", "lnkd.in", "ift.tt", "lnk.to", "po.st",
        "qr.ae", "qr.paps.jp", "qrco.de", "q-r.to", "me-qr.com", "l.ead.me",
    }
)  # fmt: skip


def is_official(host: str, own_hosts: Collection[str] = ()) -> bool:
    """Tell whether a host belongs to a public body (lg.jp, go.jp, a school, city.chiba.jp) or to the municipality."""
    dotted = f".{host}"
    if dotted.endswith(_OFFICIAL_SUFFIX) or any(dotted.endswith(f".{own}") for own in own_hosts):
        return True
    return _OFFICIAL_GEOGRAPHIC.search(host) is not None


def is_shortener(url: Url) -> bool:
    """Tell whether an address is a short one, which hides where it leads."""
    return url.host.removeprefix("www.") in SHORTENERS


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Read an IP address as browsers do: dotted, in brackets, shortened, in octal, decimal or hexadecimal."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return _loose_address(host.split("."))


_NUMBER = re.compile(r"0x[0-9a-f]{1,8}|0[0-7]{0,11}|[1-9][0-9]{0,9}")
_MOST_PARTS = 4


def _loose_address(parts: list[str]) -> ipaddress.IPv4Address | None:
    """Read the C library's notations (inet_aton): 3325256708, 0xc6.0x33.0144.4; the last part fills what is left."""
    if len(parts) > _MOST_PARTS or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    *leading, last = (int(part, 8 if part.isdigit() and part.startswith("0") else 0) for part in parts)
    value = sum(number << 8 * (3 - at) for at, number in enumerate(leading)) + last
    fits = all(number < 1 << 8 for number in leading) and last < 1 << 8 * (_MOST_PARTS - len(leading))
    return ipaddress.IPv4Address(value) if fits else None
