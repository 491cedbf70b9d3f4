"""What was asked and what was answered: endpoints, codes, the hours of 429s, and whose requests they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from socd_tui.analysis.standing import Standing
from socd_tui.charts.bars import bar
from socd_tui.charts.canvas import Line, Role, Span
from socd_tui.charts.number import exact, millis, percent, short
from socd_tui.model.lens import Lens
from socd_tui.model.record import dataclass, replace
from socd_tui.model.text import cell_width, clip_middle, clip_name, counted
from socd_tui.model.usage import Endpoint, Usage, ratio
from socd_tui.model.window import LOOK_BACK, beyond_service
from socd_tui.views.key.dossier import Dossier
from socd_tui.views.key.section import (
    NAME,
    Form,
    Frame,
    Place,
    Row,
    Section,
    figures,
    labelled,
    leads_to,
    of_one,
)
from socd_tui.views.parts.codes import WORDS, code_named
from socd_tui.views.parts.names import label
from socd_tui.views.parts.readout import error_part, read_out, requests_part
from socd_tui.views.parts.state import state_role
from socd_tui.views.registry import view_number

MOST = 20
"""Rows of a list at most."""

LEAST_BAR, LEAST_NAME = 6, 10
"""Columns."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Share:
    """One row of a list of shares."""

    text: str
    count: int | None
    share: float | None
    role: Role
    place: Place


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What a list of shares is called, and where there is more of it."""

    label: str
    noun: str
    view: str
    cut: Callable[..., str] = clip_middle

    def forms(self, rows: Sequence[Share], frame: Frame) -> list[Form]:
        """A row each with its bar, as many as there is room for around the cursor.

        The last says how many are left out, and the number of the view that has them.
        """

        def shown(n: int) -> Sequence[Row]:
            first = max((frame.at([row.place for row in rows]) or 0) - n + 1, 0)
            lines = self._lines(rows[first : first + n], rows, frame)
            return [Row(line, row.place) for line, row in zip(lines, rows[first:], strict=False)]

        return [Form(n, partial(shown, n)) for n in range(1, min(len(rows), MOST) + 1)]

    def _lines(self, shown: Sequence[Share], rows: Sequence[Share], frame: Frame) -> list[Line]:
        """/api/v1/iocs  5,391  98.2%  ██████████; names give way to the bar, then counts are left out.

        Columns are as wide as all rows need, and bars on one scale, whatever is shown.
        """
        glyphs = frame.canvas.glyphs
        share = max(cell_width(percent(each.share, glyphs.unknown)) for each in rows) + 1
        count = max(cell_width(short(each.count, glyphs.unknown)) for each in rows) + 1
        longest = max(cell_width(each.text) for each in rows)
        room = frame.room - share
        counts = room - count - LEAST_BAR - 1 >= min(longest, 2 * LEAST_NAME)
        room -= count if counts else 0
        name = min(longest, max(room - max(LEAST_BAR, room // 3) - 1, LEAST_NAME))
        rest = max(room - name - 1, 0)
        tail = self._tail(len(rows) - len(shown), rest - LEAST_BAR)
        wide = max(rest - sum(cell_width(span.text) for span in tail), 0)
        lines = []
        for n, row in enumerate(shown):
            text = self.cut(row.text, name, ellipsis=glyphs.ellipsis)
            lines.append(labelled(
                "" if n else self.label,
                Span(text + " " * (name - cell_width(text))),
                Span(short(row.count, glyphs.unknown).rjust(count) if counts else ""),
                Span(percent(row.share, glyphs.unknown).rjust(share) + " "),
                Span(bar(row.share, wide, glyphs), row.role),
                *(tail if n == len(shown) - 1 else ()),
            ))  # fmt: skip
        return lines

    def _tail(self, hidden: int, room: int) -> tuple[Span, ...]:
        """+6 endpoints: 3"""
        if not hidden:
            return ()
        number = f": {view_number(self.view)}"
        words = f" +{counted(hidden, self.noun)}"
        return (
            Span(words if cell_width(words + number) <= room else f" +{hidden}", "faint"),
            Span(number, "accent"),
        )


def _section(dossier: Dossier, rows: Sequence[Share], listing: Listing, what: str, weight: int) -> Section:
    """A list of the window; why there is none in one line."""

    def forms(frame: Frame) -> list[Form]:
        if dossier.usage is None:
            return []
        if rows:
            return listing.forms(rows, frame)
        said = "none was asked" if dossier.usage.requests == 0 else _untold(dossier, what)
        return [of_one([labelled(listing.label, Span(said, "faint"))])]

    return Section(
        name=what, weight=weight, column=1, ample=4, forms=forms, places=[[row.place] for row in rows]
    )


def _untold(dossier: Dossier, what: str) -> str:
    """Why there are none of these."""
    if beyond_service(dossier.lens.days):
        return f"{what} are known for {LOOK_BACK}: press ["
    if dossier.known.is_summed:
        return f"of these days alone no {what} are told"
    return f"the service sent no {what}"


def endpoints(dossier: Dossier) -> Section:
    """Where the requests went."""
    usage = dossier.usage
    rows = [_endpoint(each, usage) for each in usage.endpoints or ()] if usage else []
    return _section(
        dossier, rows, Listing(label="endpoint", noun="endpoint", view="endpoints"), "endpoints", 3
    )


def _endpoint(row: Endpoint, usage: Usage) -> Share:
    share = ratio(row.requests, usage.requests)
    return Share(
        text=row.path.shown,
        count=row.requests,
        share=share,
        role="data",
        place=Place(
            row=f"endpoint:{row.path.original}",
            said=lambda width: read_out(
                [
                    Span(clip_middle(row.path.shown, max(width - 24, LEAST_NAME)), "title"),
                    f"{requests_part(row.requests)} ({percent(share)})",
                    error_part(row.errors, ratio(row.errors, row.requests))
                    if row.errors is not None
                    else None,
                    f"{exact(row.throttled)} refused" if row.throttled is not None else None,
                    f"avg {millis(row.avg_ms)} ms" if row.avg_ms is not None else None,
                ],
                width,
            ),
            leads=leads_to("endpoints", row.path.original),
        ),
    )


def codes(dossier: Dossier) -> Section:
    """What was answered: errors first, of these and of the others the most frequent code."""
    usage = dossier.usage
    counts = (usage.statuses or {}) if usage else {}
    rows = [
        _code(code, counts[code], usage)
        for code in sorted(counts, key=lambda code: (code < 400, -counts[code], code))
        if usage
    ]
    listing = Listing(label="code", noun="code", view="status", cut=_whole_or_code)
    return _section(dossier, rows, listing, "status codes", 4)


def _whole_or_code(named: str, width: int, **_: object) -> str:
    """The code with its words, or alone where they would be cut."""
    return named if cell_width(named) <= width else named.split(" ")[0]


def _code(code: int, count: int, usage: Usage) -> Share:
    share = ratio(count, usage.requests)
    return Share(
        text=code_named(code),
        count=count,
        share=share,
        role="bad" if code >= 500 or code == 429 else "warn" if code >= 400 else "data",
        place=Place(
            row=f"code:{code}",
            said=figures(
                Span(str(code), "title"),
                WORDS.get(code),
                f"{exact(count)} of {exact(usage.requests)} req",
                percent(share),
            ),
            leads=leads_to("status", str(code)),
        ),
    )


def members(dossier: Dossier) -> Section:
    """Whose requests they are, of several keys."""
    listing = Listing(label="key", noun="key", view="overview", cut=clip_name)
    total = dossier.usage.requests if dossier.usage else None
    rows = [] if dossier.key else [_member(row, total) for row in dossier.members]
    return Section(
        name="keys",
        weight=2,
        column=1,
        ample=6,
        forms=lambda frame: listing.forms(rows, frame),
        places=[[row.place] for row in rows],
    )


def _member(row: Standing, total: int | None) -> Share:
    share, reason = ratio(row.requests, total), row.problem.message if row.problem else "waiting"

    def leads(lens: Lens) -> Lens:
        return replace(lens, view=NAME, focus=row.key.id, marked=frozenset())

    return Share(
        text=label(row.key),
        count=row.requests,
        share=share,
        role="data",
        place=Place(
            row=f"key:{row.key.id}",
            said=figures(
                Span(label(row.key, 24), "title"),
                requests_part(row.requests) if row.usage else reason,
                percent(share) if row.usage else None,
                Span(row.word, state_role(row.word)),
            ),
            leads=leads,
        ),
    )
