from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.credentials import DETECTOR
from tests.rules.detectors.reading import find, quotes

FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
LABELS = st.sampled_from(["パスワード", "ﾊﾟｽﾜｰﾄﾞ", "パスコード", "PW", "pass", "password", "Wi-Fiのパス", "事前共有鍵"])
VALUES = st.from_regex(r"[a-z]{3,8}[0-9@#_]{2,5}[a-z0-9]{1,4}", fullmatch=True)


@given(LABELS, VALUES, st.sampled_from([":", "：", "は", " は ", "=", "→"]))
def test_passwords_are_found_with_their_label(label: str, value: str, between: str) -> None:
    for written in (f"{label}{between}{value}", f"{label}{between}{value.translate(FULL_WIDTH)}"):
        assert quotes(DETECTOR, "credentials.password", f"管理画面の{written}です") == [written]
        assert find(DETECTOR, f"来館者用Wi-Fiの{written}です") == []
    assert find(DETECTOR, f"{label}{between}「{value}」などは避けて") == []


@given(st.from_regex(r"[a-z]{5,12}", fullmatch=True))
def test_passwords_of_letters_only_have_to_be_stated(value: str) -> None:
    assert quotes(DETECTOR, "credentials.password", f"共有鍵は {value} です") == [f"共有鍵は {value}"]
    assert quotes(DETECTOR, "credentials.password", f"ID: {value} / PW: {value}") == [f"PW: {value}"]
    assert find(DETECTOR, f"合言葉は{value}です") == []
    assert find(DETECTOR, f"パスワードは {value} サービスで変更") == []


@given(
    st.from_regex(r"[0-9]{4,6}", fullmatch=True),
    st.sampled_from(["暗証番号は", "ドアの番号：", "PINは", "解錠番号「", "認証コード "]),
)
def test_pins_are_found_with_their_label(value: str, label: str) -> None:
    assert quotes(DETECTOR, "credentials.pin", f"倉庫の{label}{value}」") == [f"{label}{value}"]
    assert find(DETECTOR, f"{label}{value}桁") == []


@pytest.mark.parametrize(
    "text",
    [
        "パスワードは12文字以上にしましょう",
        "パスワードは12～16文字です",
        "パスワードの期限は2026年3月31日です",
        "パスワードは2026年4月に変わります",
        "パスワードに「123456」や誕生日を使うのはやめましょう",
        "パスワードをお忘れの方は窓口へ",
        "パスワードは https://www.city.minasato.lg.jp/reset2026 から",
        "パスワードをminato26にするのは危険です",
        "パスワードを「minato26」にしないでください",
        "暗号化キーはAES256です",
        "暗証番号は4桁です",
        "暗証番号の初期化は1階3番窓口で、8時30分から",
        "無料Wi-Fiのパスワード：minato2026",
        "Zoomのパスコード：482915",
        "関係者の皆様へ　Zoomのパスコード：482915",
        "図書館のWi-Fi パスワード lib2026 ご自由にお使いください",
        "キーホルダー2026個を配布",
        "フリーパスは 2026円、1日パスは minato26 で",
    ],
)
def test_ordinary_talk_is_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "職員限定のZoomです。パスコード：482915",
        "Zoomのパスコード：482915（関係者のみ、口外しないでください）",
    ],
)
def test_a_meeting_of_insiders_is_not_for_everybody(text: str) -> None:
    assert quotes(DETECTOR, "credentials.password", text) == ["パスコード：482915"]


@pytest.mark.parametrize("text", ["パスワードをminato26にしました", "管理者のパスワードを「minato26」に変更しました"])
def test_a_password_that_was_set_is_found(text: str) -> None:
    [quote] = quotes(DETECTOR, "credentials.password", text)
    assert quote.endswith("minato26")


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("IDはadmin、パスはadmin123です。", ["パスはadmin123"]),
        ("ID：kouhou／パス：haru2026", ["パス：haru2026"]),
        ("ＩＤ：ｋｏｕｈｏｕ　パス：ｈａｒｕ２０２６", ["パス：ｈａｒｕ２０２６"]),
        ("IDカードの色は青、パスはゲートで見せてください。", []),
        ("観光パスはA1券を800円で、2日券を1,200円でお求めいただけます。", []),
        ("ログインIDはmeadow01、パスは職員番号です。", []),
    ],
)
def test_a_pass_beside_an_id_is_a_password(text: str, marked: list[str]) -> None:
    assert quotes(DETECTOR, "credentials.password", text) == marked


@pytest.mark.parametrize(
    "text", ["パスワード、「yama1234」みたいにしていませんか", "多いパスワードは「123456」「admin1」です"]
)
def test_passwords_that_everybody_is_warned_of_are_left_alone(text: str) -> None:
    assert quotes(DETECTOR, "credentials.password", text) == []
