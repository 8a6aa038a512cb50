"""What opens doors and systems: passwords, PINs, keys; and addresses of systems inside the house."""

from __future__ import annotations

from collections.abc import Iterator

from rules.detectors.credentials import keys, networks, secrets
from rules.detectors.detector import Detector, any_of
from rules.draft import Detection, Draft

__all__ = ["DETECTOR"]

_GATE = any_of(*secrets.SIGNS, *keys.SIGNS, *networks.SIGNS)


def _find(draft: Draft) -> Iterator[Detection]:
    yield from secrets.find_secrets(draft.text)
    yield from keys.find_keys(draft.text)
    yield from networks.find_internal_addresses(draft.text)


DETECTOR = Detector(
    name="credentials",
    checks={
        "credentials.password": secrets.FACTS,
        "credentials.pin": secrets.FACTS,
        "credentials.key": keys.FACTS,
        "credentials.internal_address": networks.FACTS,
    },
    gate=_GATE,
    find=_find,
)
