"""The zone of this machine: what says it, in which order it is asked, and that the C library agrees."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

import pytest

from socd_tui.commands.parts.zone import LateZone, local_zone
from tests.clock import Clock

RULE = "CET-1CEST,M3.5.0,M10.5.0/3"
"""A zone written as a rule of POSIX, which has no name in the zone database."""

WINTER, SUMMER = (datetime(2026, month, 15, 12, tzinfo=UTC) for month in (1, 7))
ABSENT = Path("/nowhere/localtime")
BERLIN = next(path for folder in TZPATH if (path := Path(folder, "Europe/Berlin")).exists())

MOMENTS = [int(WINTER.timestamp()) + 21_617 * step for step in range(1460)]
"""Every six hours or so of a year."""

ASK_LIBC = (
    "import json, sys, time; "
    "print(json.dumps([time.localtime(moment).tm_gmtoff for moment in json.load(sys.stdin)]))"
)


def zone(tz: str | None, localtime: Path = ABSENT) -> tzinfo:
    return local_zone(Clock(WINTER), {} if tz is None else {"TZ": tz}, localtime)


def offsets(of: tzinfo) -> list[int]:
    """Seconds from UTC at each of the moments."""
    moments = (datetime.fromtimestamp(moment, of).utcoffset() for moment in MOMENTS)
    return [int(offset.total_seconds()) for offset in moments if offset is not None]


def libc_offsets(tz: str) -> list[int]:
    """The same, as a process sees it whose TZ this is."""
    run = subprocess.run(
        [sys.executable, "-c", ASK_LIBC],
        input=json.dumps(MOMENTS),
        env={**os.environ, "TZ": tz},
        capture_output=True,
        text=True,
        check=True,
    )
    read: list[int] = json.loads(run.stdout)
    return read


@pytest.mark.parametrize(
    "tz",
    [
        RULE,
        f":{RULE}",
        "EST5",
        "EST5EDT",
        "<-03>3",
        "<+0330>-3:30",
        "AEST-10AEDT,M10.1.0,M4.1.0/3",
        "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
        "IST-2IDT,M3.4.4/26,M10.5.0",
        "EST5EDT,J60,J300",
        "Europe/Berlin",
        ":Asia/Kolkata",
        str(BERLIN),
        f":{BERLIN}",
        "UTC0",
        "",
        ":",
        "Nowhere/Nothing",
        "what is this",
        "/nowhere/at/all",
        "Europe",
    ],
)
def test_it_is_the_zone_that_the_c_library_takes(tz: str) -> None:
    assert offsets(zone(tz)) == libc_offsets(tz)


@pytest.mark.parametrize(("tz", "winter", "summer"), [("CET-1CEST", 1, 2), ("CST6CDT5", -6, -5)])
def test_a_rule_without_dates_has_daylight_saving_in_the_american_summer(
    tz: str, winter: int, summer: int
) -> None:
    hours = [moment.astimezone(zone(tz)).utcoffset() for moment in (WINTER, SUMMER)]
    assert hours == [timedelta(hours=winter), timedelta(hours=summer)]


def test_the_variable_wins_over_the_systems_zone_file(tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    assert zone(":Asia/Kolkata", link) == ZoneInfo("Asia/Kolkata")
    assert zone(None, link) == ZoneInfo("Europe/Berlin")
    assert offsets(zone("EST5", link)) == [-5 * 3600] * len(MOMENTS)


def test_a_zone_file_may_be_a_copy_or_lie_elsewhere(tmp_path: Path) -> None:
    copy, link = tmp_path / "localtime", tmp_path / "link"
    shutil.copy(BERLIN, copy)
    link.symlink_to(copy)
    for path in (copy, link):
        found = zone(None, path)
        assert WINTER.astimezone(found).utcoffset() == timedelta(hours=1)
        assert SUMMER.astimezone(found).tzname() == "CEST"


def test_without_a_zone_file_the_offset_of_the_moment_is_taken(tmp_path: Path) -> None:
    damaged = tmp_path / "localtime"
    damaged.write_bytes(b"TZif")
    here = WINTER.astimezone().utcoffset()
    assert zone(None).utcoffset(None) == zone(None, damaged).utcoffset(None) == here


def test_a_late_zone_is_looked_for_when_it_is_asked_and_says_the_same() -> None:
    looked: list[str] = []

    def find() -> tzinfo:
        looked.append("once")
        return ZoneInfo("Europe/Berlin")

    late, berlin = LateZone(find), ZoneInfo("Europe/Berlin")
    assert looked == []
    for moment in MOMENTS:
        here, there = datetime.fromtimestamp(moment, late), datetime.fromtimestamp(moment, berlin)
        assert (here.replace(tzinfo=None), here.fold) == (there.replace(tzinfo=None), there.fold)
        assert here.utcoffset() == there.utcoffset()
        assert (here.dst(), here.tzname()) == (there.dst(), there.tzname())
        assert here.astimezone(UTC) == there.astimezone(UTC)
    assert looked == ["once"]
