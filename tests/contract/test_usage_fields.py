"""A figure of a usage answer is declared once, and is read, added up, subtracted and kept accordingly.

`flaws` names what was forgotten of a figure: in the wire or the demo, in sums over keys, in the window
before, over a restart, in the history.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import Field, field, fields, make_dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

import socd_tui
from socd_tui.analysis.subtract import subtract
from socd_tui.analysis.totals import combine
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import LATENCY_WINDOWS
from socd_tui.model.text import Text
from socd_tui.model.usage import (
    COUNT,
    LATENCY,
    LIST,
    METER,
    PEAK,
    REMEMBERED_LATENCY,
    Day,
    Endpoint,
    Hour,
    Meter,
    Usage,
)
from socd_tui.model.window import Window
from socd_tui.service.wire_keys import read_keys
from socd_tui.store.history import History
from socd_tui.store.snapshot import decode, encode
from tests.fleets import NOW, TRUTH, demo

ABOUT = ("key_id", "window", "fetched_at", "observed_at", "dialect", "notes", "raw")
"""What an answer says of itself: whoever makes a Usage fills them in."""

NOT_SUBTRACTED = ("throttled_by_endpoint",)
"""Lists that nothing asks of the window before."""

DAYS = LATENCY_WINDOWS[0]
NOW_WINDOW, LONGER_WINDOW = Window.ending(NOW.date(), DAYS), Window.ending(NOW.date(), 2 * DAYS)
THEN = NOW.replace(minute=0) - timedelta(days=DAYS)

SINGLE: dict[str, tuple[Any, Any]] = {
    "count": (4, 9),
    "latency": (12.5, 13),
    "peak": (3, 5),
    "meter": (Meter(10, 4), Meter(10, 5)),
}
"""By behaviour what an answer says, and the one for a window of twice as many days."""

LISTS: dict[str, tuple[Any, Any]] = {
    "statuses": ({200: 4}, {200: 9}),
    "endpoints": (
        (Endpoint(path=Text("/a"), requests=4, errors=1, avg_ms=2.5, throttled=1),),
        (Endpoint(path=Text("/a"), requests=9),),
    ),
    "throttled_by_endpoint": (((Text("/a"), 1),), ((Text("/a"), 2),)),
    "days": ((Day(NOW.date(), 4, 1, partial=True),), (Day(THEN.date(), 5, 0), Day(NOW.date(), 4, 1))),
    "hours": ((Hour(NOW.replace(minute=0), 1),), (Hour(THEN, 1), Hour(NOW.replace(minute=0), 1))),
}


def flaws(of: type[Usage]) -> list[str]:
    """What was forgotten of this class's figures, a sentence each."""
    figures = [each for each in fields(of) if each.name not in ABOUT]
    undeclared = [each.name for each in figures if "behaviour" not in each.metadata]
    lists = [each.name for each in figures if each.metadata.get("behaviour") == LIST["behaviour"]]
    unsampled = [name for name in lists if name not in LISTS]
    said = [f"{name} does not declare its behaviour" for name in undeclared]
    said += [f"{name} has no sample in this test" for name in unsampled]
    checked = [each for each in figures if each.name not in (*undeclared, *unsampled)]
    return [
        *said,
        *_unread(checked),
        *_unsummed(of, checked),
        *_untold_before(of, checked),
        *_lost(of, checked),
    ]


def _unread(figures: list[Field[Any]]) -> Iterator[str]:
    """What no payload of the demo brings."""
    answers = [usage for shape in ("flat", "nested") for usage in demo(shape).usages.values()]
    for each in figures:
        if all(getattr(usage, each.name, each.default) == each.default for usage in answers):
            yield f"{each.name} is not read from the demo's answers"


def _unsummed(of: type[Usage], figures: list[Field[Any]]) -> Iterator[str]:
    """What several keys do not say together as their figures are declared."""
    said, unsaid = _answer(of, figures), of(key_id="b", window=NOW_WINDOW, fetched_at=NOW, observed_at=NOW)
    both, one_of_two = combine([said, said]), combine([said, unsaid])
    for each in figures:
        total, partial = (getattr(usage, each.name, each.default) for usage in (both, one_of_two))
        match each.metadata["behaviour"]:
            case "count" if total != 2 * SINGLE["count"][0]:
                yield f"{each.name} is not added up over keys"
            case "list" if total == each.default:
                yield f"{each.name} is not added up over keys"
            case "latency" | "peak" | "meter" if total != each.default:
                yield f"{each.name} is said of several keys"
        if partial != each.default:
            yield f"{each.name} of two keys is not unknown where one does not say it"


def _untold_before(of: type[Usage], figures: list[Field[Any]]) -> Iterator[str]:
    """What the window before does not say as the figures are declared."""
    before = subtract(_answer(of, figures, longer=True), _answer(of, figures)).usage
    for each in figures:
        difference = getattr(before, each.name, each.default)
        match each.metadata["behaviour"]:
            case "count" if difference != SINGLE["count"][1] - SINGLE["count"][0]:
                yield f"{each.name} is not subtracted for the window before"
            case "list" if (difference == each.default) is not (each.name in NOT_SUBTRACTED):
                yield f"{each.name} is not subtracted for the window before"
            case "latency" | "peak" | "meter" if difference != each.default:
                yield f"{each.name} is said of the window before"


def _lost(of: type[Usage], figures: list[Field[Any]]) -> Iterator[str]:
    """What is gone after a restart."""
    usage = replace(_answer(of, figures), raw=dict)
    key = read_keys({"data": [{"id": TRUTH.keys[0].id}]}).keys[0]
    usage = replace(usage, key_id=key.id)
    kept = decode(encode(Fleet(keys=(key,), usages={(key.id, DAYS): usage})))
    again = kept.usages[key.id, DAYS] if kept else None
    with TemporaryDirectory() as folder:
        history = History(Path(folder), "https://a", clock=lambda: NOW)
        history.record([key], [usage])
        [latency] = history.past()[key.id].latencies
    for each in figures:
        value = getattr(usage, each.name)
        if getattr(again, each.name, each.default) != value:
            yield f"{each.name} is not in the snapshot"
        if each.metadata.get("in_history") and getattr(latency, each.name, each.default) != value:
            yield f"{each.name} is not in the history"


def _answer(of: type[Usage], figures: list[Field[Any]], *, longer: bool = False) -> Usage:
    """An answer that says every figure."""
    said = {each.name: LISTS.get(each.name) or SINGLE[each.metadata["behaviour"]] for each in figures}
    window = LONGER_WINDOW if longer else NOW_WINDOW
    figures_said = {name: pair[longer] for name, pair in said.items()}
    return of(key_id="a", window=window, fetched_at=NOW, observed_at=NOW, **figures_said)


def test_nothing_is_forgotten_of_any_figure() -> None:
    assert flaws(Usage) == []


UNREAD, LOST = "cached is not read from the demo's answers", "cached is not in the snapshot"


@pytest.mark.parametrize(
    ("declared", "missing"),
    [
        (field(default=None), ["cached does not declare its behaviour"]),
        (field(default=None, metadata=LIST), ["cached has no sample in this test"]),
        (
            field(default=None, metadata=COUNT),
            [
                UNREAD,
                "cached is not added up over keys",
                "cached is not subtracted for the window before",
                LOST,
            ],
        ),
        (field(default=None, metadata=LATENCY), [UNREAD, LOST]),
        (field(default=None, metadata=REMEMBERED_LATENCY), [UNREAD, LOST, "cached is not in the history"]),
        (field(default=None, metadata=PEAK), [UNREAD, LOST]),
        (field(default=Meter(), metadata=METER), [UNREAD, LOST]),
    ],
    ids=["undeclared", "list", "count", "latency", "remembered latency", "peak", "meter"],
)
def test_a_field_that_nothing_else_has_is_missed_in_each_place(declared: Any, missing: list[str]) -> None:
    variant = make_dataclass("Variant", [("cached", object, declared)], bases=(Usage,), frozen=True, eq=False)
    assert flaws(variant) == missing


@pytest.mark.parametrize("declared", [LATENCY, PEAK], ids=["latency", "peak"])
def test_a_figure_that_is_added_up_against_its_declaration_is_named(declared: dict[str, str]) -> None:
    """The requests add up and subtract, so declared as anything else they are wrong in both."""
    requests: Any = field(default=None, metadata=declared)
    variant = make_dataclass(
        "Variant", [("requests", object, requests)], bases=(Usage,), frozen=True, eq=False
    )
    assert "requests is said of several keys" in flaws(variant)


FIELD = (
    "model/usage.py",
    "    notes: tuple[str, ...] = ()\n",
    "    cached: int | None = field(default=None, metadata=COUNT)\n"
    "    p90_ms: float | None = field(default=None, metadata=LATENCY)\n",
)
ROW = (
    "service/payload.py",
    '    "peak_per_day": Place(',
    '    "cached": Place("cached_requests"),\n    "p90_ms": Place("latency_p90_ms"),\n',
)
DEMO = (
    "service/demo/payload.py",
    '        "top_endpoints": [\n',
    '        "cached_requests": 1,\n        "latency_p90_ms": 7,\n',
)
ASK = "from tests.contract.test_usage_fields import *; print(*flaws(Usage), sep='\\n')"


@pytest.mark.parametrize(
    ("edits", "missing"),
    [
        ([FIELD, ROW, DEMO], []),
        (
            [FIELD, ROW],
            ["cached is not read from the demo's answers", "p90_ms is not read from the demo's answers"],
        ),
        (
            [FIELD, DEMO],
            ["cached is not read from the demo's answers", "p90_ms is not read from the demo's answers"],
        ),
    ],
    ids=["complete", "without a payload", "without a row"],
)
def test_a_new_figure_takes_a_field_a_row_and_a_payload(
    tmp_path: Path, edits: list[tuple[str, str, str]], missing: list[str]
) -> None:
    """Written into a copy of the package: sums, the window before and the snapshot follow by themselves."""
    package, tests = Path(socd_tui.__file__).parent, Path(__file__).parents[1]
    for folder in (package, tests):
        shutil.copytree(folder, tmp_path / folder.name, ignore=shutil.ignore_patterns("goldens", "*.pyc.*"))
    for name, before, lines in edits:
        file = tmp_path / "socd_tui" / name
        text = file.read_text()
        assert text.count(before) == 1
        file.write_text(text.replace(before, lines + before))
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout.split("\n")[:-1], done.stderr) == (missing or [""], "")
