"""Every program started here has a home of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from socd_tui.service.demo import DemoServer
from tests.clock import Clock
from tests.journeys.stage import service
from tests.terminal.pseudo import environment


@pytest.fixture(scope="module")
def live() -> Iterator[DemoServer]:
    """An account on loopback, for programs that ask it as any other."""
    with service(Clock()) as server:
        yield server


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path)
