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
_OF_SOMETHING_ELSE = re.compile(
    r"追跡|伝票|送り状|宅配|郵便|問い?合わ?せ番号|予約番号|クーポン|商品券|ギフト|シリアル|製造番号"
)
"""Other numbers that are written four by four; one of eleven has the check digit by chance."""


def find_my_number(text: str, number: LongNumber) -> Iterator[Detection]:
    """Judge one number: by its check digit and its grouping, or because it is called a My Number."""
    if len(number.digits) != _LENGTH or is_sample(text, number.start, number.end):
        return
    is_named = says(_WORDS, text, number.start, number.end)
    looks_like_one = number.is_in_fours and not says(_OF_SOMETHING_ELSE, text, number.start, number.end)
    if in_.is_valid(number.digits) and (is_named or looks_like_one):
        yield Detection("numbers.my_number", number.start, number.end)
    elif is_named:
        yield Detection("numbers.my_number_like", number.start, number.end)
