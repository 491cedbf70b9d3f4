"""One request and its reply on the wire."""

from __future__ import annotations

from socd_tui.service.body import MAX_BYTES
from socd_tui.service.httpx_alone import httpx
from socd_tui.service.reply import Reply

CONNECTION_ERRORS = (httpx.TransportError, OSError, UnicodeError)
"""Raised when a connection fails. TLS lets plain OSErrors through, odd host names raise UnicodeErrors."""

MAX_REFUSAL_BYTES = 64 * 1024
"""Read of an answer that is no success: it needs a message at most."""


async def exchange(transport: httpx.AsyncBaseTransport, request: httpx.Request) -> Reply:
    """The reply with its body. Raises one of CONNECTION_ERRORS."""
    response = await transport.handle_async_request(request)
    try:
        return Reply(response.status_code, response.headers, await _read_body(response))
    finally:
        await response.aclose()


async def _read_body(response: httpx.Response) -> bytes:
    """The body as sent; of one larger than is read of it only the beginning, which `inflate` then refuses."""
    raw, most = bytearray(), MAX_BYTES if response.is_success else MAX_REFUSAL_BYTES
    try:
        async for chunk in response.aiter_raw():
            raw += chunk
            if len(raw) > most:
                break
    except CONNECTION_ERRORS:
        # A refusal counts without its message; only a good answer needs all of its body.
        if response.is_success:
            raise
    return bytes(raw)
