"""The package for Teams: a manifest that Microsoft's schema takes, icons as Teams wants them, and how it is built."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.bot.console.browser import CHROMIUM, chromium
from tests.deploy.tools import DEPLOY, ROOT, run
from tests.screenshots import icons

TEAMS = DEPLOY / "teams"
CLIENT_ID = "0f4a3c1e-5b7d-4a92-8c63-1d2e3f405162"
SETTINGS = {
    "TEAMS_CLIENT_ID": CLIENT_ID.upper(),
    "TEAMS_PACKAGE_WEBSITE": "https://www.city.example.jp/",
    "TEAMS_PACKAGE_ORGANIZATION": "見本市",
}


def build(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the script as make does, in another folder."""
    environment = {"PATH": os.environ["PATH"], **{name: value for name, value in settings.items() if value}}
    return subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, TEAMS / "package.py"], cwd=folder, env=environment, text=True, capture_output=True, check=False
    )


def package(folder: Path, **settings: str) -> zipfile.ZipFile:
    built = build(folder, **SETTINGS, **settings)
    assert built.returncode == 0, built.stderr
    return zipfile.ZipFile(folder / "dist" / "sns-check-teams.zip")


def manifest_of(archive: zipfile.ZipFile) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    return manifest


def test_the_manifest_is_what_microsoft_takes(node: Path, tmp_path: Path) -> None:
    archive = package(tmp_path)
    archive.extract("manifest.json", tmp_path)
    validate(node, tmp_path / "manifest.json")


def test_microsofts_schema_sees_what_is_wrong(node: Path, tmp_path: Path) -> None:
    manifest = manifest_of(package(tmp_path))
    manifest["name"]["short"] = "長" * 31
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(AssertionError, match=r"name\.short"):
        validate(node, wrong)


def validate(node: Path, manifest: Path) -> None:
    schemas = node / "node_modules/@microsoft/app-manifest/build/json-schemas/teams"
    version = f"v{json.loads(manifest.read_text(encoding='utf-8'))['manifestVersion']}"
    run("check-jsonschema", "--schemafile", schemas / version / "MicrosoftTeams.schema.json", manifest)


def test_the_ids_are_those_of_the_installation(tmp_path: Path) -> None:
    manifest = manifest_of(package(tmp_path))
    ids = [manifest["id"], manifest["bots"][0]["botId"], manifest["composeExtensions"][0]["botId"]]
    assert [*ids, manifest["webApplicationInfo"]["id"]] == [CLIENT_ID] * 4
    assert manifest["developer"]["name"] == "見本市"
    assert {manifest["developer"][name] for name in ("websiteUrl", "privacyUrl", "termsOfUseUrl")} == {
        "https://www.city.example.jp/"
    }
    permissions = manifest["authorization"]["permissions"]["resourceSpecific"]
    assert permissions == [{"name": "ChannelMessage.Read.Group", "type": "Application"}]


def test_everything_is_in_it_and_the_same_every_time(tmp_path: Path) -> None:
    assert package(tmp_path).namelist() == ["manifest.json", "color.png", "outline.png"]
    first = (tmp_path / "dist" / "sns-check-teams.zip").read_bytes()
    package(tmp_path)
    assert (tmp_path / "dist" / "sns-check-teams.zip").read_bytes() == first


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TEAMS_CLIENT_ID", ""),
        ("TEAMS_CLIENT_ID", "sns-check"),
        ("TEAMS_PACKAGE_WEBSITE", ""),
        ("TEAMS_PACKAGE_WEBSITE", "http://www.city.example.jp/"),
        ("TEAMS_PACKAGE_PRIVACY", "ありません"),
        ("TEAMS_PACKAGE_ORGANIZATION", "長" * 33),
    ],
)
def test_what_is_missing_or_wrong_is_said(tmp_path: Path, name: str, value: str) -> None:
    built = build(tmp_path, **{**SETTINGS, name: value})
    assert built.returncode == 2
    assert built.stderr.startswith(name)
    assert len(built.stderr.splitlines()) == 1
    assert not (tmp_path / "dist").exists()


def test_make_builds_it(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], **SETTINGS}
    made = subprocess.run(  # noqa: S603 - our own arguments
        ["make", "--file", ROOT / "Makefile", "--dry-run", "teams-package"],  # noqa: S607 - whichever make there is
        cwd=tmp_path,
        env=environment,
        text=True,
        capture_output=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert "deploy/teams/package.py" in made.stdout


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None and os.environ.get("CI") != "true":
        pytest.skip("needs Chromium (Debian: chromium)")
    with chromium() as opened:
        yield opened


PIXELS = """async (address) => {
  const image = new Image(); image.src = address; await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), {width: image.width, height: image.height});
  const context = canvas.getContext("2d"); context.drawImage(image, 0, 0);
  return {width: image.width, height: image.height,
          pixels: Array.from(context.getImageData(0, 0, image.width, image.height).data)};
}"""


def looked_at(browser: Browser, path: Path) -> dict[str, Any]:
    """Width, height and all pixels (red, green, blue, alpha) of a picture."""
    page = browser.new_page()
    address = f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"
    seen: dict[str, Any] = page.evaluate(PIXELS, address)
    page.close()
    return seen


def test_the_icons_are_of_their_sizes_and_the_outline_is_white_on_nothing(browser: Browser) -> None:
    for name, size in icons.SIZES.items():
        seen = looked_at(browser, TEAMS / f"{name}.png")
        assert (seen["width"], seen["height"]) == (size, size)
    colour, outline = (looked_at(browser, TEAMS / f"{name}.png")["pixels"] for name in icons.SIZES)
    assert set(colour[3::4]) == {255}
    assert set(outline[3::4]) >= {0, 255}
    shown = [outline[at : at + 3] for at in range(0, len(outline), 4) if outline[at + 3] > 8]
    assert all(channel > 240 for pixel in shown for channel in pixel)


def test_the_icons_are_what_their_vectors_draw(browser: Browser, tmp_path: Path) -> None:
    icons.take(browser, tmp_path)
    for name in icons.SIZES:
        kept, drawn = (looked_at(browser, folder / f"{name}.png")["pixels"] for folder in (TEAMS, tmp_path))
        # Another Chromium smooths edges a little differently.
        assert sum(abs(a - b) for a, b in zip(kept, drawn, strict=True)) / len(kept) < 2
