"""Figures: what is counted, what a label may be, and that the Grafana dashboard asks for nothing that is not there."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.desk import Place, Reviewers, Submission
from bot.desk.desk import Desk
from bot.history import DecisionKind, History, Item, RulingKind
from bot.history.inbox import Backlog
from bot.metrics import MeteredHandler, Metrics
from bot.worker import RetryLater
from rules import Reviewer

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PLACE = Place("slack", "T1", "C1", "1.000100")
DRAFT = "うちの課長は無能だ。"
DASHBOARD = Path(__file__).parents[2] / "deploy" / "grafana" / "sns-check.json"
LABELS = {"code", "kind", "le", "level", "method", "outcome", "part", "reason", "topic", "verdict"}
BUILD = {"version", "python", "rules", "dictionary", "implementation", "major", "minor", "patchlevel"}


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(f"sns_check_{name}", labels)


async def test_the_desk_counts_what_really_happened_once(history: History) -> None:
    metrics = Metrics()
    desk = Desk(history, Reviewers(), lambda: NOW, meter=metrics)
    submission = Submission(PLACE, "1", 1.0, "U1", DRAFT, NOW)
    for _ in range(2):
        answer = await desk.submit(submission, "chiba")
    await desk.answered(answer, "posted")
    for _ in range(2):
        dispute, _ = await desk.dispute(PLACE, "1", 0, "U1", "事実です")
        await desk.rule(dispute.id, RulingKind.DECLINED, "U8", "", is_supervisor=True)
        await desk.decide(PLACE, "1", DecisionKind.RETURN, "U8", "直してください", is_supervisor=True)
    assert value(metrics, "reviewed_total", verdict="block") == 1
    assert value(metrics, "review_seconds_count") == 1
    assert value(metrics, "findings_total", topic="insult", level="block") == 1
    assert value(metrics, "answered_total", verdict="block") == 1
    assert value(metrics, "disputes_total") == 1
    assert value(metrics, "rulings_total", kind=RulingKind.DECLINED) == 1
    assert value(metrics, "decisions_total", kind=DecisionKind.RETURN) == 1


class Answers:
    """A handler that does what it is told."""

    def __init__(self, *outcomes: str | Exception) -> None:
        self._outcomes = iter(outcomes)

    async def handle(self, item: Item) -> str | None:
        assert item.kind == "version"
        outcome = next(self._outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome or None

    async def give_up(self, item: Item) -> None:
        assert item.kind == "version"


async def test_attempts_are_counted_by_outcome_and_timed_when_answered() -> None:
    metrics = Metrics()
    handler = MeteredHandler(
        Answers(RetryLater(), ValueError(), "", "posted"), metrics, lambda: NOW + timedelta(seconds=2)
    )
    item = Item("k", "slack", "version", "p", 1.0, NOW, {})
    with pytest.raises(RetryLater):
        await handler.handle(item)
    with pytest.raises(ValueError, match=r"^$"):
        await handler.handle(item)
    assert await handler.handle(item) is None
    assert await handler.handle(item) == "posted"
    await handler.give_up(item)
    counted = {
        outcome: value(metrics, "handled_total", kind="version", outcome=outcome)
        for outcome in ("later", "failed", "done", "given_up")
    }
    assert counted == {"later": 1, "failed": 1, "done": 2, "given_up": 1}
    assert value(metrics, "answer_seconds_count", kind="version") == 1
    assert value(metrics, "answer_seconds_sum", kind="version") == 2


def test_the_backlog_is_shown_with_its_age() -> None:
    metrics = Metrics()
    metrics.show_backlog(Backlog(3, NOW - timedelta(seconds=90)), NOW)
    assert (value(metrics, "queue_items"), value(metrics, "queue_oldest_seconds")) == (3, 90)
    metrics.show_backlog(Backlog(0, None), NOW)
    assert (value(metrics, "queue_items"), value(metrics, "queue_oldest_seconds")) == (0, 0)


def test_what_slack_says_becomes_a_label_only_if_it_looks_like_a_code() -> None:
    metrics = Metrics()
    metrics.slack_refused("chat.postMessage", "is_archived")
    metrics.slack_refused("chat.postMessage", "うちの課長 <U1>")
    assert value(metrics, "slack_errors_total", method="chat.postMessage", code="is_archived") == 1
    assert value(metrics, "slack_errors_total", method="chat.postMessage", code="other") == 1


def test_two_processes_in_one_interpreter_do_not_share_figures() -> None:
    first, second = Metrics(), Metrics()
    first.disputed()
    assert (value(first, "disputes_total"), value(second, "disputes_total")) == (1, 0)


def everything() -> Metrics:
    """Figures in which each kind has at least one value."""
    metrics = Metrics()
    reviewer = Reviewer.load("chiba")
    metrics.built_with(reviewer.versions)
    metrics.reviewed(reviewer.review(DRAFT, today=NOW.date()), 0.01)
    metrics.not_reviewed()
    metrics.answered(None)
    metrics.decided(DecisionKind.APPROVE)
    metrics.disputed()
    metrics.ruled(RulingKind.DECLINED)
    metrics.received("version")
    metrics.received("version", again=True)
    metrics.refused("signature")
    metrics.handled("version", "done")
    metrics.answered_after("version", 1.0)
    metrics.slack_refused("chat.postMessage", "ratelimited")
    metrics.slack_repeated("connection")
    metrics.show_backlog(Backlog(1, NOW), NOW)
    metrics.show_ready("slack", ready=True)
    return metrics


def exported() -> dict[str, set[str]]:
    """Names of all samples that a process exports, with their labels."""
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(everything().exposition().decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def test_labels_are_kinds_and_never_people_places_or_texts() -> None:
    for name, labels in exported().items():
        assert labels <= (BUILD if name == "sns_check_build_info" else LABELS), name


def test_what_the_program_is_made_of_is_told() -> None:
    text = everything().exposition().decode()
    (build,) = [line for line in text.splitlines() if line.startswith("sns_check_build_info")]
    versions = Reviewer.load("chiba").versions
    assert versions.rules in build
    assert versions.dictionary in build


# ── the dashboard ────────────────────────────────────────────────────────────────────────────────────────────────────


def panels(board: dict[str, Any]) -> list[dict[str, Any]]:
    return [inner for panel in board["panels"] for inner in (panel, *panel.get("panels", ()))]


def expressions(board: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in panels(board) for target in panel.get("targets", ())]


def test_the_dashboard_asks_for_nothing_that_is_not_exported() -> None:
    there = exported()
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    asked = expressions(board)
    assert asked
    for expression in asked:
        names = re.findall(r"\b(?:sns_check|process)_\w+", expression)
        assert names, expression
        for name in names:
            assert name in there, expression
        for label in re.findall(r"by \(([^)]*)\)|\{(\w+)=", expression):
            wanted = {one.strip() for one in (label[0] or label[1]).split(",")}
            assert wanted <= set().union(*(there[name] for name in names)) | {"instance", "job"}, expression


def test_the_dashboard_shows_every_figure_of_ours() -> None:
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    asked = " ".join(expressions(board))
    ours = {re.sub(r"_(bucket|sum|count|created)$", "", name) for name in exported() if name.startswith("sns_check_")}
    assert sorted(name for name in ours if name not in asked) == []


def test_the_panels_of_the_dashboard_do_not_overlap() -> None:
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    taken: set[tuple[int, int]] = set()
    ids = [panel["id"] for panel in panels(board)]
    assert len(ids) == len(set(ids))
    for panel in panels(board):
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
