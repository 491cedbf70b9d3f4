"""An account of our own making on loopback, for answers the demo's service would never send.

    with Account(key_row(1, rate_limit_per_day=-1), usage=flat([100] * 7)) as account:
        done = account.show(home, "overview", "--format", "json")

What is sent is JSON as the documentation's example has it, changed where a test needs it, or a Behaviour.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.clock import NOW
from tests.command import Done, ran
from tests.loopback import Behaviour, Loopback, Request, answer_json
from tests.terminal.pseudo import environment

Json = dict[str, Any]

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJub2JvZHkifQ.c2lnbmF0dXJl"

KEYS = "/api/v1/keys"

TODAY = NOW.date()


def key_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def key_row(number: int = 1, **changes: object) -> Json:
    """A row of the key list, "Key 1" with both limits; what is changed to `...` is not sent."""
    row = {
        "id": key_id(number),
        "key_prefix": f"sk_live_k{number:03}",
        "name": f"Key {number}",
        "tier": "pro",
        "scopes": ["read:iocs"],
        "total_requests": 10,
        "last_used_at": f"{NOW - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
        "created_at": "2026-01-15T10:00:00Z",
        "expires_at": None,
        "revoked_at": None,
        "rate_limit_per_minute": 1000,
        "rate_limit_per_day": 1_000_000,
        **changes,
    }
    return {name: value for name, value in row.items() if value is not ...}


def daily(counts: Sequence[int], errors: Sequence[int] = (), ends: date = TODAY) -> list[Json]:
    """Daily rows, the newest last."""
    first = ends - timedelta(days=len(counts) - 1)
    return [
        {
            "date": str(first + timedelta(days=n)),
            "requests": count,
            "errors": errors[n] if n < len(errors) else 0,
        }
        for n, count in enumerate(counts)
    ]


def flat(counts: Sequence[int] = (100,) * 7, errors: Sequence[int] = (), **changes: object) -> Json:
    """A usage answer whose days end today; totals, codes and endpoints agree with them unless changed."""
    total, failed = sum(counts), sum(errors)
    answer = {
        "window_days": len(counts),
        "total_requests": total,
        "successful": total - failed,
        "client_errors": failed,
        "server_errors": 0,
        "by_status": {"200": total - failed, **({"404": failed} if failed else {})},
        "daily": daily(counts, errors),
        "rate_limit_hits_by_hour": [],
        "top_endpoints": [{"path": "/api/v1/iocs", "count": total}],
        **changes,
    }
    return {name: value for name, value in answer.items() if value is not ...}


def by_window(usage: Callable[[int], object]) -> Behaviour:
    """Answers the usage call by the length of the window it asks for, in days."""
    return lambda request: answer_json(usage(int(request.query["days"])))(request)


def answered(sent: object, request: Request) -> None:
    """Sends a payload, or whatever a Behaviour sends."""
    (sent if callable(sent) else answer_json(sent))(request)


class Account(Loopback):
    """A service with these keys: each answer is a payload or a Behaviour.

    `usage` is of every key, unless `usages` has one of its own for its id. `listed` replaces the whole list.
    """

    def __init__(
        self,
        *rows: Json,
        usage: Json | Behaviour | None = None,
        usages: Mapping[str, Json | Behaviour] | None = None,
        details: Mapping[str, Json | Behaviour] | None = None,
        listed: object = None,
    ) -> None:
        super().__init__({KEYS: lambda request: answered(self.listed, request)})
        self.listed = listed or {"data": rows, "meta": {"total": len(rows)}}
        self.usage: object = flat() if usage is None else usage
        self.usages: dict[str, object] = dict(usages or {})
        self.details: dict[str, object] = {row["id"]: {"data": row} for row in rows} | dict(details or {})
        for identity in self.details:
            self.behaviours[f"{KEYS}/{identity}"] = self._answer_detail
            self.behaviours[f"{KEYS}/{identity}/usage"] = self._answer_usage

    base_url = Loopback.origin
    token = TOKEN
    expires_at: datetime | None = None

    def asked(self, part: str = "") -> list[str]:
        """What was asked for so far, path and query, whose text contains this."""
        return [request.target for request in self.requests if part in request.target]

    def show(self, home: Path, *arguments: str, **environ: str) -> Done:
        """Runs `socd-tui show …` signed in to this account, on the standing clock."""
        return self.run(home, "show", *arguments, **environ)

    def document(self, home: Path, *arguments: str) -> Any:
        """What `socd-tui show … --format json` prints."""
        return json.loads(self.show(home, *arguments, "--format", "json").stdout)

    def run(self, home: Path, *arguments: str, **environ: str) -> Done:
        """Runs `socd-tui …` signed in to this account."""
        signed_in = {"SOCD_BASE_URL": self.origin, "SOCD_SESSION_TOKEN": TOKEN}
        return ran(environment(home, **signed_in, **environ), *arguments)

    def _answer_detail(self, request: Request) -> None:
        answered(self.details[request.path.split("/")[4]], request)

    def _answer_usage(self, request: Request) -> None:
        answered(self.usages.get(request.path.split("/")[4], self.usage), request)
