from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.credentials import DETECTOR
from tests.rules.detectors.reading import find


def shape(pattern: str) -> st.SearchStrategy[str]:
    return st.from_regex(pattern, fullmatch=True)


KEYS = {
    "秘密鍵": shape(r"-----BEGIN (RSA |EC |OPENSSH |ENCRYPTED )?PRIVATE KEY-----"),
    "AWSのアクセスキー": shape(r"A(KI|SI)A[0-9A-Z]{16}"),
    "Googleの鍵": shape(r"AIza[0-9A-Za-z_\-]{34}[0-9A-Za-z]"),
    "GitHubのトークン": shape(r"gh[pousr]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{40}"),
    "GitLabのトークン": shape(r"glpat-[0-9A-Za-z]{20}"),
    "Slackのトークン": shape(r"xox[bp]-[0-9]{12}-[0-9A-Za-z]{24}|xapp-1-[0-9A-Z]{11}-[0-9]{13}"),
    "通知用の秘密のアドレス": shape(r"hooks\.slack\.com/services/T[0-9A-Z]{8}/B[0-9A-Z]{8}/[0-9A-Za-z]{24}"),
    "AIサービスの鍵": shape(r"sk-(proj-)?[0-9][0-9A-Za-z]{30}"),
    "決済サービスの鍵": shape(r"[rs]k_(live|test)_[0-9A-Za-z]{24}"),
    "メール配信の鍵": shape(r"SG\.[0-9A-Za-z]{22}\.[0-9A-Za-z]{43}"),
    "パッケージ登録のトークン": shape(r"npm_[0-9A-Za-z]{36}"),
    "署名付きトークン（JWT）": shape(r"eyJ[0-9A-Za-z]{20}\.eyJ[0-9A-Za-z]{20}\.[0-9A-Za-z]{30}"),
    "データベースなどの接続文字列": shape(r"(postgres|mysql)://[a-z]{3,8}:[a-z]{3,8}[0-9]{2}@db\.example"),
    "ログイン名とパスワードの入ったアドレス": shape(
        r"https?://(user|[a-z]{3,8}):(pass|[a-z]{3,8}[0-9]{2})@kanri\.example"
    ),
    "認証用のトークン": shape(r"Authorization: Bearer [0-9A-Za-z]{20,40}"),
    "APIキーなどの値": shape(r"(api_key|client_secret|token)=[0-9][0-9a-f]{15,40}"),
}


@given(st.sampled_from(sorted(KEYS)).flatmap(lambda kind: st.tuples(st.just(kind), KEYS[kind])))
def test_keys_are_told_by_their_issuers_shape(key: tuple[str, str]) -> None:
    kind, written = key
    for text in (written, f"設定は{written}です", f"「{written}」を使う"):
        assert [(found.check, found.quote, found.facts["kind"]) for found in find(DETECTOR, text)] == [
            ("credentials.key", written, kind)
        ]


@pytest.mark.parametrize(
    "text",
    [
        "api_key=（申請後に届く値）を指定",
        "https://data.minasato.example/api?key=public",
        "-----BEGIN PUBLIC KEY-----",
        "トークン3枚をプレゼント",
        "sk-イベント、SG.ガンダム、npm_install",
        "AKIBA2026",
        "ssh://git@git.example/minasato",
        "https://www.city.chiba.jp/token/2026",
    ],
)
def test_what_only_looks_like_a_key_is_none(text: str) -> None:
    assert find(DETECTOR, text) == []
