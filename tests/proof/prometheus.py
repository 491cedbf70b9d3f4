"""A Prometheus that runs, asked over its API."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

T = TypeVar("T")

DEADLINE_S = 120.0
"""For what never happens; a wait ends as soon as its condition holds."""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def fetched(address: str) -> str:
    with urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())


def awaited(found: Callable[[], T], what: str, log: Path | None = None) -> T:
    """What is found, as soon as it is something. Raises TimeoutError, with the end of what the log says."""
    until_s = monotonic() + DEADLINE_S
    while monotonic() < until_s:
        try:
            if result := found():
                return result
        except (URLError, OSError):
            pass  # it is not there yet
        sleep(0.1)
    raise TimeoutError(f"{what} did not come. {log.read_text()[-2_000:] if log else ''}")


class Prometheus:
    """The one at this address."""

    def __init__(self, address: str) -> None:
        self.address = address

    def now(self, expr: str) -> list[Any]:
        """The series of an expression at this moment. Raises URLError for what is no expression."""
        return self._result("query", query=expr)

    def over(self, expr: str, start: float, end: float, step: str | int) -> list[Any]:
        """The same from one moment to another."""
        return self._result("query_range", query=expr, start=start, end=end, step=step)

    def troubles(self) -> list[str]:
        """What is wrong with its rules."""
        groups = json.loads(fetched(f"{self.address}/api/v1/rules"))["data"]["groups"]
        return [
            f"{rule['name']}: {rule.get('lastError') or rule['health']}"
            for group in groups
            for rule in group["rules"]
            if rule["health"] != "ok"
        ]

    def _result(self, call: str, **query: object) -> list[Any]:
        answer = json.loads(fetched(f"{self.address}/api/v1/{call}?{urlencode(query)}"))
        return list(answer["data"]["result"])
