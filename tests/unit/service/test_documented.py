"""An answer that is just as documented is read at once, and comes to the same as value by value."""

from __future__ import annotations

import json
from contextlib import suppress
from copy import deepcopy
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.errors import SocdError
from socd_tui.model.usage import Usage
from socd_tui.service.body import parse_json
from socd_tui.service.demo import payload
from socd_tui.service.demo.fleet import demo_keys
from socd_tui.service.demo.truth import Truth
from socd_tui.service.documented import documented
from socd_tui.service.wire import read_usage
from tests.documented import DETAIL, FLAT, KEY_ID, NESTED, NOW
from tests.trust.mutated import mutations

HALF_PAST = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)

TODAY = NOW.date()

ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 5.0, 5.5, -0.0, 2**53, 2**53 + 1, 2**64, 10**30, 1e300,
    float("nan"), float("inf"), "", " ", "5", "5.0", " 7 ", "-1", "+5", "1_0", "0x5", "٥", "many",
    "unlimited", "none", [], [1], [None], {}, {"a": 1},
    "2026-05-16", "2026-05-16T00:00:00Z", "2026-05-16T23:30:00+02:00", "2026-05-16 14:05:06", "20260516",
    "2026-W20-6", "2026-136", "1747353600", 1747353600, 1747353600000,
    "+1795478400", "0000000000000000000001795478400",
    "1999-12-31", "2100-12-31", "2101-01-01", "2026-02-30", "2026-05-16\n", "0000-01-01",
    "2026-05-16T14:00:60Z", "2026-05-16T24:00:00Z", "2026-05-16T14:00:00.5Z", "2026-05-16t14:00:00z",
    KEY_ID, KEY_ID.upper(), KEY_ID.replace("-", ""), "{" + KEY_ID + "}",
    "/a?key=sk_live_abcdefghijkl", "\x1b[31m", "\ud800", "e\u0301", "a" * 5000,
)  # fmt: skip
"""What a value may be in place of the one that is documented."""


def told(usage: Usage) -> dict[str, object]:
    read = {each.name: getattr(usage, each.name) for each in fields(usage) if each.name != "raw"}
    return {**read, "raw": usage.raw and usage.raw(), "types": repr(read)}


def read(payload_: object, days: int = 30) -> dict[str, object] | str:
    try:
        return told(read_usage(payload_, KEY_ID, days, fetched_at=NOW, observed_at=NOW))
    except SocdError as error:
        return repr(error)


def same(body: bytes) -> bool:
    """Whether the body is taken at once. Fails where it then says something else."""
    at_once = documented(body)
    if at_once is not None:
        assert repr(read(at_once)) == repr(read(parse_json(body)))
    return at_once is not None


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where each value of an answer is, of lists the first one's."""
    found = [path] if path else []
    if isinstance(value, dict):
        for name, each in value.items():
            found += places(each, (*path, name))
    if isinstance(value, list):
        found += places(value[0], (*path, 0)) if value else []
    return found


def put(data: Any, path: tuple[str | int, ...], value: object) -> Any:
    data = deepcopy(data)
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return data


@pytest.mark.parametrize("data", [FLAT, NESTED, {**FLAT, **NESTED}], ids=["flat", "nested", "both"])
def test_the_documentations_own_answers_are_taken_at_once(data: object) -> None:
    assert same(json.dumps({"data": data}).encode())


@pytest.mark.parametrize("dialect", ["flat", "nested"])
@pytest.mark.parametrize("days", [1, 7, 90])
def test_so_is_every_answer_of_the_demo_that_has_requests(dialect: payload.Dialect, days: int) -> None:
    truth = Truth(demo_keys(1, HALF_PAST, 12), 1, HALF_PAST)
    for key in truth.keys:
        answer = payload.usage(truth, key, days, HALF_PAST + timedelta(minutes=7), dialect)
        assert same(json.dumps(answer).encode()), key.role.name


@pytest.mark.parametrize("data", [FLAT, NESTED], ids=["flat", "nested"])
def test_whatever_stands_in_place_of_a_value_says_the_same_in_either_way(data: object) -> None:
    taken = 0
    for path in places(data):
        for odd in ODD:
            body = json.dumps({"data": put(data, path, odd)}).encode("utf-8", "surrogatepass")
            taken += same(body)
    assert taken, "nothing was compared"


def test_an_answer_with_one_thing_wrong_says_the_same_in_either_way() -> None:
    for mutation in mutations(Random(1), 1_500):
        with suppress(SocdError):  # the mutated lists and details, and what is no JSON
            same(b'{"data": ' + mutation.body + b"}")


def rows(change: str) -> list[Any]:
    """Of thirty days, one of them changed."""
    days: list[Any] = [
        {"date": str(TODAY - timedelta(n)), "requests": 100 + n, "errors": n} for n in range(30)
    ]
    match change:
        case "oldest first":
            days.reverse()
        case "a day is left out":
            del days[7]
        case "a day twice":
            days[7] = {**days[8], "requests": 5}
        case "two change places":
            days[7], days[8] = days[8], days[7]
        case "one ahead":
            days.insert(0, {"date": str(TODAY + timedelta(1)), "requests": 1, "errors": 0})
        case "another form of a date":
            days[7]["date"] = days[7]["date"].replace("-", "")
        case "no errors":
            for day in days:
                del day["errors"]
        case "an error count is unknown":
            days[7]["errors"] = None
        case "more errors than requests":
            for day in days[:5]:
                day["errors"] = 1_000
        case "a count is true":
            days[7]["errors"] = True
        case "a count is negative":
            days[7]["errors"] = -1
        case "a count is too large":
            days[7]["errors"] = 2**53 + 1
        case "one is a list":
            days[7] = []
    return days


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        ("newest first", True),
        ("oldest first", True),
        ("a day is left out", True),
        ("a day twice", True),
        ("two change places", True),
        ("one ahead", True),
        ("another form of a date", False),
        ("no errors", True),
        ("an error count is unknown", True),
        ("more errors than requests", True),
        ("a count is true", False),
        ("a count is negative", False),
        ("a count is too large", False),
        ("one is a list", False),
    ],
)
def test_columns_say_the_same_as_row_by_row(change: str, *, taken: bool) -> None:
    assert same(json.dumps({"data": {**FLAT, "daily": rows(change)}}).encode()) is taken


@pytest.mark.parametrize(
    "hours",
    [
        ["2026-05-16T14:00:00Z", "2026-05-16T13:00:00Z"],
        ["2026-05-16T13:00:00Z", "2026-05-16T14:00:00Z"],
        ["2026-05-16T14:30:00Z", "2026-05-16T14:00:00Z", "2026-05-16T13:00:01Z"],
        ["2026-05-16T14:00:00Z", "2026-05-16T14:00:00Z"],
        ["2026-05-16T14:00:00Z"],
        [],
    ],
)
def test_so_do_hours(hours: list[str]) -> None:
    sent = [{"hour": hour, "count": 7 + n} for n, hour in enumerate(hours)]
    assert same(json.dumps({"data": {**FLAT, "rate_limit_hits_by_hour": sent}}).encode())


@pytest.mark.parametrize(
    "paths",
    [
        ["/a", "/b"],
        ["/a", "/a"],
        ["/a b", "/c"],
        [" /a", "/a"],
        ["", "/a"],
        ["/a?key=sk_live_abcdefghijkl", "/a?key=sk_live_abcdefmnopqr"],
        ["/a", "/" + "b" * 5_000],
        ["/\u00e9", "/\x07"],
    ],
)
def test_so_do_paths(paths: list[str]) -> None:
    sent = [{"path": path, "count": 7 + n} for n, path in enumerate(paths)]
    assert same(json.dumps({"data": {**FLAT, "top_endpoints": sent}}).encode())


@pytest.mark.parametrize(
    "body",
    [
        {"data": FLAT, "error": "gone"},
        {"data": FLAT, "errors": [{"message": "gone"}]},
        {"data": FLAT, "success": False},
        {"data": FLAT, "ok": "false"},
        {"data": {**FLAT, "error": {"message": "gone"}}},
        {"data": {**FLAT, "success": False}},
        {"data": {"key_id": KEY_ID, "window_days": 30}},
        {"data": {"summary": {"other": 1}}},
        {"data": DETAIL["data"]},
        {"data": []},
        FLAT,
        [],
    ],
)
def test_what_may_be_no_figures_is_looked_at_closely(body: object) -> None:
    assert documented(json.dumps(body).encode()) is None


@pytest.mark.parametrize("depth", [64, 65, 150])
def test_an_answer_that_nests_deep_is_looked_at_closely(depth: int) -> None:
    deep = b"[" * (depth - 2) + b"]" * (depth - 2)
    body = json.dumps({"data": FLAT}).encode().replace(b'{"key_id"', b'{"more": ' + deep + b', "key_id"')
    assert (documented(body) is not None) is (depth <= 64)


def test_brackets_in_texts_that_hide_how_deep_it_is_cost_nothing_of_the_answer() -> None:
    deep = b'["]",' * 100 + b"1" + b"]" * 100
    body = json.dumps({"data": FLAT}).encode().replace(b'{"key_id"', b'{"more": ' + deep + b', "key_id"')
    at_once = documented(body)
    assert at_once is None or isinstance(read(at_once), dict)


@given(st.binary(max_size=40), st.integers(0, 2000))
def test_damaged_json_is_never_taken_for_figures_it_does_not_have(noise: bytes, at: int) -> None:
    body = json.dumps({"data": FLAT}).encode()
    damaged = body[:at] + noise + body[at + len(noise) :]
    if documented(damaged) is not None:
        same(damaged)
