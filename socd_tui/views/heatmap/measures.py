"""The 429s of an hour, and those of an endpoint where the service sent no hours."""

from __future__ import annotations

from socd_tui.charts.table import Column
from socd_tui.model.record import dataclass
from socd_tui.model.text import Text
from socd_tui.model.usage import Hour, ratio
from socd_tui.views.parts.measure import Measure, Measures
from socd_tui.views.parts.share import bar_measure

HOURS: Measures[Hour] = Measures(
    (
        Measure(name="hour", read=lambda row: f"{row.start:%Y-%m-%dT%H:%M:%SZ}", kind="text"),
        Measure(name="throttled", json_name="count", read=lambda row: row.throttled),
    )
)
"""Hours as files have them; on the screen they are the map."""


@dataclass(frozen=True)
class ThrottledPath:
    """One endpoint's 429s, of `total` in the window."""

    path: Text
    throttled: int
    total: int | None

    @property
    def share(self) -> float | None:
        return ratio(self.throttled, self.total)


ENDPOINTS: Measures[ThrottledPath] = Measures(
    (
        Measure(
            name="endpoint",
            json_name="path",
            read=lambda row: row.path,
            kind="text",
            column=Column("endpoint", "left", floor=24, cut="middle"),
            role="title",
        ),
        Measure(name="throttled", json_name="count", read=lambda row: row.throttled, column=Column("429")),
        Measure(
            name="share",
            read=lambda row: row.share,
            kind="ratio",
            column=Column("share"),
            in_files=False,
            in_json=False,
        ),
        bar_measure(lambda row: row.share, "bad", drop=2),
    )
)
