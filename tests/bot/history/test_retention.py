"""Texts and people go in time, figures stay, and the chain holds. The same on both databases."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.desk import Answer, DecisionKind, DraftState, Place, Query, Refusal, Refused, RulingKind
from bot.history import History, Item, Purged
from bot.history.database import connect
from bot.history.retention import TRIED_FOR
from bot.history.tables import metadata
from tests.bot.office import AUTHOR, NOW, PLACE, SUPERVISOR, Office

LATER = NOW + timedelta(days=400)
WORDS = ("禁a", "注b", "ほかの文", "確かめて", "取り違え", "許します", AUTHOR, SUPERVISOR)
"""What was written, and who wrote it."""


async def live(office: Office, place: Place = PLACE) -> Answer:
    """Make everything happen that leaves words or people behind."""
    await office.post(1, "禁a と 注bです です。", place=place)
    await office.decide(1, DecisionKind.HOLD, "確かめてからにします。", place=place)
    for position, kind in enumerate((RulingKind.FOR_DRAFT, RulingKind.DECLINED)):
        dispute, _ = await office.desk.dispute(place, "r1", position, AUTHOR, "取り違えです。")
        await office.ruled(dispute.id, kind, "許します。")
    await office.desk.dispute(place, "r1", 0, "U7", "取り違えです。")
    await office.desk.dispute(place, "r1", 0, "U8", "取り違えです。")
    return await office.post(2, "ほかの文です。注b", place=place)


async def everything(url: str) -> str:
    """Return all that is stored, as one text."""
    found: list[str] = []
    async with connect(url) as database, database.reading() as connection:
        for table in metadata.sorted_tables:
            for row in (await connection.execute(select(table))).mappings():
                found.extend(repr(value) for value in row.values())
    return "\n".join(found)


async def test_texts_and_people_are_erased(url: str, history: History, office: Office) -> None:
    await live(office)
    before = await everything(url)
    assert [word for word in WORDS if word not in before] == [], "else nothing is shown by what follows"
    assert await history.retention.due(NOW) == Purged(0, 0)
    assert await history.retention.purge(NOW, LATER) == Purged(0, 0), "what is as old as that is not older"
    cutoff = NOW + timedelta(seconds=1)
    assert await history.retention.due(cutoff) == Purged(drafts=1, versions=2)
    assert await history.retention.purge(cutoff, LATER) == Purged(drafts=1, versions=2)
    after = await everything(url)
    assert [word for word in (*WORDS, "U7", "U8") if word in after] == []
    if "sqlite" in url:
        file = Path(url.partition(":///")[2])
        left = b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
        assert [word for word in WORDS[:6] if word.encode() in left] == [], "and it is not in the file either"


async def test_what_was_received_and_nobody_handles_is_erased(url: str, history: History) -> None:
    """Such as what is left of a surface that is not configured any more."""
    for key, at in (("old", NOW), ("new", LATER)):
        await history.inbox.put(Item(key, "gone", "version", key, 1.0, at, {"text": f"{key}の文"}))
    await history.retention.purge(NOW + timedelta(seconds=1), NOW + TRIED_FOR)
    assert await history.inbox.open_items() == 2, "somebody may still be trying"
    await history.retention.purge(NOW + timedelta(seconds=1), LATER)
    kept = await everything(url)
    assert ("oldの文" in kept, "newの文" in kept) == (False, True)
    assert await history.inbox.open_items() == 1


async def test_erasing_again_changes_nothing(history: History, office: Office) -> None:
    await live(office)
    await history.retention.purge(LATER, LATER)
    head = await history.ledger.head()
    assert await history.retention.purge(LATER + timedelta(days=1), LATER + timedelta(days=2)) == Purged(0, 0)
    assert await history.ledger.head() == head


async def test_the_chain_holds_and_tells_that_it_was_erased(history: History, office: Office) -> None:
    await live(office)
    noted = await history.ledger.head()
    await history.retention.purge(LATER, LATER)
    verification = await history.ledger.verify(noted.hash)
    assert (verification.fault, verification.head.number) == (None, noted.number + 1)


async def test_figures_stay(history: History, office: Office) -> None:
    await live(office)
    clauses = await office.desk.clause_figures("slack", "T1", date(2026, 11, 20))
    rules = await office.desk.rule_figures("slack", "T1")
    assert clauses
    assert [figures for figures in rules if figures.disputed]
    await history.retention.purge(LATER, LATER)
    assert await office.desk.clause_figures("slack", "T1", date(2026, 11, 20)) == clauses
    assert await office.desk.rule_figures("slack", "T1") == rules


async def test_nobody_finds_an_erased_draft(history: History, office: Office) -> None:
    await live(office)
    disputes = await office.desk.disputes_open("slack", "T1")
    await history.retention.purge(LATER, LATER)
    assert await office.desk.recent(10) == ()
    assert (await office.desk.search(Query("slack", "T1"), limit=10)).total == 0
    assert await office.desk.overdue("slack", "T1", LATER, timedelta(hours=4)) == ()
    assert await office.desk.disputes_open("slack", "T1") == ()
    assert await office.desk.standing(PLACE) is None
    thread = await office.thread()
    assert (thread.versions, thread.decisions, thread.disputes, thread.allowances) == ((), (), (), ())
    with pytest.raises(Refused) as refused:
        await office.decide(2, DecisionKind.APPROVE)
    assert refused.value.reason is Refusal.UNKNOWN
    assert disputes
    with pytest.raises(Refused) as refused:
        await office.ruled(disputes[0].id, RulingKind.DECLINED)
    assert refused.value.reason is Refusal.UNKNOWN


async def test_what_is_written_at_its_place_later_begins_anew(history: History, office: Office) -> None:
    await live(office)
    await office.decide(2, DecisionKind.APPROVE, "よいです。")
    await history.retention.purge(LATER, LATER)
    office.now = LATER
    answer = await office.post(3, "禁a です。", author="U5")
    assert (answer.number, answer.author, answer.due, answer.decision) == (1, "U5", True, None)
    assert answer.comparison is None
    thread = await office.thread()
    assert (thread.state, len(thread.versions)) == (DraftState.WAITING, 1)
    assert (await history.ledger.verify()).fault is None
    assert await history.retention.purge(LATER + timedelta(days=1), LATER) == Purged(drafts=1, versions=1)


async def test_a_deletion_that_came_first_names_nobody_any_more(url: str, history: History, office: Office) -> None:
    await office.desk.withdraw(PLACE, "U1", NOW)
    await history.retention.purge(LATER, LATER)
    assert "U1" not in await everything(url)
    assert (await office.thread()).state is DraftState.WITHDRAWN


async def test_what_the_town_allows_stays_until_it_is_taken_back(url: str, history: History, office: Office) -> None:
    await office.post(1, "禁a です。")
    await office.ruled(await office.disputed(1), RulingKind.FOR_TOWN, "許します。")
    await history.retention.purge(LATER, LATER)
    office.now = LATER
    (allowance,) = await office.desk.allowances("slack", "T1")
    assert (allowance.phrase, allowance.actor, allowance.reason) == ("禁a", SUPERVISOR, "許します。")
    assert (await office.desk.try_out("禁a です。", "chiba", surface="slack", team="T1")).findings == ()
    await office.desk.revoke(allowance.id, SUPERVISOR, is_supervisor=True)
    await history.retention.purge(LATER + timedelta(days=400), LATER + timedelta(days=400))
    assert "禁a" not in await everything(url)
    assert (await history.ledger.verify()).fault is None


async def test_two_at_once_erase_a_draft_once(url: str, history: History, office: Office) -> None:
    for number in range(12):
        await office.post(1, "禁a です。", place=Place("slack", "T1", "C1", str(number)))
    async with History.open(url) as other:
        done = await asyncio.gather(*(each.retention.purge(LATER, LATER) for each in (history, other) * 2))
    assert sum(each.drafts for each in done) == 12
    verification = await history.ledger.verify()
    assert (verification.fault, verification.head.number) == (None, 12 * 4)
