"""Answers that cost more than they are: bombs, endless and dripping ones, floods of headers."""

from __future__ import annotations

import gzip
import json
import select
import socket
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.loopback import (
    Behaviour,
    Loopback,
    Request,
    answer,
    answer_json,
    cut_short,
    drip,
    endless,
    head,
    reset,
    silent,
)
from tests.terminal.pseudo import environment
from tests.trust.check import Check, NotHere, Outcome, Trial

MOST_MIB = 32
"""That an answer may cost at its worst, above what the program has without it."""

ATTEMPTS = 3
SLACK_S = 2.0
"""For a busy machine, beside the deadline of each attempt."""

STARTING_S = 60.0

READY = b"ready\n"

LOST = {"outcome": "lost", "said": "no answer, and no error", "took_s": "0", "grown_mib": "0"}

MIB = 1024 * 1024
JSON = b'{"data": []}'


@cache
def zeros(mib: int, times: int = 1) -> bytes:
    """So many megabytes of blanks, compressed so many times."""
    data = b" " * (mib * MIB)
    for _ in range(times):
        data = gzip.compress(data, 9)
    return data


def packed(data: bytes) -> Behaviour:
    return answer(gzip.compress(data), headers={"Content-Encoding": "gzip"})


def forever(first: bytes, more: bytes, pause_s: float = 0) -> Behaviour:
    """Something, and then more of the same without end."""

    def behave(request: Request) -> None:
        request.send(first)
        while not request.closing.wait(pause_s):
            request.send(more)

    return behave


def raw(data: bytes) -> Behaviour:
    return lambda request: request.send(data)


def endless_gzip(request: Request) -> None:
    """Zeros, compressed a thousand times, as long as somebody reads."""
    request.send(head(headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}))
    stream = zlib.compressobj(9, wbits=31)
    while not request.closing.is_set():
        request.send(stream.compress(b" " * MIB))


def many(piece: bytes, mib: int = 8) -> bytes:
    return b"[" + piece * (mib * MIB // len(piece) - 1) + b"0]"


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

BODIES: dict[str, Callable[[], Behaviour]] = {
    "gzip 1000:1": lambda: answer(zeros(128), headers={"Content-Encoding": "gzip"}),
    "gzip 1000:1 of a string": lambda: packed(b'"' + b"a" * (64 * MIB) + b'"'),
    "gzip, just within the limit": lambda: packed(b'"' + b"a" * (8 * MIB - 3) + b'"'),
    "gzip twice": lambda: answer(zeros(64, 2), headers={"Content-Encoding": "gzip, gzip"}),
    "gzip ten times": lambda: answer(zeros(64, 10), headers={"Content-Encoding": ", ".join(["gzip"] * 10)}),
    "gzip in deflate": lambda: answer(
        zlib.compress(gzip.compress(b" " * (64 * MIB))), headers={"Content-Encoding": "gzip, deflate"}
    ),
    "brotli, not asked for": lambda: answer(b"\x8b\x02\x80abc\x03", headers={"Content-Encoding": "br"}),
    "gzip, members without end": lambda: forever(
        head(headers={"Content-Encoding": "gzip"}), gzip.compress(b" " * MIB)
    ),
    "gzip without end": lambda: endless_gzip,
    "lists without content": lambda: packed(many(b"[],")),
    "objects without content": lambda: packed(many(b'{"a":1},')),
    "numbers": lambda: packed(many(b"1.5,")),
    "names": lambda: packed(b"{" + b",".join(b'"%x":1' % n for n in range(700_000)) + b"}"),
    "brackets": lambda: packed(b"[" * (4 * MIB)),
    "a wide string": lambda: packed(b'"' + "\U0001f511".encode() + b"a" * (8 * MIB - 12) + b'"'),
    "a long number": lambda: packed(b"9" * (4 * MIB)),
    "endless": lambda: endless,
    "endless chunks": lambda: forever(CHUNKED, b"10000\r\n" + b" " * 65_536 + b"\r\n"),
    "chunks of one byte": lambda: forever(CHUNKED, b"1\r\n \r\n" * 1_000),
    "chunk extensions": lambda: raw(CHUNKED + b"1;" + b"x=y;" * (4 * MIB) + b"\r\n \r\n0\r\n\r\n"),
    "a chunk's size without end": lambda: forever(CHUNKED, b"1" * 65_536),
    "trailers without end": lambda: forever(CHUNKED + b"0\r\n", b"X-A: b\r\n" * 1_000),
    "drip": lambda: drip,
    "drip of headers": lambda: forever(OK, b"X-A: b\r\n", 0.02),
    "drip of a status": lambda: forever(b"H", b"", 0.02),
    "silent": lambda: silent,
    "reset": lambda: reset,
    "a huge header": lambda: raw(OK + b"X-A: " + b"b" * (64 * MIB) + b"\r\n\r\n" + JSON),
    "a flood of headers": lambda: forever(OK, b"X-A: b\r\n" * 10_000),
    "a flood of 1xx": lambda: forever(b"", b"HTTP/1.1 102 Processing\r\nX-A: b\r\n\r\n" * 1_000),
    "a flood of 1xx, slowly": lambda: forever(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.02),
    "a line without end": lambda: forever(b"HTTP/1.1 200 ", b"O" * 65_536),
    "less than promised": lambda: cut_short,
    "more than promised": lambda: raw(OK + b"Content-Length: 2\r\n\r\n" + b" " * MIB),
    "a negative length": lambda: raw(OK + b"Content-Length: -1\r\n\r\n" + JSON),
    "a length beyond numbers": lambda: raw(OK + b"Content-Length: " + b"9" * 400 + b"\r\n\r\n" + JSON),
    "two lengths": lambda: raw(OK + b"Content-Length: 12\r\nContent-Length: 3\r\n\r\n" + JSON),
    "length and chunks": lambda: raw(
        OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + JSON
    ),
    "no HTTP": lambda: forever(b"", b"\0" * 65_536),
    "a switch of protocols": lambda: raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + JSON),
    "HTTP/0.9": lambda: raw(JSON),
    "a status of four digits": lambda: raw(b"HTTP/1.1 2000 OK\r\n\r\n" + JSON),
    "an error page without end": lambda: forever(b"HTTP/1.1 503 X\r\n\r\n", b" " * 65_536),
    "a redirect without end": lambda: forever(b"HTTP/1.1 302 X\r\nLocation: /y\r\n\r\n", b" " * 65_536),
}
QUICK = ("gzip 1000:1", "gzip twice", "lists without content", "endless", "drip", "silent", "a huge header")
FOR_THE_CARELESS = ("gzip 1000:1", "lists without content", "drip")
HARMLESS = frozenset(
    {"gzip, just within the limit", "more than promised", "length and chunks", "two lengths", "a long number"}
)
"""Where a value is no fault."""


def attack(trial: Trial, who: str, names: Sequence[str], deadline_s: float) -> Outcome:
    if not Path("/proc/self/clear_refs").exists():
        raise NotHere("/proc/self/clear_refs, as Linux has it")
    behaviours = {f"/x{number}": BODIES[name]() for number, name in enumerate(names)}
    fetching = Fetching(who, environment(trial.home), deadline_s)
    # Connections are accepted by the system alone: nobody answers the handshake.
    with (
        Loopback({"/warm": answer_json({"data": [1]}), **behaviours}) as server,
        socket.create_server(("127.0.0.1", 0)) as stalled,
    ):
        done = dict(zip(names, fetching.fetch(server.origin, behaviours), strict=True))
        done["stalled TLS"] = next(fetching.fetch(f"https://127.0.0.1:{stalled.getsockname()[1]}", ["/tls"]))
    faults = [f"{name}: {fault}" for name, one in done.items() for fault in _faults(name, one, deadline_s)]
    worst_mib = max((float(one["grown_mib"]) for one in done.values()), default=0)
    slowest_s = max((float(one["took_s"]) for one in done.values()), default=0)
    return Outcome(
        f"{len(done)} kinds of answers, {deadline_s:g} s for each attempt",
        f"{len(faults)} faults; {worst_mib:.0f} MiB and {slowest_s:.1f} s at most",
        tuple(faults),
    )


@dataclass(frozen=True)
class Fetching:
    """Runs `tests.trust.fetching`, and runs it again for what is left when one answer was too much for it."""

    who: str
    environ: dict[str, str]
    deadline_s: float

    @property
    def patience_s(self) -> float:
        return ATTEMPTS * self.deadline_s + 2 * SLACK_S

    def fetch(self, origin: str, paths: Iterable[str]) -> Iterator[dict[str, str]]:
        """What it tells of each path, in order."""
        left = list(paths)
        while left:
            for done in self._told(origin, left):
                yield done
                left.pop(0)
            if left:
                yield LOST
                left.pop(0)

    def _told(self, origin: str, paths: list[str]) -> Iterator[dict[str, str]]:
        program = [sys.executable, "-m", "tests.trust.fetching", self.who, origin, f"{self.deadline_s}"]
        with subprocess.Popen([*program, *paths], env=self.environ, stdout=subprocess.PIPE) as run:
            out = run.stdout
            assert out is not None
            try:
                wait_s = STARTING_S
                while select.select([out], [], [], wait_s)[0] and (line := out.readline()):
                    wait_s = self.patience_s
                    if line != READY:
                        yield json.loads(line)
            finally:
                run.kill()


def _faults(name: str, done: Mapping[str, str], deadline_s: float) -> Iterator[str]:
    if done["outcome"] in ("lost", "uncaught"):
        yield done["said"]
    if done["outcome"] == "value" and name not in HARMLESS:
        yield f"it came as a {done['said']}"
    if float(done["took_s"]) > ATTEMPTS * deadline_s + SLACK_S:
        yield f"it took {done['took_s']} s"
    if float(done["grown_mib"]) > MOST_MIB:
        yield f"it took {done['grown_mib']} MiB"


def ours(trial: Trial) -> Outcome:
    return attack(trial, "ours", tuple(BODIES) if trial.whole else QUICK, trial.count(1, 4) / 2)


def naive(trial: Trial) -> Outcome:
    return attack(trial, "naive", tuple(BODIES) if trial.whole else FOR_THE_CARELESS, trial.count(1, 4) / 4)


CHECK = Check(
    name="wire_bodies",
    must_show=f"a typed error in time, and {MOST_MIB} MiB more at most",
    ours=ours,
    naive=naive,
    naive_is="httpx.get(…).json()",
)
