"""A message of Teams as HTML → the plain text that the public would read, and what else stands in it.

Teams hands a message over as HTML whenever it holds more than plain words. What its editor needs for its own purposes
is undone: no-break spaces that keep two spaces apart or an empty line open, pictures that stand for emoji, elements
that stand for people. What its author typed stays: smart quotes, full-width characters, line breaks.

Accepts any string and never raises. Cost is linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from bot.desk.texts import link, storable

_BLOCKS: Final = {
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "codeblock", "table", "tr", "hr"),
    *("ul", "ol", "section", "article", "figure", "figcaption", "dl", "dt", "dd"),
}
"""What stands on lines of its own."""
_CELLS: Final = {"td", "th"}
_LISTS: Final = {"ul", "ol"}
_PRESERVED: Final = {"pre", "codeblock"}
_PICTURES: Final = {"img", "video", "audio", "iframe", "object", "embed"}
_EMOJIS: Final = {"emoji", "customemoji"}
_SILENT: Final = {"script", "style", "head", "systemeventmessage"}

_MENTION: Final = "http://schema.skype.com/Mention"
_EMOJI: Final = "http://schema.skype.com/Emoji"
_QUOTED_MESSAGE: Final = "http://schema.skype.com/Reply"
"""Somebody else's words, shown above a reply."""

_WHITE: Final = re.compile(r"[ \t\r\n\f]+")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_AT: Final = re.compile("<at(?: [^<>]{0,200})?>([^<>]{0,500})</at>", re.IGNORECASE)
_DEEPEST: Final = 20

Attributes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """What a message says, how many pictures stand in it, and the ids of what is attached where."""

    text: str
    pictures: int = 0
    attachments: tuple[str, ...] = ()


def read(html: str, addressed: Collection[str] = ()) -> Message:
    """Read a message. Mentions of the names ``addressed`` (our own) are no part of what it says.

    Where the bot hears of nothing but mentions people put one anywhere: at the head, behind 「修正版：」, at the end.
    """
    scribe = _Scribe(frozenset(addressed))
    parser = etree.HTMLParser(target=scribe, recover=True, huge_tree=True, no_network=True, encoding="utf-8")
    parser.feed(_CONTROL.sub("", storable(html)).encode())
    try:
        parser.close()
    except etree.LxmlError:  # nothing but white space; what was read is written down
        return scribe.close()
    return scribe.close()


def plain(text: str, addressed: Collection[str] = ()) -> str:
    """Read a message that is plain text but for mentions, as ``read`` does."""
    ours = [found for found in _AT.finditer(text) if _plain(found[1]) in addressed]
    said = _AT.sub(lambda found: "" if _plain(found[1]) in addressed else f"@{found[1]}", text)
    return said.strip() if ours else said


class _Page:
    """Lines of text. White space is what HTML makes of it: one space, and none at the ends of a line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        """Pieces of the line that is being written; an empty line that no break has made would not be seen."""

    def write(self, words: str) -> None:
        """Add words as they are."""
        if words:
            self._line.append(words)

    def flow(self, words: str) -> None:
        """Add words of a running text."""
        collapsed = _WHITE.sub(" ", words)
        if not self._line or self._line[-1][-1] in " \t":
            collapsed = collapsed.removeprefix(" ")
        self.write(collapsed)

    def tab(self) -> None:
        """Keep what comes next apart from what stands on the line."""
        if self._line:
            last = self._line.pop().rstrip(" ")
            self._line += (last, "\t") if last else ("\t",)

    def end_line(self) -> None:
        """End the line, also an empty one."""
        line = "".join(self._line).rstrip(" ").replace("\N{NO-BREAK SPACE}", " ")
        self._lines.append(line if line.strip() else "")
        self._line = []

    def begin_block(self) -> None:
        """End the line if there is one."""
        if self._line:
            self.end_line()

    def text(self) -> str:
        """Return what was written."""
        self.begin_block()
        return "\n".join(self._lines).strip("\n")


class _Scribe:
    """Writes a message down while lxml reads it, which sees to it that every element ends, and in order."""

    def __init__(self, addressed: Collection[str]) -> None:
        self._addressed = addressed
        self._page = _Page()
        self._ends: list[Callable[[], None]] = []
        """What is to be done at the end of each open element."""
        self._lists: list[int] = []
        """The number of the next item of each open list; below 0 where items have no numbers."""
        self._after_marker = False
        self._cells = 0
        self._silent = 0
        self._preserved = 0
        self._label: list[str] | None = None
        """The words of the link that is being read."""
        self._name: list[str] | None = None
        """The name of the person that is being mentioned."""
        self._was_addressed = False
        self._pictures = 0
        self._attachments: list[str] = []

    # ── what lxml tells ──────────────────────────────────────────────────────────────────────────────────────────────

    def start(self, tag: str, attributes: Attributes) -> None:
        """Begin an element."""
        self._ends.append(self._begin(tag, attributes) if not self._silent else self._silence())

    def end(self, _tag: str) -> None:
        """End the element that was begun last."""
        if self._ends:
            self._ends.pop()()

    def data(self, words: str) -> None:
        """Write words down."""
        if self._silent:
            return
        if self._name is not None:
            self._name.append(words)
            return
        self._say(words)

    def close(self) -> Message:
        """Return what was read."""
        text = self._page.text()
        return Message(text.strip() if self._was_addressed else text, self._pictures, tuple(self._attachments))

    # ── elements ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _begin(self, tag: str, attributes: Attributes) -> Callable[[], None]:  # noqa: PLR0911 - one line an element
        kind = attributes.get("itemtype", "")
        if tag in _SILENT or kind == _QUOTED_MESSAGE:
            return self._silence()
        if tag == "at" or kind == _MENTION:
            return self._mention()
        if tag in _EMOJIS or (tag in _PICTURES and kind == _EMOJI):
            return self._emoji(attributes)
        if tag in _PICTURES:
            return self._picture()
        if tag == "attachment":
            return self._attachment(attributes)
        if tag == "a":
            return self._link(attributes.get("href", "").strip())
        if tag == "br":
            self._page.end_line()
            return _nothing
        if tag in _CELLS:
            return self._cell()
        if tag == "li":
            return self._item(attributes)
        return self._block(tag, attributes) if tag in _BLOCKS else _nothing

    def _silence(self) -> Callable[[], None]:
        self._silent += 1

        def end() -> None:
            self._silent -= 1

        return end

    def _mention(self) -> Callable[[], None]:
        if self._name is not None:
            return _nothing
        self._name = []

        def end() -> None:
            name, self._name = "".join(self._name or ()), None
            if _plain(name) in self._addressed:
                self._was_addressed = True
            else:
                self._say(f"@{name}")

        return end

    def _emoji(self, attributes: Attributes) -> Callable[[], None]:
        self._say(attributes.get("alt") or attributes.get("title") or "")
        return self._silence()

    def _picture(self) -> Callable[[], None]:
        self._pictures += 1
        return _nothing

    def _attachment(self, attributes: Attributes) -> Callable[[], None]:
        self._attachments.append(attributes.get("id", ""))
        return _nothing

    def _link(self, address: str) -> Callable[[], None]:
        if self._label is not None or not address:
            return _nothing
        self._label = []

        def end() -> None:
            label, self._label = "".join(self._label or ()).strip(), None
            self._page.write(link(address, label).removeprefix(label))

        return end

    def _cell(self) -> Callable[[], None]:
        self._page.tab()
        self._cells += 1

        def end() -> None:
            self._cells -= 1

        return end

    def _item(self, attributes: Attributes) -> Callable[[], None]:
        self._page.begin_block()
        depth = min(len(self._lists), _DEEPEST)
        number = _number(attributes, "value", self._lists[-1]) if self._lists and self._lists[-1] >= 0 else -1
        self._page.write("　" * (depth - 1) + (f"{number}. " if number >= 0 else "・"))
        if number >= 0:
            self._lists[-1] = number + 1
        self._after_marker = True
        return self._break

    def _block(self, tag: str, attributes: Attributes) -> Callable[[], None]:
        if not self._after_marker:
            self._break()
        preserved = tag in _PRESERVED
        self._preserved += preserved
        if tag in _LISTS:
            self._lists.append(_number(attributes, "start", 1) if tag == "ol" else -1)

        def end() -> None:
            self._break()
            self._preserved -= preserved
            if tag in _LISTS:
                self._lists.pop()

        return end

    # ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _break(self) -> None:
        """Let what comes next stand on a line of its own; in a table's cell, after a space."""
        self._after_marker = False
        if self._cells:
            self._page.flow(" ")
        else:
            self._page.begin_block()

    def _say(self, words: str) -> None:
        if self._label is not None:
            self._label.append(words)
        if words.strip():
            self._after_marker = False
        if not self._preserved:
            self._page.flow(words)
            return
        first, *others = words.replace("\r\n", "\n").split("\n")
        self._page.write(first)
        for line in others:
            self._page.end_line()
            self._page.write(line)


def _plain(name: str) -> str:
    return " ".join(name.split())


def _nothing() -> None:
    """Do nothing: most elements have no effect at their end."""


def _number(attributes: Attributes, name: str, otherwise: int) -> int:
    written = attributes.get(name, "")
    return int(written) if re.fullmatch(r"[0-9]{1,6}", written) else otherwise
