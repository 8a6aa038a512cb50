"""Programs that check what is deployed, and are not Python's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SECONDS = 120.0
"""Long enough for a machine under load; reached only by a test that fails."""


def find(name: str) -> str:
    """Where a program is: beside this Python, or on the path. Without it CI fails, and others skip."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail(f"{name} is missing: .ci/run should have installed it")
    pytest.skip(f"{name} is not installed")


def run(name: str, *arguments: str | Path, cwd: Path = ROOT) -> str:
    """Run a program; returns what it printed, and fails with it where the program is not content."""
    done = subprocess.run(  # noqa: S603 - our own arguments
        [find(name), *map(str, arguments)],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
