"""One key on one page, or several together: the answer in sentences, then what it rests on."""

from __future__ import annotations

from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Canvas, Line
from socd_tui.charts.sheet import Sheet
from socd_tui.model.lens import Lens
from socd_tui.model.record import dataclass
from socd_tui.model.target import Target
from socd_tui.views.key import answer, limits, use
from socd_tui.views.key.data import page_data, page_sheet
from socd_tui.views.key.days import busiest
from socd_tui.views.key.dossier import Dossier, gathered
from socd_tui.views.key.history import history
from socd_tui.views.key.hours import hours
from socd_tui.views.key.layout import draw_page
from socd_tui.views.key.section import NAME, Place, Section
from socd_tui.views.key.steps import to_do
from socd_tui.views.key.trend import trend
from socd_tui.views.parts.notes import note_line, notes
from socd_tui.views.view import Grid, Motion, Pane


@dataclass(frozen=True, kw_only=True, eq=False)
class KeyPane(Pane):
    """The page's sections in their order."""

    dossier: Dossier
    sections: tuple[Section, ...] = ()

    @property
    def places(self) -> dict[Target, Place]:
        """All that the cursor can be on."""
        return {place.target: place for section in self.sections for row in section.places for place in row}

    @property
    def at(self) -> Place | None:
        """What the cursor is on."""
        return self.places.get(self.cursor) if self.cursor else None

    def draw(self, canvas: Canvas) -> list[Line]:
        below = [note_line(self.notes, canvas.width)] if self.notes else []
        read_out = self.at.said(canvas.width) if self.at else ()
        body = canvas.sized(height=canvas.height - len(below) - 1)
        return [*draw_page(self.sections, body, self.cursor), *below, read_out]

    def sheet(self) -> Sheet:
        return page_sheet(self.dossier, self.notes)

    def json(self) -> dict[str, object]:
        return page_data(self.dossier)

    def targets(self) -> Grid:
        return [[place.target for place in row] for section in self.sections for row in section.places]

    def maximum(self) -> Target | None:
        """The busiest day of the trend."""
        high = busiest(self.dossier.days)
        row = f"day:{high.date}" if high else ""
        return next((target for target, place in self.places.items() if place.row == row), None)

    def moved(self, lens: Lens, motion: Motion, rows: int = 1) -> Lens:
        """Up and down go from row to row, and into the trend at its newest day."""
        grid = [row for row in self.targets() if row]
        y = next((n for n, row in enumerate(grid) if self.cursor in row), None)
        if y is None or motion not in ("up", "down", "first", "last"):
            return super().moved(lens, motion, rows)
        if motion in ("first", "last") and len(grid[y]) > 1:
            return super().moved(lens, motion, rows)
        last = len(grid) - 1
        to = {"up": max(y - rows, 0), "down": min(y + rows, last), "first": 0, "last": last}[motion]
        return lens.at(grid[to][-1])

    def enter(self, lens: Lens) -> Lens | None:
        return self.at.leads(lens) if self.at else None


def page(known: Known, lens: Lens) -> KeyPane:
    """Of the key in focus, or of several together."""
    dossier = gathered(known, lens)
    if not dossier.keys:
        return KeyPane(dossier=dossier)
    drawn, listed = trend(dossier)
    sections = (
        answer.title(dossier),
        answer.answer(dossier),
        answer.requests(dossier),
        drawn,
        use.members(dossier),
        use.endpoints(dossier),
        use.codes(dossier),
        hours(dossier),
        limits.budget(dossier),
        limits.ahead(dossier),
        to_do(dossier),
        history(dossier),
        limits.owner(dossier),
        limits.latency(dossier),
        limits.scopes(dossier),
        listed,
    )
    rows = [row for section in sections for row in section.places if row]
    wanted = lens.row_target(NAME)
    there = any(place.target == wanted for row in rows for place in row)
    return KeyPane(
        dossier=dossier,
        sections=sections,
        cursor=wanted if there else rows[0][-1].target if rows else None,
        notes=notes(known, dossier.keys, lens),
    )
