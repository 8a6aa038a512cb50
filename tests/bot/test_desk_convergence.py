"""Whatever the order and however often deliveries arrive, the record is the same and nothing is answered twice."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.desk import Desk, DraftState, EventKind, Place, Retraction, Reviewers, Submission, Thread
from bot.history import History
from tests.bot.readers import Marked
from tests.bot.sqlite_files import sqlite_in

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PLACE = Place("slack", "T1", "C1", "1")
TEXTS = ("広報紙を発行しました。", "広報紙を配布しました。", "催しは駄目です。", " ")
REVIEWERS = Reviewers(Marked)


@dataclass(frozen=True)
class Story:
    """What its author did: wrote, edited, perhaps deleted; and the deliveries of it, as indexes."""

    texts: tuple[str, ...]
    deleted: bool
    deliveries: tuple[int, ...]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    texts = draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4))
    deleted = draw(st.booleans())
    once = list(range(len(texts) + deleted))
    repeated = draw(st.lists(st.sampled_from(once), max_size=4))
    return Story(tuple(texts), deleted, tuple(draw(st.permutations(once + repeated))))


async def deliver(desk: Desk, story: Story, index: int, posted: Counter[int]) -> None:
    """Do what a surface does with one delivery."""
    if index == len(story.texts):
        await desk.withdraw(PLACE, "U1", NOW)
        return
    answer = await desk.submit(Submission(PLACE, f"r{index}", float(index), "U1", story.texts[index], NOW), "chiba")
    if answer.due:
        posted[index] += 1
        await desk.answered(answer, f"answer {index}")


async def play(story: Story) -> tuple[Thread, Counter[int]]:
    posted: Counter[int] = Counter()
    with tempfile.TemporaryDirectory() as directory:
        async with History.open(await sqlite_in(Path(directory))) as history:
            desk = Desk(history, REVIEWERS, lambda: NOW)
            for index in story.deliveries:
                await deliver(desk, story, index, posted)
            thread = await desk.thread(PLACE)
    assert thread is not None
    return thread, posted


@settings(max_examples=100, deadline=None)
@given(stories())
def test_any_order_and_repetition_leads_to_the_same_thread(story: Story) -> None:
    thread, posted = asyncio.run(play(story))

    assert thread.state is (DraftState.WITHDRAWN if story.deleted else DraftState.WAITING)
    assert [version.text for version in thread.versions] == list(story.texts)
    assert [version.number for version in thread.versions] == list(range(1, len(story.texts) + 1))
    verdicts = {"広報紙を発行しました。": "pass", "広報紙を配布しました。": "pass", "催しは駄目です。": "warn"}
    for version in thread.versions:
        assert version.verdict == verdicts.get(version.text)
        assert (version.review is None) == (version.unreadable is not None)
        assert (version.receipt is not None) == (posted[version.number - 1] == 1)

    kinds = Counter(event.kind for event in thread.events)
    assert kinds[EventKind.SUBMITTED] == len(story.texts)
    assert kinds[EventKind.WITHDRAWN] == story.deleted
    assert all(times == 1 for times in posted.values())
    if not story.deleted:
        assert story.texts[list(posted)[-1]] == story.texts[-1], "the last answer is about the words that stand"


# ── with replies that are taken back and notices in between ──────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Act:
    """Something that people did in a thread, in the order of doing: its place in the list is when."""

    kind: str
    text: str = ""
    reply: int = 0
    """Which act is taken back."""


@st.composite
def threads(draw: st.DrawFn) -> tuple[tuple[Act, ...], tuple[int, ...]]:
    """Return what was done, and its deliveries as indexes; the draft itself is heard of first."""
    acts = [Act("edit", draw(st.sampled_from(TEXTS)))]
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["edit", "reply", "notice", "taken back"]))
        replies = [number for number, act in enumerate(acts) if act.kind == "reply"]
        if kind == "taken back" and not replies:
            kind = "reply"
        reply = draw(st.sampled_from(replies)) if kind == "taken back" else 0
        acts.append(Act(kind, draw(st.sampled_from(TEXTS)), reply))
    later = list(range(1, len(acts)))
    repeated = draw(st.lists(st.sampled_from(range(len(acts))), max_size=4))
    return tuple(acts), (0, *draw(st.permutations(later + repeated)))


async def act_out(acts: tuple[Act, ...], deliveries: tuple[int, ...]) -> tuple[Thread, Counter[int]]:
    posted: Counter[int] = Counter()
    with tempfile.TemporaryDirectory() as directory:
        async with History.open(await sqlite_in(Path(directory))) as history:
            desk = Desk(history, REVIEWERS, lambda: NOW)
            for index in deliveries:
                await hear(desk, acts[index], index, posted)
            thread = await desk.thread(PLACE)
    assert thread is not None
    return thread, posted


async def hear(desk: Desk, act: Act, index: int, posted: Counter[int]) -> None:
    """Do what a surface does with one delivery."""
    match act.kind:
        case "notice":
            await desk.withdraw(PLACE, "U1", NOW, before=float(index))
            answer = await desk.standing(PLACE)
        case "taken back":
            answer = await desk.retract(PLACE, Retraction(f"r{act.reply}", float(index)), "U1", NOW)
        case _:
            answer = await desk.submit(Submission(PLACE, f"r{index}", float(index), "U1", act.text, NOW), "chiba")
    if answer and answer.due:
        posted[int(answer.revision[1:])] += 1
        await desk.answered(answer, f"answer {answer.revision}")


BACK_BEFORE_GONE = ((Act("edit", TEXTS[0]), Act("edit", TEXTS[0]), Act("notice"), Act("edit", TEXTS[0])), (0, 1, 3, 2))
"""Edited back to the same words, which arrived before the withdrawal in between."""


@settings(max_examples=50, deadline=None)
@given(threads())
@example(BACK_BEFORE_GONE)
def test_what_is_taken_back_leads_to_the_same_thread_too(
    story: tuple[tuple[Act, ...], tuple[int, ...]],
) -> None:
    acts, deliveries = story
    thread, posted = asyncio.run(act_out(acts, deliveries))

    gone = {act.reply for act in acts if act.kind == "taken back"}
    written = [index for index, act in enumerate(acts) if act.kind in {"edit", "reply"}]
    notices = [index for index, act in enumerate(acts) if act.kind == "notice"]
    stands = max(index for index in written if index not in gone)
    withdrawn = bool(notices) and stands < max(notices)
    assert [version.revision for version in thread.versions] == [f"r{index}" for index in written]
    assert [version.retracted for version in thread.versions] == [index in gone for index in written]
    assert thread.latest is not None
    assert thread.latest.revision == f"r{stands}"
    assert thread.state is (DraftState.WITHDRAWN if withdrawn else DraftState.WAITING)
    assert all(times == 1 for times in posted.values())
    if not withdrawn:
        answered = [version for version in thread.standing if version.receipt]
        assert answered, "what stands has an answer"
        assert answered[-1].text == acts[stands].text
