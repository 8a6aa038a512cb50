"""Rows → value types, and the queries that bring the rows of a draft together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.history.model import (
    NOTHING_ATTACHED,
    Allowance,
    Attached,
    Decision,
    DecisionKind,
    Dispute,
    DraftState,
    Event,
    EventKind,
    Place,
    Retraction,
    Ruling,
    RulingKind,
    Summary,
    Thread,
    Unreadable,
    Version,
)
from bot.history.tables import allowances, decisions, disputes, drafts, events, reviews, versions
from bot.history.withholding import recognised
from rules.model import Finding, Level, Review, Topic, Versions

PLACE = (drafts.c.surface, drafts.c.team, drafts.c.channel, drafts.c.thread)
"""The columns from which ``place`` is made."""


async def read_thread(connection: AsyncConnection, draft: Row[Any]) -> Thread:
    """Return the whole history of the draft of this row."""
    query = with_review().where(versions.c.draft_id == draft.id).order_by(versions.c.sequence, versions.c.revision)
    rows = (await connection.execute(query)).all()
    revisions = {row.id: row.revision for row in rows}
    happened = (
        await connection.execute(select(events).where(events.c.draft_id == draft.id).order_by(events.c.id))
    ).all()
    retractions = [Retraction.of(row.data) for row in happened if row.kind == EventKind.RETRACTED]
    decided = await connection.execute(_decisions().where(decisions.c.draft_id == draft.id).order_by(decisions.c.id))
    disputed = await connection.execute(
        disputes_with_place().where(disputes.c.draft_id == draft.id).order_by(disputes.c.id)
    )
    allowed = await connection.execute(_allowances_of(draft))
    thread = Thread(
        place=place(draft),
        state=DraftState(draft.state),
        created_at=draft.created_at,
        versions=tuple(version(number, row, retractions) for number, row in enumerate(rows, start=1)),
        events=tuple(
            Event(EventKind(row.kind), row.at, row.actor, revisions.get(row.version_id), row.data)
            for row in happened
            if row.version_id is None or row.version_id in revisions
        ),
        decisions=tuple(decision(row) for row in decided),
        disputes=tuple(dispute(row) for row in disputed),
        allowances=tuple(allowance(row) for row in allowed),
    )
    return recognised(thread, draft.secret) if draft.secret else thread


async def read_summaries(connection: AsyncConnection, rows: Iterable[Row[Any]]) -> tuple[Summary, ...]:
    """Return the lines for these rows of drafts, in their order."""
    found = list(rows)
    written = await _written(connection, [row.id for row in found])
    latest = await _latest(connection, written)
    decided = await _last_decisions(connection, [row.id for row in found if row.state in _DECIDED])
    return tuple(
        Summary(
            place=place(row),
            state=DraftState(row.state),
            created_at=row.created_at,
            updated_at=row.updated_at,
            versions=len(written.get(row.id, ())),
            latest=latest.get(row.id),
            authors=tuple(dict.fromkeys(each.author for each in written.get(row.id, ()))),
            decision=decided.get(row.id),
        )
        for row in found
    )


_DECIDED = frozenset(kind.state for kind in DecisionKind)


async def _written(connection: AsyncConnection, draft_ids: Collection[int]) -> dict[int, list[Row[Any]]]:
    """Return who wrote which versions of these drafts, in the order of writing."""
    query: Select[Any] = (
        select(versions.c.id, versions.c.draft_id, versions.c.revision, versions.c.sequence, versions.c.author)
        .where(versions.c.draft_id.in_(draft_ids), versions.c.erased_at.is_(None))
        .order_by(versions.c.sequence, versions.c.revision)
    )
    written: dict[int, list[Row[Any]]] = {}
    for row in await connection.execute(query):
        written.setdefault(row.draft_id, []).append(row)
    return written


async def _latest(connection: AsyncConnection, written: Mapping[int, Sequence[Row[Any]]]) -> dict[int, Version]:
    """Return the version of each draft that was written last and not taken back."""
    query = select(events.c.draft_id, events.c.data).where(
        events.c.draft_id.in_(written), events.c.kind == EventKind.RETRACTED
    )
    gone: dict[int, list[Retraction]] = {}
    for row in await connection.execute(query):
        gone.setdefault(row.draft_id, []).append(Retraction.of(row.data))
    numbers: dict[int, int] = {}
    for draft_id, rows in written.items():
        kept = [(row.id, number) for number, row in enumerate(rows, 1) if not _is_gone(row, gone.get(draft_id, ()))]
        numbers.update(kept[-1:])
    found = (await connection.execute(with_review().where(versions.c.id.in_(numbers)))).all()
    return {row.draft_id: version(numbers[row.id], row) for row in found}


def _is_gone(row: Row[Any], retractions: Iterable[Retraction]) -> bool:
    return any(retraction.covers(row.revision, row.sequence) for retraction in retractions)


async def _last_decisions(connection: AsyncConnection, draft_ids: Collection[int]) -> dict[int, Decision]:
    """Return the last decision on each draft: the one that stands, if the state says that one does."""
    last = select(func.max(decisions.c.id)).where(decisions.c.draft_id.in_(draft_ids)).group_by(decisions.c.draft_id)
    rows = await connection.execute(_decisions().where(decisions.c.id.in_(last)))
    return {row.draft_id: decision(row) for row in rows}


def with_review() -> Select[Any]:
    """Select versions that are not erased, each with its review where there is one."""
    review = (
        reviews.c.guideline_version,
        reviews.c.rules_version,
        reviews.c.dictionary_version,
        reviews.c.findings,
        reviews.c.reviewed_at,
    )
    joined = select(versions, *review).outerjoin(reviews, reviews.c.version_id == versions.c.id)
    return joined.where(versions.c.erased_at.is_(None))


def _decisions() -> Select[Any]:
    version = (versions.c.id == decisions.c.version_id) & versions.c.erased_at.is_(None)
    return select(decisions, versions.c.revision).join(versions, version)


def disputes_with_place() -> Select[Any]:
    """Select disputes that are not erased, each with its version's revision and its draft's place."""
    return (
        select(disputes, versions.c.revision, *PLACE)
        .join(versions, (versions.c.id == disputes.c.version_id) & versions.c.erased_at.is_(None))
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


def version(number: int, row: Row[Any], retractions: Iterable[Retraction] = ()) -> Version:
    """Make a version from a row of ``with_review``, given what was taken back in its draft."""
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
        attached=_attached(row.attached),
        retracted=_is_gone(row, retractions),
        withheld=row.withheld_at is not None,
        digest=row.digest or "",
    )


def _attached(stored: Mapping[str, Sequence[str]] | None) -> Attached:
    return Attached(**{kind: frozenset(names) for kind, names in stored.items()}) if stored else NOTHING_ATTACHED


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
