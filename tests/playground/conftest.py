"""Microsoft's Agents Playground, the real process behind it, and a browser before it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from tests.bot.console.browser import CHROMIUM, chromium
from tests.bot.process import serving
from tests.e2e.service import free_port
from tests.playground.desk import BOT, BOT_ID, CHANNEL, TENANT, USER, Desk

NPM = Path(__file__).parent / "npm"
PROGRAM = "node_modules/@microsoft/m365agentsplayground/cli.js"
SECONDS = 120.0
"""Long enough for a machine under load; reached only by a test that fails."""
_CONFIGURATION = """\
version: "0.1.1"
tenantId: {tenant}
bot: {{id: "{bot_id}", name: {bot}}}
currentUser: {user}
users: [{others}]
personalChat: {{id: "a:personal"}}
groupChat: {{id: "19:group@thread.v2", name: 打ち合わせ}}
team:
  id: {channel}
  name: 広報課
  aadGroupId: 00000000-0000-4000-8000-000000000031
  channels: [{{id: "19:other@thread.tacv2", name: 雑談}}]
"""


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the Playground is, installed from the lock. Without npm or a registry CI fails, and others skip."""
    if shutil.which("npm") is None and os.environ.get("CI") != "true":
        pytest.skip("needs npm (Debian: npm)")
    folder = shutil.copytree(NPM, tmp_path_factory.mktemp("playground") / "npm")
    done = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund"],  # noqa: S607 - whichever npm there is
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode and os.environ.get("CI") != "true":
        pytest.skip("the Playground cannot be installed: no registry?")
    assert done.returncode == 0, done.stdout
    return folder / PROGRAM


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None and os.environ.get("CI") != "true":
        pytest.skip("needs Chromium (Debian: chromium, fonts-noto-cjk)")
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def desk(program: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Somebody before the Playground, in a channel that the running service checks."""
    folder = tmp_path_factory.mktemp("town")
    settings = {
        "SNS_CHECK_TEAMS_ANONYMOUS": "true",
        "SNS_CHECK_TEAMS_CHANNELS": CHANNEL,
        "SNS_CHECK_SUPERVISORS": USER["aadObjectId"],
    }
    (folder / ".m365agentsplayground.yml").write_text(_configuration(), encoding="utf-8")
    (folder / "data").mkdir()
    with serving(folder / "data", **settings) as served:
        port = free_port()
        command = ["node", str(program), "start", "--app-endpoint", f"{served.address}/api/messages"]
        command += ["--channel-id", "msteams", "--port", str(port), "--disable-telemetry"]
        with (folder / "playground.log").open("w") as log:
            playground = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)  # noqa: S603 - our own command
        try:
            _until_listening(f"http://127.0.0.1:{port}/", playground, folder / "playground.log")
            page = browser.new_page(viewport={"width": 1400, "height": 1400}, locale="ja-JP")
            page.set_default_timeout(SECONDS * 1_000)
            page.goto(f"http://127.0.0.1:{port}/")
            yield Desk(page, f"http://localhost:{port}/_connector")
        finally:
            playground.terminate()
            playground.wait(SECONDS)


def _configuration() -> str:
    others = [{**USER, "id": f"29:user-{number}", "name": f"職員{number}"} for number in range(1, 6)]
    for number, other in enumerate(others):
        other["aadObjectId"] = f"00000000-0000-4000-8000-00000000010{number}"
    user, *rest = (_flow(each) for each in (USER, *others))
    people = {"user": user, "others": ", ".join(rest)}
    return _CONFIGURATION.format(tenant=TENANT, bot=BOT, bot_id=BOT_ID, channel=CHANNEL, **people)


def _flow(mapping: dict[str, str]) -> str:
    return "{" + ", ".join(f'{name}: "{value}"' for name, value in mapping.items()) + "}"


def _until_listening(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text(errors="replace")
        try:
            if httpx.get(address, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)  # another process: there is no event to wait for, only a port to ask
    raise AssertionError(log.read_text(errors="replace"))
