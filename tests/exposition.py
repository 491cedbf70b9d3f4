"""Reads metrics as Prometheus does, by its own strict parsers: both formats as the same plain values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_classic


class Told(NamedTuple):
    """One sample as it was written."""

    name: str
    labels: dict[str, str]
    value: float
    at_s: float | None


def parsed(text: str) -> list[Metric]:
    """The families of a text in the format that its end tells. Raises ValueError for what breaks a rule."""
    parse = parse_openmetrics if text.endswith("# EOF\n") else parse_classic
    families = list(parse(text))
    _refuse_doubles(families)
    return families


def told(text: str) -> list[Told]:
    """Every sample of the text, in its order."""
    return [
        Told(
            sample.name,
            dict(sample.labels),
            float(sample.value),
            None if sample.timestamp is None else float(sample.timestamp),
        )
        for family in parsed(text)
        for sample in family.samples
    ]


def values(text: str, name: str) -> dict[tuple[str, ...], float]:
    """The values of one name, by those of its labels."""
    return {tuple(each.labels.values()): each.value for each in told(text) if each.name == name}


def _refuse_doubles(families: Iterable[Metric]) -> None:
    """Prometheus refuses a scrape that tells one series twice; its parser does not look."""
    seen = set()
    for family in families:
        for sample in family.samples:
            series = sample.name, frozenset(sample.labels.items()), str(sample.timestamp)
            if series in seen:
                raise ValueError(f"told twice: {series}")
            seen.add(series)
