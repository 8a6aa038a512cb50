"""明日(月) and あさって、火曜日 against today: a weekday beside a word that counts from today, without any date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from rules.detectors.dates.calendar_words import WEEKDAYS, weekday_name, written_out
from rules.detectors.dates.relative_words import DAYS
from rules.draft import Detection, Draft

_IN_KANA = "|".join(word for word in DAYS if word[0] < "一")
_IN_KANJI = "|".join(word for word in DAYS if word[0] >= "一")
_WEEKDAY = re.compile(
    rf"(?P<word>(?<![一-龥])(?:{_IN_KANJI})|(?<![ぁ-ん])(?:{_IN_KANA}))"
    rf"(?:[ ]?\((?P<inside>[{WEEKDAYS}])(?:曜日?)?(?:[・、,]?[祝休]日?)?\)"
    rf"|[ ]?(?:の|、|は、?)?[ ]?(?P<beside>[{WEEKDAYS}])曜(?:日|(?=[はにも、。!? ]|$)))"
    r"(?![・~の]|まで|以外)"
)
FIRST_SIGNS = "(曜"
SIGNS = rf"(?<=[日すたてうい ]\()[{WEEKDAYS}][)曜・、]|(?<=[日すたてういの、は ][{WEEKDAYS}]曜)"
"""What stands in a draft that names such a weekday, behind one of ``FIRST_SIGNS``."""
_A_SIGN = re.compile(rf"[{FIRST_SIGNS}](?:{SIGNS})")
_BEHIND_ANOTHER = re.compile(r"[・、やと][ ]?$")


def disagreements(draft: Draft) -> Iterator[Detection]:
    """Report a weekday that the day meant by the word in front of it is not."""
    if not _A_SIGN.search(draft.text):
        return
    for match in _WEEKDAY.finditer(draft.text):
        written = match["inside"] or match["beside"]
        day = draft.today + timedelta(days=DAYS[match["word"]])
        if weekday_name(day) == written or _BEHIND_ANOTHER.search(draft.text, max(0, match.start() - 2), match.start()):
            continue
        facts = {
            "word": match["word"],
            "today": written_out(draft.today),
            "meant": f"{day.month}月{day.day}日（{weekday_name(day)}）",
            "corrected": f"{match['word']}（{weekday_name(day)}）",
        }
        yield Detection("dates.relative_weekday", match.start(), match.end(), facts)
