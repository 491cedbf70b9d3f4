"""What the program makes of each key's days: findings, the forecast, the tier that suits, the price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import get_args

from socd_tui.analysis.findings import Finding
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.runaway import Runaway
from socd_tui.analysis.tier import TierVerdict
from socd_tui.outputs.metrics.family import Family, KeyReading, Reading, Row, of_each, of_key
from socd_tui.views.parts.description import describe

KINDS: tuple[str, ...] = tuple(kind.kind for kind in get_args(Finding))
"""Of findings, the worst first."""

AHEAD = (1, 7, 14)
"""Days ahead of which the forecast is told: those on which it was measured."""


def _counts_by_kind(reading: Reading) -> Iterable[Row]:
    """Nothing where no key could be judged: that nothing is wrong would be said of what is unknown."""
    found = reading.findings
    if reading.known.fleet.listed_at is None or (reading.keys and not found.judged + found.unjudged):
        return []
    counts = Counter(finding.kind for finding in found.worst_first)
    return [((kind,), counts[kind]) for kind in KINDS]


def _findings(reading: Reading) -> Iterator[Row]:
    return (((finding.key.id, finding.kind), 1) for finding in reading.findings.worst_first)


def _since(reading: Reading) -> Iterator[Row]:
    for finding in reading.findings.worst_first:
        since = describe(finding).since
        yield (finding.key.id, finding.kind), _midnight(since.day) if since else None


def _usual(each: KeyReading) -> float | None:
    runaway = each.facts.assessment.runaway
    return runaway.usual if isinstance(runaway, Runaway) else None


def _forecast(each: KeyReading) -> Forecast | None:
    """None also where the key's use has changed too lately for the days ahead."""
    assessment = each.facts.assessment
    forecast = assessment.forecast
    return forecast if isinstance(forecast, Forecast) and assessment.unfitted is None else None


def _bands(each: KeyReading) -> Iterator[Row]:
    forecast, today = _forecast(each), each.facts.assessment.today
    for band in forecast.bands if forecast and today else ():
        ahead = (band.date - today).days if today else 0
        if ahead in AHEAD:
            yield (f"{ahead}d", "low"), band.low
            yield (f"{ahead}d", "middle"), band.middle
            yield (f"{ahead}d", "high"), band.high


def _cap(each: KeyReading) -> Iterator[Row]:
    """The first days whose band reaches the limit with its upper and with its lower edge.

    Of a key that reached it in the last week the newest such day is both.
    """
    ahead, known = _forecast(each), each.facts.assessment.forecast
    reached = known.reached if isinstance(known, Forecast) else None
    if reached is not None:
        yield ("earliest",), _midnight(reached)
        yield ("latest",), _midnight(reached)
    elif ahead is not None and not ahead.unlikely:
        earliest = next((band.date for band in ahead.bands if band.high >= ahead.limit), None)
        latest = next((band.date for band in ahead.bands if band.low >= ahead.limit), None)
        yield ("earliest",), _midnight(earliest)
        yield ("latest",), _midnight(latest)


def _advice(each: KeyReading) -> Iterator[Row]:
    tier = each.facts.assessment.tier
    if isinstance(tier, TierVerdict):
        yield (tier.verdict,), 1


def _midnight(day: date | None) -> float | None:
    """Of a UTC day, in seconds since 1970."""
    return None if day is None else datetime.combine(day, time(), UTC).timestamp()


def _dollars(cents: int | None) -> float | None:
    return None if cents is None else cents / 100


ANSWERS = (
    Family(
        name="socd_findings",
        help="What is wrong with the account's keys, by kind.",
        group="findings",
        labels=("kind",),
        rows=_counts_by_kind,
    ),
    Family(
        name="socd_key_finding",
        help="1 while a key has a finding of this kind; absent otherwise.",
        group="findings",
        labels=("key_id", "kind"),
        rows=_findings,
    ),
    Family(
        name="socd_key_finding_since_timestamp_seconds",
        help="When the first UTC day of a finding began, as far as the days tell.",
        group="findings",
        labels=("key_id", "kind"),
        rows=_since,
    ),
    Family(
        name="socd_key_usual_requests_per_day",
        help="What a key that runs away usually asks for in a day.",
        group="findings",
        labels=("key_id",),
        rows=of_key(_usual),
    ),
    Family(
        name="socd_key_forecast_requests",
        help="Requests forecast for a whole UTC day so far ahead: the middle and the edges of the 80 % band.",
        group="forecast",
        labels=("key_id", "ahead", "bound"),
        rows=of_each(_bands),
    ),
    Family(
        name="socd_key_cap_reached_timestamp_seconds",
        help="When the UTC day begins on which the day limit is reached at the earliest and at the latest; "
        "of a key that reached it in the last week the newest such day; absent when not within 30 days.",
        group="forecast",
        labels=("key_id", "edge"),
        rows=of_each(_cap),
    ),
    Family(
        name="socd_key_forecast_judged",
        help="Past days of which a forecast of a week before can be judged.",
        group="forecast",
        labels=("key_id",),
        rows=of_key(lambda each: forecast.of if (forecast := _forecast(each)) else None),
    ),
    Family(
        name="socd_key_forecast_inside",
        help="Of these the ones whose requests lay in the band forecast.",
        group="forecast",
        labels=("key_id",),
        rows=of_key(lambda each: forecast.inside if (forecast := _forecast(each)) else None),
    ),
    Family(
        name="socd_key_tier_advice",
        help="1 for what is advised of the key's tier: stay, borderline, upgrade or could_downgrade.",
        group="advice",
        labels=("key_id", "advice"),
        rows=of_each(_advice),
    ),
    Family(
        name="socd_key_cost_usd_per_month",
        help="Estimated share of the plan's price a month, by requests let through in the window.",
        group="cost",
        labels=("key_id",),
        rows=of_key(lambda each: _dollars(each.cents_a_month)),
    ),
)
