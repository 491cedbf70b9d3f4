"""The figures of a status code's row."""

from __future__ import annotations

from socd_tui.analysis.compare import Change
from socd_tui.charts.canvas import Line, Span
from socd_tui.charts.number import percent
from socd_tui.charts.table import Cell, Column
from socd_tui.model.key import ApiKey
from socd_tui.model.record import dataclass, replace
from socd_tui.model.target import RowTarget
from socd_tui.model.usage import ratio
from socd_tui.views.parts.change import change_measures
from socd_tui.views.parts.codes import code_named
from socd_tui.views.parts.measure import Measure, Measures
from socd_tui.views.parts.names import label
from socd_tui.views.parts.share import bar_measure
from socd_tui.views.status.view import NAME


@dataclass(frozen=True, kw_only=True)
class StatusRow:
    """Requests answered with one code, and what changed since the window before."""

    code: int
    requests: int
    total: int | None
    """All requests in the window."""
    errors: int
    """All that were answered with an error."""
    change: Change | None = None
    most: tuple[ApiKey, int] | None = None
    """Of several keys the one with most of them, and how many."""

    @property
    def target(self) -> RowTarget:
        return RowTarget(NAME, str(self.code))

    @property
    def group(self) -> str:
        """2xx, 4xx and so on; 429 is a group of its own, and what is no code of HTTP is "other"."""
        if self.code == 429:
            return "429"
        return f"{self.code // 100}xx" if 1 <= self.code // 100 <= 5 else "other"

    @property
    def fine(self) -> bool:
        """Whether it is no error: the table is of the others."""
        return 100 <= self.code < 400

    @property
    def meaning(self) -> str:
        """The code and its words, if it has any: 404 not found."""
        return code_named(self.code)

    @property
    def share(self) -> float | None:
        """Of all requests in the window."""
        return ratio(self.requests, self.total)

    @property
    def of_errors(self) -> float | None:
        """Of all errors in the window."""
        return None if self.fine else ratio(self.requests, self.errors)


def _mostly(row: StatusRow) -> Cell:
    if row.most is None:
        return Cell()
    key, n = row.most
    share = f"{percent(ratio(n, row.requests))} "

    def drawn(width: int) -> Line:
        return (Span(share), Span(label(key, max(width - len(share), 0)), "title"))

    return Cell((f"{share}{label(key)}",), drawing=drawn)


def _change(row: StatusRow) -> Change | None:
    return row.change


def _measures() -> Measures[StatusRow]:
    before, *changed = change_measures(_change, drop=3)
    return Measures(
        (
            Measure(
                name="code",
                read=lambda row: row.code,
                kind="code",
                column=Column("code", "left", floor=17),
                cell=lambda row, _: Cell((row.meaning, row.meaning, str(row.code))),
                role="title",
            ),
            Measure(name="group", read=lambda row: row.group, kind="text", in_json=False),
            Measure(name="meaning", read=lambda row: row.meaning, kind="text", in_files=False, in_json=False),
            Measure(
                name="requests",
                read=lambda row: row.requests,
                column=Column("count"),
                aliases=("req",),
            ),
            Measure(
                name="share",
                read=lambda row: row.share,
                kind="ratio",
                column=Column("of req", drop=5),
                after="bar",
                meaning="of all requests in the window",
                source="by_status, breakdown.byStatusCode",
            ),
            Measure(
                name="share_of_errors",
                read=lambda row: row.of_errors,
                kind="ratio",
                column=Column("of errors", drop=1),
                after="requests",
                in_files=False,
                meaning="of all answers that are errors, 429 included",
            ),
            replace(bar_measure(lambda row: row.of_errors, "data", drop=2), after="share_of_errors"),
            Measure(
                name="mostly",
                read=lambda row: row.most[0].name if row.most else None,
                kind="text",
                column=Column("mostly by", "left", drop=4, floor=18, cut="name"),
                cell=lambda row, _: _mostly(row),
                after="share",
                in_files=False,
                in_json=False,
                meaning="of several keys the one with most of the code, and its share of them",
            ),
            replace(before, column=Column("before", drop=4), after="share"),
            *(
                replace(each, after="previous_requests") if each.name == "change" else each
                for each in changed
            ),
        )
    )


MEASURES = _measures()
