"""How far channels were read, the same on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.history import History, Watermark

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


async def test_a_watermark_only_rises(history: History) -> None:
    later = NOW + timedelta(minutes=1)
    assert await history.watermarks.get("slack", "T1", "C1") is None
    await history.watermarks.advance("slack", "T1", "C1", "1763.000200", NOW)
    await history.watermarks.advance("slack", "T1", "C1", "1763.000100", later)
    assert await history.watermarks.get("slack", "T1", "C1") == Watermark("1763.000200", NOW)
    await history.watermarks.advance("slack", "T1", "C1", "1763.000300", later)
    assert await history.watermarks.get("slack", "T1", "C1") == Watermark("1763.000300", later)


async def test_channels_have_their_own(history: History) -> None:
    await history.watermarks.advance("slack", "T1", "C1", "1763.000200", NOW)
    for surface, team, channel in (("teams", "T1", "C1"), ("slack", "T2", "C1"), ("slack", "T1", "C2")):
        assert await history.watermarks.get(surface, team, channel) is None


async def test_what_was_read_longest_ago_comes_first(history: History) -> None:
    for minutes, channel in enumerate(("C2", "C1", "C3")):
        await history.watermarks.advance("slack", "T1", channel, "1763.000200", NOW + timedelta(minutes=minutes))
    await history.watermarks.advance("slack", "T2", "C2", "1763.000200", NOW + timedelta(hours=1))
    order = await history.watermarks.longest_unread_first("slack", "T1", {"C1", "C2", "C3", "C4"})
    assert order == ["C4", "C2", "C1", "C3"]
