"""Runs in the environment of the two packages: JSON strings in, for each package the positions of those it raises out.

Both run without their optional models, which weigh hundreds of megabytes. Names of people, places and organisations
are not counted: what is compared are identifiers.
"""

import json
import sys

import kakushi
from namemask.api import mask_text

NOT_IDENTIFIERS = {"PERSON", "ORG", "ORGANIZATION", "LOCATION", "AMOUNT", "COMPANY_DICT"}


def by_kakushi(text: str) -> bool:
    """Whether kakushi finds an identifier."""
    return any(match.entity_type.value not in NOT_IDENTIFIERS for match in kakushi.find_all(text, use_ner=False))


def by_namemask(text: str) -> bool:
    """Whether namemask puts a placeholder for an identifier."""
    mapping = mask_text(text, use_ner=False, use_address=True).mapping
    return any(not token.startswith(("[[人名", "[[組織", "[[地名")) for token in mapping)


if __name__ == "__main__":
    texts = json.load(sys.stdin)
    raised = {
        "kakushi": [at for at, text in enumerate(texts) if by_kakushi(text)],
        "namemask": [at for at, text in enumerate(texts) if by_namemask(text)],
    }
    json.dump(raised, sys.stdout)
