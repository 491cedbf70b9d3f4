"""Journeys run on asyncio, as the program does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from socd_tui.service.demo import DemoServer
from tests.clock import Clock
from tests.journeys.stage import service


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def demo() -> Iterator[DemoServer]:
    """The demo account at one moment that never passes; for journeys that do not change the service."""
    with service(Clock()) as server:
        yield server
