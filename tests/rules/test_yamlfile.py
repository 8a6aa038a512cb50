"""Hand-written YAML: data stays as written, and every complaint names its line."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from rules import RulesError, Topic, yamlfile


class Shelf(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    words: tuple[str, ...] = ()
    size: int = 0
    open: bool = False
    topics: dict[Topic, str] = {}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "棚.yaml"


def complaint(path: Path, content: str | bytes) -> str:
    """What is said about a file with this content, without the folder that it is in."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(RulesError) as caught:
        yamlfile.read(path).parse(Shelf)
    return str(caught.value).removeprefix(f"{path.parent}/")


def test_scalars_stay_as_written(written: Path) -> None:
    written.write_text("words: [no, ~, 012, 2026-11-21, 1e3, true]\nname:\n", encoding="utf-8")
    assert yamlfile.read(written).data == {"words": ["no", "~", "012", "2026-11-21", "1e3", "true"], "name": ""}


def test_numbers_and_switches_where_the_model_asks_for_them(written: Path) -> None:
    written.write_text("name: 1\nsize: 12\nopen: true\n", encoding="utf-8")
    assert yamlfile.read(written).parse(Shelf) == Shelf(name="1", size=12, open=True)


def test_lines_by_path(written: Path) -> None:
    written.write_text("# 棚\nname: 上\nwords:\n  - いち\n\n  - に\n", encoding="utf-8")
    document = yamlfile.read(written)
    assert document.line(("name",)) == 2
    assert document.line(("words",)) == 3
    assert document.line(("words", 1)) == 6
    assert document.line(("words", 1, "deeper", 3)) == 6, "the nearest value around it"
    assert document.line(("absent",)) == document.line(()) == 2, "the top of the data"


def test_byte_order_mark_is_no_part_of_the_first_name(written: Path) -> None:
    written.write_bytes(b"\xef\xbb\xbfname: a\n")
    assert yamlfile.read(written).data == {"name": "a"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "棚.yaml：中身がありません。"),
        ("# 見出しだけ\n", "棚.yaml：中身がありません。"),
        (b"name: a\nwords: [\xff]\n", "棚.yaml 2行目：文字コードがUTF-8ではありません。"),
        ("name: a\x00\n", "棚.yaml：YAMLに使えない文字（制御文字など）が含まれています。"),
        ("name: a: b\n", "棚.yaml 1行目：YAMLの書き方に誤りがあります。"),
        ("name: a\n  words: []\n", "棚.yaml 2行目：YAMLの書き方に誤りがあります。"),
        ("name: a\n---\nname: b\n", "棚.yaml 2行目：YAMLの書き方に誤りがあります。"),
        ("[" * 20_000, "棚.yaml 2行目：YAMLの書き方に誤りがあります。"),
        ("name: a\nsize: 1\nname: b\n", "棚.yaml 3行目：項目「name」が1行目と重なっています。"),
        ("? [a]\n: b\n", "棚.yaml 1行目：項目名には文字列だけが使えます。"),
        ("name: &n a\nwords: [*n]\n", "棚.yaml 1行目：別名（& と *）は使えません。"),
        ("name: a\nwords: &w [b, *w]\n", "棚.yaml 2行目：別名（& と *）は使えません。"),
        ("name: !!python/name:os.system a\n", "棚.yaml 1行目：タグ（! で始まる指定）は使えません。"),
        ("- a\n", "棚.yaml 1行目：ファイル全体は「項目: 値」の形で書いてください。"),
        ("size: 1\n", "棚.yaml 1行目：項目「name」がありません。"),
        ("name: a\nword: [b]\n", "棚.yaml 2行目：項目「word」は使えません。"),
        ("name: a\nwords: b\n", "棚.yaml 2行目：「words」は一覧（- で始まる行）で書いてください。"),
        ("name: a\nwords:\n  - b: c\n", "棚.yaml 3行目：「words」は文字列で書いてください。"),
        ("name: a\nsize: 大\n", "棚.yaml 2行目：「size」は整数で書いてください。"),
        ("name: a\nopen: はい\n", "棚.yaml 2行目：「open」は true か false で書いてください。"),
        ("name: a\nopen: はい\nsize: 大\n", "（ほかにも1か所あります）"),
        ("name: a\ntopics:\n  rumour: b\n", "棚.yaml 3行目：「topics」に「rumour」は使えません。使える値は insult, "),
    ],
)
def test_every_mistake_has_its_sentence(written: Path, content: str | bytes, sentence: str) -> None:
    assert sentence in complaint(written, content)


def test_aliases_cannot_make_a_small_file_huge(written: Path) -> None:
    layers = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 30))
    assert "別名" in complaint(written, f"l0: &l0 [a]\n{layers}")


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=re.escape("無い.yaml：ファイルが見つかりません。")):
        yamlfile.read(tmp_path / "無い.yaml")
    with pytest.raises(RulesError, match="ファイルを読めません"):
        yamlfile.read(tmp_path)


def test_an_error_of_ones_own_names_file_and_line(written: Path) -> None:
    written.write_text("name: a\nwords: [b]\n", encoding="utf-8")
    assert str(yamlfile.read(written).error(("words", 0), "だめです。")) == f"{written} 2行目：だめです。"
