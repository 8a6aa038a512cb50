"""The Web API's methods, one table a family."""

from tests.doubles.slack.web_api import Method

from . import app, chat, conversations, files, people, views

METHODS: dict[str, Method] = {
    **app.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **people.METHODS,
    **views.METHODS,
}
