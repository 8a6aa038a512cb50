"""What a reader sees of a message or view, and what it does to them: mentions, links, formatting."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

_CONTROL = re.compile(r"<([^<>]*)>")
_BARE_URL = re.compile(r"https?://[^\s<>|]+")
_STYLED = re.compile(
    r"```(?P<fence>[^`]+)```|`(?P<code>[^`\n]+)`"
    r"|(?<![\w*])\*(?P<bold>[^*\n]+)\*(?![\w*])|(?<!\w)_(?P<italic>[^_\n]+)_(?!\w)|(?<![\w~])~(?P<strike>[^~\n]+)~(?![\w~])"
)
_QUOTED = re.compile(r"^&gt; ?(?P<quote>.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What there is to see, and what it does."""

    text: str
    """As it stands on the screen."""
    mentions: tuple[str, ...]
    """Who is notified: ``@U1``, ``!channel``."""
    links: tuple[str, ...]
    """Where clicks lead."""
    styled: tuple[str, ...]
    """Words that are bold, quoted, code, …"""


@dataclass
class _Reader:
    lines: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    styled: list[str] = field(default_factory=list)

    def reading(self) -> Reading:
        return Reading("\n".join(self.lines), tuple(self.mentions), tuple(self.links), tuple(self.styled))

    def mrkdwn(self, text: str, *, verbatim: bool = False) -> str:
        self.styled += [words for found in _STYLED.finditer(text) for words in found.groups() if words]
        self.styled += [found["quote"] for found in _QUOTED.finditer(text)]
        if not verbatim:
            self.links += _BARE_URL.findall(_CONTROL.sub(" ", text))
        return html.unescape(_CONTROL.sub(self._control, text))

    def _control(self, found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if target.startswith(("@", "!", "#")) and not target.startswith("!date"):
            self.mentions.append(target)
            return label or target
        if not target.startswith("!date"):
            self.links.append(html.unescape(target))
        return label or target

    def text_object(self, value: Json | None) -> None:
        if not value:
            return
        words = value["text"]
        if value["type"] == "mrkdwn":
            words = self.mrkdwn(words, verbatim=bool(value.get("verbatim")))
        self.lines.append(words)

    def text_objects(self, values: Iterable[Json | None]) -> None:
        for value in values:
            self.text_object(value)

    def blocks(self, blocks: Iterable[Json]) -> None:
        for block in blocks:
            self.block(block)

    def block(self, block: Json) -> None:
        match block["type"]:
            case "context":
                self.text_objects(element for element in block["elements"] if "text" in element)
            case "actions" | "context_actions":
                for element in block["elements"]:
                    self.element(element)
            case "rich_text":
                for element in block["elements"]:
                    self.rich_text(element)
            case "markdown":
                self.lines.append(self.mrkdwn(block["text"]))
            case "table":
                self.table(block["rows"])
            case _:
                fields = (block.get(name) for name in ("text", "label", "hint", "title"))
                self.text_objects([*fields, *block.get("fields", [])])
                self.element(block.get("accessory"))

    def table(self, rows: list[list[Json]]) -> None:
        for cell in (cell for row in rows for cell in row):
            if cell["type"] == "raw_text":
                self.lines.append(cell["text"])
            else:
                self.block(cell)

    def element(self, element: Json | None) -> None:
        if not element:
            return
        if isinstance(element.get("text"), dict):
            self.text_object(element["text"])
        for button in (element.get("positive_button"), element.get("negative_button")):
            self.text_object(button and button["text"])
        if "url" in element:
            self.links.append(element["url"])

    def rich_text(self, container: Json) -> None:
        if container["type"] == "rich_text_list":
            for section in container["elements"]:
                self.rich_text(section)
            return
        words = "".join(self.inline(element) for element in container["elements"])
        if container["type"] in {"rich_text_quote", "rich_text_preformatted"}:
            self.styled.append(words)
        self.lines.append(words)

    def inline(self, element: Json) -> str:
        match element["type"]:
            case "text":
                words = str(element["text"])
            case "link":
                self.links.append(element["url"])
                words = str(element.get("text") or element["url"])
            case "user":
                self.mentions.append(words := f"@{element['user_id']}")
            case "usergroup":
                self.mentions.append(words := f"!subteam^{element['usergroup_id']}")
            case "channel":
                self.mentions.append(words := f"#{element['channel_id']}")
            case "broadcast":
                self.mentions.append(words := f"!{element['range']}")
            case "emoji":
                words = f":{element['name']}:"
            case _:
                words = str(element.get("fallback", ""))
        if any(element.get("style", {}).values()):
            self.styled.append(words)
        return words


def read_message(body: Json) -> Reading:
    """A message. ``text`` beside blocks is not on the screen but in the notification: its mentions count."""
    reader = _Reader()
    if not body.get("blocks"):
        reader.lines.append(reader.mrkdwn(body.get("text", "")))
        return reader.reading()
    notification = _Reader()
    notification.mrkdwn(body.get("text", ""))
    reader.blocks(body["blocks"])
    reader.mentions += [mention for mention in notification.mentions if mention not in reader.mentions]
    return reader.reading()


def read_view(view: Json) -> Reading:
    """A modal or Home view."""
    reader = _Reader()
    reader.text_object(view.get("title"))
    reader.blocks(view["blocks"])
    return reader.reading()
