"""Whether a job may start, as a sentence and as a JSON document."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from socd_tui.analysis.guard import Asked, Guarded, rounded_down
from socd_tui.charts.number import day_name
from socd_tui.charts.sheet import rounded, stamp
from socd_tui.clock import duration
from socd_tui.model.key import Limit
from socd_tui.model.text import counted
from socd_tui.model.typed_duration import written
from socd_tui.views.frame.document import key_facts
from socd_tui.views.parts.measure import of_limit
from socd_tui.views.parts.names import named

SCHEMA = "socd-tui/guard/1"


def guard_sentence(told: Guarded, now: datetime) -> str:
    """go: 'siem#zIc8' may make 500 requests in 30m, 17 a minute (at most 900 a minute).

    no: …, as of 1,000 a day 30 are left; safe from Mon 23 Nov 00:00 UTC, in 9 h, if …; now at most 1 …
    """
    asked = told.asked
    job = f"{counted(asked.requests, 'request')} in {written(asked.within)}"
    most = f"at most {_pace(told.most_per_minute)}" if told.most_per_minute is not None else ""
    if told.answer == "go":
        pace = _pace(_needed(asked.per_minute, told.most_per_minute))
        return f"go: {named(told.key)} may make {job}, {pace}{f' ({most})' if most else ''}.{_assumed(told)}"
    if told.answer == "unknown":
        return f"unknown: whether {named(told.key)} may make {job} cannot be told, as {told.why}."
    parts = [f"no: {named(told.key)} may not make {job}, as {told.why}"]
    spread = f"spread over {written(told.takes)}" if told.takes is not None else ""
    if told.safe_at is not None and told.safe_at <= now:
        parts.append(f"{spread} it may start now".strip())
    elif told.safe_at is not None:
        parts.append(f"safe from {_moment(told.safe_at, now)}{f', {spread}' if spread else ''}, {_if(told)}")
    elif told.takes is not None and told.takes >= timedelta(days=1):
        parts.append(f"it takes {written(told.takes)} at least")
    elif told.used is not None:
        parts.append("no moment can be told from which it is safe")
    if most:
        parts.append(f"now {most}")
    return "; ".join(parts) + f".{_assumed(told)}"


def _needed(per_minute: float, most: float | None) -> float:
    """Up to a tenth, so that few are not told as none, and yet never more than is allowed."""
    needed = ceil(10 * per_minute) / 10
    return needed if most is None or needed <= most else rounded_down(per_minute)


def _pace(per_minute: float) -> str:
    return f"{per_minute:,.1f}".removesuffix(".0") + " a minute"


def _moment(at: datetime, now: datetime) -> str:
    return f"{day_name(at.date())} {at:%H:%M} UTC, in {duration(at - now)}"


def _if(told: Guarded) -> str:
    return "if the key asks as is forecast" if told.is_forecast else "if nothing else asks with the key"


def _assumed(told: Guarded) -> str:
    """A limit that nobody sent is the documented one of the key's tier."""
    names = [name for name, limit in (("day", told.day), ("minute", told.minute)) if _is_assumed(limit)]
    if not names:
        return ""
    return (
        f" The {' and the '.join(names)} limit {'is' if len(names) == 1 else 'are'} assumed, from the tier."
    )


def _is_assumed(limit: Limit | None) -> bool:
    return limit is not None and limit.source == "tier"


def guard_document(
    told: Guarded, *, now: datetime, generated_at: datetime, base_url: str, exit_code: int, version: str
) -> dict[str, object]:
    """The same with every figure; unknown is null. `now` is the service's clock."""
    wait = max((told.safe_at - now).total_seconds(), 0) if told.safe_at else None
    return {
        "schema": SCHEMA,
        "generated_at": stamp(generated_at),
        "tool": {"name": "socd-tui", "version": version},
        "base_url": base_url,
        "key": key_facts(told.key),
        "answer": told.answer,
        "exit_code": exit_code,
        "sentence": guard_sentence(told, now),
        "needs": told.asked.requests,
        "within_s": round(told.asked.within.total_seconds()),
        "reason": told.why or None,
        "day": _limit(told.day),
        "minute": _limit(told.minute),
        "used_24h": {"least": told.used[0], "most": told.used[1]} if told.used else None,
        "usual_per_minute": rounded(told.usual_per_minute),
        "most_per_minute": rounded(told.most_per_minute),
        "safe_at": stamp(told.safe_at),
        "safe_if": _if(told) if told.safe_at and told.safe_at > now else None,
        "wait_s": None if wait is None else round(wait),
        "takes_s": round(told.takes.total_seconds()) if told.takes else None,
        "confidence": {
            **({"used_24h": "derived"} if told.used and told.used[0] != told.used[1] else {}),
            "usual_per_minute": "estimated",
            "most_per_minute": "estimated",
            **({"safe_at": "estimated"} if told.safe_at else {}),
        },
    }


def untold_document(
    why: str, asked: Asked, *, generated_at: datetime, base_url: str, exit_code: int, version: str
) -> dict[str, object]:
    """The same where nothing could be read."""
    return {
        "schema": SCHEMA,
        "generated_at": stamp(generated_at),
        "tool": {"name": "socd-tui", "version": version},
        "base_url": base_url,
        "key": None,
        "answer": "unknown",
        "exit_code": exit_code,
        "sentence": f"unknown: {why}",
        "needs": asked.requests,
        "within_s": round(asked.within.total_seconds()),
        "reason": why,
        **dict.fromkeys(_UNKNOWN),
    }


_UNKNOWN = (
    *("day", "minute", "used_24h", "usual_per_minute", "most_per_minute"),
    *("safe_at", "safe_if", "wait_s", "takes_s", "confidence"),
)
"""What nobody knows where nothing could be read."""


def _limit(limit: Limit | None) -> dict[str, object] | None:
    if limit is None:
        return None
    known = of_limit(limit)
    confidence = {} if known == "exact" else {"confidence": {"limit": known}}
    return {"limit": limit.value, "limit_source": limit.source, **confidence}
