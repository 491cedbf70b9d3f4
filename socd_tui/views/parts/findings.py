"""Findings as lines, sentences and JSON, and the Lens that each leads to."""

from __future__ import annotations

from dataclasses import replace

from socd_tui.analysis.findings import Finding, Findings
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.charts.glyphs import Glyphs
from socd_tui.model.lens import Lens
from socd_tui.model.target import FindingTarget, RowTarget, Target
from socd_tui.model.text import cell_width, counted
from socd_tui.model.window import LADDER
from socd_tui.views.parts.description import FORMS, Form, describe
from socd_tui.views.parts.names import MIN_NAME, label, named, room_beside
from socd_tui.views.parts.readout import read_out
from socd_tui.views.registry import view_number

MOST = 5
"""Sentences a person is shown at once."""

SHORT_NAME = 16
"""Columns of a name for which one more clause stands."""

WIDEST = 110
"""Columns beyond which a line is no easier to read."""


def target_of(finding: Finding) -> FindingTarget:
    """What a cursor on it points at."""
    return FindingTarget(finding.kind, finding.key.id)


def finding_lines(findings: Findings, cursor: Target | None, rows: int, canvas: Canvas) -> list[Line]:
    """What to know first, in the lines that a table of `rows` leaves, and in some of its own where it
    leaves none; around the cursor."""
    everything, width = findings.worst_first, canvas.width
    spare = canvas.height - 2 - rows - 2
    most = min(len(everything), MOST)
    room = min(max(spare - (len(everything) > most), canvas.height // 6), most)
    at = 0
    if isinstance(cursor, FindingTarget):
        at = next((i for i, each in enumerate(everything) if target_of(each) == cursor), 0)
    first = max(at - room + 1, 0)
    shown = everything[first : first + room]
    lines = [finding_line(each, width, canvas.glyphs, cursor=target_of(each) == cursor) for each in shown]
    hidden = len(everything) - len(lines)
    if not lines:
        words = [summary(findings)] if summary(findings) else []
    elif spare > len(lines):
        words = [f"+{hidden} more" if hidden else ""]
    else:
        words = []
    return [*lines, *(read_out([Span(each, "faint")], width) for each in words)]


def finding_line(finding: Finding, width: int, glyphs: Glyphs, *, cursor: bool) -> Line:
    """▸ notebook#77aa runs away since Thu 19 Nov: 6,692 req/day, 133x usual; 99% on /api/v1/iocs  2

    The clauses that fit whole, shorter where that lets one more stand; at the end the number of the
    view that shows it.
    """
    at, number = target_of(finding), f" {view_number(describe(finding).view)} "
    room = min(width, WIDEST) - 1 - cell_width(number)
    text = _fitted(finding, room)
    name = label(finding.key, max(min(room - cell_width(text) - 1, 32), MIN_NAME))
    gap = " " * max(room - cell_width(name) - 1 - cell_width(text), 0)
    return (
        Span(glyphs.pointer if cursor else " ", "accent", at, cursor),
        Span(name, describe(finding).role, at, cursor),
        Span(f" {text}{gap}", "ink", at, cursor),
        Span(number, "accent", at, cursor),
    )


def _fitted(finding: Finding, room: int) -> str:
    """As many clauses as fit whole beside a name that can be read, in the fullest form that holds them.

    The first day goes before the first clause does, and after every other.
    """
    *dated, terse = [_clauses(finding, form) for form in FORMS]
    most = max(map(len, dated))
    ways = [(clauses, n) for n in range(most, 0, -1) for clauses in dated if len(clauses) >= n]
    for clauses, n in (*ways, *((terse, n) for n in range(len(terse), 0, -1))):
        beside = min(cell_width(label(finding.key)), SHORT_NAME if n > 1 else MIN_NAME)
        if cell_width(text := "; ".join(clauses[:n])) < room - beside:
            return text
    return describe(finding).words


def finding_read_out(finding: Finding, width: int) -> Line:
    """The whole sentence, as far as it fits; its first clause always does, or the shortest word for it."""
    openings = [_clauses(finding, form)[0] for form in FORMS] + [describe(finding).words]
    first = next((text for text in openings if cell_width(text) < width - MIN_NAME - 3), openings[-1])
    name = label(finding.key, min(room_beside(first, width), 24))
    return read_out([Span(name, "title"), first, *_clauses(finding)[1:]], width)


def sentence(finding: Finding) -> str:
    """The whole of it, for a document."""
    return f"{named(finding.key)} {'; '.join(_clauses(finding))}."


def _clauses(finding: Finding, form: Form = "full") -> list[str]:
    """What is said of the key, the weightiest first; the first one always stands."""
    return [clause for clause in describe(finding, form).clauses if clause]


def summary(findings: Findings) -> str:
    """What is said in place of findings: that there are none, and what was looked at."""
    if findings.awaited and not findings.judged and not findings.unjudged:
        return "Looking for what is usual."
    quiet = findings.judged and not findings.worst_first
    said = [f"Nothing unusual in {counted(findings.judged, 'key')}."] if quiet else []
    if findings.unjudged:
        of = f"{findings.unjudged}" if quiet else counted(findings.unjudged, "key")
        said.append(f"Not enough data to say what is usual of {of}.")
    return " ".join(said)


def look_at(lens: Lens, finding: Finding) -> Lens:
    """The Lens that shows what the finding speaks of: its key, its first day or its status code."""
    description = describe(finding)
    name, first, window = description.view, description.since, description.window
    shown = replace(lens, view=name, focus=finding.key.id, marked=frozenset())
    if first and window:
        ago = (window.end - first.day).days + 1
        days = next((step for step in LADDER if step >= max(ago, lens.days)), lens.days)
        shown = replace(shown, days=days, date=first.day)
    return shown.at(RowTarget(name, str(description.codes[0]))) if description.codes else shown


def finding_data(finding: Finding) -> dict[str, object]:
    """One entry of `data.findings`; days are UTC dates."""
    description = describe(finding)
    since = description.since
    return {
        "kind": finding.kind,
        "key_id": finding.key.id,
        "since": str(since.day) if since else None,
        "or_before": bool(since and since.or_before),
        "on": str(description.on) if description.on else None,
        "view": description.view,
        "sentence": sentence(finding),
        **description.details,
    }
