"""Answers with one thing wrong: nothing fails, nothing unknown becomes 0, only its own section suffers."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from typing import Any

from socd_tui.charts.canvas import Canvas
from socd_tui.charts.glyphs import ASCII, FULL
from socd_tui.model.errors import SocdError
from socd_tui.model.lens import Lens
from socd_tui.model.usage import COUNTS, LATENCIES, PEAKS, Usage
from socd_tui.service.body import parse_json
from socd_tui.service.documented import documented
from socd_tui.service.wire import read_usage
from socd_tui.service.wire_keys import read_detail, read_keys
from socd_tui.views.registry import views
from tests.account import Account, key_row
from tests.build import fleet, key, painted, prepared
from tests.documented import KEY_ID, NOW
from tests.loopback import answer
from tests.trust.check import Check, Outcome, Trial
from tests.trust.mutated import ODD_BODIES, PAYLOADS, Mutation, mutations, written

Figures = Mapping[str, object]
Reader = Callable[[bytes], Figures]
"""Every figure of a usage answer's body by the names of a Usage. Raises SocdError where it is none."""

PLAIN = (*COUNTS, *LATENCIES, *PEAKS)
LISTS = ("statuses", "endpoints", "throttled_by_endpoint", "days", "hours")

SOURCES: Mapping[str, frozenset[str]] = {
    name: frozenset(sources.split())
    for name, sources in {
        "requests": "total_requests summary",
        "successful": "successful total_requests by_status summary breakdown",
        "client_errors": "client_errors total_requests by_status summary breakdown",
        "server_errors": "server_errors total_requests by_status summary breakdown",
        "throttled": "total_requests by_status summary breakdown rateLimitHits",
        "avg_ms": "avg_response_time_ms summary",
        "p50_ms": "latency_p50_ms latencyPercentiles",
        "p95_ms": "latency_p95_ms latencyPercentiles",
        "p99_ms": "latency_p99_ms latencyPercentiles",
        "peak_per_minute": "rate_limit_peak_per_minute",
        "peak_per_day": "rate_limit_peak_per_day",
        "minute": "rateLimits",
        "day": "rateLimits",
        "statuses": "by_status breakdown",
        "endpoints": "top_endpoints breakdown rateLimitHits",
        "throttled_by_endpoint": "rateLimitHits",
        "days": "daily timeSeries",
        "hours": "rate_limit_hits_by_hour",
    }.items()
}
"""The parts of either payload that a figure can be read or worked out from; nothing else can change it."""

PARTS_OF_SUMMARY = {"totalRequests", "successfulRequests", "failedRequests"}
"""From any two of which the third is worked out."""


def read_ours(body: bytes) -> Figures:
    payload = documented(body) or parse_json(body)
    usage = read_usage(payload, KEY_ID, 30, fetched_at=NOW, observed_at=NOW)
    figures: dict[str, object] = {each.name: getattr(usage, each.name) for each in fields(Usage)}
    if usage.days is not None:
        figures["days"] = tuple((day.date, day.requests, day.errors, day.throttled) for day in usage.days)
    return figures


def read_naively(body: bytes) -> Figures:
    """As one writes it with the documentation's example beside."""
    data = json.loads(body)["data"]
    summary, marks = data.get("summary", {}), data.get("latencyPercentiles", {})
    codes = data.get("by_status") or {
        row["statusCode"]: row["count"] for row in data.get("breakdown", {}).get("byStatusCode", [])
    }
    return {
        "requests": data.get("total_requests", summary.get("totalRequests", 0)) or 0,
        "successful": data.get("successful", summary.get("successfulRequests", 0)) or 0,
        "p50_ms": float(data.get("latency_p50_ms", marks.get("p50", 0))),
        "statuses": {int(code): int(count) for code, count in codes.items()},
        "days": tuple(
            (date.fromisoformat(row["date"]), int(row["requests"]), int(row.get("errors", 0)))
            for row in data.get("daily", data.get("timeSeries", []))
        ),
        "endpoints": tuple((row["path"], int(row["count"])) for row in data.get("top_endpoints", [])),
        "hours": tuple(
            (datetime.fromisoformat(row["hour"]), row["count"])
            for row in data.get("rate_limit_hits_by_hour", [])
        ),
        "notes": (),
    }


@cache
def unmutated(read: Reader, dialect: str) -> Figures:
    return read(written({"data": PAYLOADS[dialect]}))


def zeros(value: object) -> bool:
    """Whether a 0 or a NaN is anywhere in the figures."""
    match value:
        case bool() | None | str() | datetime() | date():
            return False
        case int() | float():
            return value == 0 or not math.isfinite(value)
        case dict():
            return any(map(zeros, value.values()))
        case tuple() | list():
            return any(map(zeros, value))
        case _:
            return any(zeros(getattr(value, name)) for name in getattr(value, "__dataclass_fields__", ()))


def faults_of(read: Reader, mutation: Mutation) -> Iterator[str]:
    """What is wrong with how one changed usage answer was read."""
    try:
        figures = read(b'{"data":%b}' % mutation.body)
    except SocdError as error:
        if mutation.kind not in ("too deep", "renamed") and len(mutation.path) > 1:
            yield f"all of it was refused: {error}"
        return
    except Exception as error:  # noqa: BLE001  # this is what must not be
        yield f"{type(error).__name__}: {error}"[:160]
        return
    before = unmutated(read, mutation.dialect)
    part, name = str(mutation.path[0]), str(mutation.path[-1])
    for field in {*PLAIN, *LISTS, "minute", "day"} & figures.keys():
        own = part in SOURCES[field]
        if part == "summary" and len(mutation.path) > 1:
            own = (field == "avg_ms") == (name == "avgResponseTime") and (
                field == "avg_ms" or name in PARTS_OF_SUMMARY
            )
        if not own and figures[field] != before[field]:
            yield f"{field} was {before[field]!r:.60} and is {figures[field]!r:.60}"
        if mutation.is_missing and zeros(figures[field]):
            yield f"{field} became 0: {figures[field]!r:.80}"
        lost = field in PLAIN and figures[field] is None and before[field] is not None
        if lost and mutation.is_unreadable and not figures["notes"]:
            yield f"{field} was lost without a note"


def faults_of_odd(read: Reader, body: bytes) -> Iterator[str]:
    """A body that is no answer at all, or an empty one."""
    try:
        figures = read(body)
    except SocdError:
        return
    except Exception as error:  # noqa: BLE001  # this is what must not be
        yield f"{body[:40]!r}: {type(error).__name__}: {error}"[:160]
        return
    known = [name for name in PLAIN if figures.get(name) is not None]
    if known:
        yield f"{body[:40]!r}: {', '.join(known)} came from nothing"


def faults_of_keys(mutation: Mutation) -> Iterator[str]:
    """A list or a detail: the other key of the list is as it was."""
    try:
        payload = parse_json(mutation.body)
        if mutation.dialect == "detail":
            read_detail(payload, key(key_id=KEY_ID))
            return
        listed = read_keys(payload).keys
    except SocdError as error:
        if mutation.kind != "too deep" and len(mutation.path) > 1:
            yield f"all of it was refused: {error}"
        return
    except Exception as error:  # noqa: BLE001  # this is what must not be
        yield f"{type(error).__name__}: {error}"[:160]
        return
    if mutation.path[0] == "data" and len(mutation.path) > 2:
        others = [row for number, row in enumerate(_keys_before()) if number != mutation.path[1]]
        ids = {row.id: row for row in listed}
        for other in others:
            if ids.get(other.id) != other and mutation.path[2] != "id":
                yield f"the key {other.name.shown} suffered"


@cache
def _keys_before() -> tuple[Any, ...]:
    return read_keys(PAYLOADS["list"]).keys


def faults_shown(mutation: Mutation) -> Iterator[str]:
    """All views of it, as text and as JSON."""
    try:
        payload = parse_json(b'{"data":%b}' % mutation.body)
        usage = read_usage(payload, KEY_ID, 30, fetched_at=NOW, observed_at=NOW)
    except SocdError:
        return
    known = prepared(fleet(usage, listed_at=NOW), Lens(days=30))
    for view in views():
        lens = Lens(view=view.name, days=30)
        try:
            data = view.build(known, lens)
            for canvas in (Canvas(80, 24, FULL), Canvas(7, 3, ASCII)):
                painted(data, known, lens, canvas)
            json.dumps(data.json(), allow_nan=False)
        except Exception as error:  # noqa: BLE001  # this is what must not be
            yield f"{view.name}: {type(error).__name__}: {error}"[:160]


def faults_asked(trial: Trial, bodies: Sequence[bytes]) -> Iterator[str]:
    """The whole program, asking a service whose list or usage is no answer at all."""
    for body in bodies:
        odd = answer(body)
        for listed, usage in ((odd, None), (None, odd)):
            with Account(key_row(1), listed=listed, usage=usage) as account:
                done = account.show(trial.home, "overview", "--format", "json")
            if done.returncode not in (0, 1, 6) or "The program failed" in done.stderr:
                yield f"{body[:40]!r}: exit {done.returncode}, {done.stderr[:120]}"
            if done.stdout:
                told = json.loads(done.stdout)["data"]["total"]
                if usage and any(told[name] == 0 for name in told.keys() - {"keys", "keys_answered"}):
                    yield f"{body[:40]!r}: shown as {told}"


def attack(trial: Trial, read: Reader, *, all_of_it: bool) -> Outcome:
    """Usage answers for any reader; keys and views where they are the program's own."""
    chosen = list(mutations(trial.random(), trial.count(600, 1_000_000)))
    shown = trial.count(60, 1_500)
    faults, tried = [], 0
    for mutation in chosen:
        if mutation.dialect in ("list", "detail"):
            found = list(faults_of_keys(mutation)) if all_of_it else []
        else:
            found = list(faults_of(read, mutation))
            if all_of_it and tried < shown:
                found += faults_shown(mutation)
                tried += 1
        faults += [f"{mutation.name}: {fault}" for fault in found]
    for body in ODD_BODIES:
        faults += faults_of_odd(read, body)
    if all_of_it:
        faults += faults_asked(trial, trial.random().sample(ODD_BODIES, trial.count(4, len(ODD_BODIES))))
    return Outcome(
        f"{len(chosen):,} changes of both dialects ({tried} in all views) and {len(ODD_BODIES)} odd bodies",
        f"{len(faults)} uncaught, became 0, or cost another section",
        tuple(faults),
    )


def ours(trial: Trial) -> Outcome:
    return attack(trial, read_ours, all_of_it=True)


def naive(trial: Trial) -> Outcome:
    return attack(trial, read_naively, all_of_it=False)


CHECK = Check(
    name="wire_mutations",
    must_show="nothing uncaught, what is missing is never 0, and a bad section costs only that section",
    ours=ours,
    naive=naive,
    naive_is='data["daily"] and data.get("total", 0)',
)
