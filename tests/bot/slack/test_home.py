"""The Home tab: what supervisors and staff see, in both ways of delivery."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from bot.desk import JAPAN, ClauseFigures, DraftState, Page, Place, RuleFigures, RulingKind
from bot.desk.filters import PAGE, Filter, Leaf
from bot.slack.home import FILTER, Month, Overview, Shown, home_opened, home_view
from bot.slack.words import commands as words
from tests.bot.answers import finding
from tests.bot.slack.conftest import BAD, BOSS, CHIEFS, Town
from tests.bot.slack.test_cards import dispute
from tests.bot.slack.test_records import HARM, address, summary
from tests.conftest import Golden
from tests.doubles.slack.blocks import check_view
from tests.doubles.slack.reading import read_view

SOCKET = pytest.mark.parametrize("mode", ["socket"])
WAITING = Shown(Leaf(Filter(states=frozenset({DraftState.WAITING}))))
ALL = '{"state":"all"}'
OVERVIEW = Overview(
    counts={state: number for number, state in enumerate(DraftState)},
    disputes=[dispute(finding())],
    month=Month(
        date(2026, 11, 1),
        [ClauseFigures("4(4)", 0, 3, 1, 2), ClauseFigures("4(6)①", 2, 0, 0, 1)],
        previous=date(2026, 10, 1),
        following=None,
    ),
    rules=[
        RuleFigures("insult.ability", shown=9, disputed=7, accepted=4, declined=2),
        RuleFigures("accuracy.gone", shown=3, disputed=1, accepted=0, declined=0),
    ],
    titles={"insult.ability": "能力をおとしめる言い方"},
)


def test_a_supervisors_tab_looks_as_it_did(golden: Golden) -> None:
    view = home_view(WAITING, Page((summary(),), None, 1), address, OVERVIEW)
    check_view(view)
    golden("home supervisor", view)


def test_staff_see_their_drafts_and_no_figures(golden: Golden) -> None:
    view = home_view(Shown(Leaf(Filter())), Page((), None, 0), address, None, words.HOME_UNKNOWN)
    check_view(view)
    golden("home staff", view)


def test_a_rule_that_is_wrong_often_is_pointed_out_first() -> None:
    text = read_view(home_view(WAITING, Page((), None, 0), address, OVERVIEW)).text
    assert "能力をおとしめる言い方（insult.ability）：指摘 9 件、問題なし 4・指摘のまま 2・判断待ち 1" in text
    assert text.count(words.OFTEN_DISPUTED) == 1
    assert text.index(words.OFTEN_DISPUTED) < text.index("accuracy.gone")


def test_much_of_everything_harms_nobody_and_fits() -> None:
    overview = Overview(
        counts=dict.fromkeys(DraftState, 10**6),
        disputes=[dispute(finding(HARM * 10))] * 300,
        month=Month(
            date(2026, 11, 1),
            [ClauseFigures(f"4({number})", 10**6, 10**6, 10**6, 10**6) for number in range(300)],
            previous=date(2026, 10, 1),
            following=date(2026, 12, 1),
        ),
        rules=[RuleFigures(f"insult.rule{number}", 10**6, 9, 9, 0) for number in range(300)],
        titles={},
    )
    page = Page(tuple(summary(DraftState.HELD, HARM * 1000, number) for number in range(PAGE)), "1", 3000)
    view = home_view(Shown(Leaf(Filter(), tuple(map(str, range(100))))), page, address, overview, words.HOME_UNKNOWN)
    check_view(view)
    reading = read_view(view)
    assert "ほか 295 件" in reading.text
    assert set(reading.mentions) <= {"@U1", "@U3", "@U8BOSS"}
    assert all(link.startswith("https://machi.slack.com/") for link in reading.links)


async def test_other_tabs_and_unknown_people_are_left_alone() -> None:
    now = datetime.now(UTC)
    assert await home_opened({"event": {"user": "U1", "tab": "messages"}}, now) is None
    assert await home_opened({"event": {"tab": "home"}}, now) is None
    opened = await home_opened({"team_id": "T1", "event_id": "Ev1", "event": {"user": "U1", "tab": "home"}}, now)
    assert opened is not None
    assert opened.payload == {"user": "U1", "team": "T1", "shown": ""}


# ── in a running town ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_supervisors_see_what_waits_and_filter_it(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}な花の会")
    other = town.room.post("U2", "鳥の会のお知らせ")
    for each in (post, other):
        await each.answer()
    town.slack.open_home(BOSS)
    reading = await town.slack.home_shows(BOSS, "鳥の会")
    assert "⏳ 判断待ち 2　⏸️ 保留 0" in reading.text
    assert "4(6)①：発信禁止 1（下書き 1 件）" in reading.text
    assert f"https://machi.slack.com/archives/C01REV/p{post.ts.replace('.', '')}" in reading.links
    team = town.slack.identity.team
    await town.desk.withdraw(Place("slack", team, "C01REV", other.ts), "U2", datetime.now(UTC))
    town.slack.click_home(BOSS, FILTER, '{"state":"withdrawn"}')
    reading = await town.slack.home_shows(BOSS, "全 1 件のうち 1〜1 件目")
    assert "鳥の会" in reading.text
    assert "花の会" not in reading.text
    town.slack.open_home(BOSS)  # opened again it keeps the filter
    await town.slack.called("views.publish", 3)
    assert "花の会" not in (await town.slack.home_shows(BOSS, "鳥の会")).text
    town.slack.click_home(BOSS, FILTER, ALL)
    await town.slack.home_shows(BOSS, "花の会")


@SOCKET
async def test_staff_see_their_own_and_turn_pages(town: Town) -> None:
    town.slack.user_group(CHIEFS)
    for number in range(PAGE + 1):
        await town.room.post("U1", f"{number}番の下書き").answer()
    await town.room.post("U2", "鳥の会").answer()
    town.slack.open_home("U1")
    reading = await town.slack.home_shows("U1", "全 11 件のうち 1〜10 件目")
    assert words.HOME_STAFF in reading.text
    assert "条項別" not in reading.text
    assert "鳥の会" not in reading.text
    town.slack.click_home("U1", "sns_check_home_next")
    assert "0番の下書き" in (await town.slack.home_shows("U1", "11〜11 件目")).text
    town.slack.click_home("U1", "sns_check_home_previous")
    await town.slack.home_shows("U1", "1〜10 件目")


@SOCKET
async def test_open_disputes_and_what_became_of_them_are_shown(town: Town) -> None:
    post = town.room.post("U1", f"{BAD}という題の本")
    await post.answer()
    team = town.slack.identity.team
    place = Place("slack", team, "C01REV", post.ts)
    raised, _answer = await town.desk.dispute(place, post.ts, 0, "U1", "本の題名です。")
    town.slack.open_home(BOSS)
    assert "本の題名です。" in (await town.slack.home_shows(BOSS, words.OPEN_DISPUTES)).text
    await town.desk.rule(raised.id, RulingKind.FOR_DRAFT, BOSS, "", is_supervisor=True)
    town.slack.open_home(BOSS)
    reading = await town.slack.home_shows(BOSS, "問題なし 1・指摘のまま 0")
    assert words.OPEN_DISPUTES not in reading.text


@SOCKET
async def test_while_slack_does_not_say_who_decides_people_see_their_own(town: Town) -> None:
    await town.room.post("U2", "鳥の会").answer()
    town.slack.mischief.refuse("usergroups.users.list", "internal_error", usergroup=CHIEFS)
    town.slack.open_home("U1")
    reading = await town.slack.home_shows("U1", words.HOME_UNKNOWN)
    assert "鳥の会" not in reading.text


@SOCKET
async def test_a_tab_is_shown_although_slack_was_away(town: Town) -> None:
    town.slack.mischief.cut("views.publish", times=4)
    town.slack.open_home(BOSS)
    await town.slack.home_shows(BOSS, words.HOME_SUPERVISOR)


def test_a_tab_remembers_its_page_without_words_of_drafts() -> None:
    shown = Shown(WAITING.leaf.next("17"), date(2026, 10, 1))
    view = home_view(shown, Page((summary(text="ひみつ"),), "3", 9), address, None)
    assert Shown.from_json(json.loads(view["private_metadata"])) == shown
    assert "ひみつ" not in view["private_metadata"]


@SOCKET
async def test_supervisors_turn_to_former_months(town: Town) -> None:
    await town.room.post("U1", f"{BAD}な花の会").answer()
    first_month = town.desk._now().astimezone(JAPAN).date()
    town.pass_time(40 * 86_400)
    await town.room.post("U1", "鳥の会").answer()
    now = words.clauses_of_month(town.desk._now().astimezone(JAPAN).date())
    then = words.clauses_of_month(first_month)
    town.slack.open_home(BOSS)
    reading = await town.slack.home_shows(BOSS, now)
    assert words.NO_FINDINGS in reading.text
    assert words.NEXT_MONTH not in reading.text
    town.slack.click_home(BOSS, "sns_check_home_month_previous")
    reading = await town.slack.home_shows(BOSS, words.NEXT_MONTH)
    while then not in reading.text:  # forty days can be two months
        town.slack.click_home(BOSS, "sns_check_home_month_previous")
        reading = await town.slack.home_shows(BOSS, then)
    assert "4(6)①：発信禁止 1（下書き 1 件）" in reading.text
    assert words.PREVIOUS_MONTH not in reading.text
    town.slack.click_home(BOSS, FILTER, ALL)
    await town.slack.home_shows(BOSS, "全 2 件")
    assert then in (await town.slack.home_shows(BOSS, "花の会")).text, "the month stays when the drafts are filtered"
