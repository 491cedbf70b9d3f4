"""Sends GET requests to the one origin the session token belongs to; nothing else opens a connection.

The token can create and revoke keys, so few places may see it. It is an explicit header of each request,
and httpx's transport is used without httpx's client, which would keep a cookie jar, prepare the request
a redirect asks for and log addresses. The caller never sees an httpx error: each becomes one of ours,
made where no traceback leads back to the request with the token.

httpx takes tens of milliseconds to import: import this module after the first frame.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Self

from socd_tui import __version__
from socd_tui.clock import Clock
from socd_tui.model.errors import (
    ServiceError,
    SessionExpired,
    SocdError,
    TimedOut,
    Unreachable,
)
from socd_tui.model.session import Session
from socd_tui.model.token import normal_origin
from socd_tui.service.allowance import read_allowance
from socd_tui.service.answer import PLAIN_PATH, Answer
from socd_tui.service.calls import AT_ONCE
from socd_tui.service.envelope import SIGN_IN_AGAIN, spoken_error
from socd_tui.service.exchange import CONNECTION_ERRORS, exchange
from socd_tui.service.httpx_alone import httpx
from socd_tui.service.origin import connection_error, open_transport
from socd_tui.service.pace import LONGEST_RENEWAL, Pace
from socd_tui.service.reply import (
    Reply,
    read_explanation,
    refusal_error,
    session_expired_error,
)
from socd_tui.service.retry import LONGEST_PAUSE, RETRIED, pause_s, requested_wait
from socd_tui.service.waiting import Waiting

REQUEST_DEADLINE_S = 15.0
"""Seconds for one request, from connecting to the last byte of its body.

httpx limits only each wait for the next bytes, not the request.
"""

DEFAULT_WAIT = timedelta(seconds=60)
"""Wait after a 429 that does not say how long: the documented limits are per minute."""

# A cookie value of RFC 6265, section 4.1.1: every JWT is one, and no character of it can end the header.
_COOKIE_VALUE = re.compile(r"[!#-+\--:<-\[\]-~]+")

for _name in ("httpx", "httpcore", "httpx2", "httpcore2"):
    # Their debug messages hold response headers, and with those a Set-Cookie. The second pair is the
    # drop-in successor of the first, which an installation may have in its place.
    logging.getLogger(_name).setLevel(logging.WARNING)


class Client:
    """Requests to the service with one session's token.

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
        self._opening_lock = asyncio.Lock()
        self._in_flight = asyncio.Semaphore(AT_ONCE)
        self._make_final_error: Callable[[], SocdError] | None = None
        """Makes the error that all further requests raise, once the session or this client has ended."""
        self._waiting = Waiting(clock)
        self._pace = Pace(clock)
        self._turn = asyncio.Lock()
        self._unsent: set[asyncio.Task[object]] = set()
        self._resume_at: datetime | None = None
        """After a 429 that asked for a short wait: requests before this wait until then."""
        self._next_at: datetime | None = None

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """The answer to a GET of `path`, which starts with one "/".

        Raises SessionExpired, as all later calls then do, or the ServiceError that says what happened.
        What was refused until some moment raises its error again without a request before that: all calls
        after a 429, those of the same path after another status. ValueError for a path that is not made of
        plain segments.
        """
        request = self._request(path, params)
        attempt = 1
        while True:
            longest = self._pace.renewal or LONGEST_PAUSE
            outcome = await self._attempt(request)
            if isinstance(outcome, Reply) and outcome.is_good:
                return await self._answer(outcome)
            wait_s = self._wait_s(outcome, attempt, longest)
            if wait_s is None:
                raise self._error_for(outcome, path)
            if isinstance(outcome, Reply) and outcome.status == 429:  # for all, see _wait_for_turn
                resume_at = self._clock() + timedelta(seconds=wait_s)
                self._resume_at = max(resume_at, self._resume_at or resume_at)
            else:
                await self._pause(wait_s)
            attempt += 1

    def wait_s(self, most: timedelta) -> float:
        """Seconds until what was refused may be asked for again; see `Waiting.wait_s`."""
        return self._waiting.wait_s(most)

    @property
    def next_at(self) -> datetime | None:
        """When the next request is sent (our clock), while requests wait for that; None while none does."""
        return self._next_at

    def leave(self) -> None:
        """Cancels the tasks that wait with a request that has not been sent; what has been sent goes on."""
        for task in self._unsent:
            task.cancel()

    async def aclose(self) -> None:
        """Close all connections; requests still waiting fail."""
        self._make_final_error = _closed_error
        async with self._opening_lock:
            if self._transport is not None:
                await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def _request(self, path: str, params: Mapping[str, str] | None) -> httpx.Request:
        if not PLAIN_PATH.fullmatch(path):
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
        """The reply, or the error of a failed connection.

        The error is returned, not raised, so that no httpx error becomes its context.
        """
        async with self._in_flight:
            transport = await self._open_transport()
            await self._wait_for_turn(request.url.path)
            try:
                async with asyncio.timeout(self._deadline_s):
                    outcome: Reply | ServiceError = await exchange(transport, request)
            except TimeoutError:
                outcome = TimedOut(
                    f"The service did not finish its answer in {self._deadline_s:g} s.",
                    "Try again, or check the network.",
                )
            except CONNECTION_ERRORS as error:
                outcome = connection_error(error, self._origin.raw_host.decode("ascii"))
            finally:
                self._pace.end()
            if isinstance(outcome, Reply):
                self._pace.hear(read_allowance(outcome.headers, self._waiting.service_time()))
            return outcome

    async def _wait_for_turn(self, path: str) -> None:
        """Until the request may be sent. Raises the error of one that need not be, or would wait too long."""
        task = asyncio.current_task()
        assert task is not None
        self._unsent.add(task)
        try:
            async with self._turn:
                self._raise_if_refused(path)
                while (wait := self._wait()) > timedelta():
                    if wait > LONGEST_RENEWAL:
                        raise self._waiting.used_up(self._pace.limit, wait)
                    self._next_at = self._clock() + wait
                    resume_at = self._resume_at
                    await self._pause(wait.total_seconds())
                    if self._resume_at == resume_at:
                        self._resume_at = None
                    self._raise_if_refused(path)
                self._pace.send()
        finally:
            self._next_at = None
            self._unsent.discard(task)

    def _wait(self) -> timedelta:
        """How long the next request waits: after a 429 that asked for it, and for the limit's sake."""
        resumed_in = timedelta() if self._resume_at is None else self._resume_at - self._clock()
        return max(resumed_in, self._pace.next_wait())

    async def _open_transport(self) -> httpx.AsyncBaseTransport:
        """The connection pool, opened by the first request. Raises UntrustedCertificate, Unreachable."""
        async with self._opening_lock:
            if self._transport is None:
                # Reading the trusted certificates takes tens of milliseconds.
                self._transport = await asyncio.to_thread(open_transport, self._origin, AT_ONCE)
            return self._transport

    def _raise_if_refused(self, path: str) -> None:
        """Raises the error of a request that need not be sent: it would be refused like one before it."""
        if self._make_final_error is not None:
            raise self._make_final_error()
        self._waiting.raise_if_refused(path)

    def _wait_s(self, outcome: Reply | ServiceError, attempt: int, longest: timedelta) -> float | None:
        """Seconds until the next attempt; None when there is no next one.

        A limit that other clients have used up is waited for as long as it takes to be renewed, where the
        service had told of it before: a refresh that has begun is to come to its end.
        """
        match outcome:
            case Reply() if outcome.status == 429:
                return pause_s(attempt, self._jitter(), self._requested_wait(outcome), longest)
            case Reply() if outcome.status in RETRIED or outcome.is_pending:
                return pause_s(attempt, self._jitter(), self._requested_wait(outcome))
            case Unreachable():
                return pause_s(attempt, self._jitter())
            case _:
                return None

    def _requested_wait(self, reply: Reply) -> timedelta | None:
        return requested_wait(reply.status, reply.headers, self._waiting.service_time())

    async def _answer(self, reply: Reply) -> Answer:
        fetched_at = self._clock()
        self._waiting.hear(reply.served_at, fetched_at)
        payload = reply.at_once()
        if payload is None:
            payload = await asyncio.to_thread(reply.payload)
        if (error := spoken_error(payload, reply.status, self._token)) is not None:
            raise error
        return Answer(
            payload,
            fetched_at,
            self._waiting.service_time(fetched_at),
            next_link=reply.next_link,
            next_cursor=reply.headers.get("x-next-cursor", "").strip(),
            labelled="" if reply.is_json else reply.kind,
        )

    def _error_for(self, outcome: Reply | ServiceError, path: str) -> SocdError:
        """The error to raise; notes what it means for later requests."""
        if isinstance(outcome, ServiceError):
            return outcome
        explanation, requested = read_explanation(outcome, self._token), None
        if outcome.status in RETRIED or outcome.is_pending:
            requested = self._requested_wait(outcome)
        if outcome.status == 429:
            # A requested wait of 0 s that led to another 429 counts like none.
            requested = requested or DEFAULT_WAIT
        if requested:
            return self._waiting.refuse(outcome, explanation, requested, path)
        error = refusal_error(outcome, explanation)
        if isinstance(error, SessionExpired):
            self._make_final_error = session_expired_error
        return error


def _closed_error() -> SocdError:
    return Unreachable("The connection to the service was closed.", "Start the program again.")
