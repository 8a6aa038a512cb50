"""Tokens of the app itself (client credentials): what it shows to the Bot Connector and to Microsoft Graph."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx
import structlog
from pydantic import SecretStr

from bot.worker import RetryLater

log: Final = structlog.get_logger(__name__)

BOT_SCOPE: Final = "https://api.botframework.com/.default"
EARLY_SECONDS: Final = 300.0
"""How long before its end a token is renewed, so that none ends on its way."""
MEND_SECONDS: Final = 60.0
"""How long to wait for an administrator after Entra has refused."""


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    until: float


class Tokens:
    """Fetches tokens and keeps them for as long as they hold. Entra ID is asked for one scope by one task at a time."""

    def __init__(  # noqa: PLR0913 - what an app proves itself with, by name
        self,
        http: httpx.AsyncClient,
        *,
        login_url: str,
        tenant: str,
        client_id: str,
        secret: SecretStr,
        clock: Callable[[], float],
    ) -> None:
        """``clock`` counts seconds, monotonically."""
        self._http = http
        self._url = f"{login_url.rstrip('/')}/{tenant}/oauth2/v2.0/token"
        self._client_id = client_id
        self._secret = secret
        self._clock = clock
        self._known: dict[str, _Token] = {}
        self._asking = asyncio.Lock()

    async def token(self, scope: str) -> str:
        """Return a token for a scope that holds for a while. Raises ``RetryLater`` where there is none to be had."""
        async with self._asking:
            known = self._known.get(scope)
            if known is None or known.until <= self._clock():
                known = self._known[scope] = await self._fetched(scope)
        return known.value

    def forget(self, scope: str) -> None:
        """Do not show this scope's token again: it was refused."""
        self._known.pop(scope, None)

    async def _fetched(self, scope: str) -> _Token:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._secret.get_secret_value(),
            "scope": scope,
        }
        asked_at = self._clock()
        try:
            response = await self._http.post(self._url, data=form)
        except httpx.HTTPError as error:
            raise RetryLater from error
        try:
            answered = response.json() if response.is_success else {}
            lifetime = float(answered["expires_in"])
            return _Token(str(answered["access_token"]), asked_at + max(lifetime / 2, lifetime - EARLY_SECONDS))
        except (ValueError, LookupError, TypeError):
            log.error("token_refused", status=response.status_code, remedy="run sns-check doctor")  # noqa: TRY400 - no trace
        raise RetryLater(None if response.status_code >= 500 else MEND_SECONDS)  # noqa: PLR2004 - HTTP's number
