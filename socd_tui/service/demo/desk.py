"""What the demo service answers to one request, without any sockets: its checks, three calls and errors.

The order of the checks: Host, the session's own rate limit, path, method, session cookie, parameters.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from datetime import datetime
from itertools import count
from json import dumps
from threading import Lock
from urllib.parse import parse_qs

from socd_tui.clock import Clock
from socd_tui.model.days import DEFAULT_DAYS, RANGE
from socd_tui.model.record import dataclass
from socd_tui.model.window import answered_by_service
from socd_tui.service.demo import payload
from socd_tui.service.demo.fleet import DemoKey
from socd_tui.service.demo.truth import Truth

COOKIE = "sb-access-token"

_PATH = re.compile(r"/api/v1/keys(?:/(?P<key_id>[0-9a-fA-F-]{36})(?P<usage>/usage)?)?")
_LOOPBACK = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?", re.IGNORECASE)
_DAYS = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True)
class Request:
    """The parts of a request that matter here. `hosts` and `cookies` are the values of all such headers."""

    method: str
    target: str
    hosts: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Response:
    """A status, a JSON body and the headers that depend on the request."""

    status: int
    body: payload.Json
    headers: tuple[tuple[str, str], ...] = ()


class Refusal(Exception):
    """Raised to answer a request with an error: its status, and the code and message of the envelope."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Desk:
    """Answers requests that carry one token; every figure comes from `truth`."""

    def __init__(
        self,
        truth: Truth,
        dialect: payload.Dialect,
        clock: Clock,
        token: str,
        expires_at: datetime,
        requests_per_minute: int,
    ) -> None:
        self._truth = truth
        self._dialect = dialect
        self._clock = clock
        self._token = token
        self._expires_at = expires_at
        self._limit = MinuteLimit(requests_per_minute)
        self._numbers = count(1)

    def answer(self, request: Request) -> Response:
        """The answer at this moment of the clock, with the rate-limit headers."""
        now = self._clock()
        try:
            _check_host(request)
            self._limit.spend(now)
            return Response(200, self._call(request, now), self._limit.headers(now))
        except Refusal as refusal:
            return self.refuse(refusal)

    def refuse(self, refusal: Refusal) -> Response:
        """The documented error envelope, with a new request id."""
        request_id = f"req_{next(self._numbers):012x}"
        error = {"code": refusal.code, "message": refusal.message, "request_id": request_id}
        allow = (("Allow", "GET"),) if refusal.status == 405 else ()
        return Response(refusal.status, {"error": error}, (*self._limit.headers(self._clock()), *allow))

    def _call(self, request: Request, now: datetime) -> payload.Json:
        target, _, query = request.target.partition("?")
        path = _PATH.fullmatch(target)
        if path is None:
            raise _not_found_refusal()
        if request.method != "GET":
            raise Refusal(405, "method_not_allowed", "This demo is read-only: only GET is answered.")
        self._check_session(request, now)
        if path["key_id"] is None:
            return payload.key_list(self._truth, now)
        key = self._key(path["key_id"].lower())
        if path["usage"] is None:
            return payload.key_detail(self._truth, key, now)
        return payload.usage(self._truth, key, _days(query), now, self._dialect)

    def _check_session(self, request: Request, now: datetime) -> None:
        token = _cookie(request.cookies)
        if not token:
            # The documented text speaks of API keys although this call takes a session cookie.
            raise Refusal(
                401,
                "missing_api_key",
                'API key is required. Include it in the Authorization header as "Bearer sk_live_..."',
            )
        if token != self._token:
            raise Refusal(401, "bad_jwt", "The session token is not valid.")
        if now >= self._expires_at:
            raise Refusal(401, "session_expired", "The session has expired.")

    def _key(self, key_id: str) -> DemoKey:
        for key in self._truth.keys:
            if key.id == key_id and not key.role.missing:
                return key
        raise _not_found_refusal()


class MinuteLimit:
    """The session's own rate limit: `per_minute` requests in each minute of the clock."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._minute = -1
        self._spent = 0
        self._lock = Lock()

    def spend(self, now: datetime) -> None:
        """Count one request. Raises Refusal with the documented 429 when there were enough this minute."""
        with self._lock:
            self._turn(now)
            if self._spent >= self._per_minute:
                raise Refusal(
                    429,
                    "rate_limit_exceeded",
                    "You have exceeded your request limit. "
                    "Check the X-RateLimit-Reset header for when your quota resets.",
                )
            self._spent += 1

    def headers(self, now: datetime) -> tuple[tuple[str, str], ...]:
        """The three documented rate-limit headers; Reset is in Unix seconds."""
        with self._lock:
            self._turn(now)
            return (
                ("X-RateLimit-Limit", str(self._per_minute)),
                ("X-RateLimit-Remaining", str(self._per_minute - self._spent)),
                ("X-RateLimit-Reset", str((self._minute + 1) * 60)),
            )

    def _turn(self, now: datetime) -> None:
        minute = int(now.timestamp()) // 60
        if minute != self._minute:
            self._minute, self._spent = minute, 0


def session_token(issued_at: datetime, expires_at: datetime) -> str:
    """An unsigned JWT in the form of the browser's cookie; no other service accepts it."""
    claims = {
        "iss": "socd-tui demo",
        "sub": "demo",
        "aud": "authenticated",
        "role": "authenticated",
        "iat": int(issued_at.timestamp()),
        "exp": int(expires_at.timestamp()),
    }
    parts = (dumps({"alg": "none", "typ": "JWT"}), dumps(claims), "unsigned")
    return ".".join(urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


def _check_host(request: Request) -> None:
    """Raises Refusal for a host name other than loopback's.

    Otherwise a web page whose own name resolves to loopback could read the answers (DNS rebinding).
    """
    if not request.hosts or not all(map(_LOOPBACK.fullmatch, request.hosts)):
        raise Refusal(421, "misdirected_request", "The demo answers only to loopback addresses.")


def _cookie(headers: tuple[str, ...]) -> str | None:
    for header in headers:
        for pair in header.split(";"):
            name, _, value = pair.strip().partition("=")
            if name == COOKIE:
                return value
    return None


def _days(query: str) -> int:
    text = parse_qs(query, keep_blank_values=True).get("days", [str(DEFAULT_DAYS)])[-1]
    if _DAYS.fullmatch(text) and answered_by_service(int(text)):
        return int(text)
    message = f"days must be a whole number from {RANGE}."
    raise Refusal(400, "invalid_request", message)


def _not_found_refusal() -> Refusal:
    return Refusal(404, "not_found", "The requested resource was not found")
