"""Figures on the running process for Prometheus: ``/metrics``.

Labels are kinds that the program itself names. No id of a person, channel or draft, no name and no text ever is one:
the figures may be seen by who may not see the drafts, and their number stays small.
"""

from __future__ import annotations

import math
import platform
import re
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest
from prometheus_client.process_collector import ProcessCollector
from structlog.contextvars import bound_contextvars

from bot.history import DecisionKind, Item, RulingKind
from bot.history.inbox import Backlog
from bot.worker import Handler, RetryLater
from rules import Review, Versions
from rules.model import Verdict

UNREADABLE: Final = "unreadable"
"""Verdict of a version that cannot be reviewed."""

_CODE: Final = re.compile(r"[a-z0-9_]{1,40}")
_ANSWER_SECONDS: Final = (0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300, 1800)
_REVIEW_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class Metrics:
    """The figures of one process, in a registry of their own. They begin at nought with the process.

    Is the desk's ``Meter``; the surface, the worker's handlers and the readiness checks report to it as well.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._build = Info("sns_check_build", "What the program is made of.", registry=self.registry)
        self._build.info({"version": version("sns-check"), "python": platform.python_version()})
        self._received = self._counter("received", "Things that a surface took in, each once.", "kind")
        self._repeated = self._counter("received_again", "Deliveries of what was known already.", "kind")
        self._refused = self._counter("refused_requests", "Requests that were refused at the edge.", "reason")
        self._reviewed = self._counter("reviewed", "Versions of drafts that were reviewed.", "verdict")
        self._broken = self._counter("reviews_failed", "Versions on which the engine broke.")
        self._findings = self._counter("findings", "Findings in reviewed versions.", "topic", "level")
        self._answered = self._counter("answered", "Versions whose answer was posted.", "verdict")
        self._decisions = self._counter("decisions", "Decisions of supervisors.", "kind")
        self._disputes = self._counter("disputes", "Findings that somebody took for wrong.")
        self._rulings = self._counter("rulings", "Answers to disputes.", "kind")
        self._handled = self._counter("handled", "Attempts to deal with what was taken in.", "kind", "outcome")
        self._slack_errors = self._counter("slack_errors", "Calls that Slack refused.", "method", "code")
        self._slack_retries = self._counter("slack_retries", "Calls of Slack that were repeated.", "reason")
        self._answer_seconds = self._histogram(
            "answer_seconds", "Seconds from the receipt of something to its answer.", _ANSWER_SECONDS, "kind"
        )
        self._review_seconds = self._histogram("review_seconds", "Seconds that a review took.", _REVIEW_SECONDS)
        self._queue = self._gauge("queue_items", "What was taken in and is not dealt with, of all processes together.")
        self._oldest = self._gauge("queue_oldest_seconds", "How long the oldest of it has been waiting.")
        self._ready = self._gauge("ready", "Whether a part can do its work (1) or not (0).", "part")

    # ── what the desk tells (``bot.desk.meter.Meter``) ───────────────────────────────────────────────────────────────

    def reviewed(self, review: Review, seconds: float) -> None:
        """Note a version that was read."""
        self._reviewed.labels(review.verdict).inc()
        self._review_seconds.observe(seconds)
        for finding in review.findings:
            self._findings.labels(finding.topic, finding.level).inc()

    def not_reviewed(self) -> None:
        """Note a version on which the engine broke."""
        self._broken.inc()

    def answered(self, verdict: Verdict | None) -> None:
        """Note a version whose answer was posted."""
        self._answered.labels(verdict or UNREADABLE).inc()

    def decided(self, kind: DecisionKind) -> None:
        """Note a supervisor's decision."""
        self._decisions.labels(kind).inc()

    def disputed(self) -> None:
        """Note that somebody takes a finding for wrong."""
        self._disputes.inc()

    def ruled(self, kind: RulingKind) -> None:
        """Note the answer to a dispute."""
        self._rulings.labels(kind).inc()

    # ── what the edge, the handlers and Slack's client tell ──────────────────────────────────────────────────────────

    def received(self, kind: str, *, again: bool = False) -> None:
        """Note that something of this kind was taken in, or was delivered again and is known."""
        (self._repeated if again else self._received).labels(kind).inc()

    def refused(self, reason: str) -> None:
        """Note a request that was refused at the edge."""
        self._refused.labels(reason).inc()

    def handled(self, kind: str, outcome: str) -> None:
        """Note an attempt to deal with an item: ``done``, ``later``, ``failed``, ``given_up``."""
        self._handled.labels(kind, outcome).inc()

    def answered_after(self, kind: str, seconds: float) -> None:
        """Note how long somebody waited for the answer to what was taken in."""
        self._answer_seconds.labels(kind).observe(seconds)

    def slack_refused(self, method: str, code: str) -> None:
        """Note a call that failed; ``code`` is Slack's, or ours for what never got there."""
        self._slack_errors.labels(method, code if _CODE.fullmatch(code) else "other").inc()

    def slack_repeated(self, reason: str) -> None:
        """Note that a call is repeated on the spot."""
        self._slack_retries.labels(reason).inc()

    # ── what is looked up when somebody asks ─────────────────────────────────────────────────────────────────────────

    def built_with(self, versions: Versions) -> None:
        """Say with which rules and dictionary drafts are read."""
        self._build.info(
            {
                "version": version("sns-check"),
                "python": platform.python_version(),
                "rules": versions.rules,
                "dictionary": versions.dictionary,
            }
        )

    def show_backlog(self, backlog: Backlog | None, now: datetime) -> None:
        """Show how much is waiting; ``None`` when the database does not say."""
        self._queue.set(backlog.items if backlog else math.nan)
        oldest = (now - backlog.oldest).total_seconds() if backlog and backlog.oldest else 0.0
        self._oldest.set(max(oldest, 0.0) if backlog else math.nan)

    def show_ready(self, part: str, *, ready: bool) -> None:
        """Show whether a part can do its work."""
        self._ready.labels(part).set(ready)

    def exposition(self) -> bytes:
        """Return all figures in Prometheus's text format."""
        return generate_latest(self.registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"sns_check_{name}", meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"sns_check_{name}", meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"sns_check_{name}", meaning, labels, buckets=buckets, registry=self.registry)


class MeteredHandler:
    """A surface's handler, with its attempts counted and its log lines marked with the item that they are about."""

    def __init__(self, handler: Handler, metrics: Metrics, clock: Callable[[], datetime]) -> None:
        self._handler = handler
        self._metrics = metrics
        self._clock = clock

    async def handle(self, item: Item) -> str | None:
        """Deal with the item."""
        with bound_contextvars(item=item.key):
            try:
                receipt = await self._handler.handle(item)
            except RetryLater:
                self._metrics.handled(item.kind, "later")
                raise
            except Exception:
                self._metrics.handled(item.kind, "failed")
                raise
        self._metrics.handled(item.kind, "done")
        if receipt:
            self._metrics.answered_after(item.kind, (self._clock() - item.received_at).total_seconds())
        return receipt

    async def give_up(self, item: Item) -> None:
        """Say that it did not work."""
        with bound_contextvars(item=item.key):
            await self._handler.give_up(item)
        self._metrics.handled(item.kind, "given_up")
