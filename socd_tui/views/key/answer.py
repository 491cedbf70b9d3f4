"""What is to be known first: whose page it is, and what is wrong with the key or usual of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from socd_tui.analysis.findings import Finding
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.usual import usual
from socd_tui.charts.canvas import Line, Role, Span
from socd_tui.charts.number import day_name, exact, moment, percent
from socd_tui.model.key import ENDED, ApiKey
from socd_tui.model.lens import visible
from socd_tui.model.text import cell_width, clip_middle, counted
from socd_tui.model.usage import ratio
from socd_tui.views.key.dossier import Dossier
from socd_tui.views.key.section import (
    Form,
    Frame,
    Place,
    Row,
    Section,
    figures,
    growing,
    labelled,
    of_one,
)
from socd_tui.views.parts.change import change_part, so_far_part
from socd_tui.views.parts.counsel import counsel
from socd_tui.views.parts.description import FORMS, describe
from socd_tui.views.parts.findings import finding_line, finding_read_out, look_at, sentence, summary
from socd_tui.views.parts.names import label, subject_label
from socd_tui.views.parts.readout import error_part, read_out
from socd_tui.views.parts.state import state_role
from socd_tui.views.parts.wrapping import wrapped
from socd_tui.views.registry import view_number

MOST = 10
"""Findings that are told."""

GLYPHS: dict[Role, str] = {"bad": "!! ", "warn": "!  "}
"""How grave a finding is; every other has a dot."""

INDENT = 3
"""Columns of that."""

OF_SUMS = "  counts are sums; limits and response times are each key's own"


def title(dossier: Dossier) -> Section:
    """Whose page it is; in more room also what the service says of the key itself."""
    return Section(name="name", weight=0, forms=lambda frame: _title(dossier, frame))


def _title(dossier: Dossier, frame: Frame) -> list[Form]:
    key, fleet = dossier.key, dossier.known.fleet
    if key is None:
        name = subject_label(dossier.keys, visible(fleet, dossier.lens), fleet)
        said = OF_SUMS if cell_width(name + OF_SUMS) < frame.width else ""
        return [of_one([(Span(name, "title"), Span(said, "faint"))])]
    tier, word = key.tier.shown if key.tier else "tier unknown", dossier.word
    room = frame.width - 1 - cell_width(f"  {tier}  {word}")
    first: Line = (
        Span(label(key, max(room, 16)), "title"),
        Span(f"  {tier}  "),
        Span(word, state_role(word)),
    )
    prefix = Span(clip_middle(key.prefix.shown, 24))
    second = read_out([prefix, *(Span(part, "faint") for part in _record(dossier, key))], frame.width)[1:]
    return [of_one([first]), of_one([first, second])]


def _record(dossier: Dossier, key: ApiKey) -> list[str]:
    """What the key's own record says."""
    today, now = dossier.today, dossier.known.fleet.now
    if key.revoked_at:
        end = f"revoked {day_name(key.revoked_at.date(), today=today)}"
    elif key.expires_at:
        end = f"expires {day_name(key.expires_at.date(), today=today)}"
    else:
        end = "" if "expires_at" in key.unreadable else "never expires"
    used = f"last used {moment(key.last_used_at, now)} UTC" if key.last_used_at else ""
    made = f"made {day_name(key.created_at.date(), today=today)}" if key.created_at else ""
    return [each for each in (end, used, made) if each]


def answer(dossier: Dossier) -> Section:
    """Its findings, each leading to the view that shows it; what is usual where there are none."""
    if not dossier.worst_first:
        sentences = usual_sentences(dossier)
        return Section(name="answer", weight=1, forms=lambda frame: _unremarkable(sentences, frame))
    places = [_place(dossier, finding) for finding in dossier.worst_first]
    return Section(
        name="findings",
        weight=1,
        ample=8 if dossier.key else 3,
        forms=lambda frame: _findings(dossier, places, frame),
        places=[[place] for place in places],
    )


def _place(dossier: Dossier, finding: Finding) -> Place:
    evidence = counsel(finding, dossier.known.assessment(finding.key.id)).evidence

    def said(width: int) -> Line:
        if dossier.key is None:
            return finding_read_out(finding, width)
        first, *others = _clauses(finding)
        if cell_width(first) >= width:
            return read_out([_fitted(finding, width - 1)], width)
        return read_out([first, *others, evidence], width)

    return Place(
        row=f"finding:{finding.kind}:{finding.key.id}",
        said=said,
        leads=lambda lens: look_at(lens, finding),
    )


def _findings(dossier: Dossier, places: Sequence[Place], frame: Frame) -> list[Form]:
    """A line each, as many as there is room for around the cursor; then each in full, and with evidence."""
    told = list(zip(dossier.worst_first, places, strict=True))

    def shown(n: int) -> Sequence[Row]:
        first, hidden = max((frame.at(places) or 0) - n + 1, 0), len(told) - n
        more = f"  +{counted(hidden, 'finding')}" if hidden else ""
        return [
            Row(_line(dossier, finding, frame, more if y == n - 1 else ""), place)
            for y, (finding, place) in enumerate(told[first : first + n])
        ]

    forms = [Form(n, partial(shown, n)) for n in range(1, min(len(told), MOST) + 1)]
    if dossier.key:
        for evidence in (False, True):
            whole = [
                Row(line, place)
                for finding, place in told
                for line in _whole(dossier, finding, frame, evidence=evidence)
            ]
            forms.append(Form(len(whole), partial(list, whole)))
    return growing(forms)


def _line(dossier: Dossier, finding: Finding, frame: Frame, more: str) -> Line:
    """!! 5,495 req/day since Tue 24 Nov (73x usual); 98% on /api/v1/iocs  2"""
    tail = Span(more, "faint")
    if dossier.key is None:
        line = finding_line(finding, frame.width - len(more), frame.canvas.glyphs)
        return (*line[1:], tail)
    number = _number(finding)
    room = frame.width - 1 - INDENT - cell_width(number.text) - len(more)
    return (_opening(finding), Span(_fitted(finding, room).ljust(room)), number, tail)


def _opening(finding: Finding) -> Span:
    role = describe(finding).role
    return Span(GLYPHS.get(role, "·  "), role)


def _number(finding: Finding) -> Span:
    """The key of the view that shows it."""
    return Span(f" {view_number(describe(finding).view)} ", "accent")


def _clauses(finding: Finding) -> list[str]:
    return [clause for clause in describe(finding).clauses if clause]


def _fitted(finding: Finding, room: int) -> str:
    """The most clauses that fit whole, in the fullest form that holds them."""
    forms = [[clause for clause in describe(finding, form).clauses if clause] for form in FORMS]
    most = max(map(len, forms))
    ways = ("; ".join(clauses[:n]) for n in range(most, 0, -1) for clauses in forms if len(clauses) >= n)
    return next((text for text in ways if cell_width(text) <= room), describe(finding).words)


def _whole(dossier: Dossier, finding: Finding, frame: Frame, *, evidence: bool) -> list[Line]:
    """All of it, and what was compared."""
    number = _number(finding)
    room = frame.width - 1 - INDENT - cell_width(number.text)
    first, *rest = wrapped("; ".join(_clauses(finding)), room)
    compared = counsel(finding, dossier.known.assessment(finding.key.id)).evidence if evidence else ""
    lines: list[Line] = [(_opening(finding), Span(first.ljust(room)), number)]
    lines += [(Span(" " * INDENT), Span(row)) for row in rest]
    return lines + [(Span(" " * INDENT), Span(row, "faint")) for row in wrapped(compared, room) if row]


def _unremarkable(sentences: Sequence[str], frame: Frame) -> list[Form]:
    """In place of findings: what is usual, or why nobody can tell; first its first sentence alone."""
    forms = [[row for text in sentences[:n] for row in wrapped(text, frame.width - 2)] for n in (1, 2)]
    return growing(of_one((Span(row),) for row in rows) for rows in forms)


def usual_sentences(dossier: Dossier) -> list[str]:
    """What is said of keys without findings."""
    assessment, key = dossier.assessment, dossier.key
    if dossier.usage is None:
        return _why_none(dossier)
    if key is None or assessment is None:
        return [summary(dossier.findings)] if summary(dossier.findings) else []
    state = key.state(dossier.known.fleet.now)
    if state in ENDED:
        return [f"The key is {state}{', and nothing asked with it since' if assessment.days else ''}."]
    if dossier.facts and dossier.facts.ground.awaited:
        return ["Looking for what is usual of it."]
    if not any(day.requests for day in assessment.days):
        told = [usage.window.days for usage in dossier.answers if usage.requests == 0]
        return [f"It is idle: no requests in {max(told)} days." if told else "Nothing is known of its days."]
    unclear = [each for each in (assessment.runaway, assessment.rise) if isinstance(each, NotEnough)]
    common = usual(assessment.days)
    if isinstance(common, NotEnough):
        return [f"What is usual of it cannot be told: {common.reason}."]
    opening, days = "" if unclear else "Nothing unusual. ", counted(common.days, "full day")
    said = [f"{opening}Usually {common.requests:,.0f} requests a day: the median of {days}."]
    return said + [f"Whether that has changed cannot be told: {each.reason}." for each in unclear[:1]]


def _why_none(dossier: Dossier) -> list[str]:
    """Why there are no figures of the window, and what to do."""
    problems = [problem for key in dossier.keys if (problem := dossier.known.problem(key.id))]
    if len(problems) < len(dossier.keys):
        return ["Waiting for the figures."]
    reasons = dict.fromkeys(f"{problem.message} {problem.next_step}".strip() for problem in problems)
    return [f"No figures: {reason}" for reason in reasons]


def requests(dossier: Dossier) -> Section:
    """What it asked in the window, its share of all, and how much failed."""
    usage = dossier.usage
    if usage is None:
        return Section(name="requests", weight=7, forms=lambda _: [])
    refused, of = usage.throttled, usage.requests
    share = dossier.share if len(dossier.keys) < len(dossier.known.by_key) else None
    asked = f"{exact(of)} in {usage.window.days} d" if of is not None else "the service did not say how many"
    parts: list[str | Span | None] = [
        asked,
        change_part(dossier.change, of),
        so_far_part(dossier.change),
        f"{percent(share)} of all keys" if share is not None else None,
        error_part(usage.failed, ratio(usage.failed, of)) if of else None,
        f"{exact(refused)} refused ({percent(ratio(refused, of))})" if refused and of else None,
    ]
    return Section(
        name="requests",
        weight=7,
        parted=False,
        forms=lambda frame: [of_one([labelled("requests", *figures(*parts)(frame.room)[1:])])],
    )


def sentences(dossier: Dossier) -> list[str]:
    """The answer, for documents."""
    return [sentence(finding) for finding in dossier.worst_first] or usual_sentences(dossier)
