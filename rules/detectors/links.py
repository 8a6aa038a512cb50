"""Links that hide where they lead, or lead where nobody should be sent. Everything is told from the address."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from enum import Enum

from rules.detectors.detector import Detector
from rules.detectors.urls import Url, is_private_address, read
from rules.draft import Detection, Draft

_GATE = re.compile(r"[A-Za-z0-9一-鿿ぁ-ヺー](?:\.|\[\.\]|\(\.\))[A-Za-z]|://|:/", re.IGNORECASE)

_OFFICIAL_SUFFIX = (".lg.jp", ".go.jp", ".ac.jp", ".ed.jp")
_OFFICIAL_GEOGRAPHIC = re.compile(r"(?:^|\.)(?:city|town|vill|pref|metro)\.(?:[a-z-]+\.){1,2}jp$")
"""City offices under geographic names, such as city.chiba.jp; only municipalities can hold these."""
_CLAIMS_TO_BE_OFFICIAL = re.compile(
    r"(?:^|[.-])(?:lg|go)[.-]jp(?:[.-]|$)|(?:^|[.-])(?:city|town|vill|pref)[.-][a-z]+[.-](?:[a-z]+[.-])?jp[.-]"
)
_BRANDS: Mapping[str, tuple[str, ...]] = {
    "amazon": ("amazon.co.jp", "amazon.com", "amazon.jp"),
    "rakuten": ("rakuten.co.jp", "rakuten-card.co.jp", "rakuten-bank.co.jp", "rakuten.ne.jp"),
    "paypay": ("paypay.ne.jp", "paypay-bank.co.jp", "paypay-card.co.jp"),
    "kuronekoyamato": ("kuronekoyamato.co.jp",),
    "sagawa": ("sagawa-exp.co.jp",),
    "mynaportal": ("myna.go.jp",),
    "etax": ("nta.go.jp",),
    "smbc": ("smbc.co.jp", "smbc-card.com"),
    "mufg": ("mufg.jp",),
}
_ADULT_WORDS = frozenset(
    {
        "porn", "porno", "xxx", "hentai", "ero", "erotic", "nude", "milf", "r18", "fuzoku", "deriheru", "sexy",
        "sexcam", "livesex", "avdouga", "eroanime", "uramovie", "sokuhame", "paipan", "xvideos", "pornhub",
        "xhamster", "escort",
    }
)  # fmt: skip
_ADULT_PARTS = re.compile(r"porn|hentai|xvideos|xhamster|adult-?(?:video|douga|movie|mihoudai|live|chat|deai|goods)")
_ADULT_SUFFIXES = frozenset({"xxx", "porn", "adult", "sex", "sexy"})
_ADULT_TEXT = re.compile(r"大人の動画|アダルト(?!チルドレン)|エロ|無修正|R-?18|18禁")
_PROGRAMS = frozenset(
    {
        "exe", "scr", "bat", "cmd", "com", "pif", "msi", "msix", "vbs", "vbe", "jse", "wsf", "hta", "ps1",
        "jar", "lnk", "apk", "ipa", "dmg", "pkg", "iso", "img", "cpl", "reg",
    }
)  # fmt: skip
_DOCUMENTS = frozenset(
    {
        "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "jpg", "jpeg", "png", "gif", "mp3", "mp4", "mov",
        "txt", "csv", "zip", "html",
    }
)  # fmt: skip
_SHORTENERS = frozenset(
    {
        "bit.ly", "tinyurl.com", "goo.gl", "ow.ly", "is.gd", "v.gd", "cutt.ly", "rebrand.ly", "t.ly", "shorturl.at",
        "rb.gy", "tiny.cc", "onl.la", "onl.bz", "onl.tw", "onl.sc", "00m.in", "urx.nu", "urx.space", "ux.nu", "x.gd",
        "s.id", "adf.ly", "bl.ink", "short.io", "soo.gd", "j.mp", "2u.pw", "shorter.me", "qr.paps.jp",
    }
)  # fmt: skip
_ASKS_FOR_SECRETS = re.compile(
    r"(?:暗証番号|口座番号|カード番号|クレジットカード|パスワード|マイナンバー(?:カード)?(?:の(?:写真|画像|番号))?|個人番号|認証コード)"
    r"[^。\n]{0,24}?(?:入力|入れ|登録|送[るっり信]|記入|ご回答|アップロード|教えて)"
)
_WIDEST_CONTEXT = 160


def _find(draft: Draft) -> Iterator[Detection]:
    for url in read(draft.text):
        check = _judge(draft, url)
        if check is not None:
            yield Detection(f"links.{check}", url.start, url.end, {"host": _decoded(url.host)})


def _judge(draft: Draft, url: Url) -> str | None:
    """Name what is wrong with a link, the gravest first; None if nothing is."""
    if is_official(url.host) and not url.userinfo:
        return None
    return next((check for check, holds in _CHECKS.items() if holds(draft, url)), None)


def is_official(host: str) -> bool:
    """Tell whether a host can only belong to a public body: lg.jp, go.jp, schools, city.chiba.jp."""
    return f".{host}".endswith(_OFFICIAL_SUFFIX) or _OFFICIAL_GEOGRAPHIC.search(host) is not None


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Read an IP address as browsers do: dotted, in brackets, or one number in decimal or hexadecimal."""
    bare = host.strip("[]")
    try:
        if re.fullmatch(r"\d{8,10}|0x[0-9a-f]{1,8}", bare):
            return ipaddress.ip_address(int(bare, 0))
        return ipaddress.ip_address(bare)
    except ValueError:
        return None


def _is_bare_address(url: Url) -> bool:
    """Tell of an address without a name. One inside the house is a matter of security, not of harm."""
    address = _address(url.host)
    return address is not None and not (address.is_loopback or is_private_address(address))


def _words(url: Url) -> set[str]:
    return {word for word in re.split(r"[^a-z0-9]+", url.host + "/" + url.path.lower()) if word}


def _is_obscene(draft: Draft, url: Url) -> bool:
    if url.labels[-1] in _ADULT_SUFFIXES or _ADULT_PARTS.search(url.host) or _words(url) & _ADULT_WORDS:
        return True
    start, end = _surroundings(draft, url)
    return bool(_words(url) & {"adult", "av", "sex"} and _ADULT_TEXT.search(draft.text, start, end))


def _is_disguised_name(host: str) -> bool:
    """Tell whether letters of another script, or accented ones, stand in a name for Latin letters (pаypal, líbrary)."""
    for label in _decoded(host).split("."):
        scripts = {_script(character) for character in label if character.isalpha()}
        if scripts & {"GREEK", "CYRILLIC", "ACCENTED"} or ("xn--" in label):
            return True
    return False


def _script(character: str) -> str:
    if character.isascii():
        return "LATIN"
    script = unicodedata.name(character, "UNKNOWN").split()[0]
    return "ACCENTED" if script == "LATIN" else script


def _decoded(host: str) -> str:
    """Give a host with its punycode labels (xn--…) as their reader would see them; undecodable ones stay."""
    return ".".join(_decoded_label(label) for label in host.split("."))


def _decoded_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label.removeprefix("xn--").encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _claims_another_name(url: Url) -> bool:
    """Tell whether an official name or a brand stands where it proves nothing: city-chiba-lg-jp.example.com."""
    if _CLAIMS_TO_BE_OFFICIAL.search(url.host):
        return True
    words = set(re.split(r"[.-]", url.host))
    return any(brand in words and url.domain not in domains for brand, domains in _BRANDS.items())


class Program(Enum):
    """How a link offers a program."""

    PLAIN = "plain"
    DISGUISED = "disguised"
    """Behind a document's name: map.pdf.exe."""


def _program(url: Url) -> Program | None:
    name = re.split(r"[?#]", url.path)[0].rpartition("/")[2].lower()
    stem, _, extension = name.rpartition(".")
    if not stem or extension not in _PROGRAMS:
        return None
    return Program.DISGUISED if stem.rpartition(".")[2].strip() in _DOCUMENTS else Program.PLAIN


def _asks_for_secrets(draft: Draft, url: Url) -> bool:
    return _ASKS_FOR_SECRETS.search(draft.text, *_surroundings(draft, url)) is not None


def _surroundings(draft: Draft, url: Url) -> tuple[int, int]:
    return max(0, url.start - _WIDEST_CONTEXT), min(len(draft.text), url.end + _WIDEST_CONTEXT)


_CHECKS: Mapping[str, Callable[[Draft, Url], bool]] = {
    "disguised_target": lambda _, url: "." in url.userinfo,
    "obscene": _is_obscene,
    "look_alike_letters": lambda _, url: _is_disguised_name(url.host),
    "look_alike_host": lambda _, url: _claims_another_name(url),
    "disguised_program": lambda _, url: _program(url) is Program.DISGUISED,
    "program": lambda _, url: _program(url) is Program.PLAIN,
    "bare_address": lambda _, url: _is_bare_address(url),
    "asks_for_secrets": _asks_for_secrets,
    "shortened": lambda _, url: url.host.removeprefix("www.") in _SHORTENERS,
}
"""What can be wrong with a link, the gravest first."""

_FACTS = frozenset({"host"})

DETECTOR = Detector(
    name="links",
    checks={f"links.{check}": _FACTS for check in _CHECKS},
    gate=_GATE,
    find=_find,
)
