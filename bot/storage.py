"""The history as the settings ask for it: one home for how the database is opened."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from bot.history import History
from bot.settings import Settings


def open_history(settings: Settings, *, migrate: bool | None = None) -> AbstractAsyncContextManager[History]:
    """Open it for the length of a block. ``migrate`` overrules ``settings.auto_migrate``. Raises ``HistoryError``."""
    return History.open(
        settings.database_url.get_secret_value(),
        migrate=settings.auto_migrate if migrate is None else migrate,
        keys=keys(settings),
    )


def keys(settings: Settings) -> tuple[str, ...]:
    """Return the keys for texts at rest."""
    return tuple(key.get_secret_value() for key in settings.encryption_keys)
