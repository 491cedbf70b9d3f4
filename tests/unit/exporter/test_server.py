"""The port that is scraped: what it answers, to whom, and that no client holds it up."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from socd_tui.exporter.page import Page
from socd_tui.exporter.server import MOST_CONNECTIONS, MOST_HEAD, MetricsServer
from socd_tui.model.lens import Lens
from socd_tui.outputs.metrics.family import Reading
from tests.build import fleet, prepared, usage
from tests.exposition import values

DEADLINE_S = 15.0


@contextmanager
def serving(*, read_s: float = DEADLINE_S, is_alive: bool = True) -> Iterator[MetricsServer]:
    first = Reading(known=prepared(fleet(usage(requests=7))), lens=Lens(), is_up=True)
    page = Page(first, stale_after_s=900, elapsed_s=lambda: 0.0)
    server = MetricsServer(0, page, lambda: is_alive, read_s=read_s)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def server() -> Iterator[MetricsServer]:
    with serving() as server:
        yield server


def connected(server: MetricsServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), DEADLINE_S)


def heard(connection: socket.socket) -> bytes:
    """Everything until the server closes the connection."""
    data = b""
    while received := connection.recv(65_536):
        data += received
    return data


def asked(
    server: MetricsServer, target: str = "/metrics", *lines: str, method: str = "GET", host: str = "localhost"
) -> tuple[int, str, bytes]:
    """Status, head and body of one answer."""
    with connected(server) as connection:
        head = [f"{method} {target} HTTP/1.1", f"Host: {host}", *lines, "", ""]
        connection.sendall("\r\n".join(head).encode("latin-1"))
        answer_head, _, body = heard(connection).partition(b"\r\n\r\n")
    return int(answer_head.split()[1]), answer_head.decode(), body


def test_a_scrape_gets_the_format_and_the_encoding_that_it_asks_for(server: MetricsServer) -> None:
    status, head, body = asked(server, "/metrics?x=1")
    assert (status, values(body.decode(), "socd_up")) == (200, {(): 1})
    assert "Content-Type: text/plain; version=0.0.4; charset=utf-8" in head
    accept = "Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5"
    status, head, body = asked(server, "/metrics", accept, "Accept-Encoding: gzip")
    assert "Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8" in head
    assert gzip.decompress(body).endswith(b"# EOF\n")
    _, head, body = asked(server, method="HEAD")
    assert body == b""
    assert "Content-Length: 0" not in head


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:9797", "localhost:1", "LOCALHOST", "[::1]", "[::1]:9797"]
)
def test_whoever_calls_it_by_a_name_of_this_machine_is_answered(server: MetricsServer, host: str) -> None:
    assert asked(server, host=host)[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:9797", "127.0.0.1.evil.example", "localhost.evil.example"),
        *("", ":9797", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1@evil.example", "0.0.0.0", "[::1", "::1"),
    ],
)
@pytest.mark.parametrize("target", ["/metrics", "/-/healthy", "/", "/nothing"])
def test_whoever_calls_it_by_another_name_learns_nothing(
    server: MetricsServer, host: str, target: str
) -> None:
    status, _, body = asked(server, target, host=host)
    assert status == 403
    assert b"socd_" not in body


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /metrics HTTP/1.1\r\n\r\n", 400),  # no host
        (b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /metrics\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\r\n\r\n", 400),  # TLS
        (b"GET /metrics HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET /metrics HTTP/1.1\r\nHost : localhost\r\n\r\n", 400),
        (b"POST /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        (b"GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET http://localhost/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET /metrics HTTP/1.1\r\nX: " + b"x" * MOST_HEAD, 431),
    ],
)
def test_anything_else_is_refused(server: MetricsServer, request_: bytes, status: int) -> None:
    with connected(server) as connection:
        connection.sendall(request_)
        assert heard(connection).startswith(f"HTTP/1.1 {status} ".encode())


def test_it_is_healthy_as_long_as_somebody_refreshes(server: MetricsServer) -> None:
    assert asked(server, "/-/healthy")[0] == 200
    with serving(is_alive=False) as idle:
        assert asked(idle, "/-/healthy")[0] == 503


def test_a_client_that_does_not_finish_its_request_is_let_go() -> None:
    with serving(read_s=0.05) as server, connected(server) as connection:
        connection.sendall(b"GET /metrics HTTP/1.1\r\n")
        assert heard(connection).startswith(b"HTTP/1.1 408 ")


def test_one_client_too_many_is_refused_and_the_next_one_after_that_is_not() -> None:
    with serving() as server:
        idle = [connected(server) for _ in range(MOST_CONNECTIONS)]
        try:
            with connected(server) as connection:
                assert heard(connection).startswith(b"HTTP/1.1 503 ")
            idle[0].sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert heard(idle[0]).startswith(b"HTTP/1.1 200 ")
        finally:
            for each in idle:
                each.close()


def test_a_port_that_is_taken_is_an_error(server: MetricsServer) -> None:
    with pytest.raises(OSError, match="in use"):
        MetricsServer(server.port, server.page, lambda: True)
