"""A double of Microsoft Teams: Bot Connector, Entra's sign-in, its signing keys, and Graph, on one free loopback port.

    async with TeamsDouble() as teams:
        # start the app with teams.settings; then teams.messaging_url = "http://…/api/messages"
        review = teams.channel("19:review@thread.tacv2")
        post = review.post(teams.person("佐藤"), "<p>明日は休館です。</p>")
        answer = await post.answer()                       # the app's first message in the thread
        assert "条文" in answer.reading.visible             # what somebody sees who presses nothing
        pressed = await answer.press(boss, "承認", comment="よい")
        assert pressed.card                                # what the presser sees; the message is what everybody sees
        post.edit("…"); await post.answer(2); post.delete(); post.restore(); post.reply(person, "…")
        chat = teams.chat(person); chat.say("sns-check help"); await chat.answer()
        task = await teams.message_action(person, post, "sns_check")

People act at once and never wait, except where Teams itself shows what the app answers (a button, a message action).
Tests wait for what comes of it, never sleep. Every request of the app is in ``teams.calls(name)`` (``post``,
``update``, ``delete``, ``token``, ``replies``, …), every activity in ``teams.deliveries``.
What the app sends is checked as Teams checks it, and more strictly: Adaptive Card 1.5 by the models of Microsoft's SDK,
no field that it does not know, 20,000 characters, a conversation and a message that exist.
Misbehaviour: ``teams.mischief`` (429, 5xx, hanging, cut connections, also after the request took effect),
``teams.permitted`` (the resource-specific permission), ``teams.edits_told`` (some tenants do not tell of edits),
``delivery.again()``, ``teams.hold()`` and ``teams.release()``, ``teams.send(activity, token=…)`` with any token.
"""

from .cards import Reading, read_card
from .delivery import Delivery
from .double import TeamsDouble
from .login import Registration
from .people import Chat, Message, Pressed, Room
from .tenant import Person

__all__ = [
    "Chat",
    "Delivery",
    "Message",
    "Person",
    "Pressed",
    "Reading",
    "Registration",
    "Room",
    "TeamsDouble",
    "read_card",
]
