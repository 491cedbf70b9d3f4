"""A service with a limit, in virtual time: what it was asked when, what it promised, and what it refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random

import httpx

from tests.account import flat, key_row
from tests.virtual import now

Asked = Callable[["Limited", str], None]


@dataclass
class Limited(httpx.AsyncBaseTransport):
    """An account with `keys` keys whose session may send `limit` requests a minute.

    `rolling` counts the last sixty seconds, else minutes of the service's clock, which is `skew` ahead of
    ours. `tells` puts the limit into the headers of every answer; refusals say by `promise` when to come
    again.
    """

    keys: int
    limit: int
    rolling: bool
    random: Random
    skew: timedelta = timedelta()
    tells: bool = True
    promise: str = "X-RateLimit-Reset"
    asked: list[tuple[float, str]] = field(default_factory=list)
    """When (virtual seconds) what was asked from here."""
    refused: list[float] = field(default_factory=list)
    others_asked: int = 0
    others_refused: int = 0
    early: list[float] = field(default_factory=list)
    """Requests before the moment that a refusal named, which had been heard."""
    in_flight: dict[str, int] = field(default_factory=dict)
    at_once: int = 0
    """The most requests of one address under way together."""
    abandoned: int = 0
    """Answers that nobody waited for."""
    _counted: list[float] = field(default_factory=list)
    _not_before: float = 0.0

    def clock(self) -> datetime:
        """The service's."""
        return now() + self.skew

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        address = request.url.raw_path.decode()
        self.in_flight[address] = self.in_flight.get(address, 0) + 1
        self.at_once = max(self.at_once, self.in_flight[address])
        at = asyncio.get_running_loop().time()
        self.asked.append((at, address))
        if at < self._not_before:
            self.early.append(at)
        status, headers, renewed_in = self._admit(at)
        body = self._body(request.url.path) if status == 200 else {"error": {"code": "rate_limit_exceeded"}}
        try:
            await asyncio.sleep(self.random.uniform(0.02, 0.4))
        except asyncio.CancelledError:
            self.abandoned += 1
            raise
        finally:
            self.in_flight[address] -= 1
        if status == 429:
            self._not_before = max(self._not_before, at + renewed_in.total_seconds())
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(json.dumps(body).encode()))

    def ask_otherwise(self) -> None:
        """Another client of the account asks."""
        at = asyncio.get_running_loop().time()
        self.others_asked += 1
        if self._used(at) >= self.limit:
            self.others_refused += 1
        else:
            self._counted.append(at)

    def most_in_a_minute(self) -> int:
        """The most requests from here in any sixty seconds."""
        times = [at for at, _ in self.asked]
        return max((sum(1 for at in times if start <= at < start + 60) for start in times), default=0)

    def _admit(self, at: float) -> tuple[int, dict[str, str], timedelta]:
        used = self._used(at)
        status = 429 if used >= self.limit else 200
        if status == 200:
            self._counted.append(at)
            used += 1
        else:
            self.refused.append(at)
        served, renewed_in = self.clock(), self._renewed_in(at)
        headers = {"Content-Type": "application/json", "Date": format_datetime(served, usegmt=True)}
        if self.tells:
            headers["X-RateLimit-Limit"] = str(self.limit)
            headers["X-RateLimit-Remaining"] = str(self.limit - used)
            headers["X-RateLimit-Reset"] = f"{_up((served + renewed_in).timestamp())}"
        if status == 429:
            headers |= dict(self._promised(served, renewed_in))
        return status, headers, renewed_in

    def _promised(self, served: datetime, renewed_in: timedelta) -> Iterator[tuple[str, str]]:
        """The moment to come again, in one of the forms services have for it."""
        moment = served + renewed_in
        match self.promise:
            case "X-RateLimit-Reset":
                yield "X-RateLimit-Reset", f"{_up(moment.timestamp())}"
            case "milliseconds":
                yield "X-RateLimit-Reset", f"{_up(moment.timestamp() * 1000)}"
            case "ISO 8601":
                yield "X-RateLimit-Reset", f"{moment + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
            case "Retry-After":
                yield "Retry-After", f"{_up(renewed_in.total_seconds())}"
            case "Retry-After date":
                yield "Retry-After", format_datetime(moment + timedelta(seconds=1), usegmt=True)
            case _:
                yield "RateLimit", f'"minute";r=0;t={_up(renewed_in.total_seconds())}'

    def _used(self, at: float) -> int:
        since = at - 60 if self.rolling else at - self._into_minute()
        self._counted = [each for each in self._counted if each > at - 60]
        return sum(1 for each in self._counted if each > since or (not self.rolling and each == since))

    def _renewed_in(self, at: float) -> timedelta:
        if not self.rolling:
            return timedelta(seconds=60 - self._into_minute())
        used = [each for each in self._counted if each > at - 60]
        return timedelta(seconds=used[0] + 60 - at if used else 60)

    def _into_minute(self) -> float:
        return self.clock().astimezone(UTC).timestamp() % 60

    def _body(self, path: str) -> object:
        if path.endswith("/usage"):
            return {"data": flat()}
        rows = [key_row(number) for number in range(1, self.keys + 1)]
        return {"data": rows}


PROMISES = ("X-RateLimit-Reset", "milliseconds", "ISO 8601", "Retry-After", "Retry-After date", "RateLimit")


def _up(seconds: float) -> int:
    return -int(-seconds // 1)
