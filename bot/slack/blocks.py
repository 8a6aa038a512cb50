"""The parts that everything shown in Slack is made of: text that can do no harm, buttons, fields. Pure functions.

Words that somebody wrote are put into ``rich_text`` elements or ``plain_text`` objects only. Slack takes these
literally: they cannot mention anybody, link, format or unfurl. What a Slack client might still make clickable by itself
is set as code in rich text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from bot.desk.presenting import shortened
from bot.slack.words import thread as words

Block = dict[str, Any]
"""One block of Block Kit, or an element of one."""
View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """One message: ``text`` is for notifications and screen readers, ``blocks`` is what is seen."""

    text: str
    blocks: tuple[Block, ...]


def notice_card(sentence: str) -> Card:
    """Return a message of our own words."""
    return Card(sentence, (plain_section(sentence),))


def size(blocks: object) -> int:
    """Length of blocks in characters of JSON: what Slack's limit on a message seems to count."""
    return len(json.dumps(blocks, ensure_ascii=False))


# ── rich text ────────────────────────────────────────────────────────────────────────────────────────────────────────

MANY_PIECES: Final = 20
_ASCII_RUN: Final = re.compile(r"[!-~]+")
_LOOKS_LIKE_ADDRESS: Final = re.compile(r"://|@|\.[^\W\d_]|\d\.\d+\.\d")


def text(words_of_ours: str, **style: bool) -> Block:
    """Return an element of rich text; ``bold``, ``strike``, ``code`` are styles."""
    return {"type": "text", "text": words_of_ours, **({"style": dict(style)} if style else {})}


def literal(written: str, **style: bool) -> list[Block]:
    """Show what somebody wrote as it stands. What a client could take for an address is set as code: never a link.

    Where there are so many addresses that the pieces would be the bulk of a message, all of it is set as code.
    """
    pieces = list(_pieces(written, style))
    return pieces if len(pieces) <= MANY_PIECES else [text(written, code=True)]


def _pieces(written: str, style: Mapping[str, bool]) -> Iterator[Block]:
    shown = 0
    for run in _ASCII_RUN.finditer(written):
        if _LOOKS_LIKE_ADDRESS.search(written, run.start(), run.end() + 1):
            if shown < run.start():
                yield text(written[shown : run.start()], **style)
            yield text(run.group(), code=True)
            shown = run.end()
    if shown < len(written):
        yield text(written[shown:], **style)


def quoted(quote: str, length: int, *, strike: bool = False) -> list[Block]:
    """Quote words of a draft in 「」, on one line of at most ``length`` characters."""
    shown = shortened(quote, length)
    if not shown:
        return [text(words.WHOLE_DRAFT)]
    style = {"strike": True} if strike else {"bold": True}
    return [text("「"), *literal(shown, **style), text("」")]


def user(user_id: str) -> Block:
    """Name a person. Notifies them when it is posted, not when a message is changed; a bot's id is shown as it is."""
    return {"type": "user", "user_id": user_id} if user_id[:1] in {"U", "W"} else text(user_id)


def link(url: str, label: str) -> Block:
    """Return a link to something of ours in Slack. Never to an address out of a draft."""
    return {"type": "link", "url": url, "text": label}


def user_group(group_id: str) -> Block:
    """Name a user group, and notify its members when it is posted."""
    return {"type": "usergroup", "usergroup_id": group_id}


def channel(channel_id: str) -> Block:
    """Name a channel; a click leads there."""
    return {"type": "channel", "channel_id": channel_id}


def section(*elements: Block) -> Block:
    """Return a paragraph for ``rich_text``."""
    return {"type": "rich_text_section", "elements": list(elements)}


def quotation(*elements: Block) -> Block:
    """Return a paragraph for ``rich_text`` with a bar beside it."""
    return {"type": "rich_text_quote", "elements": list(elements)}


def rich_text(*elements: Block) -> Block:
    """Return a block of paragraphs."""
    return {"type": "rich_text", "elements": list(elements)}


# ── plain text ───────────────────────────────────────────────────────────────────────────────────────────────────────


def plain(words_of_ours: str) -> Block:
    """Return a text object that Slack does not read as markup."""
    return {"type": "plain_text", "text": words_of_ours, "emoji": False}


def plain_section(sentence: str) -> Block:
    """Return a block with one paragraph."""
    return {"type": "section", "text": plain(sentence)}


def plain_context(sentence: str) -> Block:
    """Return a block with one small line."""
    return {"type": "context", "elements": [plain(sentence)]}


# ── what is pressed and filled in ────────────────────────────────────────────────────────────────────────────────────


def button(
    action_id: str, label: str, value: Mapping[str, Any], style: Literal["primary", "danger"] | None = None
) -> Block:
    """Return a button that gives ``value`` back as JSON (at most 2,000 characters; never draft text)."""
    pressed = {"type": "button", "action_id": action_id, "text": plain(label), "value": as_json(value)}
    return {**pressed, **({"style": style} if style else {})}


def actions(block_id: str, *elements: Block) -> Block:
    """Return a row of buttons."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def text_field(  # noqa: PLR0913 - what a field of a form has, by name
    name: str,
    label: str,
    *,
    hint: str = "",
    placeholder: str = "",
    value: str = "",
    optional: bool = False,
    longest: int = 3_000,
) -> Block:
    """Return a field of several lines; ``name`` is its block id and its action id. Slack takes 3,000 characters."""
    element = {"type": "plain_text_input", "action_id": name, "multiline": True, "max_length": longest}
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "optional": optional,
        "element": {
            **element,
            **({"initial_value": value} if value else {}),
            **({"placeholder": plain(placeholder)} if placeholder else {}),
        },
        **({"hint": plain(hint)} if hint else {}),
    }


def form(callback_id: str, title: str, submit: str, metadata: Mapping[str, Any], blocks: Sequence[Block]) -> View:
    """Return a modal with a submit button; ``metadata`` comes back as JSON (3,000 characters; never draft text)."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": as_json(metadata),
        "title": plain(title),
        "submit": plain(submit),
        "close": plain(words.CLOSE),
        "blocks": list(blocks),
    }


def as_json(value: Mapping[str, Any]) -> str:
    """Return what an element or view carries for us."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
