"""Behind a forward proxy that alone knows the way to Slack, and under a certificate authority of the house."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import trustme

from tests.doubles.proxy import ForwardProxy
from tests.doubles.slack import SlackDouble
from tests.e2e import drafts
from tests.e2e.service import CHANNELS, EXECUTABLE, Mode, Service

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINKED = "www.minasato-bunka.jp"
"""A host that a draft links. Nothing is there: every page is gone."""
PASSWORDS: dict[Mode, str] = {"socket": "town:h@ll", "http": ""}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """The house's own certificate authority."""
    return trustme.CA()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def slack(mode: Mode, authority: trustme.CA) -> AsyncIterator[SlackDouble]:
    """Slack under its real name, which nobody here can resolve, and a link's destination at the same place."""
    assert mode
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("slack.com", LINKED, "127.0.0.1").configure_cert(tls)
    async with SlackDouble(tls=tls) as double:
        yield double


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def proxy(slack: SlackDouble, mode: Mode) -> AsyncIterator[ForwardProxy]:
    async with ForwardProxy({"slack.com:443": slack.port, f"{LINKED}:443": slack.port}, PASSWORDS[mode]) as double:
        yield double


@pytest.fixture(scope="module")
def settings(slack: SlackDouble, proxy: ForwardProxy, authority: trustme.CA, house: Path) -> dict[str, str]:
    slack.known_as("https://slack.com")
    authority.cert_pem.write_to_path(house / "ca.pem")
    return {
        "HTTPS_PROXY": proxy.url,
        "SNS_CHECK_CA_FILE": str(house / "ca.pem"),
        "SNS_CHECK_FOLLOW_LINKS": "true",
    }


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("house")


async def doctor(service: Service, **settings: str) -> str:
    """What ``sns-check doctor`` says with the service's settings and these."""
    process = await asyncio.create_subprocess_exec(
        EXECUTABLE, "doctor", env=service.environment | settings, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return said.decode()


async def test_everything_takes_the_way_through_the_proxy(
    slack: SlackDouble, proxy: ForwardProxy, service: Service
) -> None:
    review = slack.channel(CHANNELS[0])
    draft = f"新しい展示室については https://{LINKED}/tenji をご覧ください。"
    assert "ページは見つかりませんでした" in (await review.post("U1", draft).answer()).reading.text
    assert drafts.INSULT_LABEL in (await review.snippet("U1", drafts.INSULT).answer()).reading.text
    command = review.command("U1", "/sns-check", drafts.INSULT)
    assert drafts.INSULT_LABEL in (await command.response()).reading.text
    assert len(slack.downloads) == 1, "the file was fetched"
    assert set(proxy.connected) == {"slack.com:443", f"{LINKED}:443"}
    assert proxy.refused == []
    assert "h%40ll" not in service.log
    assert "h@ll" not in service.log


async def test_the_doctor_takes_it_too(service: Service, proxy: ForwardProxy) -> None:
    before = len(proxy.connected)
    assert "としてつながりました" in await doctor(service)
    assert len(proxy.connected) > before


@pytest.mark.parametrize(
    "wrong", [{"SNS_CHECK_CA_FILE": ""}, {"HTTPS_PROXY": "http://127.0.0.1:9"}, {"NO_PROXY": ".com"}], ids=str
)
async def test_the_doctor_says_where_the_way_is_closed(service: Service, wrong: dict[str, str]) -> None:
    said = await doctor(service, **wrong)
    assert "Slackにつながりません" in said
    assert "プロキシ（HTTPS_PROXY）、認証局（SNS_CHECK_CA_FILE）" in said


async def test_what_no_proxy_names_is_reached_directly(
    slack: SlackDouble, proxy: ForwardProxy, service: Service, mode: Mode, tmp_path: Path
) -> None:
    await service.stop()  # it would share what Slack delivers
    before = (len(proxy.connected), len(proxy.refused))
    slack.known_as(f"https://127.0.0.1:{slack.port}")
    settings = service.environment | {"NO_PROXY": "127.0.0.1", "SNS_CHECK_SLACK_API_URL": slack.api_url}
    neighbour = Service(slack, mode, tmp_path, **{name: settings[name] for name in _HANDED_ON if name in settings})
    await neighbour.start()
    try:
        review = slack.channel(CHANNELS[1])
        assert drafts.INSULT_LABEL in (await review.snippet("U1", drafts.INSULT).answer()).reading.text
        command = review.command("U1", "/sns-check", drafts.INSULT)
        assert drafts.INSULT_LABEL in (await command.response()).reading.text
    finally:
        assert await neighbour.stop() == 0
    assert (len(proxy.connected), len(proxy.refused)) == before


_HANDED_ON = ("HTTPS_PROXY", "NO_PROXY", "SNS_CHECK_CA_FILE", "SNS_CHECK_SLACK_API_URL")
