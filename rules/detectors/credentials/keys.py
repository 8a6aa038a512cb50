"""Keys and tokens (APIキー, アクセストークン), told by the shapes that their issuers give them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rules.detectors.detector import Sign, any_of
from rules.draft import Detection

FACTS = frozenset({"kind"})

_SHAPES: Mapping[str, str] = {
    "秘密鍵": r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[0-9]",
    "AWSのアクセスキー": r"(?<![A-Za-z0-9])A(?:KI|SI)A[0-9A-Z]{16}(?![A-Za-z0-9])",
    "Googleの鍵": r"(?<![A-Za-z0-9])AIza[0-9A-Za-z_-]{35}|(?<![A-Za-z0-9])ya29\.[0-9A-Za-z_-]{20,200}|"
    r"GOCSPX-[0-9A-Za-z_-]{20,40}",
    "GitHubのトークン": r"(?<![A-Za-z0-9])(?:gh[pousr]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{22,255})",
    "GitLabのトークン": r"(?<![A-Za-z0-9])glpat-[0-9A-Za-z_-]{20,64}",
    "Slackのトークン": r"(?<![A-Za-z0-9])(?:xox[abeprs]|xapp)-[0-9A-Za-z-]{10,160}",
    "通知用の秘密のアドレス": r"hooks\.slack\.com/(?:services|workflows)/[0-9A-Za-z/_-]{20,120}|"
    r"discord(?:app)?\.com/api/webhooks/[0-9]{10,24}/[0-9A-Za-z_-]{20,120}|webhook\.office\.com/webhookb2/[0-9a-f@/-]{20,200}",
    "AIサービスの鍵": r"(?<![A-Za-z0-9])sk-(?=[A-Za-z_-]{0,30}[0-9])[0-9A-Za-z_-]{20,200}",
    "決済サービスの鍵": r"(?<![A-Za-z0-9])[rs]k_(?:live|test)_[0-9A-Za-z]{16,120}",
    "メール配信の鍵": r"(?<![A-Za-z0-9])SG\.[0-9A-Za-z_-]{16,32}\.[0-9A-Za-z_-]{16,64}",
    "パッケージ登録のトークン": r"(?<![A-Za-z0-9])(?:npm_[0-9A-Za-z]{36}|pypi-[0-9A-Za-z_-]{50,200})",
    "署名付きトークン（JWT）": r"(?<![A-Za-z0-9])"
    r"eyJ[0-9A-Za-z_-]{10,400}\.eyJ[0-9A-Za-z_-]{10,600}(?:\.[0-9A-Za-z_-]{10,600})?",
    "データベースなどの接続文字列": r"(?<![A-Za-z0-9])"
    r"(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|redis|amqps?|sftp|ftps?|smb)://[^\s/@:.]{1,64}:[^\s/@]{3,64}@[A-Za-z0-9.-]{1,253}|(?:AccountKey|SharedAccessKey)=[0-9A-Za-z+/]{30,100}={0,2}",
    "ログイン名とパスワードの入ったアドレス": r"(?<![A-Za-z0-9])https?://[^\s/@:.]{1,64}:[^\s/@]{3,64}@[A-Za-z0-9.-]{1,253}",
    "認証用のトークン": r"(?i:Authorization)[ ]?:[ ]?(?i:Bearer|Basic)[ ][A-Za-z0-9._~+/-]{12,400}={0,2}",
    "APIキーなどの値": r"(?<![A-Za-z])"
    r"(?i:api[_-]?key|access[_-]?(?:key|token)|secret(?:[_-]?(?:access[_-]?)?key)?|client[_-]?secret|token|key|"
    r"APIキー|アクセスキー|シークレットキー|アクセストークン|トークン)[ ]?[=:は][ ]?[\"'「]?"
    r"(?=[A-Za-z_+/-]{0,60}[0-9])[A-Za-z0-9_+/-]{12,200}",
}
"""Kinds of keys as a reader would call them. The well-known shapes stand first: they are told without any label."""
_BEGINS = r"(?=[-aAcCdefghGkKmnpPrsStTwxyトアシ])"
"""First letters of all shapes, looked at first, because most letters of a text are none of them."""
_KEY = re.compile(
    _BEGINS + "(?:" + "|".join(f"(?P<k{number}>{shape})" for number, shape in enumerate(_SHAPES.values())) + ")"
)
SIGNS = (
    Sign(
        "AaGghyPpSsrKkTtxdwne",
        r"KIA|SIA|Iza|29\.|OCSPX|h[pousr]_|ithub_pat|lpat-|ox[abeprs]-|app-|ooks\.|iscord|ebhook|k[-_]|G\.|pm_|ypi-|yJ"
        "|uTTY|(?i:uthorization|ey|oken|ecret)",
    ),
    Sign(":", r"//[^\s/@:.]{1,64}:"),
    Sign("キト", "ー"),
    Sign(r"\-", "-BEGIN"),
)
"""How the shapes begin, and the labels of the last; a connection is told by the colon behind its user's name."""
_A_SIGN = any_of(*SIGNS)
_NAMES = dict(zip((f"k{number}" for number in range(len(_SHAPES))), _SHAPES, strict=True))


def find_keys(text: str) -> Iterator[Detection]:
    """Find keys and tokens, and say whose they are."""
    if not _A_SIGN.search(text):
        return
    for match in _KEY.finditer(text):
        group = match.lastgroup
        if group is not None:
            yield Detection("credentials.key", *match.span(), {"kind": _NAMES[group]})
