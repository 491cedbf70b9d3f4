"""What every test runs under: the same examples each time, and one option to accept new pictures."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from socd_tui.model import session

# The same examples on every machine, and no verdict by the clock: a test fails for one reason only.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


# A shell lets what runs in its background ignore it, and each process that a test starts would, too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many tests wait for a terminal or a service."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Garbage is looked for less often, and not in what is imported by now and stays: a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write the pictures in tests/goldens anew")


@pytest.fixture(autouse=True)
def secrets_of_one_test() -> Iterator[None]:
    """A process takes every secret it has held out of its messages; those of another test are none.

    Among the texts that hypothesis makes secrets of are sentences of the program.
    """
    before = set(session._SECRETS)
    yield
    session._SECRETS.intersection_update(before)
