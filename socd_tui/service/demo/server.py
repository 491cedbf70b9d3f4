"""The demo service as an HTTP/1.1 server on loopback."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import sys
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Event, Thread
from types import TracebackType
from typing import Self

from socd_tui.clock import Clock, elapsed_s
from socd_tui.service.demo.desk import Desk, Refusal, Request, Response, session_token
from socd_tui.service.demo.fleet import demo_keys
from socd_tui.service.demo.payload import Dialect
from socd_tui.service.demo.truth import Truth

SESSION_LIFE = timedelta(hours=1)
"""How long the token is valid: the default of the service's session provider."""

IDLE_S = 120
"""Seconds after which a connection without requests is closed."""

STOP_POLL_S = 0.05
"""Seconds between two looks of the accepting thread whether it should stop."""


class DemoServer:
    """A simulated account at `base_url` for requests with `token` as the session cookie.

    The port is bound on creation and answers after `start`, or while `serve_forever` runs. The same seed
    and clock give the same account; `truth` has every figure it answers. The session expires
    `session_life` after creation by `clock`.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        port: int = 0,
        dialect: Dialect = "flat",
        keys: int = 10,
        latency_ms: int = 0,
        seed: int = 1,
        requests_per_minute: int = 600,
        session_life: timedelta = SESSION_LIFE,
    ) -> None:
        def utc_clock() -> datetime:
            return clock().astimezone(UTC)

        began = utc_clock().replace(microsecond=0)
        self.expires_at = began + session_life
        self.token = session_token(began, self.expires_at)
        self.truth = Truth(demo_keys(seed, began, keys), seed, began)
        desk = Desk(self.truth, dialect, utc_clock, self.token, self.expires_at, requests_per_minute)
        self._http = _LoopbackServer(port, desk, utc_clock, latency_ms)
        self._thread: Thread | None = None
        self._served = False
        self.base_url = f"http://127.0.0.1:{self._http.server_port}"

    def start(self) -> None:
        """Answer from a thread of its own until `stop`."""
        self._thread = Thread(target=self.serve_forever, name="socd-demo", daemon=True)
        self._served = True  # here too: `stop` may come before the thread runs
        self._thread.start()

    def serve_forever(self) -> None:
        """Answer in this thread until interrupted, or until another thread calls `stop`."""
        self._served = True
        self._http.serve_forever(STOP_POLL_S)

    def stop(self) -> None:
        """Close the port and every connection. May be called twice, or without a start."""
        # `shutdown` waits for a loop to end, for ever if there never was one.
        if self._served:
            self._http.shutdown()
        self._http.server_close()
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Handler(BaseHTTPRequestHandler):
    """Reads the requests of one connection and writes the Desk's answers."""

    server: _LoopbackServer
    protocol_version = "HTTP/1.1"
    server_version = "socd-demo"
    sys_version = ""
    timeout = IDLE_S
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave in one packet

    def answer(self) -> None:
        """Answer a request of any method; the Desk decides whether the method is allowed."""
        headers = self.headers
        request = Request(
            self.command,
            self.path,
            tuple(headers.get_all("Host", ())),
            tuple(headers.get_all("Cookie", ())),
        )
        # No call reads a body, and an unread one would be taken as the next request of the connection.
        if "Content-Length" in headers or "Transfer-Encoding" in headers:
            self.close_connection = True
        due_s = elapsed_s() + self.server.latency_ms / 1000
        answer = self.server.desk.answer(request)
        self.server.stopping.wait(max(due_s - elapsed_s(), 0))
        self._write(answer, zipped=_accepts_gzip(headers.get("Accept-Encoding", "")))

    # The names under which the library looks for methods.
    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer a request that the library itself refuses, with the documented error envelope."""
        self.close_connection = True
        status = 405 if code == 501 else code  # 501 is what the library says of an unknown method
        text = message or explain or "The request could not be read."
        self._write(self.server.desk.refuse(Refusal(status, "invalid_request", text)), zipped=False)

    def date_time_string(self, timestamp: float | None = None) -> str:
        return formatdate(timestamp or self.server.clock().timestamp(), usegmt=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing: the terminal belongs to the program."""

    def _write(self, answer: Response, *, zipped: bool) -> None:
        body = json.dumps(answer.body, separators=(",", ":")).encode()
        if zipped:
            body = gzip.compress(body, compresslevel=1, mtime=0)
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Vary", "Accept-Encoding")
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class _LoopbackServer(ThreadingHTTPServer):
    """A thread for each connection; closing the server closes all of them."""

    request_queue_size = 64

    def __init__(self, port: int, desk: Desk, clock: Clock, latency_ms: int) -> None:
        self.desk = desk
        self.clock = clock
        self.latency_ms = latency_ms
        self.stopping = Event()
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        # Not the HTTPServer's, which asks the name service who 127.0.0.1 is and may wait for seconds.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def close_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        if isinstance(request, socket.socket):  # always so for TCP
            self._open.discard(request)
        super().close_request(request)

    def server_close(self) -> None:
        self.stopping.set()
        super().server_close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):  # it may have closed by itself just now
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - its signature
        """Ignore a client that closed its connection; raise anything else, which is a bug of this program."""
        error = sys.exception()
        if error is not None and not isinstance(error, ConnectionError | TimeoutError):
            raise error


def _accepts_gzip(accept_encoding: str) -> bool:
    for entry in accept_encoding.split(","):
        coding, _, parameters = entry.partition(";")
        if coding.strip().lower() == "gzip":
            return parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
