"""``views.*``."""

from __future__ import annotations

from typing import Any

from tests.doubles.slack.errors import SlackError
from tests.doubles.slack.web_api import Call, Method

Json = dict[str, Any]


def _view(call: Call) -> Json:
    view = call.parsed("view", "invalid_arguments")
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", "missing required field: view")
    return view


def _open(call: Call) -> Json:
    return {"view": call.context.interactions.open(call.text("trigger_id"), _view(call))}


def _push(call: Call) -> Json:
    return {"view": call.context.interactions.push(call.text("trigger_id"), _view(call))}


def _update(call: Call) -> Json:
    view_id, external_id = call.optional("view_id"), call.optional("external_id")
    if not view_id and not external_id:
        raise SlackError("invalid_arguments", "missing required field: view_id")
    view_hash = call.optional("hash")
    interactions = call.context.interactions
    return {"view": interactions.update(_view(call), view_id=view_id, external_id=external_id, view_hash=view_hash)}


def _publish(call: Call) -> Json:
    user = call.text("user_id")
    if user not in call.context.workspace.users:
        raise SlackError("user_not_found")
    return {"view": call.context.interactions.publish(user, _view(call), call.optional("hash"))}


METHODS = {
    "views.open": Method(_open),
    "views.push": Method(_push),
    "views.update": Method(_update),
    "views.publish": Method(_publish),
}
