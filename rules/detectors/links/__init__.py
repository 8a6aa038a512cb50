"""Links that hide where they lead, or lead where nobody should be sent. Everything is told from the address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from rules.detectors.detector import Detector
from rules.detectors.links.contents import Program, asks_for_secrets, is_obscene, is_plain_form, program
from rules.detectors.links.hosts import address_of, is_official, is_shortener
from rules.detectors.links.look_alikes import claims_another_name, decoded, has_look_alike_letters
from rules.detectors.urls import Url, is_private_address, read
from rules.draft import Detection, Draft

__all__ = ["DETECTOR"]

_GATE = re.compile(r"[.。:/\[({](?:(?<=[.。])[A-Za-z]|(?<=[:/])[/\\]|(?<=[0-9]/)[A-Za-z]|(?:\.|dot)[\])}][A-Za-z])")
"""One class of signs in front, because the engine skips fast to these only."""
_FACTS = frozenset({"host"})


def _find(draft: Draft) -> Iterator[Detection]:
    urls = tuple(read(draft.text))
    mislabelled = set(_mislabelled(draft.text, urls))
    for url in urls:
        check = "disguised_target" if url in mislabelled else _judge(draft, url)
        if check is not None:
            yield Detection(f"links.{check}", url.start, url.end, {"host": decoded(url.host)})


def _mislabelled(text: str, urls: tuple[Url, ...]) -> Iterator[Url]:
    """Find targets behind a label that is another address: [www.city.chiba.jp](https://evil.example) and the like.

    A surface that shows a link's label and its target writes 「www.city.chiba.jp（ https://evil.example ）」.
    """
    for first, second in pairwise(urls):
        between = text[first.end : second.start]
        if first.domain == second.domain:
            continue
        is_markdown = between == "](" and text.endswith("[", 0, first.start)
        if is_markdown or (between == "( " and text.startswith(" )", second.end)):
            yield second
        elif (between == "|" and text.endswith("<", 0, first.start)) or _ANCHOR.fullmatch(between):
            yield first


_ANCHOR = re.compile(r"[\"'][^<>]{0,80}>[ ]?")


def _judge(draft: Draft, url: Url) -> str | None:
    """Name what is wrong with a link, the gravest first; None if nothing is."""
    if is_official(url.host, draft.own_hosts) and not url.userinfo:
        return "plain_form" if is_plain_form(draft, url) else None
    return next((check for check, holds in _CHECKS.items() if holds(draft, url)), None)


def _is_bare_address(_: Draft, url: Url) -> bool:
    """Tell of an address without a name. One inside the house is a matter of security, not of harm."""
    address = address_of(url.host)
    return address is not None and not (address.is_loopback or is_private_address(address))


_CHECKS: Mapping[str, Callable[[Draft, Url], bool]] = {
    "disguised_target": lambda _, url: "." in url.userinfo,
    "obscene": is_obscene,
    "look_alike_letters": lambda _, url: has_look_alike_letters(url.host),
    "look_alike_host": lambda draft, url: claims_another_name(url, draft.own_hosts),
    "disguised_program": lambda _, url: program(url) is Program.DISGUISED,
    "program": lambda _, url: program(url) is Program.PLAIN,
    "bare_address": _is_bare_address,
    "asks_for_secrets": asks_for_secrets,
    "shortened": lambda _, url: is_shortener(url),
    "plain_form": lambda draft, url: address_of(url.host) is None and is_plain_form(draft, url),
}
"""What can be wrong with a link, the gravest first."""

DETECTOR = Detector(
    name="links",
    checks={f"links.{check}": _FACTS for check in _CHECKS},
    gate=_GATE,
    find=_find,
)
