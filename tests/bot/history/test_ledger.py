"""The event log is evidence: whatever is changed behind the program's back is found. The same on both databases."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Insert, LargeBinary, Table, delete, literal, select, type_coerce, update

from bot.desk import DecisionKind, Place, RulingKind
from bot.history import Event, EventKind, Fault, History, Keeping
from bot.history.chain import GENESIS, append
from bot.history.database import connect
from bot.history.tables import allowances, chain, decisions, disputes, drafts, events, reviews, tallies, versions
from tests.bot.office import NOW, Office

KINDS = ["submitted", "reviewed", "answered", "decided", "disputed", "ruled", "allowed"]
KINDS += ["submitted", "reviewed", "withdrawn"]
"""What ``live`` makes happen, one event after the other."""


LATER = timedelta(hours=1)


def _again(table: Table, **changed: Any) -> Insert:
    """Add the first row once more, but for these columns, with an id that is free."""
    others = [column for column in table.columns if column.name not in {"id", *changed}]
    row = select(literal(99), *(literal(value, table.c[name].type) for name, value in changed.items()), *others)
    names = ["id", *changed, *(column.name for column in others)]
    return table.insert().from_select(names, row.where(table.c.id == 1))


async def live(office: Office) -> None:
    await office.post(1, "禁a です。")
    await office.decide(1, DecisionKind.HOLD, "確かめます。")
    await office.ruled(await office.disputed(1), RulingKind.FOR_TOWN, "問題ありません。")
    await office.submit(2, "別の文です。\ud83c\x00")
    await office.desk.withdraw((await office.thread()).place, "U1", office.now)


async def test_an_empty_log_is_whole(history: History) -> None:
    verification = await history.ledger.verify(GENESIS)
    assert (verification.fault, verification.head.number, verification.head.hash) == (None, 0, GENESIS)


async def test_what_was_recorded_is_proven(history: History, office: Office) -> None:
    await live(office)
    assert [event.kind for event in (await office.thread()).events] == KINDS
    verification = await history.ledger.verify()
    assert (verification.fault, verification.broken, verification.head.number) == (None, None, len(KINDS))
    assert verification.head == await history.ledger.head()


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        (update(events).where(events.c.number == 4).values(data={"decision": "approve", "id": 1}), (4, Fault.CHANGED)),
        (update(events).where(events.c.number == 3).values(version_id=None), (3, Fault.CHANGED)),
        (update(events).where(events.c.number == 5).values(hash=GENESIS), (5, Fault.CHANGED)),
        (update(events).where(events.c.number == 4).values(actor="U9"), (4, Fault.ACTOR)),
        (update(events).where(events.c.number == 4).values(actor_salt=None), (4, Fault.ACTOR)),
        (update(events).where(events.c.number > 3).values(actor="", actor_salt=None), (4, Fault.ERASED)),
        (update(events).where(events.c.number == 2).values(content_salt=None), (2, Fault.ERASED)),
        (delete(events).where(events.c.number == 4), (4, Fault.MISSING)),
        (delete(events).where(events.c.number == 1), (1, Fault.MISSING)),
        (delete(events).where(events.c.number == len(KINDS)), (len(KINDS) - 1, Fault.CUT)),
        (delete(events), (0, Fault.CUT)),
        (update(events).where(events.c.number == 10).values(number=11), (10, Fault.MISSING)),
        (update(versions).where(versions.c.revision == "r1").values(text="別の本文"), (1, Fault.CONTENT)),
        (update(versions).where(versions.c.revision == "r1").values(author="U9"), (1, Fault.CONTENT)),
        (update(reviews).where(reviews.c.id == 1).values(findings=[]), (2, Fault.CONTENT)),
        (update(reviews).where(reviews.c.id == 2).values(verdict="block"), (9, Fault.CONTENT)),
        (update(decisions).values(kind="approve"), (4, Fault.CONTENT)),
        (update(decisions).values(comment="よいです。"), (4, Fault.CONTENT)),
        (delete(decisions), (4, Fault.CONTENT)),
        (update(disputes).values(reason="別の理由"), (5, Fault.CONTENT)),
        (update(disputes).values(ruling="declined"), (6, Fault.CONTENT)),
        (update(chain).values(number=8), (10, Fault.CUT)),
        (update(versions).where(versions.c.revision == "r1").values(received_at=NOW - LATER), (1, Fault.CONTENT)),
        (update(reviews).where(reviews.c.id == 1).values(reviewed_at=NOW + LATER), (2, Fault.CONTENT)),
        (update(decisions).values(version_id=2), (4, Fault.CONTENT)),
        (update(decisions).values(at=NOW + LATER), (4, Fault.CONTENT)),
        (update(disputes).values(version_id=2), (5, Fault.CONTENT)),
        (update(disputes).values(ruled_at=NOW + LATER), (6, Fault.CONTENT)),
        (update(versions).where(versions.c.id == 1).values(text=type_coerce(b"\xe3", LargeBinary)), (1, Fault.CONTENT)),
        (update(versions).where(versions.c.id == 2).values(text=type_coerce(b"\xff", LargeBinary)), (8, Fault.CONTENT)),
        (update(reviews).where(reviews.c.id == 1).values(findings=type_coerce(b"[", LargeBinary)), (2, Fault.CONTENT)),
        (_again(decisions, kind="approve"), (10, Fault.UNHEARD_OF)),
        (_again(versions, revision="r3"), (10, Fault.UNHEARD_OF)),
        (_again(disputes, ruling=None), (10, Fault.UNHEARD_OF)),
        (_again(allowances, rule="t.other"), (10, Fault.UNHEARD_OF)),
        (_again(allowances, phrase="別の語"), (10, Fault.UNHEARD_OF)),
        (update(allowances).values(for_town=False), (7, Fault.CONTENT)),
        (update(allowances).values(phrase="別の語"), (7, Fault.CONTENT)),
        (update(allowances).values(actor="U9"), (7, Fault.CONTENT)),
        (update(allowances).values(reason="別の理由"), (7, Fault.CONTENT)),
        (update(allowances).values(team="T9"), (7, Fault.CONTENT)),
        (delete(allowances), (7, Fault.CONTENT)),
        (update(allowances).values(revoked_at=NOW), (10, Fault.UNHEARD_OF)),
        (update(versions).where(versions.c.revision == "r1").values(attached={"files": ["F1"]}), (1, Fault.CONTENT)),
        (update(drafts).values(channel="C9"), (1, Fault.FACTS)),
        (update(drafts).values(state="approved"), (10, Fault.FACTS)),
        (update(versions).where(versions.c.revision == "r1").values(revision="r0"), (1, Fault.FACTS)),
        (update(versions).where(versions.c.revision == "r1").values(sequence=9), (1, Fault.FACTS)),
        (update(versions).where(versions.c.revision == "r1").values(erased_at=NOW), (1, Fault.FACTS)),
        (update(versions).where(versions.c.revision == "r2").values(withheld_at=NOW), (8, Fault.FACTS)),
        (update(versions).where(versions.c.revision == "r1").values(unreadable="empty"), (1, Fault.FACTS)),
        (update(versions).where(versions.c.revision == "r1").values(receipt="another"), (3, Fault.FACTS)),
        (update(versions).where(versions.c.revision == "r1").values(receipt=None), (3, Fault.FACTS)),
        (update(versions).where(versions.c.revision == "r2").values(receipt="one"), (8, Fault.FACTS)),
        (update(reviews).where(reviews.c.id == 1).values(rules_version="9"), (2, Fault.FACTS)),
        (update(tallies).values(count=9), (2, Fault.FACTS)),
        (delete(tallies), (2, Fault.FACTS)),
        (update(disputes).values(position=3), (5, Fault.FACTS)),
    ],
)
async def test_the_first_record_that_was_changed_is_named(
    url: str, history: History, office: Office, tampering: Any, found: tuple[int, Fault]
) -> None:
    await live(office)
    async with connect(url) as database, database.writing() as connection:
        await connection.execute(tampering)
    verification = await history.ledger.verify()
    assert (verification.broken, verification.fault) == found


async def test_an_allowance_that_was_taken_back_is_not_in_force_again(
    url: str, history: History, office: Office
) -> None:
    await live(office)
    await office.desk.revoke(1, "S2", is_supervisor=True)
    assert (await history.ledger.verify()).fault is None
    async with connect(url) as database, database.writing() as connection:
        await connection.execute(update(allowances).values(revoked_at=None, revoked_by=None))
    assert (await history.ledger.verify()).fault is Fault.UNHEARD_OF


async def test_who_took_an_allowance_back_is_proven(url: str, history: History, office: Office) -> None:
    await live(office)
    await office.desk.revoke(1, "S2", is_supervisor=True)
    async with connect(url) as database, database.writing() as connection:
        await connection.execute(update(allowances).values(revoked_by="S1"))
    assert (await history.ledger.verify()).fault is Fault.UNHEARD_OF


async def test_figures_are_proven_when_the_texts_are_erased(url: str, history: History, office: Office) -> None:
    await live(office)
    await history.retention.purge(office.now + LATER, office.now + LATER)
    assert (await history.ledger.verify()).fault is None
    async with connect(url) as database, database.writing() as connection:
        await connection.execute(update(tallies).values(count=9))
    assert (await history.ledger.verify()).fault is Fault.FACTS


@pytest.mark.parametrize("sealed", [decisions, allowances])
async def test_texts_that_are_kept_no_more_are_no_pretext_for_other_changes(
    url: str, history: History, office: Office, sealed: Table
) -> None:
    await live(office)
    await history.withholding.sweep(Keeping.NONE, office.now + 2 * timedelta(days=1))
    assert (await history.ledger.verify()).fault is None
    kind = {decisions: EventKind.DECIDED, allowances: EventKind.ALLOWED}[sealed]
    async with connect(url) as database, database.writing() as connection:
        await connection.execute(update(events).where(events.c.kind == kind).values(content_salt=None))
        await connection.execute(update(sealed).values(actor="U9"))
    assert (await history.ledger.verify()).fault is Fault.ERASED


@pytest.mark.parametrize(
    "tampering",
    [
        update(versions).where(versions.c.revision == "r1").values(text="別の本文"),
        update(reviews).where(reviews.c.id == 1).values(verdict="pass"),
        update(disputes).values(reason="別の理由"),
    ],
)
async def test_what_has_no_sensitive_words_is_proven_where_texts_are_redacted(
    url: str, history: History, office: Office, tampering: Any
) -> None:
    await live(office)
    await history.withholding.sweep(Keeping.REDACTED, office.now + 2 * timedelta(days=1))
    assert (await history.ledger.verify()).fault is None
    async with connect(url) as database, database.writing() as connection:
        await connection.execute(tampering)
    assert (await history.ledger.verify()).fault is Fault.CONTENT


async def test_what_older_programs_did_not_tell_is_not_asked(url: str, history: History, office: Office) -> None:
    """An older program works beside this one for a while: it records what it does, and nothing of facts and states."""
    await office.post(1, "禁a です。")
    row = {"revision": "r2", "sequence": 2, "author": "U1", "guideline": "chiba", "text": "良い文です。"}
    old = Event(EventKind.SUBMITTED, NOW, "U1", data={"length": 6})
    async with connect(url) as database, database.writing() as connection:
        await connection.execute(versions.insert().values(draft_id=1, received_at=NOW, receipt="an answer", **row))
        await append(connection, 1, 2, old, json.dumps([row["author"], row["guideline"], row["text"]]))
        await connection.execute(update(drafts).values(state="held"))
    assert (await history.ledger.verify()).fault is None
    async with connect(url) as database, database.writing() as connection:
        await connection.execute(update(versions).where(versions.c.id == 2).values(text="別の文です。"))
    assert (await history.ledger.verify()).fault is Fault.CONTENT


async def test_a_noted_head_shows_what_hashes_computed_anew_would_hide(
    url: str, history: History, office: Office
) -> None:
    await office.post(1, "禁a です。")
    noted = (await history.ledger.head()).hash
    await office.decide(1, DecisionKind.RETURN, "直してください。")
    assert (await history.ledger.verify(noted)).fault is None, "the log has grown since"
    later = (await history.ledger.head()).hash
    async with connect(url) as database, database.writing() as connection:
        await connection.execute(delete(events).where(events.c.hash == later))
        await connection.execute(delete(decisions))
        await connection.execute(update(drafts).values(state="waiting"))
        await connection.execute(update(chain).values(number=3, hash=noted))
    assert (await history.ledger.verify()).fault is None
    assert (await history.ledger.verify(later)).fault is Fault.UNKNOWN_HEAD
    assert (await history.ledger.verify(noted)).fault is None


async def test_many_writers_make_one_chain(url: str, office: Office, history: History) -> None:
    async with History.open(url) as other:
        offices = [office, Office(other)] * 4
        places = [f"{number}" for number in range(8)]
        await asyncio.gather(
            *(
                each.post(1, "禁a です。", place=Place("slack", "T1", "C1", thread))
                for each, thread in zip(offices, places, strict=True)
            )
        )
    verification = await history.ledger.verify()
    assert (verification.fault, verification.head.number) == (None, 24)
