"""What the app has to be granted in Slack; ``deploy/slack/manifest.yaml`` asks Slack for the same."""

from __future__ import annotations

from typing import Final

BOT_SCOPES: Final = frozenset(
    {
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:write",
        "reactions:write",
        "usergroups:read",
        "users:read",
    }
)
