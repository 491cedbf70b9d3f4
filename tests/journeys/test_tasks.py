"""What people open the program for: each answer is on 80x24 after few keys, in words and in figures."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from socd_tui.analysis.pair import pair
from socd_tui.model.lens import Lens
from socd_tui.model.preferences import Preferences
from socd_tui.service.demo import DemoServer
from socd_tui.service.demo.truth import Traffic
from tests.clock import NOW, Clock
from tests.journeys.stage import Person, named, renamed, service, visit
from tests.journeys.test_comparing import whole_days

pytestmark = pytest.mark.anyio

SMALL = (80, 24)
DAYS = 7
KOLKATA = ZoneInfo("Asia/Kolkata")


async def after(person: Person, *keys: str, most: int) -> None:
    """Presses the keys one by one, as many as the task may take, and waits for what they ask for."""
    assert len(keys) <= most
    for key in keys:
        await person.press(key)
        await person.rests()


def told(person: Person, *parts: str) -> bool:
    """Whether the parts stand on the screen in their order, over however many lines."""
    rest = " ".join(person.text.split())
    for part in parts:
        if part not in rest:
            return False
        rest = rest[rest.index(part) + len(part) :]
    return True


def truth(server: DemoServer, name: str, days: int = DAYS) -> Traffic:
    """What the service knows of a key."""
    return server.truth.traffic(named(server, name), days, NOW)


def total(server: DemoServer, name: str, on: date) -> int:
    return sum(server.truth.day(named(server, name), on).counts().values())


def all_of(server: DemoServer, days: int = DAYS) -> list[Traffic]:
    """Of every key that answers."""
    return [server.truth.traffic(key, days, NOW) for key in server.truth.keys if not key.role.missing]


def short_day(day: date) -> str:
    return f"{day.day} {day:%b}"


async def test_who_burns_the_limit_is_told_before_any_key(demo: DemoServer, tmp_path: Path) -> None:
    since = date(2026, 11, 19)
    rate = median(total(demo, "threat-notebook", since + timedelta(days=n)) for n in range(3))
    ago = (since + timedelta(days=day - 7 * week) for day in range(4) for week in range(1, 9))
    usual = median(total(demo, "threat-notebook", day) for day in ago)
    refused = sum(each.by_status().get(429, 0) for each in all_of(demo))
    async with visit(demo, tmp_path, clock=Clock(), size=SMALL, days=DAYS, landing=True) as person:
        await after(person, most=1)
        assert told(person, "burning", "threat-notebook", "x since 19 Nov")
        assert told(person, "cap", "2 of 10 reached it", "1 day, 2 minute")
        assert told(person, "refused (429)", f"{refused:,}")
        assert told(person, "!! threat-notebook", f"{rate:,.0f} req/day since 19 Nov", "99% /api/v1/iocs")
        (times,) = {int(found) for found in re.findall(r" (\d+)x ", person.text)}
        assert times == pytest.approx(rate / usual, rel=0.2)  # what is usual weighs the days


async def test_will_the_notebook_hit_its_cap_and_should_i_buy_pro(demo: DemoServer, tmp_path: Path) -> None:
    key = named(demo, "threat-notebook")
    async with visit(demo, tmp_path, clock=Clock(), size=SMALL, days=DAYS, landing=True) as person:
        await after(person, "8", most=1)
        assert told(person, f"day 100% of {key.limit_per_day:,} over")
        assert told(person, "ahead", "day cap reached on Sun 22 Nov", "tier: stay")
        assert told(person, "do not buy Pro for this: without the runaway its usual is", "of 1,000 a day")
        await after(person, "6", most=1)
        assert told(person, "▸threat-n", "100%", "1,000 over", "reached", "stay")
        assert told(person, "day cap forecast", "reached each day since Thu 19 Nov")


async def test_what_fails_for_soar_besides_429_since_when_which_codes_and_what_to_do(
    demo: DemoServer, tmp_path: Path
) -> None:
    traffic = truth(demo, "SOAR enrichment")
    codes, of = traffic.by_status(), traffic.total
    client = traffic.answered(400, 499) - codes.get(429, 0)
    server = traffic.answered(500, 599)
    async with visit(demo, tmp_path, clock=Clock(), size=SMALL, days=DAYS, landing=True) as person:
        await after(person, "4", most=2)
        assert "SOAR enrichment" in person.head
        assert told(person, f"4xx without 429 {client / of:.1%} usual", f"{client:,} of {of:,} req")
        assert told(
            person, f"5xx {server / of:.1%} errors 2.1% to 8.6% {server:,} of {of:,} req since 17 Nov"
        )
        for code, words in ((500, "server error"), (503, "unavailable"), (404, "not found")):
            assert told(person, f"{code} {words} {codes[code]:,}", f"{codes[code] / of:.1%}")
        assert told(person, "500: a fault of the service: retry with growing pauses; report the request id")


async def test_when_misp_is_refused_in_local_time_and_which_hours_are_quiet(
    demo: DemoServer, tmp_path: Path
) -> None:
    """The zone was chosen at an earlier visit, and is remembered."""
    hours = dict(truth(demo, "MISP sync").throttled_by_hour)
    of_hour = Counter[int]()
    for hour, count in hours.items():
        of_hour[hour.astimezone(KOLKATA).hour] += count
    fewest = min(of_hour, key=of_hour.__getitem__)
    worst = max(hours, key=lambda hour: (hours[hour], hour)).astimezone(KOLKATA)
    async with visit(
        demo,
        tmp_path,
        clock=Clock(),
        size=SMALL,
        lens=Lens(days=DAYS, local=True),
        preferences=Preferences(zone=KOLKATA),
        landing=True,
    ) as person:
        await after(person, "down", "5", most=2)
        assert "MISP sync" in person.head
        over = [count for hour, count in hours.items() if hour + timedelta(hours=1) <= NOW]
        low, high = min(over), max(over)
        assert told(person, f"Throttled in every hour of 7 days, {low} to {high} an hour.")
        assert told(person, f"No quiet hour to move a job to (fewest at {fewest}:30, {of_hour[fewest]}).")
        assert told(person, "Cause: minute cap (100 of 100). The day cap was never near")
        assert told(person, "IST :30", f"{worst:%a %d %b %H:%M}", f"IST {high} throttled")


async def test_this_week_against_last_for_two_keys(demo: DemoServer, tmp_path: Path) -> None:
    chosen = pair("calendar_week", NOW.date(), DAYS)
    async with visit(demo, tmp_path, clock=Clock(), size=SMALL, days=DAYS, landing=True) as person:
        await after(person, "space", "down", "space", "c", "c", most=5)
        assert "week 16 Nov–21 Nov vs 9 Nov–14 Nov" in person.text
        for name in ("threat-notebook", "MISP sync"):
            now, before = (
                whole_days(demo, named(demo, name), window).total() for window in (chosen.now, chosen.before)
            )
            assert told(person, f"●{name}", f"{truth(demo, name).total:,}", f"{now - before:+,} ▲")


async def test_a_filter_and_an_order_are_made_and_undone_in_twelve_keys(
    demo: DemoServer, tmp_path: Path
) -> None:
    throttled = truth(demo, "threat-notebook").by_status()[429]
    async with visit(demo, tmp_path, clock=Clock(), size=SMALL, days=DAYS, landing=True) as person:
        before = person.text
        undone = ("escape", "escape")
        keys = ("slash", *"err%>5", "enter", "S", "4")
        await after(person, *keys, most=12 - len(undone))
        assert "filter err%>5  by 429" in person.head + person.lines[2]
        assert person.at == "threat-notebook"
        assert told(person, "429▼", "▸threat-notebook", f"{throttled:,}", "MISP sync", "total 6 keys")
        await after(person, *undone, most=2)
        assert person.text == before


async def test_one_of_three_hundred_keys_is_opened_by_a_part_of_its_name_and_two_keys(tmp_path: Path) -> None:
    with service(Clock(), keys=300) as server:
        renamed(server, *(f"{key.role.name} {n}" for n, key in enumerate(server.truth.keys)))
        name = server.truth.keys[217].role.name
        part = f"{name[:3].lower()}217"
        total = f"{truth(server, name).total:,}"
        for key in server.truth.keys:  # drawn before it is asked: a slow machine's answer is in time, too
            server.truth.lifetime(key, NOW)
        async with visit(server, tmp_path, clock=Clock(), size=SMALL, days=DAYS, patient=False) as person:
            await person.shows("all 300 keys")
            await person.press("colon", *part, "enter")
            assert person.at == name
            await person.shows(name, f"requests {total} in 7 d")


async def test_one_key_leads_back_to_the_map_after_a_look_at_a_day(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=SMALL, days=DAYS, landing=True) as person:
        await after(person, "5", "up", "down", "left", most=4)
        shown = person.text
        await after(person, "enter", most=1)
        assert person.app.lens.view == "series"
        await after(person, "escape", most=1)
        assert person.text == shown


async def test_which_key_ends_soon_and_which_has_ended_and_is_still_asked(
    demo: DemoServer, tmp_path: Path
) -> None:
    old, contractor = (truth(demo, name).total for name in ("Old dashboard", "Contractor read-only"))
    async with visit(demo, tmp_path, clock=Clock(), size=SMALL, days=DAYS, landing=True) as person:
        assert told(person, "Old dashboard revoked on Tue 10 Nov, yet asked", f"{old} times in 7 d")
        assert told(person, "1 expiring Wed 25 Nov")
        await after(person, "down", "down", "down", "down", most=4)
        assert told(person, "▸! Contractor read-only expires on Wed 25 Nov", f"{contractor} req in 7 d")


async def test_a_ticket_for_what_fails_is_copied(demo: DemoServer, tmp_path: Path) -> None:
    traffic = truth(demo, "SOAR enrichment")
    count = traffic.by_status()[500]
    async with visit(demo, tmp_path, clock=Clock(), size=SMALL, days=DAYS, landing=True) as person:
        await after(person, "4", "y", most=2)
        ticket = person.app.clipboard
        assert "API status 500 server error\nKey: 'SOAR enrichment#" in ticket
        assert f"Count: {count:,} of {traffic.total:,} requests" in ticket
        assert "since Tue 17 Nov (UTC)" in ticket
        assert "What to do: retry with growing pauses" in ticket


async def test_which_keys_ask_the_busiest_endpoint_and_how_much_each(
    demo: DemoServer, tmp_path: Path
) -> None:
    asked = {
        key.role.name: traffic.by_path()["/api/v1/iocs"]
        for key in demo.truth.keys
        if not key.role.missing
        and "/api/v1/iocs" in (traffic := demo.truth.traffic(key, DAYS, NOW)).by_path()
        and key.role.name != "dev sandbox"
    }
    async with visit(demo, tmp_path, clock=Clock(), size=SMALL, days=DAYS, landing=True) as person:
        await after(person, "0", "3", most=2)
        total = sum(each.by_path().get("/api/v1/iocs", 0) for each in all_of(demo))
        share = f"{asked['threat-notebook'] / total:.1%}"
        assert told(person, "/api/v1/iocs", f"{total:,} req", "asked by 7 of 9 keys")
        assert told(person, "'threat-notebook#2zBT'", share, "'Production SIEM#dSsJ'")
        await after(person, "enter", most=1)
        for name, count in asked.items():
            assert told(person, f"{name}#", f"{count:,}")
        assert told(person, "'threat-notebook#2zBT' runs away since Thu 19 Nov", "98.8% of it here")


async def test_the_busiest_day_of_a_month_of_all_keys(demo: DemoServer, tmp_path: Path) -> None:
    days = [NOW.date() - timedelta(days=n) for n in range(1, 30)]
    answering = [key for key in demo.truth.keys if not key.role.missing]
    counts = {day: sum(sum(demo.truth.day(key, day).counts().values()) for key in answering) for day in days}
    worst = max(days, key=counts.__getitem__)
    refused = sum(
        count
        for key in answering
        for (_, code), count in demo.truth.day(key, worst).counts().items()
        if code == 429
    )
    async with visit(demo, tmp_path, clock=Clock(), size=SMALL, days=DAYS, landing=True) as person:
        keys = ("0", "2", "right_square_bracket", "right_square_bracket", "m")
        await after(person, *keys, most=5)
        assert told(person, "all 10 keys", "30 d")
        assert told(person, f"peak {counts[worst]:,} on {worst:%a} {short_day(worst)}")
        readout = f"{worst:%a} {short_day(worst)} {counts[worst]:,} req {refused:,} refused, 429"
        assert told(person, readout, f"({refused / counts[worst]:.1%})")
        assert told(person, "threat-notebook#2zBT runs away")
