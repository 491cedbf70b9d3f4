"""The client against a server that misbehaves in every way the wire can, and what becomes of the token."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import socket
import threading
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from socd_tui import __version__
from socd_tui.model.errors import (
    Forbidden,
    Malformed,
    NotFound,
    NotReady,
    ProxyRefused,
    Redirected,
    ServerFailed,
    ServiceError,
    SessionExpired,
    SocdError,
    Throttled,
    TimedOut,
    TooLarge,
    Unreachable,
    UntrustedCertificate,
    UsageError,
)
from socd_tui.model.session import Secret, Session
from socd_tui.service.answer import Answer
from socd_tui.service.calls import AT_ONCE
from socd_tui.service.client import Client
from tests.loopback import (
    CERTIFICATE,
    Behaviour,
    Loopback,
    Request,
    answer,
    answer_json,
    cut_short,
    drip,
    endless,
    gzipped,
    head,
    in_turn,
    refuse,
    reset,
    silent,
)

CANARY = "eyJhbGciOiJIUzI1NiJ9.eyJjYW5hcnkiOiJ5ZXMifQ.c4n4ry-s1gn4ture_"
NOW = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)
GOOD = answer_json({"data": []})
KEY_ADVICE = "Provide an API key: Authorization: Bearer sk_live_..."


@dataclass
class Bench:
    """A client with nothing left to chance: the clock stands still, pauses only add up."""

    origin: str
    token: str = field(default=CANARY, repr=False)
    deadline_s: float = 5
    now: datetime = NOW
    pauses: list[float] = field(default_factory=list)

    def client(self) -> Client:
        session = Session(Secret(self.token), self.origin, None, "environment")
        return Client(
            session,
            clock=lambda: self.now,
            pause=self._pause,
            jitter=lambda: 1.0,
            request_deadline_s=self.deadline_s,
        )

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def ask(self, path: str = "/x", params: Mapping[str, str] | None = None) -> Answer:
        async def once() -> Answer:
            async with self.client() as client:
                return await client.get(path, params)

        return asyncio.run(once())

    def fail(self, path: str = "/x") -> SocdError:
        with pytest.raises(SocdError) as caught:
            self.ask(path)
        return caught.value


def outcome(behaviour: Behaviour) -> tuple[SocdError, int, list[float]]:
    """What one misbehaviour ends in, the number of requests it saw, and the pauses between them."""
    with Loopback({"/x": behaviour}) as server:
        bench = Bench(server.origin)
        error = bench.fail()
        return error, len(server.requests), bench.pauses


def test_the_request_says_who_asks_and_carries_the_cookie_once() -> None:
    with Loopback({"/api/v1/keys": GOOD}) as server:
        Bench(server.origin).ask("/api/v1/keys", {"days": "7"})
    (request,) = server.requests
    assert (request.method, request.target) == ("GET", "/api/v1/keys?days=7")
    assert request.headers == {
        "host": f"127.0.0.1:{server.port}",
        "accept": "application/json",
        "accept-encoding": "gzip",
        "user-agent": f"socd-tui/{__version__}",
        "cookie": f"sb-access-token={CANARY}",
    }


def test_the_answer_knows_both_clocks() -> None:
    served = {"Date": "Wed, 01 Jul 2026 11:59:00 GMT"}
    with Loopback({"/dated": answer(b"[1]", headers=served), "/undated": answer(b"{}")}) as server:
        bench = Bench(server.origin)
        assert bench.ask("/dated") == Answer([1], NOW, NOW - timedelta(minutes=1))
        assert bench.ask("/undated") == Answer({}, NOW, NOW)


@pytest.mark.parametrize(
    ("behaviour", "payload"),
    [
        (gzipped(b'{"data": 1}'), {"data": 1}),
        (answer(b'{"data": 1}', kind="text/plain"), {"data": 1}),
        (answer(b'{"n": ' + b"9" * 5000 + b"}"), {"n": float("inf")}),
        (answer(b'{"data": 1}', 203), {"data": 1}),
    ],
)
def test_odd_but_readable_answers_are_read(behaviour: Behaviour, payload: object) -> None:
    with Loopback({"/x": behaviour}) as server:
        assert Bench(server.origin).ask().payload == payload


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/plain", "Application/XML"])
def test_json_under_another_label_is_read_and_told(kind: str) -> None:
    with Loopback({"/x": answer(b'{"data": [1]}', kind=kind), "/y": GOOD}) as server:
        told = Bench(server.origin).ask()
        assert (told.payload, told.labelled) == ({"data": [1]}, kind.partition(";")[0].lower())
        assert Bench(server.origin).ask("/y").labelled == ""


@pytest.mark.parametrize(
    "value",
    [
        '</api/v1/keys?page=2>; rel="next"',
        '</api/v1/keys>; rel="first", </api/v1/keys?page=2>; title="more"; rel=next',
        '</api/v1/keys?page=2>; rel="last next", </api/v1/keys?page=9>; rel="last"',
    ],
)
def test_a_link_to_the_next_page_is_told(value: str) -> None:
    headers = {"Link": value, "X-Next-Cursor": "abc"}
    with Loopback(
        {"/x": answer(b"[]", headers=headers), "/y": answer(b"[]", headers={"Link": "<x>"})}
    ) as server:
        told = Bench(server.origin).ask()
        assert (told.next_link, told.next_cursor) == ("/api/v1/keys?page=2", "abc")
        assert Bench(server.origin).ask("/y").next_link == ""


BOMB = gzipped(b"\0" * (32 * 1024 * 1024))
LONG_RESET = {"X-RateLimit-Reset": str(int(NOW.timestamp()) + 42)}

FAILURES: dict[str, tuple[Behaviour, type[SocdError], str, int]] = {
    "empty": (answer(b""), Malformed, "empty", 1),
    "no content": (answer(b"", 204), Malformed, "empty", 1),
    "html": (answer(b"<html>Sign in</html>", kind="text/html; charset=utf-8"), Malformed, "web page", 1),
    "html called json": (answer(b"<!DOCTYPE html>"), Malformed, "web page", 1),
    "text called html": (answer(b"Sign in", kind="Text/HTML"), Malformed, "web page", 1),
    "a table": (
        answer(b"a,b", kind="text/csv; charset=utf-8"),
        Malformed,
        "sent text/csv in place of JSON",
        1,
    ),
    "cut json": (answer(b'{"data": ['), Malformed, "cut short", 1),
    "nested": (answer(b"[" * 100_000 + b"]" * 100_000), Malformed, "nested", 1),
    "not gzip": (answer(b"{}", headers={"Content-Encoding": "gzip"}), Malformed, "damaged", 1),
    "brotli": (answer(b"{}", headers={"Content-Encoding": "br"}), Malformed, "compressed", 1),
    "bomb": (BOMB, TooLarge, "8 MiB", 1),
    "endless": (endless, TooLarge, "8 MiB", 1),
    "to a login page": (
        answer(status=302, headers={"Location": "/login?next=x"}),
        SessionExpired,
        "expired",
        1,
    ),
    "to a login host": (
        answer(status=307, headers={"Location": "https://login.example.com/x"}),
        SessionExpired,
        "expired",
        1,
    ),
    "elsewhere": (
        answer(status=301, headers={"Location": "https://www.example.com/x"}),
        Redirected,
        "to www.example.com;",
        1,
    ),
    "to an escape": (
        answer(status=302, headers={"Location": "https://a\x9b2Jb/x"}),
        Redirected,
        "to a�2jb;",
        1,
    ),
    "a bad location": (answer(status=308, headers={"Location": "http://["}), Redirected, "elsewhere", 1),
    "not modified": (answer(status=304), ServerFailed, r"nothing has changed \(304\)", 1),
    "407": (answer(status=407), ProxyRefused, "407: proxy authentication required", 1),
    "bad request": (
        refuse(400, "bad", "days is too large"),
        ServerFailed,
        "400.*days is too large.*req_7f3a",
        1,
    ),
    "401": (refuse(401, "missing_api_key", KEY_ADVICE), SessionExpired, "expired", 1),
    "401 html": (answer(b"<html>", 401, kind="text/html"), SessionExpired, "expired", 1),
    "403": (refuse(403, "forbidden", "Upgrade to Pro"), Forbidden, "Upgrade to Pro", 1),
    "404": (refuse(404, "not_found", "No such key"), NotFound, "No such key.*req_7f3a", 1),
    "404 flat": (answer_json({"message": "Nothing here"}, 404), NotFound, "Nothing here", 1),
    "404 odd": (answer_json({"error": ["x", {"message": 3}]}, 404), NotFound, r"\(404\)\.", 1),
    "404 broken": (
        lambda request: request.send(head(404, {"Content-Length": "9"}) + b"{"),
        NotFound,
        r"\(404\)\.",
        1,
    ),
    "echoes the token": (refuse(404, "x", f"cookie was {CANARY}"), NotFound, r"cookie was \*\*\*\*", 1),
    "echoes an escape": (refuse(404, "x", "\x1b]52;c;AAAA\x07[b]"), NotFound, "�]52;c;AAAA�", 1),
    "500": (refuse(500, "internal", "Oops"), ServerFailed, "500.*Oops", 3),
    "502 html": (answer(b"<html>", 502, kind="text/html"), ServerFailed, "502", 3),
    "501": (answer(status=501), ServerFailed, "501", 1),
    "429": (refuse(429, "rate_limit_exceeded", "Slow down", LONG_RESET), Throttled, "12:00:42 UTC", 1),
    "reset": (reset, Unreachable, "broke", 3),
    "hung up": (lambda request: None, Unreachable, "broke", 3),
    "cut body": (cut_short, Unreachable, "broke", 3),
    "not http": (lambda request: request.send(b"SSH-2.0-OpenSSH\r\n"), Unreachable, "broke", 3),
    "huge header": (lambda request: request.send(head(200, {"X": "y" * 200_000})), Unreachable, "broke", 3),
}


@pytest.mark.parametrize("name", FAILURES)
def test_each_misbehaviour_is_one_typed_error(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    behaviour, kind, message, requests = FAILURES[name]
    error, seen, _ = outcome(behaviour)
    assert type(error) is kind
    assert_matches(message, str(error))
    assert error.next_step
    assert seen == requests
    assert CANARY not in everything_about(error) + caplog.text
    assert "sk_live" not in str(error)


def assert_matches(pattern: str, text: str) -> None:
    with pytest.raises(ValueError, match=pattern):
        raise ValueError(text)


def everything_about(error: BaseException) -> str:
    """Texts of the error and all it is linked to, with the local variables of every frame."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True, compact=False)
    parts = ["".join(shown.format())]
    link: BaseException | None = error
    while link is not None:
        parts += [str(link), repr(link), repr(link.args), repr(vars(link))]
        link = link.__cause__ or link.__context__
    return "\n".join(parts)


@pytest.mark.parametrize("behaviour", [drip, silent], ids=["drip", "silent"])
def test_a_total_deadline_ends_what_reads_never_would(behaviour: Behaviour) -> None:
    with Loopback({"/x": behaviour}) as server:
        bench = Bench(server.origin, deadline_s=0.5)
        error = bench.fail()
        assert type(error) is TimedOut
        assert "0.5 s" in str(error)
        assert CANARY not in everything_about(error)
        assert len(server.requests) == 1
        assert bench.pauses == []


def test_a_handshake_that_never_ends_leaves_no_socket_behind(no_proxy: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(2)
        bench = Bench(f"https://127.0.0.1:{listener.getsockname()[1]}", deadline_s=0.3)
        error = bench.fail()
        assert type(error) is Unreachable
        assert len(bench.pauses) == 2
        for _ in range(3):
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(2)
                while connection.recv(4096):
                    pass  # the client's greeting; then its end of the connection, or this test times out


def test_nobody_listening_is_unreachable() -> None:
    with Loopback({}) as server:
        origin = server.origin
    bench = Bench(origin)
    error = bench.fail()
    assert type(error) is Unreachable
    assert "could not be made" in str(error)
    assert bench.pauses == [0.5, 1]
    assert CANARY not in everything_about(error)


@pytest.mark.parametrize("first", [answer(status=500), reset, cut_short, answer(status=429)])
def test_what_passes_by_itself_is_tried_again(first: Behaviour) -> None:
    with Loopback({"/x": in_turn(first, GOOD)}) as server:
        bench = Bench(server.origin)
        assert bench.ask().payload == {"data": []}
        assert bench.pauses == [0.5]


def test_a_short_wait_is_slept_on() -> None:
    with Loopback({"/x": in_turn(refuse(429, "x", "", {"Retry-After": "3"}), GOOD)}) as server:
        bench = Bench(server.origin)
        bench.ask()
        assert bench.pauses == [3.5]


def test_a_long_wait_is_not_slept_on_and_kept() -> None:
    with Loopback({"/x": refuse(429, "x", "", LONG_RESET), "/y": GOOD}) as server:
        bench = Bench(server.origin)

        async def story() -> None:
            async with bench.client() as client:
                for path in ("/x", "/y", "/x"):
                    with pytest.raises(Throttled) as caught:
                        await client.get(path)
                    assert caught.value.retry_at == NOW + timedelta(seconds=42)
                assert len(server.requests) == 1
                bench.now += timedelta(seconds=42)
                await client.get("/y")

        asyncio.run(story())
        assert bench.pauses == []


def test_a_429_without_a_moment_waits_a_minute() -> None:
    error, seen, pauses = outcome(answer(status=429))
    assert isinstance(error, Throttled)
    assert error.retry_at == NOW + timedelta(minutes=1)
    assert (seen, pauses) == (3, [0.5, 1])


TWO_MINUTES = {"Retry-After": "120"}


@pytest.mark.parametrize(
    ("pending", "kind", "said"),
    [
        (refuse(503, "maintenance", "Back soon", TWO_MINUTES), ServerFailed, "status 503.*Back soon"),
        (refuse(500, "internal", "Oops", TWO_MINUTES), ServerFailed, "status 500.*Oops"),
        (answer(status=202, headers=TWO_MINUTES), NotReady, "no answer ready yet"),
        (answer_json({"data": {}}, 202, TWO_MINUTES), NotReady, "no answer ready yet"),
    ],
)
def test_a_requested_wait_is_obeyed_for_that_path_and_told(
    pending: Behaviour, kind: type[ServiceError], said: str
) -> None:
    with Loopback({"/x": pending, "/y": GOOD}) as server:
        bench = Bench(server.origin)

        async def story() -> None:
            async with bench.client() as client:
                for passed_s in (0, 60, 59):
                    bench.now += timedelta(seconds=passed_s)
                    with pytest.raises(kind, match=said) as caught:
                        await client.get("/x")
                    assert caught.value.next_step == "It asks to try again in 2 min, at 12:02:00 UTC."
                    assert caught.value.retry_at == NOW + timedelta(minutes=2)
                assert client.wait_s(timedelta(minutes=15)) == 1
                await client.get("/y")
                bench.now += timedelta(seconds=1)
                with pytest.raises(kind):
                    await client.get("/x")

        asyncio.run(story())
        assert [request.path for request in server.requests] == ["/x", "/y", "/x"]
        assert bench.pauses == []


@pytest.mark.parametrize("status", [202, 503])
def test_a_short_requested_wait_is_slept_on_whatever_asks_for_it(status: int) -> None:
    pending = answer_json({"status": "working"}, status, {"Retry-After": "2"})
    with Loopback({"/x": in_turn(pending, GOOD)}) as server:
        bench = Bench(server.origin)
        assert bench.ask().payload == {"data": []}
        assert bench.pauses == [2.5]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (29_241, "It asks to try again in 8 h, at 20:07:21 UTC."),
        (49_260, "It asks to try again in 13 h, tomorrow 01:41 UTC."),
        (864_000, "It asks to try again in 10 d, on 11 Jul 12:00 UTC."),
        (40_000_000, "It asks to try again in 462 d, on 7 Oct 2027 11:06 UTC."),
    ],
)
def test_a_long_wait_is_told_as_it_is(seconds: int, told: str) -> None:
    error, requests, _ = outcome(answer(status=429, headers={"Retry-After": str(seconds)}))
    assert isinstance(error, Throttled)
    assert (error.next_step, requests) == (told, 1)
    assert error.retry_at == NOW + timedelta(seconds=seconds)


def test_after_a_header_that_asks_for_years_it_is_asked_again_tomorrow() -> None:
    years = answer(status=429, headers={"Retry-After": "99999999"})
    with Loopback({"/x": in_turn(years, GOOD)}) as server:
        bench = Bench(server.origin)

        async def story() -> None:
            async with bench.client() as client:
                for _ in range(2):
                    with pytest.raises(Throttled):
                        await client.get("/x")
                    bench.now += timedelta(hours=23)
                bench.now += timedelta(hours=1)
                await client.get("/x")

        asyncio.run(story())


def test_only_what_is_over_soon_delays_all_keys_unless_it_holds_for_all() -> None:
    hours = {"Retry-After": "7200"}
    with Loopback({"/x": refuse(503, "x", "", hours), "/y": refuse(429, "x", "", hours)}) as server:
        bench = Bench(server.origin)

        async def story() -> None:
            async with bench.client() as client:
                with pytest.raises(ServerFailed):
                    await client.get("/x")
                assert client.wait_s(timedelta(minutes=15)) == 0
                with pytest.raises(Throttled):
                    await client.get("/y")
                assert client.wait_s(timedelta(minutes=15)) == 7200

        asyncio.run(story())


def dated(moment: datetime) -> Behaviour:
    return answer(b"{}", headers={"Date": f"{moment:%a, %d %b %Y %H:%M:%S} GMT"})


def heard(*behaviours: Behaviour) -> list[timedelta]:
    """How far ahead of this machine's clock the answers are dated that come one after the other."""
    with Loopback({"/x": in_turn(*behaviours)}) as server:

        async def story() -> list[timedelta]:
            async with Bench(server.origin).client() as client:
                return [(await client.get("/x")).observed_at - NOW for _ in behaviours]

        return asyncio.run(story())


@pytest.mark.parametrize("stray", [timedelta(days=365), timedelta(hours=30), timedelta(days=-3)])
def test_one_date_far_from_the_others_does_not_date_the_answers(stray: timedelta) -> None:
    """The service is an hour behind this machine; one answer says something else, one says nothing."""
    hour = timedelta(hours=1)
    dates = [dated(NOW - hour), dated(NOW + stray), answer(b"{}"), dated(NOW - hour * 0.95)]
    assert heard(*dates) == [-hour, -hour, -hour, -hour * 0.95]


def test_a_date_that_the_next_answer_confirms_is_believed() -> None:
    dates = [dated(NOW), dated(NOW + timedelta(hours=8)), dated(NOW + timedelta(hours=8, seconds=1))]
    assert heard(*dates) == [timedelta(0), timedelta(0), timedelta(hours=8, seconds=1)]


def test_a_first_date_that_is_far_off_is_given_up_for_a_nearer_one() -> None:
    year = timedelta(days=365)
    assert heard(dated(NOW + year), dated(NOW)) == [year, timedelta(0)]


def test_after_a_401_nothing_is_sent() -> None:
    with Loopback({"/x": refuse(401, "missing_api_key", KEY_ADVICE), "/y": GOOD}) as server:

        async def story() -> None:
            async with Bench(server.origin).client() as client:
                for path in ("/x", "/y", "/x"):
                    with pytest.raises(SessionExpired):
                        await client.get(path)

        asyncio.run(story())
        assert [request.path for request in server.requests] == ["/x"]


def test_requests_waiting_their_turn_are_not_sent_after_a_401() -> None:
    with Loopback({"/x": answer(status=401)}) as server:

        async def story() -> list[Answer | BaseException]:
            async with Bench(server.origin).client() as client:
                return await asyncio.gather(*(client.get("/x") for _ in range(40)), return_exceptions=True)

        assert {type(result) for result in asyncio.run(story())} == {SessionExpired}
        assert len(server.requests) <= AT_ONCE


def test_at_most_four_requests_are_in_flight() -> None:
    crowd = Crowd()
    with Loopback({"/x": crowd}) as server:

        async def story() -> None:
            async with Bench(server.origin).client() as client:
                await asyncio.gather(*(client.get("/x") for _ in range(3 * AT_ONCE)))

        asyncio.run(story())
    assert crowd.most == AT_ONCE == 4


class Crowd:
    """Answers only when four are waiting, and counts how many ever were."""

    def __init__(self) -> None:
        self.most = self.now = 0
        self._lock = threading.Lock()
        self._four = threading.Barrier(AT_ONCE, timeout=5)

    def __call__(self, request: Request) -> None:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self._four.wait()
        with self._lock:
            self.now -= 1
        GOOD(request)


def test_a_set_cookie_changes_nothing() -> None:
    cookies = {"Set-Cookie": "sb-access-token=planted; Path=/"}
    with Loopback({"/x": answer(b"{}", headers=cookies)}) as server:

        async def story() -> None:
            async with Bench(server.origin).client() as client:
                await client.get("/x")
                await client.get("/x")

        asyncio.run(story())
    assert [request.headers["cookie"] for request in server.requests] == [f"sb-access-token={CANARY}"] * 2


def test_another_port_never_hears_of_the_token() -> None:
    with Loopback({"/x": GOOD}) as other:
        away = answer(status=302, headers={"Location": f"{other.origin}/x", "Set-Cookie": "a=b"})
        with Loopback({"/x": away}) as server:
            assert type(Bench(server.origin).fail()) is Redirected
    assert other.requests == []


@pytest.mark.parametrize(
    "path",
    ["x", "", "//evil.example/x", "http://evil.example/", "/x?y", "/x#y", "/x y", "/\r\nx", "/\\x", "/@x"],
)
def test_a_path_cannot_leave_the_origin(path: str) -> None:
    with Loopback({}) as server, pytest.raises(ValueError, match="plain segments"):
        Bench(server.origin).ask(path)
    assert server.requests == []


@pytest.mark.parametrize(
    "origin",
    [
        "http://socdefenders.ai",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://0.0.0.0",
        "http://[::2]",
        "https://user:pass@socdefenders.ai",
        "https://socdefenders.ai/path",
        "https://socdefenders.ai?x",
        "https://socdefenders.ai#x",
        "https://",
        "https://[",
        "ftp://127.0.0.1",
        "socdefenders.ai",
        "",
        "\x1b[2J",
    ],
)
def test_an_origin_the_token_must_not_go_to_is_refused(origin: str) -> None:
    with pytest.raises(UsageError) as caught:
        Bench(origin).client()
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    "origin", ["https://socdefenders.ai", "http://localhost:1", "http://127.8.8.8", "http://[::1]:80"]
)
def test_an_origin_the_token_may_go_to_is_accepted(origin: str) -> None:
    Bench(origin).client()


@pytest.mark.parametrize("bad", ["\r\nX-Evil: 1", "\n", ";x=1", "\x00", "\x7f", " ", "é", '"', ","])
def test_a_token_that_would_break_the_header_is_not_sent(bad: str) -> None:
    with Loopback({"/x": GOOD}) as server:
        bench = Bench(server.origin, token=f"{CANARY}{bad}")
        error = bench.fail()
    assert type(error) is SessionExpired
    assert CANARY not in everything_about(error)
    assert server.requests == []


def test_an_empty_token_is_not_sent() -> None:
    with Loopback({"/x": GOOD}) as server:
        assert type(Bench(server.origin, token="").fail()) is SessionExpired
    assert server.requests == []


def test_a_closed_client_sends_nothing() -> None:
    with Loopback({"/x": GOOD}) as server:

        async def story() -> None:
            async with Bench(server.origin).client() as client:
                await client.get("/x")
            with pytest.raises(Unreachable, match="closed"):
                await client.get("/x")

        asyncio.run(story())
        assert len(server.requests) == 1


def test_a_cancelled_request_frees_its_place() -> None:
    with Loopback({"/silent": silent, "/x": GOOD}) as server:

        async def story() -> None:
            async with Bench(server.origin).client() as client:
                stuck = [asyncio.create_task(client.get("/silent")) for _ in range(AT_ONCE)]
                while len(server.requests) < AT_ONCE:
                    await asyncio.sleep(0.005)
                for task in stuck:
                    task.cancel()
                await asyncio.gather(*stuck, return_exceptions=True)
                await asyncio.wait_for(client.get("/x"), 10)

        asyncio.run(story())
        assert [request.path for request in server.requests].count("/x") == 1


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without proxies or certificates of its own, to be changed by the test."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.mark.parametrize("tls", [False, True])
def test_this_machine_is_never_proxied(tls: bool, no_proxy: pytest.MonkeyPatch) -> None:
    no_proxy.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with Loopback({}) as proxy, Loopback({"/x": GOOD}, tls=tls) as server:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
            no_proxy.setenv(name, proxy.origin)
        Bench(server.origin).ask()
    assert proxy.requests == []


def test_an_https_proxy_is_used_and_learns_only_the_host(no_proxy: pytest.MonkeyPatch) -> None:
    with Loopback({"service.invalid:443": answer(status=502)}) as proxy:
        no_proxy.setenv("HTTPS_PROXY", proxy.origin.removeprefix("http://"))
        error = Bench("https://service.invalid").fail()
    assert type(error) is Unreachable
    assert "proxy did not connect" in str(error)
    assert {request.method for request in proxy.requests} == {"CONNECT"}
    assert CANARY not in repr([request.headers for request in proxy.requests]) + everything_about(error)


@pytest.mark.parametrize(("status", "said"), [(407, "name and a password"), (403, r"\(403\)")])
def test_a_proxy_that_refuses_is_asked_once_and_named(
    status: int, said: str, no_proxy: pytest.MonkeyPatch
) -> None:
    with Loopback({"service.invalid:443": answer(status=status)}) as proxy:
        no_proxy.setenv("HTTPS_PROXY", proxy.origin)
        error = Bench("https://service.invalid").fail()
    assert type(error) is ProxyRefused
    assert_matches(f"proxy.*{said}", error.message)
    assert "HTTPS_PROXY" in error.next_step
    assert len(proxy.requests) == 1


@pytest.mark.parametrize("proxy", ["gopher://user:hunter2@127.0.0.1:1", "http://[", "socks5://127.0.0.1:1"])
def test_a_proxy_nobody_can_use_is_said(proxy: str, no_proxy: pytest.MonkeyPatch) -> None:
    no_proxy.setenv("HTTPS_PROXY", proxy)
    error = Bench("https://service.invalid").fail()
    assert type(error) is Unreachable
    assert "HTTPS_PROXY" in error.next_step
    assert "hunter2" not in str(error)


def test_a_certificate_nobody_vouches_for_is_refused_once(no_proxy: pytest.MonkeyPatch) -> None:
    with Loopback({"/x": GOOD}, tls=True) as server:
        bench = Bench(server.origin)
        error = bench.fail()
    assert type(error) is UntrustedCertificate
    assert "SSL_CERT_FILE" in error.next_step
    assert "self-signed" in str(error)
    assert bench.pauses == []
    assert server.requests == []
    assert CANARY not in everything_about(error)


def test_a_certificate_for_another_host_is_refused(no_proxy: pytest.MonkeyPatch) -> None:
    no_proxy.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with Loopback({"/x": GOOD}, tls=True) as server:
        error = Bench(f"https://localhost:{server.port}").fail()
    assert type(error) is UntrustedCertificate
    assert "localhost" in str(error)
    assert server.requests == []


def test_ssl_cert_file_vouches(no_proxy: pytest.MonkeyPatch) -> None:
    no_proxy.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with Loopback({"/x": GOOD}, tls=True) as server:
        assert Bench(server.origin).ask().payload == {"data": []}


def test_an_ssl_cert_file_that_is_not_there_is_said(no_proxy: pytest.MonkeyPatch) -> None:
    no_proxy.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    error = Bench("https://service.invalid").fail()
    assert type(error) is UntrustedCertificate
    assert "SSL_CERT_FILE" in str(error)


def test_an_ssl_cert_file_without_an_end_is_not_read(no_proxy: pytest.MonkeyPatch, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for named in (tmp_path / "fifo", "/dev/zero", tmp_path):
        no_proxy.setenv("SSL_CERT_FILE", str(named))
        assert "SSL_CERT_FILE" in str(Bench("https://service.invalid").fail())


def test_plain_http_where_tls_is_due_is_unreachable(no_proxy: pytest.MonkeyPatch) -> None:
    with Loopback({"/x": GOOD}) as server:
        error = Bench(server.origin.replace("http", "https")).fail()
    assert type(error) is Unreachable


def test_the_libraries_log_nothing_of_a_request() -> None:
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with Loopback({"/x": answer(b"{}", headers={"Set-Cookie": f"sb-access-token={CANARY}"})}) as server:
            Bench(server.origin).ask()
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert CANARY not in log.getvalue()
    assert "httpcore" not in log.getvalue()


@pytest.mark.parametrize("library", ["httpx", "httpcore", "httpx2", "httpcore2"])
def test_neither_the_library_nor_its_successor_may_log_a_request(library: str) -> None:
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.DEBUG)
    try:
        assert not logging.getLogger(f"{library}.http11").isEnabledFor(logging.INFO)
    finally:
        root.setLevel(level)
