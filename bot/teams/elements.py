"""The parts that everything shown in Teams is made of: text that can do no harm, buttons, fields. Pure functions.

Words that somebody wrote are put into ``TextRun``s only. A ``TextBlock`` reads Markdown and mentions; a run reads
neither, so that a draft that is quoted can neither mention, nor link, nor format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from bot.desk.presenting import legible, shortened
from bot.teams import words

Element = dict[str, Any]
"""An element of an Adaptive Card, or an action."""
Card = dict[str, Any]
"""An Adaptive Card as JSON."""

MOST: Final = 20_000
"""Longest card, in characters of JSON: what Teams takes on every client."""
NAME_LENGTH: Final = 40
FIELD_LENGTH: Final = 1_000

_UNREADABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_ACTS: Final = re.compile(r"(?<=\{)(?=\{)|(?<=<)(?=/?at\b)", re.IGNORECASE)
"""Where a client would compute something: ``{{DATE(…)}}``, and ``<at>`` beside a mention of ours."""
_WORD_JOINER: Final = "\u2060"
_MARKDOWN: Final = re.compile(r"[\\`*_{}\[\]()<>#+|~&:/@]")
"""What a name must not have where it is mentioned: there Teams reads Markdown, and makes links of addresses."""


# ── text ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def literal(written: str) -> str:
    """Return what somebody wrote as it may stand in a run: seen as it is, never computed or obeyed."""
    seen = _UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", legible(written))
    return _ACTS.sub(_WORD_JOINER, seen)


def run(written: str, **style: bool | str) -> Element:
    """Return a piece of a paragraph. ``style``: ``weight="Bolder"``, ``isSubtle``, ``strikethrough``, ``size``."""
    return {"type": "TextRun", "text": literal(written), **style}


def bold(written: str) -> Element:
    """Return a piece of a paragraph in bold."""
    return run(written, weight="Bolder")


def quoted(quote: str, length: int, *, strike: bool = False) -> list[Element]:
    """Quote words of a draft in 「」, on one line of at most ``length`` characters."""
    shown = shortened(quote, length)
    if not shown:
        return [run(words.WHOLE_DRAFT)]
    return [run("「"), run(shown, strikethrough=True) if strike else bold(shown), run("」")]


def paragraph(*runs: Element, spacing: Literal["None", "Small", "Medium"] = "Small") -> Element:
    """Return a paragraph. It wraps by itself."""
    return {"type": "RichTextBlock", "inlines": list(runs), "spacing": spacing}


def sentence(said: str) -> Element:
    """Return a paragraph of one piece."""
    return paragraph(run(said))


def small(said: str) -> Element:
    """Return a small line."""
    return paragraph(run(said, isSubtle=True, size="Small"))


def heading(words_of_ours: str) -> Element:
    """Return the head of a card, which screen readers announce as one. Never words of a draft: it reads Markdown."""
    block = {"type": "TextBlock", "text": words_of_ours, "weight": "Bolder", "size": "Medium", "wrap": True}
    return {**block, "style": "heading"}


def quotation(*items: Element) -> Element:
    """Return what somebody wrote, set off from what we say."""
    return {"type": "Container", "style": "emphasis", "spacing": "Small", "items": list(items)}


def said(comment: str, length: int) -> list[Element]:
    """Quote a comment, line by line; nothing where nothing was said."""
    cut = comment[:length] + (words.ELLIPSIS if len(comment) > length else "")
    return [quotation(sentence(cut))] if comment else []


def container(*items: Element, **more: Any) -> Element:
    """Return elements that belong together. ``more``: ``id``, ``isVisible``, ``separator``, ``style``."""
    return {"type": "Container", "items": list(items), **more}


def name(known: Mapping[str, str], person: str, otherwise: str = words.SOMEBODY) -> str:
    """Return what a person is called, on one line; ``otherwise`` if that is not known."""
    shown = shortened(known.get(person, ""), NAME_LENGTH)[: 2 * NAME_LENGTH]  # its marks may be spelled out
    return shown or otherwise


# ── mentions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def mention(people: Mapping[str, str]) -> tuple[str, list[Element]]:
    """Return the text that notifies people (id → name) where it stands in a ``TextBlock``, and its entities."""
    called = {person: _MARKDOWN.sub("", shortened(known, NAME_LENGTH)).strip() for person, known in people.items()}
    entities: list[Element] = [
        {"type": "mention", "text": f"<at>{known}</at>", "mentioned": {"id": person, "name": known}}
        for person, known in sorted(called.items())
        if known
    ]
    return "、".join(entity["text"] for entity in entities) or words.SOMEBODY, entities


# ── what is pressed and filled in ────────────────────────────────────────────────────────────────────────────────────


def execute(  # noqa: PLR0913 - what a button has, by name
    verb: str,
    label: str,
    data: Mapping[str, Any],
    style: Literal["default", "positive", "destructive"] = "default",
    *,
    fields: bool = True,
    old_clients: bool = True,
) -> Element:
    """Return a button that asks the bot. ``data`` is small and never draft text; ``fields``: what is filled in too.

    ``old_clients`` submit the same as a message.
    """
    carried = {**data, "verb": verb}
    associated = {} if fields else {"associatedInputs": "none"}
    submit = {"type": "Action.Submit", "title": label, "data": carried, **associated}
    looks = {} if style == "default" else {"style": style}
    fallback = {"fallback": submit} if old_clients else {}
    return {
        "type": "Action.Execute",
        "title": label,
        "verb": verb,
        "data": carried,
        **looks,
        **associated,
        **fallback,
    }


def toggle(label: str, shown: str, hidden: Sequence[str] = ()) -> Element:
    """Return a button that shows or hides one part of the card, and hides others."""
    targets: list[Any] = [shown, *({"elementId": other, "isVisible": False} for other in hidden)]
    return {"type": "Action.ToggleVisibility", "title": label, "targetElements": targets}


def link(label: str, url: str) -> Element:
    """Return a piece of a paragraph that opens something of ours. Never an address out of a draft."""
    return {**run(label), "selectAction": {"type": "Action.OpenUrl", "title": label, "url": url}}


def actions(*buttons: Element) -> Element:
    """Return a row of buttons."""
    return {"type": "ActionSet", "actions": list(buttons)}


def text_field(field: str, label: str, hint: str = "", *, value: str = "", longest: int = FIELD_LENGTH) -> Element:
    """Return a field of several lines, whose text comes back under its name."""
    asked = {"type": "Input.Text", "id": field, "label": label, "isMultiline": True, "maxLength": longest}
    return {**asked, **({"placeholder": hint} if hint else {}), **({"value": value} if value else {})}


def choice(field: str, label: str, choices: Sequence[tuple[str, str]], **more: Any) -> Element:
    """Return a menu of (title, value) pairs. Titles are words of ours."""
    listed = [{"title": title, "value": value} for title, value in choices]
    return {"type": "Input.ChoiceSet", "id": field, "label": label, "choices": listed, **more}


def person_field(field: str, label: str) -> Element:
    """Return a field in which people of the organisation are looked for by name; their Entra id comes back."""
    looked_up = {"type": "Data.Query", "dataset": "graph.microsoft.com/users"}
    return {**choice(field, label, ()), "choices.data": looked_up}


def date_field(field: str, label: str) -> Element:
    """Return a field for a day, which comes back as ``2026-11-21``."""
    return {"type": "Input.Date", "id": field, "label": label}


# ── cards ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def card(*body: Element, entities: Sequence[Element] = ()) -> Card:
    """Return a card of these elements, as wide as the conversation."""
    teams = {"width": "full", **({"entities": list(entities)} if entities else {})}
    return {
        "type": "AdaptiveCard",
        "$schema": "https://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "lang": "ja",
        "msteams": teams,
        "body": list(body),
    }


def notice_card(said_by_us: str) -> Card:
    """Return a message of our own words."""
    return card(sentence(said_by_us))


def size(element: object) -> int:
    """Length in characters of JSON."""
    return len(json.dumps(element, ensure_ascii=False))
