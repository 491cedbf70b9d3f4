"""What `check` compares with what: measures and their thresholds, as a person types or writes them down."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Literal, get_args

from socd_tui.model.errors import UsageError
from socd_tui.model.nearest import nearest
from socd_tui.model.record import dataclass, field
from socd_tui.model.text import inert, quoted, quoted_value

Measure = Literal["day", "minute", "errors", "throttled", "findings", "session"]
MEASURES: tuple[Measure, ...] = get_args(Measure)

UNITS: Mapping[str, str] = {"day": "%", "minute": "%", "errors": "%", "session": "min"}
"""Of a measure's values and thresholds; the others count something."""

WORDS: Mapping[str, str] = {
    "day": "per cent of the day limit",
    "minute": "per cent of the minute limit",
    "errors": "per cent of the requests that fail, 429 left out on both sides",
    "throttled": "requests refused with 429",
    "findings": "the gravest finding: low, medium or high",
    "session": "minutes until the session ends, or fewer",
    "min_requests": "requests below which errors are not judged",
}
"""What the value of each name is."""

Gravity = Literal["none", "low", "medium", "high"]
"""How grave a finding is; one that is as usual is "none"."""
GRAVITIES: tuple[Gravity, ...] = get_args(Gravity)
"""From 0 on; the threshold of findings is the place of one."""

MIN_REQUESTS = 100
"""Requests below which a share of errors says little."""

_DEFAULT: Mapping[Measure, float] = {"day": 80, "minute": 90, "errors": 5, "throttled": 1, "findings": 3}
_NAMES = (*MEASURES, "min_requests")
_HINT = "Write --fail-at day=80,minute=90,errors=5,throttled=1,min_requests=100."


@dataclass(frozen=True)
class Thresholds:
    """Which measures are judged, and from which value on a threshold has passed; of a session, down to it."""

    limits: Mapping[Measure, float] = field(default_factory=lambda: dict(_DEFAULT))
    min_requests: int = MIN_REQUESTS

    @property
    def written(self) -> dict[str, float | str]:
        """As `--fail-at` and `config.toml` have them."""
        written: dict[str, float | str] = {name: as_number(value) for name, value in self.limits.items()}
        if "findings" in self.limits:
            written["findings"] = GRAVITIES[int(self.limits["findings"])]
        if "errors" in self.limits:
            written["min_requests"] = self.min_requests
        return written


def as_number(value: float) -> float:
    """80.0 as 80."""
    return int(value) if value == int(value) else value


def parse_thresholds(text: str, usual: Thresholds) -> Thresholds:
    """Those that are named, and no others; `usual` has the least requests where these are not named.

    Raises UsageError.
    """
    pairs: dict[str, object] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, value = (each.strip() for each in part.partition("="))
        if not equals:
            raise UsageError(f"{quoted(inert(part[:40]))} is no threshold.", _HINT)
        if name in pairs:
            raise UsageError(f"The threshold {quoted(inert(name[:40]))} is given twice.", "Give it once.")
        pairs[name] = value
    if not pairs:
        raise UsageError("No threshold was named.", _HINT)
    return thresholds_of(pairs, usual.min_requests)


def thresholds_of(pairs: Mapping[str, object], least: int = MIN_REQUESTS) -> Thresholds:
    """The same of names and their values; the usual ones where none is named. Raises UsageError."""
    limits: dict[Measure, float] = {}
    for name, value in pairs.items():
        if name not in _NAMES:
            near = nearest(name, _NAMES)
            known = f"Known are {', '.join(_NAMES)}."
            raise UsageError(f"There is no threshold {quoted(inert(name[:40]))}.", near or known)
        number = _number(name, value)
        if name == "min_requests":
            least = int(number)
        else:
            limits[next(each for each in MEASURES if each == name)] = number
    return Thresholds(limits or _DEFAULT, least)


def _number(name: str, value: object) -> float:
    """The value of a threshold: 80, 80% or, of findings, a word. Raises UsageError."""
    if name == "findings" and value in GRAVITIES[1:]:
        return GRAVITIES.index(value)
    try:
        number = float(value.removesuffix("%") if isinstance(value, str) else value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        number = -1
    if isinstance(value, bool) or not isfinite(number) or not 0 <= number <= 1e12 or _is_wrong(name, number):
        said = f"{quoted_value(value)} is no value for the threshold {name}."
        raise UsageError(said, f"It is {WORDS[name]}.")
    return number


def _is_wrong(name: str, number: float) -> bool:
    if name == "findings":
        return number not in range(1, len(GRAVITIES))
    # From 0 on everything passes: 0 requests refused is no reason to fail.
    return number == 0 and name in ("day", "minute", "errors", "throttled")
