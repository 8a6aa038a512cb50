"""What is kept of texts once a draft is settled: everything, nothing that is sensitive, or nothing at all.

While a draft waits its text is needed: to answer it, to show the answer anew, to compare it with the next version, to
revise it. Once it is approved or withdrawn, or nothing has happened to it for a while, what is not to be kept is
written over: each character of the text with ■, and the quotes of findings with a digest, keyed with a secret of the
draft. By such digests the same words and the same text are still recognised, so that comparisons and allowances go on
working, until the secret is erased with the draft. What findings say and suggest goes too: it may repeat the words.
Comments of supervisors and reasons of disputes stay, though they may quote: they are the grounds of a decision, which
is to be kept, and go with it (``retention``). A text that could not be reviewed yet stays as well: else its marks would
be what is reviewed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Row, Select, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.compare import FindingKey
from bot.history.chain import append
from bot.history.database import Database
from bot.history.model import BOT, Dispute, DraftState, Event, EventKind, Thread, Version
from bot.history.tables import allowances, disputes, drafts, events, reviews, versions
from rules.model import Topic

BLACK: Final = "■"
_STAND_IN: Final = re.compile(f"{BLACK}[0-9a-f]{{8}}")
SENSITIVE: Final = frozenset({Topic.PERSONAL_INFO, Topic.SECURITY, Topic.CONFIDENTIAL})
"""Topics (個人情報, 安全管理, 秘密) whose words are not kept where sensitive ones are not."""

SETTLED_FOR: Final = timedelta(minutes=10)
"""How long an approved or withdrawn draft is left as it is: its cards are still being changed."""
IDLE_FOR: Final = timedelta(days=1)
"""After how long any draft counts as settled."""
BATCH: Final = 50

_QUOTING: Final = (EventKind.SUBMITTED, EventKind.REVIEWED, EventKind.DISPUTED)
"""Events that seal the words of a version."""

_SECRET_BYTES: Final = 16
_VISIBLE: Final = re.compile(r"\S")


class Keeping(StrEnum):
    """What is kept (``SNS_CHECK_STORE_TEXT``)."""

    FULL = "full"
    REDACTED = "redacted"
    """Texts without the words of findings on ``SENSITIVE`` topics."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Withholding:
    """Writes over what is not to be kept in one database."""

    database: Database

    async def sweep(self, keeping: Keeping, now: datetime) -> int:
        """Write over what is settled; returns in how many drafts. Several processes may do so at once."""
        done = 0
        while keeping is not Keeping.FULL and (some := await self._sweep_some(keeping, now)):
            done += some
        if done:
            await self.database.scrub()
        return done

    async def _sweep_some(self, keeping: Keeping, now: datetime) -> int:
        some = _due(now).order_by(drafts.c.id).limit(BATCH).with_for_update(skip_locked=True)
        async with self.database.writing() as connection:
            rows = (await connection.execute(some)).all()
            for row in rows:
                await _withhold(connection, row, keeping, now)
        return len(rows)


def _due(now: datetime) -> Select[Any]:
    kept = exists(_kept().where(versions.c.draft_id == drafts.c.id))
    settled = drafts.c.state.in_([DraftState.APPROVED, DraftState.WITHDRAWN]) & (
        drafts.c.updated_at < now - SETTLED_FOR
    )
    return select(drafts.c.id, drafts.c.secret).where(kept, or_(settled, drafts.c.updated_at < now - IDLE_FOR))


def _kept() -> Select[Any]:
    """Select the versions with texts that were read, or that nobody can read, as they were written."""
    return (
        select(versions.c.id, versions.c.text, reviews.c.findings)
        .outerjoin(reviews, reviews.c.version_id == versions.c.id)
        .where(
            versions.c.withheld_at.is_(None),
            versions.c.erased_at.is_(None),
            or_(reviews.c.id.is_not(None), versions.c.unreadable.is_not(None)),
        )
    )


async def _withhold(connection: AsyncConnection, draft: Row[Any], keeping: Keeping, now: datetime) -> None:
    """Write over what is not to be kept of a draft that is locked."""
    secret = draft.secret or secrets.token_bytes(_SECRET_BYTES)
    rows = (await connection.execute(_kept().where(versions.c.draft_id == draft.id))).all()
    changed: list[int] = []
    for row in rows:
        findings = row.findings or []
        hidden = _hidden(findings, keeping)
        if keeping is Keeping.NONE or any(hidden):
            changed.append(row.id)
        await connection.execute(
            update(versions)
            .where(versions.c.id == row.id)
            .values(text=_blackened(row.text, findings, keeping), digest=_digest(secret, row.text), withheld_at=now)
        )
        if any(hidden):
            masked = [_masked(each, secret) if hide else each for each, hide in zip(findings, hidden, strict=True)]
            await _write_findings(connection, row.id, masked)
    hidden_keys = None if keeping is Keeping.NONE else _keys(rows, keeping)
    masked_allowances = await _mask_allowances(connection, draft.id, secret, hidden_keys)
    await connection.execute(update(drafts).where(drafts.c.id == draft.id).values(secret=secret))
    await _unseal(connection, draft.id, changed)
    await _unseal_allowances(connection, draft.id, masked_allowances)
    event = Event(EventKind.WITHHELD, now, BOT, data={"kept": keeping, "versions": len(rows)})
    await append(connection, draft.id, None, event)


def _hidden(findings: Sequence[Mapping[str, Any]], keeping: Keeping) -> list[bool]:
    """Tell of each finding whether its words go: with sensitive ones, those that share a character with them."""
    if keeping is Keeping.NONE:
        return [True] * len(findings)
    black = [each for each in findings if each["topic"] in SENSITIVE]
    return [any(each["start"] < one["end"] and one["start"] < each["end"] for one in black) for each in findings]


def _blackened(text: str, findings: Sequence[Mapping[str, Any]], keeping: Keeping) -> str:
    if keeping is Keeping.NONE:
        return _VISIBLE.sub(BLACK, text)
    for each in findings:
        if each["topic"] in SENSITIVE:
            start, end = each["start"], each["end"]
            text = text[:start] + BLACK * (end - start) + text[end:]
    return text


def _masked(finding: Mapping[str, Any], secret: bytes) -> dict[str, Any]:
    return {**finding, "quote": stand_in(secret, finding["quote"]), "message": "", "suggestion": ""}


async def _write_findings(connection: AsyncConnection, version_id: int, findings: Sequence[Mapping[str, Any]]) -> None:
    await connection.execute(update(reviews).where(reviews.c.version_id == version_id).values(findings=findings))
    for position, finding in enumerate(findings):
        of_this = (disputes.c.version_id == version_id) & (disputes.c.position == position)
        await connection.execute(update(disputes).where(of_this).values(finding=finding))


def _keys(rows: Sequence[Row[Any]], keeping: Keeping) -> frozenset[FindingKey]:
    """Return which findings are those whose words go."""
    return frozenset(
        FindingKey.quoting(each["rule"], each["quote"])
        for findings in (row.findings or [] for row in rows)
        for each, hide in zip(findings, _hidden(findings, keeping), strict=True)
        if hide
    )


async def _mask_allowances(
    connection: AsyncConnection, draft_id: int, secret: bytes, hidden: frozenset[FindingKey] | None
) -> set[int]:
    """Mask what is allowed in this draft alone, of the findings named or of all; returns which allowances.

    What the town allows is a setting.
    """
    own = (allowances.c.draft_id == draft_id) & ~allowances.c.for_town
    columns = (allowances.c.id, allowances.c.rule, allowances.c.phrase)
    masked: set[int] = set()
    for row in (await connection.execute(select(*columns).where(own))).all():
        if hidden is not None and FindingKey.quoting(row.rule, row.phrase) not in hidden:
            continue
        phrase = stand_in(secret, row.phrase)
        await connection.execute(update(allowances).where(allowances.c.id == row.id).values(phrase=phrase))
        masked.add(row.id)
    return masked


async def _unseal(connection: AsyncConnection, draft_id: int, version_ids: Sequence[int]) -> None:
    """Erase what the seals of these texts could be guessed by."""
    of_these = (events.c.draft_id == draft_id) & events.c.version_id.in_(version_ids) & events.c.kind.in_(_QUOTING)
    await connection.execute(update(events).where(of_these).values(content_salt=None))


async def _unseal_allowances(connection: AsyncConnection, draft_id: int, masked: Collection[int]) -> None:
    """Do so for what was allowed."""
    of_these = (events.c.draft_id == draft_id) & (events.c.kind == EventKind.ALLOWED)
    for row in (await connection.execute(select(events.c.id, events.c.data).where(of_these))).all():
        if row.data["allowance"] in masked:
            await connection.execute(update(events).where(events.c.id == row.id).values(content_salt=None))


def may_be_withheld(event: Row[Any]) -> bool:
    """Tell whether an event seals words that may be written over here; of others only ``retention`` erases the salt."""
    own = event.kind == EventKind.ALLOWED and not event.data.get("for_town")
    return own or event.kind in _QUOTING


def is_stand_in(quote: str) -> bool:
    """Tell whether a quote is what stands for words that are not kept. What people write may begin with ■ as well."""
    return _STAND_IN.fullmatch(quote) is not None


def stand_in(secret: bytes, words: str) -> str:
    """Return what stands for words in a quote: the same for the same words (``FindingKey``) of the same draft."""
    if not words or is_stand_in(words):
        return words
    return BLACK + _digest(secret, FindingKey.quoting("", words).words)[:8]


def recognised(thread: Thread, secret: bytes) -> Thread:
    """Give the words back that a version still has in clear, and every version what its text can be compared by."""
    findings = [each for version in thread.versions if version.review for each in version.review.findings]
    quotes = [each.quote for each in findings] + [each.phrase for each in thread.allowances]
    clear = {stand_in(secret, quote): quote for quote in quotes if not is_stand_in(quote)}
    return replace(
        thread,
        versions=tuple(_recognised_version(version, secret, clear) for version in thread.versions),
        disputes=tuple(_recognised_dispute(dispute, clear) for dispute in thread.disputes),
        allowances=tuple(replace(each, phrase=clear.get(each.phrase, each.phrase)) for each in thread.allowances),
    )


def _recognised_version(version: Version, secret: bytes, clear: Mapping[str, str]) -> Version:
    digest = version.digest or _digest(secret, version.text)
    if version.review is None:
        return replace(version, digest=digest)
    found = tuple(replace(each, quote=clear.get(each.quote, each.quote)) for each in version.review.findings)
    return replace(version, digest=digest, review=replace(version.review, findings=found))


def _recognised_dispute(dispute: Dispute, clear: Mapping[str, str]) -> Dispute:
    quote = dispute.finding.quote
    return replace(dispute, finding=replace(dispute.finding, quote=clear.get(quote, quote)))


def _digest(secret: bytes, words: str) -> str:
    return hmac.new(secret, words.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
