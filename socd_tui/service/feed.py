"""The service as one session sees it. The client is imported only by the first refresh."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING

from socd_tui.clock import Clock
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Wanted
from socd_tui.model.session import Session

if TYPE_CHECKING:
    from socd_tui.service.client import Client
    from socd_tui.service.source import Update


class Feed:
    """Refreshes from the service with one session; they share a client, and with it the waits after 429s.

    `clock` is one that nobody sets: waits and ages are measured by it.
    httpx and pydantic are imported by the first refresh, so that making a Feed costs nothing.
    """

    def __init__(self, session: Session, clock: Clock) -> None:
        self.session = session
        self._clock = clock
        self._client: Client | None = None

    async def refresh(
        self, fleet: Fleet, wanted: Wanted | None, *, selectors: Sequence[str] = (), force: bool = False
    ) -> AsyncGenerator[Update, None]:
        """The same as `source.refresh`, which says what the Updates are and what it raises."""
        import asyncio

        # The imports take tens of milliseconds: in a thread they do not delay a frame.
        client_type, refresh = await asyncio.to_thread(_load)
        if self._client is None:
            self._client = client_type(self.session, clock=self._clock)
        updates = refresh(self._client, fleet, wanted, clock=self._clock, selectors=selectors, force=force)
        async with aclosing(updates):
            async for update in updates:
                yield update

    def wait_s(self, most: timedelta) -> float:
        """Seconds to wait before asking again, where the service has asked for that; see `Waiting.wait_s`."""
        return 0 if self._client is None else self._client.wait_s(most)

    async def aclose(self) -> None:
        """Close the connections; a later refresh opens new ones."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


def _load() -> tuple[type[Client], Callable[..., AsyncGenerator[Update, None]]]:
    from socd_tui.service.client import Client
    from socd_tui.service.source import refresh

    return Client, refresh
