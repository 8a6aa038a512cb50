"""The catalogue tells of the rules that there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.catalogue import catalogue
from rules.detectors import DETECTORS
from rules.guideline import Guideline
from rules.rulebook import Rulebook

DOCUMENT = Path(__file__).parents[2] / "docs" / "catalogue.md"


@pytest.fixture(scope="module")
def written() -> str:
    return catalogue(Rulebook.load(), [Guideline.load(name) for name in Guideline.shipped()])


def test_the_document_is_fresh(written: str) -> None:
    assert DOCUMENT.read_text("utf-8") == written, "run: make catalogue"


def test_every_rule_and_check_stands_in_it(written: str) -> None:
    assert [rule.id for rule in Rulebook.load().rules if f"規則：`{rule.id}`" not in written] == []
    checks = [check for detector in DETECTORS for check in detector.checks]
    assert [check for check in checks if f"- `{check}`：" not in written] == []


def test_every_check_has_its_rule(written: str) -> None:
    assert "規則なし" not in written
