"""Pictures of the console."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from bot.console import words
from tests.bot.process import serving
from tests.screenshots.drafts import DRAFT, REVISED


def take(browser: Browser, folder: Path) -> None:
    """Take ``console.png`` on a desk and ``phone.png`` on a telephone in the dark."""
    with TemporaryDirectory() as data, serving(Path(data)) as served:
        desk = browser.new_page(viewport={"width": 1000, "height": 1100}, locale="ja-JP")
        desk.goto(served.address)
        _paste(desk, DRAFT, words.SUBMIT)
        desk.locator("article").screenshot(path=folder / "console.png")
        phone = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="dark", locale="ja-JP")
        phone.goto(desk.url.partition("#")[0])
        _paste(phone, REVISED, words.REVISE_SUBMIT)
        phone.screenshot(path=folder / "phone.png")


def _paste(page: Page, text: str, button: str) -> None:
    page.get_by_label(words.DRAFT_LABEL, exact=True).fill(text)
    page.get_by_role("button", name=button).click()
    page.wait_for_load_state()
