"""A double of Slack: a real HTTP and WebSocket server on a free loopback port that behaves as Slack does.

    async with SlackDouble() as slack:
        # start the app with slack.api_url, slack.credentials; for HTTP: slack.request_url = "http://…/slack/events"
        await slack.connected()                            # Socket Mode
        review = slack.channel("C01REV")
        post = review.post("U1", "明日は", mention("U2"), "と <!channel> の会議です")
        answer = await post.answer()                       # the app's first reply in the thread
        assert answer.reading.mentions == ()               # what readers see: text, mentions, links, styled
        post.edit("…"); await post.answer(2)
        command = review.command("U1", "/sns-check", "…"); private = await command.response(); private.click("next")
        slack.open_home("U1"); await slack.home_shows("U1", "…"); slack.click_home("U1", "filter", "…")
        modal = await slack.modal("U1"); await modal.submit({"draft": "…"}); await modal.shows("…")

People act at once and never wait; tests wait for what comes of it (``answer``, ``response``, ``modal``, ``until``),
never sleep. Every call of the Web API is in ``slack.calls(method)``, every payload in ``slack.courier.deliveries``.
Limits, blocks, tokens and scopes are checked as Slack checks them. Minutes pass with ``slack.clock.advance(60)``.
Misbehaviour: ``slack.mischief`` (429, 5xx, refusals, hanging, cut connections, also after the call took effect),
``slack.courier`` (``weather``, ``duplicate``, ``repeat``, ``hold`` and ``release`` in another order,
``lose_acknowledgements``),
``slack.socket_mode`` (``disconnect``, ``drop``, ``half_open``).
"""

from .delivery import Delivery, Kind, reversed_order, shuffled
from .double import SlackDouble
from .markup import Part, broadcast, bullets, channel_link, link, mention, preformatted, quote, styled
from .people import Command, Post, Room, Screen, Whisper
from .reading import Reading
from .web_api import SCOPES, Credentials
from .workspace import Identity

__all__ = [
    "SCOPES",
    "Command",
    "Credentials",
    "Delivery",
    "Identity",
    "Kind",
    "Part",
    "Post",
    "Reading",
    "Room",
    "Screen",
    "SlackDouble",
    "Whisper",
    "broadcast",
    "bullets",
    "channel_link",
    "link",
    "mention",
    "preformatted",
    "quote",
    "reversed_order",
    "shuffled",
    "styled",
]
