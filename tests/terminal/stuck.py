"""Run as a program: the UI over a service connection that holds up everything when `r` is pressed.

python -m tests.terminal.stuck STATE_FOLDER KIND
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Wanted
from socd_tui.model.progress import Progress
from socd_tui.service.feed import Feed
from socd_tui.service.source import Update
from socd_tui.tui.run import run
from tests.terminal.fed import fed


def spin() -> None:
    while True:
        pass


KINDS: dict[str, Callable[[], object]] = {
    "in C": partial(re.compile(r"(a+)+$").match, "a" * 60 + "b"),  # holds the interpreter's lock for years
    "in a loop": spin,
    "in a call of the system": partial(time.sleep, 1_000_000),
    "in C for a moment": partial(re.compile(r"(a+)+$").match, "a" * 25 + "b"),
}


class StuckFeed(Feed):
    """Does what the program must never do on its event loop."""

    kind = ""

    async def refresh(
        self,
        fleet: Fleet,
        wanted: Wanted | None,
        *,
        selectors: Sequence[str] = (),
        since: datetime | None = None,
    ) -> AsyncGenerator[Update, None]:
        yield Update(fleet, Progress(0, 0))
        if since is not None:
            print("\x1b]0;stuck\x07", end="", file=sys.__stderr__, flush=True)  # a title, for whoever waits
            KINDS[self.kind]()


def main(state: str, kind: str) -> int:
    StuckFeed.kind = kind
    return run(*fed(StuckFeed, "not-a-token-of-anyone"), Path(state))


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
