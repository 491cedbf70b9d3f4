"""Run as a program: are the tests green on whatever day they run?

    python tests/any_day.py 2026-11-01                     # 28 days: unit, contract and journey tests
    python tests/any_day.py 2028-02-20 14 tests/unit -n 2  # 14 days; what follows is pytest's

Each day is a run of its own, on a machine clock that is shifted by `faketime` (the Debian package of that
name); monotonic time goes on undisturbed. Runs start at four times of the day in turn.
Prints a line a day and the tests that failed; exit 1 when there were any, 2 when nothing could be run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = ("tests/unit", "tests/contract", "tests/journeys")
TIMES = (time(0, 0, 5), time(6, 30), time(14, 20), time(23, 59, 30))
"""When the runs start, in turn: the last of them sees midnight pass."""


SETTINGS = {
    "TZ": "UTC",  # in which faketime reads its argument
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # by which the event loop waits
    "FAKETIME_CACHE_DURATION": "1000000000",  # s: read its variables once, as tests change the environment
    "NO_FAKE_STAT": "1",  # else every compiled module seems out of date
    "COLUMNS": "300",  # room for the reason of a failure
}


def main() -> int:
    parser = argparse.ArgumentParser(description="The tests on each of the days from a date on.")
    parser.add_argument("start", type=date.fromisoformat, metavar="START", help="a date: 2026-11-01")
    parser.add_argument("days", type=int, nargs="?", default=28, metavar="DAYS", help="how many (default 28)")
    options, pytest_arguments = parser.parse_known_args()
    chosen = [word for word in pytest_arguments if word.startswith("tests")] or list(TESTS)
    pytest_options = [word for word in pytest_arguments if word not in chosen]
    for path in chosen:
        if not (ROOT / path.partition("::")[0]).exists():
            parser.error(f"there is no {path}")
    faketime = shutil.which("faketime")
    if faketime is None:
        print("faketime is missing, so no clock can be shifted. On Debian: apt-get install faketime")
        return 2
    moments = [moment(options.start, number) for number in range(options.days)]
    if not is_shifted(faketime, moments[0]):
        print(f"{faketime} does not shift the clock of {sys.executable}.")
        return 2
    red = [day for day in moments if not is_green(faketime, day, chosen + pytest_options)]
    print(f"{len(moments) - len(red)} of {len(moments)} days are green.")
    return 1 if red else 0


def moment(start: date, number: int) -> datetime:
    """When the run of the number-th day starts."""
    return datetime.combine(start + timedelta(days=number), TIMES[number % len(TIMES)])


def shifted(faketime: str, start: datetime, *command: str) -> subprocess.CompletedProcess[str]:
    """Runs Python with these arguments while the machine's clock seems to go on from `start`, in UTC."""
    return subprocess.run(
        [faketime, "-m", "-f", f"@{start:%Y-%m-%d %H:%M:%S}", sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **SETTINGS},
        capture_output=True,
        text=True,
        check=False,
    )


def is_shifted(faketime: str, start: datetime) -> bool:
    done = shifted(faketime, start, "-c", "import datetime; print(datetime.datetime.now())")
    return done.stdout.startswith(f"{start:%Y-%m-%d}")


def is_green(faketime: str, start: datetime, pytest_arguments: list[str]) -> bool:
    """Runs the tests once and prints how it went."""
    done = shifted(faketime, start, "-m", "pytest", "-p", "no:cacheprovider", "-r", "fE", *pytest_arguments)
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    print(f"{start:%a %Y-%m-%d %H:%M:%S}  {lines[-1].strip('= ') if lines else 'no tests ran'}", flush=True)
    if done.returncode != 0:
        failures = [line for line in lines if line.startswith(("FAILED ", "ERROR "))]
        for line in failures or [*lines[-5:], *done.stderr.splitlines()[-5:]]:
            print(f"    {line}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
