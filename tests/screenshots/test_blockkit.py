"""Whatever the bot shows in Slack can be photographed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.screenshots.blockkit import BlockKit

ROOT = Path(__file__).parents[2]
SHOWN = sorted((ROOT / "tests" / "bot" / "slack" / "golden").glob("*.json"))
KIT = BlockKit(lambda name: f"<{name}>")


@pytest.mark.parametrize("file", SHOWN, ids=lambda file: file.stem)
def test_every_card_and_form_can_be_laid_out(file: Path) -> None:
    shown = json.loads(file.read_text("utf-8"))
    for each in [shown] if isinstance(shown, Mapping) else shown:
        assert len(KIT.blocks(each["blocks"])) > 30


def test_words_stay_words() -> None:
    page = KIT.message({"user": "U1", "text": "&lt;b&gt; &lt;@U3&gt; <@U2>", "ts": "0"})
    assert "<b> " not in page
    assert "&lt;@U3&gt;" in page
    assert '<span class="mention">@&lt;U2&gt;</span>' in page


def test_a_part_that_is_not_known_is_not_left_out() -> None:
    unknown: list[dict[str, Any]] = [{"type": "video"}]
    with pytest.raises(ValueError, match="video"):
        KIT.blocks(unknown)


@pytest.mark.parametrize("picture", sorted((ROOT / "docs" / "images").glob("*.png")), ids=lambda picture: picture.name)
def test_pictures_are_small(picture: Path) -> None:
    assert picture.stat().st_size < 150_000
