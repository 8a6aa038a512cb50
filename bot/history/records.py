"""What is read across drafts: lists, waiting drafts, open disputes, the town's words, and figures. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, case, exists, func, select

from bot.history.database import Database
from bot.history.model import (
    Allowance,
    ClauseFigures,
    Dispute,
    DraftState,
    Page,
    Place,
    Query,
    RuleFigures,
    RulingKind,
    Summary,
)
from bot.history.rows import allowance, allowances_with_place, dispute, disputes_with_place, place, read_summaries
from bot.history.tables import allowances, disputes, drafts, reviews, tallies, versions
from rules.model import Level


class Records:
    """What one database knows about all its drafts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recent(self, limit: int, surface: str | None = None) -> tuple[Summary, ...]:
        """Return the drafts that something happened to last, newest first."""
        erased = exists().where(versions.c.draft_id == drafts.c.id, versions.c.erased_at.is_not(None))
        query = select(drafts).where(~erased | exists(_written()))
        query = query.order_by(drafts.c.updated_at.desc(), drafts.c.id.desc()).limit(limit)
        if surface is not None:
            query = query.where(drafts.c.surface == surface)
        async with self._database.reading() as connection:
            return await read_summaries(connection, (await connection.execute(query)).all())

    async def towns(self) -> tuple[tuple[str, str], ...]:
        """Return surface and team of all drafts."""
        query = select(drafts.c.surface, drafts.c.team).distinct().order_by(drafts.c.surface, drafts.c.team)
        async with self._database.reading() as connection:
            return tuple((row.surface, row.team) for row in await connection.execute(query))

    async def search(self, query: Query, limit: int, cursor: str | None = None) -> Page:
        """Return one page of the drafts that a query finds. ``ValueError`` for a cursor that is none of ours."""
        wanted = select(drafts).where(*_conditions(query))
        page = wanted.order_by(drafts.c.id.desc()).limit(limit + 1)
        if cursor is not None:
            page = page.where(drafts.c.id < int(cursor))
        async with self._database.reading() as connection:
            rows = (await connection.execute(page)).all()
            shown = rows[:limit]
            total = (await connection.execute(select(func.count()).select_from(wanted.subquery()))).scalar_one()
            summaries = await read_summaries(connection, shown)
        return Page(summaries, str(shown[-1].id) if len(rows) > limit else None, total)

    async def waiting(self, surface: str, team: str) -> tuple[Summary, ...]:
        """Return the drafts of a town that wait for a decision, also those on hold, the oldest first."""
        conditions = _conditions(Query(surface, team, states=frozenset({DraftState.WAITING, DraftState.HELD})))
        async with self._database.reading() as connection:
            rows = await connection.execute(select(drafts).where(*conditions).order_by(drafts.c.id))
            return await read_summaries(connection, rows.all())

    async def open_disputes(self, surface: str, team: str) -> tuple[Dispute, ...]:
        """Return the disputes of a town that nobody has answered, the oldest first."""
        query = disputes_with_place().where(_of_town(surface, team), disputes.c.ruling.is_(None))
        async with self._database.reading() as connection:
            return tuple(dispute(row) for row in await connection.execute(query.order_by(disputes.c.id)))

    async def disputed_at(self, dispute_id: int) -> Place | None:
        """Return the draft that a dispute is about, ``None`` for an unknown dispute."""
        async with self._database.reading() as connection:
            row = (await connection.execute(disputes_with_place().where(disputes.c.id == dispute_id))).one_or_none()
        return place(row) if row else None

    async def allowances(self, surface: str, team: str) -> tuple[Allowance, ...]:
        """Return the allow-list of a town: what is in force for all its drafts, the oldest first."""
        query = allowances_with_place().where(
            allowances.c.surface == surface,
            allowances.c.team == team,
            allowances.c.for_town,
            allowances.c.revoked_at.is_(None),
        )
        async with self._database.reading() as connection:
            return tuple(allowance(row) for row in await connection.execute(query.order_by(allowances.c.id)))

    async def allowance(self, allowance_id: int) -> Allowance | None:
        """Return an allowance, also a revoked one."""
        query = allowances_with_place().where(allowances.c.id == allowance_id)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return allowance(row) if row else None

    async def clause_figures(
        self, surface: str, team: str, since: datetime, until: datetime
    ) -> tuple[ClauseFigures, ...]:
        """Count what was cited in reviews of a span of time (``until`` exclusive), by label."""
        worst = _worst(_of_town(surface, team), reviews.c.reviewed_at >= since, reviews.c.reviewed_at < until)
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(worst))).all()
        return _by_clause(rows)

    async def rule_figures(self, surface: str, team: str) -> tuple[RuleFigures, ...]:
        """Count findings and disputes of each rule that ever fired in the town, by name."""
        worst = _worst(_of_town(surface, team))
        shown = select(worst.c.rule, func.sum(worst.c.most).label("shown")).group_by(worst.c.rule)
        async with self._database.reading() as connection:
            counts = {row.rule: int(row.shown) for row in (await connection.execute(shown)).all()}
            ruled = {row.rule: row for row in (await connection.execute(_disputed_by_rule(surface, team))).all()}
        return tuple(_rule_figures(rule, counts.get(rule, 0), ruled.get(rule)) for rule in sorted({*counts, *ruled}))


def _of_town(surface: str, team: str) -> ColumnElement[bool]:
    return (drafts.c.surface == surface) & (drafts.c.team == team)


def _written() -> Select[Any]:
    """Select the versions of a draft that are not erased."""
    return select(versions.c.id).where(versions.c.draft_id == drafts.c.id, versions.c.erased_at.is_(None))


def _conditions(query: Query) -> list[ColumnElement[bool]]:
    """Turn a query into SQL. A draft of which only the deletion was heard has no versions: nobody looks for it."""
    written = _written()
    if query.author is not None:
        written = written.where(versions.c.author == query.author)
    conditions = [_of_town(query.surface, query.team), exists(written)]
    if query.states:
        conditions.append(drafts.c.state.in_(query.states))
    if query.since is not None:
        conditions.append(drafts.c.created_at >= query.since)
    if query.until is not None:
        conditions.append(drafts.c.created_at < query.until)
    if query.channels is not None:
        conditions.append(drafts.c.channel.in_(query.channels))
    return conditions


def _worst(*conditions: ColumnElement[bool]) -> Subquery:
    """Of each kind of finding in each draft, how many the version had that had most of them."""
    kind = (versions.c.draft_id, tallies.c.rule, tallies.c.level, tallies.c.clauses)
    return (
        select(*kind, func.max(tallies.c.count).label("most"))
        .join(reviews, reviews.c.id == tallies.c.review_id)
        .join(versions, versions.c.id == reviews.c.version_id)
        .join(drafts, drafts.c.id == versions.c.draft_id)
        .where(*conditions)
        .group_by(*kind)
        .subquery()
    )


@dataclass(slots=True)
class _Citations:
    """What is counted for one clause while the rows are read."""

    levels: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Level, 0))
    drafts: set[int] = field(default_factory=set)


def _by_clause(rows: Iterable[Row[Any]]) -> tuple[ClauseFigures, ...]:
    cited: dict[str, _Citations] = {}
    for row in rows:
        for label in row.clauses.split():
            citations = cited.setdefault(label, _Citations())
            citations.levels[row.level] += row.most
            citations.drafts.add(row.draft_id)
    return tuple(
        ClauseFigures(
            clause=label,
            block=citations.levels[Level.BLOCK],
            warn=citations.levels[Level.WARN],
            note=citations.levels[Level.NOTE],
            drafts=len(citations.drafts),
        )
        for label, citations in sorted(cited.items())
    )


def _disputed_by_rule(surface: str, team: str) -> Select[Any]:
    """Count findings, not people: several may dispute one, and one ruling answers them all; the last one counts."""
    finding = (disputes.c.version_id, disputes.c.position)
    last = (
        select(func.max(disputes.c.id))
        .join(drafts, drafts.c.id == disputes.c.draft_id)
        .where(_of_town(surface, team))
        .group_by(*finding)
    )
    each = select(disputes.c.rule, disputes.c.ruling).where(disputes.c.id.in_(last)).subquery()
    declined = func.sum(case((each.c.ruling == RulingKind.DECLINED, 1), else_=0))
    return select(
        each.c.rule,
        func.count().label("disputed"),
        func.count(each.c.ruling).label("ruled"),
        declined.label("declined"),
    ).group_by(each.c.rule)


def _rule_figures(rule: str, shown: int, row: Row[Any] | None) -> RuleFigures:
    if row is None:
        return RuleFigures(rule, shown, 0, 0, 0)
    return RuleFigures(rule, shown, row.disputed, int(row.ruled - row.declined), int(row.declined))
