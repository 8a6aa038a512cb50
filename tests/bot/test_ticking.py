"""What looks at the clock goes on after a mistake, says so, and ends when it is told to."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bot import ticking
from bot.ticking import Ticking


class Cuckoo(Ticking):
    """Breaks the first time."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = 0
        self.works = asyncio.Event()

    async def _run(self) -> None:
        self.begun += 1
        if self.begun == 1:
            raise ValueError("秘密の本文")
        self.works.set()
        await asyncio.Event().wait()


async def test_a_mistake_is_told_without_its_words_and_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticking, "AGAIN_SECONDS", 0.0)
    cuckoo = Cuckoo()
    with capture_logs() as logs:
        cuckoo.start()
        async with asyncio.timeout(10):
            await cuckoo.works.wait()
        await cuckoo.close()
    (line,) = logs
    assert (line["event"], line["clock"], line["error"]) == ("clock_broken", "Cuckoo", "ValueError")
    assert "秘密" not in str(line)
    assert cuckoo.begun == 2
