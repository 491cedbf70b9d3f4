"""What several unit tests ask: a demo service that stands still, one for all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from socd_tui.service.demo import DemoServer
from tests.clock import Clock


@pytest.fixture(scope="session")
def demo() -> Iterator[DemoServer]:
    with DemoServer(clock=Clock(), requests_per_minute=1_000_000) as server:
        yield server
