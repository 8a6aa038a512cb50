"""The store of drafts, the same on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import NoResultFound

from bot.history import DraftState, EventKind, History, Place, Submission, Unreadable
from bot.history.drafts import Drafts
from bot.history.facts import FACTS, STATE
from bot.history.model import BOT
from rules import Finding, Level, Review, Topic, Verdict, Versions

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PLACE = Place("slack", "T1", "C1", "1763.000100")
REVIEW = Review(
    (
        Finding(
            "insult.x", Topic.INSULT, Level.BLOCK, ("4(6)①", "4(7)③ア"), 1, 3, "\x00\ud83c", "理由です。", "案です。"
        ),
        Finding("accuracy.x", Topic.ACCURACY, Level.NOTE, (), 4, 5, "日", "理由です。", "案です。"),
    ),
    Versions("chiba 1", "2026.11+3f9c2ab1", "SudachiPy 0.7.0 / core 20261015"),
)


@pytest.fixture
def drafts(history: History) -> Drafts:
    return history.drafts


def written(order: float, text: str = "本文", *, place: Place = PLACE, at: datetime = NOW) -> Submission:
    return Submission(place, f"r{order}", order, "U1", text, at)


async def test_reads_back_what_was_stored(drafts: Drafts) -> None:
    text = "一行目\r\n\x00 \ud83c \u202e 👍\n" + "長" * 40_000
    in_japan = NOW.astimezone(timezone(timedelta(hours=9)))
    await drafts.receive(written(1.5, text, at=in_japan), "chiba", None)
    await drafts.review(PLACE, "r1.5", REVIEW, NOW)
    await drafts.answer(PLACE, "r1.5", "1763.000200", NOW)
    thread = await drafts.thread(PLACE)
    assert thread is not None
    (version,) = thread.versions
    assert (thread.place, thread.state, thread.author, thread.created_at) == (PLACE, DraftState.WAITING, "U1", NOW)
    assert (version.number, version.revision, version.order, version.guideline) == (1, "r1.5", 1.5, "chiba")
    assert (version.text, version.review, version.verdict) == (text, REVIEW, Verdict.BLOCK)
    assert (version.received_at, version.received_at.utcoffset()) == (NOW, timedelta(0))
    assert (version.reviewed_at, version.receipt, version.unreadable) == (NOW, "1763.000200", None)
    told = [{name: value for name, value in event.data.items() if name != FACTS} for event in thread.events]
    heads = [(event.kind, event.actor, event.revision) for event in thread.events]
    assert [(*head, data) for head, data in zip(heads, told, strict=True)] == [
        (EventKind.SUBMITTED, "U1", "r1.5", {"length": len(text), STATE: "waiting"}),
        (EventKind.REVIEWED, BOT, "r1.5", {"verdict": "block", "findings": 2}),
        (EventKind.ANSWERED, BOT, "r1.5", {"receipt": "1763.000200"}),
    ]


async def test_the_first_of_each_counts(drafts: Drafts) -> None:
    await drafts.receive(written(1, "先"), "chiba", None)
    before = await drafts.review(PLACE, "r1", REVIEW, NOW)
    later = NOW + timedelta(hours=1)
    await drafts.receive(written(1, "後", at=later), "oizumi", Unreadable.EMPTY)
    assert await drafts.review(PLACE, "r1", Review((), REVIEW.versions), later) == before
    await drafts.answer(PLACE, "r1", "first", NOW)
    await drafts.answer(PLACE, "r1", "second", later)
    await drafts.fail(PLACE, "r1", "ValueError", NOW)
    await drafts.fail(PLACE, "r1", "TypeError", later)
    await drafts.withdraw(PLACE, "U1", NOW)
    await drafts.withdraw(PLACE, "U2", later)
    thread = await drafts.thread(PLACE)
    assert thread is not None
    assert [event.kind.value for event in thread.events] == ["submitted", "reviewed", "answered", "failed", "withdrawn"]
    assert {event.at for event in thread.events} == {NOW}
    assert (thread.versions[0].text, thread.versions[0].receipt) == ("先", "first")


async def test_numbers_follow_the_order_of_writing(drafts: Drafts) -> None:
    for order in (3, 1, 2):
        thread = await drafts.receive(written(order, f"本文{order}"), "chiba", None)
    assert [(version.number, version.text) for version in thread.versions] == [(1, "本文1"), (2, "本文2"), (3, "本文3")]
    assert thread.latest == thread.versions[2]


async def test_a_refused_text_says_why(drafts: Drafts) -> None:
    await drafts.receive(written(1, " "), "chiba", Unreadable.EMPTY)
    await drafts.receive(written(2), "chiba", None)
    thread = await drafts.refuse(PLACE, "r2", Unreadable.BROKEN_TEXT, NOW)
    assert [version.unreadable for version in thread.versions] == [Unreadable.EMPTY, Unreadable.BROKEN_TEXT]
    assert [version.verdict for version in thread.versions] == [None, None]


async def test_a_deletion_may_come_first(drafts: Drafts) -> None:
    await drafts.withdraw(PLACE, "U1", NOW)
    empty = await drafts.thread(PLACE)
    assert empty is not None
    assert (empty.state, empty.versions, empty.author, empty.latest) == (DraftState.WITHDRAWN, (), None, None)
    assert (await drafts.receive(written(1), "chiba", None)).state is DraftState.WITHDRAWN


async def test_an_unknown_version_changes_nothing(drafts: Drafts) -> None:
    with pytest.raises(NoResultFound):
        await drafts.review(PLACE, "r1", REVIEW, NOW)
    assert await drafts.thread(PLACE) is None


async def test_drafts_at_different_places_are_different(drafts: Drafts) -> None:
    elsewhere = Place("slack", "T2", "C1", "1763.000100")
    await drafts.receive(written(1, "こちら"), "chiba", None)
    await drafts.receive(written(1, "あちら", place=elsewhere), "chiba", None)
    thread = await drafts.thread(elsewhere)
    assert thread is not None
    assert [version.text for version in thread.versions] == ["あちら"]


async def test_recent_lists_what_changed_last_first(history: History, drafts: Drafts) -> None:
    places = [Place("slack", "T", "C", str(number)) for number in range(3)] + [Place("console", "", "", "page")]
    for minutes, place in enumerate(places):
        await drafts.receive(written(1, place=place, at=NOW + timedelta(minutes=minutes)), "chiba", None)
    await drafts.receive(written(2, "新しい版", place=places[0], at=NOW + timedelta(hours=1)), "chiba", None)
    await drafts.review(places[0], "r2", REVIEW, NOW + timedelta(hours=1))
    await drafts.withdraw(Place("slack", "T", "C", "unseen"), "U", NOW - timedelta(hours=1))
    summaries = await history.records.recent(10, "slack")
    assert [summary.place.thread for summary in summaries] == ["0", "2", "1", "unseen"]
    first, last = summaries[0], summaries[-1]
    assert (first.versions, first.updated_at) == (2, NOW + timedelta(hours=1))
    assert first.latest is not None
    assert (first.latest.number, first.latest.text, first.latest.review) == (2, "新しい版", REVIEW)
    assert (last.versions, last.latest, last.state) == (0, None, DraftState.WITHDRAWN)
    assert [summary.place for summary in await history.records.recent(2)] == [places[0], places[3]]


async def test_many_at_once_store_a_version_once(url: str, drafts: Drafts) -> None:
    async with History.open(url) as other:
        stores = (drafts, other.drafts) * 4
        await asyncio.gather(*(store.receive(written(1 + n % 2), "chiba", None) for n, store in enumerate(stores)))
        await asyncio.gather(*(store.review(PLACE, "r1", REVIEW, NOW) for store in stores))
    thread = await drafts.thread(PLACE)
    assert thread is not None
    assert len(thread.versions) == 2
    assert sorted(event.kind for event in thread.events) == ["reviewed", "submitted", "submitted"]
