"""A small HTTP server on loopback for scrapes. Nothing that a client does makes it wait, grow or ask.

One request a connection. Written by hand, as the library's reads a head for as long as a client sends one.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import BoundedSemaphore
from time import monotonic
from typing import NamedTuple, cast

from socd_tui.exporter.negotiation import format_for, takes_gzip
from socd_tui.exporter.page import Page
from socd_tui.outputs.metrics.exposition import CONTENT_TYPES

HOST = "127.0.0.1"
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
"""What a browser or a scraper on this machine calls it. A web page that got its own name to lead here, by
DNS rebinding, still has to say that name."""

MOST_CONNECTIONS = 16
"""At a time; one more is closed at once."""
MOST_HEAD = 16_384
"""Bytes of a request up to its empty line."""
READ_S, SEND_S = 5.0, 30.0
"""How long a client may take to send its request, and to take the answer."""

NO_HEADERS: Mapping[str, str] = {}
HELLO = b"socd-tui serves its metrics at /metrics\n"


class _Request(NamedTuple):
    method: str
    target: str
    headers: dict[str, list[str]]

    def header(self, name: str) -> str:
        return ", ".join(self.headers.get(name, ()))


class MetricsServer(ThreadingTCPServer):
    """Answers from the Page while `serve_forever` runs. Raises OSError where the port is not to be had."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self, port: int, page: Page, is_alive: Callable[[], bool], *, read_s: float = READ_S
    ) -> None:
        self.page, self.is_alive, self.read_s = page, is_alive, read_s
        self._room = BoundedSemaphore(MOST_CONNECTIONS)
        super().__init__((HOST, port), _Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def process_request(self, request: object, client_address: object) -> None:
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)  # type: ignore[arg-type]  # a socket, always
        else:
            with suppress(OSError):
                cast(socket.socket, request).sendall(_answer_head(HTTPStatus.SERVICE_UNAVAILABLE, 0))
            self.shutdown_request(request)  # type: ignore[arg-type]

    def process_request_thread(self, request: object, client_address: object) -> None:
        try:
            super().process_request_thread(request, client_address)  # type: ignore[arg-type]
        finally:
            self._room.release()

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - its signature
        """A mistake of the program, which is told as such: clients that leave are none."""
        error = sys.exception()
        if error is not None:
            raise error


class _Handler(BaseRequestHandler):
    server: MetricsServer
    request: socket.socket

    def handle(self) -> None:
        with suppress(OSError):  # the client is gone, or too slow
            head = _head(self.request, self.server.read_s)
            if isinstance(head, HTTPStatus):
                self._answer(head)
            elif head is not None:
                self._serve(head)

    def _serve(self, request: _Request) -> None:
        if len(request.headers.get("host", ())) != 1:
            self._answer(HTTPStatus.BAD_REQUEST)
        elif not _is_loopback(request.headers["host"][0]):
            self._answer(HTTPStatus.FORBIDDEN, b"This is served to this machine alone: ask 127.0.0.1.\n")
        elif request.method not in ("GET", "HEAD"):
            self._answer(HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET, HEAD"})
        else:
            self._get(request, with_body=request.method == "GET")

    def _get(self, request: _Request, *, with_body: bool) -> None:
        match request.target.partition("?")[0]:
            case "/metrics":
                self._metrics(request, with_body=with_body)
            case "/-/healthy" if self.server.is_alive():
                self._answer(HTTPStatus.OK, b"ok\n", with_body=with_body)
            case "/-/healthy":
                self._answer(HTTPStatus.SERVICE_UNAVAILABLE, with_body=with_body)
            case "/":
                self._answer(HTTPStatus.OK, HELLO, with_body=with_body)
            case _:
                self._answer(HTTPStatus.NOT_FOUND, HELLO, with_body=with_body)

    def _metrics(self, request: _Request, *, with_body: bool) -> None:
        format_ = format_for(request.header("accept"))
        zipped = takes_gzip(request.header("accept-encoding"))
        text = self.server.page.text(format_, zipped=zipped)
        headers = {"Content-Type": CONTENT_TYPES[format_], "Vary": "Accept, Accept-Encoding"}
        if zipped:
            headers["Content-Encoding"] = "gzip"
        self._answer(HTTPStatus.OK, text, headers=headers, with_body=with_body)

    def _answer(
        self,
        status: HTTPStatus,
        body: bytes = b"",
        *,
        headers: Mapping[str, str] = NO_HEADERS,
        with_body: bool = True,
    ) -> None:
        body = body or f"{status.phrase}\n".encode()
        head = _answer_head(status, len(body), headers)
        self.request.settimeout(SEND_S)
        self.request.sendall(head + body if with_body else head)


def _answer_head(status: HTTPStatus, length: int, headers: Mapping[str, str] = NO_HEADERS) -> bytes:
    """Everything before the body."""
    all_headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(length),
        "Connection": "close",
        "Cache-Control": "no-store",
        # What is read by a web page is for the page's own site alone.
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        **headers,
    }
    lines = [f"HTTP/1.1 {status.value} {status.phrase}"]
    lines += [f"{name}: {value}" for name, value in all_headers.items()]
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


def _head(connection: socket.socket, read_s: float) -> _Request | HTTPStatus | None:
    """The request, what is wrong with it, or None where the client has left."""
    data, until_s = b"", monotonic() + read_s
    while b"\r\n\r\n" not in data:
        left_s = until_s - monotonic()
        if left_s <= 0:
            return HTTPStatus.REQUEST_TIMEOUT
        connection.settimeout(left_s)
        try:
            received = connection.recv(4096)
        except TimeoutError:
            return HTTPStatus.REQUEST_TIMEOUT
        if not received:
            return None
        data += received
        if len(data) > MOST_HEAD:
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    return _parsed(data.partition(b"\r\n\r\n")[0].decode("latin-1"))


def _parsed(head: str) -> _Request | HTTPStatus:
    first, *lines = head.split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return HTTPStatus.BAD_REQUEST
    headers: dict[str, list[str]] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or name != name.strip():
            return HTTPStatus.BAD_REQUEST
        headers.setdefault(name.lower(), []).append(value.strip())
    return _Request(words[0], words[1], headers)


def _is_loopback(host: str) -> bool:
    """Whether a Host header names this machine, with any port or none: a tunnel has another."""
    name, colon, port = host.lower().rpartition(":")
    if not colon or host.endswith("]"):
        name, port = host.lower(), "80"
    return name in LOOPBACK_NAMES and port.isascii() and port.isdigit()
