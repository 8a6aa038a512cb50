# ruff: noqa: INP001 - a script of its own, in a folder of files for Teams
"""Builds the package (アプリパッケージ) that Teams takes: the manifest with this installation's ids, and the icons.

    make teams-package

It needs nothing but Python, and reads the environment: ``TEAMS_CLIENT_ID`` as ``sns-check serve`` does, and what Teams
tells people of who runs the app: ``TEAMS_PACKAGE_WEBSITE`` (https), ``TEAMS_PACKAGE_ORGANIZATION``,
``TEAMS_PACKAGE_PRIVACY`` and ``TEAMS_PACKAGE_TERMS`` (https; the website where they are missing).
"""

from __future__ import annotations

import json
import os
import re
import sys
import uuid
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

FOLDER: Final = Path(__file__).parent
PACKAGE: Final = Path("dist/sns-check-teams.zip")
ICONS: Final = ("color.png", "outline.png")
USAGE: Final = 2
ORGANIZATION_CHARACTERS: Final = 32
"""The most that Teams takes as a developer's name."""
_STAMP: Final = (1980, 1, 1, 0, 0, 0)
"""When everything in the package was written: the same settings make the same package."""


class PackageError(Exception):
    """The package cannot be built. ``str(error)`` says in Japanese what to mend, a line each."""


def main() -> int:
    """Write the package; returns the exit code: 2 where something is missing or wrong (said on stderr), else 0."""
    try:
        manifest = filled_in(os.environ)
    except PackageError as error:
        print(error, file=sys.stderr)  # noqa: T201 - this is a command
        return USAGE
    write(PACKAGE, manifest)
    print(f"{PACKAGE} を作りました。Teams管理センターの「アプリを管理」からアップロードしてください。")  # noqa: T201 - as above
    return 0


def filled_in(environment: Mapping[str, str]) -> str:
    """Return the manifest of this installation. Raises ``PackageError``."""
    website = environment.get("TEAMS_PACKAGE_WEBSITE", "").strip()
    client_id = environment.get("TEAMS_CLIENT_ID", "").strip().lower()
    values = {
        "version": _version(),
        "app_id": client_id,
        "client_id": client_id,
        "organization": environment.get("TEAMS_PACKAGE_ORGANIZATION", "").strip() or "SNSチェック",
        "website": website,
        "privacy": environment.get("TEAMS_PACKAGE_PRIVACY", "").strip() or website,
        "terms": environment.get("TEAMS_PACKAGE_TERMS", "").strip() or website,
    }
    if wrong := [*_wrong(values)]:
        raise PackageError("\n".join(wrong))
    template = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    return json.dumps(_filled(template, values), ensure_ascii=False, indent=2) + "\n"


def write(package: Path, manifest: str) -> None:
    """Write the archive; the folder is made where it is not there."""
    package.parent.mkdir(parents=True, exist_ok=True)
    files = {"manifest.json": manifest.encode(), **{name: (FOLDER / name).read_bytes() for name in ICONS}}
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), content)


def _wrong(values: Mapping[str, str]) -> list[str]:
    found = []
    if not _is_id(values["client_id"]):
        found.append(
            "TEAMS_CLIENT_ID に、Entra IDに登録したアプリの「アプリケーション (クライアント) ID」を指定してください。"
        )
    addresses = {"WEBSITE": "website", "PRIVACY": "privacy", "TERMS": "terms"}
    for name, key in addresses.items():
        if not _is_address(values[key]) and (key == "website" or values[key] != values["website"]):
            found.append(f"TEAMS_PACKAGE_{name} に、https:// で始まる、自治体のページのアドレスを指定してください。")
    if len(values["organization"]) > ORGANIZATION_CHARACTERS:
        found.append(f"TEAMS_PACKAGE_ORGANIZATION は{ORGANIZATION_CHARACTERS}文字までにしてください。")
    return found


def _is_id(value: str) -> bool:
    try:
        return str(uuid.UUID(value)) == value
    except ValueError:
        return False


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not re.search(r"\s", value)


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    """Put the values in the place of their names, in the strings of the template alone."""
    if isinstance(part, dict):
        return {name: _filled(inner, values) for name, inner in part.items()}
    if isinstance(part, list):
        return [_filled(inner, values) for inner in part]
    return part.format_map(values) if isinstance(part, str) else part


def _version() -> str:
    project = (FOLDER.parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^version = "(\d+\.\d+\.\d+)', project, re.MULTILINE)
    if not found:
        raise PackageError("pyproject.toml に版がありません。")
    return found[1]


if __name__ == "__main__":
    sys.exit(main())
