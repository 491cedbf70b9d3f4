"""Live answers for one session. Imports the client only when the first answer is wanted."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from socd_tui.clock import Clock
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Wanted
from socd_tui.model.session import Session

if TYPE_CHECKING:
    from socd_tui.service.client import Client
    from socd_tui.service.source import Update


class Feed:
    """One signed-in connection to the service; refreshes share its client and its memory of 429s.

    httpx and pydantic are imported by the first refresh, so that making a Feed costs nothing.
    """

    def __init__(self, session: Session, clock: Clock) -> None:
        self.session = session
        self._clock = clock
        self._client: Client | None = None

    async def refresh(
        self, fleet: Fleet, wanted: Wanted | None, *, selectors: Sequence[str] = (), force: bool = False
    ) -> AsyncGenerator[Update, None]:
        """Newer and newer Fleets; see `source.refresh` for what it raises."""
        import asyncio

        # The imports take tens of milliseconds: in a thread they do not hold up a frame.
        client_module, source = await asyncio.to_thread(_load)
        if self._client is None:
            self._client = client_module(self.session, clock=self._clock)
        updates = source(self._client, fleet, wanted, clock=self._clock, selectors=selectors, force=force)
        async with aclosing(updates):
            async for update in updates:
                yield update

    async def aclose(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None


def _load() -> tuple[type[Client], Callable[..., AsyncGenerator[Update, None]]]:
    from socd_tui.service.client import Client
    from socd_tui.service.source import refresh

    return Client, refresh
