"""Word files, as people write them and as an attacker would."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bot.desk import MAX_TEXT
from bot.desk.word_files import MAX_MEMBERS, MAX_XML_BYTES, NotWord, TooLong, docx_text


def saved(document: WordDocument) -> bytes:
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def written(*paragraphs: str) -> bytes:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


def with_body(xml: str) -> bytes:
    document = Document()
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>"))
    return saved(document)


def with_members(data: bytes, change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> bytes:
    """The same file with other members."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return result.getvalue()


RUN = "<w:r><w:t>{}</w:t></w:r>"


def unchanged(_name: str, content: bytes) -> bytes:
    return content


def test_paragraphs_are_lines() -> None:
    assert docx_text(written("お祭りのお知らせ", "", "12月5日（土）に開きます。")) == (
        "お祭りのお知らせ\n\n12月5日（土）に開きます。"
    )


def test_tables_are_read_in_their_place() -> None:
    document = Document()
    document.add_paragraph("日程")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "開場", "九時"
    document.add_paragraph("以上")
    assert docx_text(saved(document)).split("\n") == ["日程", "開場", "九時", "以上"]


@pytest.mark.parametrize(
    ("xml", "read"),
    [
        ("<w:r><w:t>一行目</w:t><w:br/><w:t>二行目</w:t></w:r>", "一行目\n二行目"),
        (
            "<w:ins><w:r><w:t>足した</w:t></w:r></w:ins><w:del><w:r><w:delText>消した</w:delText></w:r></w:del>",
            "足した",
        ),
        ("<w:moveFrom><w:r><w:t>元</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>先</w:t></w:r></w:moveTo>", "先"),
        ("<w:hyperlink><w:r><w:t>市のサイト</w:t></w:r></w:hyperlink>", "市のサイト"),
        (
            f"<w:r><w:ruby><w:rt>{RUN.format('もじ')}</w:rt><w:rubyBase>{RUN.format('文字')}</w:rubyBase></w:ruby></w:r>",
            "文字",
        ),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r>", ""),
    ],
    ids=["line", "tracked", "moved", "link", "ruby", "field"],
)
def test_what_a_reader_sees_is_read(xml: str, read: str) -> None:
    assert docx_text(with_body(xml)) == read


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0 old Word", written("x")[:-200], b"PK" * 999])
def test_what_is_no_word_file_is_refused(data: bytes) -> None:
    with pytest.raises(NotWord):
        docx_text(data)


def test_a_zip_of_something_else_is_refused() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("readme.txt", "これは文書ではありません")
    with pytest.raises(NotWord):
        docx_text(data.getvalue())


def test_an_entity_bomb_is_refused_unparsed() -> None:
    bomb = '<!DOCTYPE b [<!ENTITY a "笑">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )

    def arm(name: str, content: bytes) -> bytes:
        if name != "word/document.xml":
            return content
        return content.replace(b"?>", b"?>" + f"{bomb}]>".encode(), 1).replace(b"ok", b"&i;")

    with pytest.raises(NotWord):
        docx_text(with_members(written("ok"), arm))


def test_bombs_of_size_and_number_are_refused_at_once() -> None:
    began = time.perf_counter()
    with pytest.raises(TooLong):
        docx_text(with_members(written("x"), unchanged, {"word/more.xml": b" " * MAX_XML_BYTES}))
    with pytest.raises(NotWord):
        docx_text(with_members(written("x"), unchanged, {f"m{n}.bin": b"" for n in range(MAX_MEMBERS)}))
    with pytest.raises(NotWord):
        docx_text(with_members(written("x"), unchanged, {"word/media/image.png": b"\0" * 30_000_000}))
    assert time.perf_counter() - began < 5


def test_the_longest_draft_is_read_and_a_longer_one_refused() -> None:
    assert len(docx_text(written("あ" * MAX_TEXT))) == MAX_TEXT
    with pytest.raises(TooLong):
        docx_text(written("あ" * MAX_TEXT, "い"))


def test_a_million_empty_paragraphs_cost_little() -> None:
    def fill(name: str, content: bytes) -> bytes:
        return (
            content.replace(b"<w:sectPr", b"<w:p/>" * 300_000 + b"<w:sectPr", 1) if "document.xml" in name else content
        )

    began = time.perf_counter()
    assert docx_text(with_members(written("本文"), fill)) == "本文"
    assert time.perf_counter() - began < 10
