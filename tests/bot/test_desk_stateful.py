"""Whatever is written, decided, disputed and withdrawn in whatever order: nobody decides on their own draft, the words
that stand get one final decision, and the record only grows."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Coroutine
from typing import Any, ClassVar, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.desk import Decision, DecisionKind, DraftState, Place, Refusal, Refused, RulingKind, Thread
from bot.history import History
from tests.bot.office import Office

T = TypeVar("T")
TEXTS = ("良い文です。", "禁a です。", "禁a と 注b です。", " ")
ORDERS = st.integers(1, 9)
WHICH = st.none() | st.none() | ORDERS
"""The newest version, or any."""
AUTHORS = st.sampled_from(["U1", "U2"])
SUPERVISORS = st.sampled_from(["S1", "S2", "U2"])

_numbers = itertools.count()


class DraftMachine(RuleBasedStateMachine):
    """One draft at a place of its own; the database is the same for all runs."""

    runner: ClassVar[asyncio.Runner]
    office: ClassVar[Office]

    def __init__(self) -> None:
        super().__init__()
        self.place = Place("slack", "T1", "C1", str(next(_numbers)))
        self.written: dict[int, tuple[str, str]] = {}
        self.met: set[int] = set()
        self.decided: dict[int, list[DecisionKind]] = {}
        self.withdrawn = False
        self.before: Thread | None = None

    def _run(self, job: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(job)

    def _thread(self) -> Thread | None:
        return self._run(self.office.desk.thread(self.place))

    def _decisions(self) -> tuple[Decision, ...]:
        thread = self._thread()
        return thread.decisions if thread else ()

    @initialize(text=st.sampled_from(TEXTS))
    def begin(self, text: str) -> None:
        self.post(1, text, "U1")

    @rule(order=ORDERS, text=st.sampled_from(TEXTS), author=AUTHORS)
    def post(self, order: int, text: str, author: str) -> None:
        self.written.setdefault(order, (text, author))
        answer = self._run(self.office.post(order, text, author=author, place=self.place))
        assert (answer.text, answer.writer) == self.written[order], "what is known stays"
        assert not (answer.due and (self.withdrawn or order < max(self.written)))
        if answer.due:
            self.met.add(order)

    @rule(order=WHICH, kind=st.sampled_from(DecisionKind), actor=SUPERVISORS, comment=st.sampled_from(["", "理由"]))
    def decide(self, order: int | None, kind: DecisionKind, actor: str, comment: str) -> None:
        order = order or max(self.written)
        expected = self._refusal(order, kind, actor, comment)
        before = self._thread()
        decision = self.office.decide(order, kind, comment, actor=actor, place=self.place)
        outcome = self._run(_outcome(decision))
        if isinstance(outcome, Refusal):
            assert outcome is expected
            assert self._thread() == before, "a refusal changes nothing"
            return
        assert expected is None
        assert before is not None
        added = self._decisions()[len(before.decisions) :]
        assert [(each.kind, each.actor) for each in added] == [(kind, actor)][: len(added)]
        if not self._made(before, order, kind, actor, comment):
            assert outcome.decision == added[0]
            self.decided.setdefault(order, []).append(kind)
            self.met.add(order)

    @rule(order=WHICH, actor=AUTHORS)
    def dispute(self, order: int | None, actor: str) -> None:
        order = order or max(self.written)
        text = self.written.get(order, ("", ""))[0]
        possible = not self.withdrawn and self._stands(order) and "禁" in text
        outcome = self._run(_outcome(self.office.disputed(order, actor=actor, place=self.place)))
        assert isinstance(outcome, int) is possible

    @rule(kind=st.sampled_from(RulingKind), actor=SUPERVISORS)
    def rule_on_one(self, kind: RulingKind, actor: str) -> None:
        thread = self._thread()
        waiting = [dispute for dispute in thread.disputes if not dispute.ruling] if thread else []
        if thread is None or not waiting or kind is RulingKind.FOR_TOWN:  # the town's words would reach into other runs
            return
        outcome = self._run(
            _outcome(self.office.desk.rule(waiting[0].id, kind, actor, "", is_supervisor=True)),
        )
        if actor in thread.authors:
            assert outcome is Refusal.OWN_DRAFT
        else:
            assert not isinstance(outcome, Refusal)
            dispute, _answer = outcome
            assert dispute.ruling is not None
            assert (dispute.ruling.kind, dispute.ruling.actor) == (kind, actor)

    @rule(really=st.integers(0, 9))
    def withdraw(self, really: int) -> None:
        if really:  # seldom, for nothing more can happen afterwards
            return
        self._run(self.office.desk.withdraw(self.place, "U1", self.office.now))
        self.withdrawn = True

    @invariant()
    def the_record_only_grows(self) -> None:
        thread, before = self._thread(), self.before
        if thread and before:
            assert thread.events[: len(before.events)] == before.events
            assert thread.decisions[: len(before.decisions)] == before.decisions
            assert [each.id for each in thread.disputes[: len(before.disputes)]] == [
                each.id for each in before.disputes
            ]
        self.before = thread

    @invariant()
    def the_words_that_stand_have_one_final_decision(self) -> None:
        thread = self._thread()
        if thread is None:
            return
        for version in thread.versions:
            kinds = [each.kind for each in thread.decisions if each.revision == version.revision]
            assert all(kind is DecisionKind.HOLD for kind in kinds[:-1])
        expected = DraftState.WAITING
        if thread.decision:
            expected = thread.decision.kind.state
            assert self.written[int(thread.decision.revision[1:])][0] == self.written[max(self.written)][0]
        assert thread.state is (DraftState.WITHDRAWN if self.withdrawn else expected)

    def _stands(self, order: int) -> bool:
        """Whether nobody met other words since."""
        newest = max(self.written)
        return order in self.written and not any(
            self.written[each][0] != self.written[order][0]
            for each in self.written
            if each == newest or (order < each and each in self.met)
        )

    def _made(self, thread: Thread, order: int, kind: DecisionKind, actor: str, comment: str) -> bool:
        what = (kind, f"r{order}", actor, comment)
        return any(what == (each.kind, each.revision, each.actor, each.comment) for each in thread.decisions)

    def _refusal(  # noqa: PLR0911 - as many as there are reasons
        self, order: int, kind: DecisionKind, actor: str, comment: str
    ) -> Refusal | None:
        thread = self._thread()
        if thread is None:
            return Refusal.UNKNOWN
        if actor in {author for _, author in self.written.values()}:
            return Refusal.OWN_DRAFT
        if order not in self.written:
            return Refusal.UNKNOWN
        if self.withdrawn:
            return Refusal.WITHDRAWN
        if not self._stands(order):
            return Refusal.OUTDATED
        if self._made(thread, order, kind, actor, comment):
            return None
        if any(self._stands(each) and kinds[-1].final for each, kinds in self.decided.items()):
            return Refusal.ALREADY_DECIDED
        if self.written[order][0] == " " and kind is DecisionKind.APPROVE:
            return Refusal.NOT_REVIEWED
        dropped = any(each.ruling and each.ruling.kind.accepted for each in thread.disputes)
        blocked = kind is DecisionKind.APPROVE and "禁" in self.written[order][0] and not dropped
        return Refusal.COMMENT_REQUIRED if not comment and (blocked or kind is DecisionKind.RETURN) else None


async def _outcome(job: Coroutine[Any, Any, T]) -> T | Refusal:
    try:
        return await job
    except Refused as refused:
        return refused.reason


def test_drafts_against_a_model(url: str) -> None:
    with asyncio.Runner() as event_loop:
        opened = History.open(url)
        history = event_loop.run(opened.__aenter__())
        try:

            class Drafts(DraftMachine):
                runner = event_loop
                office = Office(history)

            run_state_machine_as_test(Drafts, settings=settings(max_examples=15, stateful_step_count=25, deadline=None))
        finally:
            event_loop.run(opened.__aexit__(None, None, None))
