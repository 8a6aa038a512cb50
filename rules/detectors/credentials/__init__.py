"""What opens doors and systems: passwords, PINs, keys; and addresses of systems inside the house."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.detectors.credentials import keys, networks, secrets
from rules.detectors.detector import Detector
from rules.draft import Detection, Draft

__all__ = ["DETECTOR"]

_GATE = re.compile(
    r"[パ暗認確共キ合開解ドトPpKkTtSsAaCcGgRrMmFfDdHhWwxyneilv\-\\.:0-9A-Fa-f](?:"
    r"\.\d{1,3}\.|\]\d|[0-9A-Fa-f][:-][0-9A-Fa-f]{2}[:-]|[0-9A-Fa-f]{3}\.[0-9A-Fa-f]{4}\.|:[0-9A-Fa-f]{0,4}:|"
    r"(?<![0-9])(?:[ _.・]?ス|証|認コ|有|号|ー|言葉|錠番|アの番|(?i:ass|wd?|sk|ey|in|oken|ecret|ccess|pi|K-)|"
    r"KIA|SIA|Iza|OCSPX|h[pousr]_|ithub_pat|lpat-|ox[abeprs]-|app-|k[-_]|G\.|pm_|ypi-|a29\.|(?i:uthorization)|uTTY|-BEGIN|yJ|\\|"
    r"://[^\s/@:.]{1,64}:|(?:(?<=mb)|(?<=ile))://|local|internal|intra|lan|corp|home\.arpa|ooks\.|iscord|ebhook))"
)
"""One class of first letters in front, because the engine skips fast to these only; and then what a digit can begin,
because most of them are digits."""


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
