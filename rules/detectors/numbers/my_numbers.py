"""マイナンバー (個人番号): twelve digits, the last of them a check digit. 法人番号 have thirteen and are public."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum.jp import in_

from rules.detectors.numbers.long_numbers import LongNumber
from rules.detectors.numbers.surroundings import is_sample, says
from rules.draft import Detection

_LENGTH = 12
_WORDS = re.compile(r"マ[ ・.]?イ[ ・.]?ナ(?!ス)|個[ ]?人[ ]?番[ ]?号|(?i:my[ ]?number)|通知カード")


def find_my_number(text: str, number: LongNumber) -> Iterator[Detection]:
    """Judge one number: by its check digit and its grouping, or because it is called a My Number."""
    if len(number.digits) != _LENGTH or is_sample(text, number.start, number.end):
        return
    is_named = says(_WORDS, text, number.start, number.end)
    if in_.is_valid(number.digits) and (is_named or number.is_in_fours):
        yield Detection("numbers.my_number", number.start, number.end)
    elif is_named:
        yield Detection("numbers.my_number_like", number.start, number.end)
