"""What `check` found, as lines for people and as a JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from socd_tui.analysis.known import Known
from socd_tui.analysis.odds import prospect
from socd_tui.analysis.thresholds import Checked, KeyCheck, Reading, Rules
from socd_tui.charts.number import exact
from socd_tui.charts.sheet import rounded, stamp
from socd_tui.model.errors import NotSignedIn, Problem, SessionExpired, SocdError
from socd_tui.model.text import cell_width
from socd_tui.model.threshold import GRAVITIES, UNITS, as_number
from socd_tui.views.frame.document import key_facts, mode, problem_facts
from socd_tui.views.parts.findings import sentence
from socd_tui.views.parts.measure import of_limit
from socd_tui.views.parts.names import named
from socd_tui.views.parts.words import WORDS

SCHEMA = "socd-tui/check/1"

_NAMES: Mapping[str, str] = {"throttled": "429s", "findings": "finding"}
"""What a measure is called where it is not its name."""


def check_lines(checked: Checked) -> list[str]:
    """A line for each key, the worst first, and the session's above them."""
    rows = [(row.level, named(row.key), why(row)) for row in checked.rows]
    if not rows and checked.session is None:
        return ["There is no key to look at."]
    if checked.session is not None:
        rows.insert(0, (checked.session.level, "session", said(checked.session)))
    wide = max((cell_width(name) for _, name, _ in rows), default=0)
    return [
        f"{level:<8}  {name}{' ' * (wide - cell_width(name))}  {said}".rstrip() for level, name, said in rows
    ]


def why(row: KeyCheck) -> str:
    """What decides about a key; where nothing does, every figure that was judged."""
    if row.problem is not None:
        return f"{row.problem.message} {row.problem.next_step}".rstrip()
    decide = [each for each in row.readings if each.level == row.level != "ok"]
    nothing = "has ended" if row.has_ended else "nothing of it is judged"
    return ", ".join(map(said, decide or row.readings)) or nothing


def said(reading: Reading) -> str:
    """day 92.1% >= 80%; errors 0.4%; 429s unknown: the service did not say how many"""
    name = _NAMES.get(reading.measure, reading.measure)
    if reading.level == "forecast" and reading.ahead is not None:
        return f"day limit at {_number(reading, reading.threshold)}: {prospect(reading.ahead)}"
    if reading.why or reading.value is None:
        unknown = "" if reading.level == "ok" else "unknown: "
        return f"{name} {unknown}{reading.why}"
    if reading.measure == "findings":
        return _finding(reading)
    value = _number(reading, reading.value)
    if reading.measure == "session":
        return f"ends in {value}" if reading.value > 0 else "has ended"
    if reading.level != "passed":
        return f"{name} {value}"
    assumed = " of an assumed limit" if reading.of and reading.of.source == "tier" else ""
    return f"{name} {value} >= {_number(reading, reading.threshold)}{assumed}"


def _finding(reading: Reading) -> str:
    if reading.finding is None:
        return "no finding"
    return f"{WORDS[reading.finding.kind]} ({reading.finding.gravity})"


def _number(reading: Reading, value: float) -> str:
    unit = UNITS.get(reading.measure, "")
    if unit == "min":
        return f"{value:,.0f} min"
    if unit == "%":
        return f"{value:,.1f}".removesuffix(".0") + "%"
    return exact(int(value))


def check_document(
    checked: Checked,
    known: Known,
    rules: Rules,
    *,
    generated_at: datetime,
    expires_at: datetime | None,
    exit_code: int,
    version: str,
) -> dict[str, object]:
    """The whole of it; unknown is null, never 0. Moments are UTC, shares per cent where the unit says so."""
    fleet = known.fleet
    keys = [row.key for row in checked.rows]
    asked = known.asked_at(keys)
    return {
        "schema": SCHEMA,
        "generated_at": stamp(generated_at),
        "tool": {"name": "socd-tui", "version": version},
        "source": {"mode": mode(fleet, asked), "base_url": fleet.base_url, "fetched_at": stamp(asked)},
        "window": {"days": known.days, "zone": "UTC"},
        "state": checked.level,
        "exit_code": exit_code,
        "by": "chance" if rules.by_chance else "level",
        "within_days": rules.within,
        "thresholds": rules.thresholds.written,
        "session": {
            "expires_at": stamp(expires_at),
            **(_reading(checked.session) if checked.session else {}),
        },
        "keys": [_row(row) for row in checked.rows],
        "problems": [problem_facts(each) for each in fleet.problems],
        "error": None,
    }


def failed_document(
    error: SocdError, rules: Rules, *, generated_at: datetime, base_url: str, version: str
) -> dict[str, object]:
    """The same of a round in which nothing could be read."""
    signed_out = isinstance(error, NotSignedIn | SessionExpired)
    return {
        "schema": SCHEMA,
        "generated_at": stamp(generated_at),
        "tool": {"name": "socd-tui", "version": version},
        "source": {"mode": None, "base_url": base_url, "fetched_at": None},
        "window": None,
        "state": "signed_out" if signed_out else "failed",
        "exit_code": int(error.exit_code),
        "by": "chance" if rules.by_chance else "level",
        "within_days": rules.within,
        "thresholds": rules.thresholds.written,
        "session": {"expires_at": None},
        "keys": [],
        "problems": [],
        "error": problem_facts(Problem.of(error)),
    }


def _row(row: KeyCheck) -> dict[str, object]:
    return {
        **key_facts(row.key),
        "state": row.level,
        "why": why(row),
        "measures": {each.measure: _reading(each) for each in row.readings},
        "problem": problem_facts(row.problem) if row.problem else None,
    }


def _reading(reading: Reading) -> dict[str, object]:
    grave = reading.measure == "findings"
    value = reading.value
    facts: dict[str, object] = {
        "state": reading.level,
        "value": GRAVITIES[int(value)] if grave and value is not None else rounded(value),
        "threshold": GRAVITIES[int(reading.threshold)] if grave else as_number(reading.threshold),
        "unit": UNITS.get(reading.measure),
        "reason": reading.why or None,
    }
    if reading.measure in ("day", "minute"):
        facts["limit"] = reading.of.value if reading.of else None
        facts["limit_source"] = reading.of.source if reading.of else None
        facts["basis"] = reading.basis
    if reading.measure == "day":
        facts["chance"] = rounded(reading.ahead.chance) if reading.ahead else None
    if known := _confidence(reading):
        facts["confidence"] = known
    if reading.finding is not None:
        facts["kind"], facts["sentence"] = reading.finding.kind, sentence(reading.finding)
    return facts


def _confidence(reading: Reading) -> dict[str, str]:
    """How those of its figures are known that are not exact."""
    known: dict[str, str] = {}
    if (limit := of_limit(reading.of)) != "exact":
        known = {"limit": limit, "value": limit}
    elif reading.basis == "busiest_day":
        known = {"value": "derived"}
    return {**known, "chance": "estimated"} if reading.ahead else known
