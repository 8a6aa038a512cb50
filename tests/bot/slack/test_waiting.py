"""A draft that waits longer than a minute says so in its thread, once, and only until its answer is there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot import waiting as looking_out
from bot.history import Item
from bot.slack import waiting
from bot.slack.events import VERSION
from bot.slack.waiting import told_in_thread
from bot.slack.words import thread as words
from bot.unstored import PatientInbox
from bot.waiting import WAITING, WaitingClock
from rules.model import Review
from tests.bot.running import until
from tests.bot.slack.conftest import BAD, OneWord, Opening, Town
from tests.doubles.slack import Post

pytestmark = pytest.mark.parametrize("mode", ["socket"])

SLOW = "長考"
"""A word that the engine thinks about until the test lets it go on."""


@pytest.fixture
def go_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let the engine go on; it stops at ``SLOW``. Asked for before the town, whose clock then looks often."""
    event, review = threading.Event(), OneWord.review

    def slowly(self: OneWord, text: str, **options: object) -> Review:
        if SLOW in text:
            event.wait(30)
        return review(self, text, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(OneWord, "review", slowly)
    monkeypatch.setattr(looking_out, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(waiting, "AGAIN_SECONDS", 0.02)
    yield event
    event.set()


def looking(town: Town, seconds: float) -> WaitingClock:
    """Return a clock that looks into the town's inbox so many seconds later."""

    async def tell(item: Item) -> None:
        raise AssertionError(item.key)  # the inbox takes everything

    later = timedelta(seconds=seconds)
    unstored = PatientInbox(town.inbox)
    return WaitingClock(town.inbox, unstored, told_in_thread(tell), lambda: datetime.now(UTC) + later)


def lines(post: Post) -> list[str]:
    return [reply.text for reply in post.answers if reply.text == words.WAITING]


async def test_the_line_comes_after_a_minute_and_goes_with_the_answer(go_on: threading.Event, town: Town) -> None:
    quick = town.room.post("U1", "お知らせ")
    slow = town.room.post("U1", f"{SLOW}の末、{BAD}な対応")
    await quick.answer()
    town.pass_time(50)
    await looking(town, 50).look()
    assert slow.answers == []
    town.pass_time(20)
    assert (await slow.answer()).text == words.WAITING
    go_on.set()

    async def only_the_answer_is_left() -> bool:
        town.pass_time(1)
        return await town.inbox.open_items() == 0

    await until(only_the_answer_is_left)
    (answer,) = slow.answers
    assert BAD in answer.reading.text
    assert len(quick.answers) == 1
    assert town.slack.calls("chat.postMessage")[1].args["text"] == words.WAITING


async def test_another_process_finds_the_line_and_takes_it_away(open_town: Opening, go_on: threading.Event) -> None:
    async with open_town() as town:
        post = town.room.post("U1", SLOW)
        await until(lambda: is_stored(town, 1))
        town.pass_time(70)
        await post.answer()
        assert lines(post) == [words.WAITING]
        go_on.set()
    async with open_town() as again:

        async def nothing_open() -> bool:
            again.pass_time(30)
            return await again.inbox.open_items() == 0

        await until(nothing_open)
    assert lines(post) == []
    assert len(post.answers) == 1


async def is_stored(town: Town, drafts: int) -> bool:
    return len(await open_items(town, VERSION)) == drafts


async def open_items(town: Town, kind: str) -> list[str]:
    """Return the channels of the unfinished items of a kind."""
    end = datetime.now(UTC) + timedelta(days=1)
    return sorted(item.payload["channel"] for item in await town.inbox.waiting("slack", (kind,), end, 99))


async def test_of_many_drafts_in_one_channel_one_is_told_at_a_time(go_on: threading.Event, town: Town) -> None:
    posts = [town.room.post("U1", f"{SLOW} {number}") for number in range(3)]
    elsewhere = town.slack.channel("C02REV").post("U1", SLOW)
    await until(lambda: is_stored(town, 4))
    later = looking(town, 70)
    await later.look()
    assert await open_items(town, WAITING) == ["C01REV", "C02REV"]
    await later.look()
    assert await open_items(town, WAITING) == ["C01REV", "C01REV", "C02REV"]
    go_on.set()

    async def nothing_open() -> bool:
        town.pass_time(1)
        return await town.inbox.open_items() == 0

    await until(nothing_open)
    assert [lines(post) for post in (*posts, elsewhere)] == [[]] * 4
