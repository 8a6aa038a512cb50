"""A desk with its history, its reader, and a clock that can be turned: what the tests of the desk work with."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from bot.desk import Answer, DecisionKind, Desk, Place, Reviewers, RulingKind, Submission, Thread
from bot.history import History
from tests.bot.readers import Marked

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
"""A Friday morning in Japan."""
PLACE = Place("slack", "T1", "C1", "1763.000100")
AUTHOR, SUPERVISOR, OTHER_SUPERVISOR = "U1", "S1", "S2"


class Office:
    """Does what a surface does, at one place unless another is named."""

    def __init__(self, history: History) -> None:
        self.now = NOW
        self.readers: dict[str, Marked] = {}
        self.desk = Desk(history, Reviewers(self._load), lambda: self.now)

    def _load(self, name: str) -> Marked:
        assert name not in self.readers, "loaded twice"
        time.sleep(0.01)  # loading takes a while: others ask meanwhile
        return self.readers.setdefault(name, Marked(name))

    async def submit(
        self, order: float, text: str, guideline: str = "chiba", *, author: str = AUTHOR, place: Place = PLACE
    ) -> Answer:
        """Hand a version in. Its revision is ``r`` and its order."""
        return await self.desk.submit(Submission(place, f"r{order}", order, author, text, self.now), guideline)

    async def post(
        self, order: float, text: str, guideline: str = "chiba", *, author: str = AUTHOR, place: Place = PLACE
    ) -> Answer:
        """Submit, and post what is due."""
        answer = await self.submit(order, text, guideline, author=author, place=place)
        if answer.due:
            await self.desk.answered(answer, f"answer to {order}")
        return answer

    async def decide(
        self, order: float, kind: DecisionKind, comment: str = "", *, actor: str = SUPERVISOR, place: Place = PLACE
    ) -> Answer:
        """Decide as a supervisor."""
        return await self.desk.decide(place, f"r{order}", kind, actor, comment, is_supervisor=True)

    async def disputed(self, order: float, position: int = 0, *, actor: str = AUTHOR, place: Place = PLACE) -> int:
        """Dispute a finding; returns the id."""
        dispute, _ = await self.desk.dispute(place, f"r{order}", position, actor, "言葉の取り違えです。")
        return dispute.id

    async def ruled(self, dispute: int, kind: RulingKind, note: str = "") -> Answer:
        """Rule as a supervisor; returns the draft's answer."""
        _, answer = await self.desk.rule(dispute, kind, SUPERVISOR, note, is_supervisor=True)
        return answer

    async def thread(self, place: Place = PLACE) -> Thread:
        """Return the record."""
        thread = await self.desk.thread(place)
        assert thread is not None
        return thread

    @property
    def times_read(self) -> int:
        """How many texts were reviewed."""
        return sum(len(reader.read) for reader in self.readers.values())
