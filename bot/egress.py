"""The way out of the house: through which forward proxy an address is reached, and whose certificates are believed.

Proxies come from the environment, as everywhere: ``HTTPS_PROXY``, ``HTTP_PROXY``, ``NO_PROXY`` (or in small letters),
a user name and password in the address. Libraries read these each in their own way: httpx as it should,
slack_sdk without ``NO_PROXY``, aiohttp without WebSockets. So whoever uses the latter two asks here. And what a server
out there says of when to come back.
"""

from __future__ import annotations

import re
import ssl
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

_CARRIED_BY: Final = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
"""A WebSocket begins as an HTTP request, and takes its way."""


def proxy_for(url: str) -> str | None:
    """Return the address of the proxy through which a URL is reached; ``None``: directly."""
    parts = urlsplit(url)
    proxy = getproxies().get(_CARRIED_BY.get(parts.scheme, ""))
    if not proxy or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def unusable_proxies() -> list[str]:
    """Return a Japanese sentence for each variable whose proxy cannot be used.

    No value is shown: it may hold a password.
    """
    return [
        f"{scheme.upper()}_PROXY を読み取れません。http://proxy.example.lg.jp:8080 のような形で指定してください。"
        for scheme, proxy in sorted(getproxies().items())
        if scheme in _CARRIED_BY.values() and not _is_usable(proxy)
    ]


def _is_usable(proxy: str) -> bool:
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # no port, or no address
        return False


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Return how servers are made to prove who they are.

    The certificate authorities are those of the system (or of ``SSL_CERT_FILE`` and ``SSL_CERT_DIR``, which OpenSSL
    reads), and those of ``ca_file`` besides: a PEM bundle, as a proxy that opens TLS needs it.
    Raises ``OSError`` (``ssl.SSLError`` is one) where the file cannot be read or holds no certificate.
    """
    context = ssl.create_default_context()
    if ca_file is not None:
        # Authorities that houses made for themselves often lack an extension that Python 3.13 has begun to insist on.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        context.load_verify_locations(cafile=ca_file)
    return context


def retry_after(response: httpx.Response) -> float | None:
    """Return how many seconds a server asks to wait; ``None`` if it does not say."""
    value = response.headers.get("retry-after", "")
    return float(value) if re.fullmatch(r"\d{1,5}", value) else None
