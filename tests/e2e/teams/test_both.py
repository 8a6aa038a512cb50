"""Slack over HTTP and Teams in one process, on one port, with one worker and one history."""

from __future__ import annotations

from pathlib import Path

from tests.doubles.slack import SlackDouble
from tests.doubles.teams import TeamsDouble
from tests.e2e import drafts
from tests.e2e.leaks import leaks, teams_leaks
from tests.e2e.service import CHANNELS as SLACK_CHANNELS
from tests.e2e.teams.service import CHANNELS, TeamsService, html


class Both(TeamsService):
    """An installation for Teams and Slack."""

    def __init__(self, teams: TeamsDouble, slack: SlackDouble, directory: Path) -> None:
        super().__init__(teams, directory)
        self.slack = slack

    @property
    def environment(self) -> dict[str, str]:
        return {
            **super().environment,
            "SLACK_BOT_TOKEN": self.slack.credentials.bot_token,
            "SLACK_SIGNING_SECRET": self.slack.credentials.signing_secret,
            "SNS_CHECK_SLACK_API_URL": self.slack.api_url,
            "SNS_CHECK_REVIEW_CHANNELS": SLACK_CHANNELS[0],
            "SNS_CHECK_SUPERVISORS": f"U8BOSS,{self.boss.object_id}",
        }

    async def launch(self) -> None:
        self.slack.request_url = f"{self.url}/slack/events"
        await super().launch()


async def test_each_answers_its_own(tmp_path: Path) -> None:
    async with TeamsDouble() as teams, SlackDouble() as slack:
        service = Both(teams, slack, tmp_path)
        await service.start()
        in_teams = teams.channel(CHANNELS[0]).post(teams.person("佐藤"), html(drafts.INSULT))
        in_slack = slack.channel(SLACK_CHANNELS[0]).post("U1", drafts.INSULT)
        assert drafts.INSULT_LABEL in (await in_teams.answer()).reading.text
        assert drafts.INSULT_LABEL in (await in_slack.answer()).reading.text
        await service.stop()
        await service.start()
        in_teams.edit(html(drafts.CLEAN))
        in_slack.edit(drafts.CLEAN)
        assert drafts.CALM in (await in_teams.answer(2)).reading.text
        assert drafts.CALM in (await in_slack.answer(2)).reading.text
        await service.settled()
        assert (len(in_teams.answers), len(in_slack.answers)) == (2, 2)
        assert await service.stop() == 0, service.log
        assert [*leaks(service.log, slack), *teams_leaks(service.log, teams)] == []


async def test_anonymous_mode_is_refused_where_others_could_come_in(tmp_path: Path) -> None:
    async with TeamsDouble() as teams:
        service = TeamsService(teams, tmp_path, SNS_CHECK_HOST="0.0.0.0", SNS_CHECK_TEAMS_ANONYMOUS="true")  # noqa: S104 - refused
        without = {name: "" for name in teams.settings if name.startswith("TEAMS_")}
        service._settings |= without
        await service.launch()
        assert service._process
        assert await service._process.wait() == 2
        assert "SNS_CHECK_TEAMS_ANONYMOUS" in service.log
