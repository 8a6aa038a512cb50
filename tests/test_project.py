"""What the project promises besides its code: locks, targets, versions. What its documents say: ``test_documents``."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-build.lock", "requirements-dev.lock")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==([^ ]+)", read(lock), re.MULTILINE))


def names(requirements: list[str | dict[str, str]]) -> set[str]:
    found = (re.match(r"[A-Za-z0-9-]+", each) for each in requirements if isinstance(each, str))
    return {match[0].lower() for match in found if match}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_address(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", read(lock).partition("\n#    make lock\n")[2])
    assert len(entries) > 5
    for entry in entries:
        assert re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==\S+( ; [^\\]+)? \\\n    --hash=sha256:[0-9a-f]{64}", entry), entry[
            :80
        ]
    assert not re.search(r"://|index-url|find-links", read(lock))


def test_the_locks_hold_what_the_project_asks_for_in_one_version() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    runtime, build, development = (pins(lock) for lock in LOCKS)
    assert names(project["project"]["dependencies"]) <= runtime.keys()
    assert names(project["dependency-groups"]["build"]) <= build.keys()
    assert names(project["dependency-groups"]["dev"]) <= development.keys()
    assert runtime.items() <= development.items()
    assert build.items() <= development.items()


def test_the_changelog_tells_of_the_version_or_of_what_comes_after_it() -> None:
    told = re.findall(r"^## \[([^]]+)\]", read("CHANGELOG.md"), re.MULTILINE)
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert told[0] in {"Unreleased", version}
    released = told[1:] if told[0] == "Unreleased" else told
    assert released[:1] in ([], [version])
    assert len(set(told)) == len(told)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What set-up looks at, as after a set-up."""
    for name in ("Makefile", "pyproject.toml", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").mkdir()
    for age, name in enumerate(["installed", "locked"]):
        (tmp_path / ".venv" / name).touch()
        os.utime(tmp_path / ".venv" / name, (2e9 - age, 2e9 - age))
    return tmp_path


def make(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(  # noqa: S603 - our own Makefile
        [shutil.which("make") or "make", "-C", str(tree), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_release_notes_are_the_section_of_the_version(tree: Path) -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    notes = "- This.\n\n### Changed\n\n- That.\n"
    sections = f"## [Unreleased]\n\n- Later.\n\n## [{version}] - 2026-12-01\n\n{notes}\n## [0.0.1]\n\n- Before.\n"
    (tree / "CHANGELOG.md").write_text(sections)
    done = make(tree, "--silent", "release-notes", f"VERSION={version}")
    assert done.stdout == "- This.\n### Changed\n- That.\n"
    assert make(tree, "release-notes", "VERSION=0.0.1").returncode == 2, "another version than the project's"
    (tree / "CHANGELOG.md").write_text("## [Unreleased]\n\n- Later.\n")
    assert make(tree, "release-notes", f"VERSION={version}").returncode == 2, "nothing is told of it"


def test_make_help_tells_every_target() -> None:
    targets = re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE)
    told = re.findall(r"^  make ([a-z-]+) ", make(ROOT, "help").stdout, re.MULTILINE)
    assert told == targets
    phony = re.search(r"^\.PHONY: (.+)$", read("Makefile"), re.MULTILINE)
    assert phony
    assert sorted(phony[1].split()) == sorted(targets)


def test_setting_up_again_does_nothing(tree: Path) -> None:
    assert make(tree, "--question", "setup").returncode == 0


@pytest.mark.parametrize("changed", ["pyproject.toml", "requirements-dev.lock"])
def test_setting_up_again_follows_what_changed(tree: Path, changed: str) -> None:
    os.utime(tree / changed, (2e9 + 9, 2e9 + 9))
    assert make(tree, "--question", "setup").returncode == 1


def test_a_python_that_is_too_old_is_said(tree: Path) -> None:
    shutil.rmtree(tree / ".venv")
    old = tree / "python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = make(tree, "setup", f"PYTHON={old}")
    assert done.returncode == 2
    assert "Python 3.11" in done.stderr
    assert not (tree / ".venv").exists()
