"""A real PostgreSQL server of its own, in a temporary directory, for as long as it is needed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import psycopg
import pytest

OWNER = "postgres"
"""The server refuses to run as root; Debian's package brings this user."""


class Postgres:
    """A running server. Trusts everybody who reaches its loopback port, as only tests do."""

    def __init__(self, binaries: Path, directory: Path) -> None:
        self._binaries = binaries
        self._directory = directory
        self._port = _free_port()

    @property
    def log(self) -> str:
        """Everything that the server has written."""
        return (self._directory / "log").read_text(errors="replace")

    def new_database(self) -> str:
        """Create an empty database and return its URL, without a driver."""
        name = f"test_{uuid.uuid4().hex}"
        with psycopg.connect(
            host="127.0.0.1", port=self._port, user=OWNER, dbname="postgres", autocommit=True
        ) as server:
            server.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://{OWNER}@127.0.0.1:{self._port}/{name}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self._port} -h 127.0.0.1 -k {self._directory} -c fsync=off"
        self._control("-l", self._directory / "log", "-o", options, "start")

    def stop(self, how: Literal["fast", "immediate"] = "fast") -> None:
        """Stop it: ``fast`` ends all sessions in order, ``immediate`` is a crash, after which it has to recover."""
        self._control("-m", how, "stop")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Have the server and all its sessions hold still: nothing is refused, and nothing answered."""
        server = int((self._directory / "data" / "postmaster.pid").read_text().split()[0])
        processes = [server, *_children(server)]
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)

    def _control(self, *arguments: str | Path) -> None:
        _run(self._binaries / "pg_ctl", "-D", self._directory / "data", "-w", *arguments)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server and stop it afterwards. Skips the test where PostgreSQL is not installed; fails there in CI."""
    binaries = postgres_programs()
    if binaries is None:
        complaint = "PostgreSQL's server is not installed (initdb)"
        if os.environ.get("CI") == "true":
            pytest.fail(complaint)
        pytest.skip(complaint)
    directory = Path(tempfile.mkdtemp(prefix="sns-check-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(directory, OWNER)
        _run(binaries / "initdb", "-D", directory / "data", "-U", OWNER, "--auth=trust", "--encoding=UTF8", "--no-sync")
        server = Postgres(binaries, directory)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(directory)


def postgres_programs() -> Path | None:
    """Return where PostgreSQL's programs are, ``None`` where it is not installed."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    # Debian keeps them out of the PATH, one directory a major version.
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return installed[-1].parent if installed else None


def _run(*command: str | Path) -> None:
    # Not capture_output: the server would inherit the pipe and keep it open.
    subprocess.run(  # noqa: S603 - PostgreSQL's own programs with arguments of ours
        command,
        check=True,
        cwd="/",
        user=OWNER if os.geteuid() == 0 else None,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _children(parent: int) -> list[int]:
    """Return the processes that a process has started and that are still there."""
    tasks = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(child) for child in tasks.read_text().split()]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
