"""Run as a program: are the tests green on whatever day they run?

    python tests/any_day.py 2026-11-01                     # 28 days: unit, contract and journey tests
    python tests/any_day.py 2028-02-20 14 tests/unit -n 2  # 14 days; what follows is pytest's

Each day is a run of its own, in which every process of pytest has a clock that is shifted by time-machine
(of the `dev` extra); monotonic time goes on undisturbed. Runs start at four times of the day in turn.
Prints a line a day and the tests that failed; exit 1 when there were any.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = ("tests/unit", "tests/contract", "tests/journeys")
TIMES = (time(0, 0, 5), time(6, 30), time(14, 20), time(23, 59, 30))
"""When the runs start, in turn: the last of them sees midnight pass."""

START = "TESTS_SEEM_TO_START_AT"
"""The environment variable that tells the processes of a run when it is."""


def pytest_configure(config: pytest.Config) -> None:
    """As a plugin of pytest (`-p tests.any_day`), in each of its processes: shifts the clock."""
    import time_machine

    start = datetime.fromisoformat(os.environ[START])
    time_machine.travel(start, tick=True).start()
    # What whoever asked for the real time would be told:
    if abs(datetime.now(UTC) - start) > timedelta(minutes=1):  # noqa: TID251
        raise pytest.UsageError("the clock cannot be shifted here")


def main() -> int:
    parser = argparse.ArgumentParser(description="The tests on each of the days from a date on.")
    parser.add_argument("start", type=date.fromisoformat, metavar="START", help="a date: 2026-11-01")
    parser.add_argument("days", type=int, nargs="?", default=28, metavar="DAYS", help="how many (default 28)")
    options, pytest_arguments = parser.parse_known_args()
    if not any(word.startswith("tests") for word in pytest_arguments):
        pytest_arguments += TESTS
    moments = [moment(options.start, number) for number in range(options.days)]
    red = [each for each in moments if not is_green(each, pytest_arguments)]
    print(f"{len(moments) - len(red)} of {len(moments)} days are green.")
    return 1 if red else 0


def moment(start: date, number: int) -> datetime:
    """When the run of the number-th day starts."""
    return datetime.combine(start + timedelta(days=number), TIMES[number % len(TIMES)], UTC)


def is_green(start: datetime, pytest_arguments: list[str]) -> bool:
    """Runs the tests once and prints how it went."""
    plugins = ["-p", "tests.any_day", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "-r", "fE", *pytest_arguments],
        cwd=ROOT,
        env={**os.environ, START: start.isoformat(), "COLUMNS": "300"},  # room for the reason of a failure
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    print(f"{start:%a %Y-%m-%d %H:%M:%S}  {lines[-1].strip('= ') if lines else 'no tests ran'}", flush=True)
    if done.returncode != 0:
        failures = [line for line in lines if line.startswith(("FAILED ", "ERROR "))]
        for line in failures or [*lines[-5:], *done.stderr.splitlines()[-5:]]:
            print(f"    {line}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
