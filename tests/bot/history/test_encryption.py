"""Texts at rest are unreadable without a key, keys can be changed, and a wrong one changes nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, select, type_coerce

from bot.desk import DecisionKind, RulingKind
from bot.history import History, HistoryError, Inbox, Item
from bot.history.cipher import Cipher
from bot.history.database import attach, connect
from bot.history.inbox import LEFT_FOR
from bot.history.rekey import rekey
from bot.history.tables import DraftJson, DraftText, metadata
from tests.bot.office import Office

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
WORDS = ("ひみつの本文", "禁x", "差し戻す理由", "取り違え", "許した理由", "届いたまま")
OLD, NEW, OTHER = (Cipher.new_key() for _ in range(3))


async def live(history: History) -> None:
    """Write something into everything that may hold draft text."""
    office = Office(history)
    await office.post(1, "ひみつの本文、禁x。")
    await office.decide(1, DecisionKind.HOLD, "差し戻す理由")
    await office.ruled(await office.disputed(1), RulingKind.FOR_TOWN, "許した理由")
    await history.inbox.put(Item("k", "slack", "message", "p", 1.0, NOW, {"text": "届いたまま"}))


async def expect_all(history: History) -> None:
    """Read it all back."""
    office = Office(history)
    thread = await office.thread()
    assert thread.latest is not None
    assert thread.latest.text == "ひみつの本文、禁x。"
    assert thread.latest.review is not None
    assert [finding.quote for finding in thread.latest.review.findings] == ["禁x"]
    assert [decision.comment for decision in thread.decisions] == ["差し戻す理由"]
    assert [dispute.reason for dispute in thread.disputes] == ["言葉の取り違えです。"]
    assert [allowance.phrase for allowance in await office.desk.allowances("slack", "T1")] == ["禁x"]
    claim = await history.inbox.claim(NOW, timedelta(seconds=1), {"slack"})
    assert claim is not None
    assert claim.item.payload == {"text": "届いたまま"}
    await history.inbox.release(claim, NOW, "read")
    assert (await history.ledger.verify()).fault is None


async def stored(url: str) -> bytes:
    """Return the bytes of all texts as they are stored."""
    found = b""
    async with attach(url) as database, database.reading() as connection:
        for table in metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, DraftText | DraftJson):
                    values = await connection.execute(select(type_coerce(column, LargeBinary)))
                    found += b"".join(value for value in values.scalars() if value)
    return found


def files(url: str) -> bytes:
    """Return the bytes of SQLite's file and its logs."""
    file = Path(url.partition(":///")[2])
    return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))


def seen(words: Collection[str], where: bytes) -> list[str]:
    """Return the words that are readable, also as JSON may write them."""
    return [word for word in words if word.encode() in where or word.encode("unicode_escape") in where]


async def test_without_a_key_texts_are_readable(url: str) -> None:
    async with History.open(url) as history:
        await live(history)
        assert seen(WORDS, await stored(url)) == list(WORDS), "else the other tests show nothing"


async def test_with_a_key_no_word_is_readable(url: str) -> None:
    async with History.open(url, keys=[OLD]) as history:
        await live(history)
        await expect_all(history)
        assert seen(WORDS, await stored(url)) == []
        if "sqlite" in url:
            assert seen(WORDS, files(url)) == []


async def test_encryption_can_be_switched_on_later(url: str) -> None:
    async with History.open(url) as history:
        await live(history)
    async with History.open(url, keys=[OLD]) as history:
        await expect_all(history)
        async with attach(url) as database:
            assert await rekey(database, Cipher([OLD])) > len(WORDS)
            assert await rekey(database, Cipher([OLD])) == 0
        await expect_all(history)
        assert seen(WORDS, await stored(url)) == []
        if "sqlite" in url:
            assert seen(WORDS, files(url)) == []


async def test_a_key_can_be_changed_while_the_service_runs(url: str) -> None:
    async with History.open(url, keys=[OLD]) as history:
        await live(history)
    async with History.open(url, keys=[NEW, OLD]) as history:
        await expect_all(history)
        async with attach(url) as database:
            assert await rekey(database, Cipher([NEW, OLD])) > 0
        await expect_all(history)
    async with History.open(url, keys=[NEW]) as history:
        await expect_all(history)
    with pytest.raises(HistoryError, match="読めません"):
        async with History.open(url, keys=[OLD]):
            pass


async def test_encryption_can_be_switched_off(url: str) -> None:
    async with History.open(url, keys=[OLD]) as history:
        await live(history)
    async with attach(url) as database:
        await rekey(database, Cipher([OLD], only_decrypt=True))
    async with History.open(url) as history:
        await expect_all(history)
    assert seen(WORDS, await stored(url)) == list(WORDS)


@pytest.mark.parametrize(("keys", "complaint"), [((), "暗号化されています"), ((OTHER,), "読めません")])
async def test_a_missing_or_wrong_key_is_said_and_changes_nothing(
    url: str, keys: tuple[str, ...], complaint: str
) -> None:
    async with History.open(url, keys=[OLD]) as history:
        await live(history)
    before = await stored(url)
    with pytest.raises(HistoryError, match=complaint) as raised:
        async with History.open(url, keys=keys):
            pass
    assert not any(key in str(raised.value) for key in (OLD, *keys))
    assert await stored(url) == before
    async with History.open(url, keys=[OLD]) as history:
        await expect_all(history)


async def test_a_text_that_looks_encrypted_is_a_text(url: str) -> None:
    odd = "\udcff\xff\x00gAAAAA"
    async with connect(url, keys=[OLD]) as database:
        office = Office(History(database))
        await office.submit(1, odd)
        assert (await office.thread()).versions[0].text == odd


async def test_what_one_process_cannot_read_yet_holds_up_nothing_else(url: str) -> None:
    """Processes over one database are started anew one after the other, so that keys differ for a while."""
    later = NOW + LEFT_FOR + timedelta(seconds=1)
    async with History.open(url, keys=[OLD]) as behind, History.open(url, keys=[NEW, OLD]) as ahead:
        for key, place, who in (("a", "p", ahead), ("b", "p", behind), ("c", "q", behind)):
            await who.inbox.put(Item(key, "slack", "message", place, 1.0, NOW, {"text": key}))
        claim = await behind.inbox.claim(NOW, timedelta(days=1), {"slack"})
        assert claim is not None
        assert claim.item.key == "c", "and not what has to wait for what cannot be read"
        assert await behind.inbox.claim(NOW, timedelta(days=1), {"slack"}) is None
        assert [item.key for item in await behind.inbox.waiting("slack", ["message"], later, 9)] == ["b", "c"]
        first = await ahead.inbox.claim(NOW, timedelta(days=1), {"slack"})
        assert first is not None
        assert first.item.payload == {"text": "a"}
        await ahead.inbox.release(first, later, "for those who have the key by then")
    async with History.open(url, keys=[NEW, OLD]) as restarted:
        again = await restarted.inbox.claim(later, timedelta(days=1), {"slack"})
        assert again is not None
        assert again.item.key == "a"


async def test_what_could_not_be_read_is_looked_at_again(url: str) -> None:
    async with History.open(url, keys=[OLD]) as history, attach(url, [NEW]) as other:
        await Inbox(other).put(Item("a", "slack", "message", "p", 1.0, NOW, {"text": "a"}))
        assert await history.inbox.claim(NOW, timedelta(days=1), {"slack"}) is None
        async with attach(url) as database:
            await rekey(database, Cipher([OLD, NEW]))
        assert await history.inbox.claim(NOW, timedelta(days=1), {"slack"}) is None
        assert await history.inbox.claim(NOW + LEFT_FOR, timedelta(days=1), {"slack"}) is not None
