"""What is done with an activity that has proved itself: drafts go into the inbox, all else to whoever listens for it.

A message of a review channel is stored before it is acknowledged, and read by us (``events``). What people press and
ask for is answered at once, what they write in a chat after it was acknowledged: through the router and the models of
Microsoft's SDK.
"""

from __future__ import annotations

import warnings
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Final

import structlog
from microsoft_teams.api import ActivityTypeAdapter
from microsoft_teams.apps import App, ErrorEvent
from microsoft_teams.apps.http import HttpRequest, HttpRouteHandler, HttpServerAdapter
from pydantic import SecretStr, ValidationError
from sqlalchemy.exc import DataError

from bot.desk.channels import ReviewChannels
from bot.faults import describe
from bot.metrics import Metrics
from bot.teams.door import Reply
from bot.teams.events import is_addressed, item_of
from bot.teams.people import People
from bot.teams.spot import PERSONAL, Json, part, spot_of, string
from bot.unstored import PatientInbox

log: Final = structlog.get_logger(__name__)

MESSAGES: Final = {"message", "messageUpdate", "messageDelete"}
ANSWERED: Final = {"message", "invoke", "installationUpdate"}
"""Types of activities that the SDK's listeners hear of."""
_READ: Final = ("id", "body", "attachments")
"""What is read of the message in whose menu somebody chose the app's command."""
MALFORMED: Final = (LookupError, TypeError, ValueError, AttributeError, RecursionError, OverflowError, DataError)
"""What is raised over a payload that is not as Teams makes them: by who reads it, or by the database."""


class Reception:
    """Takes activities in. ``listeners`` is what the SDK answers, as ``listeners_of`` returns it."""

    def __init__(  # noqa: PLR0913 - what it stands between, by name
        self,
        *,
        inbox: PatientInbox,
        channels: ReviewChannels,
        people: People,
        listeners: Callable[[Json], Awaitable[Reply]],
        metrics: Metrics,
        clock: Callable[[], datetime],
    ) -> None:
        self._inbox = inbox
        self._channels = channels
        self._people = people
        self._listeners = listeners
        self._metrics = metrics
        self._clock = clock

    async def receive(self, activity: Json) -> Reply:
        """Deal with an activity; returns what to answer. What nobody cares about is acknowledged, never an error."""
        try:
            self._meet(activity)
            if activity.get("type") in MESSAGES and _is_in_channel(activity):
                return await self._take_in(activity)
            if _is_said_in_chat(activity):
                return Reply(after=partial(self._answer, activity))
            return await self._listeners(activity) if activity.get("type") in ANSWERED else Reply()
        except MALFORMED as error:
            log.warning("activity_not_understood", **describe(error))
            return Reply(400)

    async def _answer(self, activity: Json) -> None:
        try:
            await self._listeners(activity)
        except Exception as error:  # noqa: BLE001 - it was acknowledged: nobody is left to hear of it
            log.warning("not_answered", **describe(error))

    async def _take_in(self, activity: Json) -> Reply:
        """Store what happened to a message if it may concern a draft of ours."""
        spot, item = spot_of(activity), item_of(activity, self._clock())
        if spot is None or not (item or is_addressed(activity)):  # most of what is said, so without asking anybody
            return Reply()
        try:
            if await self._channels.review(spot.place.team, spot.place.channel) is None:
                return Reply(after=partial(self._answer, activity)) if is_addressed(activity) else Reply()
            if item is None:
                return Reply()
            new = await self._inbox.put(item)
        except MALFORMED:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it was: not stored is not acknowledged
            if item and self._channels.is_listed(spot.place.channel):
                self._inbox.keep(item)  # Teams does not deliver again
            log.error("activity_not_stored", **describe(error))  # noqa: TRY400 - a traceback would show the draft
            return Reply(503)
        self._metrics.received(item.kind, again=not new)
        if not new:
            log.info("delivered_again", item=item.key)
        return Reply()

    def _meet(self, activity: Json) -> None:
        spot = spot_of(activity)
        if spot:
            self._people.met(spot, activity)


def _is_in_channel(activity: Json) -> bool:
    """Tell whether a message stands in a channel: its thread is named. A press of a button in an old client is none."""
    named = string(part(activity, "conversation").get("id"))
    pressed = isinstance(activity.get("value"), dict) and not string(activity.get("text")).strip()
    return ";messageid=" in named and not pressed


def _is_said_in_chat(activity: Json) -> bool:
    """Tell whether it is for the bot alone: its answer may take longer than Teams waits, and nothing is kept.

    What old clients submit is stored first.
    """
    personal = part(activity, "conversation").get("conversationType") == PERSONAL
    return activity.get("type") in {"message", "installationUpdate"} and personal and not part(activity, "value")


# ── Microsoft's SDK ──────────────────────────────────────────────────────────────────────────────────────────────────


class Inlet(HttpServerAdapter):
    """Where the SDK would open a route: we hand it what the door has let in."""

    def __init__(self) -> None:
        self.handler: HttpRouteHandler | None = None

    def register_route(self, method: str, path: str, handler: HttpRouteHandler) -> None:  # noqa: ARG002 - theirs
        """Keep the handler."""
        self.handler = handler

    def serve_static(self, path: str, directory: str) -> None:
        """Nothing is served from here."""
        raise NotImplementedError(path, directory)

    async def start(self, port: int) -> None:
        """Nothing is served from here."""
        raise NotImplementedError(port)

    async def stop(self) -> None:
        """Nothing was started."""


def teams_app(client_id: str | None, secret: SecretStr | None, tenant: str | None) -> tuple[App, Inlet]:
    """Return the SDK's app, and where to hand activities in once it is initialized.

    It checks no tokens: whatever reaches it has proved itself at the door, which asks no server on the way. Nothing is
    sent by it either (``bot.teams.connector`` knows of proxies, time limits and the pace).
    """
    inlet = Inlet()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of parts of itself that it still uses
        app = App(
            client_id=client_id,
            client_secret=secret.get_secret_value() if secret else None,
            tenant_id=tenant,
            http_server_adapter=inlet,
            dangerously_allow_unauthenticated_requests=True,
            telemetry={"agent365": False},
        )
    app.event("error")(_log_what_broke)
    return app, inlet


async def _log_what_broke(event: ErrorEvent) -> None:
    log.error("listener_failed", **describe(event.error))


def listeners_of(inlet: Inlet) -> Callable[[Json], Awaitable[Reply]]:
    """Return what has the app's listeners answer an activity."""

    async def answer(activity: Json) -> Reply:
        activity = _without_what_nobody_reads(activity)
        try:
            ActivityTypeAdapter.validate_python(activity)
        except ValidationError as error:
            log.info("activity_not_of_a_known_shape", errors=error.error_count())
            return Reply(400 if activity.get("type") == "invoke" else 200)
        if inlet.handler is None:
            raise RuntimeError("the app is not initialized")
        response = await inlet.handler(HttpRequest(body=dict(activity), headers={}))
        broken = response["status"] >= 500  # noqa: PLR2004 - HTTP's number
        return Reply(503) if broken else Reply(response["status"], response.get("body"))

    return answer


def _without_what_nobody_reads(activity: Json) -> Json:
    """Return an activity with no more of a message action's message than we read.

    The SDK's models know fewer kinds of authors, mentions and reactions than Microsoft sends (``bot``, where they want
    ``BOT``), and would refuse the whole message for them.
    """
    value = part(activity, "value")
    if "messagePayload" not in value:
        return activity
    message = part(value, "messagePayload")
    return {
        **activity,
        "value": {**value, "messagePayload": {name: message[name] for name in _READ if name in message}},
    }
