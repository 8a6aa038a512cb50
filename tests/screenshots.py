"""Takes the pictures that the READMEs show: ``python -m tests.screenshots FOLDER`` (``make screenshot``)."""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from bot.console import words
from tests.bot.console.browser import chromium
from tests.bot.process import serving

DRAFT = """【おしらせ】冬のあかりまつりを、12月6日（土）に中央公園で開きます。
去年の担当は無能で、ご迷惑をおかけしました。
申し込みは不要です。あたたかい服装でお越しください。"""
REVISED = """【おしらせ】冬のあかりまつりを、12月6日（土）に中央公園で開きます。
去年は会場の案内が足りず、ご迷惑をおかけしました。
申し込みは不要です。あたたかい服装でお越しください。"""


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as data, serving(Path(data)) as served, chromium() as browser:
        desk = browser.new_page(viewport={"width": 1120, "height": 1100}, device_scale_factor=1.5, locale="ja-JP")
        desk.goto(served.address)
        _paste(desk, DRAFT, words.SUBMIT)
        desk.locator(".findings details summary").first.click()
        desk.locator("article").screenshot(path=folder / "thread.png")
        phone = browser.new_page(
            viewport={"width": 390, "height": 844}, device_scale_factor=2, color_scheme="dark", locale="ja-JP"
        )
        phone.goto(desk.url.partition("#")[0])
        _paste(phone, REVISED, words.REVISE_SUBMIT)
        phone.screenshot(path=folder / "phone.png")


def _paste(page: Page, text: str, button: str) -> None:
    page.get_by_label(words.DRAFT_LABEL, exact=True).fill(text)
    page.get_by_role("button", name=button).click()
    page.wait_for_load_state()


if __name__ == "__main__":
    main()
