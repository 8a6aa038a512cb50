"""What people put into the elements of blocks, as payloads report it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .blocks import elements_of

Json = dict[str, Any]


def action(blocks: list[Json], action_id: str, value: Any, block_id: str = "") -> Json:
    """What Slack says about the button or menu that was used, the first of that name (in the block, if one is given).

    Raises LookupError when there is none.
    """
    for block in blocks:
        if block_id not in {"", block["block_id"]}:
            continue
        for element in elements_of(block):
            if element.get("action_id") == action_id:
                return {
                    "action_id": action_id,
                    "block_id": block["block_id"],
                    "type": element["type"],
                    **_pressed(element, value),
                }
    message = f"nothing to click is called {action_id!r}"
    raise LookupError(message)


def state(blocks: list[Json], values: Mapping[str, Any]) -> Json:
    """``view.state.values``. Raises ValueError for an input that the client would not accept."""
    entered: Json = {}
    known = set()
    for block in blocks:
        for element in elements_of(block):
            names = {block["block_id"], element.get("action_id", "")}
            known |= names
            given = next((values[name] for name in values if name in names), None)
            if block["type"] == "input":
                _accepts(block, element, _initial(element) if given is None else given)
            if element["type"] not in {"button", "overflow"}:
                entered.setdefault(block["block_id"], {})[element["action_id"]] = _chosen(element, given)
    if unknown := set(values) - known:
        message = f"the view has no input called {sorted(unknown)}"
        raise ValueError(message)
    return entered


def _pressed(element: Json, value: Any) -> Json:
    match element["type"]:
        case "button":
            return {"text": element["text"], "value": element.get("value", "")}
        case "feedback_buttons":
            chosen = element[f"{value or 'positive'}_button"]
            return {"text": chosen["text"], "value": chosen["value"]}
        case _:
            return _chosen(element, value)


def _initial(element: Json) -> Any:
    """What stands in an input before anybody has touched it."""
    return next((value for name, value in element.items() if name.startswith("initial_")), None)


def _accepts(block: Json, element: Json, given: Any) -> None:
    if not given and not block.get("optional"):
        message = f"{block['block_id']}: a value is needed"
        raise ValueError(message)
    if element["type"] == "plain_text_input" and len(given or "") > element.get("max_length", 3_000):
        message = f"{block['block_id']}: too long"
        raise ValueError(message)


_SELECTED = {
    "datepicker": ("selected_date", "initial_date"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
}


def _chosen(element: Json, value: Any) -> Json:
    kind = element["type"]
    match kind:
        case "plain_text_input":
            return {"type": kind, "value": (element.get("initial_value") if value is None else value) or None}
        case "checkboxes" | "multi_static_select":
            options = element.get("initial_options", []) if value is None else [_option(element, v) for v in value]
            return {"type": kind, "selected_options": options}
        case _ if kind in _SELECTED:
            selected, initial = _SELECTED[kind]
            return {"type": kind, selected: element.get(initial) if value is None else value}
        case _:
            option = element.get("initial_option") if value is None else _option(element, value)
            return {"type": kind, "selected_option": option}


def _option(element: Json, value: str) -> Json:
    groups = [element.get("options", []), *(group["options"] for group in element.get("option_groups", []))]
    for option in (option for group in groups for option in group):
        if option["value"] == value:
            return dict(option)
    message = f"no option {value!r} in {json.dumps(element, ensure_ascii=False)}"
    raise LookupError(message)
