"""The real ``sns-check serve`` for Teams, as a process of its own against the Teams double."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from tests.doubles.teams import Person, TeamsDouble
from tests.e2e.service import Installation

CHANNELS = tuple(f"19:review{number:02}@thread.tacv2" for number in range(1, 100))
"""Review channels, plenty of them: each test takes one of its own."""
OIZUMI = "19:oizumi@thread.tacv2"
"""A review channel with another guideline."""
LINKED = "19:linked@thread.tacv2"
"""A review channel that was given by its link."""
BOSS = "田中課長"
"""Who may decide."""


class TeamsService(Installation):
    """An installation for Teams."""

    def __init__(self, teams: TeamsDouble, directory: Path, **settings: str) -> None:
        """``settings`` are environment variables on top of the usual ones."""
        super().__init__(directory, **settings)
        self.teams = teams

    @property
    def environment(self) -> dict[str, str]:
        """The settings, with those of Teams."""
        return {
            **self.teams.settings,
            "SNS_CHECK_TEAMS_CHANNELS": ",".join([*CHANNELS, f"{OIZUMI}=oizumi", self.link]),
            "SNS_CHECK_SUPERVISORS": self.boss.object_id,
            **super().environment,
        }

    @property
    def link(self) -> str:
        """The link of ``LINKED`` as Teams copies it."""
        group = self.teams.channel(LINKED).conversation.group
        return f"https://teams.microsoft.com/l/channel/{quote(LINKED, safe='')}/x?groupId={group}&tenantId=x"

    @property
    def boss(self) -> Person:
        """The supervisor (監督者)."""
        return self.teams.person(BOSS)

    async def launch(self) -> None:
        """Start the process, and wait for nothing."""
        self.teams.messaging_url = f"{self.url}/api/messages"
        await super().launch()

    async def settled(self) -> None:
        """Wait until everything that was sent is acknowledged and dealt with: nothing more will be said."""
        await self.teams.delivered()
        await self.caught_up()

    async def caught_up(self) -> None:
        """Wait until everything that was received has been dealt with."""
        await self.teams.until(self.nothing_open, within=60, expected="an empty inbox")

    async def crash_and_start(self) -> None:
        """The power goes, and is back when the leases of the dead process have run out."""
        await self.kill()
        self.let_leases_run_out()
        await self.start()


def html(text: str) -> str:
    """What Teams makes of a text that somebody types."""
    return "".join(f"<p>{line}</p>" for line in text.splitlines())
