"""The order of days: periods that run backwards, events already past, deadlines after the event."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

from rules.detectors.dates.calendar_words import weekday_name, written_out
from rules.detectors.dates.reader import read
from rules.detectors.dates.resolved import FURTHEST_BACK, TELLS_OF_PAST, Resolved, existing
from rules.detectors.dates.written_date import Link
from rules.draft import Detection, Draft

_LONGEST_ROLLOVER = timedelta(days=300)
"""12月20日~11月30日 without years would last this long or longer: rather a slip than a year."""
_JUST_PAST = timedelta(days=66)
_SCHOOL_YEAR_BEGINS, _SCHOOL_YEAR_ENDS = frozenset((4, 5)), frozenset((1, 2, 3))

_ANNOUNCES = re.compile(
    r"(?:開催|実施|開講|開演|開会|開館|上映|放送|配信|販売|公開)(?:いた)?し(?:ます|ております)|"
    r"開催(?:予定|決定|です|[!！])|行います|行われます|"
    r"開きます|催します|始まります|(?:お越し|ご参加)(?:ください|下さい)|締め?切(?:ります|りです|です)|必着です|"
    r"まで、?[^。\n0-9]{0,12}?(?:受け?付け|募集し)(?:てい|ており)?ます|"
    r"までに?(?:お申し?込み|ご応募|お送り|ご提出|ご連絡)|お申し?込みください|お待ちして(?:い|お)ります"
)
_STARTS_HERE = re.compile(
    r"[ ]?(?:に?から|より|以降|以後|~|―|-|[・、,](?=\d)|に?発行|付け?|現在|時点|号|[頃ご]ろ?から|を皮切り)"
)
_LABELS_AN_EVENT = re.compile(r"(?:日時|開催日|開催日時|期日|実施日|と[ ]?き)[ 】〕\]):■●・\n]{0,3}$")
_INVITES = re.compile(
    r"募集(?:中|します|して)|お?申し?込み(?:ください|受付中)|お越し(?:ください|下さい)|ご参加ください|お待ちして"
)
_IS_OVER = re.compile(r"終了|中止|延期|ました|でした|様子|報告|結果|レポート|アーカイブ|実績")
_REACH_OF_VERB = 40
_NEAR = 40
_WIDEST_LABEL = 10

_APPLIES = r"(?:お?申し?込み?|ご?応募|ご?予約|エントリー|参加受付)"
_MIGHT_NAME_DEADLINE = re.compile(r"申し?込|応募|予約|エントリー|参加受付|締|〆")
_IS_DEADLINE = re.compile(
    rf"{_APPLIES}[ ]?(?:の?(?:締め?切り?|〆切|期限|期間|方法|受付))?[ 】\]):はも、]{{0,3}}(?:電話で|窓口で|メールで)?$"
    r"|(?:締め?切り?|〆切)日?[ 】\]):は]{0,3}$"
)
_ENDS_A_LABEL = frozenset("込み募約ー付切り限間法日で 】]):はも、\n")
"""What ``_IS_DEADLINE`` can end in; spares most dates the search."""
_DEADLINE_FOLLOWS = re.compile(
    rf"[ ]?(?:\d{{1,2}}(?::\d\d|時)[ ]?)?(?:まで|必着|消印|締め?切|〆切|です|$|\n|[ 。、)])(?:に?{_APPLIES})?"
)
_CLOSES_APPLICATION = re.compile(rf"[ ]?(?:まで|必着)に?(?:、|電話で|窓口で|メールで|[^。\n]{{0,12}})?{_APPLIES}")
_IS_EVENT = re.compile(r"(?:日時|開催日時?|期日|実施日|開催|抽選日?|と[ ]?き)[ 】〕\]):は■●・\n]{0,3}$")
_IS_EVENT_AS_TOPIC = re.compile(
    r"(?:祭り?|まつり|フェスタ?|マルシェ|朝市|講座|教室|大会|公演|式典?|会|イベント|コンサート|ライブ|ツアー)は、?$"
)
_ENDS_SENTENCE = re.compile(r"(?:です)?[ ]?(?:。|\n|$)")
_IS_APPLICATION_PERIOD = re.compile(rf"{_APPLIES}(?:受付)?の?期間[ 】〕\]):は■●・\n]{{0,3}}$")
_EVENT_FOLLOWS = re.compile(
    r"[ ]?(?:[^。\n0-9]{0,16}(?:開催|開きます|催します|行います|実施)"
    r"|に[^。\n0-9]{1,16}(?:で|にて)(?:。|、|$|\n)"
    r"|(?:午前|午後)?\d{1,2}(?::\d\d|時)[^。\n]{0,24}(?:開催|開きます|行います))"
)
_IS_OPENING = re.compile(r"(?:受付|申し?込み?|募集|予約)(?:の?開始)日?[ 】\]):は]{0,3}$")
_COLLECTS_AFTERWARDS = re.compile(r"写真|作品|感想|フォト|アンケート|動画|レポート|次回|後期|毎週|毎月")
"""What is gathered after an event (a photo contest of a festival), or an event that comes again."""


def backwards(text: str, previous: Resolved | None, current: Resolved) -> Detection | None:
    """Report 12月14日~12月4日; but 12月28日~1月4日 runs into the next year, and 4月1日~3月31日 is a fiscal year."""
    if previous is None or not previous.days or current.written.link is not Link.RANGE:
        return None
    start, end = previous.day, current.day
    if end < start and current.written.years and not previous.written.years:
        start = _latest_before(start, end)
    crosses_years = current.runs_into_next_year or start != previous.day
    if end >= start and not (crosses_years and _is_too_long(previous, start, end)):
        return None
    begin, stop = previous.written.start, current.written.end
    facts = {
        "start": text[begin : previous.written.end],
        "end": text[current.written.start : stop],
        "instead": _put_right(previous.day, end),
    }
    return Detection("dates.period", begin, stop, facts)


def _latest_before(start: date, end: date) -> date:
    """Give the start of 11月23日~2025年1月13日 the year of its end or the one before, not today's."""
    days = existing((year, start.month, start.day) for year in (end.year, end.year - 1))
    return next((day for day in days if day <= end), start)


def _is_too_long(previous: Resolved, start: date, end: date) -> bool:
    is_school_year = start.month in _SCHOOL_YEAR_BEGINS and end.month in _SCHOOL_YEAR_ENDS
    next_day = end + timedelta(days=1)
    is_a_year = (next_day.month, next_day.day) == (start.month, start.day)
    may_be_fractions = previous.written.is_terse and previous.written.note is None
    return end - start > _LONGEST_ROLLOVER and not (is_school_year or is_a_year or may_be_fractions)


def _put_right(start: date, end: date) -> str:
    """Give what was probably meant, as a sentence."""
    if end >= start:
        return f"終わりが翌年であれば「{written_out(end)}」とお書きください。"
    if end.month < start.month:
        [*next_year] = existing([(start.year + 1, end.month, end.day)])
        return f"終わりが翌年であれば「{written_out(next_year[0])}」です。" if next_year else ""
    return f"逆であれば「{end.month}月{end.day}日～{start.month}月{start.day}日」です。"


class Announcements:
    """Finds events that are announced for a day before today; knows, once a draft, whether it invites anybody."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    def already_past(self, current: Resolved) -> Detection | None:
        """Report a day before today, where the year is written, or the weekday or its nearness settles it."""
        written, today, day = current.written, self._draft.today, current.day
        settled = bool(written.years) or written.weekday is not None
        if day >= today or (not written.years and today - day > FURTHEST_BACK):
            return None
        is_announced = (settled or _is_just_past(current, today)) and self._is_announced(current)
        if not is_announced and not (settled and self._is_labelled(current)):
            return None
        facts = {"date": written_out(day), "today": written_out(today)}
        return Detection("dates.past_event", written.start, written.end, facts)

    @cached_property
    def _invites(self) -> bool:
        return _INVITES.search(self._draft.text) is not None and _IS_OVER.search(self._draft.text) is None

    def _is_announced(self, current: Resolved) -> bool:
        """Tell 11月14日に開催します, where no other date and no word of the past stands between."""
        text, written = self._draft.text, current.written
        if _STARTS_HERE.match(text, written.end):
            return False
        end = min(self._draft.sentence(written.start)[1], written.end + _REACH_OF_VERB)
        verb = _ANNOUNCES.search(text, written.end, end)
        if verb is None or TELLS_OF_PAST.search(text, written.end, end):
            return False
        return next(read(text[written.end : verb.start()], self._draft.today), None) is None

    def _is_labelled(self, current: Resolved) -> bool:
        """Tell 日時:11月14日(土)13:00~ in a draft that invites people and tells of nothing that is over."""
        text, start = self._draft.text, current.written.start
        if not _LABELS_AN_EVENT.search(text, max(0, start - _WIDEST_LABEL), start):
            return False
        return self._invites and not _STARTS_HERE.match(text, current.written.end)


def _is_just_past(current: Resolved, today: date) -> bool:
    """Tell a day without a year that can hardly mean the next year's."""
    return current.written.month is not None and len(current.days) == 1 and today - current.day <= _JUST_PAST


def deadline_slips(draft: Draft, dates: Sequence[Resolved]) -> Iterator[Detection]:
    """Report a deadline before its own opening, and one behind the event that it is for."""
    if not dates or not _MIGHT_NAME_DEADLINE.search(draft.text):
        return
    deadlines: list[Resolved] = []
    others: list[Resolved] = []
    for previous, found in pairwise((None, *dates)):
        if found is not None and found.days:
            is_deadline = _is_deadline(draft, found) or _ends_application(draft, previous, found)
            (deadlines if is_deadline else others).append(found)
    if deadlines:
        yield from _before_opening(draft, dates)
        if not _COLLECTS_AFTERWARDS.search(draft.text):
            yield from _late_deadlines(draft, deadlines, others)


def _late_deadlines(draft: Draft, deadlines: Sequence[Resolved], others: Sequence[Resolved]) -> Iterator[Detection]:
    """Report 申込締切 12/20 … 開催 12/13: a deadline after the last day that the draft names otherwise.

    Quiet where any other date lies behind the deadline: then it may belong to that one.
    """
    events = [found for found in others if _is_event(draft, found)]
    if not events:
        return
    last = max(found.day for found in others)
    event = max(found.day for found in events)
    for deadline in deadlines:
        if deadline.day > last:
            yield _late(deadline, event)


def _before_opening(draft: Draft, dates: Sequence[Resolved]) -> Iterator[Detection]:
    """Report 受付開始5月25日、締切5月10日."""
    for opening, deadline in pairwise(dates):
        if not (opening.days and deadline.days and deadline.day < opening.day and _is_opening(draft, opening)):
            continue
        start, end = opening.written.start, deadline.written.end
        if _is_deadline(draft, deadline) and deadline.written.start - opening.written.end < _NEAR:
            facts = {
                "start": draft.text[start : opening.written.end],
                "end": draft.text[deadline.written.start : end],
                "instead": _put_right(opening.day, deadline.day),
            }
            yield Detection("dates.period", start, end, facts)


def _late(deadline: Resolved, event: date) -> Detection:
    facts = {
        "deadline": f"{deadline.day.month}月{deadline.day.day}日（{weekday_name(deadline.day)}）",
        "event": f"{event.month}月{event.day}日（{weekday_name(event)}）",
    }
    return Detection("dates.late_deadline", deadline.written.start, deadline.written.end, facts)


def _is_deadline(draft: Draft, found: Resolved) -> bool:
    text, start, end = draft.text, found.written.start, found.written.end
    if _CLOSES_APPLICATION.match(text, end):
        return True
    if text[start - 1 : start] not in _ENDS_A_LABEL:
        return False
    before = max(0, start - 2 * _WIDEST_LABEL)
    return _IS_DEADLINE.search(text, before, start) is not None and _DEADLINE_FOLLOWS.match(text, end) is not None


def _ends_application(draft: Draft, previous: Resolved | None, found: Resolved) -> bool:
    """Tell the second day of 申込期間:11月24日~12月10日."""
    if previous is None or found.written.link is not Link.RANGE:
        return False
    start = previous.written.start
    return _IS_APPLICATION_PERIOD.search(draft.text, max(0, start - 2 * _WIDEST_LABEL), start) is not None


def _is_opening(draft: Draft, found: Resolved) -> bool:
    start = found.written.start
    return _IS_OPENING.search(draft.text, max(0, start - 2 * _WIDEST_LABEL), start) is not None


def _is_event(draft: Draft, found: Resolved) -> bool:
    text, start, end = draft.text, found.written.start, found.written.end
    labelled = _IS_EVENT.search(text, max(0, start - _WIDEST_LABEL), start)
    if labelled is not None or _EVENT_FOLLOWS.match(text, end) is not None:
        return True
    is_topic = _IS_EVENT_AS_TOPIC.search(text, max(0, start - _WIDEST_LABEL), start)
    return is_topic is not None and _ENDS_SENTENCE.match(text, end) is not None
