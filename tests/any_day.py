"""Run as a program: are the tests green on whatever day they run?

    python tests/any_day.py 2026-11-01                     # 28 days: unit, contract and journey tests
    python tests/any_day.py 2028-02-20 14 tests/unit -n 2  # 14 days; what follows is pytest's

On the first day all tests run, and which of them ask for the time is noted: the others cannot know the day.
On each further day those that ask run again. Every process of pytest has a clock that is shifted by
time-machine (of the `dev` extra), whoever reads it, a library too; monotonic time goes on undisturbed. Runs
start at four times of the day in turn. Processes that a test starts itself have the machine's clock.
Prints a line a day and the tests that failed; exit 1 when there were any.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

ROOT = Path(__file__).parents[1]
TESTS = ("tests/unit", "tests/contract", "tests/journeys")
TIMES = (time(0, 0, 5), time(6, 30), time(14, 20), time(23, 59, 30))
"""When the runs start, in turn: the last of them sees midnight pass."""

START = "TESTS_SEEM_TO_START_AT"
"""The environment variable that tells the processes of a run when it is."""
FOLDER = "TESTS_NOTE_WHO_ASKS_IN"
"""The one that tells them where to note which tests asked for the time."""
RUNNERS = ("_pytest", "hypothesis", "pluggy", "tests.any_day", "time_machine", "xdist")
"""What asks for the time around a test, and not for it."""


class ShiftedClock:
    """A plugin of pytest in each of its processes: shifts the clock, and notes which tests read it."""

    def __init__(self, start: datetime, folder: Path) -> None:
        import time_machine

        self._folder = folder
        self._asking: set[str] = set()
        traveller = time_machine.travel(start, tick=True).start()
        self._time_ns: Callable[[], int] = traveller.time_ns
        vars(traveller)["time_ns"] = self.time_ns
        # What whoever asked for the real time would be told:
        if abs(datetime.now(UTC) - start) > timedelta(minutes=1):  # noqa: TID251
            raise pytest.UsageError("the clock cannot be shifted here")

    def time_ns(self) -> int:
        """The shifted time, for whatever function of Python tells the time."""
        test = os.environ.get("PYTEST_CURRENT_TEST")  # pytest's word for "during a test"
        if test and not _asker().startswith(RUNNERS):
            self._asking.add(test.partition("[")[0].partition(" (")[0])
        return self._time_ns()

    def pytest_sessionfinish(self) -> None:
        (self._folder / str(os.getpid())).write_text("\n".join(self._asking), encoding="utf-8")


def _asker() -> str:
    """The module that asked for the time."""
    frame = sys._getframe(2)
    while frame.f_back and str(frame.f_globals.get("__name__")).startswith("time_machine"):
        frame = frame.f_back
    return str(frame.f_globals.get("__name__"))


def pytest_configure(config: pytest.Config) -> None:
    clock = ShiftedClock(datetime.fromisoformat(os.environ[START]), Path(os.environ[FOLDER]))
    config.pluginmanager.register(clock)


def main() -> int:
    parser = argparse.ArgumentParser(description="The tests on each of the days from a date on.")
    parser.add_argument("start", type=date.fromisoformat, metavar="START", help="a date: 2026-11-01")
    parser.add_argument("days", type=int, nargs="?", default=28, metavar="DAYS", help="how many (default 28)")
    options, pytest_arguments = parser.parse_known_args()
    tests = [word for word in pytest_arguments if word.startswith("tests")] or list(TESTS)
    pytest_options = [word for word in pytest_arguments if word not in tests]
    green = 0
    for number in range(options.days):
        start = datetime.combine(options.start + timedelta(days=number), TIMES[number % len(TIMES)], UTC)
        done, asking = run(start, [*tests, *pytest_options])
        green += report(start, done)
        if number == 0:
            tests = asking
            print(f"{len(asking)} tests ask for the time: {', '.join(sorted(asking)) or 'none'}", flush=True)
            if not asking:
                print("No test can know the day.")
                return 1 - green
    print(f"{green} of {options.days} days are green.")
    return 0 if green == options.days else 1


def run(start: datetime, arguments: list[str]) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """The run of pytest that seems to start then, and the tests that asked for the time."""
    plugins = ["-p", "tests.any_day", "-p", "no:cacheprovider"]
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *plugins, "-r", "fE", *arguments],
            cwd=ROOT,
            # Wide, for the reason of a failure.
            env={**os.environ, START: start.isoformat(), FOLDER: folder, "COLUMNS": "300"},
            capture_output=True,
            text=True,
            check=False,
        )
        notes = [file.read_text(encoding="utf-8") for file in Path(folder).iterdir()]
    return done, sorted({test for note in notes for test in note.splitlines()})


def report(start: datetime, done: subprocess.CompletedProcess[str]) -> bool:
    """Prints how a run went; whether it was green."""
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    print(f"{start:%a %Y-%m-%d %H:%M:%S}  {lines[-1].strip('= ') if lines else 'no tests ran'}", flush=True)
    if done.returncode != 0:
        failures = [line for line in lines if line.startswith(("FAILED ", "ERROR "))]
        for line in failures or [*lines[-5:], *done.stderr.splitlines()[-5:]]:
            print(f"    {line}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
