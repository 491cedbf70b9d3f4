"""Numbers, dates and durations as text. A rounded number never looks like an exact 0 or 100 %."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from socd_tui.clock import duration


def exact(value: int | None, unknown: str = "—") -> str:
    """142,587; or `unknown` for a figure that the service did not give."""
    return unknown if value is None else f"{value:,}"


_SHORTENED = 10_000
"""Counts from which the short form is another."""


def short(value: int | None, unknown: str = "—") -> str:
    """142.6k, 1.2M: at most four significant digits, exact below 10,000."""
    if value is None or value < _SHORTENED:
        return exact(value, unknown)
    scaled = float(value)
    for unit in ("k", "M", "G", "T", "P"):
        scaled /= 1000
        if scaled < 999.95:
            return f"{scaled:.1f}{unit}"
    return f"{scaled:.0f}{unit}"


def brief(value: int) -> str:
    """999, 1.2k, 36k, 151k, 1.2M: at most four characters up to a thousand billions, for a bar's number."""
    if value < 1000:
        return str(value)
    scaled = float(value)
    for unit in ("k", "M", "G", "T", "P"):
        scaled /= 1000
        if scaled < 9.95:
            return f"{scaled:.1f}{unit}"
        if scaled < 999.5:
            break
    return f"{scaled:.0f}{unit}"


def forms(value: int | None, unknown: str = "—") -> tuple[str, ...]:
    """A count at levels 0, 1 and 2 of a table: exact at the first two, then short."""
    full = exact(value, unknown)
    return full, full, full if value is None or value < _SHORTENED else short(value)


def dollars(cents: int) -> str:
    """131.86: always two digits of cents, so that a column adds up by eye."""
    return f"{cents // 100}.{cents % 100:02}"


def percent(fraction: float | None, unknown: str = "—") -> str:
    """A fraction of 1 in per cent; "0%" and "100%" only when exactly that, else "<0.1%" or ">99.9%"."""
    if fraction is None:
        return unknown
    if 0.001 <= fraction < 0.9995:
        return f"{fraction:.1%}"
    if fraction in (0, 1):
        return f"{fraction:.0%}"
    if 0 < fraction < 0.001:
        return "<0.1%"
    if 0.9995 <= fraction < 1:
        return ">99.9%"
    return f"{fraction:.1%}" if fraction < 10 else f"{fraction:,.0%}"


def millis(value: float | None, unknown: str = "—") -> str:
    """A latency in ms, without decimals; below 10 ms with one, if it is not a whole number."""
    if value is None:
        return unknown
    if value < 10 and value != int(value):
        return f"{value:.1f}"
    return f"{value:,.0f}"


YEAR_FROM = timedelta(days=334)
"""From this age on, eleven months, a day and month might be taken for those of another year."""


def short_day(day: date, today: date | None = None) -> str:
    """14 May; 14 May 2025 where that is long before `today`."""
    return f"{day.day} {day:%b}{_year(day, today)}"


def day_name(day: date, pad: int = 1, today: date | None = None) -> str:
    """Thu 14 May; with `pad` 2 the days of a column are aligned; with its year where `short_day` has it."""
    return f"{day:%a} {day.day:>{pad}} {day:%b}{_year(day, today)}"


def _year(day: date, today: date | None) -> str:
    return f" {day.year}" if today is not None and today - day > YEAR_FROM else ""


def date_range(start: date, end: date, today: date | None = None) -> str:
    """17 Apr–16 May; one date when both are the same; with years when these differ, or `end` is long past."""
    if start == end:
        return short_day(start, today)
    year = f" {start.year}" if start.year != end.year else ""
    last = f" {end.year}" if year or _year(end, today) else ""
    return f"{start.day} {start:%b}{year}–{end.day} {end:%b}{last}"


def moment(at: datetime, now: datetime | None = None) -> str:
    """14:20 on the day of `now`, else with its date: Thu 14 May 14:20."""
    time = f"{at:%H:%M}"
    today = None if now is None else now.date()
    return time if at.date() == today else f"{day_name(at.date(), today=today)} {time}"


def age(since: datetime, now: datetime) -> str:
    """How long ago, in its largest whole unit: now (below 5 s), 40 s, 18 min, 5 h, 3 d."""
    elapsed = max(now - since, timedelta(0))
    if elapsed < timedelta(seconds=5):
        return "now"
    return duration(elapsed)
