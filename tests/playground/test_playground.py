"""The bot as somebody sees it in Microsoft's Agents Playground, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e import drafts
from tests.playground.conftest import SECONDS
from tests.playground.desk import Desk


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A machine may be busy."""
    expect.set_options(timeout=SECONDS * 1_000)
    yield
    expect.set_options(timeout=5_000)


def test_a_card_answers_in_the_thread_and_a_toggle_shows_the_clause(desk: Desk) -> None:
    thread = desk.post(f"一つめの下書きです。{drafts.INSULT}")
    expect(thread.shown).to_contain_text(drafts.MUST_FIX)
    expect(thread.shown).to_contain_text(drafts.INSULT_LABEL)
    clause = thread.shown.get_by_text(drafts.INSULT_CLAUSE)
    expect(clause).to_be_hidden()
    thread.press("条項の文言")
    expect(clause).to_be_visible()


def test_a_button_turns_the_page(desk: Desk) -> None:
    thread = desk.post("　".join(f"{number}番目の話題。うちの課長は無能だ。" for number in range(1, 13)))
    expect(thread.shown).to_contain_text("5. ⛔")
    expect(thread.shown).not_to_contain_text("6. ⛔")
    thread.press("次へ")
    expect(thread.shown).to_contain_text("6. ⛔")
    expect(thread.shown).not_to_contain_text("5. ⛔")


def test_nobody_approves_their_own_draft(desk: Desk) -> None:
    thread = desk.post(f"二つめの下書きです。{drafts.CLEAN}")
    expect(thread.shown).to_contain_text(drafts.CALM)
    thread.press("判断する（監督者）")
    thread.press("承認")
    expect(thread.shown).to_contain_text("ご自分が書いた")


def test_what_is_entered_on_a_card_updates_it_for_everybody(desk: Desk) -> None:
    thread = desk.post(f"三つめの下書きです。{drafts.INSULT}")
    expect(thread.shown).to_contain_text(drafts.MUST_FIX)
    thread.press("誤りでは？")
    thread.shown.get_by_role("radio").first.click()
    thread.shown.get_by_role("textbox").and_(thread.shown.locator("textarea:visible")).first.fill("劇の題名です。")
    thread.press("送る")
    expect(thread.shown).to_contain_text("監督者の判断を待っています")
    expect(thread.shown).to_contain_text("劇の題名です。")


def test_an_edit_is_checked_and_the_former_answer_is_folded(desk: Desk) -> None:
    thread = desk.post(f"四つめの下書きです。{drafts.INSULT}")
    expect(thread.shown).to_contain_text(drafts.MUST_FIX)
    desk.mock(thread.edited(drafts.CLEAN, desk.service_url))
    expect(thread.shown).to_contain_text(drafts.CALM)
    expect(thread.shown).not_to_contain_text(drafts.MUST_FIX)


def test_the_message_action_checks_for_oneself(desk: Desk) -> None:
    thread = desk.post(f"五つめの下書きです。{drafts.INSULT}")
    expect(thread.shown).to_contain_text(drafts.MUST_FIX)
    dialog = thread.choose_message_action("snsCheck")
    expect(dialog).to_contain_text(drafts.INSULT_LABEL)
    desk.page.keyboard.press("Escape")
