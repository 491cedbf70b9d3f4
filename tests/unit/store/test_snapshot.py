"""The last known Fleet comes back as it was, and nothing else comes back at all."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.fleet import Fleet, Mode
from socd_tui.model.text import Text
from socd_tui.model.usage import Day, Usage
from socd_tui.store.snapshot import decode, encode
from tests.cost import counted
from tests.fleets import FLEETS, demo

fleets = pytest.mark.parametrize("name", FLEETS)


def facts(usage: Usage) -> dict[str, object]:
    """Everything but what is not kept: a Usage is compared by identity."""
    return {each.name: getattr(usage, each.name) for each in fields(usage) if each.name != "raw"}


def known(fleet: Fleet) -> Fleet:
    """The Fleet after being kept and opened again."""
    found = decode(encode(fleet))
    assert found is not None
    return found


@fleets
def test_a_fleet_comes_back_as_it_was(name: str) -> None:
    fleet = FLEETS[name][0]()
    found = known(fleet)
    assert (found.mode, found.base_url, found.listed_at) == (fleet.mode, fleet.base_url, fleet.listed_at)
    assert found.observed_at == fleet.observed_at
    assert found.keys == fleet.keys
    assert list(found.usages) == list(fleet.usages)
    for slot, usage in fleet.usages.items():
        assert facts(found.usages[slot]) == facts(usage)
    assert found.failures == {}
    assert found.problems == ()


@pytest.mark.parametrize("mode", get_args(Mode))
def test_a_fleet_of_every_mode_comes_back(mode: Mode) -> None:
    assert known(replace(demo(), mode=mode)).mode == mode


@pytest.mark.parametrize("name", ["\x1b]52;c;x\x07", "\u202eevil", "\ud800", "a\0b", "x" * 300, "日本\u200b"])
def test_foreign_text_keeps_its_original_and_is_harmless_again(name: str) -> None:
    key = replace(demo().keys[0], name=Text(name), scopes=(Text(name),))
    found = known(replace(demo(), keys=(key,))).keys[0]
    assert found.name.original == found.scopes[0].original == name
    assert found.name.shown == Text(name).shown


def test_a_sentence_about_an_answer_is_made_harmless() -> None:
    document = json.loads(encode(demo()))
    document["usages"][0][1]["notes"] = ["a\x1b[2Jb"]
    found = decode(json.dumps(document).encode())
    assert found is not None
    assert next(iter(found.usages.values())).notes == ("a\ufffd[2Jb",)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_fleet_or_nothing(data: bytes) -> None:
    assert decode(data) is None


Path = tuple[int | str, ...]


def paths(value: object, above: Path = ()) -> list[Path]:
    """Every place in a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [above, *(path for key, item in items for path in paths(item, (*above, key)))]


SMALL = json.loads(encode(replace(demo(), keys=demo().keys[:1], usages=dict([*demo().usages.items()][:1]))))
PLACES = paths(SMALL)


def listed(document: Any) -> Any:
    """As a version before wrote it: each date of its days, and of each whether it is partial."""
    document = json.loads(json.dumps(document))
    for _, usage in document["usages"]:
        first, requests, errors, partial = usage["days"]
        rows = range(len(requests))
        flags = [row >= len(requests) - partial for row in rows]
        usage["days"] = [[first + row for row in rows], requests, errors, flags]
    return {**document, "version": 2}


LISTED = listed(SMALL)


def changed(path: Path, change: Callable[[Any], object], of: Any = SMALL) -> bytes:
    document = json.loads(json.dumps(of))
    place = {"": document}
    holder, last = place, ""
    for step in path:
        holder, last = holder[last], step  # type: ignore[assignment]
    holder[last] = change(holder[last])
    return json.dumps(document).encode()


ODD: st.SearchStrategy[object] = st.sampled_from(
    [None, True, -1, 2**80, 10**400, 1.5, float("nan"), float("inf"), "", "x", "9999-12-31", [], [[]], {}]
)


@given(st.sampled_from(PLACES), ODD)
def test_whatever_is_changed_in_it_the_rest_is_still_a_fleet_or_nothing(path: Path, odd: object) -> None:
    found = decode(changed(path, lambda _: odd))
    assert found is None or known(found).keys == found.keys


@given(st.sampled_from(PLACES[1:]))
def test_text_where_a_number_belongs_and_the_reverse_is_nothing(path: Path) -> None:
    found = decode(changed(path, lambda value: 7.5 if isinstance(value, str) else {"a": "b"}))
    assert found is None


@pytest.mark.parametrize("version", [0, 1, 4, "2", None])
def test_another_version_is_nothing(version: object) -> None:
    assert decode(json.dumps({**SMALL, "version": version}).encode()) is None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("keys", 0, "id"), "../../account"),
        (("base_url",), "https://a\x1b[2J"),
        (("base_url",), 7.5),
        (("usages", 0, 1, "ms", "p50_ms"), float("inf")),
        (("usages", 0, 0), 91),
        (("usages", 0, 1, "window", 1), 1),
        (("usages", 0, 1, "counts", "requests"), -1),
        (("usages", 0, 1, "counts", "requests"), 2**63 + 1),
        (("mode",), "x"),
        (("usages", 0, 1, "dialect"), "x"),
        (("usages", 0, 1, "window", 3), "x"),
        (("usages", 0, 1, "ms", "p50_ms"), float("nan")),
        (("usages", 0, 1, "moments", 0), "2026-11-22T10:00:00"),
        (("usages", 0, 1, "days", 0), 2**40),
        (("usages", 0, 1, "days", 3), 91),
        (("usages", 0, 1, "days", 3), -1),
        (("usages", 0, 1, "days", 3), -(10**12)),
        (("usages", 0, 1, "window", 0), 10**6),
        (("listed_at",), "2026-11-22T10:00:00+02:00"),
    ],
)
def test_what_the_program_would_never_have_written_is_nothing(path: Path, value: object) -> None:
    assert decode(changed(path, lambda _: value)) is None


@pytest.mark.parametrize("column", [0, 1, 2, 3])
def test_columns_of_different_lengths_are_nothing(column: int) -> None:
    path: Path = ("usages", 0, 1, "days", column)
    assert decode(changed(path, lambda column: column[:-1], LISTED)) is None
    if column in (1, 2):
        assert decode(changed(path, lambda column: column[:-1])) is None
    assert decode(changed((*path, 0), lambda _: "x", LISTED)) is None


def test_what_a_version_before_wrote_is_the_same() -> None:
    now, then = decode(json.dumps(SMALL).encode()), decode(json.dumps(LISTED).encode())
    assert now is not None
    assert then is not None
    [answer], [of_then] = now.usages.values(), then.usages.values()
    assert answer.days
    assert answer.days == of_then.days
    assert encode(then) == encode(now)


@given(st.lists(st.tuples(st.integers(738_000, 738_020), st.booleans()), unique_by=lambda day: day[0]))
def test_days_with_gaps_and_with_any_of_them_partial_are_the_same_again(told: list[tuple[int, bool]]) -> None:
    days = tuple(Day(date.fromordinal(on), on % 7, None, partial) for on, partial in sorted(told))
    fleet = demo()
    slot, usage = next(iter(fleet.usages.items()))
    again = decode(encode(replace(fleet, usages={slot: replace(usage, days=days)})))
    assert again is not None
    assert again.usages[slot].days == days


def test_a_column_too_many_or_too_few_is_nothing() -> None:
    for change in (lambda columns: columns[:-1], lambda columns: [*columns, columns[-1]]):
        assert decode(changed(("usages", 0, 1, "days"), change)) is None
        assert decode(changed(("usages", 0, 1, "meters", "minute"), change)) is None


@pytest.mark.parametrize("days", [1_000, 1_001])
def test_a_window_of_more_than_a_thousand_dates_is_nothing(days: int) -> None:
    def longer(window: list[Any]) -> list[Any]:
        return [window[0], window[2] - days + 1, *window[2:]]

    assert (decode(changed(("usages", 0, 1, "window"), longer)) is None) == (days > 1_000)


def test_limits_and_moments_that_cannot_be_read_are_known_as_such_again() -> None:
    for limit in ("unlimited", "unreadable", 7, None):
        key = replace(demo().keys[0], limit_per_day=limit, unreadable=frozenset({"expires_at"}))
        assert known(replace(demo(), keys=(key,))).keys == (key,)


def test_what_was_seen_later_than_it_may_be_is_nothing() -> None:
    fleet = replace(demo(), observed_at=None)
    newest = max(usage.observed_at for usage in fleet.usages.values())
    newest = max(newest, *(usage.fetched_at for usage in fleet.usages.values()), fleet.listed_at or newest)
    second = timedelta(seconds=1)
    assert decode(encode(fleet), newest) is not None
    assert decode(encode(fleet), newest - second) is None
    for later in (
        replace(fleet, listed_at=newest + second),
        replace(fleet, observed_at=newest + second),
    ):
        assert decode(encode(later), newest) is None
        assert decode(encode(later), newest + second) is not None


@pytest.mark.parametrize("count", [0, 2**63])
def test_a_sum_of_counts_as_large_as_it_may_be_is_kept(count: int) -> None:
    found = decode(changed(("usages", 0, 1, "counts", "requests"), lambda _: count))
    assert found is not None
    assert [usage.requests for usage in found.usages.values()] == [count]


def test_nested_beyond_reason_is_nothing() -> None:
    assert decode(b"[" * 100_000) is None
    assert decode(b'{"version":2,"mode":' + b"[" * 100_000) is None


def test_every_field_of_the_model_is_kept() -> None:
    """A field added to the model must be added here, or left out on purpose."""
    assert {each.name for each in fields(Fleet)} == {
        "mode", "base_url", "keys", "usages", "listed_at", "observed_at", "analysed",  # kept
        "failures", "problems", "opened_at", "heard_at", "clock_ahead", "past", "gone", "left_out",
    }  # fmt: skip


def test_reading_costs_few_calls_for_each_value() -> None:
    """Ten keys with three windows are read in about 10 ms, which no test can measure on every machine."""
    usages = {slot: usage for days in (7, 30, 90) for slot, usage in demo(days=days).usages.items()}
    data = encode(replace(demo(), usages=usages))
    fleet, calls = counted(lambda: decode(data))
    assert fleet is not None
    assert len(fleet.usages) == len(usages)
    assert calls < 2 * data.count(b",")


def test_it_needs_neither_network_nor_validation_nor_the_toolkit() -> None:
    code = (
        "import sys, socd_tui.store.history;"
        "heavy = {'pydantic_core', 'httpx', 'textual', 'rich'};"
        "print(*{name.partition('.')[0] for name in sys.modules} & heavy)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "\n"
