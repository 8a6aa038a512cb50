"""What a reader sees, and where it stands in the author's text."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text import USUAL, Disguises, Edit, View, apply, see

DISGUISES = Disguises(
    ["バカ", "キチガイ", "ガイジ", "クレーマー", "死ね", "アホ", "ブス", "カス", "学費", "人事", "火災", "よさん"]
)

TRICKY = st.text(
    alphabet=st.sampled_from(
        "あかがガｶﾞﾊﾟば゙゛①㈰㈱Ａａ１O９…～〜バカ○◯ーｰ一/・☆() \u3000\n\r\0\u200b\u202e\ufe0f\ud800𝟙🏳️‍🌈é"
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("１２月５日（土）", "12月5日(土)"),
        ("ﾊﾞｶ", "バカ"),
        ("㈰㈱", "(日)(株)"),
        ("は\u3099か", "ばか"),
        ("①10時", "①10時"),
        ("100㎡、10²", "100m2、10²"),
        ("ば\u200bか", "ばか"),
        ("\u202e逆", "逆"),
        ("…", "…"),
        ("〜～", "~~"),
        ("a\0b", "a\ufffdb"),
        ("\ud800", "\ufffd"),
        ("𝟙𝟚", "12"),
        ("1️⃣2️⃣月", "12月"),
    ],
)
def test_visible_text_has_one_width_and_no_hidden_characters(written: str, seen: str) -> None:
    assert see(written).text == seen


@pytest.mark.parametrize(
    ("written", "seen", "quote"),
    [
        ("ほんとバ/カだな", "ほんとバカだな", "バ/カ"),
        ("あいつはキ チ ガ イだ", "あいつはキチガイだ", "キ チ ガ イ"),
        ("粘着ク.レ.ー.マ.ーには", "粘着クレーマーには", "ク.レ.ー.マ.ー"),
        ("ガ◯ジっぽい", "ガイジっぽい", "ガ◯ジ"),
        ("キ○ガイ", "キチガイ", "キ○ガイ"),
        ("バーーカ！", "バカ!", "バーーカ"),
        ("バ\nカ", "バカ", "バ\nカ"),
        ("死\nね", "死ね", "死\nね"),
        ("お前ば　か だ", "お前バカ だ", "ば　か"),
        ("ア・ホ", "アホ", "ア・ホ"),
        ("ﾊﾞ/ｶ", "バカ", "ﾊﾞ/ｶ"),
        ("お|前|は|ア|ホ|だ", "お前はアホだ", "ア|ホ"),
        ("お 前 は ア ホ だ", "お前はアホだ", "ア ホ"),
        ("バ力な", "バカな", "バ力"),
        ("ア☆ホ", "アホ", "ア☆ホ"),
        ("死😂ね", "死ね", "死😂ね"),
        ("死…ね", "死ね", "死…ね"),
        ("死（し）ね", "死ね", "死（し）ね"),
        ("死ネ", "死ね", "死ネ"),
        ("この人はあ～ほ", "この人はアホ", "あ～ほ"),
        ("あれはぁほだ", "あれはアホだ", "ぁほ"),
        ("ガィジ", "ガイジ", "ガィジ"),
        ("クレ一マー", "クレーマー", "クレ一マー"),
        ("死\u0336ね\u0336", "死ね", "死\u0336ね\u0336"),
        ("ア゛ホ", "アホ", "ア゛ホ"),
        ("キ\nチ\nガ\nイ", "キチガイ", "キ\nチ\nガ\nイ"),
    ],
)
def test_disguised_words_are_put_together_and_marked_as_the_author_wrote_them(
    written: str, seen: str, quote: str
) -> None:
    view = DISGUISES.undo(see(written))
    assert view.text == seen
    canonical = next(word for word in ("バカ", "キチガイ", "ガイジ", "クレーマー", "死ね", "アホ") if word in seen)
    start = view.text.index(canonical)
    begin, end = view.origin(start, start + len(canonical))
    assert written[begin:end] == quote


@pytest.mark.parametrize(
    "written",
    [
        "日 時　場 所",
        "土・日・祝",
        "そば/かき",
        "スバ カフェ",
        "○○会館",
        "○月×日",
        "10-15人",
        "A/B",
        "カーブ",
        "ばっかり",
        "バ○",
        "田○さん",
        "ブース",
        "必死に",
        "見学\n費用",
        "個人・事業者",
        "消火・災害",
        "まあホテルへ",
        "温かスープ",
        "スマホ一カ月",
        "O157とH2O",
        "市（し）の役所（やくしょ）",
    ],
)
def test_ordinary_spacing_and_signs_stay(written: str) -> None:
    view = see(written)
    assert DISGUISES.undo(view) is view


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("раssword", "password"),
        ("O9O-l234-5678", "090-1234-5678"),
        ("明\n日\nは\n祭\nり", "明日は祭り"),
        ("か゛", "が"),
        ("あ し た は は れ 、たぶん", "あしたははれ 、たぶん"),
    ],
)
def test_look_alikes_and_vertical_writing_are_read_as_a_reader_does(written: str, seen: str) -> None:
    view = DISGUISES.undo(see(written))
    assert view.text == seen
    assert view.origin(0, len(seen)) == (0, len(written))


@given(
    st.sampled_from(["バカ", "キチガイ", "ガイジ", "死ね", "アホ"]),
    st.sampled_from([" ", "/", "・", ".", "☆", "…", "😂", "\u200b", "\n", "_", "  ", "*", "＋"]),
    st.text(alphabet="、。あいう漢字 AZ09", max_size=8),
)
def test_a_word_with_signs_between_its_letters_is_marked_whole(word: str, sign: str, before: str) -> None:
    written = sign.join(word)
    start = len(before) + 1
    view = DISGUISES.undo(see(f"{before}「{written}」"))
    assert f"「{word}」" in view.text
    at = view.text.index(f"「{word}」") + 1
    assert view.origin(at, at + len(word)) == (start, start + len(written))


@given(TRICKY)
def test_every_stretch_of_a_view_maps_to_a_stretch_of_the_original(written: str) -> None:
    view = DISGUISES.undo(see(written))
    last = 0
    for at in range(len(view.text)):
        start, end = view.origin(at, at + 1)
        assert 0 <= start < end <= len(written)
        assert last <= start
        last = start


def test_what_is_not_looked_up_is_in_one_width_already() -> None:
    """Beside a character that nobody sees, each is looked up by itself."""
    for usual in re.findall(f"[{USUAL}]", "".join(map(chr, range(sys.maxunicode + 1)))):
        assert see(usual).text == see(f"{usual}\u200b").text == usual


@given(TRICKY)
def test_seeing_twice_changes_nothing_more(written: str) -> None:
    once = see(written).text
    assert see(once).text == once


@given(TRICKY, st.data())
def test_an_edit_keeps_what_is_around_it(written: str, data: st.DataObject) -> None:
    view = View(written)
    start = data.draw(st.integers(0, len(written)))
    end = data.draw(st.integers(start, len(written)))
    if start == end:
        return
    edited = apply(view, [Edit(start, end, "XY")])
    assert edited.text == written[:start] + "XY" + written[end:]
    assert edited.origin(start, start + 2) == (start, end)
    assert edited.origin(start + 1, start + 2) == (start, end)


@pytest.mark.parametrize(("written", "seen"), [("Mizuno, date", "Mizuno, date"), ("薬でO Dした", "薬でODした")])
def test_a_word_in_latin_letters_is_not_cut_out_of_others(written: str, seen: str) -> None:
    assert Disguises(["OD"]).undo(see(written)).text == seen
