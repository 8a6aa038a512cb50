"""Hosts that look like another's: letters of other scripts, names that claim to be official, and slips of the pen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from rules.detectors.links.hosts import BRANDS
from rules.detectors.urls import FAKE_SLASHES, Url

_FOREIGN_SCRIPTS = frozenset({"GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "ACCENTED"})
_JAPANESE_AMONG_LATIN = re.compile(r"[a-z0-9][ー一口ロ工エ卜ト力カ二ニノ][a-z0-9]")
_CLAIMS_TO_BE_OFFICIAL = re.compile(
    r"(?:^|[.-])(?:lg|go)[.-]jp(?:[.-]|$)|(?:^|[.-])(?:city|town|vill|pref)[.-][a-z]+[.-](?:[a-z]+[.-])?jp[.-]"
)
_OF_ORGANISATIONS = frozenset({"co.jp", "or.jp", "ne.jp", "ac.jp", "ed.jp", "go.jp", "lg.jp"})
"""Suffixes that only a registered organisation can have, and only one each."""
_OFFICES = frozenset({"city", "town", "vill", "pref", "metro"})
_CONFUSED = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("3", "e"))
_LONGEST_RUN = 4
_MIN_SLIPPED = 8
"""Shortest name in which one wrong letter is still taken for a slip of that name."""


def decoded(host: str) -> str:
    """Give a host with its punycode labels (xn--…) as their reader would see them; undecodable ones stay."""
    return ".".join(_decoded_label(label) for label in host.split("."))


def _decoded_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label.removeprefix("xn--").encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def has_look_alike_letters(host: str) -> bool:
    """Tell whether other letters or signs stand in a name for Latin ones (pаypal, líbrary) or for a slash."""
    seen = decoded(host)
    if any(sign in seen for sign in FAKE_SLASHES) or _JAPANESE_AMONG_LATIN.search(seen):
        return True
    return any(
        "xn--" in label or _FOREIGN_SCRIPTS & {_script(character) for character in label if character.isalpha()}
        for label in seen.split(".")
    )


def _script(character: str) -> str:
    if character.isascii():
        return "LATIN"
    script = unicodedata.name(character, "UNKNOWN").split()[0]
    return "ACCENTED" if script == "LATIN" else script


def claims_another_name(url: Url, own_hosts: Collection[str]) -> bool:
    """Tell whether an official name, a brand's or the municipality's stands where it proves nothing.

    Such as city-chiba-lg-jp.example.com, amaz0n.example, city-chiba.example.
    """
    if _CLAIMS_TO_BE_OFFICIAL.search(url.host):
        return True
    return _borrows_a_brand(url) or any(_imitates(url, own) for own in own_hosts)


def _borrows_a_brand(url: Url) -> bool:
    is_of_an_organisation = url.suffix in _OF_ORGANISATIONS  # which may be called the same, but not nearly so
    for word in set(re.split(r"[.-]", url.host)):
        brand = _BRAND_BY_SKELETON.get(_skeleton(word))
        if brand is not None and url.domain not in BRANDS[brand] and not (is_of_an_organisation and word == brand):
            return True
    return False


def _skeleton(name: str) -> str:
    """Write a name such that look-alikes within Latin letters and figures come out the same."""
    for written, seen in _CONFUSED:
        name = name.replace(written, seen)
    return name


_BRAND_BY_SKELETON = {_skeleton(brand): brand for brand in BRANDS}


def _imitates(url: Url, own: str) -> bool:
    """Tell whether a foreign host has the name of the municipality's own: as words, or as its domain turned around."""
    labels = own.removeprefix("www.").removesuffix(".jp").split(".")
    if labels[0] not in _OFFICES or len(labels) == 1:
        return False
    office, place = labels[:2]
    if _skeleton(url.domain.partition(".")[0].replace("-", "")) == _skeleton(place + office):
        return True
    name = office + place
    return any(
        _is_nearly(run, name) or _is_nearly(_skeleton(run), _skeleton(name))
        for run in _runs(re.split(r"[.-]", url.host.removesuffix(f".{url.suffix}")))
    )


def _runs(words: list[str]) -> Iterator[str]:
    """Names that neighbouring words of a host make, written together."""
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST_RUN, len(words)) + 1):
            yield "".join(words[start:end])


def _is_nearly(written: str, name: str) -> bool:
    """Tell whether two names are the same but for one letter: left out, put in, another, or two exchanged."""
    if written == name:
        return True
    if len(name) < _MIN_SLIPPED or abs(len(written) - len(name)) > 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(written, name, strict=False)) if a != b), len(name))
    rest, wanted = written[at:], name[at:]
    exchanged = rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
    return rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:] or exchanged
