"""Behind a forward proxy that alone knows the way to Microsoft, and under a certificate authority of the house."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import trustme

from tests.doubles.proxy import ForwardProxy
from tests.doubles.teams import TeamsDouble
from tests.e2e import drafts
from tests.e2e.service import EXECUTABLE
from tests.e2e.teams.service import CHANNELS, TeamsService, html

HOST = "teams.minasato.example"
"""Nobody can resolve it."""


class Elsewhere(TeamsDouble):
    """Microsoft 365 under a name that only the proxy knows."""

    @property
    def base_url(self) -> str:
        return f"https://{HOST}"

    @property
    def port(self) -> int:
        """Where it is in truth."""
        return int(self._runner.addresses[0][1])


async def test_everything_takes_the_way_through_the_proxy(tmp_path: Path) -> None:
    authority, tls = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(HOST).configure_cert(tls)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    async with Elsewhere(tls=tls) as teams, ForwardProxy({f"{HOST}:443": teams.port}, "town:h@ll") as proxy:
        ways = {"HTTPS_PROXY": proxy.url, "SNS_CHECK_CA_FILE": str(tmp_path / "ca.pem")}
        service = TeamsService(teams, tmp_path, **ways)
        await service.start()
        try:
            answer = await teams.channel(CHANNELS[0]).post(teams.person("佐藤"), html(drafts.INSULT)).answer()
            assert drafts.INSULT_LABEL in answer.reading.text
            assert await answer.press(teams.person("佐藤"), "もう一度確認")
            await service.settled()
            assert {call.name for call in teams.calls()} >= {"token", "metadata", "keys", "delta", "post", "message"}
            assert "トークンを受け取れました" in await doctor(service)
            assert "Microsoftにつながりません" in await doctor(service, SNS_CHECK_CA_FILE="")
            assert (set(proxy.connected), proxy.refused) == ({f"{HOST}:443"}, [])
        finally:
            status = await service.stop()
        assert status == 0, service.log
        assert "h%40ll" not in service.log
        assert "h@ll" not in service.log


async def doctor(service: TeamsService, **settings: str) -> str:
    """What ``sns-check doctor`` says with the service's settings and these."""
    process = await asyncio.create_subprocess_exec(
        EXECUTABLE, "doctor", env=service.environment | settings, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return said.decode()
