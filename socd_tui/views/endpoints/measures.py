"""The figures of an endpoint's row."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.compare import Change
from socd_tui.charts.table import Column
from socd_tui.model.key import ApiKey
from socd_tui.model.record import dataclass
from socd_tui.model.target import RowTarget
from socd_tui.model.text import Text
from socd_tui.model.usage import Endpoint, ratio
from socd_tui.views.endpoints.view import NAME
from socd_tui.views.parts.change import change_measures
from socd_tui.views.parts.measure import Measure, Measures
from socd_tui.views.parts.names import label
from socd_tui.views.parts.share import bar_measure


@dataclass(frozen=True, kw_only=True)
class EndpointRow:
    """One path: its figures, those of each marked key, and what changed since the window before."""

    endpoint: Endpoint
    total: int | None
    """All requests in the window, those of unlisted endpoints included."""
    by_key: tuple[int | None, ...] = ()
    change: Change | None = None
    growth: float | None = None

    @property
    def path(self) -> Text:
        return self.endpoint.path

    @property
    def target(self) -> RowTarget:
        return RowTarget(NAME, self.path.original)

    @property
    def share(self) -> float | None:
        """Of all requests in the window."""
        return ratio(self.endpoint.requests, self.total)

    @property
    def error_ratio(self) -> float | None:
        return ratio(self.endpoint.errors, self.endpoint.requests)


MEASURES: Measures[EndpointRow] = Measures(
    (
        Measure(
            name="path",
            read=lambda row: row.path,
            kind="text",
            column=Column("endpoint", "left", floor=24, cut="middle"),
            role="title",
        ),
        Measure(
            name="requests",
            read=lambda row: row.endpoint.requests,
            column=Column("requests"),
            aliases=("req",),
            meaning="answers of that path, 429 included",
            source="top_endpoints, breakdown.byEndpoint",
        ),
        Measure(
            name="share",
            read=lambda row: row.share,
            kind="ratio",
            column=Column("share", drop=4),
            after="growth_share",
            meaning="of all requests in the window, those the list leaves out included",
        ),
        bar_measure(lambda row: row.share, "data", drop=6),
        Measure(name="errors", read=lambda row: row.endpoint.errors, column=Column("errors", drop=5)),
        Measure(
            name="error_ratio",
            read=lambda row: row.error_ratio,
            kind="ratio",
            column=Column("err%", drop=2),
            meaning="errors ÷ requests of the endpoint",
            source="breakdown.byEndpoint.errors, nested only",
        ),
        Measure(
            name="avg_ms",
            read=lambda row: row.endpoint.avg_ms,
            kind="ms",
            column=Column("avg ms", drop=5),
            after="throttled",
            meaning="average response time; weighted by requests when keys are summed",
            source="avgTime, nested only",
        ),
        Measure(
            name="throttled",
            read=lambda row: row.endpoint.throttled,
            column=Column("429", drop=3),
            meaning="throttled requests of the endpoint",
            source="rateLimitHits.byEndpoint, nested only",
        ),
        *change_measures(lambda row: row.change, lambda row: row.growth, drop=3, growth_drop=4),
    )
)


def with_keys(keys: Sequence[ApiKey]) -> Measures[EndpointRow]:
    """With several keys marked a column for each stands where the bar does; the least busy leave first."""
    if not keys:
        return MEASURES
    behind = ("share", *(key.id for key in keys))
    return MEASURES.replacing("bar", *(_of_key(n, key, behind[n]) for n, key in enumerate(keys)))


def column_title(key: ApiKey) -> str:
    """What stands above the column of a key."""
    return label(key, 12)


def _of_key(n: int, key: ApiKey, after: str) -> Measure[EndpointRow]:
    """Requests of the n-th of the marked keys."""
    return Measure(
        name=key.id,
        read=lambda row: row.by_key[n],
        column=Column(column_title(key), drop=1 if n < 2 else 6 + n),
        after=after,
        role=lambda row: "ink" if row.by_key[n] else "faint",
    )
