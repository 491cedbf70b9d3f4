"""What came up since the program was left is the first line of the next start, in the installed program."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from socd_tui.service.demo import DemoServer
from tests.terminal.pseudo import DEADLINE_S, Terminal, environment

RUNAWAY = "'threat-notebook#2zBT' running away"


def kept(home: Path) -> list[Path]:
    return sorted((home / "state" / "socd-tui").glob("visit-*"))


def visited(
    environ: dict[str, str],
    *options: str,
    shows: tuple[str, ...] = (),
    until: Callable[[], bool] = lambda: True,
) -> None:
    """Somebody looks at the figures until this holds, and leaves."""
    with Terminal(*options, environ=environ, size=(100, 30)) as terminal:
        terminal.shows("Production SIEM", "total 9 of 10", "threat-notebook", *shows)
        ends = monotonic() + DEADLINE_S
        while not until():  # what is kept is not seen on the screen
            assert monotonic() < ends
            terminal.settled()
        terminal.type("q")
        assert terminal.ended() == 0


def test_what_came_up_since_the_last_visit_is_told_also_after_the_view_was_reset(
    live: DemoServer, tmp_path: Path
) -> None:
    environ = environment(tmp_path, SOCD_BASE_URL=live.base_url, SOCD_SESSION_TOKEN=live.token)
    visited(environ, until=lambda: bool(kept(tmp_path)))
    [path] = kept(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    document = json.loads(path.read_bytes())
    document["at"] = "2026-11-18T14:20:00+00:00"
    for stood, _ in document["keys"].values():
        if "runaway" in stood:
            stood.remove("runaway")
    path.write_text(json.dumps(document))
    told = ("since Wed 18 Nov: 1 new: ", RUNAWAY)
    visited(environ, "--reset-view", shows=told, until=lambda: b"2026-11-22T14:20" in path.read_bytes())


def test_of_the_demo_nothing_is_kept(tmp_path: Path) -> None:
    visited(environment(tmp_path), "--demo")
    assert kept(tmp_path) == []
