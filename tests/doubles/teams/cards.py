"""Adaptive Cards as Teams takes them and as people see them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from microsoft_teams import cards as sdk
from pydantic import BaseModel, ValidationError

Json = dict[str, Any]

CARD = "application/vnd.microsoft.card.adaptive"
CARD_CHARACTERS = 20_000
"""The most that this project sends, far below what Teams refuses."""
_TYPES: dict[str, type[BaseModel]] = {
    "AdaptiveCard": sdk.AdaptiveCard,
    "TextBlock": sdk.TextBlock,
    "RichTextBlock": sdk.RichTextBlock,
    "TextRun": sdk.TextRun,
    "Container": sdk.Container,
    "ColumnSet": sdk.ColumnSet,
    "Column": sdk.Column,
    "FactSet": sdk.FactSet,
    "ActionSet": sdk.ActionSet,
    "Image": sdk.Image,
    "Input.Text": sdk.TextInput,
    "Input.ChoiceSet": sdk.ChoiceSetInput,
    "Input.Date": sdk.DateInput,
    "Input.Toggle": sdk.ToggleInput,
    "Action.Execute": sdk.ExecuteAction,
    "Action.Submit": sdk.SubmitAction,
    "Action.OpenUrl": sdk.OpenUrlAction,
    "Action.ToggleVisibility": sdk.ToggleVisibilityAction,
    "Action.ShowCard": sdk.ShowCardAction,
}
"""What there is in version 1.5 and in Teams."""
_LATER = {"grid.area", "targetWidth", "themedUrls", "roundedCorners", "isSortKey", "layouts", "fallbackText"}
_ITEMS = ("body", "items", "columns", "inlines", "actions", "card", "fallback", "selectAction")
_MARKDOWN_LINK = re.compile(r"\[[^\]]*\]\([^)]*\)|https?://\S+")


def faults(card: Json) -> list[str]:
    """What Teams would refuse in this card, or silently drop."""
    found = [*_unknown(card, "card"), *_dangling(card)]
    try:
        sdk.AdaptiveCard.model_validate(card)
    except ValidationError as error:
        found += [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
    if card.get("version") != "1.5":
        found.append(f"version {card.get('version')}")
    size = len(json.dumps(card, ensure_ascii=False))
    return [*found, *([f"{size} characters"] if size > CARD_CHARACTERS else [])]


def _unknown(element: Json, where: str) -> Iterator[str]:
    """Types and fields that version 1.5 does not have: clients ignore them without a word."""
    kind = str(element.get("type", ""))
    model = _TYPES.get(kind)
    if model is None:
        yield f"{where}: type {kind!r}"
        return
    known = {"$schema", "type", "msteams"} | {field.alias or name for name, field in model.model_fields.items()}
    known |= {str(field.serialization_alias) for field in model.model_fields.values() if field.serialization_alias}
    yield from (f"{where}: {kind} has no {name}" for name in element if name not in known - _LATER)
    for inner, path in _children(element, where):
        yield from _unknown(inner, path)


def _children(element: Json, where: str) -> Iterator[tuple[Json, str]]:
    for name in _ITEMS:
        value = element.get(name)
        for index, inner in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(inner, dict):
                yield inner, f"{where}.{name}[{index}]"


def walk(element: Json) -> Iterator[Json]:
    """The element and all that are in it, in reading order."""
    yield element
    for inner, _ in _children(element, ""):
        yield from walk(inner)


def _dangling(card: Json) -> Iterator[str]:
    """Ids that are given twice, and toggles of what is not there."""
    ids = [str(element["id"]) for element in walk(card) if "id" in element and element["type"] != "Action.Execute"]
    yield from (f"id {name} twice" for name in sorted({name for name in ids if ids.count(name) > 1}))
    for element in walk(card):
        for target in element.get("targetElements", ()):
            name = target if isinstance(target, str) else target.get("elementId")
            if name not in ids:
                yield f"toggle of {name}, which is not there"


@dataclass(frozen=True, slots=True)
class Reading:
    """A card as its readers have it."""

    text: str
    """All words, hidden ones too."""
    visible: str
    """What somebody sees who presses nothing."""
    formatted: str
    """Words that Teams takes for Markdown: nothing from a draft may be in them."""
    links: tuple[str, ...]
    mentions: tuple[str, ...]
    actions: tuple[str, ...]
    """Titles of all buttons, hidden ones too."""


def read_card(card: Json) -> Reading:
    """Read a card, or a task module's."""
    elements = list(_shown(card))
    entities = card.get("msteams", {}).get("entities", ())
    mentions = tuple(str(entity.get("text")) for entity in entities if entity.get("type") == "mention")
    formatted = [_without(mentions, str(words)) for element in elements for words in _formatted(element)]
    opened = [str(element["url"]) for element in elements if element.get("type") == "Action.OpenUrl"]
    return Reading(
        text="\n".join(_words(card, hidden=True)),
        visible="\n".join(_words(card, hidden=False)),
        formatted="\n".join(formatted),
        links=(*opened, *(link for words in formatted for link in _MARKDOWN_LINK.findall(words))),
        mentions=mentions,
        actions=tuple(str(element["title"]) for element in elements if _is_action(element) and element.get("title")),
    )


def _shown(element: Json) -> Iterator[Json]:
    """As ``walk``, without what stands in for an element only in clients that do not know it."""
    yield element
    for inner, _ in _children(element, ""):
        if inner is not element.get("fallback"):
            yield from _shown(inner)


def _without(mentions: tuple[str, ...], words: str) -> str:
    """Take out the mentions: Teams puts somebody's name there, unformatted."""
    for mention in mentions:
        words = words.replace(mention, "")
    return words


def _is_action(element: Json) -> bool:
    return str(element.get("type", "")).startswith("Action.")


def _formatted(element: Json) -> Iterator[Any]:
    if element.get("type") == "TextBlock":
        yield element.get("text", "")
    for fact in element.get("facts", ()):
        yield from (fact.get("title", ""), fact.get("value", ""))


def _words(element: Json, *, hidden: bool) -> Iterator[str]:
    if not hidden and element.get("isVisible") is False:
        return
    if element.get("type") == "RichTextBlock":  # its runs are one line
        yield "".join(run if isinstance(run, str) else str(run.get("text", "")) for run in element.get("inlines", ()))
        return
    yield from (str(element[name]) for name in ("text", "title", "label", "placeholder", "value") if element.get(name))
    for fact in element.get("facts", ()):
        yield f"{fact.get('title', '')}　{fact.get('value', '')}"
    for choice in element.get("choices", ()):
        yield str(choice.get("title", ""))
    for inner, _ in _children(element, ""):
        if inner is not element.get("fallback"):
            yield from _words(inner, hidden=hidden)
