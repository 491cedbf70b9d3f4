"""A length of time as a person types it: 90s, 30m, 2h, 1h30m, 1d."""

from __future__ import annotations

import re
from datetime import timedelta

from socd_tui.model.errors import UsageError
from socd_tui.model.text import inert, quoted

_PART = r"[0-9]{1,6}(?:\.[0-9]{1,3})?"
_TYPED = re.compile(
    rf"(?:(?P<days>{_PART})d)?(?:(?P<hours>{_PART})h)?(?:(?P<minutes>{_PART})m(?:in)?)?(?:(?P<seconds>{_PART})s)?"
)
_BARE = re.compile(_PART)


def parse_duration(
    text: str, *, least: timedelta, most: timedelta, example: str, bare_s: bool = False
) -> timedelta:
    """From `least` to `most`; a number without a unit is seconds if `bare_s`. Raises UsageError."""
    typed = "".join(text.lower().split())
    if typed == "0" or (bare_s and _BARE.fullmatch(typed)):
        typed += "s"
    found = _TYPED.fullmatch(typed)
    parts = {unit: float(number) for unit, number in found.groupdict().items() if number} if found else {}
    length = timedelta(**parts)
    if not parts or not least <= length <= most:
        raise UsageError(
            f"{quoted(inert(text[:20]))} is not a length of time from {written(least)} to {written(most)}.",
            f"Write it as {example}, or with s, m, h or d.",
        )
    return length


def written(length: timedelta) -> str:
    """As it would be typed: 1h30m."""
    seconds = round(length.total_seconds())
    units = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
    told = ""
    for unit, size in units:
        count, seconds = divmod(seconds, size)
        told += f"{count}{unit}" if count else ""
    return told or "0s"
