"""What is looked for first, because it is cheap, stands in everything that is looked for behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.detectors import credentials, persons
from rules.detectors.contacts import homes
from rules.detectors.credentials import keys, networks, secrets
from rules.detectors.dates import calendar_words, holidays
from rules.detectors.detector import Sign, any_of
from rules.detectors.numbers import documents
from rules.detectors.persons import bare_names, circumstances, masked, pupils, relatives, residents

OF_PERSONS = (
    pupils.SIGN,
    residents.SIGN,
    relatives.SIGN,
    masked.SIGN,
    *circumstances.SIGNS,
    *bare_names.SIGNS,
)
OF_CREDENTIALS = (*secrets.SIGNS, *keys.SIGNS, *networks.SIGNS)


def is_there(signs: Iterable[Sign], text: str) -> bool:
    """Look for one sign after the other, each by itself."""
    return any(re.search(f"[{sign.first}](?:{sign.behind})", text) for sign in signs)


@pytest.mark.parametrize(
    ("signs", "gate"),
    [(OF_PERSONS, persons.DETECTOR.gate), (OF_CREDENTIALS, credentials.DETECTOR.gate)],
    ids=["persons", "credentials"],
)
@given(
    text=st.text(
        "組年長番地号室団の家男女娘さん様君子目丁◯A.病つう滞納いじめパス暗証キーkey:/-BEGIN0123\\ \n", max_size=30
    )
)
def test_signs_are_found_together_where_they_are_found_one_by_one(
    signs: tuple[Sign, ...], gate: re.Pattern[str], text: str
) -> None:
    assert (gate.search(text) is not None) is is_there(signs, text)


@pytest.mark.parametrize(
    ("expression", "sign"),
    [
        (secrets._SECRET, any_of(*secrets.SIGNS)),
        (keys._KEY, any_of(*keys.SIGNS)),
        (networks._V4, any_of(*networks.SIGNS)),
        (networks._HOST, any_of(*networks.SIGNS)),
        (networks._SHARE, any_of(*networks.SIGNS)),
        (networks._MAC, any_of(*networks.SIGNS)),
        (bare_names._PLIGHT, any_of(*bare_names.SIGNS)),
        (circumstances._STAND_IN, any_of(*circumstances.SIGNS)),
        (masked._MASKED, any_of(masked.SIGN)),
    ],
    ids=["secrets", "keys", "v4", "hosts", "shares", "macs", "plights", "stand-ins", "masked"],
)
@settings(max_examples=60)
@given(data=st.data())
def test_whatever_an_expression_matches_holds_its_sign(
    expression: re.Pattern[str], sign: re.Pattern[str], data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(expression))
    assert sign.search(text), text


@given(st.ip_addresses(v=6).map(str))
def test_every_address_of_version_6_holds_its_sign(address: str) -> None:
    assert any_of(*networks.SIGNS).search(address) or not networks._V6.search(address)


@given(
    st.lists(
        st.sampled_from(
            [
                "緑町",
                "丁目",
                "番地",
                "番",
                "号",
                "号室",
                "コーポ",
                "の",
                "-",
                "ー",
                " ",
                "、",
                "月",
                "日",
                ":",
                "(",
                *"0123十二A",
            ]
        ),
        max_size=12,
    ).map("".join)
)
def test_addresses_are_those_of_all_lots(text: str) -> None:
    def addresses(expression: re.Pattern[str]) -> list[str]:
        return [lot["lot"] for lot in expression.finditer(text) if homes._IS_ADDRESS.search(lot["lot"])]

    assert addresses(homes._A_LOT) == addresses(re.compile(homes._LOT))


@pytest.mark.parametrize("kind", documents._KINDS.values(), ids=documents._KINDS)
@given(data=st.data())
def test_every_label_begins_with_a_letter_that_is_looked_at_first(
    kind: documents._Labelled, data: st.DataObject
) -> None:
    label = data.draw(st.from_regex(kind.label, fullmatch=True))
    assert re.match(documents._FIRST, label), label


@pytest.mark.parametrize(
    "name",
    [
        *calendar_words.HOLIDAY_NAMES.split("|"),
        *calendar_words.CUSTOMARY_DAYS,
        "振替休日",
        "国民の休日",
        "祝日",
        "月・祝",
    ],
)
def test_every_name_of_a_holiday_is_seen_to_be_one(name: str) -> None:
    assert holidays.MIGHT_NAME_ONE.search(f"1月1日({name})")
