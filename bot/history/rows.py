"""Rows → value types, and the queries that bring the rows of a draft together."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.history.model import (
    Allowance,
    Decision,
    DecisionKind,
    Dispute,
    DraftState,
    Event,
    EventKind,
    Place,
    Ruling,
    RulingKind,
    Summary,
    Thread,
    Unreadable,
    Version,
)
from bot.history.tables import allowances, decisions, disputes, drafts, events, reviews, versions
from rules.model import Finding, Level, Review, Topic, Versions

PLACE = (drafts.c.surface, drafts.c.team, drafts.c.channel, drafts.c.thread)
"""The columns from which ``place`` is made."""


async def read_thread(connection: AsyncConnection, draft: Row[Any]) -> Thread:
    """Return the whole history of the draft of this row."""
    query = with_review().where(versions.c.draft_id == draft.id).order_by(versions.c.sequence, versions.c.revision)
    rows = (await connection.execute(query)).all()
    revisions = {row.id: row.revision for row in rows}
    happened = await connection.execute(select(events).where(events.c.draft_id == draft.id).order_by(events.c.id))
    decided = await connection.execute(_decisions().where(decisions.c.draft_id == draft.id).order_by(decisions.c.id))
    disputed = await connection.execute(
        disputes_with_place().where(disputes.c.draft_id == draft.id).order_by(disputes.c.id)
    )
    allowed = await connection.execute(_allowances_of(draft))
    return Thread(
        place=place(draft),
        state=DraftState(draft.state),
        created_at=draft.created_at,
        versions=tuple(version(number, row) for number, row in enumerate(rows, start=1)),
        events=tuple(
            Event(EventKind(row.kind), row.at, row.actor, revisions.get(row.version_id), row.data) for row in happened
        ),
        decisions=tuple(decision(row) for row in decided),
        disputes=tuple(dispute(row) for row in disputed),
        allowances=tuple(allowance(row) for row in allowed),
    )


async def read_summaries(connection: AsyncConnection, rows: Iterable[Row[Any]]) -> tuple[Summary, ...]:
    """Return the lines for these rows of drafts, in their order."""
    found = list(rows)
    ids = [row.id for row in found]
    latest = await _latest(connection, ids)
    authors = await _authors(connection, ids)
    decided = await _last_decisions(connection, [row.id for row in found if row.state in _DECIDED])
    return tuple(
        Summary(
            place=place(row),
            state=DraftState(row.state),
            created_at=row.created_at,
            updated_at=row.updated_at,
            versions=latest[row.id].number if row.id in latest else 0,
            latest=latest.get(row.id),
            authors=authors.get(row.id, ()),
            decision=decided.get(row.id),
        )
        for row in found
    )


_DECIDED = frozenset(kind.state for kind in DecisionKind)


async def _latest(connection: AsyncConnection, draft_ids: Collection[int]) -> dict[int, Version]:
    """Return the version of each draft that was written last. Its number tells how many there are."""
    newest_first = (versions.c.sequence.desc(), versions.c.revision.desc())
    rank = func.row_number().over(partition_by=versions.c.draft_id, order_by=newest_first)
    total = func.count().over(partition_by=versions.c.draft_id)
    ranked = (
        select(versions.c.id, rank.label("rank"), total.label("total"))
        .where(versions.c.draft_id.in_(draft_ids))
        .subquery()
    )
    query = (
        with_review().add_columns(ranked.c.total).join(ranked, ranked.c.id == versions.c.id).where(ranked.c.rank == 1)
    )
    rows = (await connection.execute(query)).all()
    return {row.draft_id: version(row.total, row) for row in rows}


async def _authors(connection: AsyncConnection, draft_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return who wrote the versions of each draft, in the order of their first ones."""
    written = (
        select(versions.c.draft_id, versions.c.author)
        .where(versions.c.draft_id.in_(draft_ids))
        .order_by(versions.c.sequence, versions.c.revision)
    )
    authors: dict[int, list[str]] = {}
    for row in await connection.execute(written):
        authors.setdefault(row.draft_id, []).append(row.author)
    return {draft_id: tuple(dict.fromkeys(names)) for draft_id, names in authors.items()}


async def _last_decisions(connection: AsyncConnection, draft_ids: Collection[int]) -> dict[int, Decision]:
    """Return the last decision on each draft: the one that stands, if the state says that one does."""
    last = select(func.max(decisions.c.id)).where(decisions.c.draft_id.in_(draft_ids)).group_by(decisions.c.draft_id)
    rows = await connection.execute(_decisions().where(decisions.c.id.in_(last)))
    return {row.draft_id: decision(row) for row in rows}


def with_review() -> Select[Any]:
    """Select versions, each with its review where there is one."""
    review = (
        reviews.c.guideline_version,
        reviews.c.rules_version,
        reviews.c.dictionary_version,
        reviews.c.findings,
        reviews.c.reviewed_at,
    )
    return select(versions, *review).outerjoin(reviews, reviews.c.version_id == versions.c.id)


def _decisions() -> Select[Any]:
    return select(decisions, versions.c.revision).join(versions, versions.c.id == decisions.c.version_id)


def disputes_with_place() -> Select[Any]:
    """Select disputes, each with its version's revision and its draft's place."""
    return (
        select(disputes, versions.c.revision, *PLACE)
        .join(versions, versions.c.id == disputes.c.version_id)
        .join(drafts, drafts.c.id == disputes.c.draft_id)
    )


def allowances_with_place() -> Select[Any]:
    """Select allowances, each with the place of the draft that it came from."""
    origin = (drafts.c.channel, drafts.c.thread)  # surface and team are the allowance's own
    return select(allowances, *origin).join(drafts, drafts.c.id == allowances.c.draft_id)


def _allowances_of(draft: Row[Any]) -> Select[Any]:
    own = allowances.c.draft_id == draft.id
    town = and_(allowances.c.surface == draft.surface, allowances.c.team == draft.team, allowances.c.for_town)
    in_force = allowances.c.revoked_at.is_(None)
    return allowances_with_place().where(in_force, or_(own, town)).order_by(allowances.c.id)


def place(row: Row[Any]) -> Place:
    """Make the place from a row that has ``PLACE``."""
    return Place(row.surface, row.team, row.channel, row.thread)


def version(number: int, row: Row[Any]) -> Version:
    """Make a version from a row of ``with_review``."""
    return Version(
        number=number,
        revision=row.revision,
        order=row.sequence,
        author=row.author,
        guideline=row.guideline,
        text=row.text,
        received_at=row.received_at,
        review=_review(row) if row.reviewed_at else None,
        unreadable=Unreadable(row.unreadable) if row.unreadable else None,
        reviewed_at=row.reviewed_at,
        receipt=row.receipt,
        folded=row.folded_at is not None,
    )


def _review(row: Row[Any]) -> Review:
    return Review(
        findings=tuple(_finding(finding) for finding in row.findings),
        versions=Versions(row.guideline_version, row.rules_version, row.dictionary_version),
    )


def _finding(stored: dict[str, Any]) -> Finding:
    return Finding(
        **{
            **stored,
            "topic": Topic(stored["topic"]),
            "level": Level(stored["level"]),
            "clauses": tuple(stored["clauses"]),
        }
    )


def decision(row: Row[Any]) -> Decision:
    """Make a decision from a row that has its version's revision."""
    return Decision(DecisionKind(row.kind), row.revision, row.actor, row.at, row.comment)


def dispute(row: Row[Any]) -> Dispute:
    """Make a dispute from a row of ``disputes_with_place``."""
    ruling = Ruling(RulingKind(row.ruling), row.ruled_by, row.ruled_at, row.note) if row.ruling else None
    return Dispute(
        id=row.id,
        place=place(row),
        revision=row.revision,
        position=row.position,
        finding=_finding(row.finding),
        actor=row.actor,
        at=row.at,
        reason=row.reason,
        ruling=ruling,
    )


def allowance(row: Row[Any]) -> Allowance:
    """Make an allowance from a row of ``allowances_with_place``."""
    origin = place(row)
    return Allowance(
        id=row.id,
        surface=row.surface,
        team=row.team,
        rule=row.rule,
        phrase=row.phrase,
        actor=row.actor,
        at=row.at,
        reason=row.reason,
        place=None if row.for_town else origin,
        origin=origin,
        revoked_by=row.revoked_by,
        revoked_at=row.revoked_at,
    )
