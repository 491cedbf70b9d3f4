"""The 429 map: from hit to hit, in another zone, folded to weekdays, and without any hours at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from socd_tui.model.preferences import Preferences
from socd_tui.service.demo import DemoServer
from tests.clock import Clock
from tests.journeys.stage import Person, readout, service, visit

pytestmark = pytest.mark.anyio

WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
KOLKATA = ZoneInfo("Asia/Kolkata")


@pytest.fixture(scope="module")
def nested() -> Iterator[DemoServer]:
    """The same account in the payload shape that has no hours."""
    with service(Clock(), dialect="nested") as server:
        yield server


def hits(server: DemoServer, name: str = "threat-notebook", days: int = 14) -> dict[datetime, int]:
    """The hours with a 429, as the service knows them."""
    key = next(key for key in server.truth.keys if key.role.name == name)
    return dict(server.truth.traffic(key, days, Clock()()).throttled_by_hour)


def worst(found: dict[datetime, int]) -> datetime:
    return max(found, key=lambda hour: (found[hour], hour))


def hour(person: Person, zone: ZoneInfo | None = None) -> datetime:
    """The hour that the read-out line speaks of."""
    told = re.match(r"\w{3} +(\d+ \w{3}) (\d\d:\d\d)", readout(person))
    assert told, readout(person)
    at = datetime.strptime(f"2026 {told[1]} {told[2]}", "%Y %d %b %H:%M").replace(tzinfo=zone or UTC)
    return at.astimezone(UTC)


async def test_the_map_opens_on_the_worst_hour_and_m_comes_back_to_it(
    demo: DemoServer, tmp_path: Path
) -> None:
    found = hits(demo)
    top = worst(found)
    day = sum(n for at, n in found.items() if at.date() == top.date())
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.to("threat-notebook")
        await person.press("5")
        assert hour(person) == top
        assert f"{found[top]} throttled" in readout(person)
        assert f"of the day's {day:,}" in readout(person)
        await person.press("left", "down", "down")
        assert hour(person) == top - timedelta(days=2, hours=1)
        await person.press("m")
        assert hour(person) == top


async def test_n_and_shifted_n_go_from_hit_to_hit_over_quiet_hours_and_around_the_ends(
    demo: DemoServer, tmp_path: Path
) -> None:
    found = sorted(hits(demo))
    quiet_before = next(at for at in found if at - timedelta(hours=1) not in found)
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.to("threat-notebook")
        await person.press("5")
        at = found.index(hour(person))
        await person.press("N", "N")
        assert hour(person) == found[at - 2]
        await person.press("n", "n", "n")
        assert hour(person) == found[(at + 1) % len(found)]
        while hour(person) != found[-1]:
            await person.press("n")
        await person.press("n")
        assert hour(person) == found[0] == quiet_before
        await person.press("N")
        assert hour(person) == found[-1]


async def test_from_a_quiet_hour_n_finds_the_next_hit_and_shifted_n_the_one_before(
    demo: DemoServer, tmp_path: Path
) -> None:
    found = sorted(hits(demo))
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.to("threat-notebook")
        await person.press("5", *["down"] * 6)
        assert hour(person) < found[0]
        assert readout(person).split("  ")[1] == "0 throttled"
        await person.press("n")
        assert hour(person) == found[0]
        await person.press("left", "N")
        assert hour(person) == found[-1]


async def test_a_key_without_a_429_has_a_map_of_zeros_and_nothing_to_jump_to(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("5")
        before = hour(person)
        await person.press("n", "N", "m")
        assert hour(person) == before
        assert "0 throttled" in readout(person)
        assert "total 0" in person.text


async def test_u_shows_the_local_zone_says_where_its_hours_start_and_keeps_the_hour(
    demo: DemoServer, tmp_path: Path
) -> None:
    top = worst(hits(demo))
    async with visit(demo, tmp_path, clock=Clock(), preferences=Preferences(zone=KOLKATA)) as person:
        await person.to("threat-notebook")
        await person.press("5")
        assert any(re.search(r" UTC +00 +0", line) for line in person.pane)
        await person.press("u")
        assert any(re.search(r" IST :30 +00 +0", line) for line in person.pane)
        assert f"{top.astimezone(KOLKATA):%H}:30" in readout(person)
        assert "IST" in readout(person)
        assert hour(person, KOLKATA) == top
        await person.press("left", "u")
        assert hour(person) == top - timedelta(hours=1)
        assert "UTC" in readout(person)
        assert "IST" not in person.text


async def test_another_zone_moves_hits_to_other_days_but_loses_none(demo: DemoServer, tmp_path: Path) -> None:
    found = hits(demo)
    by_day = Counter[str]()
    for at, n in found.items():
        by_day[f"{at.astimezone(KOLKATA):%a %d %b}"] += n
    async with visit(demo, tmp_path, clock=Clock(), preferences=Preferences(zone=KOLKATA)) as person:
        await person.to("threat-notebook")
        await person.press("5", "u")
        for day, count in by_day.items():
            assert any(day in line and f"{count:,}" in line for line in person.pane)
        assert f"total {sum(found.values()):,}" in person.text


async def test_f_folds_to_weekdays_and_back_and_the_cursor_stays_on_its_hour(
    demo: DemoServer, tmp_path: Path
) -> None:
    found = hits(demo)
    top = worst(found)
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.to("threat-notebook")
        await person.press("5", "left", "f")
        at = top - timedelta(hours=1)
        of_weekday = sum(n for each, n in found.items() if each.weekday() == at.weekday())
        in_cell = sum(
            n for each, n in found.items() if (each.weekday(), each.hour) == (at.weekday(), at.hour)
        )
        assert re.findall(r"[ ▸]([A-Z][a-z]{2})  +[·░▒▓█\[]", "\n".join(person.pane)) == WEEKDAYS
        assert any("Sat " in line and f"{of_weekday:,}" in line for line in person.pane)
        assert readout(person).startswith(f"Saturdays {at:%H}:00 UTC  {in_cell} throttled  2 such hours")
        await person.press("f")
        assert hour(person) == at


async def test_enter_on_an_hour_opens_its_day_in_the_series(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), preferences=Preferences(zone=KOLKATA)) as person:
        await person.to("threat-notebook")
        await person.press("5", "m", "up")
        day = hour(person)
        await person.press("down", "down", "enter")
        assert "requests/day" in person.text
        before = day - timedelta(days=2)
        assert readout(person).startswith(f"{before:%a} {before.day} Nov")


async def test_enter_on_a_local_hour_opens_the_day_the_service_counts_it_in(
    demo: DemoServer, tmp_path: Path
) -> None:
    top = worst(hits(demo))
    async with visit(demo, tmp_path, clock=Clock(), preferences=Preferences(zone=KOLKATA)) as person:
        await person.to("threat-notebook")
        await person.press("5", "u")
        assert top.astimezone(KOLKATA).date() != top.date()
        await person.press("enter")
        assert readout(person).startswith(f"{top:%a %d %b}")


@pytest.mark.parametrize(
    ("size", "listed"), [((80, 24), ""), ((120, 24), "idle-lab"), ((160, 24), "idle-lab")]
)
async def test_without_hours_it_says_so_in_words_and_shows_the_endpoints(
    nested: DemoServer, tmp_path: Path, size: tuple[int, int], listed: str
) -> None:
    paths = nested.truth.traffic(nested.truth.keys[2], 14, Clock()()).by_path(429, 429)
    async with visit(nested, tmp_path, clock=Clock(), size=size) as person:
        await person.to("MISP sync")
        await person.press("5")
        await person.shows("The service sent no hourly figures.", "429 by endpoint instead:", listed)
        for path, n in paths.items():
            assert any(path in line and f"{n:,}" in line for line in person.pane)
        before = person.text
        await person.press("n", "N", "m", "left", "enter")
        assert person.text == before
