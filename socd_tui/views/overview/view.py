"""Every key in one row, on one scale, below what to know first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from socd_tui.analysis.findings import Findings
from socd_tui.analysis.known import Known
from socd_tui.analysis.situation import situation
from socd_tui.analysis.standing import standings, total
from socd_tui.model.lens import BASELINE, LATENCY_WINDOWS, Lens, Wanted, shown_windows, visible
from socd_tui.model.record import replace
from socd_tui.model.target import AllKeysTarget, QuietTarget, Target
from socd_tui.model.window import LOOK_BACK
from socd_tui.views.overview.measures import MEASURES, NAME, KeyRow
from socd_tui.views.overview.news import told
from socd_tui.views.overview.pane import OverviewPane
from socd_tui.views.overview.quiet import apart
from socd_tui.views.overview.rows import chosen, every_row, heaviest_first
from socd_tui.views.overview.strip import Answer, answered
from socd_tui.views.parts.findings import (
    target_of,
)
from socd_tui.views.parts.measure import Meaning, Measures
from socd_tui.views.parts.notes import notes
from socd_tui.views.view import View, column

if TYPE_CHECKING:
    from socd_tui.analysis.growth import Growth
    from socd_tui.model.key import ApiKey


class OverviewView(View):
    name = NAME
    order = 1
    title = "Overview"
    question = "Who is burning the limit?"
    shows = "the overview"
    scope = "all"
    meanings = (
        Meaning(
            "findings",
            f"what differs from the key's own last {LOOK_BACK}, worst first, with the number of the view "
            "that shows it; enter goes there",
        ),
        Meaning(
            "since",
            "what is new and what is gone since you looked last, an hour or more ago; of keys that could not "
            "be read then or now nothing is said",
        ),
        Meaning("bold, reversed", "cells that say something else since the newest refresh"),
    )
    toggles = ("scale",)

    @property
    def measures(self) -> Measures[KeyRow]:
        return MEASURES

    def windows(self, lens: Lens) -> Wanted:
        """Also what tells what is usual, and when comparing those whose p95 stand side by side."""
        latencies = LATENCY_WINDOWS if lens.compare else ()
        return Wanted.merged([shown_windows(lens), Wanted((), (*latencies, *BASELINE))])

    def build(self, known: Known, lens: Lens) -> OverviewPane:
        pane = known.once(_pane, lens.of_rows(NAME))
        news = known.once(told, lens.of_keys())
        news = None if news is None or news.since == lens.caught_up else news
        return replace(pane, lens=lens, cursor=_cursor(pane, lens), news=news)


def _pane(known: Known, lens: Lens) -> OverviewPane:
    """All that stays the same while a cursor moves."""
    everything = known.once(every_row, lens.of_keys())
    rows = tuple(known.once(chosen, lens))
    keys, in_picture = [row.standing.key for row in rows], visible(known.fleet, lens)
    findings = known.findings(in_picture)
    sums = total((row.standing for row in rows), known.before(keys) if lens.compare else None)
    of_all = sums if len(rows) == len(everything) else total(row.standing for row in everything)
    shown, quiet = _on_screen(rows, findings, lens)
    places: list[Target] = [*map(target_of, findings.worst_first), *(row.target for row in shown)]
    if quiet:
        places.append(QuietTarget())
    places += [row.target for row in quiet]
    if rows:
        places.append(AllKeysTarget())
    return OverviewPane(
        known=known,
        lens=lens,
        notes=notes(known, in_picture, lens),
        rows=rows,
        total=sums,
        requests=of_all.requests,
        findings=findings,
        shown=(*shown, *quiet),
        quiet=tuple(quiet),
        answers=known.once(_answers, lens.of_keys()),
        growth=_growth(known, keys) if lens.compare else None,
        places=column(places),
    )


def _growth(known: Known, keys: Sequence[ApiKey]) -> Growth:
    from socd_tui.analysis.growth import growth  # late: most people do not compare

    return growth(known, keys)


def _answers(known: Known, lens: Lens) -> Sequence[Answer]:
    """To the four questions, of all keys in the picture."""
    return answered(situation(known, standings(known, lens)))


def _on_screen(rows: Sequence[KeyRow], findings: Findings, lens: Lens) -> tuple[list[KeyRow], list[KeyRow]]:
    """The rows in their order on the screen, and of these the quiet ones; none are where a person chose."""
    if NAME in lens.sorts:
        return list(rows), []
    heaviest = heaviest_first(rows)
    if lens.filters.get(NAME):
        return heaviest, []
    return apart(heaviest, {finding.key.id for finding in findings.worst_first})


def _cursor(pane: OverviewPane, lens: Lens) -> Target | None:
    """The finding that the Lens points at while its key is in focus, else that key, else the first; all
    keys together, or the quiet ones, where the Lens points at none."""
    at = lens.finding
    if lens.focus is None and pane.rows:
        return QuietTarget() if lens.shared == QuietTarget() and pane.quiet else AllKeysTarget()
    if at is not None and at.key_id == lens.focus and at in map(target_of, pane.findings.worst_first):
        return at
    focused = (row for row in pane.shown if row.standing.key.id == lens.focus)
    row = next(focused, None) or next(iter(pane.shown), None)
    return row.target if row else None


VIEW = OverviewView()
