"""No single example is timed: a busy machine may stall any of them. What detectors cost is held in test_worst_cases."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("unhurried", parent=settings(), deadline=None)
settings.load_profile("unhurried")
