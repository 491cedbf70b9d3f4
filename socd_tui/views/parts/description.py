"""What is said of each kind of finding, and which view shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, assert_never, get_args

from socd_tui.analysis.findings import (
    Burst,
    Capped,
    EndedInUse,
    ErrorsRising,
    Expiring,
    Failing,
    Finding,
    NearingCap,
    RunningAway,
    Throttled,
    UsualBurst,
)
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.runaway import Runaway
from socd_tui.analysis.triage import Culprit, Pattern, Since
from socd_tui.charts.canvas import Role
from socd_tui.charts.number import day_name, exact, percent, short_day
from socd_tui.charts.sheet import rounded
from socd_tui.model.record import dataclass, field
from socd_tui.model.text import counted
from socd_tui.model.window import Window
from socd_tui.views.parts.names import path_named
from socd_tui.views.parts.since import since_words
from socd_tui.views.parts.words import WORDS

Form = Literal["full", "brief", "terse"]
FORMS: tuple[Form, ...] = get_args(Form)
"""How a sentence is put: in full; with fewer words; only how much and since when."""


@dataclass(frozen=True, kw_only=True)
class Description:
    """All that is shown of one finding, its sentence put in one form."""

    view: str
    """The view that shows it."""
    words: str
    """What is said where no figure fits, and of several behind their number: "2 at the cap"."""
    clauses: tuple[str, ...]
    """What is said of the key, the weightiest first; empty ones are left out."""
    role: Role = "warn"
    since: Since | None = None
    """The first day of it; None where that is unknown or it is still to come."""
    on: date | None = None
    """The one day it speaks of: the newest at the cap, or when a key ends or ended."""
    window: Window | None = None
    """The window it was noticed in, for a view that is to open on its first day."""
    codes: tuple[int, ...] = ()
    """Status codes; a view of codes opens on the first."""
    details: Mapping[str, object] = field(default_factory=dict)
    """Fields of its kind in the JSON document."""


def describe(finding: Finding, form: Form = "full") -> Description:
    """All that is shown of a finding: the one place to say it for each kind."""
    full, terse = form == "full", form == "terse"
    match finding:
        case RunningAway(runaway=runaway, culprit=culprit):
            first = Since(runaway.since, or_before=False)
            opening = f"{'runs away: ' if full else ''}{runaway.now:,.0f} req/day"
            said = f"{opening}{_since(first, form)}{_times(runaway, form)}"
            return Description(
                view="series",
                words=WORDS[RunningAway.kind],
                clauses=(
                    f"{_much(runaway)}{_since(first, form)}" if terse else said,
                    _on_endpoint(culprit, form),
                ),
                role="bad",
                since=first,
                window=finding.window,
                details={**_runaway_data(runaway), **_culprit_data(culprit)},
            )
        case Capped(newest=newest, since=since):
            when = _since(since, form) if since and since.day != newest else f" on {_day(newest, form)}"
            reached = exact(finding.limit)
            return Description(
                view="budget",
                words=WORDS[Capped.kind],
                clauses=(
                    f"at {reached}/day{when}" if terse else f"reached its {reached} requests a day{when}",
                ),
                role="bad",
                since=since,
                on=newest,
            )
        case Throttled(pattern=pattern, since=since):
            when, share = _since(since, form), percent(finding.share)
            hourly = "hourly " if pattern and pattern.every_hour else ""
            brief = f"{share} 429{when}" if terse else f"{hourly}429s{when}: {share} refused"
            return Description(
                view="heatmap",
                words=WORDS[Throttled.kind],
                clauses=(
                    f"{_how_often(pattern)}{when}: {share} refused (429)" if full else brief,
                    f"{exact(finding.requests)} in {finding.window.days} d",
                ),
                role="bad",
                since=since,
                details={
                    **_pattern_data(pattern),
                    "share": rounded(finding.share),
                    "requests": finding.requests,
                },
            )
        case ErrorsRising(rise=rise, codes=codes):
            first = Since(rise.since, or_before=False)
            grown = f"{percent(rise.usual)} to {percent(rise.now)}"
            opening = (
                f"{percent(rise.now)} fail" if terse else f"errors {'rose from ' if full else ''}{grown}"
            )
            return Description(
                view="status",
                words=WORDS[ErrorsRising.kind],
                clauses=(
                    f"{opening}{_since(first, form)}",
                    _mostly(codes),
                ),
                role="bad",
                since=first,
                codes=codes,
                details={
                    "error_ratio": rounded(rise.now),
                    "usual_error_ratio": rounded(rise.usual),
                    "compared_days": rise.compared,
                    **_codes_data(codes),
                },
            )
        case NearingCap(forecast=forecast):
            from socd_tui.analysis.odds import prospect

            return Description(
                view="budget",
                words=WORDS[NearingCap.kind],
                clauses=(
                    f"cap {prospect(forecast)}"
                    if terse
                    else f"may reach its {exact(forecast.limit)} requests a day: {prospect(forecast)}",
                    _record(forecast),
                ),
                details={"chance": rounded(forecast.chance), "horizon_days": forecast.horizon},
            )
        case Burst(runaway=runaway):
            first = Since(runaway.since, or_before=False)
            last = _day(runaway.until, form)
            days = f"{_since(first, form)} to {last}" if runaway.since != runaway.until else f" on {last}"
            opening = f"{'ran away: ' if full else ''}{runaway.now:,.0f} req/day"
            return Description(
                view="series",
                words=WORDS[Burst.kind],
                clauses=(
                    f"{_much(runaway)} to {last}" if terse else f"{opening}{days}{_times(runaway, form)}",
                ),
                since=first,
                on=runaway.until,
                window=finding.window,
                details=_runaway_data(runaway),
            )
        case EndedInUse(ended=ended, today=today, requests=requests, codes=codes):
            how = "revoked" if finding.key.revoked_at else "expired"
            day = _day(ended, form, today)
            said = f"{how} on {day}, yet asked {counted(requests, 'time')} in 7 d"
            return Description(
                view="status",
                words=f"{how} but asked",
                clauses=(f"{how} {day}, {exact(requests)} req" if terse else said,),
                on=ended,
                codes=codes,
                details={**_codes_data(codes), "requests": requests},
            )
        case Expiring(expires=expires, requests=requests, window=window):
            used = f"{exact(requests)} req in {window.days} d" if requests is not None and window else ""
            return Description(
                view="series",
                words=WORDS[Expiring.kind],
                clauses=(f"expires on {_day(expires, form)}", used),
                on=expires,
            )
        case Failing(share=share, since=since, codes=codes):
            return Description(
                view="status",
                words=WORDS[Failing.kind],
                clauses=(
                    f"{percent(share)} {'' if terse else 'of its requests '}fail{_since(since, form)}",
                    _mostly(codes),
                ),
                since=since,
                codes=codes,
                details={**_codes_data(codes), "share": rounded(share), "requests": finding.requests},
            )
        case UsualBurst(habit=habit):
            run = habit.run
            first = Since(run.since, or_before=False)
            when = f" on {_day(run.since, form)}" if run.since == run.until else _since(first, form)
            as_before = f"as on {exact(habit.earlier)} earlier days"
            said = f"{run.now:,.0f} req/day{when}, {as_before}{_times(run, form)}"
            return Description(
                view="series",
                words=WORDS[UsualBurst.kind],
                clauses=(f"{_much(run)}{when}" if terse else said,),
                role="ink",
                since=first,
                window=finding.window,
                details={**_runaway_data(run), "earlier_days": habit.earlier},
            )
        case _:
            assert_never(finding)


def _since(since: Since | None, form: Form) -> str:
    """since Thu 19 Nov, or with few letters since ≤19 Nov; nothing where the first day is unknown"""
    if since is None:
        return ""
    if form == "terse":
        return f" since {'≤' if since.or_before else ''}{short_day(since.day)}"
    return f" {since_words(since, _day(since.day, form))}"


def _day(day: date, form: Form, today: date | None = None) -> str:
    return day_name(day, today=today) if form == "full" else short_day(day, today)


def _times(runaway: Runaway, form: Form) -> str:
    if not runaway.times:
        return ""
    return f" ({_much(runaway)})" if form == "full" else f", {_much(runaway)}"


def _much(runaway: Runaway) -> str:
    """134x usual, or the requests of a key that usually has none"""
    return f"{runaway.times:,.0f}x usual" if runaway.times else f"{runaway.now:,.0f}/day"


def _on_endpoint(culprit: Culprit | None, form: Form) -> str:
    """98.8% on /api/v1/iocs; 99% /api/v1/iocs"""
    if culprit is None:
        return ""
    path, share = path_named(culprit.path, 40), culprit.share
    if form == "full":
        return f"{percent(share)} on {path}"
    return f"{f'{share:.0%}' if 0.005 < share < 0.995 else percent(share)} {path}"


def _mostly(codes: Sequence[int]) -> str:
    return f"mostly {', '.join(map(str, codes[:3]))}" if codes else ""


def _how_often(pattern: Pattern | None) -> str:
    """throttled every hour, at 02:00 and 14:00 UTC each day, or just throttled"""
    if pattern and pattern.every_hour:
        return "throttled every hour"
    if pattern is None or not pattern.hours:
        return "throttled"
    if len(pattern.hours) > 3:
        return "throttled at the same hours daily"
    return f"throttled daily at {', '.join(f'{hour:02d}:00' for hour in pattern.hours)} UTC"


def _record(forecast: Forecast) -> str:
    """12 of 14 past forecasts inside"""
    return f"{forecast.inside} of {forecast.of} past forecasts inside" if forecast.of else ""


def _runaway_data(runaway: Runaway) -> dict[str, object]:
    return {
        "requests_per_day": rounded(runaway.now),
        "usual_per_day": rounded(runaway.usual),
        "compared_days": runaway.compared,
    }


def _culprit_data(culprit: Culprit | None) -> dict[str, object]:
    if culprit is None:
        return {}
    return {"endpoint": culprit.path.original, "endpoint_share": rounded(culprit.share)}


def _pattern_data(pattern: Pattern | None) -> dict[str, object]:
    if pattern is None:
        return {}
    return {"hours_hit": pattern.hit, "hours": pattern.lived, "every_hour": pattern.every_hour}


def _codes_data(codes: Sequence[int]) -> dict[str, object]:
    return {"codes": list(codes)} if codes else {}
