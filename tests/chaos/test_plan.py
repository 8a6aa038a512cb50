"""A seed repeats a run: the plan is made of it alone, and what the plan has people write is what it says."""

from __future__ import annotations

from datetime import date

import pytest

from rules import Reviewer, Verdict
from tests.chaos.plan import ONE, TWO, Act, Plan, Strike, plan

WHOLE = {"two": TWO, "one": ONE}


@pytest.fixture(scope="module")
def whole() -> Plan:
    return plan(7, **WHOLE)


def test_the_same_seed_makes_the_same_plan(whole: Plan) -> None:
    assert plan(7, **WHOLE) == whole
    assert plan(8, **WHOLE) != whole


def test_events_and_calls_go_astray_in_the_same_way_again(whole: Plan) -> None:
    first, again = whole.towns[0], plan(7, **WHOLE).towns[0]
    whims = [(first.whim()(method, {}), again.whim()(method, {})) for method in ("chat.postMessage", "chat.update")]
    assert all(one == other for one, other in whims)
    calls, repeated = first.whim(), again.whim()
    troubles = [calls("chat.postMessage", {}) for _ in range(500)]
    assert troubles == [repeated("chat.postMessage", {}) for _ in range(500)]
    assert any(troubles)


def test_a_run_is_as_hard_as_promised(whole: Plan) -> None:
    lives = [life for town in whole.towns for life in town.lives]
    assert len(lives) == 1_000
    assert {step.act for life in lives for step in life.steps} == set(Act)
    assert sum(town.kills for town in whole.towns) >= 50
    strikes = [blow.strike for town in whole.towns for blow in town.blows]
    assert strikes.count(Strike.STOP_DATABASE) + strikes.count(Strike.CRASH_DATABASE) == 2
    on_each_replica = [sum(blow.kills for blow in row) for row in whole.towns[0].rows_of_blows[:2]]
    assert min(on_each_replica) > max(on_each_replica) // 2
    assert any(blow.again is not None for town in whole.towns for blow in town.blows)


def test_drafts_are_forbidden_or_harmless_as_the_plan_says(whole: Plan) -> None:
    reviewer = Reviewer.load("chiba")
    texts = {step.text for life in whole.towns[1].lives for step in life.steps if step.text.words}
    for text in texts:
        verdict = reviewer.review(text.words, today=date(2026, 11, 21)).verdict
        assert verdict == (Verdict.BLOCK if text.forbidden else Verdict.PASS), text
