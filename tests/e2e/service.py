"""The real ``sns-check serve``, as a process of its own; against the Slack double, unless a test has another."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sqlite3
import sys
import time
from pathlib import Path
from typing import Literal

import httpx

from tests.doubles.slack import SlackDouble

Mode = Literal["socket", "http"]

EXECUTABLE = Path(sys.executable).with_name("sns-check")
CHANNELS = tuple(f"C{number:02}REV" for number in range(1, 100))
"""Review channels, plenty of them: each test takes one of its own."""
OIZUMI = "C00OIZUMI"
"""A review channel with another guideline."""
START_WITHIN = 120.0
"""Real seconds; rules and dictionary take a few on a machine that is not busy."""
STOP_WITHIN = 30.0


class Installation:
    """One installation: its settings, its data directory, and the process that runs or not. Knows no surface."""

    def __init__(self, directory: Path, **settings: str) -> None:
        """``settings`` are environment variables on top of the usual ones."""
        self.directory = directory
        self.port = free_port()
        self.command: tuple[str, ...] = (str(EXECUTABLE), "serve")
        self._settings = settings
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process, which must be running."""
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process was started and has not ended, by itself or by us."""
        return self._process is not None and self._process.returncode is None

    @property
    def log(self) -> str:
        """Everything that the process has written to standard output and standard error."""
        return self._log_file.read_text(errors="replace") if self._log_file.exists() else ""

    @property
    def _log_file(self) -> Path:
        return self.directory / "output.log"

    @property
    def environment(self) -> dict[str, str]:
        """The settings, and nothing of the environment that the tests happen to run in but the search path."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.directory),
            "SNS_CHECK_DATA_DIR": str(self.directory / "data"),
            "SNS_CHECK_HOST": "127.0.0.1",
            "SNS_CHECK_PORT": str(self.port),
            "SNS_CHECK_LOG_LEVEL": "debug",  # at its most talkative, since no draft may be in it (``tests.e2e.leaks``)
            **self._settings,
        }

    async def start(self) -> None:
        """Start the process and wait until it is ready."""
        await self.launch()
        await self._ready()

    async def launch(self) -> None:
        """Start the process, and wait for nothing."""
        with self._log_file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.command, env=self.environment, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
            )

    async def kill(self) -> None:
        """SIGKILL: the power is gone."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM; returns the exit status."""
        return await self._end(signal.SIGTERM)

    def keeps(self, words: str) -> bool:
        """Whether these words stand in any file of the data directory, as they are or escaped as in JSON."""
        forms = (words.encode(), words.encode("unicode_escape"))
        files = [path for path in (self.directory / "data").rglob("*") if path.is_file()]
        return any(form in path.read_bytes() for path in files for form in forms)

    def let_leases_run_out(self) -> None:
        """Let the time pass for which a process that died keeps its work from others."""
        with contextlib.closing(self._database()) as database, database:
            database.execute("UPDATE inbox SET lease_until = NULL")

    def nothing_open(self) -> bool:
        """Whether everything that was received has been dealt with."""
        with contextlib.closing(self._database()) as database:
            (count,) = database.execute("SELECT count(*) FROM inbox WHERE finished_at IS NULL").fetchone()
            return bool(count == 0)

    def _database(self) -> sqlite3.Connection:
        (file,) = (self.directory / "data").glob("*.sqlite3")
        return sqlite3.connect(file)

    async def _end(self, number: signal.Signals) -> int:
        if self._process is None:
            return 0
        process, self._process = self._process, None
        if process.returncode is None:
            process.send_signal(number)
        try:
            return await asyncio.wait_for(process.wait(), STOP_WITHIN)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise AssertionError(f"still running {STOP_WITHIN} s after {number.name}\n{self.log}") from None

    async def _ready(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_WITHIN
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as client:
            while time.monotonic() < deadline:
                assert self._process.returncode is None, f"ended with {self._process.returncode}\n{self.log}"
                if await _is_healthy(client):
                    return
                # Another process: there is no event to wait for, only a port to ask.
                await asyncio.sleep(0.05)
        raise AssertionError(f"not ready within {START_WITHIN} s\n{self.log}")


class Service(Installation):
    """An installation for Slack."""

    def __init__(self, slack: SlackDouble, mode: Mode, directory: Path, **settings: str) -> None:
        """``settings`` are environment variables on top of the usual ones."""
        super().__init__(directory, **settings)
        self.slack = slack
        self.mode: Mode = mode

    @property
    def environment(self) -> dict[str, str]:
        """The settings, with those of Slack."""
        credentials = self.slack.credentials
        reached_by = (
            {"SLACK_APP_TOKEN": credentials.app_token}
            if self.mode == "socket"
            else {"SLACK_SIGNING_SECRET": credentials.signing_secret}
        )
        return {
            "SLACK_BOT_TOKEN": credentials.bot_token,
            **reached_by,
            "SNS_CHECK_SLACK_API_URL": self.slack.api_url,
            "SNS_CHECK_REVIEW_CHANNELS": ",".join([*CHANNELS, f"{OIZUMI}=oizumi"]),
            **super().environment,
        }

    async def start(self) -> None:
        """Start the process and wait until it is ready and, in Socket Mode, connected."""
        connections = self.slack.socket_mode.opened
        await super().start()
        if self.mode == "socket":
            await self.slack.until(lambda: self.slack.socket_mode.opened > connections, START_WITHIN, self.log)

    async def launch(self) -> None:
        """Start the process, and wait for nothing."""
        if self.mode == "http":
            self.slack.request_url = f"{self.url}/slack/events"
        await super().launch()

    async def settled(self) -> None:
        """Wait until everything that Slack has sent is acknowledged and dealt with: nothing more will be said."""
        await self.slack.delivered()
        await self.caught_up()

    async def caught_up(self) -> None:
        """Wait until everything that was received has been dealt with."""
        await self.slack.until(self.nothing_open, within=60, expected="an empty inbox")


async def _is_healthy(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/healthz")).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
