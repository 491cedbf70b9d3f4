"""The demo over HTTP: what a client meets on the wire, in good and in bad cases."""

from __future__ import annotations

import base64
import gzip
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import pytest

from socd_tui.service.demo import DemoServer, payload

NOW = datetime(2026, 5, 20, 14, 30, 12, 345_678, tzinfo=UTC)
LIST = "/api/v1/keys"

LIST_FIELDS = {
    "id", "key_prefix", "name", "tier", "scopes", "total_requests",
    "last_used_at", "created_at", "expires_at", "revoked_at",
}  # fmt: skip
FLAT_FIELDS = {
    "key_id", "window_days", "total_requests", "successful", "client_errors", "server_errors", "success_rate",
    "avg_response_time_ms", "latency_p50_ms", "latency_p95_ms", "latency_p99_ms",
    "rate_limit_peak_per_minute", "rate_limit_peak_per_day", "rate_limit_hits_by_hour",
    "top_endpoints", "by_status", "daily",
}  # fmt: skip


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The error code, of a body that is exactly the documented envelope."""
        assert set(self.json) == {"error"}
        assert set(self.json["error"]) == {"code", "message", "request_id"}
        assert re.fullmatch(r"req_\w+", self.json["error"]["request_id"])
        return str(self.json["error"]["code"])


def send(
    connection: HTTPConnection, path: str, method: str, headers: dict[str, str], body: bytes | None = None
) -> Reply:
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    return Reply(response.status, response.headers, response.read())


def connect(server: DemoServer) -> HTTPConnection:
    return HTTPConnection(urlsplit(server.base_url).netloc, timeout=10)


def ask(server: DemoServer, path: str = LIST, method: str = "GET", **more: str) -> Reply:
    """One signed-in request on a connection of its own."""
    headers = {name.replace("_", "-"): value for name, value in more.items()}
    with closing(connect(server)) as connection:
        return send(connection, path, method, {"Cookie": f"sb-access-token={server.token}"} | headers)


def path_of(server: DemoServer, number: int, rest: str = "") -> str:
    return f"{LIST}/{server.truth.keys[number].id}{rest}"


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer(clock=Clock()) as running:
        yield running


def test_the_list(server: DemoServer) -> None:
    reply = ask(server)
    assert reply.status == 200
    assert reply.json == payload.key_list(server.truth, NOW)
    assert reply.json["meta"] == {"total": 10}
    for record in reply.json["data"]:
        assert set(record) == LIST_FIELDS
        assert re.fullmatch(r"sk_live_[A-Za-z0-9]{4}", record["key_prefix"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", record["created_at"])


def test_the_detail_and_the_usage_in_both_dialects(server: DemoServer) -> None:
    detail = ask(server, f"{LIST}/{server.truth.keys[0].id.upper()}").json["data"]
    assert set(detail) == LIST_FIELDS | {"rate_limit_per_minute", "rate_limit_per_day", "allowed_ips"}
    assert (detail["rate_limit_per_minute"], detail["rate_limit_per_day"]) == (1_000, 1_000_000)
    assert set(ask(server, path_of(server, 0, "/usage")).json["data"]) == FLAT_FIELDS
    with DemoServer(clock=Clock(), dialect="nested") as other:
        assert "timeSeries" in ask(other, path_of(other, 0, "/usage")).json["data"]


@pytest.mark.parametrize(("query", "days"), [("", 7), ("?days=1", 1), ("?days=90", 90)])
def test_a_window_ends_today(server: DemoServer, query: str, days: int) -> None:
    data = ask(server, path_of(server, 0, f"/usage{query}")).json["data"]
    dates = [row["date"] for row in data["daily"]]
    assert data["window_days"] == len(dates) == days
    assert dates[0] == "2026-05-20"
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("days", ["0", "91", "-1", "7.0", "seven", "", "%D9%A7", "9" * 50, "1_0", "+7"])
def test_days_out_of_range_are_an_invalid_request(server: DemoServer, days: str) -> None:
    reply = ask(server, path_of(server, 0, f"/usage?days={days}"))
    assert (reply.status, reply.code) == (400, "invalid_request")


def test_what_is_not_there_is_not_found(server: DemoServer) -> None:
    assert ask(server).json["data"][9]["name"] == "ghost import"
    ghost, missing = path_of(server, 9), f"{LIST}/00000000-0000-4000-8000-000000000123"
    for path in (
        "/",
        "/api/v1/key",
        f"{LIST}/",
        f"{LIST}/1",
        missing,
        f"{missing}/usage",
        ghost,
        f"{ghost}/usage",
    ):
        reply = ask(server, path)
        assert (reply.status, reply.code) == (404, "not_found")
    assert len({ask(server, "/").json["error"]["request_id"] for _ in range(20)}) == 20


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT", "PATCH", "OPTIONS", "HEAD", "BREW"])
def test_other_methods_are_not_allowed(server: DemoServer, method: str) -> None:
    reply = ask(server, method=method)
    assert reply.status == 405
    assert reply.headers["Allow"] == "GET"
    assert bool(reply.body) is (method != "HEAD")
    if reply.body:
        assert reply.code == ("invalid_request" if method == "BREW" else "method_not_allowed")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "missing_api_key"),
        ({"Cookie": "theme=dark"}, "missing_api_key"),
        ({"Cookie": "sb-access-token="}, "missing_api_key"),
        ({"Authorization": "Bearer sk_live_abcd"}, "missing_api_key"),
        ({"Cookie": "xsb-access-token=TOKEN"}, "missing_api_key"),
        ({"Cookie": "sb-access-token=TOKENx"}, "bad_jwt"),
        ({"Cookie": "a=b; sb-access-token=TOKEN; c=d"}, None),
    ],
)
def test_only_the_session_cookie_opens(server: DemoServer, headers: dict[str, str], code: str | None) -> None:
    sent = {name: value.replace("TOKEN", server.token) for name, value in headers.items()}
    with closing(connect(server)) as connection:
        reply = send(connection, LIST, "GET", sent)
    assert reply.status == (401 if code else 200)
    assert code is None or reply.code == code
    if code == "missing_api_key":
        documented = 'API key is required. Include it in the Authorization header as "Bearer sk_live_..."'
        assert reply.json["error"]["message"] == documented


def test_the_token_is_a_jwt_that_lives_an_hour() -> None:
    clock = Clock()
    with DemoServer(clock=clock) as server:
        _, claims, signature = server.token.split(".")
        claim = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        assert signature
        assert claim["sub"] == "demo"
        assert claim["exp"] == int((NOW + timedelta(hours=1)).timestamp())
        clock.now = NOW + timedelta(minutes=59, seconds=59)
        assert ask(server).status == 200
        clock.now = NOW + timedelta(hours=1)
        assert (ask(server).status, ask(server).code) == (401, "session_expired")


def test_the_session_itself_is_rate_limited() -> None:
    clock = Clock()
    with DemoServer(clock=clock, requests_per_minute=3) as server:
        remaining = [ask(server, path).headers["X-RateLimit-Remaining"] for path in (LIST, "/", LIST)]
        assert remaining == ["2", "1", "0"]
        refused = ask(server)
        assert (refused.status, refused.code) == (429, "rate_limit_exceeded")
        assert refused.headers["X-RateLimit-Limit"] == "3"
        assert refused.headers["X-RateLimit-Remaining"] == "0"
        reset = datetime.fromtimestamp(int(refused.headers["X-RateLimit-Reset"]), UTC)
        assert reset == datetime(2026, 5, 20, 14, 31, tzinfo=UTC)
        clock.now = reset
        assert ask(server).status == 200


def test_every_answer_has_the_clock_and_the_limits(server: DemoServer) -> None:
    refused = (ask(server, "/"), ask(server, Host="evil.example"), ask(server, method="BREW"))
    for reply in (ask(server), *refused):
        assert parsedate_to_datetime(reply.headers["Date"]) == NOW.replace(microsecond=0)
        assert reply.headers["Content-Type"].startswith("application/json")
        assert all(reply.headers[f"X-RateLimit-{name}"].isdigit() for name in ("Limit", "Remaining", "Reset"))


def test_gzip_for_those_who_accept_it(server: DemoServer) -> None:
    offers = {"gzip, br": True, "br, GZIP;q=0.5": True, "gzip;q=0": False, "identity": False}
    for accept, zipped in offers.items():
        reply = ask(server, path_of(server, 0, "/usage"), Accept_Encoding=accept)
        assert (reply.headers["Content-Encoding"] == "gzip") is zipped
        assert int(reply.headers["Content-Length"]) == len(reply.body)
        body = gzip.decompress(reply.body) if zipped else reply.body
        assert set(json.loads(body)["data"]) == FLAT_FIELDS


def test_only_a_loopback_host_is_answered(server: DemoServer) -> None:
    for host in ("localhost:8080", "[::1]", "127.0.0.1"):
        assert ask(server, Host=host).status == 200
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "0.0.0.0", ""):
        reply = ask(server, Host=host)
        assert (reply.status, reply.code) == (421, "misdirected_request")


def test_a_connection_serves_many_requests(server: DemoServer) -> None:
    cookie = {"Cookie": f"sb-access-token={server.token}"}
    with closing(connect(server)) as connection:
        send(connection, LIST, "GET", cookie)
        first = connection.sock
        assert send(connection, "/", "GET", cookie).status == 404
        assert send(connection, LIST, "GET", cookie).status == 200
        assert connection.sock is first


def test_a_body_is_not_taken_for_the_next_request(server: DemoServer) -> None:
    with closing(connect(server)) as connection:
        reply = send(connection, LIST, "POST", {}, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert reply.status == 405
        assert reply.headers["Connection"] == "close"


def test_odd_requests_get_the_envelope_and_stderr_nothing(
    server: DemoServer, capfd: pytest.CaptureFixture[str]
) -> None:
    two_hosts = b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    for request, status, code in (
        (b"GET / with spaces HTTP/1.1\r\n\r\n", b"HTTP/1.1 400", "invalid_request"),
        (two_hosts, b"HTTP/1.1 421", "misdirected_request"),
    ):
        with socket.create_connection(("127.0.0.1", urlsplit(server.base_url).port or 0), timeout=10) as raw:
            raw.sendall(request)
            head, _, body = raw.makefile("rb").read().partition(b"\r\n\r\n")
        assert head.startswith(status)
        assert json.loads(body)["error"]["code"] == code
    assert capfd.readouterr() == ("", "")


def test_stopping_closes_kept_connections_and_the_port() -> None:
    server = DemoServer(clock=Clock(), requests_per_minute=9)
    server.start()
    with closing(connect(server)) as connection:
        assert send(connection, "/", "GET", {}).status == 404
        server.stop()
        assert connection.sock.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        ask(server)
    server.stop()


def test_latency_delays_an_answer_and_stopping_needs_no_start() -> None:
    with DemoServer(clock=Clock(), latency_ms=30) as server:
        began = perf_counter()
        ask(server)
        assert perf_counter() - began >= 0.03
    DemoServer(clock=Clock()).stop()


def test_importing_it_is_light() -> None:
    script = """
import sys
import socd_tui.service.demo
assert "http.server" not in sys.modules
from socd_tui.service.demo import DemoServer
print({"textual", "httpx", "pydantic_core", "plotext"} & set(sys.modules))
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"
