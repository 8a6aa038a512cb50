"""The inbox's promises, the same on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from bot.history import Claim, History, Inbox, Item, LeaseLost
from bot.history.database import CLAIM_LOCK, connect
from bot.history.inbox import Backlog
from bot.history.tables import inbox as table

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)


@pytest.fixture
def inbox(history: History) -> Inbox:
    return history.inbox


def item(key: str, *, place: str | None = None, order: float = 1.0, surface: str = "slack") -> Item:
    return Item(key, surface, "message", place or key, order, NOW, {"text": f"本文 {key}"})


async def claimed(inbox: Inbox, now: datetime = NOW) -> Claim:
    claim = await inbox.claim(now, LEASE, {"slack"})
    assert claim is not None
    return claim


async def nothing_to_claim(inbox: Inbox, now: datetime = NOW) -> bool:
    return await inbox.claim(now, LEASE, {"slack"}) is None


async def test_gives_out_what_was_put(inbox: Inbox) -> None:
    odd = Item(
        "k", "slack", "message", "p", 1763.000100, NOW, {"text": "改行\nと \x00 と \ud83c と 👍", "n": [1, None]}
    )
    assert await inbox.put(odd)
    claim = await claimed(inbox)
    assert claim.item == odd
    assert (claim.attempts, claim.tried_since) == (1, NOW)


async def test_tells_whether_an_item_was_claimed_before(inbox: Inbox) -> None:
    await inbox.put(item("a"))
    first = await claimed(inbox)
    assert not first.item.again
    await inbox.release(first, NOW, "outage", counts=False)
    assert (await claimed(inbox)).item.again


async def test_knows_a_key_before_and_after_completion(inbox: Inbox) -> None:
    assert await inbox.put(item("a"))
    assert not await inbox.put(item("a"))
    await inbox.complete(await claimed(inbox), "posted", NOW)
    assert not await inbox.put(item("a"))
    assert await nothing_to_claim(inbox)


async def test_one_of_many_at_once_puts_a_key(inbox: Inbox) -> None:
    put = await asyncio.gather(*(inbox.put(item("a")) for _ in range(8)))
    assert sorted(put) == [False] * 7 + [True]


async def test_put_sets_arrived(inbox: Inbox) -> None:
    inbox.arrived.clear()
    await inbox.put(item("a"))
    assert inbox.arrived.is_set()


async def test_the_oldest_comes_first(inbox: Inbox) -> None:
    for key in ("c", "a", "b"):
        await inbox.put(item(key))
    assert [(await claimed(inbox)).item.key for _ in range(3)] == ["c", "a", "b"]


async def test_a_place_keeps_its_order_of_writing_and_others_do_not_wait(inbox: Inbox) -> None:
    await inbox.put(item("edit", place="p", order=2.0))
    await inbox.put(item("create", place="p", order=1.0))
    await inbox.put(item("other", place="q"))
    first = await claimed(inbox)
    assert first.item.key == "create"
    assert (await claimed(inbox)).item.key == "other"
    assert await nothing_to_claim(inbox)
    await inbox.complete(first, None, NOW)
    assert (await claimed(inbox)).item.key == "edit"


async def test_an_earlier_one_that_arrives_late_waits_for_the_one_at_work(inbox: Inbox) -> None:
    await inbox.put(item("edit", place="p", order=2.0))
    edit = await claimed(inbox)
    await inbox.put(item("create", place="p", order=1.0))
    assert await nothing_to_claim(inbox)
    await inbox.complete(edit, None, NOW)
    assert (await claimed(inbox)).item.key == "create"


async def test_a_postponed_one_holds_back_its_place(inbox: Inbox) -> None:
    await inbox.put(item("create", place="p", order=1.0))
    await inbox.put(item("edit", place="p", order=2.0))
    due = NOW + timedelta(seconds=30)
    await inbox.release(await claimed(inbox), due, "RetryLater")
    assert await nothing_to_claim(inbox, due - timedelta(seconds=1))
    again = await claimed(inbox, due)
    assert (again.item.key, again.attempts, again.tried_since) == ("create", 2, NOW)


async def test_an_attempt_that_does_not_count_is_taken_back(inbox: Inbox) -> None:
    await inbox.put(item("a"))
    await inbox.release(await claimed(inbox), NOW, "RetryLater", counts=False)
    assert (await claimed(inbox)).attempts == 1


async def test_a_lease_that_ran_out_passes_on_and_the_first_holder_is_refused(inbox: Inbox) -> None:
    await inbox.put(item("a"))
    first = await claimed(inbox)
    assert await nothing_to_claim(inbox, NOW + LEASE - timedelta(seconds=1))
    second = await claimed(inbox, NOW + LEASE)
    assert second.attempts == 2
    with pytest.raises(LeaseLost):
        await inbox.complete(first, "late", NOW + LEASE)
    with pytest.raises(LeaseLost):
        await inbox.extend(first, NOW + 2 * LEASE)
    with pytest.raises(LeaseLost):
        await inbox.release(first, NOW, "late")
    with pytest.raises(LeaseLost):
        await inbox.fail(first, "late", NOW)
    await inbox.complete(second, "posted", NOW + LEASE)
    with pytest.raises(LeaseLost):
        await inbox.complete(second, "twice", NOW + LEASE)


async def test_an_extended_lease_holds(inbox: Inbox) -> None:
    await inbox.put(item("a"))
    claim = await claimed(inbox)
    await inbox.extend(claim, NOW + 3 * LEASE)
    assert await nothing_to_claim(inbox, NOW + 2 * LEASE)
    await inbox.complete(claim, None, NOW + 2 * LEASE)


async def test_only_asked_surfaces_are_served(inbox: Inbox) -> None:
    await inbox.put(item("a", surface="teams"))
    assert await nothing_to_claim(inbox)
    assert await inbox.claim(NOW, LEASE, {"slack", "teams"}) is not None


async def test_finished_items_hold_no_payload(url: str, inbox: Inbox) -> None:
    for key in ("done", "failed", "open"):
        await inbox.put(item(key))
    await inbox.complete(await claimed(inbox), "posted", NOW)
    await inbox.fail(await claimed(inbox), "given up", NOW)
    async with connect(url) as database, database.reading() as connection:
        rows = await connection.execute(text("SELECT key FROM inbox WHERE payload IS NOT NULL"))
        assert rows.scalars().all() == ["open"]
    assert await inbox.open_items() == 1


async def test_tells_how_much_is_open_and_since_when(inbox: Inbox) -> None:
    assert await inbox.backlog() == Backlog(0, None)
    for minute, key in enumerate(("first", "second", "third")):
        await inbox.put(replace(item(key), received_at=NOW + timedelta(minutes=minute)))
    await inbox.complete(await claimed(inbox), None, NOW)
    assert await inbox.backlog() == Backlog(2, NOW + timedelta(minutes=1))


async def test_forgets_only_what_was_finished_before(inbox: Inbox) -> None:
    for key in ("old", "new", "open"):
        await inbox.put(item(key))
    await inbox.complete(await claimed(inbox), None, NOW)
    await inbox.complete(await claimed(inbox), None, NOW + timedelta(minutes=10))
    assert await inbox.forget(NOW + timedelta(minutes=5)) == 1
    assert await inbox.put(item("old"))
    assert not await inbox.put(item("new"))
    assert not await inbox.put(item("open"))


async def test_a_claim_waits_for_one_being_made(url: str, inbox: Inbox) -> None:
    """Another process is claiming the edit, which it saw alone; the creation has arrived since."""
    await inbox.put(item("edit", place="p", order=2.0))
    await inbox.put(item("create", place="p", order=1.0))
    async with connect(url) as rival:
        async with rival.writing() as connection:
            await rival.serialise(connection, CLAIM_LOCK)
            leased = {"lease_token": "rival", "lease_until": NOW + LEASE}
            await connection.execute(update(table).where(table.c.key == "edit").values(leased))
            claim = asyncio.create_task(inbox.claim(NOW, LEASE, {"slack"}))
            await asyncio.wait({claim}, timeout=0.2)
        assert await claim is None


async def test_claimers_of_two_pools_never_work_on_one_place_at_once(url: str, inbox: Inbox) -> None:
    """The latest versions arrive first, while claims are being made: the hardest case for "one at a time"."""
    keys = [(place, order) for order in reversed(range(8)) for place in "abc"]
    at_work: set[str] = set()
    seen: list[str] = []

    async def work(own: Inbox) -> None:
        while len(seen) < len(keys):
            claim = await own.claim(NOW, LEASE, {"slack"})
            if claim is None:
                continue
            assert claim.item.place not in at_work
            at_work.add(claim.item.place)
            seen.append(claim.item.key)
            await own.open_items()  # gives the others time
            at_work.remove(claim.item.place)
            await own.complete(claim, None, NOW)

    async def arrive() -> None:
        for place, order in keys:
            await inbox.put(item(f"{place}.{order}", place=place, order=order))

    async with History.open(url) as other:
        await asyncio.gather(arrive(), *(work(own) for own in (inbox, other.inbox) for _ in range(4)))
    assert sorted(seen) == sorted(f"{place}.{order}" for place, order in keys)
