"""A real HTTP server on this machine that misbehaves on purpose: each path is a function that answers.

    with Loopback({"/slow": drip, "/keys": answer(b"{}")}) as server:
        ...  # server.origin, server.requests

One request a connection. A function gets the Request and writes whatever bytes it likes.
"""

from __future__ import annotations

import gzip
import json
import socket
import socketserver
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl

CERTIFICATE = Path(__file__).with_name("loopback.pem")
"""Self-signed, for 127.0.0.1 (but not for localhost), with its key."""


@dataclass
class Request:
    """One request as it came: `target` is path and query, header names are lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    connection: socket.socket = field(repr=False)
    closing: threading.Event = field(repr=False)
    """Set when the test ends: wait on it to keep a client waiting."""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> Mapping[str, str]:
        return dict(parse_qsl(self.target.partition("?")[2]))

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)


Behaviour = Callable[[Request], None]


class Loopback(socketserver.ThreadingTCPServer):
    """Serves while the `with` block runs; `requests` keeps what came, in order."""

    allow_reuse_address = True

    def __init__(
        self, behaviours: Mapping[str, Behaviour], *, tls: bool = False, host: str = "127.0.0.1"
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, 0), _Handler)
        self._host = f"[{host}]" if ":" in host else host
        self.behaviours = dict(behaviours)
        self.requests: list[Request] = []
        self.closing = threading.Event()
        self._context = _server_context() if tls else None
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def origin(self) -> str:
        return f"{'https' if self._context else 'http'}://{self._host}:{self.port}"

    def get_request(self) -> tuple[socket.socket, object]:
        connection, address = super().get_request()
        if self._context:
            # The handshake is left to the first read, which is in the request's own thread.
            connection = self._context.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        return connection, address

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Handler(socketserver.StreamRequestHandler):
    server: Loopback

    def handle(self) -> None:
        with suppress(OSError):  # the client hung up, as many of these tests want it to
            request = self._request()
            if request is not None:
                self.server.requests.append(request)
                self.server.behaviours.get(request.path, answer(status=404))(request)

    def _request(self) -> Request | None:
        first = self.rfile.read(1)
        if not first.isalpha():
            return None  # nothing, or the start of a TLS handshake
        line = (first + self.rfile.readline()).decode("latin-1").split()
        if len(line) != 3:
            return None
        headers = {}
        while header := self.rfile.readline().strip():
            name, _, value = header.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        return Request(line[0], line[1], headers, self.request, self.server.closing)

    def finish(self) -> None:
        with suppress(OSError):  # what is left to flush has nobody to go to
            super().finish()


def _server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def head(status: int = 200, headers: Mapping[str, str] | None = None) -> bytes:
    """Status line and headers, with the empty line that ends them."""
    lines = [f"HTTP/1.1 {status} Whatever", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def answer(
    body: bytes = b"",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    kind: str = "application/json",
) -> Behaviour:
    """A complete, well-formed answer."""
    sizes = {"Content-Type": kind, "Content-Length": str(len(body))}
    data = head(status, {**sizes, **(headers or {})}) + body
    return lambda request: request.send(data)


def answer_json(payload: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Behaviour:
    return answer(json.dumps(payload).encode(), status, headers)


def refuse(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Behaviour:
    """An error in the documented envelope."""
    error = {"code": code, "message": message, "request_id": "req_7f3a"}
    return answer_json({"error": error}, status, headers)


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """One after the other; the last one stays."""
    turns = chain(behaviours, repeat(behaviours[-1]))
    return lambda request: next(turns)(request)


def gzipped(body: bytes, headers: Mapping[str, str] | None = None) -> Behaviour:
    return answer(gzip.compress(body), headers={"Content-Encoding": "gzip", **(headers or {})})


def drip(request: Request) -> None:
    """One byte every 20 ms, without end: each read succeeds, the answer never does."""
    request.send(head(headers={"Content-Type": "application/json"}))
    while not request.closing.wait(0.02):
        request.send(b" ")


def silent(request: Request) -> None:
    """Nothing at all until the test ends."""
    request.closing.wait()


def reset(request: Request) -> None:
    """Breaks the connection without an answer."""
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()


def cut_short(request: Request) -> None:
    """Promises more body than it sends."""
    request.send(head(headers={"Content-Type": "application/json", "Content-Length": "100"}) + b'{"data":')


def endless(request: Request) -> None:
    """A body that never stops and is never compressed."""
    request.send(head(headers={"Content-Type": "application/json"}))
    while not request.closing.is_set():
        request.send(b" " * 65536)
