"""One request and its reply on the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from socd_tui import __version__
from socd_tui.service.body import MAX_BYTES
from socd_tui.service.httpcore_alone import httpcore
from socd_tui.service.reply import Reply

CONNECTION_ERRORS = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    OSError,
    UnicodeError,
)
"""Raised when a connection fails. TLS lets plain OSErrors through, odd host names raise UnicodeErrors."""

MAX_REFUSAL_BYTES = 64 * 1024
"""Read of an answer that is no success: it needs a message at most."""


class Transport(Protocol):
    """What carries requests: connections to the service, or what stands in for a network."""

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response: ...

    async def aclose(self) -> None: ...


def request_to(
    origin: str, target: str, *, connect_s: float, headers: Mapping[str, str] | None = None
) -> httpcore.Request:
    """A GET of `target`, a path and its query, from the origin, which is connected to in `connect_s` each for
    TCP and TLS at most."""
    url = httpcore.URL(origin)
    url.target = target.encode("ascii")
    said = {
        "host": origin.partition("://")[2],
        "accept": "application/json",
        "user-agent": f"socd-tui/{__version__}",
        **(headers or {}),
    }
    return httpcore.Request(
        "GET", url, headers=list(said.items()), extensions={"timeout": {"connect": connect_s}}
    )


async def exchange(transport: Transport, request: httpcore.Request) -> Reply:
    """The reply with its body. Raises one of CONNECTION_ERRORS."""
    response = await transport.handle_async_request(request)
    try:
        return Reply(response.status, by_name(response.headers), await _read_body(response))
    finally:
        await response.aclose()


def by_name(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by their lower-case names; the values of one that came several times, with commas between."""
    found: dict[str, str] = {}
    for raw_name, raw in headers:
        name, value = raw_name.decode("ascii").lower(), _text(raw)
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")  # which has a character for each byte


async def _read_body(response: httpcore.Response) -> bytes:
    """The body as sent; of one larger than is read of it only the beginning, which `inflate` then refuses."""
    is_success = 200 <= response.status < 300
    raw, most = bytearray(), MAX_BYTES if is_success else MAX_REFUSAL_BYTES
    try:
        async for chunk in response.aiter_stream():
            raw += chunk
            if len(raw) > most:
                break
    except CONNECTION_ERRORS:
        # A refusal counts without its message; only a good answer needs all of its body.
        if is_success:
            raise
    return bytes(raw)
