"""Buttons that turn the pages of a list which one person sees."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from slack_bolt.async_app import AsyncApp

from bot.slack.blocks import Block, actions, button
from bot.slack.words import commands as words

_TURNS: Final = ("previous", "next")


def turning(
    action: str,
    previous: Mapping[str, Any] | None,
    following: Mapping[str, Any] | None,
    labels: tuple[str, str] = (words.PREVIOUS_PAGE, words.NEXT_PAGE),
) -> list[Block]:
    """Return the row of buttons, each with what it says of its page; no row where there is nothing to turn."""
    labelled = zip(_TURNS, labels, (previous, following), strict=True)
    buttons = [button(f"{action}_{turn}", label, value) for turn, label, value in labelled if value is not None]
    return [actions(action, *buttons)] if buttons else []


def listen_to_turning(app: AsyncApp, action: str, listener: Callable[..., Awaitable[None]]) -> None:
    """Register who answers the buttons of ``turning``."""
    for turn in _TURNS:
        app.action(f"{action}_{turn}")(listener)
