"""Whether the service can be reached: one request without a token, for who looks for what is wrong."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from socd_tui import __version__
from socd_tui.clock import Clock
from socd_tui.model.errors import ServiceError, TimedOut
from socd_tui.model.record import dataclass
from socd_tui.service.exchange import CONNECTION_ERRORS
from socd_tui.service.httpx_alone import httpx
from socd_tui.service.origin import connection_error, open_transport, proxy_for
from socd_tui.service.pages import LIST
from socd_tui.service.reply import Reply

DEADLINE_S = 10.0
"""Seconds for all of it."""


@dataclass(frozen=True, kw_only=True)
class Reached:
    """What a request that anybody may send tells."""

    status: int
    took: timedelta
    served_at: datetime | None
    """The service's clock when it answered."""
    tls: str | None = None
    """The version of TLS; None without encryption."""
    certified_until: datetime | None = None
    by_proxy: bool = False


def reach(origin: str, steady: Clock, deadline_s: float = DEADLINE_S) -> Reached:
    """Asks the service for its keys without saying who asks. Raises ServiceError when nothing answers."""
    return asyncio.run(_reach(httpx.URL(origin), steady, deadline_s))


async def _reach(origin: httpx.URL, steady: Clock, deadline_s: float) -> Reached:
    headers = {"accept": "application/json", "user-agent": f"socd-tui/{__version__}"}
    request = httpx.Request(
        "GET",
        origin.copy_with(path=LIST.path),
        headers=headers,
        extensions={"timeout": {"connect": deadline_s}},
    )
    failure: ServiceError
    async with open_transport(origin, 1) as transport:
        try:
            async with asyncio.timeout(deadline_s):
                began = steady()
                response = await transport.handle_async_request(request)
                await response.aclose()
        except TimeoutError:
            failure = TimedOut(f"Nothing answered in {deadline_s:g} s.", "Check the network, or try again.")
        except CONNECTION_ERRORS as error:
            failure = connection_error(error, origin.raw_host.decode("ascii"))
        else:
            tls, until = _encryption(response.extensions)
            return Reached(
                status=response.status_code,
                took=steady() - began,
                served_at=Reply(response.status_code, response.headers, b"").served_at,
                tls=tls,
                certified_until=until,
                by_proxy=proxy_for(origin) is not None,
            )
    raise failure


def _encryption(extensions: Mapping[str, Any]) -> tuple[str | None, datetime | None]:
    """The version of TLS, and when the certificate ends; nothing where there is none."""
    stream = extensions.get("network_stream")
    tls = stream.get_extra_info("ssl_object") if stream is not None else None
    if tls is None:
        return None, None
    ends = (tls.getpeercert() or {}).get("notAfter")
    return tls.version(), datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if ends else None
