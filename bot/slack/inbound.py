"""A message as Slack sends it → the plain text that the public would read.

Slack hands a message over twice: as ``text`` in its own markup (mrkdwn) and, for what people typed, as ``blocks`` of
kind ``rich_text``. The blocks say exactly what was meant, so they are preferred; the markup is for what has none.

Pure functions that accept any JSON: what Slack did not promise is skipped, never raised about. Cost is linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import emoji

from bot.desk.texts import link, storable
from bot.slack.words import thread as words

_FLAG_BASE: Final = 0x1F1E6 - ord("a")
_SKIN_TONES: Final = {f"skin-tone-{tone}": chr(0x1F3FB + tone - 2) for tone in range(2, 7)}


def plain_text(message: Mapping[str, Any]) -> str:
    """Return what the public would read of ``message`` (a Slack message object); empty when it says nothing.

    Links give their visible text and, where that hides the address, the address too: reviewers have to see it.
    Forwarded messages follow the words of who forwards them.
    """
    texts = (_written(message), *(_forwarded(attachment) for attachment in shared(message)))
    return storable("\n\n".join(text for text in texts if text.strip()) or texts[0])


def shared(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what is needed of the messages that this one forwards. Previews of linked pages are not among them."""
    return [
        {name: attachment[name] for name in ("is_share", "text", "message_blocks") if name in attachment}
        for attachment in _mappings(message.get("attachments"))
        if attachment.get("is_share")
    ]


def _written(message: Mapping[str, Any]) -> str:
    blocks = [block for block in _mappings(message.get("blocks")) if block.get("type") == "rich_text"]
    return "\n".join(rich_text(block) for block in blocks) if blocks else mrkdwn(_string(message.get("text")))


def _forwarded(attachment: Mapping[str, Any]) -> str:
    """Read a forwarded message: by its blocks, where Slack gives them, else by its markup."""
    nested = [part.get("message") for part in _mappings(attachment.get("message_blocks"))]
    blocks = [block for part in _mappings(nested) for block in _mappings(part.get("blocks"))]
    return _written({"blocks": blocks, "text": attachment.get("text")})


# ── rich_text ────────────────────────────────────────────────────────────────────────────────────────────────────────


def rich_text(block: Mapping[str, Any]) -> str:
    """Read one ``rich_text`` block: sections, lists, quotes and preformatted text, each on lines of its own."""
    text = ""
    for container in _mappings(block.get("elements")):
        if text and not text.endswith("\n"):
            text += "\n"
        text += _container(container)
    return text


def _container(container: Mapping[str, Any]) -> str:
    if container.get("type") == "rich_text_list":
        return "\n".join(_list_lines(container))
    return _inline(container)


def _list_lines(container: Mapping[str, Any]) -> Iterator[str]:
    indent = "　" * _small_number(container.get("indent"))
    first = _small_number(container.get("offset")) + 1
    for number, item in enumerate(_mappings(container.get("elements")), first):
        marker = f"{number}. " if container.get("style") == "ordered" else "・"
        yield f"{indent}{marker}{_inline(item)}"


def _inline(container: Mapping[str, Any]) -> str:
    return "".join(_element(element) for element in _mappings(container.get("elements")))


def _element(element: Mapping[str, Any]) -> str:
    read = _ELEMENTS.get(_string(element.get("type")))
    return read(element) if read else _string(element.get("text"))


_ELEMENTS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "text": lambda element: _string(element.get("text")),
    "link": lambda element: link(_string(element.get("url")), _string(element.get("text"))),
    "user": lambda _element: words.SOMEBODY,
    "usergroup": lambda _element: words.SOME_GROUP,
    "channel": lambda _element: words.SOME_CHANNEL,
    "broadcast": lambda element: f"@{_string(element.get('range'))}",
    "emoji": lambda element: _emoji(_string(element.get("name")), _string(element.get("unicode"))),
    "date": lambda element: _string(element.get("fallback")),
    "color": lambda element: _string(element.get("value")),
}


# ── mrkdwn ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_ANGLED: Final = re.compile(r"<([^<>]*)>")
_CODE: Final = re.compile(r"```.+?```|`[^`\n]+`", re.DOTALL)
_QUOTE_MARK: Final = re.compile(r"^(?:&gt;(?:&gt;&gt;)? ?)", re.MULTILINE)
_STYLED: Final = re.compile(r"(?<![^\W_])([*_~])(?=[^\s*_~])[^\n*_~]*(?<=[^\s*_~])\1(?![^\W_])")
_EMOJI: Final = re.compile(r":([a-z0-9_'+-]{1,100}):(?::(skin-tone-[2-6]):)?", re.IGNORECASE)
_ENTITY: Final = re.compile(r"&(amp|lt|gt);")
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">"}
_ATOM: Final = "\N{OBJECT REPLACEMENT CHARACTER}"


def mrkdwn(text: str) -> str:
    """Read Slack's markup.

    First what stands in ``<…>`` (it holds addresses in which ``_`` and ``*`` mean themselves), then formatting and
    emoji, and entities last and once: ``&amp;lt;`` is what somebody wrote who typed ``&lt;``.
    """
    atoms = [_angled(match.group(1)) for match in _ANGLED.finditer(text)]
    rest = _ANGLED.sub(_ATOM, text.replace(_ATOM, ""))
    pieces = _unformatted(rest).split(_ATOM)
    plain = [_unescape(pieces[0])]
    for atom, piece in zip(atoms, pieces[1:], strict=True):
        plain += (atom, _unescape(piece))
    return "".join(plain)


def _unformatted(text: str) -> str:
    """``text`` without the marks of code, quotes and styles; nothing inside code is formatting."""
    result, position = [], 0
    for code in _CODE.finditer(text):
        result.append(_unstyled(text[position : code.start()]))
        result.append(code.group().strip("`").removeprefix("\n").removesuffix("\n"))
        position = code.end()
    result.append(_unstyled(text[position:]))
    return "".join(result)


def _unstyled(text: str) -> str:
    text = _QUOTE_MARK.sub("", text)
    for _nested in range(3):
        text = _STYLED.sub(lambda match: match.group()[1:-1], text)
    return _EMOJI.sub(_shortcode, text)


def _shortcode(match: re.Match[str]) -> str:
    tone = f"::{match[2]}" if match[2] else ""
    return _emoji(match[1] + tone, "")


def _angled(inside: str) -> str:
    """Read what stands between ``<`` and ``>``."""
    target, _bar, label = inside.partition("|")
    label = _unescape(label)
    if target.startswith("@"):
        return words.SOMEBODY
    if target.startswith("#"):
        return f"#{label}" if label else words.SOME_CHANNEL
    if target.startswith("!subteam^"):
        return label or words.SOME_GROUP
    if target.startswith("!date^"):
        return label
    if target.startswith("!"):
        return label or f"@{target[1:]}"
    return link(_unescape(target), label)


# ── what both have ───────────────────────────────────────────────────────────────────────────────────────────────────


def _emoji(name: str, unicode: str) -> str:
    """Return the characters of a shortcode; a workspace's own emoji keeps its name, since it has no character."""
    if characters := _code_points(unicode):
        return characters
    base, _colons, tone = name.partition("::")
    if base in _SKIN_TONES:
        return _SKIN_TONES[base]
    if re.fullmatch(r"flag-[a-z]{2}", base):
        return "".join(chr(_FLAG_BASE + ord(letter)) for letter in base.removeprefix("flag-"))
    character = emoji.emojize(f":{base}:", language="alias")
    known = character != f":{base}:"
    return character + _SKIN_TONES.get(tone, "") if known else f":{name}:"


def _code_points(unicode: str) -> str:
    """Return the characters of ``1f44d-1f3fd``; empty if it is not that."""
    if not re.fullmatch(r"[0-9a-f]{1,6}(?:-[0-9a-f]{1,6}){0,15}", unicode, re.IGNORECASE):
        return ""
    points = [int(point, 16) for point in unicode.split("-")]
    return "".join(map(chr, points)) if all(point <= 0x10FFFF for point in points) else ""  # noqa: PLR2004 - Unicode's end


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda match: _ENTITIES[match[1]], text)


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _small_number(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 1000 else 0  # noqa: PLR2004 - far beyond Slack's own limits


def _mappings(value: object) -> Iterable[Mapping[str, Any]]:
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    return [item for item in items if isinstance(item, Mapping)]
