"""The service as one session sees it. The client is imported only by the first refresh."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from socd_tui.clock import Clock
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Wanted
from socd_tui.model.session import Session

if TYPE_CHECKING:
    from httpx import AsyncBaseTransport

    from socd_tui.service.calls import Calls
    from socd_tui.service.changes import Change
    from socd_tui.service.client import Client
    from socd_tui.service.source import Update


class Feed:
    """Refreshes from the service with one session; they share a client, and with it the waits after 429s.

    `clock` is one that nobody sets: waits and ages are measured by it. `transport` stands in for a network.
    httpx and pydantic are imported by the first refresh, so that making a Feed costs nothing.
    """

    def __init__(self, session: Session, clock: Clock, transport: AsyncBaseTransport | None = None) -> None:
        self.session = session
        self._clock = clock
        self._transport = transport
        self._client: Client | None = None
        self._calls: Calls[Change] | None = None

    async def refresh(
        self,
        fleet: Fleet,
        wanted: Wanted | None,
        *,
        selectors: Sequence[str] = (),
        since: datetime | None = None,
    ) -> AsyncGenerator[Update, None]:
        """The same as `source.refresh`, which says what the Updates are and what it raises.

        One after the other: what an earlier one left under way counts as asked by this one.
        """
        import asyncio

        # The imports take tens of milliseconds: in a thread they do not delay a frame.
        client_type, calls_type, refresh = await asyncio.to_thread(load)
        if self._calls is None:
            self._calls = calls_type()
        if self._client is None:
            self._client = client_type(self.session, clock=self._clock, transport=self._transport)
        updates = refresh(
            self._client,
            fleet,
            wanted,
            clock=self._clock,
            calls=self._calls,
            selectors=selectors,
            since=since,
        )
        async with aclosing(updates):
            async for update in updates:
                yield update

    def wait_s(self, most: timedelta) -> float:
        """Seconds to wait before asking again, where the service has asked for that; see `Waiting.wait_s`."""
        return 0 if self._client is None else self._client.wait_s(most)

    def leave(self) -> None:
        """Send nothing more of the refresh that runs; what has been sent is heard, for the next one."""
        if self._calls is not None and self._client is not None:
            self._calls.leave()
            self._client.leave()

    async def aclose(self) -> None:
        """Close the connections; a later refresh opens new ones."""
        if self._calls is not None:
            await self._calls.stop()
            self._calls = None
        if self._client is not None:
            await self._client.aclose()
            self._client = None


def load() -> tuple[type[Client], type[Calls[Change]], Callable[..., AsyncGenerator[Update, None]]]:
    """What a first refresh imports: tens of milliseconds, for who has them before there is a session."""
    from socd_tui.service.calls import Calls
    from socd_tui.service.client import Client
    from socd_tui.service.source import refresh

    return Client, Calls, refresh
