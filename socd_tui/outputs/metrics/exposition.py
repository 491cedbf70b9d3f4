"""Metrics as text: Prometheus' classic format (0.0.4), and OpenMetrics (1.0).

Both are read by Prometheus. The classic one is what node_exporter's text-file collector takes, OpenMetrics
what `promtool tsdb create-blocks-from openmetrics` takes. They differ in what a counter is called above its
samples, in units, in the end of the text, and in the unit of moments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from math import isfinite
from typing import Literal

from socd_tui.outputs.metrics.family import COUNTER, Metric

Format = Literal["prometheus", "openmetrics"]
FORMATS: tuple[Format, ...] = ("prometheus", "openmetrics")

CONTENT_TYPES: dict[Format, str] = {
    "prometheus": "text/plain; version=0.0.4; charset=utf-8",
    "openmetrics": "application/openmetrics-text; version=1.0.0; charset=utf-8",
}

_SECONDS = "_seconds"


def exposed(metrics: Iterable[Metric], format_: Format) -> str:
    """The text of all that have samples, with its final newline."""
    is_open = format_ == "openmetrics"
    lines = [line for metric in metrics if metric.samples for line in _lines(metric, is_open=is_open)]
    if is_open:
        lines.append("# EOF")
    return "".join(f"{line}\n" for line in lines)


def _lines(metric: Metric, *, is_open: bool) -> Iterator[str]:
    family = metric.name.removesuffix(COUNTER) if is_open else metric.name
    yield f"# HELP {family} {_help(metric.help, is_open=is_open)}"
    yield f"# TYPE {family} {'counter' if metric.is_counter else 'gauge'}"
    if is_open and family.endswith(_SECONDS):
        yield f"# UNIT {family} {_SECONDS[1:]}"
    for labels, value, at in metric.samples:
        if isfinite(value):
            written = ",".join([f'{name}="{_escaped(text)}"' for name, text in labels])
            moment = "" if at is None else f" {_moment(at, is_open=is_open)}"
            yield f"{metric.name}{f'{{{written}}}' if written else ''} {_number(value)}{moment}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _help(text: str, *, is_open: bool) -> str:
    return _escaped(text) if is_open else text.replace("\\", "\\\\").replace("\n", "\\n")


def _number(value: float) -> str:
    """Whole numbers to their last digit."""
    return str(int(value)) if value == int(value) else repr(float(value))


def _moment(at: datetime, *, is_open: bool) -> str:
    """Seconds in OpenMetrics, milliseconds in the classic format."""
    return _number(at.timestamp()) if is_open else str(round(at.timestamp() * 1000))
