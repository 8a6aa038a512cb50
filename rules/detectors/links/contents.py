"""What a link offers, as far as its address tells: obscene pages, programs, forms."""

from __future__ import annotations

import re
from enum import Enum

from rules.detectors.urls import Url
from rules.draft import Draft

_ADULT_WORDS = frozenset(
    {
        "porn", "porno", "hentai", "erotic", "milf", "r18", "fuzoku", "deriheru", "sexcam", "livesex", "avdouga",
        "eroanime", "erodouga", "eromanga", "uramovie", "sokuhame", "paipan", "xvideos", "pornhub", "xhamster", "xnxx",
        "youporn", "redtube", "missav", "javhd", "nsfw", "chijo", "mushusei", "adultvideo",
    }
)  # fmt: skip
_ADULT_HOST_WORDS = _ADULT_WORDS | {"xxx", "ero", "nude", "sexy", "escort", "18kin", "soapland", "camgirl", "camgirls"}
"""In a path, these may be a placeholder or a picture's name."""
_ADULT_PARTS = re.compile(
    r"porn|hentai|xvideos|xhamster|erodouga|eroanime|adult-?(?:video|douga|movie|mihoudai|live|chat|deai|goods)"
)
_ADULT_SUFFIXES = frozenset({"xxx", "porn", "adult", "sex", "sexy"})
_ADULT_TEXT = re.compile(r"大人の動画|アダルト(?!チルドレン)|エロ|無修正|R-?18|18禁")
_PROGRAMS = frozenset(
    {
        "exe", "scr", "bat", "cmd", "pif", "msi", "msix", "appx", "appinstaller", "vbs", "vbe", "jse", "wsf", "hta",
        "ps1", "jar", "jnlp", "lnk", "apk", "ipa", "dmg", "pkg", "iso", "img", "vhd", "cpl", "reg", "chm", "sct",
    }
)  # fmt: skip
_DISGUISED_PROGRAMS = _PROGRAMS | {"com", "js"}
"""Behind a document's name these are programs, too; elsewhere they end hosts and scripts of pages."""
_DOCUMENTS = frozenset(
    {
        "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "jpg", "jpeg", "png", "gif", "heic", "mp3", "mp4", "mov",
        "txt", "csv", "rtf", "zip", "html",
    }
)  # fmt: skip
_ASKS_FOR_SECRETS = re.compile(
    r"(?:暗証番号|口座番号|カード番号|クレジットカード|パスワード|マイナンバー(?:カード)?(?:の(?:写真|画像|番号))?|個人番号|認証コード)"
    r"[^。\n]{0,24}?(?:入力|入れ|登録|送[るっり信]|記入|ご回答|アップロード|教えて)"
)
_DOES_NOT_ASK = re.compile(
    r"[^。\n]{0,12}?(?:求め|お願い|お尋ね|お聞き|頼む|送る|必要)[^。\n]{0,8}?(?:ません|ない)|[^。\n]{0,16}?(?:詐欺|偽|不審|注意)"
)
"""What follows in the sentence of those who say that they do not ask, or who warn of others that do."""
_FORM_WORDS = frozenset(
    {
        "form", "forms", "entry", "apply", "application", "login", "signin", "inquiry", "contact", "toiawase",
        "otoiawase", "mailform", "shinsei", "moushikomi", "oubo", "yoyaku", "reserve", "questionnaire", "enquete",
        "register",
    }
)  # fmt: skip
_FORM_TEXT = re.compile(
    r"(?:申し?込み?|申請|予約|入力|応募|問い?合わ?せ|回答|投稿|登録)(?:専用)?(?:フォーム|ページ|サイト)"
)
_WIDEST_CONTEXT = 160
_BESIDE = 20
"""Code points before a link in which its own name stands (申込フォーム：http://…)."""


class Program(Enum):
    """How a link offers a program."""

    PLAIN = "plain"
    DISGUISED = "disguised"
    """Behind a document's name: map.pdf.exe."""


def program(url: Url) -> Program | None:
    """Say how a link offers a program, if it does."""
    name = re.split(r"[?#]", url.path)[0].rpartition("/")[2].lower().rstrip(". ")
    stem, _, extension = name.rpartition(".")
    if not stem:
        return None
    if stem.rpartition(".")[2].strip() in _DOCUMENTS and extension in _DISGUISED_PROGRAMS:
        return Program.DISGUISED
    return Program.PLAIN if extension in _PROGRAMS else None


def is_obscene(draft: Draft, url: Url) -> bool:
    """Tell by words of the address, or by what is said around an address that leaves it open."""
    in_host, in_path = _words(url.host), _words(url.path.lower())
    if url.labels[-1] in _ADULT_SUFFIXES or _ADULT_PARTS.search(url.host):
        return True
    if in_host & _ADULT_HOST_WORDS or in_path & _ADULT_WORDS:
        return True
    around = surroundings(draft, url)
    return bool((in_host | in_path) & {"adult", "av", "sex"} and _ADULT_TEXT.search(draft.text, *around))


def asks_for_secrets(draft: Draft, url: Url) -> bool:
    """Tell whether readers are asked near the link to type in a PIN, an account or a card."""
    asked = _ASKS_FOR_SECRETS.finditer(draft.text, *surroundings(draft, url))
    return any(not _DOES_NOT_ASK.match(draft.text, match.end()) for match in asked)


def is_plain_form(draft: Draft, url: Url) -> bool:
    """Tell whether a link to a form starts with http:, so that what readers type in can be read on its way."""
    if url.scheme != "http":
        return False
    if _words(url.path.lower()) & _FORM_WORDS:
        return True
    return _FORM_TEXT.search(draft.text, max(0, url.start - _BESIDE), url.start) is not None


def surroundings(draft: Draft, url: Url) -> tuple[int, int]:
    """Where something said about the link may stand."""
    return max(0, url.start - _WIDEST_CONTEXT), min(len(draft.text), url.end + _WIDEST_CONTEXT)


def _words(written: str) -> set[str]:
    return {word for word in re.split(r"[^a-z0-9]+", written) if word}
