"""What a service may not say in its log, whatever its level: anything that it was told in confidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.doubles.slack import SlackDouble
from tests.doubles.teams import TeamsDouble

_WRITTEN = {"text", "value", "title", "initial_comment", "plain_text", "fallback", "content", "comment", "reason"}
"""Where in payloads stands what people write."""
_SPOKEN = re.compile(r"(?:Slack|Teams|SlackとTeams)の投稿を確認しています|エラー：")
"""How lines begin that the command itself says to whoever started it."""
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")
_WORD = re.compile(r"[A-Za-z0-9_@.:/%+-]{6,}")
_IDENTIFIER = re.compile(r"[A-Z0-9]+|[0-9.]+")
"""Ids of channels and time stamps name drafts in the log, and may stand in a draft as well."""
_FIELD = re.compile(r'"[a-z_]+": ')
"""What a line of the log calls its parts: words of ours, one of which somebody may write too (``<!channel>``)."""


def leaks(output: str, slack: SlackDouble) -> list[str]:
    """What of it stands in a service's output: words of drafts, commands and forms, names, tokens. And tracebacks."""
    credentials = slack.credentials
    return _found(output, written(slack), [credentials.bot_token, credentials.app_token, credentials.signing_secret])


def teams_leaks(output: str, teams: TeamsDouble) -> list[str]:
    """What of it stands in a service's output, where people use Teams."""
    texts = [text for delivery in teams.deliveries for text in _texts(delivery.activity, "")]
    names = [person.name for person in teams.tenant.people.values()]
    return _found(output, _latin([*texts, *names]), [teams.registration.client_secret, *teams.login.issued])


def _found(output: str, words: set[str], secrets: list[str]) -> list[str]:
    lines = [line for line in output.splitlines() if not _SPOKEN.match(line)]
    # Nothing that the service logs is in Japanese, so that not even one character of a draft can be.
    japanese = [line for line in lines if _JAPANESE.search(line)]
    said = {word for line in lines for word in _WORD.findall(_FIELD.sub(" ", line))}
    traced = [line for line in lines if line.startswith("Traceback")]
    return [*japanese, *traced, *sorted(said & words), *(secret for secret in secrets if secret in output)]


def written(slack: SlackDouble) -> set[str]:
    """Latin words that people wrote or are called by, as far as they could not be anything else."""
    own = slack.identity.bot_id
    texts = [text for delivery in slack.courier.deliveries for text in _texts(delivery.payload, own)]
    people = [user for user in slack.workspace.users.values() if user.id != slack.identity.bot_user]
    names = [name for user in people for name in (user.name, user.display_name)]
    return _latin([*texts, *names])


def _latin(texts: list[str]) -> set[str]:
    words = {word for text in texts for word in _WORD.findall(text)}
    return {word for word in words if not _IDENTIFIER.fullmatch(word)}


def _texts(part: Any, own: str, name: str = "") -> Iterator[str]:
    """What people wrote in a payload: not our own messages, nor what our own buttons and forms carry."""
    if isinstance(part, dict) and part.get("bot_id") != own:
        for key, inner in (part["state"] if name == "view" and "state" in part else part).items():
            if key != "actions":
                yield from _texts(inner, own, key)
    elif isinstance(part, list):
        for inner in part:
            yield from _texts(inner, own, name)
    elif isinstance(part, str) and name in _WRITTEN:
        yield part
