"""A window as a person types it in the program: days, weeks, or since when."""

from __future__ import annotations

import re
from datetime import date, timedelta

from socd_tui.model.days import MIN_DAYS
from socd_tui.model.errors import UsageError
from socd_tui.model.text import inert
from socd_tui.model.window import REMEMBERED

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
         "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
         "tues", "weds", "thur", "thurs", "sept")  # fmt: skip

_LENGTH = re.compile(r"(?:last )?(?P<count>[0-9]{1,6}) ?(?P<unit>d|days?|w|weeks?)?")
_SINCE = re.compile(r"(?:since|from) (?P<when>.+)")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_DAY_MONTH = re.compile(r"(?P<day>[0-9]{1,2})\.? (?P<month>[a-z]+)\.?(?: (?P<year>[0-9]{4}))?")
_MONTH_DAY = re.compile(r"(?P<month>[a-z]+)\.? (?P<day>[0-9]{1,2})(?:,? (?P<year>[0-9]{4}))?")

FORMS = "30, 30d, 2w, since 24 Nov, since Mon, this month, or all"
"""What is understood, in words."""
DATES = "2026-11-24, 24 Nov, Mon or yesterday"
"""What is understood of a date alone."""


def parse_window(text: str, remembered: int, today: date) -> int:
    """Its length in days, as long as days may be remembered. Raises UsageError.

    Every window ends today, a UTC date; a date without a year is the latest such one.
    """
    typed = " ".join(inert(text).lower().split())
    if typed == "all":
        return remembered
    most = max(remembered, *REMEMBERED)
    days = _days(typed, today)
    if days is None:
        raise UsageError(f"'{typed[:30]}' is not a window.", f"Write {FORMS}.")
    if days < MIN_DAYS and _LENGTH.fullmatch(typed) is None:
        raise UsageError(f"'{typed[:30]}' is after today, {_written(today)} UTC.", "A window ends today.")
    if not MIN_DAYS <= days <= most:
        raise UsageError(
            f"'{typed[:30]}' is not a window.",
            f"Give a whole number of days from {MIN_DAYS} to {most}, or all.",
        )
    return days


def parse_date(text: str, today: date) -> date:
    """A date up to today, UTC, as a person types it. Raises UsageError."""
    typed = " ".join(inert(text).lower().split())
    day = (
        today if typed == "today" else None if typed.startswith("this ") else _date(typed, today, since=True)
    )
    if day is None:
        raise UsageError(f"'{typed[:30]}' is not a date.", f"Write {DATES}.")
    if day > today:
        raise UsageError(f"'{typed[:30]}' is after today, {_written(today)} UTC.", "A window ends today.")
    return day


def _days(typed: str, today: date) -> int | None:
    """The number of days meant; None when that cannot be told."""
    length = _LENGTH.fullmatch(typed)
    if length is not None:
        return int(length["count"]) * (7 if (length["unit"] or "d").startswith("w") else 1)
    since = _SINCE.fullmatch(typed)
    first = _date(since["when"] if since else typed, today, since=since is not None)
    return None if first is None else (today - first).days + 1


def _date(when: str, today: date, *, since: bool) -> date | None:
    """The first date of the window. Words that name one day alone need a "since"."""
    if when in ("today", "this week", "this month", "this year"):
        back = {"week": today.weekday(), "month": today.day - 1, "year": today.timetuple().tm_yday - 1}
        return today - timedelta(days=back.get(when.partition(" ")[2], 0))
    if not since:
        return None
    if when == "yesterday":
        return today - timedelta(days=1)
    if _named(when, _WEEKDAYS) is not None:
        return today - timedelta(days=(today.weekday() - (_named(when, _WEEKDAYS) or 0)) % 7)
    if (iso := _ISO.fullmatch(when)) is not None:
        return _real(int(iso["year"]), int(iso["month"]), int(iso["day"]))
    found = _DAY_MONTH.fullmatch(when) or _MONTH_DAY.fullmatch(when)
    month = _named(found["month"], _MONTHS) if found else None
    if found is None or month is None:
        return None
    if found["year"]:
        return _real(int(found["year"]), month + 1, int(found["day"]))
    tries = (_real(today.year - back, month + 1, int(found["day"])) for back in range(9))
    return next((each for each in tries if each is not None and each <= today), None)


def _named(word: str, names: tuple[str, ...]) -> int | None:
    """Which month or weekday it is, whole or in three letters."""
    return names.index(word[:3]) if word[:3] in names and (len(word) == 3 or word in _LONG) else None


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _written(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1].capitalize()} {day.year}"
