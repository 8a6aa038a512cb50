"""Whatever people write, edit and delete, in whatever order and however often it is delivered, and whatever goes wrong
with posting: one open answer to the words that stand, no answer twice, and a record that is the same as what Slack has.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bot.desk import DraftState
from bot.history import Thread, Version
from tests.bot.running import until
from tests.bot.slack.conftest import BAD, Opening, Town
from tests.doubles.slack import Post, SlackDouble, shuffled
from tests.e2e.drafts import CALM, MUST_FIX

T = TypeVar("T")

WITHDRAWN = "取り下げられました"

TEXTS = ("花火は延期です。", f"{BAD}な対応です。", f"とても{BAD}です。")
TROUBLE: dict[str, Callable[[SlackDouble], None]] = {
    "none": lambda _: None,
    "the answer is posted, and nobody hears of it": lambda slack: slack.mischief.cut(
        "chat.postMessage", after_effect=True
    ),
    "posted, and an error page": lambda slack: slack.mischief.break_down("chat.postMessage", after_effect=True),
    "too many requests": lambda slack: slack.mischief.rate_limit("chat.postMessage"),
    "the connection breaks before": lambda slack: slack.mischief.cut("chat.postMessage"),
    "the thread cannot be read": lambda slack: slack.mischief.break_down("conversations.replies"),
}
ACTIONS = st.tuples(st.sampled_from(["post", "edit", "edit", "delete"]), st.integers(0, 2), st.sampled_from(TEXTS))


class TownMachine(RuleBasedStateMachine):
    """One channel of a town that goes on from run to run; each run writes drafts of its own."""

    loop: ClassVar[asyncio.Runner]
    slack: ClassVar[SlackDouble]
    open_town: ClassVar[Opening]
    opened: ClassVar[AbstractAsyncContextManager[Town]]
    town: ClassVar[Town]

    def __init__(self) -> None:
        super().__init__()
        self.standing: list[Post] = []
        self.deleted: list[Post] = []

    @classmethod
    def open(cls) -> None:
        cls.opened = cls.open_town()
        cls.town = cls.loop.run(cls.opened.__aenter__())

    @classmethod
    def close(cls) -> None:
        cls.loop.run(cls.opened.__aexit__(None, None, None))

    def _run(self, job: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(job)

    @rule(
        actions=st.lists(ACTIONS, min_size=1, max_size=4),
        seed=st.integers(0, 99),
        again=st.booleans(),
        trouble=st.sampled_from(sorted(TROUBLE)),
    )
    def people_act(self, actions: list[tuple[str, int, str]], seed: int, *, again: bool, trouble: str) -> None:
        """Some things happen at once, and are delivered in any order, perhaps twice."""
        self._run(self._act(actions, seed, again=again, trouble=trouble))

    @precondition(lambda self: self.standing)
    @rule()
    def the_process_starts_anew(self) -> None:
        self.close()
        self.open()

    async def _act(self, actions: list[tuple[str, int, str]], seed: int, *, again: bool, trouble: str) -> None:
        self.slack.courier.hold()
        for kind, which, text in actions:
            self._do(kind, which, text)
        TROUBLE[trouble](self.slack)
        for delivery in await self.slack.courier.release(shuffled(seed)):
            if again:
                self.slack.courier.repeat(delivery)
        await self.slack.delivered()
        await until(self._nothing_is_open, within=90)
        self.slack.mischief.relent()

    def _do(self, kind: str, which: int, text: str) -> None:
        if kind == "post" or not self.standing:
            self.standing.append(self.town.room.post("U1", text))
            return
        post = self.standing[which % len(self.standing)]
        if kind == "edit":
            post.edit(text)
        else:
            self.standing.remove(post)
            self.deleted.append(post)
            post.delete()

    async def _nothing_is_open(self) -> bool:
        self.town.pass_time(1)
        # What the bot does last is told to it again: before the count it may put something in, and be on its way after.
        courier = self.slack.courier
        return courier.idle and await self.town.inbox.open_items() == 0 and courier.idle

    @invariant()
    def the_words_that_stand_have_one_open_answer(self) -> None:
        for post in self.standing:
            record = self._run(self.town.record(post))
            assert record is not None
            assert record.latest is not None
            assert record.latest.text == post.text
            (answered,) = [version for version in record.standing if version.receipt]
            for version, said in answers(post, record):
                expected = (BAD in version.text, BAD not in version.text) if version == answered else (False, False)
                assert (MUST_FIX in said, CALM in said) == expected, (version, said)

    @invariant()
    def what_is_deleted_is_withdrawn_and_its_answer_says_so(self) -> None:
        for post in self.deleted:
            record = self._run(self.town.record(post))
            assert record is None or record.state is DraftState.WITHDRAWN
            open_answers = (
                [said for _, said in answers(post, record) if MUST_FIX in said or CALM in said] if record else []
            )
            assert len(open_answers) <= 1
            assert all(WITHDRAWN in said for said in open_answers)

    def teardown(self) -> None:
        """The bot has said nothing that the record does not know of."""
        receipts = {version.receipt for post in self.standing for version in self._versions(post) if version.receipt}
        assert {answer.ts for post in self.standing for answer in post.answers} == receipts

    def _versions(self, post: Post) -> tuple[Version, ...]:
        record = self._run(self.town.record(post))
        return record.versions if record else ()


def answers(post: Post, record: Thread) -> Iterator[tuple[Version, str]]:
    """Yield what was said to each version that was answered, as it reads now."""
    said = {answer.ts: answer.reading.text for answer in post.answers}
    assert len(said) == len(post.answers)
    for version in record.versions:
        if version.receipt in said:
            yield version, said[version.receipt]


@pytest.fixture
def mode() -> str:
    return "http"


@pytest.fixture
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def slack(loop: asyncio.Runner) -> Iterator[SlackDouble]:
    """A workspace on the loop of the machine."""
    double = SlackDouble()
    double.courier.retries_after = (0.0,) * 5  # on a busy machine three seconds may be over, and nobody has a minute
    loop.run(double.__aenter__())
    yield double
    loop.run(double.__aexit__(None, None, None))


def test_any_course_of_events(loop: asyncio.Runner, slack: SlackDouble, open_town: Opening) -> None:
    class OneTown(TownMachine):
        pass

    OneTown.loop, OneTown.slack, OneTown.open_town = loop, slack, staticmethod(open_town)
    OneTown.open()
    try:
        run_state_machine_as_test(
            OneTown,
            settings=settings(
                max_examples=6,
                stateful_step_count=5,
                deadline=None,
                suppress_health_check=[HealthCheck.too_slow],
                phases=[Phase.explicit, Phase.generate],
            ),
        )
    finally:
        OneTown.close()
