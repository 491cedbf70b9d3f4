"""Findings as lines, sentences and JSON, and the Lens that each leads to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from socd_tui.analysis.findings import Expiring, Finding, Findings
from socd_tui.charts.canvas import Canvas, Line, Role, Span
from socd_tui.charts.glyphs import Glyphs
from socd_tui.charts.number import day_name, short_day
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.model.record import replace
from socd_tui.model.target import EnterTarget, FindingTarget, RowTarget, Target
from socd_tui.model.text import cell_width, clip_name, counted
from socd_tui.model.window import LADDER
from socd_tui.views.parts.description import FORMS, Form, describe
from socd_tui.views.parts.names import MIN_NAME, label, named, room_beside
from socd_tui.views.parts.readout import read_out
from socd_tui.views.parts.since import since_words
from socd_tui.views.registry import view_number

SHORT_NAME = 16
"""Columns of a name for which one more clause stands, and to which shorter ones are filled up."""

ANNOUNCED = 3
"""Findings that one message names."""

WIDEST = 110
"""Columns beyond which a line is no easier to read."""


def target_of(finding: Finding) -> FindingTarget:
    """What a cursor on it points at."""
    return FindingTarget(finding.kind, finding.key.id)


def gravity(role: Role, glyphs: Glyphs) -> str:
    """How grave it is, in two columns."""
    return {"bad": glyphs.bad, "warn": glyphs.warn}.get(role, glyphs.remark)


def first_shown(findings: Findings, cursor: Target | None, height: int) -> int:
    """Which finding is the first of those in so many lines, as the one under the cursor is among them."""
    everything = findings.worst_first
    if len(everything) <= height or not isinstance(cursor, FindingTarget):
        return 0
    at = next((i for i, each in enumerate(everything) if target_of(each) == cursor), 0)
    return max(at - max(height - 1, 1) + 1, 0)


def finding_lines(
    findings: Findings, canvas: Canvas, called: Callable[[ApiKey], str] = label, *, first: int = 0
) -> list[Line]:
    """What to know first, a line each, as many as the canvas has from the `first` on; of those beyond it
    the last line says how many of what kind there are. Without any, what was looked at."""
    everything, width, glyphs = findings.worst_first, canvas.width, canvas.glyphs
    if not everything:
        return [read_out([Span(summary(findings), "faint")], width)] if summary(findings) else []
    room = len(everything) if len(everything) <= canvas.height else max(canvas.height - 1, 1)
    above, shown, below = everything[:first], everything[first : first + room], everything[first + room :]
    names = {each.key.id: called(each.key) for each in shown}
    beside = min(max(map(cell_width, names.values())), SHORT_NAME if width < WIDEST else 2 * SHORT_NAME)
    lines = [finding_line(each, width, glyphs, name=names[each.key.id], beside=beside) for each in shown]
    if (above or below) and canvas.height > 1:
        lines.append(_hidden_line(above, below, width, glyphs))
    return lines


def finding_line(finding: Finding, width: int, glyphs: Glyphs, *, name: str = "", beside: int = 0) -> Line:
    """!! notebook         6,692 req/day since 19 Nov, 133x usual; 99% /api/v1/iocs  2

    How grave it is; the clauses that fit whole, shorter where that lets the name or one more stand; at the
    end, as a link, the number of the view that shows it.
    """
    at, told = target_of(finding), describe(finding)
    number = f" {view_number(told.view)}{' ' if width >= 60 else ''}"
    name = name or label(finding.key)
    room = min(width, WIDEST) - 4 - cell_width(number)
    text = _fitted(finding, room - 1, max(cell_width(name), beside))
    left = room - 1 - cell_width(text)
    name = clip_name(name, left)
    name += " " * (min(beside, left) - cell_width(name))
    gap = " " * max(left - cell_width(name), 0)
    return (
        Span(" ", "accent", at),
        Span(f"{gravity(told.role, glyphs)} ", told.role, at),
        Span(name, told.role, at),
        Span(f" {text}{gap}", "ink", at),
        Span(number, "accent", EnterTarget(at)),
    )


def _fitted(finding: Finding, room: int, name: int) -> str:
    """As many clauses as fit whole beside the whole name of so many columns, in the fullest form that holds
    them; where none does, beside a name that is cut but can be read."""
    forms = [_clauses(finding, form) for form in FORMS]
    ways = [
        (clauses, n)
        for some in (forms[:-1], forms[-1:])
        for n in range(max(map(len, some)), 0, -1)
        for clauses in some
        if len(clauses) >= n
    ]
    for least in (name, min(name, SHORT_NAME), min(name, MIN_NAME)):
        for clauses, n in ways:
            if cell_width(text := "; ".join(clauses[:n])) <= room - least:
                return text
    return describe(finding).words


def _hidden_line(above: Sequence[Finding], below: Sequence[Finding], width: int, glyphs: Glyphs) -> Line:
    """!  3 more: 1 revoked but asked, 1 expiring Mon 30 Nov, 1 failing since 18 Oct

    A click on it goes to the first of those below, else above.
    """
    hidden = [*above, *below]
    role = describe(hidden[0]).role
    at = target_of(below[0] if below else above[-1])
    where = f" ({len(above)} above, {len(below)} below)" if above and below else " above" if above else ""
    kinds: dict[str, list[Finding]] = {}
    for each in hidden:
        kinds.setdefault(describe(each).words, []).append(each)
    opening = f"{len(hidden)} more{where}"
    dated = [f"{len(group)} {words}{_when(group)}" for words, group in kinds.items()]
    plain = [f"{len(group)} {words}" for words, group in kinds.items()]
    told = [f"{opening}: {', '.join(parts)}" for parts in (dated, plain)]
    for n in range(len(kinds) - 1, 0, -1):
        others = len(hidden) - sum(map(len, list(kinds.values())[:n]))
        told.append(f"{opening}: {', '.join(plain[:n])}, {others} others")
    room = min(width, WIDEST) - 4
    text = next((text for text in told if cell_width(text) <= room), opening)
    return (Span(" ", "ink", at), Span(f"{gravity(role, glyphs)} ", role, at), Span(text, "faint", at))


def _when(group: Sequence[Finding]) -> str:
    """The day of a finding that is the only one of its kind, where that is news."""
    told = describe(group[0])
    if len(group) > 1:
        return ""
    if told.since:
        return f" {since_words(told.since, short_day(told.since.day))}"
    return f" {day_name(told.on)}" if told.on and isinstance(group[0], Expiring) else ""


def finding_read_out(finding: Finding, width: int, added: str = "") -> Line:
    """The whole sentence, as far as it fits; its first clause always does, or the shortest word for it.

    What the newest refresh `added` to the key's requests follows it where a form of the clause leaves room.
    """
    openings, room = [_clauses(finding, form)[0] for form in FORMS], width - MIN_NAME - 3
    beside = next((text for text in openings if cell_width(f"{text}  {added}") < room), "") if added else ""
    fitting = next((text for text in openings if cell_width(text) < room), describe(finding).words)
    first, added = (beside, added) if beside else (fitting, "")
    name = label(finding.key, min(room_beside(f"{first}  {added}" if added else first, width), 24))
    return read_out([Span(name, "title"), first, added, *_clauses(finding)[1:]], width)


def sentence(finding: Finding) -> str:
    """The whole of it, for a document."""
    return f"{named(finding.key)} {'; '.join(_clauses(finding))}."


def announced(findings: Sequence[Finding]) -> str:
    """What is said once of findings that have come up: one in full, of several how many and of whom."""
    if len(findings) < 2:
        return "".join(f"New: {sentence(each)}" for each in findings)
    first = [f"{named(each.key)} {describe(each).words}" for each in findings[:ANNOUNCED]]
    more = f", {len(findings) - ANNOUNCED} more" if len(findings) > ANNOUNCED else ""
    return f"{len(findings)} new findings: {', '.join(first)}{more}."


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
        shown = replace(shown.looking_back(days), date=first.day)
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
