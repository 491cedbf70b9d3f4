"""What was found out of a key, read with its answers again, as `analysis.recorded` wrote it.

To read it costs a tenth of finding it out anew. It counts where it was made of the very same: by this
version, of the same key, answers and days. What is not, or is nothing that this program writes, is left out.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, get_args
from zlib import crc32

from socd_tui import __version__
from socd_tui.analysis.assessment import Assessment, Ground, since_changed
from socd_tui.analysis.day_history import adds_days, days_observed
from socd_tui.analysis.findings import (
    Burst,
    Capped,
    EndedInUse,
    ErrorsRising,
    Failing,
    Finding,
    NearingCap,
    RunningAway,
    Throttled,
    UsualBurst,
)
from socd_tui.analysis.fit import Fit
from socd_tui.analysis.forecast import Bands, Forecast, Outcome, looked_back
from socd_tui.analysis.not_enough import NoAnswer, NotEnough
from socd_tui.analysis.runaway import Habit, Rise, Runaway
from socd_tui.analysis.tier import TierAdvice, TierVerdict
from socd_tui.analysis.triage import Culprit, Pattern, Since
from socd_tui.model import checked
from socd_tui.model.fleet import Analysed
from socd_tui.model.in_columns import InColumns
from socd_tui.model.record import fields
from socd_tui.model.usage import Day

MADE_BY = f"{__version__} 3"
"""The version of the program, and a number that goes up where an analysis changes between two versions."""

Found = tuple[Assessment, tuple[Finding, ...]]
"""What was found out of a key: its assessment, and the findings that no hour changes."""
Read = Callable[[Any], Any]


def recalled(analysed: Analysed | None, ground: Ground) -> Found | None:
    """What was found out of the same before; None where it has to be found out anew."""
    key_id = ground.key.id
    if (
        analysed is None
        or analysed.by != MADE_BY
        or analysed.keys.get(key_id) != ground.key
        or analysed.answers.get(key_id) != ground.answers
    ):
        return None
    assessment = Assessment(ground)
    try:
        entries = checked.array(analysed.found.get(key_id))
        # The first is of the answers alone; which days they tell with what is remembered has to be looked at.
        looks_back = ground.past is not None and adds_days(ground.past, ground.answers)
        days = sum_of_days(days_observed(ground.answers, ground.past)) if looks_back else entries[0]["days"]
        made = next((each for each in entries if each["days"] == days), None)
        if made is None or any(made[name] != value for name, value in of_ground(ground).items()):
            return None
        vars(assessment).update(_parts(made, ground))
        return assessment, tuple(
            _finding(each, ground, assessment) for each in checked.array(made["findings"])
        )
    except checked.MALFORMED:
        return None


_WITHOUT_REFERENCES = 2
"""The newest of marshal's formats in which what is equal is written alike."""


def of_ground(ground: Ground) -> dict[str, object]:
    """What of a ground is written: its key and answers are beside it, and the days of its past summed up."""
    return {"state": ground.state, "awaited": ground.awaited, "beside_pro": ground.beside_pro}


def sum_of_days(days: Sequence[Day]) -> int:
    """A checksum."""
    if isinstance(days, InColumns):
        rows = [*zip(*days.columns, strict=True)]
    else:
        dates, requests, errors, partial, _, throttled, *_ = zip(*days, strict=True) if days else ((),) * 6
        rows = [*zip(map(date.toordinal, dates), requests, errors, partial, throttled, strict=True)]
    return crc32(marshal.dumps(rows, _WITHOUT_REFERENCES))


def _to_forecast(looked_back: Callable[[], tuple[int, int]], value: Any) -> Forecast:
    *values, (first, so_far, fits) = checked.array(value)
    told = {name: read(each) for (name, read), each in zip(FORECAST.items(), values, strict=True)}
    days = told["horizon"]
    checked.ordinals([first, first + days])  # else they are no dates
    upper, *others = checked.array(fits)
    upper = _FIT(upper)
    [lower] = map(_optional(_FIT), others) if others else [upper]
    bands = Bands(first=first, days=days, so_far=_N(so_far), upper=upper, lower=lower)
    return Forecast(bands=bands, looked_back=looked_back, **told)


def _parts(made: Mapping[str, Any], ground: Ground) -> dict[str, object]:
    """The parts of an assessment, by name. None of them leads back to it: it goes when nobody holds it."""
    ahead, unfitted = checked.array(made["ahead"])
    unfitted = _optional(_why)(unfitted)
    runaway, habit = checked.array(made["busy"])
    runaway = _told(_optional(_RUNAWAY))(runaway)
    look_back = partial(_looked_back, ground, None if unfitted else since_changed(runaway))
    return {
        "today": _optional(checked.day)(made["today"]),
        "busy": (runaway, _optional(_HABIT)(habit)),
        "rise": _told(_optional(_RISE))(made["rise"]),
        "ahead": (_told(partial(_to_forecast, look_back))(ahead), unfitted),
        "tier": _told(_TIER)(made["tier"]),
        "at_cap": _optional(_SINCE)(made["at_cap"]),
    }


def _looked_back(ground: Ground, since: date | None) -> tuple[int, int]:
    return looked_back(Assessment(ground).days, since)


def _finding(value: Any, ground: Ground, assessment: Assessment) -> Finding:
    kind, *values = checked.array(value)
    make: Any = _KINDS[kind]
    own = {name: read(each) for (name, read), each in zip(OWN[make].items(), values, strict=True)}
    rest = {each.name: _THERE[each.name](assessment) for each in fields(make) if each.name in _THERE}
    if any(rest.get(name) is None or isinstance(rest[name], NotEnough) for name in rest):
        raise ValueError
    found: Finding = make(key=ground.key, **own, **rest)
    return found


def _record(cls: Any, *reads: Read) -> Read:
    """What reads the list of an object's fields."""
    names = [each.name for each in fields(cls)]

    def read(value: Any) -> Any:
        each = zip(names, reads, checked.array(value), strict=True)
        return cls(**{name: read(value) for name, read, value in each})

    return read


def _optional(read: Read) -> Read:
    return lambda value: None if value is None else read(value)


def _told(read: Read) -> Read:
    """What reads an answer, or why there is none."""
    return lambda value: _why(value) if isinstance(value, dict) else read(value)


def _why(value: Any) -> NotEnough:
    [(name, reason)] = value.items()
    return {"NotEnough": NotEnough, "NoAnswer": NoAnswer}[name](checked.sentence(reason))


def _flag(value: object) -> bool:
    if type(value) is not bool:
        raise ValueError
    return value


def _codes(value: object) -> tuple[int, ...]:
    return tuple(checked.naturals(value))


def _hours(value: object) -> tuple[int, ...]:
    hours = tuple(checked.naturals(value))
    if max(hours, default=0) > 23:
        raise ValueError
    return hours


def _sentences(value: object) -> tuple[str, ...]:
    return tuple(map(checked.sentence, checked.array(value)))


def _levels(value: Any) -> list[float]:
    """Of each weekday, or one of all."""
    if len(value) not in (1, 7):
        raise ValueError
    return [*map(_signed, value)]


def _shares(value: Any) -> tuple[float, float]:
    low, high = map(_signed, value)
    return low, high


def _signed(value: Any) -> float:
    checked.real(abs(value))
    return float(value)


_DAY, _N, _REAL = checked.day, checked.natural, checked.real
_RUNAWAY = _record(Runaway, _DAY, _N, _REAL, _REAL, _N, _DAY, _flag)
_HABIT = _record(Habit, _RUNAWAY, _N)
_RISE = _record(Rise, _DAY, _N, _REAL, _REAL, _N, _N)
_SINCE = _record(Since, _DAY, _flag, _flag)
_PATTERN = _record(Pattern, _N, _N, _hours)
_CULPRIT = _record(Culprit, checked.text, _REAL)
_TIER = _record(
    TierVerdict,
    partial(checked.one_of, TierAdvice),
    *(checked.sentence, checked.sentence),
    *(_N, _N, _N),
    *(_optional(_N), _optional(_REAL), _optional(_N)),
    *(_REAL, _optional(_REAL)),
    _sentences,
    *(_N, checked.sentence),
)
_FIT = _record(Fit, checked.sentence, _levels, _N, _shares, _signed)
FORECAST: Mapping[str, Read] = {
    "outcome": partial(checked.one_of, Outcome),
    "reached": _optional(_DAY),
    "limit": _N,
    "horizon": _N,
    "chance": _REAL,
    "model": checked.sentence,
    "full_days": _N,
}
"""What a forecast says beside its bands."""

_THERE: Mapping[str, Callable[[Assessment], Any]] = {
    "runaway": lambda assessment: assessment.runaway,
    "habit": lambda assessment: assessment.habit,
    "rise": lambda assessment: assessment.rise,
    "forecast": lambda assessment: assessment.forecast,
    "window": lambda assessment: assessment.recent and assessment.recent.window,
}
"""What a finding rests on, which its assessment has."""
OWN: Mapping[type[Finding], Mapping[str, Read]] = {
    RunningAway: {"culprit": _optional(_CULPRIT)},
    Capped: {"limit": _N, "newest": _DAY, "since": _optional(_SINCE)},
    Throttled: {"requests": _N, "share": _REAL, "since": _optional(_SINCE), "pattern": _optional(_PATTERN)},
    ErrorsRising: {"codes": _codes},
    NearingCap: {},
    Burst: {},
    EndedInUse: {"ended": _DAY, "requests": _N, "codes": _codes, "today": _optional(_DAY)},
    Failing: {"requests": _N, "share": _REAL, "since": _optional(_SINCE), "codes": _codes},
    UsualBurst: {},
}
"""What a finding says beside that and its key. What depends on the hour is not written."""
_KINDS = {each.kind: each for each in get_args(Finding) if each in OWN}
