"""What people start by hand: trigger ids, response URLs, modals, App Home."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from . import blocks as block_kit
from .clock import Board
from .errors import SlackError
from .workspace import Ephemeral, Message, Workspace

Json = dict[str, Any]

TRIGGER_SECONDS = 3.0
RESPONSE_USES = 5
RESPONSE_SECONDS = 30 * 60.0
VIEW_STACK = 3


@dataclass
class Trigger:
    user: str
    issued: float
    modal: Modal | None = None
    used: bool = False


@dataclass
class Modal:
    """What one person has open: a stack of views, the last on top."""

    user: str
    views: list[Json] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    """What the app finds wrong with the input, by block id."""
    trouble: str = ""
    """Slack's own complaint: the app answered late, or with a view that Slack refuses."""

    @property
    def top(self) -> Json:
        return self.views[-1]


@dataclass
class ResponseUrl:
    user: str
    channel: str
    issued: float
    source: Message | Ephemeral | None = None
    uses: int = 0


@dataclass
class Interactions:
    """Trigger ids, response URLs and everything that is opened with them."""

    workspace: Workspace
    board: Board
    base_url: str = ""
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    modals: list[Modal] = field(default_factory=list)
    homes: dict[str, Json] = field(default_factory=dict)

    def trigger(self, user: str, modal: Modal | None = None) -> str:
        """A trigger id for what this person just did."""
        identifier = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**9)}.{secrets.token_hex(16)}"
        self.triggers[identifier] = Trigger(user, self.workspace.clock.now(), modal)
        return identifier

    def redeem(self, identifier: str) -> Trigger:
        """Use a trigger id. Raises SlackError when it is unknown, used, or older than three seconds."""
        trigger = self.triggers.get(identifier)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.workspace.clock.now() - trigger.issued > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def open(self, trigger_id: str, view: Json) -> Json:
        """``views.open``."""
        block_kit.check_view(view)
        _modal_only(view)
        trigger = self.redeem(trigger_id)
        if trigger.modal is not None:
            raise SlackError("invalid_arguments", "a view is open already: push instead [json-pointer:/trigger_id]")
        modal = Modal(trigger.user)
        self.modals.append(modal)
        return self._put(modal, view)

    def push(self, trigger_id: str, view: Json) -> Json:
        """``views.push``."""
        block_kit.check_view(view)
        _modal_only(view)
        trigger = self.redeem(trigger_id)
        if trigger.modal is None or not trigger.modal.views:
            raise SlackError("not_found")
        return self.push_on(trigger.modal, view)

    def push_on(self, modal: Modal, view: Json) -> Json:
        block_kit.check_view(view)
        if len(modal.views) >= VIEW_STACK:
            raise SlackError("push_limit_reached")
        return self._put(modal, view)

    def update(self, view: Json, *, view_id: str | None, external_id: str | None, view_hash: str | None) -> Json:
        """``views.update``. Raises SlackError ``not_found``, ``hash_conflict``."""
        block_kit.check_view(view)
        for modal in self.modals:
            for index, old in enumerate(modal.views):
                if old["id"] == view_id or (external_id and old.get("external_id") == external_id):
                    if view_hash and view_hash != old["hash"]:
                        raise SlackError("hash_conflict")
                    return self.replace(modal, index, view)
        raise SlackError("not_found")

    def replace(self, modal: Modal, index: int, view: Json) -> Json:
        block_kit.check_view(view)
        old = modal.views[index]
        modal.views[index] = {**self._finished(view, modal.user), "id": old["id"], "root_view_id": old["root_view_id"]}
        self.board.announce()
        return modal.views[index]

    def publish(self, user: str, view: Json, view_hash: str | None) -> Json:
        """``views.publish``: the App Home of one person."""
        block_kit.check_view(view)
        if view["type"] != "home":
            raise SlackError("invalid_arguments", "unsupported type: modal [json-pointer:/view/type]")
        old = self.homes.get(user)
        if old and view_hash and view_hash != old["hash"]:
            raise SlackError("hash_conflict")
        finished = self._finished(view, user)
        self.homes[user] = finished | {"id": (old or finished)["id"]}
        self.board.announce()
        return self.homes[user]

    def response_url(self, user: str, channel: str, source: Message | Ephemeral | None = None) -> str:
        """An address to which the app may post five times in thirty minutes."""
        token = secrets.token_hex(12)
        self.response_urls[token] = ResponseUrl(user, channel, self.workspace.clock.now(), source)
        return f"{self.base_url}/response/{token}"

    def use_response_url(self, token: str) -> ResponseUrl:
        """Count one use. Raises SlackError ``used_url``, ``expired_url``, ``invalid_url``."""
        url = self.response_urls.get(token)
        if url is None:
            raise SlackError("invalid_url")
        if self.workspace.clock.now() - url.issued > RESPONSE_SECONDS:
            raise SlackError("expired_url")
        if url.uses >= RESPONSE_USES:
            raise SlackError("used_url")
        url.uses += 1
        return url

    def whisper(self, ephemeral: Ephemeral) -> Ephemeral:
        """Show a message to one person alone."""
        self.workspace.ephemerals.append(ephemeral)
        self.board.announce()
        return ephemeral

    def close(self, modal: Modal, *, everything: bool = False) -> None:
        """Take the view on top away, or all."""
        if everything:
            modal.views.clear()
        else:
            modal.views.pop()
        self.board.announce()

    def _put(self, modal: Modal, view: Json) -> Json:
        finished = self._finished(view, modal.user)
        root = modal.views[0]["id"] if modal.views else finished["id"]
        previous = modal.views[-1]["id"] if modal.views else None
        modal.views.append({**finished, "root_view_id": root, "previous_view_id": previous})
        self.board.announce()
        return modal.top

    def _finished(self, view: Json, user: str) -> Json:
        identity = self.workspace.identity
        identifier = f"V{secrets.token_hex(5).upper()}"
        return {
            "id": identifier,
            "team_id": identity.team,
            "app_id": identity.app,
            "bot_id": identity.bot_id,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "submit": None,
            "close": None,
            "state": {"values": {}},
            "hash": f"{int(self.workspace.clock.now())}.{secrets.token_hex(4)}",
            "root_view_id": identifier,
            "previous_view_id": None,
            "user_id": user,
            **view,
            "blocks": block_kit.complete(view["blocks"]),
        }


def _modal_only(view: Json) -> None:
    if view["type"] != "modal":
        raise SlackError("invalid_arguments", f"unsupported type: {view['type']} [json-pointer:/view/type]")
