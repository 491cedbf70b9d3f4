"""The demo service in a process of its own, for measuring: as slow as it is told, and it counts its requests.

    with Service(keys=50) as service:
        service.wait_before_answers(0.2)
        ...  # a client asks service.origin with service.token
        service.asked()  # what was asked, and when

An answer is worked out once and sent again after that, so that what is measured is the client's work.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple, Self

from socd_tui.clock import utc_now
from socd_tui.service.demo import DemoServer
from socd_tui.service.demo.desk import COOKIE, Desk, Refusal, Request, Response
from tests.terminal.pseudo import ROOT

ASIDE = "/benchmark/"
"""Below this path the measuring program speaks to the service; a client never asks it."""

STARTS_WITHIN_S = 30.0


class Asked(NamedTuple):
    """One request: when it came (`time.perf_counter`, the same in all processes), and its path and query."""

    at: float
    target: str

    @property
    def key(self) -> str | None:
        """The id of the key whose figures were asked for."""
        path, _, _ = self.target.partition("?")
        return path.split("/")[-2] if path.endswith("/usage") else None


class Service:
    """A running service, as the measuring program sees it."""

    def __init__(self, keys: int) -> None:
        self.keys = keys
        command = [sys.executable, "-m", "tests.benchmarks.service", str(keys)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], STARTS_WITHIN_S)[0]:
            self._process.kill()
            raise TimeoutError(f"the service of {keys} keys did not start within {STARTS_WITHIN_S} s")
        self.origin, self.token = self._process.stdout.readline().split()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    @property
    def environ(self) -> Mapping[str, str]:
        """What signs a client in."""
        return {"SOCD_BASE_URL": self.origin, "SOCD_SESSION_TOKEN": self.token}

    def wait_before_answers(self, seconds: float) -> None:
        """From now on, each answer is sent so long after its request came."""
        self._tell(f"wait/{seconds}")

    def forget(self) -> None:
        """`asked` begins anew."""
        self._tell("forget")

    def asked(self) -> list[Asked]:
        """The requests since `forget`, in the order they came."""
        return [Asked(*each) for each in self._tell("asked")]

    def get(self, path: str) -> bytes:
        """An answer's body, as a client gets it."""
        request = urllib.request.Request(self.origin + path, headers={"Cookie": f"{COOKIE}={self.token}"})
        with urllib.request.urlopen(request, timeout=STARTS_WITHIN_S) as answer:
            body: bytes = answer.read()
        return body

    def usage(self, key: str, days: int) -> str | None:
        """The payload of one key's figures; None where the service does not know it."""
        try:
            return self.get(f"/api/v1/keys/{key}/usage?days={days}").decode()
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
            return None

    def _tell(self, what: str) -> Any:
        return json.loads(self.get(ASIDE + what))["told"]


class _Counting:
    """Stands before the Desk: waits, counts, and keeps what was worked out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wait_s = 0.0
        self._asked: list[Asked] = []
        self._known: dict[str, Response] = {}
        self._working = threading.Lock()

    def answer(self, request: Request) -> Response:
        if request.target.startswith(ASIDE):
            return Response(200, {"told": self._obey(*request.target.removeprefix(ASIDE).split("/"))})
        ends = time.perf_counter() + self._wait_s
        self._asked.append(Asked(time.perf_counter(), request.target))
        with self._working:
            known = self._known.get(request.target) or self._desk.answer(request)
            self._known[request.target] = known
        time.sleep(max(0.0, ends - time.perf_counter()))
        return replace(known, headers=())

    def refuse(self, refusal: Refusal) -> Response:
        return self._desk.refuse(refusal)

    def _obey(self, what: str, seconds: str = "0") -> list[Asked]:
        if what == "wait":
            self._wait_s = float(seconds)
        elif what == "forget":
            self._asked = []
        return self._asked


def main() -> None:
    """Serves until killed, an account of as many keys as the only argument says."""
    server = DemoServer(
        clock=utc_now, keys=int(sys.argv[1]), requests_per_minute=10**9, session_life=timedelta(days=1)
    )
    server._http.desk = _Counting(server._http.desk)  # type: ignore[assignment]
    print(server.base_url, server.token, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
