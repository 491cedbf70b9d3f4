"""Parts of what an export holds to be looked at again, as JSON and back, each value checked."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from socd_tui.model import checked
from socd_tui.model.errors import Problem
from socd_tui.model.lens import Compare, Lens, Sort
from socd_tui.model.past import Latency, Observation, Past
from socd_tui.model.text import LONGEST_SENTENCE, inert
from socd_tui.model.usage import REMEMBERED_LATENCIES, Day, Hour
from socd_tui.model.window import Dates
from socd_tui.store.stored_columns import columns, rows
from socd_tui.store.written_key import stamp

_LONGEST_DAYS = 4_000
_WORD = re.compile(r"[a-z_0-9-]{1,60}")


def from_lens(lens: Lens) -> dict[str, object]:
    """What is asked of the keys that the export is of: which these are stands beside it."""
    return {
        "view": lens.view,
        "days": lens.days,
        "dates": lens.dates and [str(lens.dates.first), lens.dates.last and str(lens.dates.last)],
        "filters": dict(lens.filters),
        "sorts": {view: [sort.column, sort.descending] for view, sort in lens.sorts.items()},
        "compare": lens.compare,
        "by": lens.by,
    }


def to_lens(content: dict[str, Any]) -> Lens:
    [days] = checked.naturals([content["days"]])
    dates = None if content["dates"] is None else _to_dates(*checked.array(content["dates"]))
    if not 1 <= days <= _LONGEST_DAYS or (dates and dates.last and dates.window(dates.last).days != days):
        raise ValueError
    compare = content["compare"]
    return Lens(
        view=_word(content["view"]),
        days=days,
        dates=dates,
        filters={_word(view): short(text) for view, text in content["filters"].items()},
        sorts={
            _word(view): Sort(_word(column), truth(descending))
            for view, (column, descending) in content["sorts"].items()
        },
        compare=None if compare is None else checked.one_of(Compare, compare),
        by=_word(content["by"]) if content["by"] else "",
    )


def _to_dates(first: str, last: str | None) -> Dates:
    dates = Dates(date.fromisoformat(first), None if last is None else date.fromisoformat(last))
    for each in filter(None, dates):
        checked.day(each.toordinal())
    if dates.last is not None and dates.last < dates.first:
        raise ValueError
    return dates


def from_problem(problem: Problem) -> list[object]:
    request_id = problem.request_id.original if problem.request_id else None
    return [
        problem.kind,
        problem.message,
        problem.next_step,
        problem.key_id,
        request_id,
        stamp(problem.retry_at),
    ]


def to_problem(content: object) -> Problem:
    kind, message, next_step, key_id, request_id, retry_at = checked.array(content)
    return Problem(
        kind=_word(kind),
        message=_sentence(message),
        next_step=_sentence(next_step),
        key_id=None if key_id is None else checked.identity(key_id),
        request_id=None if request_id is None else checked.text(request_id),
        retry_at=checked.moment(retry_at),
    )


def from_past(past: Past) -> dict[str, object]:
    def observation(each: Observation) -> tuple[object, ...]:
        day = each.day
        return day.date.toordinal(), day.requests, day.errors, day.partial, day.throttled, _seconds(each.at)

    return {
        "days": columns(past.days, observation),
        "hours": columns(past.hours, lambda hour: (_seconds(hour.start) // 3600, hour.throttled)),
        "latencies": [
            [
                each.date.toordinal(),
                each.days,
                each.requests,
                *(getattr(each, ms) for ms in REMEMBERED_LATENCIES),
            ]
            for each in past.latencies
        ],
        "foretold": past.foretold,
    }


def to_past(content: dict[str, Any]) -> Past:
    hits, total = checked.naturals(content["foretold"])
    return Past(
        days=rows(
            _observation,
            content["days"],
            checked.dates,
            checked.counts,
            checked.counts,
            lambda column: checked.of_types(column, {bool}),
            checked.counts,
            checked.moments,
        )
        or (),
        hours=rows(Hour, content["hours"], checked.hours, checked.naturals) or (),
        latencies=tuple(map(_to_latency, checked.array(content["latencies"]))),
        foretold=(hits, total),
    )


def _observation(
    on: date, requests: int | None, errors: int | None, partial: bool, throttled: int | None, at: datetime
) -> Observation:
    return Observation(Day(on, requests, errors, partial=partial, throttled=throttled), at)


def _to_latency(content: object) -> Latency:
    on, days, requests, *response_times = checked.array(content)
    [ordinal, days] = checked.naturals([on, days])
    by_name: dict[str, Any] = dict(zip(REMEMBERED_LATENCIES, checked.ms(response_times), strict=True))
    return Latency(date=checked.day(ordinal), days=days, requests=checked.counts([requests])[0], **by_name)


def _seconds(moment: datetime) -> int:
    """Since 1970: the history tells moments to the second."""
    return int(moment.timestamp())


def truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _word(value: object) -> str:
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        raise ValueError
    return value


def short(value: object) -> str:
    """Text that was typed in one line."""
    if not isinstance(value, str) or len(value) > LONGEST_SENTENCE:
        raise ValueError
    return inert(value, LONGEST_SENTENCE)


def _sentence(value: object) -> str:
    return inert(checked.text(value).original, LONGEST_SENTENCE)
