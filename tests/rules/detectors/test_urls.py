from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.urls import pasted, read
from rules.text import see

FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
HOSTS = st.from_regex(r"(www\.)?[a-z]{3,8}(-[a-z]{2,5})?\.(co\.jp|jp|com|lg\.jp|example)", fullmatch=True)
PATHS = st.from_regex(r"(/[a-z0-9]{1,6}){0,2}/?", fullmatch=True)


@given(HOSTS, PATHS)
def test_urls_are_read_however_they_are_pasted(host: str, path: str) -> None:
    plain = f"https://{host}{path}"
    defanged = f"hxxps[:]//{host.replace('.', '[.]')}{path}"
    for written in (
        plain,
        plain.translate(FULL_WIDTH),
        plain.upper(),
        defanged,
        f"h**ps://{host}{path}",
        f"ttps://{host}{path}",
        f"https://{host.replace('.', '(dot)')}{path}",
    ):
        for text in (f"詳細は{written}をご覧ください", f"（{written}）。", f"<{written}|こちら>", f"　{written}、"):
            [url] = pasted(text)
            assert (text[url.start : url.end], url.host, url.path.lower()) == (written, host, path)
            assert url.target.lower() == plain


@given(st.from_regex(r"[a-z]{3,8}\.(co\.jp|com|lg\.jp)", fullmatch=True), PATHS)
def test_a_scheme_may_be_left_out(host: str, path: str) -> None:
    text = f"詳細は{host}{path}まで"
    [url] = read(text)
    assert (url.scheme, url.host, url.rest) == ("", host, path)


@pytest.mark.parametrize(
    ("text", "quote", "host", "path"),
    [
        ("詳細はhttps://www.example.com/aをご覧ください", "https://www.example.com/a", "www.example.com", "/a"),
        (
            "https://example.com/案内図.pdfをご覧ください",
            "https://example.com/案内図.pdf",
            "example.com",
            "/案内図.pdf",
        ),
        ("https://example.com/をご覧ください", "https://example.com/", "example.com", "/"),
        ("https://example.com:8443/?q=1#x", "https://example.com:8443/?q=1#x", "example.com", "/?q=1#x"),
        ("https://日本語.jp/a", "https://日本語.jp/a", "日本語.jp", "/a"),
        ("http://[2001:db8::1]/a", "http://[2001:db8::1]/a", "[2001:db8::1]", "/a"),
        ("https://example.com。次の文", "https://example.com", "example.com", ""),
        ("http://example。com/a", "http://example。com/a", "example.com", "/a"),
        (r"https:\\example.com を開く", r"https:\\example.com", "example.com", ""),
        ("https//example.com/a を開く", "https//example.com/a", "example.com", "/a"),
        ("https://evil%2eexample/a", "https://evil%2eexample/a", "evil.example", "/a"),
        ("203.0.113.80/login を開く", "203.0.113.80/login", "203.0.113.80", "/login"),
        ("https://cityーchiba.example/", "https://cityーchiba.example/", "cityーchiba.example", "/"),
        ("https://example.com一覧はこちら", "https://example.com", "example.com", ""),
    ],
)
def test_parts_of_urls(text: str, quote: str, host: str, path: str) -> None:
    view = see(text).text
    [url] = read(view)
    assert (view[url.start : url.end], url.host, url.path) == (quote, host, path)


@pytest.mark.parametrize(
    "text",
    [
        "readme.md",
        "午前10.30に",
        "3.5km",
        "第1.5版.pdf",
        "a@example.com",
        "No.12",
        "192.168.0.0/24",
        "1.2.3.4/5",
        "e.g. これ",
    ],
)
def test_what_only_looks_like_a_url_is_none(text: str) -> None:
    assert list(read(text)) == []
