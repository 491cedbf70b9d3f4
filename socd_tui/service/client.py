"""The only thing that opens a socket: GET one path of the one origin the session token belongs to.

The token can mint and revoke keys, so its way is kept short. It is an explicit header of each request,
and httpx's transport is used without httpx's client, which would keep a cookie jar, prepare the request
a redirect asks for and log addresses. Nothing of httpx reaches the caller either: its errors are
returned as ours, made where no traceback leads back to the request.

httpx takes a tenth of a second to import: import this module after the first frame.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

import httpx

from socd_tui import __version__
from socd_tui.clock import Clock
from socd_tui.model.errors import (
    ServiceError,
    SessionExpired,
    SocdError,
    TimedOut,
    Unreachable,
    UntrustedCertificate,
)
from socd_tui.model.session import Session
from socd_tui.model.token import normal_origin
from socd_tui.service.body import MAX_BYTES
from socd_tui.service.origin import open_transport
from socd_tui.service.reply import SIGN_IN_AGAIN, Reply, refused, session_expired, throttled, words
from socd_tui.service.retry import RETRIED, http_date, pause_s, wait_asked

AT_ONCE = 4
"""Requests in flight at most: an account may have 50 keys, and the service may limit these calls too."""

REQUEST_DEADLINE_S = 15.0
"""One request from connecting to the last byte of its body. httpx only limits the gaps between bytes."""

UNSAID_WAIT = timedelta(seconds=60)
"""Wait after a 429 that named none: the documented limits are per minute."""

# A cookie value of RFC 6265, section 4.1.1: all a JWT consists of, and nothing that could end the header.
_COOKIE_VALUE = re.compile(r"[!#-+\--:<-\[\]-~]+")
_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)+/?")

_BROKEN = (httpx.TransportError, OSError, UnicodeError)
"""What a connection fails with; TLS lets plain OSErrors through, odd host names UnicodeErrors."""

for _name in ("httpx", "httpcore", "httpx2", "httpcore2"):
    # Their debug messages hold response headers, and with those a Set-Cookie. The second pair is the
    # drop-in successor of the first, which an installation may have in its place.
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True)
class Answer:
    """One good answer: its JSON, top level and all, and when it came.

    `fetched_at` is this machine's clock, `observed_at` the service's (its `Date`, else the same). UTC.
    """

    payload: object
    fetched_at: datetime
    observed_at: datetime


class Client:
    """Questions to the service in the name of one session.

    Raises UsageError for an origin that is neither https nor http to this machine.
    """

    def __init__(
        self,
        session: Session,
        *,
        clock: Clock,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        request_deadline_s: float = REQUEST_DEADLINE_S,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._token = session.token
        self._origin = httpx.URL(normal_origin(session.origin))
        self._clock = clock
        self._pause = pause
        self._jitter = jitter
        self._deadline_s = request_deadline_s
        self._transport = transport
        self._opening = asyncio.Lock()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._ended: Callable[[], SocdError] | None = None
        """Makes the error of all further requests, once there can be no more."""
        self._throttled_until: datetime | None = None
        self._resume_at: datetime | None = None
        """After a 429 that asked for a short wait: no request starts before this."""

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """The answer to a GET of `path`, which starts with one "/".

        Raises SessionExpired (and from then on always), or the ServiceError that says what happened.
        Throttled is raised without asking again until its `retry_at`.
        """
        request = self._request(path, params)
        attempt = 1
        while True:
            outcome = await self._attempt(request)
            if isinstance(outcome, Reply) and outcome.is_good:
                return await self._answer(outcome)
            wait_s = self._wait_s(outcome, attempt)
            if wait_s is None:
                raise self._refusal(outcome)
            if isinstance(outcome, Reply) and outcome.status == 429:
                self._resume_at = self._clock() + timedelta(seconds=wait_s)  # for all, see _attempt
            else:
                await self._pause(wait_s)
            attempt += 1

    async def aclose(self) -> None:
        """Close all connections; requests still waiting fail."""
        self._ended = _closed
        async with self._opening:
            if self._transport is not None:
                await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def _request(self, path: str, params: Mapping[str, str] | None) -> httpx.Request:
        if not _PATH.fullmatch(path):
            raise ValueError("a path is made of plain segments after single slashes")
        # The token has no local name here: some crash reports print them.
        if not _COOKIE_VALUE.fullmatch(self._token.reveal()):
            raise SessionExpired("The session token holds characters that no token has.", SIGN_IN_AGAIN)
        return httpx.Request(
            "GET",
            self._origin.copy_with(path=path, params=params),
            headers={
                "accept": "application/json",
                "accept-encoding": "gzip",
                "user-agent": f"socd-tui/{__version__}",
                "cookie": f"sb-access-token={self._token.reveal()}",
            },
            # A third each for TCP and TLS. Without it a deadline that cuts a handshake leaves its
            # socket open: httpcore 1.0.9 closes it after a timeout of its own, not when cancelled.
            extensions={"timeout": {"connect": self._deadline_s / 3}},
        )

    async def _attempt(self, request: httpx.Request) -> Reply | ServiceError:
        """What came back. A failed connection is returned, not raised: then no httpx error is its context."""
        async with self._slots:
            transport = await self._opened()
            if (
                self._resume_at is not None
                and (left := (self._resume_at - self._clock()).total_seconds()) > 0
            ):
                await self._pause(left)
            self._refuse_early()
            try:
                async with asyncio.timeout(self._deadline_s):
                    return await _exchange(transport, request)
            except TimeoutError:
                return TimedOut(
                    f"The service did not finish its answer in {self._deadline_s:g} s.",
                    "Try again, or check the network.",
                )
            except _BROKEN as error:
                return _broken(error, self._origin.raw_host.decode("ascii"))

    async def _opened(self) -> httpx.AsyncBaseTransport:
        async with self._opening:
            if self._transport is None:
                # Reading the trusted certificates takes tens of milliseconds.
                self._transport = await asyncio.to_thread(open_transport, self._origin, AT_ONCE)
            return self._transport

    def _refuse_early(self) -> None:
        if self._ended is not None:
            raise self._ended()
        if self._throttled_until is not None and self._clock() < self._throttled_until:
            raise throttled(self._throttled_until)

    def _wait_s(self, outcome: Reply | ServiceError, attempt: int) -> float | None:
        """Seconds until the next attempt; None when there is to be none."""
        match outcome:
            case Reply() if outcome.status in RETRIED:
                return pause_s(attempt, self._jitter(), self._asked(outcome))
            case Unreachable():
                return pause_s(attempt, self._jitter())
            case _:
                return None

    def _asked(self, reply: Reply) -> timedelta | None:
        return wait_asked(reply.status, reply.headers, self._clock())

    async def _answer(self, reply: Reply) -> Answer:
        fetched_at = self._clock()
        payload = await asyncio.to_thread(reply.payload)
        return Answer(payload, fetched_at, http_date(reply.headers.get("date", "")) or fetched_at)

    def _refusal(self, outcome: Reply | ServiceError) -> SocdError:
        """The error to raise, after remembering what it means for the requests to come."""
        if isinstance(outcome, ServiceError):
            return outcome
        said = words(outcome, self._token)
        if outcome.status == 429:
            # A wait of nothing that was still refused is as good as none.
            self._throttled_until = self._clock() + (self._asked(outcome) or UNSAID_WAIT)
            return throttled(self._throttled_until, said.request_id)
        error = refused(outcome, said)
        if isinstance(error, SessionExpired):
            self._ended = session_expired
        return error


async def _exchange(transport: httpx.AsyncBaseTransport, request: httpx.Request) -> Reply:
    response = await transport.handle_async_request(request)
    try:
        return Reply(response.status_code, response.headers, await _read(response))
    finally:
        await response.aclose()


async def _read(response: httpx.Response) -> bytes:
    """The body as sent, or the first of it when it passes the cap, which is the reader's to notice."""
    raw = bytearray()
    try:
        async for chunk in response.aiter_raw():
            raw += chunk
            if len(raw) > MAX_BYTES:
                break
    except _BROKEN:
        # A refusal stands without its words; only a good answer needs all of its body.
        if response.is_success:
            raise
    return bytes(raw)


def _broken(error: Exception, host: str) -> ServiceError:
    untrusted = next((e for e in _chain(error) if isinstance(e, ssl.SSLCertVerificationError)), None)
    if untrusted is not None:
        return UntrustedCertificate(
            f"The certificate of {host} is not trusted ({untrusted.verify_message}).",
            "If your company inspects TLS, point SSL_CERT_FILE to its certificate authority.",
        )
    if isinstance(error, httpx.ProxyError):
        return Unreachable(
            f"The proxy did not connect to {host}.", "Check HTTPS_PROXY, or list the service in NO_PROXY."
        )
    connected = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
    happened = "broke" if connected else "could not be made"
    return Unreachable(
        f"The connection to {host} {happened}.", "Check the network, and HTTPS_PROXY if you are behind one."
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _closed() -> SocdError:
    return Unreachable("The connection to the service was closed.", "Start the program again.")
