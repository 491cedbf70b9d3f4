"""The zone of this machine: what says it, and in which order it is asked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from socd_tui.commands.parts.zone import local_zone
from tests.clock import Clock

RULE = "CET-1CEST,M3.5.0,M10.5.0/3"
"""A zone written as a rule of POSIX, which has no name in the zone database."""

WINTER, SUMMER = (Clock(datetime(2026, month, 15, 12, tzinfo=UTC)) for month in (1, 7))


def test_the_variable_wins_over_the_systems_zone_file(tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    assert local_zone(WINTER, {"TZ": ":Asia/Kolkata"}, link) == ZoneInfo("Asia/Kolkata")
    assert local_zone(WINTER, {}, link) == ZoneInfo("Europe/Berlin")
    assert local_zone(WINTER, {"TZ": RULE}, link) == ZoneInfo("Europe/Berlin")


@pytest.fixture
def by_rule(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as changed:
        changed.setenv("TZ", RULE)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("by_rule")
@pytest.mark.parametrize(("clock", "hours"), [(WINTER, 1), (SUMMER, 2)])
def test_without_a_name_the_offset_of_the_moment_is_taken(tmp_path: Path, clock: Clock, hours: int) -> None:
    assert local_zone(clock, {"TZ": RULE}, tmp_path / "absent").utcoffset(None) == timedelta(hours=hours)
