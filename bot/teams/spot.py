"""Where in Teams something is said, and everything that is needed to answer there from any process. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.history import Place

SURFACE: Final = "teams"

PERSONAL: Final = "personal"
"""``conversationType`` of a chat of one person with the bot."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """A draft's thread, or the chat (チャット) of one person with the bot, whose ``place.thread`` is empty."""

    place: Place
    """``team`` is the tenant's id, ``channel`` the conversation's, ``thread`` the id of the thread's first message."""
    service_url: str
    """Address of the Bot Connector that delivered from there and takes answers; without a slash at its end."""
    group: str = ""
    """The team's Entra group id, by which Microsoft Graph knows it; empty where no delivery told."""
    team: str = ""
    """The team's own id (``19:…``), by which the connector knows it; empty in chats."""

    @property
    def conversation(self) -> str:
        """The id under which the connector takes messages for this thread or chat."""
        return f"{self.place.channel};messageid={self.place.thread}" if self.place.thread else self.place.channel

    def payload(self) -> dict[str, str]:
        """Return it as JSON, as part of an item's payload."""
        return {
            "tenant": self.place.team,
            "channel": self.place.channel,
            "thread": self.place.thread,
            "service_url": self.service_url,
            "group": self.group,
            "team": self.team,
        }

    @classmethod
    def of(cls, payload: Json) -> Spot:
        """Read back what ``payload`` returned. ``KeyError`` if it is something else."""
        place = Place(SURFACE, str(payload["tenant"]), str(payload["channel"]), str(payload["thread"]))
        return cls(place, str(payload["service_url"]), str(payload["group"]), str(payload["team"]))


def spot_of(activity: Json) -> Spot | None:
    """Return where an activity of the Bot Framework (its JSON) happened; ``None`` where it does not say.

    What it says is believed because the connector's signature stands for it, so nothing is taken from what people can
    write: neither the text nor the data of a card's buttons.
    """
    conversation, data = part(activity, "conversation"), part(activity, "channelData")
    tenant = string(part(data, "tenant").get("id")) or string(conversation.get("tenantId"))
    channel, _separator, thread = string(conversation.get("id")).partition(";messageid=")
    service_url = string(activity.get("serviceUrl")).rstrip("/")
    if not channel or not service_url or "/" in tenant + channel + thread:
        return None
    team = part(data, "team")
    return Spot(
        Place(SURFACE, tenant, channel, thread),
        service_url,
        group=string(team.get("aadGroupId")),
        team=string(team.get("id")),
    )


def actor_of(activity: Json) -> str:
    """Return who did something: their Entra object id, else the id that the Bot Framework gives them."""
    person = part(activity, "from")
    return string(person.get("aadObjectId")) or string(person.get("id"))


def part(json: Json, name: str) -> Json:
    """Return an object inside JSON; an empty one where there is none."""
    found = json.get(name)
    return found if isinstance(found, Mapping) else {}


def string(value: object) -> str:
    """Return a string of JSON; an empty one for anything else."""
    return value if isinstance(value, str) else ""
