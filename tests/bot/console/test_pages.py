"""The console as people use it: in a real browser, with and without JavaScript, on a desk and on a phone."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.console import words
from rules import Verdict
from tests.bot.console.browser import CHROMIUM, chromium
from tests.bot.process import Served, serving

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}

INSULT = "市民まつりは中央公園で開きます。\nうちの課長は無能だ。"
LONG_WORD = "https://www.example.jp/" + "very-long-path-" * 20

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and os.environ.get("CI") != "true", reason="needs Chromium (Debian: chromium, fonts-noto-cjk)"
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("console")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(
    params=[(True, DESK, "light"), (False, DESK, "light"), (False, PHONE, "dark")], ids=["script", "no script", "phone"]
)
def page(request: pytest.FixtureRequest, browser: Browser, served: Served) -> Iterator[Page]:
    """The first page, in a browser of its own that complained about nothing when the test is over."""
    script, viewport, scheme = request.param
    context = browser.new_context(java_script_enabled=script, viewport=viewport, color_scheme=scheme, locale="ja-JP")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.goto(served.address)
    yield opened
    context.close()
    assert [complaint for complaint in complaints if "422" not in complaint] == []  # an objection is no complaint


def paste(page: Page, text: str, button: str = words.SUBMIT) -> None:
    page.get_by_label(words.DRAFT_LABEL, exact=True).fill(text)
    page.get_by_role("button", name=button).click()
    page.wait_for_load_state()  # with its style sheet
    expect(page.get_by_role("heading", name=words.ANSWER_HEADING)).to_be_visible()


def test_a_pasted_draft_becomes_a_thread_with_its_words_marked(page: Page) -> None:
    paste(page, INSULT)
    expect(page.locator("mark.block")).to_have_text("課長は無能")
    expect(page.get_by_text(words.VERDICT[Verdict.BLOCK])).to_be_visible()


def test_the_clause_is_one_click_away(page: Page) -> None:
    paste(page, INSULT)
    wording = page.get_by_text("不敬な言い方を含む情報")
    expect(wording).to_be_hidden()
    page.get_by_text("4(6)①").click()
    expect(wording).to_be_visible()


def test_a_marked_word_leads_to_its_finding_and_back(page: Page, served: Served) -> None:
    paste(page, INSULT)
    thread = page.url
    assert thread.startswith(f"{served.address}/threads/")
    page.locator("mark a").click()
    assert page.url == f"{thread}#v1-f1"
    page.get_by_title(words.BACK_TO_WORDS).click()
    assert page.url == f"{thread}#v1-w1"


def test_a_revision_is_answered_and_the_former_version_can_be_opened(page: Page) -> None:
    paste(page, INSULT)
    form = page.get_by_label(words.DRAFT_LABEL, exact=True)
    expect(form).to_have_value(INSULT)
    paste(page, "市民まつりは中央公園で開きます。", button=words.REVISE_SUBMIT)
    expect(page.get_by_text(words.VERDICT[Verdict.PASS])).to_be_visible()
    expect(page.locator("mark.block")).to_be_hidden()
    page.get_by_text("第1版", exact=True).click()
    expect(page.locator("mark.block")).to_be_visible()


def test_the_thread_is_in_the_list(page: Page) -> None:
    paste(page, "この下書きは一覧に出ます。")
    page.get_by_role("link", name=words.HOME).click()
    page.get_by_role("link", name="この下書きは一覧に出ます。").first.click()
    expect(page.locator(".draft")).to_have_text("この下書きは一覧に出ます。")


def test_the_form_can_be_used_with_the_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_text(words.SKIP)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label(words.DRAFT_LABEL, exact=True)).to_be_focused()
    page.keyboard.insert_text(INSULT)
    page.keyboard.press("Tab")
    expect(page.get_by_label(words.GUIDELINE_LABEL)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("mark.block")).to_be_visible()


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    assert _width_of_content(page) <= page.viewport_size["width"]  # type: ignore[index]
    paste(page, f"{INSULT}\n{LONG_WORD}{'ｗ' * 300}")
    assert _width_of_content(page) <= page.viewport_size["width"]  # type: ignore[index]


def _width_of_content(page: Page) -> int:
    # Measured by the browser itself: scripts of the page are off, and a full-page picture is as wide as its content.
    session = page.context.new_cdp_session(page)
    return int(session.send("Page.getLayoutMetrics")["cssContentSize"]["width"])


def test_an_over_long_draft_is_kept_in_the_form(page: Page) -> None:
    page.get_by_label(words.DRAFT_LABEL, exact=True).fill("長" * 40_001)
    page.get_by_role("button", name=words.SUBMIT).click()
    expect(page.get_by_role("alert")).to_contain_text("40,000文字以内")
    expect(page.get_by_label(words.DRAFT_LABEL, exact=True)).to_have_value("長" * 40_001)
