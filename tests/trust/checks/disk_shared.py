"""Several processes save at once, and UIs share a home: nothing is lost, and what one learns all know."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from time import monotonic

from socd_tui.model.token import parse_token
from socd_tui.model.usage import Day, Usage
from socd_tui.model.window import Window
from socd_tui.store.export import export
from tests.account import KEYS, TODAY, TOKEN, Account, flat, key_id, key_row
from tests.clock import NOW, Clock
from tests.command import ran
from tests.terminal.pseudo import DEADLINE_S, ROOT, Terminal, environment
from tests.trust.check import Check, Outcome, Trial
from tests.trust.saves import ORIGIN, history, session, token

DATES = 80
PICKED_UP_S = 5.0
SAVE = "import sys; from tests.trust.checks import disk_shared as d; d.save(*sys.argv[1:])"

LATER = (
    "from datetime import timedelta; from socd_tui.cli import main; from tests.clock import NOW, going; "
    "raise SystemExit(main(clock=going(NOW + timedelta(minutes={minutes}))))"
)
"""The program on a clock that is ahead of that of the programs that run already."""


# --- many saves at once ---------------------------------------------------------------------------


def save(kind: str, home: str, process: str, saves: str) -> None:
    """What one process does: so many saves, each of another day, once all are ready to begin."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for number in range(int(saves)):
        (_save_careless if kind == "naive" else _save)(Path(home), int(process), number)


def _save(home: Path, process: int, number: int) -> None:
    history(home).record([], [_answer(process, number)])
    session(home).save(parse_token(token(process)), ORIGIN)
    if number % 10 == 0:
        export(home / "exports" / "view.json", json.dumps([process, number]))


def _answer(process: int, number: int) -> Usage:
    at = NOW + timedelta(seconds=number)
    counted = Day(TODAY - timedelta(days=1 + number % DATES), 1 + number, 0, partial=False)
    window = Window.ending(TODAY, 90)
    return Usage(key_id=key_id(process), window=window, fetched_at=at, observed_at=at, days=(counted,))


def _save_careless(home: Path, process: int, number: int) -> None:
    """Reads, changes and writes the one file there is."""
    path = home / "history.json"
    try:
        kept = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        kept = {}
    kept[f"{process} {number % DATES}"] = 1 + number
    path.write_text(json.dumps(kept))


def _together(home: Path, kind: str, processes: int, saves: int) -> Iterator[str]:
    """All at once; what each of them says when it fails."""
    (home / "exports").mkdir(parents=True)
    with ExitStack() as stack:
        running = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", SAVE, kind, str(home), str(process), str(saves)],
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            for process in range(processes)
        ]
        for each in running:
            assert each.stdout is not None
            each.stdout.readline()
        for each in running:
            assert each.stdin is not None
            each.stdin.write("\n")
            each.stdin.flush()
        for process, each in enumerate(running):
            _, said = each.communicate()
            if each.returncode:
                yield f"process {process} failed: {said.strip().splitlines()[-1:]}"


def _lost(kept: dict[tuple[int, int], int], processes: int, saves: int) -> Iterator[str]:
    """Days of which not the last save is there."""
    for process in range(processes):
        for at in range(min(saves, DATES)):
            last = max(range(at, saves, DATES)) + 1
            if kept.get((process, at)) != last:
                yield f"process {process}, day {at}: {kept.get((process, at))} and not {last}"


def _saved(home: Path, processes: int, saves: int) -> Iterator[str]:
    yield from _together(home, "ours", processes, saves)
    past = history(home).past()
    kept = {
        (process, (TODAY - timedelta(days=1) - day.date).days): day.requests
        for process in range(processes)
        for day, _ in past[key_id(process)].days
        if day.requests is not None
    }
    yield from _lost(kept, processes, saves)
    stored = session(home).load(ORIGIN)
    if stored is None or stored.token.reveal() not in map(token, range(processes)):
        yield f"another session: {stored}"
    written = sorted(json.loads(path.read_text()) for path in (home / "exports").iterdir())
    if written != sorted([process, number] for process in range(processes) for number in range(0, saves, 10)):
        yield f"{len(written)} exports"


# --- a sign-in and a refresh somewhere else -------------------------------------------------------


def _picked_up(home: Path, *, whole: bool) -> Iterator[tuple[float, str]]:
    """Seconds until a UI goes on with a session that another process stored, and what was wrong."""
    with Account(key_row(1)) as account:
        for number, by in enumerate(("login", "another UI") if whole else ("login",)):
            environ = environment(home.with_name(f"shared{number}"), SOCD_BASE_URL=account.origin)
            with Terminal(environ=environ) as waiting:
                waiting.shows("Sign in to see")
                if by == "login":
                    done = ran(environ, "login", "--stdin", given=TOKEN)
                    assert done.returncode == 0, done
                else:
                    with Terminal(environ=environ) as other:
                        other.shows("Sign in to see")
                        other.type(f"\x1b[200~{TOKEN}\x1b[201~")
                        other.shows("Key 1")
                        other.type("q")
                        other.ended()
                began = monotonic()
                waiting.until(lambda: "Key 1" in waiting.text, DEADLINE_S)
                took_s = monotonic() - began
                waiting.type("q")
                code = waiting.ended()
                late = f"{by}: picked up after {took_s:.1f} s" if whole and took_s > PICKED_UP_S else ""
                yield took_s, late or (f"{by}: exit code {code}" if code else "")


def _taken_over(home: Path, *, whole: bool) -> Iterator[tuple[float, str]]:
    """Seconds until a UI shows what another process was told of the same account, and what was wrong."""
    with Account(key_row(1)) as account:
        environ = environment(home, SOCD_BASE_URL=account.origin, SOCD_SESSION_TOKEN=TOKEN)
        with Terminal(environ=environ) as looking:
            looking.shows("700")
            for number, by in enumerate(("show", "another UI") if whole else ("show",), start=1):
                account.usage, shown = flat((1_111 * number,) * 7), f"{7_777 * number:,}"
                if by == "show":
                    done = ran(environ, "show", "overview", clock=Clock(NOW + timedelta(minutes=number)))
                    assert shown in done.stdout, done
                else:
                    program = (sys.executable, "-c", LATER.format(minutes=number))
                    with Terminal(environ=environ, program=program) as other:
                        other.shows(shown)
                        other.type("q")
                        other.ended()
                began, asked = monotonic(), _listings(account)
                looking.shows(shown)
                took_s = monotonic() - began
                late = f"{by}: taken over after {took_s:.1f} s" if whole and took_s > PICKED_UP_S else ""
                yield (
                    took_s,
                    late or (f"{by}: asked for what was known" if _listings(account) > asked else ""),
                )
            looking.type("q")
            looking.ended()


def _listings(account: Account) -> int:
    """How many refreshes have begun."""
    return sum(request.path == KEYS for request in account.requests)


def ours(trial: Trial) -> Outcome:
    processes, saves = trial.count(3, 8), trial.count(20, 200)
    faults = list(_saved(trial.home / "saved", processes, saves))
    signed_in = list(_picked_up(trial.home / "shared", whole=trial.whole))
    told = list(_taken_over(trial.home / "told", whole=trial.whole))
    waits = [*signed_in, *told]
    faults += [fault for _, fault in waits if fault]
    tried = (
        f"{processes} processes × {saves} saves, {len(signed_in)} sign-ins and {len(told)} refreshes "
        "beside a running UI"
    )
    slowest_s = max(took_s for took_s, _ in waits)
    return Outcome(tried, f"{len(faults)} lost; picked up within {slowest_s:.1f} s", tuple(faults))


def naive(trial: Trial) -> Outcome:
    processes, saves, home = trial.count(3, 8), 200, trial.home / "saved"
    faults = list(_together(home, "naive", processes, saves))
    stored = {}
    try:
        stored = json.loads((home / "history.json").read_text())
    except ValueError as error:
        faults.append(f"torn: {error}")
    kept = {(int(name.split()[0]), int(name.split()[1])): value for name, value in stored.items()}
    faults += _lost(kept, processes, saves)
    return Outcome(f"{processes} processes × {saves} saves", f"{len(faults)} lost", tuple(faults))


CHECK = Check(
    name="disk_shared",
    must_show="nothing that several processes save at once is lost; another's sign-in, and what it was told, "
    "are taken over within 5 s",
    ours=ours,
    naive=naive,
    naive_is="json.load, change, json.dump",
)
