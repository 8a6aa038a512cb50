"""Who is who: Entra's token endpoint for the app, and the keys by which the app knows Bot Framework."""

from __future__ import annotations

import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

Json = dict[str, Any]

ISSUER = "https://api.botframework.com"
BOT_SCOPE = "https://api.botframework.com/.default"


@dataclass(frozen=True)
class Registration:
    """The app as it is registered in Entra, for one tenant."""

    client_id: str = "0f4a3c1e-5b7d-4a92-8c63-1d2e3f405162"
    client_secret: str = "double~client.secret"
    tenant_id: str = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


@dataclass
class Keys:
    """A signing key with its public half as others fetch it."""

    kid: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    private: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65_537, 2_048))

    @property
    def public(self) -> Json:
        key: Json = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**key, "kid": self.kid, "use": "sig", "alg": "RS256", "endorsements": ["msteams"]}

    def sign(self, claims: Json) -> str:
        return jwt.encode(claims, self.private, "RS256", headers={"kid": self.kid})


class Login:
    """Tokens for the app to reach Microsoft, and for Microsoft to reach the app."""

    def __init__(self, registration: Registration) -> None:
        self.registration = registration
        self.keys = Keys()
        self.graph_scope = "https://graph.microsoft.com/.default"
        self.key_requests = 0
        """How often the signing keys were fetched."""
        self._issued: dict[str, str] = {}

    @property
    def issued(self) -> list[str]:
        """Every token that the app was given."""
        return [*self._issued]

    def inbound(self, service_url: str, **claims: Any) -> str:
        """A token as Bot Framework's on a delivery; ``claims`` replace its own, None takes one away."""
        now = int(time.time())
        usual = {
            "iss": ISSUER,
            "aud": self.registration.client_id,
            "nbf": now - 5,
            "iat": now - 5,
            "exp": now + 3_600,
            "serviceurl": service_url,
        }
        return self.keys.sign({name: value for name, value in {**usual, **claims}.items() if value is not None})

    def allows(self, request: web.Request, scope: str) -> bool:
        """Whether the request has a token that was issued for this."""
        return self._issued.get(request.headers.get("Authorization", "").removeprefix("Bearer ")) == scope

    def token(self, tenant: str, form: Json) -> tuple[int, Json]:
        """Answer the token endpoint as Entra does, with its codes."""
        known = self.registration
        if tenant not in (known.tenant_id, "botframework.com"):
            return 400, _refused("invalid_request", 90002, f"Tenant '{tenant}' not found.")
        if form.get("client_id") != known.client_id:
            return 400, _refused("unauthorized_client", 700016, "Application was not found in the directory.")
        if form.get("client_secret") != known.client_secret:
            return 401, _refused("invalid_client", 7000215, "Invalid client secret provided.")
        scope = str(form.get("scope", "")).split(" ")[0]
        if form.get("grant_type") != "client_credentials" or scope not in (BOT_SCOPE, self.graph_scope):
            return 400, _refused("invalid_scope", 70011, "The provided value for the input parameter is not valid.")
        return 200, {"token_type": "Bearer", "expires_in": 3_599, "access_token": self._issue(scope)}

    def _issue(self, scope: str) -> str:
        now = int(time.time())
        registration = self.registration
        claims = {
            "aud": scope.removesuffix("/.default"),
            "iss": f"https://sts.windows.net/{registration.tenant_id}/",
            "iat": now,
            "nbf": now,
            "exp": now + 3_599,
            "appid": registration.client_id,
            "tid": registration.tenant_id,
            "jti": str(uuid.uuid4()),
        }
        token = self.keys.sign(claims)
        self._issued[token] = scope
        return token


def _refused(error: str, code: int, words: str) -> Json:
    return {"error": error, "error_description": f"AADSTS{code}: {words}", "error_codes": [code]}
