"""Findings in sentences, and where each leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Literal, get_args

from socd_tui.analysis.findings import Finding, Findings
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.runaway import Runaway
from socd_tui.charts.canvas import Line, Role, Span
from socd_tui.charts.glyphs import Glyphs
from socd_tui.charts.number import day_name, exact, percent
from socd_tui.charts.sheet import rounded
from socd_tui.model.lens import Lens
from socd_tui.model.text import cell_width, clip_middle
from socd_tui.model.window import LADDER
from socd_tui.views.reading import MIN_NAME, label, read_out, room_beside
from socd_tui.views.registry import views

MARK = "finding:"
"""What a target on a finding begins with, to tell it from a key's."""

_VIEWS = {
    "runaway": "series",
    "capped": "budget",
    "throttled": "heatmap",
    "rise": "status",
    "heading": "budget",
    "burst": "series",
    "ended": "status",
    "expiring": "series",
    "failing": "status",
}
"""The view that shows each kind."""

SHORT_NAME = 16
"""Columns of a name for which one more clause stands."""

_WORDS = {
    "runaway": "runs away",
    "capped": "reached its cap",
    "throttled": "is throttled",
    "rise": "fails more",
    "heading": "nears its cap",
    "burst": "ran away",
    "ended": "ended, in use",
    "expiring": "expires soon",
    "failing": "fails often",
}
"""What is said where no figure fits."""

Form = Literal["full", "brief", "terse"]
FORMS: tuple[Form, ...] = get_args(Form)
"""How a sentence is put: whole; with fewer words; without its first day."""

WIDEST = 110
"""Columns beyond which a line is no easier to read."""

_ROLES: dict[str, Role] = {"runaway": "bad", "capped": "bad", "throttled": "bad", "rise": "bad"}


def target(finding: Finding) -> str:
    """What a cursor on it points at: ends with the id of its key."""
    return f"{MARK}{finding.id}"


def finding_line(finding: Finding, width: int, glyphs: Glyphs, *, cursor: bool) -> Line:
    """▸ notebook#77aa runs away since Thu 19 Nov: 6,692 req/day, 133x usual; 99% on /api/v1/iocs  2

    The clauses that fit whole, shorter where that lets one more stand; at the end the number of the
    view that shows it.
    """
    at, role = target(finding), _ROLES.get(finding.kind, "warn")
    number = f" {view_number(finding)} "
    room = min(width, WIDEST) - 1 - cell_width(number)
    text = _fitted(finding, room)
    name = label(finding.key, max(min(room - cell_width(text) - 1, 32), MIN_NAME))
    gap = " " * max(room - cell_width(name) - 1 - cell_width(text), 0)
    return (
        Span(glyphs.pointer if cursor else " ", "accent", at, cursor),
        Span(name, role, at, cursor),
        Span(f" {text}{gap}", "ink", at, cursor),
        Span(number, "accent", at, cursor),
    )


def _fitted(finding: Finding, room: int) -> str:
    """As many clauses as fit whole beside a name that can be read, in the fullest form that holds them.

    The first day goes before the first clause does, and after every other.
    """
    *dated, terse = _forms(finding)
    ways = [(said, n) for n in range(max(map(len, dated)), 0, -1) for said in dated if len(said) >= n]
    for said, n in (*ways, *((terse, n) for n in range(len(terse), 0, -1))):
        beside = min(cell_width(label(finding.key)), SHORT_NAME if n > 1 else MIN_NAME)
        if cell_width(text := "; ".join(said[:n])) < room - beside:
            return text
    return _WORDS[finding.kind]


def finding_read_out(finding: Finding, width: int) -> Line:
    """The whole sentence, as far as it fits; its first clause always does, or the shortest word for it."""
    first = next((said[0] for said in _forms(finding) if cell_width(said[0]) < width - MIN_NAME - 3), None)
    if first is None:
        first = _WORDS[finding.kind]
    name = label(finding.key, min(room_beside(first, width), 24))
    return read_out([Span(name, "title"), first, *clauses(finding)[1:]], width)


def sentence(finding: Finding) -> str:
    """The whole of it, for a document."""
    return f"{label(finding.key)} {'; '.join(clauses(finding))}."


def _forms(finding: Finding) -> list[list[str]]:
    return [clauses(finding, form) for form in FORMS]


def clauses(finding: Finding, form: Form = "full") -> list[str]:
    """What is said of the key, the weightiest first; the first one always stands."""
    return [clause for clause in _clauses(finding, form) if clause]


def _clauses(finding: Finding, form: Form) -> Iterator[str]:
    brief = form != "full"
    since, on = "" if form == "terse" else _since(finding, brief), _day(finding.on, brief)
    match finding.kind:
        case "runaway" if ran := finding.runaway:
            yield f"{'' if brief else 'runs away: '}{ran.now:,.0f} req/day{since}{_times(ran)}"
            if finding.culprit:
                where = clip_middle(finding.culprit.path.shown, 40)
                yield f"{percent(finding.culprit.share)} {'' if brief else 'on '}{where}"
        case "burst" if ran := finding.runaway:
            days = f"{since} to {on}" if finding.since != finding.on else f" on {on}"
            yield f"{'' if brief else 'ran away: '}{ran.now:,.0f} req/day{days}{_times(ran)}"
        case "capped" if finding.forecast:
            when = since if finding.since and finding.since != finding.on else f" on {on}"
            yield f"reached its {exact(finding.forecast.limit)} requests a day{when}"
        case "throttled":
            share, often = percent(finding.share), "hourly " if _hourly(finding) else ""
            full = f"{_how_often(finding)}{since}: {share} refused (429)"
            yield f"{often}429s{since}: {share} refused" if brief else full
            yield f"{exact(finding.requests)} in {_window(finding)}"
        case "rise" if rise := finding.rise:
            grown = f"{percent(rise.usual)} to {percent(rise.now)}"
            yield f"{'errors' if brief else 'errors rose from'} {grown}{since}"
            yield _mostly(finding)
        case "heading" if finding.forecast:
            cap = f"{exact(finding.forecast.limit)} requests a day"
            may = "will" if finding.forecast.latest else "may"
            yield f"{may} reach its {cap} {between(finding.forecast)}"
            yield record_of(finding.forecast)
        case "ended":
            ended = "revoked" if finding.key.revoked_at else "expired"
            yield f"{ended} on {on}, yet asked {exact(finding.requests)} times in 7 d"
        case "expiring":
            yield f"expires on {on}"
            used = finding.usage.requests if finding.usage else None
            yield f"{exact(used)} req in {_window(finding)}" if used is not None else ""
        case "failing":
            yield f"{percent(finding.share)} of its requests fail{since}"
            yield _mostly(finding)


def _since(finding: Finding, brief: bool) -> str:
    """since Thu 19 Nov; nothing where the first day is unknown"""
    if finding.since is None:
        return ""
    return f" since {_day(finding.since, brief)}{' or before' if finding.or_before else ''}"


def _times(ran: Runaway) -> str:
    return f" ({ran.times:,.0f}x usual)" if ran.times else ""


def _mostly(finding: Finding) -> str:
    return f"mostly {', '.join(map(str, finding.codes[:3]))}" if finding.codes else ""


def _day(day: date | None, brief: bool) -> str:
    if day is None:
        return "an unknown day"
    return f"{day.day} {day:%b}" if brief else day_name(day)


def _window(finding: Finding) -> str:
    return f"{finding.usage.window.days} d" if finding.usage else "its window"


def _hourly(finding: Finding) -> bool:
    return finding.pattern is not None and finding.pattern.every_hour


def _how_often(finding: Finding) -> str:
    """throttled every hour, at 02:00 and 14:00 UTC each day, or just throttled"""
    found = finding.pattern
    if _hourly(finding):
        return "throttled every hour"
    if found is None or not found.hours:
        return "throttled"
    hours = ", ".join(f"{hour:02d}:00" for hour in found.hours[:3])
    return f"throttled daily at {hours} UTC" if len(found.hours) <= 3 else "throttled at the same hours daily"


def between(found: Forecast) -> str:
    """between Tue 2 Dec and Tue 9 Dec; from Tue 2 Dec at the earliest"""
    if found.earliest is None:
        return f"not within {found.horizon} days"
    if found.latest is None:
        return f"from {day_name(found.earliest)} at the earliest"
    if found.latest == found.earliest:
        return f"on {day_name(found.earliest)}"
    return f"between {day_name(found.earliest)} and {day_name(found.latest)}"


def record_of(found: Forecast) -> str:
    """12 of 14 past forecasts inside"""
    return f"{found.inside} of {found.of} past forecasts inside" if found.of else ""


def summary(found: Findings) -> str:
    """What is said in place of findings: that there are none, and what was looked at."""
    if found.awaited and not found.judged and not found.unjudged:
        return "Looking for what is usual."
    unjudged = f"Not enough data for {found.unjudged}." if found.unjudged else ""
    keys = f"{found.judged} key{'' if found.judged == 1 else 's'}"
    nothing = f"Nothing unusual in {keys}." if found.judged and not found.found else ""
    return f"{nothing} {unjudged}".strip()


def view_number(finding: Finding) -> int:
    """The key that shows it."""
    names = [view.name for view in views()]
    return names.index(_VIEWS[finding.kind]) + 1


def look_at(lens: Lens, finding: Finding) -> Lens:
    """The Lens that shows what the finding speaks of; of a runaway also the day it began."""
    name = _VIEWS[finding.kind]
    shown = replace(lens, view=name, focus=finding.key.id, marked=frozenset())
    if finding.since is not None and finding.usage is not None and finding.runaway:
        ago = (finding.usage.window.end - finding.since).days + 1
        days = next((step for step in LADDER if step >= max(ago, lens.days)), lens.days)
        shown = replace(shown, days=days, date=finding.since)
    if finding.codes:
        shown = shown.at_row(name, str(finding.codes[0]))
    return shown


def finding_data(finding: Finding) -> dict[str, object]:
    """One entry of `data.findings`."""
    ran, rise, hours = finding.runaway, finding.rise, finding.pattern
    details: dict[str, object] = {}
    if ran:
        details |= {"requests_per_day": rounded(ran.now), "usual_per_day": rounded(ran.usual)}
        details["compared_days"] = ran.compared
    if finding.culprit:
        details["endpoint"] = finding.culprit.path.original
        details["endpoint_share"] = rounded(finding.culprit.share)
    if rise:
        details |= {"error_ratio": rounded(rise.now), "usual_error_ratio": rounded(rise.usual)}
        details["compared_days"] = rise.compared
    if finding.codes:
        details["codes"] = list(finding.codes)
    if hours:
        details |= {"hours_hit": hours.hit, "hours": hours.lived, "every_hour": hours.every_hour}
    if finding.share is not None:
        details["share"] = rounded(finding.share)
    if finding.requests is not None:
        details["requests"] = finding.requests
    return {
        "kind": finding.kind,
        "key_id": finding.key.id,
        "since": str(finding.since) if finding.since else None,
        "or_before": finding.or_before,
        "on": str(finding.on) if finding.on else None,
        "view": _VIEWS[finding.kind],
        "sentence": sentence(finding),
        **details,
    }
