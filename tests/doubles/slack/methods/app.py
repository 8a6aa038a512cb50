"""``auth.test``, ``api.test``, ``apps.connections.open``, ``bots.info``."""

from __future__ import annotations

from typing import Any

from tests.doubles.slack.errors import SlackError
from tests.doubles.slack.web_api import Call, Method

Json = dict[str, Any]


def _auth_test(call: Call) -> Json:
    identity = call.context.workspace.identity
    return {
        "url": f"https://{identity.domain}.slack.com/",
        "team": identity.domain,
        "user": identity.bot_name,
        "team_id": identity.team,
        "user_id": identity.bot_user,
        "bot_id": identity.bot_id,
        "is_enterprise_install": False,
    }


def _api_test(call: Call) -> Json:
    return {"args": call.args}


def _connections_open(call: Call) -> Json:
    socket = call.context.base_url.replace("http", "ws", 1)
    return {"url": f"{socket}/link/?ticket={call.context.socket_ticket()}&app_id={call.context.workspace.identity.app}"}


def _bots_info(call: Call) -> Json:
    identity = call.context.workspace.identity
    if call.optional("bot") != identity.bot_id:
        raise SlackError("bot_not_found")
    return {
        "bot": {
            "id": identity.bot_id,
            "name": identity.bot_name,
            "app_id": identity.app,
            "user_id": identity.bot_user,
            "deleted": False,
        }
    }


METHODS = {
    "auth.test": Method(_auth_test),
    "api.test": Method(_api_test),
    "apps.connections.open": Method(_connections_open, ("connections:write",), token="app"),
    "bots.info": Method(_bots_info, ("users:read",), reads_json=False),
}
