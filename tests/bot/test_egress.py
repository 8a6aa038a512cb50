"""The way out: which proxy an address is reached through, and whom to believe."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme

from bot.egress import proxy_for, tls_context, unusable_proxies
from bot.settings import Settings, SettingsError

PROXY = "http://town:h%40ll@proxy.example.lg.jp:8080"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    ("variable", "url", "proxy"),
    [
        ("HTTPS_PROXY", "https://slack.com/api/", PROXY),
        ("https_proxy", "wss://wss-primary.slack.com/link/?ticket=1", PROXY),
        ("HTTPS_PROXY", "http://127.0.0.1:9000/api/", None),
        ("HTTP_PROXY", "http://relay.example.lg.jp/api/", PROXY),
        ("HTTP_PROXY", "ws://relay.example.lg.jp/link", PROXY),
        ("HTTP_PROXY", "https://slack.com/api/", None),
    ],
)
def test_the_scheme_chooses_the_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, url: str, proxy: str | None
) -> None:
    monkeypatch.setenv(variable, PROXY)
    assert proxy_for(url) == proxy


def test_a_proxy_without_a_scheme_is_an_http_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example.lg.jp:8080")
    assert proxy_for("https://slack.com/api/") == "http://proxy.example.lg.jp:8080"


@pytest.mark.parametrize("exception", ["slack.com", ".slack.com", "*", "localhost, .com", "wss-primary.slack.com:443"])
def test_exceptions_are_reached_directly(monkeypatch: pytest.MonkeyPatch, exception: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", exception)
    assert proxy_for("wss://wss-primary.slack.com:443/link") is None
    assert proxy_for("https://hooks.example.org/x") == (None if exception == "*" else PROXY)


@pytest.mark.parametrize("proxy", ["socks5://proxy:1080", "http:///", "proxy:port", "http://[::1", "http://proxy:0"])
def test_a_proxy_that_cannot_be_used_keeps_the_program_from_starting(
    monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(SettingsError, match=r"^HTTPS_PROXY を読み取れません。") as refused:
        Settings.load()
    assert proxy not in str(refused.value)


def test_a_good_proxy_is_not_complained_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("HTTP_PROXY", "proxy:8080")
    assert unusable_proxies() == []


def test_the_houses_authority_is_believed_besides_the_systems(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    assert len(tls_context(tmp_path / "ca.pem").get_ca_certs()) == len(tls_context(None).get_ca_certs()) + 1
    assert tls_context(tmp_path / "ca.pem").verify_mode is ssl.CERT_REQUIRED


@pytest.mark.parametrize("content", ["", "no certificate"])
def test_a_file_without_certificates_is_an_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "ca.pem").write_text(content)
    with pytest.raises(ssl.SSLError, match="NO_CERTIFICATE"):
        tls_context(tmp_path / "ca.pem")
