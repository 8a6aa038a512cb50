"""What we find, and what others find, on the same strings; a table in Markdown.

    python -m benchmarks.peers [--write]    (make peers)

Peers are installed into a temporary directory that is removed afterwards: textlint with its rule for dates and weekdays
from npm, two packages for Japanese personal information from PyPI. ``--write`` puts the table into docs/judgement.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from rules import Level, Reviewer

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "docs" / "judgement.md"
HEADING = "## Checkable facts, side by side"
TODAY = date(2026, 11, 21)
TEXTLINT = ("textlint@15.8.0", "textlint-rule-date-weekday-mismatch@1.1.1")
PII = ("kakushi==0.1.1", "namemask==0.1.0")
TEXTLINT_RULES = {"rules": {"date-weekday-mismatch": {"lang": "ja", "useCurrentYearIfMissing": True}}}
OURS = "sns-check"
PEERS = {
    "dates": ("textlint",),
    "identifiers": ("kakushi", "namemask"),
    "links": ("kakushi", "namemask"),
}
"""Who has anything to say on which group."""


@dataclass(frozen=True, slots=True)
class String:
    """A string of ours: its group and kind, and whether there is something to find."""

    group: str
    kind: str
    text: str
    is_wrong: bool


Raised = Mapping[str, frozenset[int]]
"""For each program the positions of the strings that it raises."""


def strings() -> list[String]:
    """Read the data file."""
    groups = yaml.safe_load((HERE / "strings.yaml").read_text("utf-8"))
    return [
        String(group, kind, text, is_wrong)
        for group, kinds in groups.items()
        for kind, sides in kinds.items()
        for is_wrong, texts in ((True, sides["find"]), (False, sides["leave"]))
        for text in texts
    ]


def ours(texts: Sequence[str]) -> frozenset[int]:
    """Positions of the strings on which we block or warn."""
    reviewer = Reviewer.load("chiba")
    return frozenset(
        at
        for at, text in enumerate(texts)
        if any(finding.level is not Level.NOTE for finding in reviewer.review(text, today=TODAY).findings)
    )


def by_textlint(texts: Sequence[str], folder: Path) -> frozenset[int]:
    """Positions of the strings on which textlint's rule for weekdays has something to say."""
    _run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *TEXTLINT], folder)
    (folder / ".textlintrc.json").write_text(json.dumps(TEXTLINT_RULES), "utf-8")
    drafts = folder / "drafts"
    drafts.mkdir()
    for at, text in enumerate(texts):
        (drafts / f"{at}.txt").write_text(text, "utf-8")
    printed = _run(
        ["npx", "textlint", "--format", "json", "drafts/*.txt"],
        folder,
        environment={"NODE_OPTIONS": f"--require={HERE / 'fixed_date.cjs'}"},
        allowed=(0, 1),  # 1: something was found
    )
    return frozenset(int(Path(file["filePath"]).stem) for file in json.loads(printed) if file["messages"])


def by_pii_packages(texts: Sequence[str], folder: Path) -> Raised:
    """Positions of the strings in which each of the packages finds an identifier."""
    _run([sys.executable, "-m", "venv", "pii"], folder)
    python = str(folder / "pii" / "bin" / "python")
    _run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PII], folder)
    printed = _run([python, str(HERE / "pii.py")], folder, handed=json.dumps(texts))
    return {name: frozenset(found) for name, found in json.loads(printed).items()}


def _run(
    command: Sequence[str],
    folder: Path,
    *,
    environment: Mapping[str, str] | None = None,
    allowed: Sequence[int] = (0,),
    handed: str = "",
) -> str:
    done = subprocess.run(  # noqa: S603 - commands of our own
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        input=handed,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in allowed:
        raise SystemExit(f"{' '.join(command[:3])} failed:\n{done.stderr[-2_000:]}")
    return done.stdout


def tables(drafts: Sequence[String], raised: Raised) -> Iterator[str]:
    """Write one table a group: found of what is to be found, and alarms on what is to be left."""
    for group, peers in PEERS.items():
        programs = (OURS, *peers)
        of_group = [(at, draft) for at, draft in enumerate(drafts) if draft.group == group]
        yield f"| {group} | to find | to leave | {' | '.join(f'{name}: found / alarms' for name in programs)} |"
        yield "| --- " * (3 + len(programs)) + "|"
        for kind in dict.fromkeys(draft.kind for _, draft in of_group):
            yield _row(kind, [each for each in of_group if each[1].kind == kind], programs, raised)
        yield _row("**all**", of_group, programs, raised)
        yield ""


def _row(name: str, drafts: Sequence[tuple[int, String]], programs: Sequence[str], raised: Raised) -> str:
    wrong = {at for at, draft in drafts if draft.is_wrong}
    right = {at for at, draft in drafts if not draft.is_wrong}
    cells = [f"{len(wrong & raised[program])} / {len(right & raised[program])}" for program in programs]
    return f"| {name} | {len(wrong)} | {len(right)} | {' | '.join(cells)} |"


def section(drafts: Sequence[String], raised: Raised) -> str:
    """Write the section of the document."""
    versions = ", ".join(f"`{version}`" for version in (*TEXTLINT, *PII))
    return "\n".join(
        (
            HEADING,
            "",
            "Written by `make peers`, which runs every program on the same strings (`benchmarks/peers/strings.yaml`),",
            f"as on {TODAY}: {versions}.",
            "The strings are by the authors of the detectors: they show which forms are read, not how often a draft of",
            "somebody else is read rightly. textlint's rule compares weekdays and claims no more. The two packages for",
            "personal information run without their optional models, and only identifiers are counted; they mask",
            "texts, are not made to tell an office's number from a person's, and take every link alike.",
            "",
            *tables(drafts, raised),
        )
    )


def put_into(document: str, written: str) -> str:
    """Replace the section of the document, or add it at the end."""
    before, found, after = document.partition(f"{HEADING}\n")
    if not found:
        return f"{document.rstrip()}\n\n{written.rstrip()}\n"
    rest = after.find("\n## ")
    return f"{before}{written.rstrip()}\n{after[rest:] if rest >= 0 else ''}"


def main() -> None:
    """Run everybody and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/judgement.md")
    options = parser.parse_args()
    drafts = strings()
    texts = [draft.text for draft in drafts]
    with tempfile.TemporaryDirectory() as name:
        raised = {
            OURS: ours(texts),
            "textlint": by_textlint(texts, Path(name)),
            **by_pii_packages(texts, Path(name)),
        }
    written = section(drafts, raised)
    if options.write:
        DOCUMENT.write_text(put_into(DOCUMENT.read_text("utf-8"), written), "utf-8")
    print(written)
    for at, draft in enumerate(drafts):
        if draft.is_wrong != (at in raised[OURS]):
            print(f"{'missed' if draft.is_wrong else 'false alarm'}: {draft.text}", file=sys.stderr)


if __name__ == "__main__":
    main()
