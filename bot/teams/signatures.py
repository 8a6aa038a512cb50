"""Who delivers: the Bot Framework signs a token for every delivery, as its documentation asks every bot to check.

Cheap questions come first, and no address is asked on behalf of a stranger: keys are fetched from the configured
address only, beside the event loop's other work, before they are needed and not more often than once in a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx
import jwt
import structlog

from bot.faults import describe
from bot.teams.spot import Json, string
from bot.web import Refused

log: Final = structlog.get_logger(__name__)

ISSUER: Final = "https://api.botframework.com"
ALGORITHM: Final = "RS256"
LEEWAY_SECONDS: Final = 300
"""How far clocks may be apart."""
FRESH_SECONDS: Final = 12 * 3600.0
"""How long keys are used without asking for new ones."""
AGAIN_SECONDS: Final = 300.0
"""How long a key that is not there is believed not to be there."""
FAILED_SECONDS: Final = 5.0
"""How soon a server that failed is asked again."""

_FAULTS: Final = (httpx.HTTPError, httpx.InvalidURL, jwt.PyJWTError, ValueError, LookupError, TypeError)


@dataclass(frozen=True, slots=True)
class _Key:
    key: jwt.PyJWK
    endorses: frozenset[str]
    """The channels (``msteams``) for which it may sign; empty where it does not say."""


class KeyRing:
    """The Bot Framework's public keys, by their ids. ``clock`` counts seconds, monotonically."""

    def __init__(self, http: httpx.AsyncClient, openid_url: str, clock: Callable[[], float]) -> None:
        self._http = http
        self._openid_url = openid_url
        self._clock = clock
        self._keys: Mapping[str, _Key] = {}
        self._asked_at = float("-inf")
        self._ask_again_at = float("-inf")
        self._asking = asyncio.Lock()

    @property
    def is_known(self) -> bool:
        """Whether there are keys at all, so that deliveries can be told from forgeries."""
        return bool(self._keys)

    async def warm(self) -> None:
        """Fetch the keys if that is due. A server that does not answer leaves those that are known."""
        async with self._asking:
            if self._keys and self._clock() - self._asked_at < FRESH_SECONDS:
                return
            await self._ask()

    async def get(self, name: str) -> _Key | None:
        """Return a key, asking for new ones once in a while if it is not known.

        Who shows one that is known waits for no server: ``warm`` is called beside deliveries.
        """
        if name not in self._keys:
            async with self._asking:
                if name not in self._keys:
                    await self._ask()
        return self._keys.get(name)

    async def _ask(self) -> None:
        if self._clock() < self._ask_again_at:
            return
        self._ask_again_at = self._clock() + FAILED_SECONDS
        try:
            metadata = (await self._http.get(self._openid_url)).raise_for_status().json()
            found = (await self._http.get(metadata["jwks_uri"])).raise_for_status().json()
            self._keys = _read(found["keys"])
        except _FAULTS as error:
            log.warning("signing_keys_unknown", **describe(error))
            return
        self._asked_at = self._clock()
        self._ask_again_at = self._clock() + AGAIN_SECONDS


def _read(keys: list[Any]) -> Mapping[str, _Key]:
    """Read the keys that we can use. ``LookupError`` if there is none."""
    found = {}
    for each in keys:
        try:
            found[str(each["kid"])] = _Key(jwt.PyJWK(each, ALGORITHM), frozenset(each.get("endorsements") or ()))
        except (jwt.PyJWTError, LookupError, TypeError, AttributeError):
            continue
    if not found:
        raise LookupError("no keys")
    return found


@dataclass(frozen=True, slots=True)
class Proof:
    """A token whose signature is good. What it says has yet to be compared with what it came with."""

    claims: Json
    endorses: frozenset[str]

    def stands_for(self, activity: Json) -> bool:
        """Tell whether the token was made for this very connector and channel."""
        claimed, named = string(self.claims.get("serviceurl")), string(activity.get("serviceUrl"))
        same_connector = bool(claimed) and claimed.rstrip("/") == named.rstrip("/")
        return same_connector and (not self.endorses or activity.get("channelId") in self.endorses)


class Signatures:
    """Checks tokens for one app."""

    def __init__(self, keys: KeyRing, client_id: str) -> None:
        self._keys = keys
        self._client_id = client_id

    async def prove(self, authorization: str) -> Proof:
        """Return what an ``Authorization`` header proves. Raises ``Refused``."""
        scheme, _space, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refused(401, "not signed")
        try:
            name = self._claimed_key(token)
            key = await self._keys.get(name)
            if key is None:
                raise Refused(401, "not signed") if self._keys.is_known else Refused(503, "keys unknown")
            claims = jwt.decode(
                token,
                key.key,
                algorithms=[ALGORITHM],
                audience=self._client_id,
                issuer=ISSUER,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.PyJWTError:
            raise Refused(401, "not signed") from None
        return Proof(claims, key.endorses)

    def _claimed_key(self, token: str) -> str:
        """Return which key a token names, if it claims to be the Bot Framework's and for us. Raises ``PyJWTError``."""
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(token, options={"verify_signature": False})
        ours = (header.get("alg"), claims.get("iss"), claims.get("aud")) == (ALGORITHM, ISSUER, self._client_id)
        if not ours or not string(header.get("kid")):
            raise jwt.InvalidTokenError
        return string(header["kid"])
