"""The documents speak of what there is: files, headings, commands, settings, log events, words on the screen."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from bot.cli.commands import sns_check
from bot.settings import Settings
from bot.slack.words import commands as slack_words

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    path for pattern in ("*.md", "docs/**/*.md", "deploy/*.md") for path in ROOT.glob(pattern) if path.is_file()
)
FOR_PEOPLE = [ROOT / "docs" / "ja" / name for name in ("staff.md", "supervisor.md", "teams.md")]
WITH_SYMPTOMS = [ROOT / "docs" / "ja" / name for name in ("staff.md", "admin/troubleshooting.md", "admin/teams.md")]
SAID_BY_TEAMS = {"件名", "その他のアクション"}
"""What Microsoft's own screens say, as documents quote it."""
SETTINGS = {str(field.validation_alias) for field in Settings.model_fields.values()}
PACKAGE_SETTINGS = set(
    re.findall(r"\bTEAMS_PACKAGE_[A-Z]+\b", (ROOT / "deploy" / "teams" / "package.py").read_text("utf-8"))
)

_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"(?:^|\| )(?:\S*bin/)?sns-check ([a-z-].*)")
_SLACK_COMMAND = re.compile(r"(?<!\S)/sns-check ([a-z]+)")

all_documents = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def _prose(document: Path) -> str:
    return _BLOCK.sub("", document.read_text("utf-8"))


def _blocks(document: Path) -> Iterator[tuple[str, str]]:
    """Languages and contents, without the indentation of a list."""
    for indent, language, content in _BLOCK.findall(document.read_text("utf-8")):
        yield language, re.sub(rf"^{indent}", "", content, flags=re.MULTILINE)


def _code(document: Path) -> list[str]:
    """Return every span and line of code."""
    lines = [line for _, content in _blocks(document) for line in content.splitlines()]
    return [*lines, *_SPAN.findall(_prose(document))]


def _anchors(document: Path) -> set[str]:
    """Return the anchors of the headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _prose(document), re.MULTILINE)
    named = re.findall(r"<a id=\"([^\"]+)\"", _prose(document))
    return {*named} | {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@all_documents
def test_links_lead_somewhere(document: Path) -> None:
    for _, link in _LINK.findall(_prose(document)):
        file, _, anchor = link.partition("#")
        if "://" in link:
            continue
        target = document.parent / file if file else document
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@all_documents
def test_pictures_are_described(document: Path) -> None:
    assert [link for words, link in _LINK.findall(_prose(document)) if link.endswith(".png") and not words] == []


def test_every_picture_is_shown_somewhere() -> None:
    shown = {Path(link).name for document in DOCUMENTS for _, link in _LINK.findall(_prose(document))}
    assert {picture.name for picture in (ROOT / "docs" / "images").iterdir()} <= shown


def test_every_document_is_linked_from_another() -> None:
    linked = {
        (document.parent / link.partition("#")[0]).resolve()
        for document in DOCUMENTS
        for _, link in _LINK.findall(_prose(document))
    }
    assert [path for path in DOCUMENTS if path.is_relative_to(ROOT / "docs") and path not in linked] == []


@all_documents
def test_code_can_be_read(document: Path) -> None:
    for language, content in _blocks(document):
        match language:
            case "sh":
                checked = subprocess.run(["bash", "-n"], input=content, text=True, capture_output=True, check=False)  # noqa: S607 - parses only
                assert checked.returncode == 0, checked.stderr
            case "yaml":
                yaml.safe_load(content)
            case "json":
                json.loads(content)
            case "python":
                compile(content, str(document), "exec")
            case "mermaid" | "":
                pass
            case other:
                pytest.fail(f"who reads {other}?")


@all_documents
def test_commands_and_their_options_exist(document: Path) -> None:
    for line in _code(document):
        if found := _COMMAND.search(line):
            _resolve(shlex.split(found[1].partition(" > ")[0].partition(" | ")[0], comments=True))


def _resolve(words: list[str]) -> None:
    command: click.Command = sns_check
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        assert words[0].partition("|")[0] in command.list_commands(click.Context(command)), words
        found = command.get_command(click.Context(command), words.pop(0).partition("|")[0])
        assert found
        command = found
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known, words


@all_documents
def test_commands_of_slack_exist(document: Path) -> None:
    known = set(_SLACK_COMMAND.findall(" ".join(slack_words.COMMANDS)))
    assert {name for line in _code(document) for name in _SLACK_COMMAND.findall(line)} <= known


@all_documents
def test_targets_of_make_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = {name for line in _code(document) for name in re.findall(r"^make ([a-z-]+)", line)}
    assert told <= targets


@all_documents
def test_settings_exist(document: Path) -> None:
    told = set(re.findall(r"\b(?:SNS_CHECK|SLACK|TEAMS)_[A-Z_]*[A-Z]\b", document.read_text("utf-8")))
    known = SETTINGS | PACKAGE_SETTINGS
    assert {name for name in told if not {name, name.removesuffix("_FILE")} & known} == set()


def _program() -> str:
    return "".join(path.read_text("utf-8") for path in sorted((ROOT / "bot").rglob("*.py")))


def test_log_events_exist() -> None:
    document = ROOT / "docs" / "ja" / "admin" / "troubleshooting.md"
    events = set(re.findall(r'(?:log\.|_log_)\w+\(\s*"([a-z_]+)"', _program()))
    told = {name for name in _SPAN.findall(_prose(document)) if re.fullmatch(r"[a-z]+(_[a-z]+)+", name)}
    assert len(told) > 10
    assert told <= events


def _said() -> str:
    return re.sub(r'"\s*(?:f?")', "", _program())  # sentences that are written over several lines


@pytest.mark.parametrize("document", FOR_PEOPLE, ids=lambda path: path.name)
def test_what_people_are_told_to_press_and_write_is_there(document: Path) -> None:
    quoted = set(re.findall(r"「(.+?)」", _prose(document)))
    assert quoted
    assert {words for words in quoted - SAID_BY_TEAMS if words not in _said()} == set()


@pytest.mark.parametrize("document", WITH_SYMPTOMS, ids=lambda path: path.name)
def test_what_users_see_is_what_they_are_told_to_see(document: Path) -> None:
    """Symptoms, the first column of the tables, are quoted from what the program says."""
    cells = re.findall(r"^\| (.+?) \|", _prose(document), re.MULTILINE)
    quoted = [words for cell in cells for words in re.findall(r"「(.+?)」(?:と出た)?", cell)]
    assert quoted
    assert [words for words in quoted if words not in _said()] == []
