"""The real ``sns-check serve`` as a process, for tests of what only a process has."""

from __future__ import annotations

import os
import re
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DEADLINE = 60.0
"""Seconds. Long enough for a machine under load; reached only by a test that fails."""

_ADDRESS = re.compile(r"http://[^\s）]+[0-9]")


@dataclass(frozen=True)
class Served:
    """A serving process and the address that it announced."""

    address: str
    process: subprocess.Popen[str]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, wait for the end, and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(DEADLINE)


def start(data: Path, **environment: str) -> subprocess.Popen[str]:
    """Start ``sns-check serve`` with nothing configured but these variables, on a free port unless they name one.

    Its standard error goes to the file ``stderr`` in ``data``.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SNS_CHECK_", "SLACK_"))}
    with (data / "stderr").open("w") as errors:
        return subprocess.Popen(  # noqa: S603 - our own command
            [Path(sys.executable).with_name("sns-check"), "serve"],
            env=inherited | {"SNS_CHECK_DATA_DIR": str(data), "SNS_CHECK_PORT": "0"} | environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
        )


@contextmanager
def serving(data: Path, **environment: str) -> Iterator[Served]:
    """Serve, and hand over the address as soon as it is announced."""
    with start(data, **environment) as process:
        try:
            yield Served(_announced(process), process)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(DEADLINE)


def _announced(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    until = time.monotonic() + DEADLINE
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        assert selector.select(until - time.monotonic()), "nothing was announced"
    line = process.stdout.readline()
    found = _ADDRESS.search(line)
    assert found, f"no address in {line!r}; exit code {process.poll()}"
    return found[0]
