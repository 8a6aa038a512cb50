"""What words cannot say: facts that arithmetic and well-kept data settle, one family of checks a file."""

from __future__ import annotations

from rules.detectors import contacts, credentials, dates, links, numbers, persons, times
from rules.detectors.detector import Detector

DETECTORS: tuple[Detector, ...] = (
    dates.DETECTOR,
    times.DETECTOR,
    contacts.DETECTOR,
    numbers.DETECTOR,
    credentials.DETECTOR,
    links.DETECTOR,
    persons.DETECTOR,
)

__all__ = ["DETECTORS", "Detector"]
