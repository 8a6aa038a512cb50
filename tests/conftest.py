"""Fixtures that tests of several parts share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.doubles.slack import SlackDouble


@pytest.fixture
async def slack() -> AsyncIterator[SlackDouble]:
    """A Slack workspace of one test."""
    async with SlackDouble() as double:
        yield double
