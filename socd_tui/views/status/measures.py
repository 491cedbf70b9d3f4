"""The figures of a status code's row."""

from __future__ import annotations

from dataclasses import dataclass

from socd_tui.analysis.compare import Change
from socd_tui.charts.table import Cell, Column
from socd_tui.model.target import RowTarget
from socd_tui.model.usage import ratio
from socd_tui.views.parts.change import change_measures
from socd_tui.views.parts.codes import code_named
from socd_tui.views.parts.measure import Measure, Measures
from socd_tui.views.parts.share import bar_measure

NAME = "status"

GROUPS = ("1xx", "2xx", "3xx", "4xx", "429", "5xx", "other")
"""In the order they are shown."""


@dataclass(frozen=True, kw_only=True)
class StatusRow:
    """Requests answered with one code, and what changed since the window before."""

    code: int
    requests: int
    total: int | None
    """All requests in the window."""
    change: Change | None = None

    @property
    def target(self) -> RowTarget:
        return RowTarget(NAME, str(self.code))

    @property
    def group(self) -> str:
        """One of `GROUPS`: 429 is one of its own."""
        if self.code == 429:
            return "429"
        return f"{self.code // 100}xx" if 1 <= self.code // 100 <= 5 else "other"

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among the others: with its group, by its code."""
        return GROUPS.index(self.group), self.code

    @property
    def meaning(self) -> str:
        """The code and its words, if it has any: 404 not found."""
        return code_named(self.code)

    @property
    def share(self) -> float | None:
        """Of all requests in the window."""
        return ratio(self.requests, self.total)


MEASURES: Measures[StatusRow] = Measures(
    (
        Measure(
            name="code",
            read=lambda row: row.code,
            kind="code",
            column=Column("code", "left", floor=8),
            cell=lambda row, _: Cell((f"  {row.meaning}",)),
        ),
        Measure(name="group", read=lambda row: row.group, kind="text", in_json=False),
        Measure(name="meaning", read=lambda row: row.meaning, kind="text", in_files=False, in_json=False),
        Measure(name="requests", read=lambda row: row.requests, column=Column("requests"), aliases=("req",)),
        Measure(
            name="share",
            read=lambda row: row.share,
            kind="ratio",
            column=Column("share"),
            meaning="of all requests in the window",
            source="by_status, breakdown.byStatusCode",
        ),
        bar_measure(lambda row: row.share, "faint", drop=2),
        *change_measures(lambda row: row.change, drop=3),
    )
)
