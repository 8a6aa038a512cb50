"""What people enter is reported as Slack reports it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doubles.slack import inputs

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


YES, NO = ({"text": plain(words), "value": value} for words, value in (("はい", "yes"), ("いいえ", "no")))


def field(element: Json, **block: Any) -> Json:
    return {"type": "input", "block_id": "b", "label": plain("欄"), "element": {"action_id": "a", **element}, **block}


@pytest.mark.parametrize(
    ("element", "entered", "reported"),
    [
        ({"type": "plain_text_input"}, "下書き", {"value": "下書き"}),
        ({"type": "plain_text_input", "initial_value": "初め"}, None, {"value": "初め"}),
        ({"type": "static_select", "options": [YES, NO]}, "no", {"selected_option": NO}),
        ({"type": "radio_buttons", "options": [YES, NO], "initial_option": YES}, "yes", {"selected_option": YES}),
        ({"type": "checkboxes", "options": [YES, NO]}, ["yes", "no"], {"selected_options": [YES, NO]}),
        ({"type": "users_select"}, "U1", {"selected_user": "U1"}),
        ({"type": "multi_users_select"}, ["U1", "U2"], {"selected_users": ["U1", "U2"]}),
        ({"type": "multi_users_select", "initial_users": ["U3"]}, None, {"selected_users": ["U3"]}),
        ({"type": "static_select", "options": [YES, NO], "initial_option": NO}, None, {"selected_option": NO}),
        ({"type": "conversations_select"}, "C1", {"selected_conversation": "C1"}),
        ({"type": "conversations_select", "initial_conversation": "C2"}, None, {"selected_conversation": "C2"}),
        ({"type": "datepicker"}, "2026-12-05", {"selected_date": "2026-12-05"}),
    ],
)
def test_each_kind_of_input(element: Json, entered: Any, reported: Json) -> None:
    values = {} if entered is None else {"a": entered}
    assert inputs.state([field(element)], values) == {"b": {"a": {"type": element["type"], **reported}}}


def test_an_optional_input_may_stay_empty() -> None:
    empty = field({"type": "plain_text_input"}, optional=True)
    assert inputs.state([empty], {}) == {"b": {"a": {"type": "plain_text_input", "value": None}}}


def test_what_is_not_there_cannot_be_entered_or_chosen() -> None:
    chooser = field({"type": "static_select", "options": [YES]})
    with pytest.raises(LookupError):
        inputs.state([chooser], {"a": "no"})
    with pytest.raises(ValueError, match="no input called"):
        inputs.state([chooser], {"a": "yes", "z": "yes"})


def test_feedback_buttons_report_which_one() -> None:
    feedback = {"type": "feedback_buttons", "action_id": "f", "positive_button": YES, "negative_button": NO}
    blocks = [{"type": "context_actions", "block_id": "b", "elements": [feedback]}]
    assert inputs.action(blocks, "f", "negative") == {
        "action_id": "f",
        "block_id": "b",
        "type": "feedback_buttons",
        "text": NO["text"],
        "value": "no",
    }


def test_one_of_several_like_buttons_is_pressed() -> None:
    rows = [
        {
            "type": "actions",
            "block_id": block,
            "elements": [{"type": "button", "action_id": "go", "text": plain(block)}],
        }
        for block in ("one", "two")
    ]
    assert inputs.action(rows, "go", None)["block_id"] == "one"
    assert inputs.action(rows, "go", None, "two")["text"] == plain("two")
    with pytest.raises(LookupError):
        inputs.action(rows, "go", None, "three")
