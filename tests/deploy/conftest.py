"""What several tests of ``deploy/`` need."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.deploy.tools import run

NPM = Path(__file__).parent / "npm"


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the npm packages of the lock."""
    folder = shutil.copytree(NPM, tmp_path_factory.mktemp("node") / "npm")
    run("npm", "ci", "--no-audit", "--no-fund", cwd=folder)
    return folder
