"""Hostile texts in every field of an account, on the screen, in messages, in every format and argument."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.account import Account, Json, flat, key_id, key_row
from tests.loopback import refuse
from tests.terminal.pseudo import PROGRAM, Terminal, environment
from tests.trust.check import Check, Outcome, Trial
from tests.trust.hostile import bad_characters, foreign, sequences, texts

ROWS = 25
"""Keys of one account; they fit on the screen."""

SIZE = (160, 45)
VIEWS = ("overview", "series", "endpoints", "status", "heatmap", "budget", "bill", "key")
FORMATS = ("table", "csv", "md", "json")
HARMLESS = tuple(f"key-{n}" for n in range(ROWS))
CLICKS = range(6, 32)
"""Lines of the screen with keys in them, of which the first column is clicked."""


def account(some: Sequence[str]) -> Account:
    """Each text in each field that holds words; some keys are refused with it instead of answered."""

    def text(n: int) -> str:
        return some[n % len(some)]

    rows, usages, details = list[Json](), dict[str, Any](), dict[str, Any]()
    for n in range(1, ROWS + 1):
        row = key_row(
            n,
            name=text(n),
            key_prefix=text(n + 1),
            tier=text(n + 2) if n % 3 else "pro",
            scopes=[text(n + 3)],
        )
        if n % 6 == 0:
            row |= {"created_at": text(n + 4), "last_used_at": text(n + 5), "expires_at": text(n + 6)}
        rows.append(row)
        message = refuse(403, text(n + 7), text(n + 8))
        details[key_id(n)] = message if n % 7 == 0 else {"data": {**row, "allowed_ips": [text(n + 9)]}}
        usages[key_id(n)] = message if n % 5 == 0 else _usage([text(n + k) for k in range(10)])
    rows.append(key_row(99, id=text(0), name=text(1)))
    return Account(*rows, usages=usages, details=details)


def _usage(some: Sequence[str]) -> Json:
    counts = [100 + 10 * n for n in range(7)]
    whole = sum(counts)
    return flat(
        counts,
        [5] * 7,
        top_endpoints=[{"path": each, "count": whole // len(some)} for each in some],
        by_status={"200": whole - 35, "429": 35, some[0]: 1},
        rate_limit_hits_by_hour=[
            {"hour": "2026-11-22T10:00:00Z", "count": 35},
            {"hour": some[1], "count": 1},
        ],
        success_rate=some[2],
        **{some[3] or "x": some[4]},
    )


def settings(some: Sequence[str]) -> str:
    """A config.toml with the texts where a person writes words."""
    names = {_toml(each): _toml(f"{each}*") for each in some if each}
    owners = "".join(f"{name} = [{pattern}, {name}]\n" for name, pattern in names.items())
    first, second, *_, last = (_toml(each or "x") for each in some)
    return f"theme = {first}\n{last} = 1\n[keys]\n{second} = 'x'\n[owners]\n{owners}"


def _toml(text: str) -> str:
    return '"' + "".join(f"\\U{ord(char):08X}" for char in text if not 0xD800 <= ord(char) < 0xE000) + '"'


def toured(terminal: Terminal, some: Sequence[str], *, whole: bool) -> None:
    """All views, and whatever says a name: help, details, messages, prompts, the clipboard, a click."""

    def press(*keys: str | bytes) -> None:
        for key in keys:
            terminal.type(key)
            terminal.settled(0.06)

    pasted = ["".join(char for char in text if char not in "\x1b\r\n") for text in some[: 3 if whole else 1]]
    for view in "12345678":
        press(view, "}", "y", *(("?", "\x1b", "\r", "\x1b", "j", "]", "c") if whole else ()))
    press("1", "e", " ", "}", " ", "2", "3", "1", "\x1b")
    for text in pasted:
        press("/", b"\x1b[200~" + text.encode("utf-8", "replace") + b"\x1b[201~", "\r", "\x1b", "\x1b")
    press("1")
    for line in CLICKS:
        terminal.type(f"\x1b[<0;3;{line}M\x1b[<0;3;{line}m")
    terminal.settled(0.2)


def on_screen(
    home: Path, some: Sequence[str], program: Sequence[str] = PROGRAM, *, whole: bool = False
) -> bytes:
    """What a terminal gets while a person looks at everything, of an account with these texts."""
    with account(some) as service:
        environ = environment(home, SOCD_BASE_URL=service.origin, SOCD_SESSION_TOKEN=service.token)
        config = home / "config" / "socd-tui" / "config.toml"
        config.parent.mkdir(parents=True, exist_ok=True)
        config.parent.chmod(0o700)
        config.write_text(settings(some), encoding="utf-8")
        with Terminal(environ=environ, size=SIZE, program=program, folder=home) as terminal:
            terminal.until(lambda: b"total" in terminal.output)
            terminal.settled(0.3)
            if program == PROGRAM:
                toured(terminal, some, whole=whole)
            if terminal.process.poll() is not None:
                return terminal.output + b"\x1b]ended\x07"
            for _ in range(3):  # whatever is open on a busy machine
                terminal.type("\x1b")
                terminal.settled(0.3)
            terminal.type("1q")
            terminal.ended(60)
            return terminal.output


def originals(service: Account, home: Path, some: Sequence[str]) -> Iterator[str]:
    """What the JSON documents of an account with these texts do not give back as it came."""
    for view, wanted in (("overview", some), ("endpoints", some[:1])):
        done = service.show(home, view, "--format", "json", "--raw")
        given = {each.strip() for each in _strings(json.loads(done.stdout))}
        for text in wanted:
            if text.strip() and text.strip() not in given:
                yield f"{view} --format json does not give back {text[:40]!a}"


def _strings(document: object) -> Iterator[str]:
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict):
        yield from document
        yield from (each for value in document.values() for each in _strings(value))
    elif isinstance(document, list):
        yield from (each for value in document for each in _strings(value))


def headless(home: Path, some: Sequence[str], combinations: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Bad characters in what `show` prints, in each of these views and formats."""
    with account(some) as service:
        for view, form in combinations:
            done = service.show(home, view, "--format", form)
            for char in bad_characters(done.stdout + done.stderr):
                yield f"show {view} --format {form} printed {char!a}"
            if done.returncode not in (0, 6):
                yield f"show {view} --format {form} ended with {done.returncode}: {done.stderr[-80:]!a}"
        yield from originals(service, home, some)


ARGUMENTS: tuple[tuple[str, ...], ...] = (
    ("show", "*"),
    ("show", "overview", "--key", "*"),
    ("show", "overview", "--filter", "/*"),
    ("show", "overview", "--filter", "requests>*"),
    ("show", "overview", "--filter", "/(?=*)/"),
    ("show", "overview", "--sort", "*"),
    ("show", "overview", "--by", "*"),
    ("show", "overview", "--format", "*"),
    ("show", "overview", "--compare", "*"),
    ("show", "overview", "--days", "*"),
    ("show", "overview", "*"),
    ("--theme", "*"),
    ("--view", "*"),
    ("--base-url", "*", "status"),
    ("*",),
    ("history", "*"),
    ("logout", "--*"),
)


def in_arguments(home: Path, text: str, arguments: Sequence[str]) -> Iterator[str]:
    """Bad characters in what is said of an argument, a variable or a folder that holds this text."""
    with Account(key_row(1)) as service:
        done = service.run(home, *(each.replace("*", text) for each in arguments))
    for char in bad_characters(done.stdout + done.stderr):
        yield f"{' '.join(arguments)} with {text[:40]!a} printed {char!a}"
    if "Traceback" in done.stderr:
        yield f"{' '.join(arguments)} with {text[:40]!a} ended with a traceback"


def in_folder(home: Path, text: str) -> Iterator[str]:
    """The same of a home folder of that name which cannot be used, and of a mistaken config.toml in it."""
    home = home / (re.sub(r"[/\0\ud800-\udfff]", "_", text)[:40] or "x")
    with Account(key_row(1), listed=refuse(403, text, text)) as service:
        config = home / "config" / "socd-tui"
        config.mkdir(parents=True, mode=0o700)
        (config / "config.toml").write_text(settings([text] * 3), encoding="utf-8")
        for arguments in (("show", "bill"), ("status",), ("keys",), ("logout",)):
            done = service.run(home, *arguments)
            for char in bad_characters(done.stdout + done.stderr):
                yield f"{' '.join(arguments)} in a folder and an answer called {text[:40]!a} printed {char!a}"


def ours(trial: Trial) -> Outcome:
    some, chance = texts(trial.count(ROWS, 500), trial.random()), trial.random()
    harmless = sequences(on_screen(trial.home / "benign", HARMLESS, whole=trial.whole))
    faults: list[str] = []
    every = [(view, form) for view in VIEWS for form in FORMATS]
    for at in range(0, len(some), ROWS):
        batch, home = some[at : at + ROWS], trial.home / str(at)
        again = f"seed {trial.seed}, texts {at} to {at + ROWS}: "
        if trial.whole or at == 0:
            faults += [again + each for each in foreign(on_screen(home, batch, whole=trial.whole), harmless)]
        combinations = every if trial.whole else chance.sample(every, 5)
        faults += [again + each for each in headless(home, batch, combinations)]
    for n, text in enumerate(some):
        if text.isprintable() or not re.search("[\ud800-\udfff]", text):
            home = trial.home / f"argument-{n}"
            tried = ARGUMENTS if trial.whole else [ARGUMENTS[n % len(ARGUMENTS)]]
            faults += [each for arguments in tried for each in in_arguments(home, text, arguments)]
        if trial.whole or n % 10 == 0:
            faults += in_folder(trial.home / f"folder-{n}", text)
    return Outcome(
        f"{len(some)} texts in every field, view, message, format, argument and folder",
        f"{len(faults)} reached the terminal or did not come back",
        tuple(faults),
    )


CARELESS = """
import json, os, urllib.request
from textual.app import App
from textual.widgets import Static
asked = urllib.request.Request(os.environ["SOCD_BASE_URL"] + "/api/v1/keys")
rows = json.load(urllib.request.urlopen(asked))["data"]
class Careless(App):
    BINDINGS = [("q", "quit", "quit")]
    def compose(self):
        yield Static("socd total", markup=False)
        for row in rows:
            for name in ("name", "key_prefix", "tier"):
                yield Static(str(row[name]), markup=False)
Careless().run()
"""


def naive(trial: Trial) -> Outcome:
    some = texts(trial.count(ROWS, 500), trial.random())
    program = (sys.executable, "-c", CARELESS)
    harmless = sequences(on_screen(trial.home / "benign", HARMLESS, program))
    faults: list[str] = []
    for at in range(0, len(some) if trial.whole else ROWS, ROWS):
        faults += foreign(on_screen(trial.home / str(at), some[at : at + ROWS], program), harmless)
    return Outcome(f"{len(some)} texts in three fields", f"{len(faults)} reached the terminal", tuple(faults))


CHECK = Check(
    name="text_foreign",
    must_show="of foreign texts no sequence, control, bidirectional or unseen character reaches the "
    "terminal; markup in one runs nothing; JSON gives it back as it came",
    ours=ours,
    naive=naive,
    naive_is="Textual's Static, markup off",
)
