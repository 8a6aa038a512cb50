"""What a person types becomes what Slack hands to apps: marked-up ``text`` and ``rich_text`` blocks.

Plain strings are typed as they stand: ``<!channel>`` typed by hand mentions nobody. What a person picks from a menu or
sets with the toolbar is a part of its own: ``mention("U1")``, ``broadcast("here")``, ``code("…")``, ``quote("…")``.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import emoji as emoji_names

Json = dict[str, Any]

_AUTO_LINK = re.compile(
    r"(?P<url>https?://[!-;=?-~]+)"
    r"|(?P<mail>[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
    r"|(?P<domain>(?<![\w@.-])(?:[A-Za-z0-9-]+\.)+(?:jp|com|org|net|info|example|test)(?:/[!-;=?-~]*)?(?![A-Za-z0-9]))"
)
_STYLE_MARKS = {"bold": "*", "italic": "_", "strike": "~", "code": "`"}


def escape(text: str) -> str:
    """The three characters that Slack's markup reserves, as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of what somebody wrote: its markup, its rich-text element, and the rich-text object that it lives in."""

    text: str
    element: Json = field(default_factory=dict)
    container: Json | None = None


def mention(user: str) -> Part:
    """@somebody, picked from the list."""
    return Part(f"<@{user}>", {"type": "user", "user_id": user})


def broadcast(scope: str = "channel") -> Part:
    """@here, @channel, @everyone."""
    return Part(f"<!{scope}>", {"type": "broadcast", "range": scope})


def channel_link(channel: str, name: str) -> Part:
    """#channel."""
    return Part(f"<#{channel}|{name}>", {"type": "channel", "channel_id": channel})


def link(url: str, label: str) -> Part:
    """Words with a link behind them."""
    return Part(f"<{escape(url)}|{escape(label)}>", {"type": "link", "url": url, "text": label})


def styled(text: str, style: str) -> Part:
    """Words in ``bold``, ``italic``, ``strike`` or ``code``."""
    mark = _STYLE_MARKS[style]
    return Part(f"{mark}{escape(text)}{mark}", {"type": "text", "text": text, "style": {style: True}})


def quote(text: str) -> Part:
    """A block quote (引用)."""
    marked = "\n".join(f"&gt; {escape(line)}" for line in text.split("\n"))
    return Part(f"{marked}\n", container={"type": "rich_text_quote", "elements": [{"type": "text", "text": text}]})


def preformatted(text: str) -> Part:
    """A code block."""
    return Part(
        f"```{escape(text)}```",
        container={"type": "rich_text_preformatted", "border": 0, "elements": [{"type": "text", "text": text}]},
    )


def bullets(*lines: str) -> Part:
    """A bullet list (箇条書き)."""
    sections = [{"type": "rich_text_section", "elements": [{"type": "text", "text": line}]} for line in lines]
    return Part(
        "".join(f"• {escape(line)}\n" for line in lines),
        container={"type": "rich_text_list", "style": "bullet", "indent": 0, "border": 0, "elements": sections},
    )


def typed(*parts: str | Part) -> tuple[str, list[Json]]:
    """``text`` and ``blocks`` of a message that somebody wrote."""
    pieces = [piece for part in parts for piece in (_from_keyboard(part) if isinstance(part, str) else (part,))]
    text = "".join(piece.text for piece in pieces)
    elements = _containers(pieces)
    if not elements:
        return text, []
    return text, [{"type": "rich_text", "block_id": secrets.token_hex(3), "elements": elements}]


def _from_keyboard(text: str) -> Iterator[Part]:
    """Slack links addresses by itself and turns emoji characters into names; everything else is text."""
    position = 0
    for found in _AUTO_LINK.finditer(text):
        yield from _with_emoji(text[position : found.start()])
        yield _auto_link(found)
        position = found.end()
    yield from _with_emoji(text[position:])


def _auto_link(found: re.Match[str]) -> Part:
    words = found[0]
    if found["url"]:
        return Part(f"<{escape(words)}>", {"type": "link", "url": words})
    url = f"mailto:{words}" if found["mail"] else f"http://{words}"
    return Part(f"<{escape(url)}|{escape(words)}>", {"type": "link", "url": url, "text": words})


def _with_emoji(text: str) -> Iterator[Part]:
    position = 0
    for found in emoji_names.emoji_list(text):
        start, end, character = int(found["match_start"]), int(found["match_end"]), str(found["emoji"])
        if start > position:
            yield _plain(text[position:start])
        name = emoji_names.demojize(character, language="alias").strip(":")
        code_points = "-".join(f"{ord(point):x}" for point in character)
        yield Part(f":{name}:", {"type": "emoji", "name": name, "unicode": code_points})
        position = end
    if position < len(text):
        yield _plain(text[position:])


def _plain(text: str) -> Part:
    return Part(escape(text), {"type": "text", "text": text})


def _containers(pieces: Sequence[Part]) -> list[Json]:
    """Neighbouring inline elements share a section; quotes, lists and code blocks stand by themselves."""
    containers: list[Json] = []
    for piece in pieces:
        if piece.container is not None:
            containers.append(piece.container)
            continue
        if not containers or containers[-1]["type"] != "rich_text_section":
            containers.append({"type": "rich_text_section", "elements": []})
        containers[-1]["elements"].append(piece.element)
    return containers
