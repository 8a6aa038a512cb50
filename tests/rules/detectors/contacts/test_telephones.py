from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.contacts import DETECTOR
from tests.rules.detectors.reading import find, quotes
from tests.rules.detectors.writings import digits, grouped_writings

MOBILES = st.tuples(
    st.sampled_from(["060", "070", "080", "090"]),
    digits(4).filter(lambda group: not group.startswith("0")),
    digits(4),
)
LANDLINES = st.tuples(st.sampled_from(["03", "043", "0276", "0436", "0475"]), st.sampled_from("23456"), digits(7)).map(
    lambda parts: (parts[0], (parts[1] + parts[2])[: 6 - len(parts[0])], parts[2][-4:])
)


@given(MOBILES)
def test_mobile_numbers_are_found_in_every_writing_unless_they_are_for_everybody(groups: tuple[str, str, str]) -> None:
    area, middle, last = groups
    for number in (
        *grouped_writings(*groups),
        f"{area}({middle}){last}",
        f"({area}){middle}-{last}",
        f"{area}.{middle}.{last}",
        f"{area}の{middle}の{last}",
        f"+81 {area[1:]}-{middle}-{last}",
        f"+81{area[1:]}{middle}{last}",
    ):
        assert quotes(DETECTOR, "contacts.private_telephone", f"宮下さんの携帯は{number}です") == [number]
        assert quotes(DETECTOR, "contacts.mobile", f"今日も{number}が鳴った") == [number]
        assert quotes(DETECTOR, "contacts.mobile", f"連絡は宮下の携帯 {number} まで") == [number]
        assert find(DETECTOR, f"問合せ：宮下\n【電話】{number}。") == []
        assert find(DETECTOR, f"お申し込みは宮下さん（{number}）まで。") == []


@given(LANDLINES)
def test_landlines_are_found_only_where_they_are_somebodys_own(groups: tuple[str, str, str]) -> None:
    number = "-".join(groups)
    is_valid = phonenumbers.is_valid_number(phonenumbers.parse(number, "JP"))
    owned = find(DETECTOR, f"宮下さんの家の番号は{number}です")
    assert [found.quote for found in owned] == ([number] if is_valid else [])
    assert all(found.facts["why"].startswith("市外局番0") for found in owned)
    assert find(DETECTOR, f"市役所は{number}です") == []
    assert find(DETECTOR, f"代表 {number}") == []


@given(st.sampled_from(["0120", "0570"]).flatmap(lambda plan: st.tuples(st.just(plan), digits(3), digits(3))))
def test_freephone_and_navigation_numbers_belong_to_offices(groups: tuple[str, str, str]) -> None:
    for number in grouped_writings(*groups):
        assert find(DETECTOR, f"宮下さんの電話は{number}です") == []


@given(MOBILES, st.sampled_from(["会員番号", "整理番号：", "伝票番号は"]))
def test_numbers_of_something_else_are_no_telephones(groups: tuple[str, str, str], label: str) -> None:
    assert find(DETECTOR, f"{label}{'-'.join(groups)}") == []


@given(digits(3), digits(4))
def test_long_freephone_numbers_are_no_mobiles(middle: str, last: str) -> None:
    assert find(DETECTOR, f"今日も0800-{middle}-{last}が鳴った") == []
    assert find(DETECTOR, f"今日も0800{middle}{last}が鳴った") == []


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        ("高瀬様のご自宅は043-245-5111とのこと", "固定電話", "市外局番043"),
        ("実家の電話 0276-62-3111", "固定電話", "市外局番0276"),
        ("折り返し050-3123-4567へお電話しました", "IP電話", "050で始まる11桁"),
        ("高瀬さんの番号は070-1234-5678", "携帯電話", "070で始まる11桁"),
    ],
)
def test_kinds_of_numbers_are_told_apart(text: str, kind: str, why: str) -> None:
    assert [found.facts for found in find(DETECTOR, text)] == [{"kind": kind, "why": why}]


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("担当の水野の携帯は090-1234-5678です", "contacts.private_telephone"),
        ("募集を受付中。なお隣の家の鈴木の番号は080-9999-1111", "contacts.private_telephone"),
        ("050-1234-5678 山田さん", "contacts.private_telephone"),
        ("担当：田中 090-1234-5678", "contacts.mobile"),
        ("（問い合わせは不要）。きのう話した田中太郎は090-1234-5678", "contacts.mobile"),
    ],
)
def test_an_invitation_to_something_else_publishes_no_persons_number(text: str, check: str) -> None:
    assert [found.check for found in find(DETECTOR, text)] == [check]


@pytest.mark.parametrize(
    "text",
    [
        "公用携帯 080-1111-2222（広報課）",
        "災害対策本部の携帯電話 080-1111-2222（担当：防災課）",
        "会員募集中。\n問合せ：小川\n【電話】080-1234-5678",
    ],
)
def test_an_offices_own_mobile_is_published(text: str) -> None:
    assert find(DETECTOR, text) == []


@pytest.mark.parametrize("number", ["110", "119", "118", "171", "188", "189", "#7119", "#8000", "#9110", "＃７１１９"])
def test_emergency_numbers_and_hotlines_are_for_everybody(number: str) -> None:
    assert find(DETECTOR, f"宮下さんへの連絡は{number}へ。") == []


@pytest.mark.parametrize(
    "text",
    [
        "〒260-0026 千葉港1-1",
        "2026-11-21に更新",
        "3-0、2-1、4-2で勝ちました",
        "090人が参加",
        "https://forms.example/080-1234-5678",
        "整理番号A090-1234-5678",
        "電話相談 090-1234-5678 （市の委託先）",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert find(DETECTOR, text) == []
