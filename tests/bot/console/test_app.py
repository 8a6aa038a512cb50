"""The console's pages over HTTP: what is sent is kept, shown and answered, and bad input gets a sentence."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.console import open_console, words
from bot.desk import MAX_TEXT, Desk, EventKind, Place, Reviewers, Unreadable
from bot.history import History
from rules import Review, Reviewer, Verdict
from tests.bot.console.conftest import ORIGIN, clock

INSULT = "うちの課長は無能だ。"
CLEAN = "中央図書館は、あすも午前9時に開館します。"
THREAD = "00000000000000aa"
PLACE = Place("console", "", "", THREAD)


def form(text: str, token: str = THREAD, guideline: str = "chiba") -> dict[str, str]:
    return {"text": text, "token": token, "guideline": guideline}


async def paste(console: httpx.AsyncClient, text: str, token: str = THREAD, guideline: str = "chiba") -> httpx.Response:
    return await console.post(f"/threads/{THREAD}", data=form(text, token, guideline), follow_redirects=True)


def visible(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", page))


async def test_a_draft_becomes_a_thread_with_marked_words_and_the_clause(console: httpx.AsyncClient) -> None:
    page = (await paste(console, INSULT)).text
    assert re.search(r'<mark class="block"><a href="#v1-f1"[^>]*>課長は無能</a></mark>', page)
    for said in (words.VERDICT[Verdict.BLOCK], "4(6)①", "不敬な言い方を含む情報", "第1版"):
        assert said in visible(page)


async def test_a_clean_draft_gets_a_calm_confirmation(console: httpx.AsyncClient) -> None:
    page = (await paste(console, CLEAN)).text
    assert words.VERDICT[Verdict.PASS] in page
    assert "<mark" not in page


async def test_a_revision_joins_the_thread_and_the_former_version_stays(console: httpx.AsyncClient, desk: Desk) -> None:
    await paste(console, INSULT)
    page = visible((await paste(console, CLEAN, token="00000000000000bb")).text)
    assert words.solved(1) in page
    assert page.index(CLEAN) < page.index(words.HISTORY_HEADING) < page.index("うちの課長は")
    thread = await desk.thread(PLACE)
    assert thread
    assert [version.text for version in thread.versions] == [INSULT, CLEAN]
    assert [event.kind for event in thread.events].count(EventKind.ANSWERED) == 2


async def test_a_form_sent_twice_is_stored_once(console: httpx.AsyncClient, desk: Desk) -> None:
    await paste(console, INSULT)
    await paste(console, INSULT)
    thread = await desk.thread(PLACE)
    assert thread
    assert len(thread.versions) == 1


async def test_a_form_sent_again_with_other_words_is_a_further_version(console: httpx.AsyncClient, desk: Desk) -> None:
    await paste(console, INSULT)
    await paste(console, CLEAN)
    thread = await desk.thread(PLACE)
    assert thread
    assert [version.text for version in thread.versions] == [INSULT, CLEAN]


async def test_the_list_shows_what_was_pasted_last(console: httpx.AsyncClient) -> None:
    assert words.RECENT_EMPTY in (await console.get("/")).text
    await paste(console, "一行目\n二行目\u202e" + "あ" * 100)
    page = (await console.get("/")).text
    assert f'href="/threads/{THREAD}"' in page
    assert "一行目 二行目あ" in page
    assert "あ" * 60 not in page


async def test_the_chosen_guideline_is_the_one_read_against(console: httpx.AsyncClient) -> None:
    page = visible((await paste(console, INSULT, guideline="oizumi")).text)
    assert "他者を侮蔑する情報" in page


async def test_markup_in_a_draft_is_text(console: httpx.AsyncClient) -> None:
    hostile = f"{INSULT}</textarea><script>alert(1)</script><img src=x onerror=alert(1)>{{{{ 7 * 7 }}}}&amp;"
    page = (await paste(console, hostile)).text
    assert "<script" not in page
    assert "<img src=x" not in page
    assert page.count(html.escape("</textarea><script>alert(1)</script>")) == 2  # in the thread and in the form
    assert "{{ 7 * 7 }}" in page


async def test_line_ends_and_a_first_empty_line_survive_the_form(console: httpx.AsyncClient, desk: Desk) -> None:
    page = (await paste(console, "\r\n一行目\r\n二行目")).text
    thread = await desk.thread(PLACE)
    assert thread
    assert thread.versions[0].text == "\n一行目\n二行目"
    assert ">\n\n一行目\n二行目</textarea>" in page


@pytest.mark.parametrize("text", ["", " 　\r\n\t "])
async def test_an_empty_draft_is_said_at_the_form_and_stored_nowhere(
    console: httpx.AsyncClient, desk: Desk, text: str
) -> None:
    response = await paste(console, text)
    assert response.status_code == 422
    assert words.UNREADABLE[Unreadable.EMPTY] in response.text
    assert await desk.thread(PLACE) is None


async def test_what_cannot_be_seen_only_is_said_in_the_thread(console: httpx.AsyncClient) -> None:
    page = (await paste(console, "\u200b\u200b")).text
    assert words.UNREADABLE[Unreadable.EMPTY] in page
    assert "U+200B ×2" in page


@pytest.mark.parametrize(
    "text", ["無能\0です。", "\u202e無能です。", "無\u200b能です。", "https://example.jp/", "🎉🎉"]
)
async def test_odd_characters_get_an_answer(console: httpx.AsyncClient, text: str) -> None:
    response = await paste(console, text)
    assert response.status_code == 200
    assert words.ANSWER_HEADING in response.text


async def test_the_longest_draft_is_reviewed(console: httpx.AsyncClient) -> None:
    page = (await paste(console, "あ。" * (MAX_TEXT // 2))).text
    assert words.VERDICT[Verdict.PASS] in page


async def test_a_longer_one_is_kept_in_the_form_to_be_cut(console: httpx.AsyncClient) -> None:
    response = await paste(console, "長" * (MAX_TEXT + 1))
    assert response.status_code == 422
    assert words.UNREADABLE[Unreadable.TOO_LONG] in response.text
    assert "長" * (MAX_TEXT + 1) in response.text


async def test_the_largest_bodies_are_refused_in_a_sentence(console: httpx.AsyncClient) -> None:
    response = await paste(console, "長" * 200_000)
    assert response.status_code == 413
    assert words.TOO_LARGE in response.text


@pytest.mark.parametrize(
    "body",
    [
        b"text=%ED%A0%80&guideline=chiba&token=00000000000000aa",  # a lone surrogate
        b"text=%FF&guideline=chiba&token=00000000000000aa",
        b"text=\xe3\x81\x82&guideline=chiba&token=00000000000000aa",
        b"text",
        b"text=a&guideline=chiba",
        b"text=a&guideline=chiba&token=../../etc",
        b"&".join(b"text=a" for _ in range(100)),
    ],
)
async def test_a_broken_form_is_refused_in_a_sentence(console: httpx.AsyncClient, desk: Desk, body: bytes) -> None:
    response = await console.post(f"/threads/{THREAD}", content=body)
    assert response.status_code == 400
    assert words.BAD_FORM in response.text
    assert await desk.thread(PLACE) is None


@pytest.mark.parametrize("guideline", ["", "nowhere", "/etc/passwd", "../chiba"])
async def test_only_offered_guidelines_are_read(console: httpx.AsyncClient, guideline: str) -> None:
    response = await paste(console, INSULT, guideline=guideline)
    assert response.status_code == 400
    assert words.BAD_GUIDELINE in response.text


@pytest.mark.parametrize(
    "path", ["/nowhere", f"/threads/{THREAD}", "/threads/%2e%2e", "/threads/%00", "/static/%2e%2e/app.py"]
)
async def test_an_unknown_page_says_so(console: httpx.AsyncClient, path: str) -> None:
    response = await console.get(path)
    assert response.status_code == 404
    assert words.NOT_FOUND in response.text


async def test_another_method_says_so(console: httpx.AsyncClient) -> None:
    assert words.BAD_METHOD in (await console.delete("/")).text


class Stumbling:
    """A reader that breaks once on a text, as a defect of the engine would."""

    def __init__(self) -> None:
        self._reader = Reviewer.load("chiba")
        self.guideline = self._reader.guideline
        self.versions = self._reader.versions
        self.broken = True

    def review(self, text: str, **today: object) -> Review:
        if self.broken:
            raise ZeroDivisionError(text)
        return self._reader.review(text, **today)  # type: ignore[arg-type]


@pytest.fixture
def stumbling() -> Stumbling:
    return Stumbling()


@pytest.fixture
async def stumbling_console(history: History, stumbling: Stumbling) -> AsyncIterator[httpx.AsyncClient]:
    desk = Desk(history, Reviewers(lambda _name: stumbling), clock)
    app = await open_console(desk, guideline="chiba", clock=clock)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as client:
        yield client


async def test_a_failed_review_is_said_in_the_thread_and_can_be_tried_again(
    stumbling_console: httpx.AsyncClient, stumbling: Stumbling
) -> None:
    page = (await paste(stumbling_console, INSULT)).text
    assert words.NOT_REVIEWED in page
    assert INSULT in page
    stumbling.broken = False
    page = (await stumbling_console.post(f"/threads/{THREAD}/retry", follow_redirects=True)).text
    assert words.VERDICT[Verdict.BLOCK] in page
    assert words.RETRY not in page


@pytest.fixture
def lost_database(history: History, tmp_path: Path) -> None:
    """Damage the database under the running console."""
    assert history
    for file in tmp_path.iterdir():
        file.write_bytes(b"no database")


@pytest.mark.usefixtures("lost_database")
async def test_a_defect_shows_a_sentence_and_nothing_of_itself(console: httpx.AsyncClient) -> None:
    response = await paste(console, INSULT)
    assert response.status_code == 500
    assert words.BROKEN in response.text
    assert "sqlite" not in response.text.lower()
