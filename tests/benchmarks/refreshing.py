"""A refresh over a slow line: how long until its figures are shown, and how often the service is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.benchmarks.lab import LATE_S, PROGRAM, Lab
from tests.benchmarks.rows import Sample
from tests.benchmarks.terminal import Program, first_shown, shown_since

LATENCY_S, AT_ONCE = 0.2, 4
KEYS = 50
TOTAL = re.compile(r"total (\d+) of \d+")
"""The last row of the table: of how many keys figures have come."""


def refresh(lab: Lab) -> Iterator[Sample]:
    """The first start of all: nothing is stored. Counted from the first request."""
    service = lab.filled(KEYS).service
    service.wait_before_answers(LATENCY_S)
    try:
        service.forget()
        with Program(PROGRAM, lab.environ(lab.folder(), **service.environ)) as program:
            program.settle()
    finally:
        service.wait_before_answers(LATE_S)
    asked = service.asked()
    of_keys = [each.key for each in asked]
    requests = max(map(of_keys.index, {key for key in of_keys if key})) + 1
    began, ideal_s = asked[0].at, (1 + KEYS / AT_ONCE) * LATENCY_S
    last = shown_since(program, lambda text: answered(text) >= KEYS - 1, "a figure of each key")
    first = first_shown(program, lambda text: answered(text) > 0, "a figure")
    yield Sample("refresh", (last - began) * 1e3, ideal_s * 1e3, began=began)
    yield Sample("first-row", (first - began) * 1e3, LATENCY_S * 1e3, began=began)
    yield Sample("requests", requests, 1 + KEYS)  # until each key has been asked about


def answered(text: str) -> int:
    """Of how many keys the table has figures. The service does not know one of the demo's keys."""
    found = TOTAL.search(text)
    return int(found[1]) if found else 0
