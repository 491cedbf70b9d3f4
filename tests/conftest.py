"""What every test runs under: the same examples each time, and one option to accept new pictures."""

from __future__ import annotations

import pytest
from hypothesis import settings

# The same examples on every machine, and no verdict by the clock: a test fails for one reason only.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write the pictures in tests/goldens anew")
