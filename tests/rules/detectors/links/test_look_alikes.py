"""Look-alikes of the municipality's own hosts, which its guideline lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.links import DETECTOR
from tests.rules.detectors.reading import find

OWN = ("city.chiba.jp", "town.oizumi.gunma.jp")
NAMES = st.sampled_from(["citychiba", "townoizumi"])
LETTERS = st.sampled_from("abcdefghjkmopqrstuvwxyz")
SUFFIXES = st.sampled_from(["example", "com", "jp", "info", "example.net"])


def checks(url: str) -> list[str]:
    return [found.check for found in find(DETECTOR, f"手続きは {url} から", own_hosts=OWN)]


@st.composite
def slips(draw: st.DrawFn) -> str:
    """A name with one letter left out, put in, exchanged for another, or changed places with its neighbour."""
    name = draw(NAMES)
    at = draw(st.integers(0, len(name) - 2))
    letter = draw(LETTERS)
    return draw(
        st.sampled_from(
            [
                name[:at] + name[at + 1 :],
                name[:at] + letter + name[at:],
                name[:at] + letter + name[at + 1 :],
                name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            ]
        )
    )


@given(slips(), SUFFIXES, st.sampled_from(["", "www.", "kyufu-", "login."]), st.sampled_from(["", "-tetsuzuki"]))
def test_slips_of_the_own_name_are_found_in_every_place(name: str, suffix: str, before: str, behind: str) -> None:
    assert checks(f"https://{before}{name}{behind}.{suffix}/") == ["links.look_alike_host"]


@pytest.mark.parametrize(
    "url",
    [
        "https://city-chiba.example/",
        "https://www.city-chiba.jp/",
        "https://city.chiba.com/",
        "https://c1ty-chiba.example/",
        "https://city-chlba.example/",
        "https://chiba-city.example/",
        "https://chibacity.com/",
        "https://login-city-chiba.example.com/",
        "https://town-oizumi.example/",
        "https://t0wn.oizumi.example/",
        "https://oizumi-town.example/",
    ],
)
def test_words_of_the_own_name_are_found_where_they_prove_nothing(url: str) -> None:
    assert checks(url) == ["links.look_alike_host"]


@pytest.mark.parametrize(
    "url",
    [
        "https://city.chiba.jp/",
        "https://www.city.chiba.jp/somu",
        "https://library.city.chiba.jp/",
        "https://www.city.chiba.lg.jp/",
        "https://www.city.chita.lg.jp/",
        "https://www.chibacity-ta.or.jp/",
        "https://note.com/chiba_city",
        "https://chiba-city.note.example/",
        "https://apply.example.jp/city-chiba-u/",
        "https://smartcity-chiba.example/",
        "https://www.oizumi-kankou.jp/",
        "https://visit-chiba-city.example.jp/",
    ],
)
def test_own_hosts_and_neighbours_are_left_alone(url: str) -> None:
    assert checks(url) == []


OTHERS = st.from_regex(r"[a-z]{3,12}(-[a-z]{3,8})?", fullmatch=True).filter(
    lambda name: not any(word in name for word in ("city", "chiba", "town", "oizumi"))
)


@given(OTHERS, SUFFIXES)
def test_other_hosts_are_left_alone(name: str, suffix: str) -> None:
    assert "links.look_alike_host" not in checks(f"https://{name}.{suffix}/")
