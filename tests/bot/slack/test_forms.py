"""The forms: what they ask, what they remember, and that Slack takes them whatever was written."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import Answer, DecisionKind, RulingKind
from bot.desk.presenting import (
    comment_required,
    disputable,
)
from bot.slack.blocks import View
from bot.slack.forms import (
    CHOICES,
    FIELD_LENGTH,
    FINDING,
    decision_form,
    dispute_any_form,
    dispute_form,
    fits_a_field,
    revision_form,
    ruling_form,
)
from rules.model import Level
from tests.bot.answers import ADVICE, DATE, finding, review
from tests.bot.slack.test_cards import HARMFUL, answer, dispute
from tests.conftest import Golden
from tests.doubles.slack import blocks as block_kit
from tests.doubles.slack.reading import read_view

WHERE = {
    "draft": "1790000000.000100",
    "revision": "1",
    "team": "T1",
    "channel": "C01REV",
    "thread": "1790000000.000100",
}


def shown(now: Any) -> Answer:
    return answer(now, text="うちの課長は無能だ。\n二行目")


FORMS: dict[str, Callable[[], View]] = {
    "approve": lambda: decision_form(shown(review()), DecisionKind.APPROVE, WHERE),
    "approve forbidden": lambda: decision_form(shown(review(finding())), DecisionKind.APPROVE, WHERE),
    "return": lambda: decision_form(shown(review()), DecisionKind.RETURN, WHERE),
    "dispute": lambda: dispute_form(finding(), {**WHERE, "position": 0}),
    "dispute any": lambda: dispute_any_form(shown(review(finding(), DATE, ADVICE)), WHERE),
    "rule": lambda: ruling_form(dispute(finding()), RulingKind.FOR_TOWN, {**WHERE, "dispute": 7}),
    "revise": lambda: revision_form(shown(review(finding())), WHERE),
    "revise what is not kept": lambda: revision_form(answer(review(finding()), text="■■■■■■■■", withheld=True), WHERE),
    "revise clean": lambda: revision_form(shown(review()), WHERE),
}


@pytest.mark.parametrize("name", FORMS)
def test_forms_look_as_they_did(name: str, golden: Golden) -> None:
    view = FORMS[name]()
    block_kit.check_view(view)
    golden(f"form {name}", view)


@pytest.mark.parametrize(
    ("kind", "now", "required"),
    [
        (DecisionKind.APPROVE, review(finding()), True),
        (DecisionKind.APPROVE, review(DATE), False),
        (DecisionKind.APPROVE, review(), False),
        (DecisionKind.RETURN, review(), True),
        (DecisionKind.HOLD, review(finding()), False),
    ],
)
def test_a_comment_is_asked_for_where_the_desk_will(kind: DecisionKind, now: Any, required: bool) -> None:  # noqa: FBT001 - a column
    assert comment_required(answer(now), kind) is required


def test_a_finding_is_chosen_by_its_place_in_the_record() -> None:
    late, early = finding(start=9), finding(start=2, quote="無知")
    view = dispute_any_form(shown(review(late, early)), WHERE)
    assert [(option["text"]["text"][:8], option["value"]) for option in options(view)] == [
        ("1. ⛔ 「無知", "1"),
        ("2. ⛔ 「無能", "0"),
    ]


def options(view: View) -> list[dict[str, Any]]:
    (select,) = [block["element"] for block in view["blocks"] if block.get("block_id") == FINDING]
    return [option for group in select["option_groups"] for option in group["options"]]


def test_what_was_disputed_is_not_offered_again() -> None:
    now = shown(answer(review(finding(), DATE)).review)
    assert [each.finding for each in disputable(answer(now.review, disputes=(dispute(finding()),)))] == [DATE]


def test_as_many_findings_as_a_view_can_hold_are_offered() -> None:
    many = review(*(finding(f"とても長い言い方その{n:05}" * 3, start=n) for n in range(3_000)))
    view = dispute_any_form(shown(many), WHERE)
    block_kit.check_view(view)
    assert len(options(view)) == CHOICES


@given(st.text(max_size=4_000))
def test_a_text_fits_as_javascript_counts(text: str) -> None:
    units = sum(2 if ord(character) > 0xFFFF else 1 for character in text)
    assert fits_a_field(text) is (units <= FIELD_LENGTH)


@pytest.mark.parametrize("quote", HARMFUL)
def test_words_of_a_draft_do_nothing_in_a_form(quote: str) -> None:
    harmful = finding(quote, Level.WARN, message=f"理由：{quote}", suggestion=f"案：{quote}")
    now = answer(review(harmful), text=quote)
    for view in (
        dispute_form(harmful, WHERE),
        dispute_any_form(now, WHERE),
        revision_form(now, WHERE),
        ruling_form(dispute(harmful, reason=quote), RulingKind.DECLINED, WHERE),
    ):
        block_kit.check_view(view)
        reading = read_view(view)
        assert (reading.mentions, reading.links) == ((), ())
        assert quote not in view["private_metadata"]


def test_two_hundred_findings_beside_the_longest_text_are_a_view_that_slack_takes() -> None:
    many = review(*(finding(f"言い方{number:03}", start=number) for number in range(200)))
    view = revision_form(answer(many, text="あ" * FIELD_LENGTH), WHERE)
    block_kit.check_view(view)
    assert json.loads(view["private_metadata"]) == WHERE
