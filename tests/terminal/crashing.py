"""Run as a program: the UI over a service connection that fails as no connection should.

python -m tests.terminal.crashing STATE_FOLDER TOKEN [EXCEPTION]
"""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from pathlib import Path

from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Wanted
from socd_tui.model.progress import Progress
from socd_tui.service.feed import Feed
from socd_tui.service.source import Update
from socd_tui.tui.run import run
from tests.terminal.fed import fed

ERRORS: dict[str, type[BaseException]] = {
    each.__name__: each for each in (ZeroDivisionError, SystemExit, KeyboardInterrupt)
}


class BrokenFeed(Feed):
    """Fails with the token in a local variable, as a mistake in the client would."""

    error: type[BaseException] = ZeroDivisionError

    async def refresh(
        self,
        fleet: Fleet,
        wanted: Wanted | None,
        *,
        selectors: Sequence[str] = (),
        since: datetime | None = None,
    ) -> AsyncGenerator[Update, None]:
        opened_letter = self.session.token.reveal()
        yield Update(fleet, Progress(0, 0))
        raise self.error(f"after {len(opened_letter)} characters")


def main(state: str, token: str, error: str = "ZeroDivisionError") -> int:
    BrokenFeed.error = ERRORS[error]
    return run(*fed(BrokenFeed, token), Path(state))


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
