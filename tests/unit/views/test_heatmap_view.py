"""The 429 map: what it says in words, how it uses its room, and what its shades stand for."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from socd_tui.charts.canvas import Canvas, plain
from socd_tui.charts.glyphs import ASCII, FULL, SHADE, Glyphs
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.model.preferences import Preferences
from tests.build import NOW, figures, fleet, hours, key, pane, rows, usage

LENS = Lens(view="heatmap", days=7)
START = datetime(2026, 11, 16, tzinfo=UTC)
USUAL = Canvas(80, 24)
HOURS = 6 * 24 + 15
INDIA = Preferences(zone=ZoneInfo("Asia/Kolkata"))


def throttled(
    counts: dict[datetime, int],
    *,
    peaks: tuple[int | None, int | None] = (100, 660),
    owner: ApiKey | None = None,
    total: int | None = None,
) -> Fleet:
    """One key of 100 requests a minute and 10,000 a day, refused in these hours."""
    answer = usage(
        "a",
        requests=50_000,
        throttled=sum(counts.values()) if total is None else total,
        hours=hours(counts),
        days=rows(7, lambda _: (7000, 0)),
        peak_per_minute=peaks[0],
        peak_per_day=peaks[1],
    )
    owner = owner or key("a", limit_per_minute=100, limit_per_day=10_000)
    return fleet(answer, keys=[owner])


def hits(step: int = 1, start: int = 0, end: int = HOURS, count: int = 0) -> dict[datetime, int]:
    return {START + timedelta(hours=n): count or 28 + n % 56 for n in range(start, end, step)}


def lines(of: Fleet, canvas: Canvas = USUAL, lens: Lens = LENS, zone: Preferences = INDIA) -> list[str]:
    return plain(pane(of, lens, zone).draw(canvas)).split("\n")


def said(of: Fleet, width: int = 160, lens: Lens = LENS) -> str:
    """All that is told in words."""
    told = lines(of, Canvas(width, 40), lens)
    return " ".join(
        line.strip() for line in told[: next(n for n, line in enumerate(told) if " 00  " in line)]
    )


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (hits(), "Throttled in every hour of 7 days, 28 to 83 an hour."),
        (hits(step=2), "Throttled in 80 of 159 hours, 28 to 82 an hour."),
        (hits(start=72), "Throttled in every hour since Thu 19 Nov 00:00, 28 to 83 an hour."),
        (hits(step=3, start=72), "Throttled in 29 of 87 hours since Thu 19 Nov 00:00,"),
        (hits(end=48), "the last Tue 17 Nov 23:00."),
        ({START: 12}, "Throttled in one hour, Mon 16 Nov 00:00: 12 times."),
        ({}, "No request was refused in 7 days."),
    ],
)
def test_it_says_first_when_and_how_often(counts: dict[datetime, int], sentence: str) -> None:
    assert sentence in said(throttled(counts))


def test_where_hours_are_not_all_told_it_does_not_say_every_hour() -> None:
    part = throttled({START: 12}, total=200)
    assert "every" not in said(part)
    assert "No quiet" not in said(part)
    assert "at which hours is not told" in said(throttled({}, total=200))


def test_quiet_hours_are_named_in_the_zone_shown() -> None:
    nights = throttled(hits(step=24, start=2) | hits(step=24, start=14))
    assert "Quiet hours, to move a job to: 03:00–13:59, 15:00–01:59." in said(nights)
    local = Lens(view="heatmap", days=7, local=True)
    assert "Quiet hours, to move a job to: 08:30–19:29, 20:30–07:29." in said(nights, lens=local)


def test_without_a_quiet_hour_it_names_the_calmest() -> None:
    counts = {**hits(count=40), **hits(step=24, start=5, count=3)}
    assert "No quiet hour to move a job to (fewest at 05:00, 21)." in said(throttled(counts))


@pytest.mark.parametrize(
    ("peaks", "sentence"),
    [
        ((100, 660), "Cause: minute cap (100 of 100). The day cap was never near (6.6%)."),
        ((100, 9_200), "Cause: minute cap (100 of 100). The day cap came near (92.0%)."),
        ((40, 10_000), "Cause: day cap (10,000 of 10,000). The minute cap was never near (40.0%)."),
        ((120, 10_400), "Cause: both caps were reached: minute 120 of 100, day 10,400 of 10,000."),
        ((40, 660), "Neither cap shows as reached: minute 40.0%, day 6.6% at most."),
        ((None, None), "Which cap refused is not told."),
        ((100, None), "Cause: minute cap (100 of 100); the day cap's peak is not told."),
    ],
)
def test_it_says_which_cap_refused_and_how_near_the_other_was(
    peaks: tuple[int | None, int | None], sentence: str
) -> None:
    assert sentence in said(throttled(hits(), peaks=peaks))


def test_of_several_keys_it_says_whose_429s_they_are() -> None:
    answers = [
        usage(name, requests=900, throttled=n, hours=hours({START: n} if n else {}), peak_per_minute=peak)
        for name, n, peak in (("small", 3, 10), ("large", 70, 2), ("none", 0, 1))
    ]
    keys = [key(answer.key_id, limit_per_minute=10) for answer in answers]
    assert "Of large#large 70, small#small 3 (minute cap)." in said(fleet(*answers, keys=keys))


@pytest.mark.parametrize("height", [9, 12, 20, 45])
def test_hours_are_as_wide_as_there_is_room_for_beside_total_and_share(height: int) -> None:
    """Two columns from 80 on, three from 100 on, and none is narrower on a wider screen."""
    before = 0
    for width in range(40, 201):
        told = lines(throttled(hits()), Canvas(width, height))
        row = next(line for line in told if " 21 Nov " in line)
        shades = max(map(len, re.findall(r"[░▒▓█\[\]]+", row)))
        assert shades >= max(before, 24 * (3 if width >= 100 else 2 if width >= 76 else 1)), width
        assert len(row) <= width
        assert "%" in row or width < 51 or 67 <= width < 75, (width, row)
        before = shades


def test_sums_by_hour_fill_their_columns() -> None:
    told = lines(throttled(hits()))
    bars = next(line for line in told if line.startswith(" by hour"))[12:60]
    assert " " not in bars


@pytest.mark.parametrize("glyphs", [FULL, SHADE, ASCII], ids=lambda glyphs: glyphs.level)
def test_zero_has_one_mark_in_map_sums_and_legend(glyphs: Glyphs) -> None:
    told = lines(throttled(hits(step=24, start=2)), Canvas(80, 24, glyphs))
    day, sums, legend = (
        next(line for line in told if beginning in line) for beginning in ("Fri 20 Nov", "by hour", " 0  ")
    )
    assert legend.strip().startswith(f"{glyphs.zero} 0")
    assert day[12] == sums[12] == glyphs.zero


def test_the_scale_is_the_keys_own_until_one_for_all_is_asked_for() -> None:
    small, large = (
        usage(name, requests=900, throttled=n, hours=hours({START: n})) for name, n in (("s", 8), ("l", 400))
    )
    both = fleet(small, large)
    own = Lens(view="heatmap", days=7, focus="s")
    shared = Lens(view="heatmap", days=7, focus="s", rescaled=frozenset({"heatmap"}))
    assert "█ 7–8 an hour (this key)" in lines(both, lens=own)[-2]
    assert "█ 301–400 an hour (one scale, all keys)" in lines(both, lens=shared)[-2]
    assert "██" not in "\n".join(lines(both, lens=shared)[2:5])
    assert (
        "█ 7–8 an hour (this key)"
        in lines(both, lens=Lens(view="heatmap", days=7, focus="s", rescaled=frozenset({"overview"})))[-2]
    )


def test_no_row_is_of_a_day_that_has_not_begun_where_the_person_is() -> None:
    late = NOW.replace(hour=17, minute=11)
    answer = usage("a", now=late, throttled=0, hours=())
    local = Lens(view="heatmap", days=7, local=True)
    told = lines(fleet(answer, listed_at=late), lens=local)
    assert any("Sun 22 Nov" in line for line in told)
    assert not any("23 Nov" in line for line in told)
    assert any(line.startswith(" IST :30") for line in told)


def test_a_single_hour_is_one_such_hour() -> None:
    folded = Lens(view="heatmap", days=7, folded=True)
    assert lines(throttled({START: 12}), lens=folded)[-1].endswith(
        "1 such hour in the window  100% of all 12"
    )


def test_longer_windows_scroll_and_say_which_days_are_shown() -> None:
    answer = usage("a", 30, throttled=200, hours=hours({START: 200}))
    told = lines(fleet(answer), lens=Lens(view="heatmap", days=30))
    assert any(re.search(r"days \d+–\d+ of 30", line) for line in told)
    assert any(
        re.search(r"\d+–\d+/30", line)
        for line in lines(fleet(answer), Canvas(40, 12), Lens(view="heatmap", days=30))
    )


def test_the_document_has_the_same_in_utc_figures() -> None:
    data = figures(throttled(hits(step=24, start=2)), LENS)
    assert data["hours_hit"] == 7
    assert data["hours_told"] == HOURS
    assert data["quiet_hours"] == [x for x in range(24) if x != 2]
    assert data["limits_reached"] == {"a": ["minute"]}
    quiet = figures(throttled({}), LENS)
    assert (quiet["hours_hit"], quiet["limits_reached"]) == (0, {})
