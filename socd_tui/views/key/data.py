"""The page as the JSON document and as rows: everything that is known of one key."""

from __future__ import annotations

from collections.abc import Iterator

from socd_tui.analysis.budget import Budget
from socd_tui.charts.number import exact, millis
from socd_tui.charts.sheet import Field, Sheet, Value, as_written, rounded, stamp
from socd_tui.model.text import counted
from socd_tui.model.usage import ratio
from socd_tui.views.key.answer import sentences
from socd_tui.views.key.dossier import Dossier
from socd_tui.views.key.history import earlier, episode_words, history_data
from socd_tui.views.key.hours import hours_data
from socd_tui.views.key.limits import budget_figures
from socd_tui.views.key.steps import advised
from socd_tui.views.parts.findings import finding_data, sentence
from socd_tui.views.parts.outlook import forecast_data, forecast_part, tier_data, tier_part

FIELDS = (
    Field("section", "text"),
    Field("name", "text"),
    Field("count"),
    Field("share", "ratio"),
    Field("words", "text"),
)
"""What a row of any section has."""


def page_data(dossier: Dossier) -> dict[str, object]:
    """`data` of the JSON document; of several keys, what only one can have is null."""
    usage, one = dossier.usage, dossier.key
    requests = usage.requests if usage else None
    return {
        "key_id": one.id if one else None,
        "state": dossier.word or None,
        "sentences": sentences(dossier),
        "to_do": advised(dossier),
        "requests": requests,
        "share": rounded(dossier.share),
        "errors": usage.failed if usage else None,
        "throttled": usage.throttled if usage else None,
        "days": [
            {
                "date": str(day.date),
                "requests": day.requests,
                "errors": day.errors,
                "throttled": day.throttled,
                "partial": day.partial,
                "missing": day.missing,
                "silent_keys": None if day.missing else day.silent_keys,
            }
            for day in dossier.days
        ],
        "endpoints": None
        if usage is None or usage.endpoints is None
        else [
            {
                "path": each.path.original,
                "requests": each.requests,
                "share": rounded(ratio(each.requests, requests)),
                "errors": each.errors,
                "throttled": each.throttled,
                "avg_ms": as_written(each.avg_ms),
            }
            for each in usage.endpoints
        ],
        "codes": None
        if usage is None or usage.statuses is None
        else [
            {"code": code, "requests": n, "share": rounded(ratio(n, requests))}
            for code, n in sorted(usage.statuses.items())
        ],
        "hours": _hours_data(dossier),
        "budget": _budget_data(dossier),
        "latency": [
            {
                "days": each.window.days,
                "avg_ms": as_written(each.avg_ms),
                "p50_ms": as_written(each.p50_ms),
                "p95_ms": as_written(each.p95_ms),
                "p99_ms": as_written(each.p99_ms),
            }
            for each in dossier.latencies
        ]
        if one
        else None,
        "owner": dossier.owners[0] if len(dossier.owners) == 1 else None,
        "owners": list(dossier.owners),
        "history": history_data(dossier) if one else None,
        "findings": [finding_data(finding) for finding in dossier.worst_first],
        "keys": [
            {
                "key_id": row.key.id,
                "requests": row.requests,
                "share": rounded(ratio(row.requests, requests)),
                "state": row.word,
            }
            for row in dossier.members
        ]
        if one is None
        else None,
    }


def _hours_data(dossier: Dossier) -> dict[str, object] | None:
    """429s by UTC hour; null where the service sent no hours."""
    usage, lie = dossier.usage, hours_data(dossier)
    if usage is None or usage.hours is None or lie is None:
        return None
    return {"hours": [{"hour": stamp(hour.start), "count": hour.throttled} for hour in usage.hours], **lie}


def _budget_data(dossier: Dossier) -> dict[str, object] | None:
    both, assessment = dossier.budgets, dossier.assessment
    if both is None or assessment is None:
        return None
    forecast = forecast_data(assessment)
    return {
        "minute": _limit_data(both.minute),
        "day": _limit_data(both.day),
        "verdict": both.verdict if dossier.usage else None,
        "chance": forecast.get("chance"),
        "horizon_days": forecast.get("horizon_days"),
        "forecast": forecast,
        "tier_verdict": tier_data(assessment.tier),
    }


def _limit_data(own: Budget) -> dict[str, object]:
    return {
        "limit": own.limit.value if own.limit else None,
        "current": own.current,
        "peak": own.peak,
        "busiest_day": own.busiest_day,
        "used_ratio": rounded(own.used_ratio),
        "peak_ratio": rounded(own.peak_ratio),
        "limit_source": own.limit.source if own.limit else None,
    }


def page_sheet(dossier: Dossier, notes: tuple[str, ...]) -> Sheet:
    """A row for each line of the page: its count and share in columns, the rest in words."""
    parts = (_whose(dossier), _told(dossier), _days(dossier), _asked(dossier), _limits(dossier))
    return Sheet(FIELDS, tuple(row for part in parts for row in part), notes)


def _row(
    section: str, name: Value, count: int | None = None, share: float | None = None, words: str = ""
) -> tuple[Value, ...]:
    return (section, name, count, share, words or None)


def _whose(dossier: Dossier) -> Iterator[tuple[Value, ...]]:
    requests = dossier.usage.requests if dossier.usage else None
    if dossier.key:
        yield _row("key", dossier.key.name, requests, dossier.share, dossier.word)
        return
    yield _row("keys", counted(len(dossier.keys), "key"), requests, dossier.share)
    for each in dossier.members:
        yield _row("key", each.key.name, each.requests, ratio(each.requests, requests), each.word)


def _told(dossier: Dossier) -> Iterator[tuple[Value, ...]]:
    for finding in dossier.worst_first:
        yield _row("finding", finding.kind, words=sentence(finding))
    if not dossier.worst_first:
        for told in sentences(dossier):
            yield _row("answer", None, words=told)
    for each in earlier(dossier):
        yield _row("earlier", f"{each.since} to {each.until}", words=episode_words(each))
    for number, step in enumerate(advised(dossier), 1):
        yield _row("to do", str(number), words=step)


def _days(dossier: Dossier) -> Iterator[tuple[Value, ...]]:
    for day in dossier.days:
        note = "missing" if day.missing else "partial" if day.partial else ""
        refused = f"{exact(day.throttled)} refused" if day.throttled else ""
        yield _row("day", str(day.date), day.requests, words=", ".join(filter(None, (refused, note))))


def _asked(dossier: Dossier) -> Iterator[tuple[Value, ...]]:
    usage = dossier.usage
    if usage is None:
        return
    for endpoint in usage.endpoints or ():
        share = ratio(endpoint.requests, usage.requests)
        yield _row("endpoint", endpoint.path, endpoint.requests, share)
    for code, n in sorted((usage.statuses or {}).items()):
        yield _row("code", str(code), n, ratio(n, usage.requests))
    for hour in usage.hours or ():
        yield _row("hour of 429s", stamp(hour.start), hour.throttled)


def _limits(dossier: Dossier) -> Iterator[tuple[Value, ...]]:
    both, assessment = dossier.budgets, dossier.assessment
    if both is None or assessment is None:
        return
    for cap, own in (("minute", both.minute), ("day", both.day)):
        words = ", ".join(budget_figures(cap, own))
        yield _row(
            "budget", cap, own.peak if own.peak is not None else own.busiest_day, own.peak_ratio, words
        )
    yield _row("forecast", None, words=forecast_part(assessment.forecast))
    yield _row("tier", None, words=tier_part(assessment.tier))
    yield _row("owner", " and ".join(dossier.owners) or None)
    for each in dossier.latencies:
        figures = "/".join(map(millis, (each.p50_ms, each.p95_ms, each.p99_ms)))
        yield _row("latency", f"{each.window.days} d", words=f"p50/p95/p99 {figures} ms")
