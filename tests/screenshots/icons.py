"""The icons of the Teams app, drawn from their vectors in ``deploy/teams``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playwright.sync_api import Browser

FOLDER: Final = Path(__file__).parents[2] / "deploy" / "teams"
SIZES: Final = {"color": 192, "outline": 32}
"""Pixels of a side, as Teams wants them."""


def take(browser: Browser, folder: Path = FOLDER) -> None:
    """Write ``color.png`` and ``outline.png``."""
    for name, size in SIZES.items():
        page = browser.new_page(viewport={"width": size, "height": size})
        drawing = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
        page.set_content(f"<style>body,svg{{margin:0;display:block}}</style>{drawing}")
        page.screenshot(path=folder / f"{name}.png", omit_background=True)
        page.close()
