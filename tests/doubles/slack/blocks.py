"""Block Kit as Slack validates it: what may stand where, how long, how many.

A check takes a value and its JSON pointer and yields a sentence for each fault, worded as Slack words them.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .errors import SlackError

Json = dict[str, Any]
Check = Callable[[Any, str], Iterator[str]]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_TEXT = 4_000
"""Slack documents 40,000, and answers ``msg_too_long`` from here on."""
ALL_BLOCK_TEXT = 13_200
"""All text of one message's blocks, and CONTAINER for each object that holds some; measured, not documented."""
CONTAINER = 10
VIEW_BYTES = 250_000


def _fault(sentence: str, pointer: str) -> str:
    return f"{sentence} [json-pointer:{pointer}]"


# the small language of checks


def string(maximum: int, minimum: int = 1) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield _fault("must be a string", pointer)
        elif len(value) > maximum:
            yield _fault(f"must be less than {maximum + 1} characters", pointer)
        elif len(value) < minimum:
            yield _fault(f"must be more than {minimum - 1} characters", pointer)

    return check


def boolean(value: Any, pointer: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield _fault("must be a boolean", pointer)


def integer(minimum: int, maximum: int) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= maximum:
            yield _fault(f"must be an integer between {minimum} and {maximum}", pointer)

    return check


def choice(*allowed: str) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if value not in allowed:
            yield _fault(f"must be one of {', '.join(allowed)}", pointer)

    return check


def url(maximum: int = 3_000) -> Check:
    length = string(maximum)

    def check(value: Any, pointer: str) -> Iterator[str]:
        yield from length(value, pointer)
        if isinstance(value, str) and not value.startswith(("http://", "https://", "mailto:", "tel:", "slack:")):
            yield _fault("invalid url", pointer)

    return check


def array(item: Check, maximum: int, minimum: int = 1) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield _fault("must be an array", pointer)
            return
        if len(value) > maximum:
            yield _fault(f"no more than {maximum} items allowed", pointer)
        if len(value) < minimum:
            yield _fault(f"no fewer than {minimum} items allowed", pointer)
        for index, entry in enumerate(value):
            yield from item(entry, f"{pointer}/{index}")

    return check


def obj(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with exactly these fields; a field ``type`` is checked by whoever chose this check."""
    known = {**required, **(optional or {})}

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _fault("must provide an object", pointer)
            return
        for name in required:
            if name not in value:
                yield _fault(f"missing required field: {name}", pointer)
        for name, entry in value.items():
            if name in known:
                yield from known[name](entry, f"{pointer}/{name}")
            elif name != "type":
                yield _fault(f"invalid additional property: {name}", pointer)

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _fault("must provide an object", pointer)
        elif "type" not in value:
            yield _fault("missing required field: type", pointer)
        elif value["type"] not in kinds:
            yield _fault(f"unsupported type: {value['type']}", f"{pointer}/type")
        else:
            yield from kinds[value["type"]](value, pointer)

    return check


# composition objects


def plain_text(maximum: int) -> Check:
    return by_type({"plain_text": obj({"text": string(maximum)}, {"emoji": boolean})})


def any_text(maximum: int) -> Check:
    return by_type(
        {
            "plain_text": obj({"text": string(maximum)}, {"emoji": boolean}),
            "mrkdwn": obj({"text": string(maximum)}, {"verbatim": boolean}),
        }
    )


_ACTION = {"action_id": string(255)}
_FOCUS = {"focus_on_load": boolean}
_CONFIRM = {
    "confirm": obj(
        {"title": plain_text(100), "text": any_text(300), "confirm": plain_text(30), "deny": plain_text(30)},
        {"style": choice("primary", "danger")},
    )
}
_PLACEHOLDER = {"placeholder": plain_text(150)}
_OPTION = obj({"text": any_text(75), "value": string(150)}, {"description": any_text(75), "url": url()})
_OPTIONS = {
    "options": array(_OPTION, 100),
    "option_groups": array(obj({"label": plain_text(75), "options": array(_OPTION, 100)}), 100),
}
_FEEDBACK = obj({"text": plain_text(75), "value": string(2_000)}, {"accessibility_label": string(75)})
_IMAGE = obj(
    {"alt_text": string(2_000)},
    {"image_url": url(), "slack_file": obj({}, {"id": string(255), "url": url()})},
)


# elements

_BUTTON = obj(
    {"text": plain_text(75)},
    {
        **_ACTION,
        **_CONFIRM,
        "url": url(),
        "value": string(2_000),
        "style": choice("primary", "danger"),
        "accessibility_label": string(75),
    },
)
_SELECT = {**_ACTION, **_CONFIRM, **_FOCUS, **_PLACEHOLDER}
_STATIC_SELECT = obj({}, {**_SELECT, **_OPTIONS, "initial_option": _OPTION})
_MULTI_STATIC_SELECT = obj(
    {}, {**_SELECT, **_OPTIONS, "initial_options": array(_OPTION, 100), "max_selected_items": integer(1, 100)}
)
_USERS_SELECT = obj({}, {**_SELECT, "initial_user": string(255)})
_MULTI_USERS_SELECT = obj(
    {}, {**_SELECT, "initial_users": array(string(255), 100), "max_selected_items": integer(1, 100)}
)
_CONVERSATIONS_SELECT = obj(
    {},
    {
        **_SELECT,
        "initial_conversation": string(255),
        "default_to_current_conversation": boolean,
        "response_url_enabled": boolean,
        "filter": obj({}, {"include": array(string(10), 4), "exclude_bot_users": boolean}),
    },
)
_CHECKBOXES = obj(
    {"options": array(_OPTION, 10)}, {**_ACTION, **_CONFIRM, **_FOCUS, "initial_options": array(_OPTION, 10)}
)
_RADIO_BUTTONS = obj({"options": array(_OPTION, 10)}, {**_ACTION, **_CONFIRM, **_FOCUS, "initial_option": _OPTION})
_OVERFLOW = obj({"options": array(_OPTION, 5)}, {**_ACTION, **_CONFIRM})
_DATEPICKER = obj({}, {**_ACTION, **_CONFIRM, **_FOCUS, **_PLACEHOLDER, "initial_date": string(10, 10)})
_PLAIN_TEXT_INPUT = obj(
    {},
    {
        **_ACTION,
        **_FOCUS,
        **_PLACEHOLDER,
        "initial_value": string(3_000, 0),
        "multiline": boolean,
        "min_length": integer(0, 3_000),
        "max_length": integer(1, 3_000),
        "dispatch_action_config": obj({}, {"trigger_actions_on": array(string(30), 2)}),
    },
)
_FEEDBACK_BUTTONS = obj({"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, _ACTION)
_ICON_BUTTON = obj(
    {"icon": choice("trash"), "text": plain_text(75)},
    {
        **_ACTION,
        **_CONFIRM,
        "value": string(2_000),
        "accessibility_label": string(75),
        "visible_to_user_ids": array(string(255), 100),
    },
)

_CHOOSERS: dict[str, Check] = {
    "static_select": _STATIC_SELECT,
    "multi_static_select": _MULTI_STATIC_SELECT,
    "users_select": _USERS_SELECT,
    "multi_users_select": _MULTI_USERS_SELECT,
    "conversations_select": _CONVERSATIONS_SELECT,
    "checkboxes": _CHECKBOXES,
    "radio_buttons": _RADIO_BUTTONS,
    "datepicker": _DATEPICKER,
}
_INTERACTIVE: dict[str, Check] = {**_CHOOSERS, "button": _BUTTON, "overflow": _OVERFLOW}


# rich text

_STYLE = {
    "style": obj(
        {},
        dict.fromkeys(
            ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), boolean
        ),
    )
}
_RICH_TEXT_ELEMENT = by_type(
    {
        "text": obj({"text": string(40_000)}, _STYLE),
        "link": obj({"url": string(3_000)}, {**_STYLE, "text": string(40_000), "unsafe": boolean}),
        "user": obj({"user_id": string(255)}, _STYLE),
        "usergroup": obj({"usergroup_id": string(255)}, _STYLE),
        "channel": obj({"channel_id": string(255)}, _STYLE),
        "broadcast": obj({"range": choice("here", "channel", "everyone")}, _STYLE),
        "emoji": obj({"name": string(255)}, {**_STYLE, "unicode": string(255), "skin_tone": integer(1, 6)}),
        "date": obj({"timestamp": integer(0, 2**40), "format": string(255)}, {"url": url(), "fallback": string(255)}),
        "color": obj({"value": string(7)}),
    }
)
_RICH_TEXT_SECTION = obj({"elements": array(_RICH_TEXT_ELEMENT, 10_000, 0)})
_RICH_TEXT = obj(
    {
        "elements": array(
            by_type(
                {
                    "rich_text_section": _RICH_TEXT_SECTION,
                    "rich_text_list": obj(
                        {
                            "style": choice("bullet", "ordered"),
                            "elements": array(by_type({"rich_text_section": _RICH_TEXT_SECTION}), 1_000),
                        },
                        {"indent": integer(0, 8), "offset": integer(0, 10_000), "border": integer(0, 1)},
                    ),
                    "rich_text_quote": obj(
                        {"elements": array(_RICH_TEXT_ELEMENT, 10_000, 0)}, {"border": integer(0, 1)}
                    ),
                    "rich_text_preformatted": obj(
                        {"elements": array(_RICH_TEXT_ELEMENT, 10_000, 0)},
                        {"border": integer(0, 1), "language": string(50)},
                    ),
                }
            ),
            1_000,
        )
    },
    {"block_id": string(255)},
)


# blocks

_BLOCK_ID = {"block_id": string(255)}
_TABLE_CELL = by_type({"raw_text": obj({"text": string(3_000)}), "rich_text": _RICH_TEXT})


def _section(value: Any, pointer: str) -> Iterator[str]:
    yield from _SECTION_FIELDS(value, pointer)
    if isinstance(value, dict) and not ("text" in value or "fields" in value):
        yield _fault("missing required field: text or fields", pointer)


_SECTION_FIELDS = obj(
    {},
    {
        **_BLOCK_ID,
        "text": any_text(3_000),
        "fields": array(any_text(2_000), 10),
        "accessory": by_type({**_INTERACTIVE, "image": _IMAGE}),
        "expand": boolean,
    },
)

_EVERYWHERE: dict[str, Check] = {
    "section": _section,
    "header": obj({"text": plain_text(150)}, _BLOCK_ID),
    "divider": obj({}, _BLOCK_ID),
    "context": obj(
        {
            "elements": array(
                by_type(
                    {
                        "image": _IMAGE,
                        "plain_text": obj({"text": string(3_000)}, {"emoji": boolean}),
                        "mrkdwn": obj({"text": string(3_000)}, {"verbatim": boolean}),
                    }
                ),
                10,
            )
        },
        _BLOCK_ID,
    ),
    "actions": obj({"elements": array(by_type(_INTERACTIVE), 25)}, _BLOCK_ID),
    "input": obj(
        {"label": plain_text(2_000), "element": by_type({**_CHOOSERS, "plain_text_input": _PLAIN_TEXT_INPUT})},
        {**_BLOCK_ID, "hint": plain_text(2_000), "optional": boolean, "dispatch_action": boolean},
    ),
    "image": obj(
        {"alt_text": string(2_000)},
        {
            **_BLOCK_ID,
            "image_url": url(),
            "title": plain_text(2_000),
            "slack_file": obj({}, {"id": string(255), "url": url()}),
        },
    ),
    "rich_text": _RICH_TEXT,
}
_MESSAGE_ONLY: dict[str, Check] = {
    "context_actions": obj(
        {"elements": array(by_type({"feedback_buttons": _FEEDBACK_BUTTONS, "icon_button": _ICON_BUTTON}), 5)},
        _BLOCK_ID,
    ),
    "markdown": obj({"text": string(12_000)}, _BLOCK_ID),
    "table": obj(
        {"rows": array(array(_TABLE_CELL, 20), 100)},
        {
            **_BLOCK_ID,
            "column_settings": array(obj({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean}), 20),
        },
    ),
}
_MESSAGE = array(by_type({**_EVERYWHERE, **_MESSAGE_ONLY}), MESSAGE_BLOCKS, 0)
_VIEW_BLOCKS_CHECK = array(by_type(_EVERYWHERE), VIEW_BLOCKS, 0)
_VIEW_FIELDS: dict[str, Check] = {
    "private_metadata": string(3_000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_VIEW = by_type(
    {
        "modal": obj(
            {"title": plain_text(24), "blocks": _VIEW_BLOCKS_CHECK},
            {
                **_VIEW_FIELDS,
                "submit": plain_text(24),
                "close": plain_text(24),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
                "submit_disabled": boolean,
            },
        ),
        "home": obj({"blocks": _VIEW_BLOCKS_CHECK}, _VIEW_FIELDS),
    }
)


def _repeated_ids(blocks: Any, pointer: str) -> Iterator[str]:
    if not isinstance(blocks, list):
        return
    given = Counter(block["block_id"] for block in blocks if isinstance(block, dict) and block.get("block_id"))
    yield from (_fault(f"block_id {name} already exists", pointer) for name, count in given.items() if count > 1)
    for index, block in enumerate(blocks):
        actions = Counter(element["action_id"] for element in elements_of(block) if element.get("action_id"))
        yield from (
            _fault(
                f"`action_id` {name} already exists for `block_id` {block.get('block_id', index)}", f"{pointer}/{index}"
            )
            for name, count in actions.items()
            if count > 1
        )


def elements_of(block: Any) -> list[Json]:
    """The interactive elements of a block: of actions, of an input, or the accessory."""
    if not isinstance(block, dict):
        return []
    found = [block.get("accessory"), block.get("element")]
    if block.get("type") in {"actions", "context_actions"} and isinstance(block.get("elements"), list):
        found += block["elements"]
    return [element for element in found if isinstance(element, dict)]


def block_text(value: Any) -> int:
    """Length of all text in blocks, as the limit of a whole message counts it."""
    if isinstance(value, list):
        return sum(block_text(entry) for entry in value)
    if not isinstance(value, dict):
        return 0
    own = len(value["text"]) + CONTAINER if isinstance(value.get("text"), str) else 0
    return own + sum(block_text(entry) for entry in value.values() if isinstance(entry, (dict, list)))


def check_message(blocks: Any) -> None:
    """Refuse blocks of a message as ``chat.postMessage`` does.

    Raises SlackError ``invalid_blocks_format``, ``invalid_blocks`` (with the places), ``msg_blocks_too_long``.
    """
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if faults := [*_MESSAGE(blocks, "/blocks"), *_repeated_ids(blocks, "/blocks")]:
        raise SlackError("invalid_blocks", *faults)
    if block_text(blocks) > ALL_BLOCK_TEXT:
        raise SlackError("msg_blocks_too_long")


def check_view(view: Any) -> None:
    """Refuse a view as ``views.open`` does.

    Raises SlackError ``invalid_arguments`` (with the places), ``view_too_large``.
    """
    blocks = view.get("blocks") if isinstance(view, dict) else None
    faults = [*_VIEW(view, "/view"), *_repeated_ids(blocks, "/view/blocks")]
    if (
        not faults
        and view["type"] == "modal"
        and "submit" not in view
        and any(b["type"] == "input" for b in view["blocks"])
    ):
        faults.append(_fault("missing required field: submit (a view with an input block needs one)", "/view"))
    if faults:
        raise SlackError("invalid_arguments", *faults)
    if len(repr(view).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")


def complete(blocks: list[Json]) -> list[Json]:
    """The blocks as Slack keeps them: with the ``block_id`` and ``action_id`` that were left out."""
    finished = []
    for block in blocks:
        kept = {**block, "block_id": block.get("block_id") or secrets.token_hex(3)}
        for name in ("element", "accessory"):
            if isinstance(kept.get(name), dict) and kept[name]["type"] != "image":
                kept[name] = {"action_id": secrets.token_hex(3), **kept[name]}
        if kept["type"] in {"actions", "context_actions"}:
            kept["elements"] = [{"action_id": secrets.token_hex(3), **element} for element in kept["elements"]]
        finished.append(kept)
    return finished
