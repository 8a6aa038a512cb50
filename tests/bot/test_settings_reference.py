"""The reference of settings tells of the settings that there are."""

from __future__ import annotations

from pathlib import Path

from bot.settings import Settings
from bot.settings_reference import settings_reference

DOCUMENT = Path(__file__).parents[2] / "docs" / "ja" / "admin" / "settings.md"


def test_the_document_is_fresh() -> None:
    assert DOCUMENT.read_text("utf-8") == settings_reference(), "run: make catalogue"


def test_every_setting_has_its_row_and_a_meaning() -> None:
    for field in Settings.model_fields.values():
        assert field.description
        assert settings_reference().count(f"| `{field.validation_alias}` | ") == 1


def test_defaults_are_those_of_the_program() -> None:
    written = settings_reference()
    assert "| `SNS_CHECK_PORT` | `8080` |" in written
    assert "| `SNS_CHECK_FOLLOW_LINKS` | `false` |" in written
    assert "| `SNS_CHECK_SUPERVISORS` | なし |" in written
