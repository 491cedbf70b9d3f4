"""Connections for httpcore, by asyncio alone.

It would have them from anyio, which takes as long to load as httpcore itself, and a third of each request.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from socd_tui.service.httpx_alone import httpcore

HAPPY_EYEBALLS_S = 0.25
"""Seconds after which the next address of a host is tried beside one that has not answered (RFC 8305)."""

MOST_UNREAD = 1 << 18
"""Bytes that have come and nobody has read, from which on the other side has to wait."""


class Network(httpcore.AsyncNetworkBackend):
    """Opens connections on the event loop that runs."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises httpcore's ConnectTimeout and ConnectError."""
        assert local_address is None
        assert not socket_options
        loop = asyncio.get_running_loop()
        with _told_as(httpcore.ConnectTimeout, httpcore.ConnectError):
            async with asyncio.timeout(timeout):
                _, connection = await loop.create_connection(
                    Connection, host, port, happy_eyeballs_delay=HAPPY_EYEBALLS_S
                )
        return connection


class Connection(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """One connection, for one task at a time."""

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self._unread = bytearray()
        self._ended = False
        """Whether nothing more will come."""
        self._error: Exception | None = None
        """What ended it, if that was not the other side's will."""
        self._news, self._writable = asyncio.Event(), asyncio.Event()
        self._writable.set()

    # --- what the loop tells ---------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._unread += data
        if len(self._unread) >= MOST_UNREAD:
            self._transport.pause_reading()
        self._news.set()

    def eof_received(self) -> None:
        self._ended = True
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended, self._error = True, exc
        self._news.set()
        self._writable.set()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    # --- what httpcore asks for ------------------------------------------------------------------

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some of what has come; nothing at the end. Raises httpcore's ReadTimeout and ReadError."""
        with _told_as(httpcore.ReadTimeout, httpcore.ReadError):
            async with asyncio.timeout(timeout):
                while not self._unread and not self._ended:
                    self._news.clear()
                    await self._news.wait()
        if self._error is not None and not self._unread:
            raise httpcore.ReadError(self._error) from self._error
        data = bytes(self._unread[:max_bytes])
        del self._unread[:max_bytes]
        if len(self._unread) < MOST_UNREAD and not self._ended:
            self._transport.resume_reading()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Raises httpcore's WriteTimeout, and WriteError where it has ended."""
        if self._transport.is_closing():
            raise httpcore.WriteError(self._error)
        self._transport.write(buffer)
        with _told_as(httpcore.WriteTimeout, httpcore.WriteError):
            async with asyncio.timeout(timeout):
                await self._writable.wait()

    async def aclose(self) -> None:
        """At once: that the other side takes leave is not waited for."""
        self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Itself, encrypted from now on.

        Raises httpcore's ConnectTimeout and ConnectError; then, and when it is cancelled, it is closed.
        """
        loop = asyncio.get_running_loop()
        try:
            with _told_as(httpcore.ConnectTimeout, httpcore.ConnectError):
                async with asyncio.timeout(timeout):
                    encrypted = await loop.start_tls(
                        self._transport, self, ssl_context, server_hostname=server_hostname
                    )
        except BaseException:
            self._transport.abort()
            raise
        assert encrypted is not None
        self._transport = encrypted
        return self

    def get_extra_info(self, info: str) -> Any:
        """`is_readable` of a connection that waits for the next request says that it cannot be used again."""
        if info == "is_readable":
            return bool(self._unread) or self._ended
        return self._transport.get_extra_info(_NAMES.get(info, info))


_NAMES = {"client_addr": "sockname", "server_addr": "peername"}
"""What asyncio calls differently."""


@contextmanager
def _told_as(too_late: type[Exception], failed: type[Exception]) -> Iterator[None]:
    """Errors as httpcore's own."""
    try:
        yield
    except TimeoutError as error:
        raise too_late(error) from error
    except OSError as error:
        raise failed(error) from error
