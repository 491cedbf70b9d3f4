"""Run as a program: saves in processes of their own, made ready beforehand, each to be killed at any call.

Reads lines "KIND FOLDER" and forks for each; writes the process's id, and how it ended once it has. A process
stops before it saves, and goes on with SIGCONT; one whose kind begins with "ever" saves until it is killed.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path

from socd_tui.model.errors import StoreError
from socd_tui.model.fleet import Fleet
from socd_tui.model.past import Foretold
from socd_tui.model.token import parse_token
from socd_tui.model.usage import Usage
from socd_tui.model.visit import Standing, Visit
from socd_tui.service.wire import read_usage
from socd_tui.service.wire_keys import read_keys
from socd_tui.store.crash_report import report
from socd_tui.store.export import export
from socd_tui.store.history import FILE, History
from socd_tui.store.paths import Paths
from socd_tui.store.session import SessionStore
from socd_tui.store.visit import VisitFile
from tests.account import TODAY, flat, key_id, key_row
from tests.build import jwt
from tests.clock import NOW, Clock

ORIGIN, ACCOUNT = "https://example.com", "me"
SAVED, REFUSED = 0, 3
KEYS = read_keys({"data": [key_row(number) for number in range(1, 4)]}).keys
VIEW = json.dumps({"rows": list(range(40_000))})


def token(generation: int) -> str:
    return jwt(sub="canary", generation=generation)


def history(home: Path) -> History:
    return History(Paths.under(home).data, ORIGIN, ACCOUNT, clock=Clock(NOW))


def session(home: Path) -> SessionStore:
    return SessionStore(Paths.under(home), {}, Clock(NOW))


def visits(home: Path) -> VisitFile:
    return VisitFile(Paths.under(home).state, ORIGIN, ACCOUNT)


def visit(generation: int) -> Visit:
    """An hour after the one before, of other findings."""
    stood = Standing(frozenset({f"kind_{'x' * (generation % 7)}"}))
    return Visit(
        at=NOW + timedelta(hours=generation),
        kinds=frozenset({"runaway"}),
        keys={key_id(number): stood for number in range(400)},
    )


def answers(requests: int) -> list[Usage]:
    hours = [{"hour": f"{TODAY - timedelta(days=1)}T10:00:00Z", "count": 4}]
    payloads = {
        days: flat([requests] * days, rate_limit_hits_by_hour=hours, latency_p95_ms=20) for days in (7, 90)
    }
    at = NOW + timedelta(seconds=requests)
    return [
        read_usage({"data": payload}, key.id, days, fetched_at=at, observed_at=at)
        for key in KEYS
        for days, payload in payloads.items()
    ]


def save_session(home: Path, generation: int) -> None:
    session(home).save(parse_token(token(generation)), ORIGIN)


def save_visit(home: Path, generation: int) -> None:
    visits(home).write(visit(generation))


def save_history(home: Path, generation: int) -> None:
    """A day's figures are all old or all new, and so are those of the last run."""
    usages = answers(100 * (generation + 1))
    by_slot = {(each.key_id, each.window.days): each for each in usages}
    forecast = Foretold(key_id(1), TODAY, TODAY + timedelta(days=7), 1.0, 2.0, 3.0)
    fleet = Fleet(keys=KEYS, usages=by_slot, listed_at=NOW)
    history(home).record(KEYS, usages, fleet=fleet, forecasts=[forecast])


def replace_history(home: Path, generation: int) -> None:
    """The damaged file that is there is moved aside."""
    if not generation:
        save_history(home, generation)
        damage(Paths.under(home).data / FILE)
    elif generation == 1:
        save_history(home, generation)
    else:
        damage(Paths.under(home).data / FILE)
        save_history(home, generation)


def migrate_history(home: Path, generation: int) -> None:
    """The file that is there is of the first version."""
    save_history(home, generation)
    if generation != 1:
        make_first_version(Paths.under(home).data / FILE)


def make_first_version(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("DROP TABLE counter")
        db.execute("PRAGMA user_version = 1")
        db.execute("COMMIT")


def damage(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"damaged!" * 200)


def save_view(home: Path, _: int) -> None:
    with suppress(OSError):
        (home / "exports").mkdir(exist_ok=True)
    export(home / "exports" / "view.json", VIEW)


def save_crash(home: Path, _: int) -> None:
    report(ValueError("as ever"), Paths.under(home).state)


def in_place(home: Path, generation: int) -> None:
    """As a careless program saves: over what was there."""
    data = Paths.under(home).data
    data.mkdir(parents=True, exist_ok=True)
    with (data / "session.json").open("w") as file:
        json.dump({"token": token(generation), "origin": ORIGIN}, file)
    with (data / "history.json").open("w") as file:
        json.dump([100 * (generation + 1)] * 20_000, file)


SAVES: dict[str, Callable[[Path, int], None]] = {
    "session": save_session,
    "history": save_history,
    "aside": replace_history,
    "older": migrate_history,
    "view": save_view,
    "visit": save_visit,
    "crash": save_crash,
    "careless": in_place,
}


def _save(kind: str, home: Path) -> int:
    ever, save = kind.startswith("ever-"), SAVES[kind.removeprefix("ever-")]
    if not ever:
        os.kill(os.getpid(), signal.SIGSTOP)
    try:
        for generation in count(1) if ever else (1,):
            save(home, generation)
    except StoreError:
        return REFUSED
    except BaseException:
        traceback.print_exc()
        raise
    return SAVED


def main() -> None:
    for line in sys.stdin:
        kind, home = line.split(maxsplit=1)
        child = os.fork()
        if not child:
            code = 1
            try:
                code = _save(kind, Path(home.strip()))
            finally:
                os._exit(code)
        _say(child)
        _say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
