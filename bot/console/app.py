"""The console's pages over the desk. Server-rendered; there is no script at all."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from bot.console import view, words
from bot.console.forms import DraftForm, read_draft
from bot.console.guard import Guard
from bot.console.marks import without_hidden
from bot.desk import MAX_TEXT, Desk, Place, ReviewFailed, Submission, Thread, Unreadable, Version
from rules import Guideline, RulesError

SURFACE = "console"
AUTHOR = "console"
"""The console has no log-in, so every draft has the same author."""

_RECENT = 30
_TOKEN = re.compile(r"[0-9a-f]{16}")
_SENTENCES = {404: words.NOT_FOUND, 405: words.BAD_METHOD}


async def open_console(
    desk: Desk, *, guideline: str, clock: Callable[[], datetime], routes: Sequence[BaseRoute] = ()
) -> ASGIApp:
    """Return the console.

    ``guideline`` is the one chosen unless the user picks another of those that come with the program; ``routes`` are
    served as well. Raises ``RulesError`` if a guideline cannot be used.
    """
    names = dict.fromkeys((guideline, *Guideline.shipped()))
    console = _Console(desk, {name: await desk.guideline(name) for name in names}, clock)
    app = Starlette(
        routes=[
            Route("/", console.home),
            Route("/threads/{thread}", console.show, methods=["GET"]),
            Route("/threads/{thread}", console.submit, methods=["POST"]),
            Route("/threads/{thread}/retry", console.retry, methods=["POST"]),
            Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
            *routes,
        ],
        exception_handlers={HTTPException: _say_error, Exception: _say_broken},
    )
    return Guard(app, refusal=_message)


class _Console:
    """The handlers, with what they share."""

    def __init__(self, desk: Desk, guidelines: Mapping[str, Guideline], clock: Callable[[], datetime]) -> None:
        self._desk = desk
        self._guidelines = guidelines
        self._clock = clock

    async def home(self, _request: Request) -> Response:
        """Show the form for a new draft and the list of recent ones."""
        return await self._home_page(DraftForm("", next(iter(self._guidelines)), _new_token()))

    async def show(self, request: Request) -> Response:
        """Show a thread."""
        thread = await self._known_thread(request)
        latest = thread.latest
        assert latest is not None  # noqa: S101 - the console never withdraws, so a thread has a version
        return await self._thread_page(thread, DraftForm(latest.text, latest.guideline, _new_token()))

    async def submit(self, request: Request) -> Response:
        """Take in a version of a draft: the first one of a new thread, or a further one.

        The page's token and the text make the revision: sent twice it is stored once, and sent again with other words
        (after 「戻る」) it is a further version.
        """
        place = _place(request)
        form = await read_draft(request)
        if not _TOKEN.fullmatch(form.token):
            raise HTTPException(400, words.BAD_FORM)
        if form.guideline not in self._guidelines:
            raise HTTPException(400, words.BAD_GUIDELINE)
        if objection := _objection(form.text):
            thread = await self._desk.thread(place)
            return await (self._thread_page(thread, form, objection) if thread else self._home_page(form, objection))
        now = self._clock()
        digest = hashlib.sha256(form.text.encode()).hexdigest()
        submission = Submission(place, f"{form.token}-{digest[:16]}", now.timestamp(), AUTHOR, form.text, now)
        return await self._submit(submission, form.guideline)

    async def retry(self, request: Request) -> Response:
        """Review the latest version again, if it has no answer yet."""
        thread = await self._known_thread(request)
        return await self._submit(_as_received(thread.place, thread.versions[-1]), thread.versions[-1].guideline)

    async def _submit(self, submission: Submission, guideline: str) -> Response:
        page = f"/threads/{submission.place.thread}"
        try:
            answer = await self._desk.submit(submission, guideline)
        except ReviewFailed:
            pass  # stored as such by the desk; the thread says so and offers to try again
        else:
            if answer.due:
                await self._desk.answered(answer, receipt=f"{page}#v{answer.number}")
        return RedirectResponse(page, status_code=303)

    async def _known_thread(self, request: Request) -> Thread:
        thread = await self._desk.thread(_place(request))
        if thread is None or not thread.versions:
            raise HTTPException(404)
        return thread

    async def _home_page(self, form: DraftForm, objection: str = "") -> Response:
        recent = await self._desk.recent(_RECENT, SURFACE)
        return self._form_page("home.html", form, objection, thread=form.token, rows=[view.row(row) for row in recent])

    async def _thread_page(self, thread: Thread, form: DraftForm, objection: str = "") -> Response:
        guidelines = {name: await self._readable(name) for name in {version.guideline for version in thread.versions}}
        versions = view.versions(thread, {name: found for name, found in guidelines.items() if found})
        return self._form_page("thread.html", form, objection, thread=thread.place.thread, versions=versions)

    async def _readable(self, guideline: str) -> Guideline | None:
        """Return a guideline, or ``None`` if its file is gone since: the thread can be read all the same."""
        try:
            return await self._desk.guideline(guideline)
        except RulesError:
            return None

    def _form_page(self, template: str, form: DraftForm, objection: str, **values: Any) -> Response:
        return _page(
            template, 422 if objection else 200, form=form, objection=objection, guidelines=self._guidelines, **values
        )


def _objection(text: str) -> str:
    """Say what a look at the form tells already; the user keeps what was typed and corrects it in place."""
    if not text.strip():
        return words.UNREADABLE[Unreadable.EMPTY]
    return words.UNREADABLE[Unreadable.TOO_LONG] if len(text) > MAX_TEXT else ""


def _place(request: Request) -> Place:
    thread = request.path_params["thread"]
    if not _TOKEN.fullmatch(thread):
        raise HTTPException(404)
    return Place(SURFACE, "", "", thread)


def _as_received(place: Place, version: Version) -> Submission:
    return Submission(
        place, version.revision, version.order, version.author, version.text, version.received_at, version.unreadable
    )


def _new_token() -> str:
    return secrets.token_hex(8)


_templates = Environment(
    loader=PackageLoader("bot.console"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals.update(words=words, plain=without_hidden)


def _page(template: str, status: int = 200, /, **values: Any) -> Response:
    return HTMLResponse(_templates.get_template(template).render(**values), status)


def _message(status: int, sentence: str) -> Response:
    return _page("message.html", status, sentence=sentence)


async def _say_error(_request: Request, error: Exception) -> Response:
    """Say what is wrong: in the sentence of our own forms, or in one for Starlette's own refusals."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    return _message(error.status_code, _SENTENCES.get(error.status_code, error.detail))


async def _say_broken(_request: Request, _error: Exception) -> Response:
    return _message(500, words.BROKEN)
