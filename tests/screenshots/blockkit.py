"""What Slack sends to its clients, as HTML: near enough to Slack's own look to recognise it in a manual.

Only the parts of Block Kit that the bot uses; another part raises ``ValueError``, so that no picture lacks something.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any, Final

from markupsafe import Markup, escape

Json = Mapping[str, Any]
Names = Callable[[str], str]
"""The name to show for the id of a user, group or channel."""

JAPAN: Final = timedelta(hours=9)
EMOJI: Final = {"no_entry": "⛔", "warning": "⚠️", "repeat": "🔁", "white_check_mark": "✅"}
_MENTION: Final = re.compile(r"<[@#!](?:subteam\^)?([A-Z0-9]+)(?:\|[^>]*)?>")


class BlockKit:
    """Lays out messages and views for somebody who knows people by these names."""

    def __init__(self, names: Names) -> None:
        """``names`` gives the name for an id."""
        self._names = names

    def page(self, *parts: Markup, width: int) -> str:
        """Return a whole page; ``width`` in pixels."""
        css = Markup(files(__package__).joinpath("slack.css").read_text("utf-8"))  # noqa: S704 - our own file
        body = Markup("").join(parts)
        return str(
            Markup(
                '<!doctype html><html lang="ja"><meta charset="utf-8"><style>{}</style>'
                '<main style="width:{}px">{}</main></html>'
            ).format(css, width, body)
        )

    def message(self, body: Json, *, reactions: Iterable[str] = (), private: bool = False) -> Markup:
        """Return a message as it stands in a channel or thread; ``private``: that one person alone sees it."""
        is_bot = "bot_id" in body or private
        name = "SNSチェック" if is_bot else self._names(body["user"])
        content = self.blocks(body["blocks"]) if body.get("blocks") else self._mrkdwn(str(body.get("text", "")))
        return Markup(
            '<article class="message{}"><div class="face{}">{}</div><div>{}'
            "<header><b>{}</b>{}<time>{}</time></header>{}{}<footer>{}</footer></div></article>"
        ).format(
            " private" if private else "",
            " bot" if is_bot else "",
            "✓" if is_bot else name[:1],
            Markup("<small>あなただけに表示されています</small>") if private else "",
            name,
            Markup("<i>アプリ</i>") if is_bot else "",
            _clock(body.get("ts")),
            content,
            Markup("<small>（編集済み）</small>") if "edited" in body and not is_bot else "",
            Markup("").join(Markup("<span>{} 1</span>").format(EMOJI[name]) for name in reactions),
        )

    def modal(self, view: Json) -> Markup:
        """Return a form over the page."""
        submit = view.get("submit")
        return Markup(
            '<article class="modal"><h1>{}<span>×</span></h1><div>{}</div><footer><button>{}</button>{}</footer>'
            "</article>"
        ).format(
            view["title"]["text"],
            self.blocks(view["blocks"]),
            view["close"]["text"],
            Markup('<button class="primary">{}</button>').format(submit["text"]) if submit else "",
        )

    def home(self, view: Json) -> Markup:
        """Return the app's Home tab."""
        tabs = Markup("<nav><b>SNSチェック</b><span>ホーム</span><span>メッセージ</span></nav>")
        return Markup('<article class="home">{}{}</article>').format(tabs, self.blocks(view["blocks"]))

    def blocks(self, blocks: Iterable[Json]) -> Markup:
        """Return blocks, one below the other."""
        return Markup("").join(self._block(block) for block in blocks)

    def _block(self, block: Json) -> Markup:  # noqa: PLR0911 - a kind each
        match block["type"]:
            case "rich_text":
                return Markup('<div class="rich">{}</div>').format(self._all(self._rich, block["elements"]))
            case "section":
                beside = self._element(block["accessory"]) if "accessory" in block else ""
                return Markup('<div class="section"><p>{}</p>{}</div>').format(self._words(block["text"]), beside)
            case "context":
                return Markup('<div class="context">{}</div>').format(self._all(self._words, block["elements"]))
            case "actions":
                return Markup('<div class="actions">{}</div>').format(self._all(self._element, block["elements"]))
            case "header":
                return Markup("<h2>{}</h2>").format(block["text"]["text"])
            case "divider":
                return Markup("<hr>")
            case "input":
                return self._input(block)
            case other:
                raise ValueError(other)

    def _input(self, block: Json) -> Markup:
        optional = Markup("<small>（任意）</small>") if block.get("optional") else ""
        hint = Markup('<p class="context">{}</p>').format(block["hint"]["text"]) if "hint" in block else ""
        return Markup("<label><b>{}</b>{}{}</label>{}").format(
            block["label"]["text"], optional, self._element(block["element"]), hint
        )

    def _element(self, element: Json) -> Markup:
        match element["type"]:
            case "button":
                return Markup('<button class="{}">{}</button>').format(
                    element.get("style", ""), self._words(element["text"])
                )
            case "static_select" | "multi_users_select" | "conversations_select":
                chosen = element.get("initial_option", {}).get("text") or element.get("placeholder") or {"text": ""}
                return Markup('<span class="select">{}<i>⌄</i></span>').format(chosen["text"])
            case "plain_text_input":
                words = element.get("initial_value") or element.get("placeholder", {}).get("text", "")
                lines = " tall" if element.get("multiline") else ""
                return Markup('<span class="field{}">{}</span>').format(lines, words)
            case other:
                raise ValueError(other)

    def _rich(self, part: Json) -> Markup:
        inside = self._all(self._inline, part["elements"])
        match part["type"]:
            case "rich_text_section":
                return Markup("<p>{}</p>").format(inside)
            case "rich_text_quote":
                return Markup("<blockquote>{}</blockquote>").format(inside)
            case other:
                raise ValueError(other)

    def _inline(self, element: Json) -> Markup:
        match element["type"]:
            case "text":
                words = escape(element["text"])
                style = element.get("style", {})
                for name, tag in (("bold", "b"), ("italic", "em"), ("strike", "s"), ("code", "code")):
                    words = Markup("<{0}>{1}</{0}>").format(tag, words) if style.get(name) else words
                return words
            case "user":
                return Markup('<span class="mention">@{}</span>').format(self._names(element["user_id"]))
            case "usergroup":
                return Markup('<span class="mention">@{}</span>').format(self._names(element["usergroup_id"]))
            case "channel":
                return Markup('<span class="mention">#{}</span>').format(self._names(element["channel_id"]))
            case "link":
                return Markup("<a>{}</a>").format(element.get("text") or element["url"])
            case other:
                raise ValueError(other)

    def _words(self, words: Json) -> Markup:
        return self._mrkdwn(words["text"]) if words["type"] == "mrkdwn" else _lines(escape(words["text"]))

    def _mrkdwn(self, text: str) -> Markup:
        parts = _MENTION.split(text)  # words, id, words, id, …, words
        shown = [escape(html.unescape(part)) for part in parts]
        shown[1::2] = [Markup('<span class="mention">@{}</span>').format(self._names(part)) for part in parts[1::2]]
        return _lines(Markup("").join(shown))

    @staticmethod
    def _all(lay_out: Callable[[Json], Markup], parts: Iterable[Json]) -> Markup:
        return Markup("").join(map(lay_out, parts))


def _lines(words: Markup) -> Markup:
    return Markup('<span class="lines">{}</span>').format(words)


def _clock(ts: str | None) -> str:
    return f"{datetime.fromtimestamp(float(ts), UTC) + JAPAN:%H:%M}" if ts else ""
