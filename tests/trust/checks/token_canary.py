"""A session token, and a refresh token beside it, that may be found in nothing the program writes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime
from io import StringIO
from itertools import count, product
from pathlib import Path

import httpx

from socd_tui.views.registry import views
from tests.account import Account, Json, flat, key_id, key_row
from tests.clock import Clock
from tests.command import Done, ran
from tests.loopback import Behaviour, Request, answer, answer_json, refuse
from tests.pasted import COPIED, ENDED, FORMS, JWT, PACKED, REFRESH
from tests.terminal.pseudo import ROOT, Terminal, environment
from tests.trust.canary import Canary
from tests.trust.check import Check, Outcome, Trial
from tests.trust.failing import AROUND, WAYS, FailingClock

CANARY = Canary((JWT, REFRESH))

Subject = Callable[..., Done]
"""Called as `tests.command.ran`."""

REFUSED = {
    "only the refresh token": f"sb-refresh-token={REFRESH}",
    "called a refresh token": f'"refresh_token": "{JWT}"',
    "two sessions": f"it is {JWT} or {JWT[:-3]}abc",
    "cut": PACKED[:200],
    "an ended one": f"sb-access-token={ENDED}; sb-refresh-token={REFRESH}",
    "too long": f"sb-access-token={JWT}" + "x" * 9_000_000,
    "in a sentence, damaged": f"sb-access-token={JWT[:50]} {JWT[50:]}é",
}
FORMATS = ("table", "json", "csv", "md")

# Python, asyncio, Textual and the log of whoever embeds it say all they know.
TALKATIVE = {
    "PYTHONDEVMODE": "1",
    "PYTHONASYNCIODEBUG": "1",
    "PYTHONFAULTHANDLER": "1",
    "PYTHONWARNINGS": "always",
}
TALKATIVE |= {"TEXTUAL_DEBUG": "1", "TEXTUAL": "debug,devtools"}
LOGGING = "import logging; logging.basicConfig(level=logging.DEBUG, filename={0!r})"


def echo(status: int, how: Callable[[str], str], kind: str = "application/json") -> Behaviour:
    """A service that repeats the cookie it was sent, as pages for debugging do."""

    def behave(request: Request) -> None:
        said = how(request.headers.get("cookie", ""))
        if kind == "application/json":
            refuse(status, "debug", f"bad request: {said}", {"X-Request-Id": said, "Set-Cookie": said})(
                request
            )
        else:
            answer(f"<html>{said}</html>".encode(), status, kind=kind)(request)

    return behave


def echoes() -> dict[str, Behaviour]:
    """By name; of each status that is told with the service's words."""
    forms: dict[str, Callable[[str], str]] = {
        "whole": str,
        "payload": lambda cookie: cookie.split(".")[1],
        "signature": lambda cookie: cookie.split(".")[-1],
        "hex": lambda cookie: cookie.encode().hex(),
    }
    told = {
        f"{status}, {name}": echo(status, how)
        for (name, how) in forms.items()
        for status in (400, 403, 404, 429, 500)
    }
    good = flat([5] * 7, top_endpoints=[{"path": f"/x?jwt={JWT}", "count": 35}])
    away = lambda request: answer(status=302, headers={"Location": f"https://{JWT}.example/"})(request)  # noqa: E731
    return {
        **told,
        "401": echo(401, str),
        "a page": echo(500, str, "text/html"),
        "a redirect": away,
        "an error in place of data": lambda request: answer_json({"error": request.headers["cookie"]})(
            request
        ),
        "a path": answer_json({"data": good}),
    }


# --- episodes: each yields what it tried, and the leaks found ------------------------------------


Episode = Iterator[list[str]]


def _written(name: str, done: Done, home: Path, *, kept: bool) -> list[str]:
    said = f"{done.stdout}{done.stderr}{done.returncode}".encode("utf-8", "surrogatepass")
    file = home / "data" / "socd-tui" / "session.json"
    found = CANARY.leaks("what was printed", said) + CANARY.leaks_under(home, kept=file if kept else None)
    return [f"{name}: {leak}" for leak in found]


def signing_in(subject: Subject, homes: Iterator[Path], forms: Mapping[str, str]) -> Episode:
    """Login and logout; all that is pasted otherwise."""
    for name, pasted in forms.items():
        home = next(homes)
        environ = environment(home, SOCD_BASE_URL="http://127.0.0.1:9")
        done = subject(environ, "login", "--stdin", given=pasted)
        yield _written(f"login, {name}", done, home, kept=done.returncode == 0)
        # Of a run that was killed while it saved.
        (home / "data" / "socd-tui").mkdir(parents=True, exist_ok=True)
        (home / "data" / "socd-tui" / ".socd-tui-4194305-0123abcd.tmp").write_text(JWT)
        done = subject(environ, "logout")
        yield _written(f"logout, {name}", done, home, kept=False)


MISPLACED = (
    ("login", JWT),
    ("show", JWT),
    ("show", "overview", "--key", JWT),
    ("show", "overview", "--sort", JWT),
    ("show", "overview", "--base-url", f"https://{JWT}@x.example"),
    ("status", f"--token={JWT}"),
)


def misplaced(subject: Subject, homes: Iterator[Path]) -> Episode:
    """A token typed where none belongs."""
    for arguments in MISPLACED:
        home = next(homes)
        done = subject(environment(home, SOCD_BASE_URL="http://127.0.0.1:9"), *arguments)
        yield _written(f"misplaced: {' '.join(arguments)[:40]}", done, home, kept=False)


def looking(subject: Subject, homes: Iterator[Path], tried: Iterable[tuple[str, str]]) -> Episode:
    """Views in all formats, signed in, with what is remembered; and after logout."""
    rows = key_row(1), key_row(2, name=f"key of {JWT}")
    home = next(homes)
    with Account(*rows, usages={key_id(2): {"data": flat([3] * 7)}}) as account:
        environ = environment(home, SOCD_BASE_URL=account.origin)
        subject(environ, "login", "--stdin", given=JWT)
        for view, format_ in tried:
            done = subject(environ, "show", view, "--format", format_)
            yield _written(f"show {view} --format {format_}", done, home, kept=True)
        for command in (("status",), ("keys",), ("history",)):
            yield _written(" ".join(command), subject(environ, *command), home, kept=True)
        subject(environ, "logout")
        yield _written("logout after views", subject(environ, "status"), home, kept=False)


def refused(subject: Subject, homes: Iterator[Path], behaviours: Mapping[str, Behaviour]) -> Episode:
    """A service that repeats the token."""
    for name, behaviour in behaviours.items():
        home = next(homes)
        with Account(key_row(1), usages={key_id(1): behaviour}) as account:
            environ = environment(home, SOCD_BASE_URL=account.origin, SOCD_SESSION_TOKEN=JWT)
            for format_ in ("table", "json"):
                done = subject(environ, "show", "overview", "--format", format_)
                yield _written(f"echoed with {name}", done, home, kept=False)


def crashing(subject: Subject, homes: Iterator[Path], tried: Iterable[tuple[str, int]]) -> Episode:
    """Mistakes of ours, told with the token."""
    with Account(key_row(1)) as account:
        for way, calls in tried:
            home = next(homes)
            environ = environment(home, SOCD_BASE_URL=account.origin, SOCD_SESSION_TOKEN=JWT)
            done = subject(environ, "show", "overview", clock=FailingClock(way, calls))
            if done.returncode == 0:
                yield [f"crash, {way} after {calls}: nothing failed"]
            yield _written(f"crash, {way} after {calls}", done, home, kept=False)


# --- what needs a process or a terminal of its own -----------------------------------------------


def talkative(home: Path, **changes: str) -> dict[str, str]:
    site = home.parent / f"{home.name}-site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(LOGGING.format(str(home / "log.txt")))
    logs = {"TEXTUAL_LOG": str(home / "textual.log"), "PYTHONPATH": f"{site}{os.pathsep}{ROOT}"}
    return environment(home, **TALKATIVE, **logs, **changes)


def processes(homes: Iterator[Path], tried: Iterable[tuple[str, int]]) -> Episode:
    """Crashes of whole processes, with all there is of debugging."""
    with Account(key_row(1)) as account:
        for way, calls in tried:
            home = next(homes)
            environ = talkative(home, SOCD_BASE_URL=account.origin, SOCD_SESSION_TOKEN=JWT)
            command = [sys.executable, "-m", "tests.trust.failing", way, str(calls), "show", "overview"]
            run = subprocess.run(command, env=environ, cwd=home, capture_output=True, check=False)
            done = Done(run.returncode, run.stdout.decode(), run.stderr.decode())
            yield _written(f"process, {way} after {calls}", done, home, kept=False)


def screens(homes: Iterator[Path], tried: Iterable[tuple[str, int]]) -> Episode:
    """Crashes of the terminal program."""
    with Account(key_row(1)) as account:
        for way, calls in tried:
            home = next(homes)
            environ = talkative(home, SOCD_BASE_URL=account.origin, SOCD_SESSION_TOKEN=JWT)
            program = (sys.executable, "-m", "tests.trust.failing", way, str(calls))
            with Terminal(environ=environ, program=program, folder=home) as terminal:
                done = Done(terminal.ended(), "", terminal.output.decode("utf-8", "replace"))
            yield _written(f"UI, {way} after {calls}", done, home, kept=False)


def prompting(homes: Iterator[Path], forms: Mapping[str, str]) -> Episode:
    """The hidden prompt of `login`; a terminal's line ends at a line break."""
    for name, pasted in forms.items():
        home = next(homes)
        environ = environment(home, SOCD_BASE_URL="http://127.0.0.1:9")
        with Terminal("login", environ=environ, folder=home) as terminal:
            terminal.shows("press enter:")
            terminal.type(pasted.replace("\n", " ").replace("\r", "") + "\r")
            done = Done(terminal.ended(), "", terminal.output.decode("utf-8", "replace"))
        yield _written(f"prompt, {name}", done, home, kept=done.returncode == 0)


def family(process: int) -> Iterator[tuple[str, bytes]]:
    """Command line and environment, as the system shows them, of the process and its descendants."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    ours = {process}
    for _ in parents:
        ours |= {child for child, parent in parents.items() if parent in ours}
    for each in sorted(ours):
        try:
            yield f"the command line of {each}", Path(f"/proc/{each}/cmdline").read_bytes()
            yield f"the environment of {each}", Path(f"/proc/{each}/environ").read_bytes()
            if each == process and not re.search(
                rb"core file size +0 ", Path(f"/proc/{each}/limits").read_bytes()
            ):
                yield "a core file, which could be written", JWT.encode()
        except OSError:
            continue


def session(homes: Iterator[Path], *, aborted: bool, unmarked: bool) -> Episode:
    """A person comes with a token in the environment, looks around, is signed out, and pastes one."""
    home = next(homes)
    usages: dict[str, Json | Behaviour] = {key_id(1): flat([5] * 7)}
    with Account(key_row(1), usages=usages) as account:
        environ = talkative(home, SOCD_BASE_URL=account.origin, SOCD_SESSION_TOKEN=JWT)
        with Terminal(environ=environ, folder=home, size=(90, 30)) as terminal:
            terminal.shows("Key 1", "total 1 key")
            leaks = [
                leak for where, data in family(terminal.process.pid) for leak in CANARY.leaks(where, data)
            ]
            for key in "12345678?":
                terminal.type(key)
                terminal.settled(0.05)
            terminal.shows("What the numbers mean")
            terminal.type("\x1b")
            terminal.until(lambda: "What the numbers mean" not in terminal.text)
            terminal.type("e")
            terminal.shows(".json")
            account.listed = account.usages[key_id(1)] = echo(401, str)
            terminal.type("r")
            terminal.shows("sb-access-token")
            terminal.type(f"\x1b[200~{REFUSED['two sessions']}\x1b[201~")
            terminal.shows("several different")
            account.listed = {"data": [key_row(1, name="Again here")]}
            account.usages[key_id(1)] = flat([6] * 7)
            # The longer way is that of a terminal that does not say that it pastes.
            pasted = f"Cookie: sb-access-token={JWT}; sb-refresh-token={REFRESH}"
            terminal.type(f"{JWT}\r" if unmarked else f"\x1b[200~{pasted}\x1b[201~")
            terminal.shows("Again here")
            if aborted:
                terminal.signal(signal.SIGABRT)
            else:
                terminal.type("q")
            done = Done(terminal.ended(), "", terminal.output.decode("utf-8", "replace"))
            yield leaks + _written("a session in the UI", done, home, kept=True)
    ran(environment(home), "logout")
    yield _written("logout after a session in the UI", Done(0, "", ""), home, kept=False)


# --- the careless program -------------------------------------------------------------------------


def careless(
    environ: Mapping[str, str],
    *arguments: str,
    given: str = "",
    clock: Callable[[], datetime] | None = None,
) -> Done:
    """A client of the same service as it is written in an afternoon."""
    file, said, code = Path(environ["XDG_DATA_HOME"]) / "careless.json", StringIO(), 0
    file.parent.mkdir(parents=True, exist_ok=True)
    with redirect_stdout(said), redirect_stderr(said):
        try:
            match arguments[0]:
                case "login" if given:
                    file.write_text(given)
                    print(f"signed in as {given[:40]}")  # noqa: T201
                case "logout":
                    file.unlink()
                case "show" if len(arguments) == 4 or arguments[-1] == "overview":
                    token = file.read_text() if file.exists() else environ["SOCD_SESSION_TOKEN"]
                    (clock or Clock())()
                    url = f"{environ['SOCD_BASE_URL']}/api/v1/keys/{key_id(1)}/usage?days=7"
                    reply = httpx.get(url, cookies={"sb-access-token": token})
                    print(reply.text)  # noqa: T201
                    reply.raise_for_status()
                case _:
                    raise ValueError(f"what is {arguments}?")
        except BaseException:  # noqa: BLE001  # an exit too
            traceback.print_exc()
            code = 1
    return Done(code, said.getvalue(), "")


# --- the check ------------------------------------------------------------------------------------


def attacked(trial: Trial, subject: Subject) -> tuple[int, list[str]]:
    """How many times something was written, and the leaks: what both programs go through."""
    homes = (trial.home / str(number) for number in count())
    choose = trial.random()
    forms = {**FORMS, **COPIED, **REFUSED}
    some = dict(choose.sample(sorted(forms.items()), trial.count(12, len(forms))))
    pairs = list(product([view.name for view in views()], FORMATS))
    said = echoes()
    quick = {name: echo for name, echo in said.items() if not name.startswith(("429", "500", "a page"))}
    ways = list(product(WAYS, (0, 2, 5, 8)))
    episodes = (
        signing_in(subject, homes, {**some, **REFUSED} if trial.whole else some),
        misplaced(subject, homes),
        looking(subject, homes, choose.sample(pairs, trial.count(8, len(pairs)))),
        refused(subject, homes, said if trial.whole else dict(choose.sample(sorted(quick.items()), 4))),
        crashing(
            subject,
            homes,
            choose.sample([way for way in ways if way[0] != "file name"], trial.count(14, len(ways) - 4)),
        ),
    )
    tried = [leaks for episode in episodes for leaks in episode]
    return len(tried), [leak for leaks in tried for leak in leaks]


def ours(trial: Trial) -> Outcome:
    tried, faults = attacked(trial, ran)
    homes = (trial.home / f"process-{number}" for number in count())
    choose = trial.random()
    ways = list(product((*WAYS, *AROUND), (0, 5)))
    episodes = [
        processes(homes, choose.sample(ways, trial.count(2, len(ways)))),
        screens(homes, choose.sample(list(product((*WAYS, *AROUND), (0, 9, 30))), trial.count(1, 20))),
        prompting(homes, dict(choose.sample(sorted(FORMS.items()), trial.count(1, 12)))),
        session(homes, aborted=False, unmarked=trial.whole),
    ]
    if trial.whole:
        episodes.append(session(homes, aborted=True, unmarked=False))
    for episode in episodes:
        for leaks in episode:
            tried, faults = tried + 1, faults + leaks
    return Outcome(f"{tried} moments of writing", f"{len(faults)} hits", tuple(faults))


def naive(trial: Trial) -> Outcome:
    tried, faults = attacked(trial, careless)
    return Outcome(f"{tried} moments of writing", f"{len(faults)} hits", tuple(faults))


CHECK = Check(
    name="token_canary",
    must_show="a token that is pasted, typed, sent, echoed and crashed with stands in no encoding outside "
    "the one 0600 file, and nowhere after logout",
    ours=ours,
    naive=naive,
    naive_is="httpx, a plain file and Python's tracebacks",
)
