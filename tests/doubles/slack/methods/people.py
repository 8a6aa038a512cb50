"""``users.*`` and ``usergroups.*``."""

from __future__ import annotations

from typing import Any

from tests.doubles.slack.errors import SlackError
from tests.doubles.slack.web_api import Call, Method

Json = dict[str, Any]


def _user(call: Call) -> Json:
    workspace = call.context.workspace
    user = workspace.users.get(call.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": user.body(workspace.identity.team)}


def _group_members(call: Call) -> Json:
    group = call.context.workspace.user_groups.get(call.text("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group)}


METHODS = {
    "users.info": Method(_user, ("users:read",), reads_json=False),
    "usergroups.users.list": Method(_group_members, ("usergroups:read",), reads_json=False),
}
