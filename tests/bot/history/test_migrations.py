"""What an older version of the program left behind is taken over, and can be given back; on both databases."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import pytest
from alembic import command
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.desk import ClauseFigures, DecisionKind, Desk, DraftState, Place, Reviewers
from bot.history import History
from bot.history.schema import migrations
from tests.bot.readers import Marked

THEN = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
OPEN = Place("slack", "T1", "C1", "open")
GONE = Place("slack", "T1", "C1", "gone")


def finding(rule: str, level: str, clauses: list[str], quote: str = "禁") -> dict[str, object]:
    return {
        "rule": rule,
        "topic": "conduct",
        "level": level,
        "clauses": clauses,
        "start": 0,
        "end": len(quote),
        "quote": quote,
        "message": "理由です。",
        "suggestion": "案です。",
    }


FINDINGS = [
    finding("t.block", "block", ["4(6)①", "5(1)"]),
    finding("t.block", "block", ["4(6)①", "5(1)"], "\ud83c\x00"),
    finding("t.warn", "warn", ["5(1)"]),
]


@asynccontextmanager
async def at_revision(url: str, revision: str) -> AsyncIterator[AsyncConnection]:
    """Bring the schema to a revision, up or down, and open a transaction on it."""
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_move, revision)
            yield connection
    finally:
        await engine.dispose()


def _move(connection: Connection, revision: str) -> None:
    current = MigrationContext.configure(connection).get_current_revision()
    (command.downgrade if current and current > revision else command.upgrade)(migrations(connection), revision)


async def fill(connection: AsyncConnection) -> None:
    """Write what the first version of the program wrote: a draft with two versions and reviews, and a deleted one."""
    then = THEN if connection.dialect.name == "postgresql" else THEN.replace(tzinfo=None).isoformat(" ")
    stored = json.dumps(FINDINGS, ensure_ascii=False).encode("utf-8", "surrogatepass")
    for number, (place, state) in enumerate(((OPEN, "open"), (GONE, "withdrawn")), start=1):
        await connection.execute(
            text(
                "INSERT INTO drafts (id, surface, team, channel, thread, state, created_at, updated_at)"
                " VALUES (:id, :surface, :team, :channel, :thread, :state, :then, :then)"
            ),
            {
                "id": number,
                "surface": place.surface,
                "team": place.team,
                "channel": place.channel,
                "thread": place.thread,
                "state": state,
                "then": then,
            },
        )
    for number, (draft, findings) in enumerate(((1, b"[]"), (1, stored), (2, stored)), start=1):
        row = {"id": number, "draft": draft, "revision": f"r{number}", "text": b"%d" % number, "then": then}
        await connection.execute(
            text(
                "INSERT INTO versions (id, draft_id, revision, sequence, author, guideline, text, received_at, receipt)"
                " VALUES (:id, :draft, :revision, :id, 'U1', 'chiba', :text, :then, :revision)"
            ),
            row,
        )
        await connection.execute(
            text(
                "INSERT INTO reviews (id, version_id, verdict, guideline_version, rules_version, dictionary_version,"
                " findings, reviewed_at) VALUES (:id, :id, 'block', 'chiba 1', '1', '1', :findings, :then)"
            ),
            {"id": number, "findings": findings, "then": then},
        )
        await connection.execute(
            text(
                "INSERT INTO events (draft_id, version_id, kind, actor, at, data)"
                " VALUES (:draft, :id, 'submitted', 'U1', :then, '{\"length\": 1}'),"
                " (:draft, :id, 'reviewed', 'sns-check', :then, '{\"verdict\": \"block\"}')"
            ),
            {"draft": draft, "id": number, "then": then},
        )


async def fill_decisions(connection: AsyncConnection) -> None:
    """Write what the second version of the program added: a decision and a dispute that was accepted."""
    then = THEN if connection.dialect.name == "postgresql" else THEN.replace(tzinfo=None).isoformat(" ")
    reason = "直してください。".encode()
    await connection.execute(
        text(
            "INSERT INTO decisions (draft_id, version_id, kind, actor, at, comment)"
            " VALUES (1, 2, 'return', 'U2', :then, :reason)"
        ),
        {"then": then, "reason": reason},
    )
    await connection.execute(
        text(
            "INSERT INTO disputes (draft_id, version_id, position, rule, finding, actor, at, reason, ruling, ruled_by,"
            " ruled_at, note) VALUES (1, 2, 0, 't.block', :finding, 'U1', :then, :reason,"
            " 'for_draft', 'U2', :then, :no)"
        ),
        {"then": then, "reason": reason, "finding": json.dumps(FINDINGS[0]).encode(), "no": b""},
    )
    await connection.execute(
        text(
            "INSERT INTO events (draft_id, version_id, kind, actor, at, data)"
            " VALUES (1, 2, 'decided', 'U2', :then, '{\"decision\": \"return\"}'),"
            " (1, 2, 'disputed', 'U1', :then, '{\"dispute\": 1, \"rule\": \"t.block\"}'),"
            ' (1, 2, \'ruled\', \'U2\', :then, \'{"dispute": 1, "rule": "t.block", "ruling": "for_draft"}\')'
        ).bindparams(then=then)
    )
    await connection.execute(text("UPDATE drafts SET state = 'returned' WHERE id = 1"))


async def test_drafts_of_the_first_version_wait_for_a_decision_and_are_counted(url: str) -> None:
    async with at_revision(url, "0001") as connection:
        await fill(connection)
    async with History.open(url) as history:
        desk = Desk(history, Reviewers(Marked), lambda: THEN)
        states = []
        for place in (OPEN, GONE):
            thread = await desk.thread(place)
            assert thread is not None
            states.append(thread.state)
        assert states == [DraftState.WAITING, DraftState.WITHDRAWN]
        assert await desk.clause_figures("slack", "T1", date(2026, 11, 30)) == (
            ClauseFigures("4(6)①", block=4, warn=0, note=0, drafts=2),
            ClauseFigures("5(1)", block=4, warn=2, note=0, drafts=2),
        )
        answer = await desk.standing(OPEN)
        assert answer is not None
        assert answer.review is not None
        assert [each.quote for each in answer.review.findings] == ["禁", "\ud83c\x00", "禁"]
        assert [old.revision for old in answer.superseded] == ["r1"]


async def test_the_schema_can_be_given_back(url: str) -> None:
    async with at_revision(url, "0001") as connection:
        await fill(connection)
    async with History.open(url) as history:
        desk = Desk(history, Reviewers(Marked), lambda: THEN)
        await desk.decide(OPEN, "r2", DecisionKind.RETURN, "U2", "直してください。", is_supervisor=True)
    async with at_revision(url, "0001") as connection:
        states = (await connection.execute(text("SELECT state FROM drafts ORDER BY id"))).scalars().all()
        assert states == ["open", "withdrawn"]
    async with History.open(url) as history:
        thread = await history.drafts.thread(OPEN)
        assert thread is not None
        assert (thread.state, thread.decisions, len(thread.versions)) == (DraftState.WAITING, (), 2)


async def test_what_the_second_version_left_behind_is_kept_and_chained(url: str) -> None:
    async with at_revision(url, "0001") as connection:
        await fill(connection)
    async with at_revision(url, "0002") as connection:
        await fill_decisions(connection)
    async with History.open(url) as history:
        thread = await history.drafts.thread(OPEN)
        assert thread is not None
        assert (thread.state, len(thread.decisions), len(thread.disputes)) == (DraftState.RETURNED, 1, 1)
        actors = ["U1", "sns-check", "U1", "sns-check", "U2", "U1", "U2"]
        assert [event.actor for event in thread.events] == actors
        await history.drafts.withdraw(OPEN, "U1", THEN)
        verification = await history.ledger.verify()
        assert (verification.fault, verification.head.number) == (None, 10)


async def test_a_finding_may_be_disputed_again_once_the_dispute_is_ruled_on(url: str) -> None:
    async with at_revision(url, "0001") as connection:
        await fill(connection)
    async with at_revision(url, "0002") as connection:
        await fill_decisions(connection)
    async with History.open(url) as history:
        async with history.drafts.locked(OPEN) as draft:
            assert draft is not None
            await draft.dispute("r2", 0, "U1", THEN, "やはり誤りです。")
        async with history.drafts.locked(OPEN) as draft:
            assert draft is not None
            with pytest.raises(IntegrityError):
                await draft.dispute("r2", 0, "U1", THEN, "もう一度。")
    async with at_revision(url, "0002") as connection:
        kept = (await connection.execute(text("SELECT ruling FROM disputes"))).scalars().all()
        assert kept == [None], "of disputes that were repeated the last one stays"
    async with History.open(url) as history:
        thread = await history.drafts.thread(OPEN)
        assert thread is not None
        assert (thread.state, len(thread.disputes), len(thread.events)) == (DraftState.RETURNED, 1, 8)
