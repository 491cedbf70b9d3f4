"""Numbers as text: exact first, shorter when there is no room, and never a rounding that lies."""

from __future__ import annotations

from datetime import date, datetime, timedelta


def exact(value: int | None, unknown: str = "—") -> str:
    """142,587; or the mark for "the service did not say"."""
    return unknown if value is None else f"{value:,}"


def short(value: int | None, unknown: str = "—") -> str:
    """142.6k, 1.2M: four significant figures at most, exact below 10,000."""
    if value is None or value < 10_000:
        return exact(value, unknown)
    scaled = float(value)
    for unit in ("k", "M", "G", "T", "P"):
        scaled /= 1000
        if scaled < 999.95:
            return f"{scaled:.1f}{unit}"
    return f"{scaled:.0f}{unit}"


def forms(value: int | None, unknown: str = "—") -> tuple[str, ...]:
    """A count at each of a table's levels: exact as long as it can be, then short."""
    return exact(value, unknown), exact(value, unknown), short(value, unknown)


def percent(fraction: float | None, unknown: str = "—") -> str:
    """A fraction of 1 as per cent: exactly 0 and 100 stand alone, tiny is "<0.1%", nearly all ">99.9%"."""
    if fraction is None:
        return unknown
    if fraction in (0, 1):
        return f"{fraction:.0%}"
    if 0 < fraction < 0.001:
        return "<0.1%"
    if 0.9995 <= fraction < 1:
        return ">99.9%"
    return f"{fraction:.1%}" if fraction < 10 else f"{fraction:,.0%}"


def millis(value: float | None, unknown: str = "—") -> str:
    """A latency in whole milliseconds; below ten, one decimal when it has one."""
    if value is None:
        return unknown
    if value < 10 and value != int(value):
        return f"{value:.1f}"
    return f"{value:,.0f}"


def day_name(day: date, pad: int = 1) -> str:
    """Thu 14 May; `pad` 2 lines up the days of a column."""
    return f"{day:%a} {day.day:>{pad}} {day:%b}"


def date_range(start: date, end: date) -> str:
    """17 Apr–16 May; one day alone; the year is added when the range leaves one."""
    if start == end:
        return f"{start.day} {start:%b}"
    year = f" {start.year}" if start.year != end.year else ""
    last = f" {end.year}" if year else ""
    return f"{start.day} {start:%b}{year}–{end.day} {end:%b}{last}"


def age(since: datetime, now: datetime) -> str:
    """How long ago, in the two words a person needs: now, 40 s, 18 min, 5 h, 3 d."""
    passed = max(now - since, timedelta(0))
    if passed < timedelta(seconds=5):
        return "now"
    return duration(passed)


def duration(length: timedelta) -> str:
    """A length of time in its largest whole unit: 40 s, 18 min, 5 h, 3 d."""
    seconds = int(length.total_seconds())
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
