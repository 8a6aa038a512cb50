"""What is attached to a message: fetched where Teams lets a bot fetch it, and named where it does not."""

from __future__ import annotations

import pytest

from bot.desk.documents import FileKind, FileRefused
from bot.teams import files as module
from bot.teams.events import DOWNLOAD, Written
from bot.teams.files import TeamsFiles, kind_of
from bot.worker import RetryLater
from tests.bot.teams.conftest import Hall

CONNECTOR = "https://smba.trafficmanager.net/jp"


def file(url: str, kind: str = "txt") -> dict[str, object]:
    return {"contentType": DOWNLOAD, "name": f"案.{kind}", "content": {"downloadUrl": url, "fileType": kind}, "id": "f"}


@pytest.mark.parametrize(
    ("named", "kind"),
    [("txt", FileKind.TEXT), ("DOCX", FileKind.WORD), ("png", FileKind.PICTURE), ("pdf", FileKind.OTHER)],
)
def test_files_are_known_by_what_teams_calls_them(named: str, kind: FileKind) -> None:
    assert kind_of(file("https://x", named)) is kind
    assert kind_of({"contentType": "reference", "name": f"案.{named}"}) is kind


@pytest.mark.parametrize(
    "url",
    [
        "http://contoso.sharepoint.com/x",
        "https://evil.example/contoso.sharepoint.com",
        "https://sharepoint.com.evil.example/x",
        "https://user@contoso.sharepoint.com/x",
        "https://contoso.sharepoint.com:8443/x",
        "http://169.254.169.254/latest",
        "http://127.0.0.1/x",
        "file:///etc/passwd",
        "https://[x",
        "",
    ],
)
def test_only_microsofts_own_addresses_are_asked(url: str) -> None:
    with pytest.raises(FileRefused):
        module.allowed(url, CONNECTOR)


def test_where_teams_keeps_files_is_asked() -> None:
    url = "https://contoso-my.sharepoint.com/personal/x/_layouts/15/download.aspx?tempauth=1"
    assert module.allowed(url, CONNECTOR).host == "contoso-my.sharepoint.com"
    assert module.allowed(f"{CONNECTOR}/file", CONNECTOR).path == "/jp/file"


async def test_a_text_is_read_after_the_words_and_others_are_counted(hall: Hall) -> None:
    hall.teams.uploads["key"] = "案の文章".encode("cp932")
    address = f"{hall.teams.base_url}/download/key"
    written = Written("本文", 1, [file(address), {"contentType": "reference", "name": "資料.docx", "id": "d"}])
    contents = await _files(hall).contents(written, hall.teams.service_url)
    assert contents.text == "本文\n\n案の文章"
    assert len(contents.attached.pictures) == 1
    assert contents.attached.files == {"d"}


async def test_a_server_that_is_away_is_asked_later(hall: Hall) -> None:
    nobody = "http://127.0.0.1:9"
    with pytest.raises(RetryLater):
        await _files(hall).contents(Written("", 0, [file(f"{nobody}/download/key")]), nobody)


def _files(hall: Hall) -> TeamsFiles:
    handler = hall.surface.handlers["teams", "version"]
    found = vars(handler)["_files"]
    assert isinstance(found, TeamsFiles)
    return found
