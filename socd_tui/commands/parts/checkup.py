"""What `doctor` looks at: each thing that must be right here, whether it is, and what to do about it."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from socd_tui.clock import duration
from socd_tui.commands.parts.mishaps import task_mishaps_told
from socd_tui.commands.parts.zone import local_zone
from socd_tui.model.errors import ServiceError, SocdError, StoreError
from socd_tui.model.record import dataclass
from socd_tui.model.text import counted, inert
from socd_tui.store.history import History
from socd_tui.store.paths import printable
from socd_tui.store.settings import FILE

if TYPE_CHECKING:
    from socd_tui.commands.parts.context import World
    from socd_tui.service.reach import Reached

Verdict = Literal["ok", "note", "fix"]
"""All right; works, and could be better; does not work."""

SMALL = (80, 24)
"""Columns and lines that the terminal program is made for at least."""
CLOCK_APART = timedelta(minutes=2)
"""How far this machine's clock may be from the service's before it is told."""
_ENDS_SOON = timedelta(days=14)
_LONGEST_LINE = 1_000
_REFUSED = (401, 403)
_LIBRARIES = ("textual", "httpx", "pydantic")


@dataclass(frozen=True)
class Checked:
    """One thing that was looked at."""

    name: str
    verdict: Verdict
    said: str
    next_step: str = ""
    """What to do; empty where nothing is to be done."""

    @property
    def line(self) -> str:
        said = f"{self.said.rstrip('.')}. {self.next_step}" if self.next_step else self.said
        return inert(f"{self.verdict:<4}  {self.name:<13}  {said}", _LONGEST_LINE)


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What is asked of the machine beside the World."""

    is_terminal: bool
    size: tuple[int, int]
    """Columns and lines of the terminal."""
    encoding: str
    """How standard output writes characters."""
    version_of: Callable[[str], str | None]
    """Of a package; None where none of that name is installed."""
    browsers: Sequence[str]
    """Profiles of Firefox that have cookies, by name; none of their cookies is read."""
    reach: Callable[[str], Reached] | None
    """Asks an origin; None where nothing is to be asked."""


def this_machine(world: World[Any], *, asks: bool) -> Machine:
    from importlib.metadata import PackageNotFoundError, version
    from shutil import get_terminal_size

    from socd_tui.commands.parts.browser import home_folder
    from socd_tui.store.firefox import profiles

    def asked(origin: str) -> Reached:
        from socd_tui.service.reach import reach

        with task_mishaps_told():
            return reach(origin, world.steady)

    def version_of(package: str) -> str | None:
        try:
            return version(package)
        except PackageNotFoundError:  # another package of the same modules
            return None

    columns, lines = get_terminal_size()
    return Machine(
        is_terminal=sys.stdin.isatty() and sys.stdout.isatty(),
        size=(columns, lines),
        encoding=sys.stdout.encoding or "unknown",
        version_of=version_of,
        browsers=[profile.name for profile in profiles(home_folder(), world.environ)],
        reach=asked if asks else None,
    )


def checkup(world: World[Any], machine: Machine) -> Iterator[Checked]:
    """Everything, one after the other; the service last, as it may take seconds."""
    for look in (_versions, _terminal, _colours, _characters, _zone, _folders, _settings):
        yield from look(world, machine)
    yield from _history(world)
    yield from _session(world)
    yield _browser(machine)
    yield from _service(world, machine)


def _versions(_: World[Any], machine: Machine) -> Iterator[Checked]:
    import sqlite3
    from platform import platform, python_version

    from socd_tui import __version__

    libraries = ", ".join(f"{name} {machine.version_of(name) or 'not found'}" for name in _LIBRARIES)
    here = f"socd-tui {__version__}, Python {python_version()}, SQLite {sqlite3.sqlite_version}, {libraries}"
    yield Checked("versions", "ok", f"{here} on {inert(platform(terse=True))}")


def _terminal(world: World[Any], machine: Machine) -> Iterator[Checked]:
    columns, lines = machine.size
    kind = inert(world.environ.get("TERM") or "of no name", 60)
    if not machine.is_terminal:
        what = "none here: the terminal program needs one, every other command does not"
        yield Checked("terminal", "ok", what)
    elif world.environ.get("TERM") in (None, "", "dumb"):
        yield Checked("terminal", "fix", f"it is {kind}", "Set TERM to what it is, as xterm-256color.")
    elif columns < SMALL[0] or lines < SMALL[1]:
        step = "Make it 80x24 or larger, or its letters smaller."
        yield Checked("terminal", "note", f"{kind}, {columns}x{lines}", step)
    else:
        yield Checked("terminal", "ok", f"{kind}, {columns}x{lines}")


def _colours(world: World[Any], machine: Machine) -> Iterator[Checked]:
    if not machine.is_terminal:
        yield Checked("colours", "ok", "none without a terminal")
    elif not world.colour:
        yield Checked("colours", "ok", "none, as NO_COLOR or --no-color asks for")
    elif world.sixteen:
        step = "If the terminal shows more, set COLORTERM=truecolor."
        yield Checked("colours", "note", "sixteen: the terminal does not say that it has more", step)
    else:
        yield Checked("colours", "ok", "256 or more")


def _characters(world: World[Any], machine: Machine) -> Iterator[Checked]:
    level, encoding = world.glyphs.level, inert(machine.encoding, 40)
    asked = world.asks_for_ascii or world.settings.ascii or world.environ.get("TERM") == "dumb"
    if level == "ascii" and not asked:
        step = "Set LANG to a locale in UTF-8, as C.UTF-8."
        yield Checked("characters", "note", f"ASCII alone: output is written as {encoding}", step)
    else:
        yield Checked("characters", "ok", f"{encoding}, drawn in {level}")


def _zone(world: World[Any], _: Machine) -> Iterator[Checked]:
    zone = local_zone(world.clock, world.environ)
    told = world.environ.get("TZ", "").removeprefix(":")
    now = world.clock().astimezone(zone)
    name = inert(getattr(zone, "key", None) or now.tzname() or "local", 60)
    if told and zone is UTC:
        said = f"TZ is '{inert(told, 60)}', which is no zone: UTC is taken"
        yield Checked("zone", "fix", said, "Name one of the zones there are, as Europe/Berlin.")
    else:
        yield Checked("zone", "ok", f"{name}, now {now:%H:%M %z}; days are the service's, in UTC")


def _folders(world: World[Any], _: Machine) -> Iterator[Checked]:
    for name in ("config", "data", "state"):
        yield _folder(f"{name} folder", getattr(world.paths, name))


def _folder(name: str, path: Path) -> Checked:
    shown = printable(path)
    try:
        status = path.stat()
    except FileNotFoundError:
        above = next(each for each in path.parents if each.exists())
        if not os.access(above, os.W_OK | os.X_OK):
            home = f"XDG_{name.split()[0].upper()}_HOME"
            step = f"Let yourself write to {printable(above)}, or name another place by {home}."
            return Checked(name, "fix", f"{shown} is not there, and cannot be made", step)
        return Checked(name, "ok", f"{shown} is not there yet; it is made when something is kept")
    except OSError as error:
        return Checked(name, "fix", f"{shown}: {error.strerror}", "Check who may look there.")
    if not stat.S_ISDIR(status.st_mode):
        return Checked(name, "fix", f"{shown} is no folder", "Move it away.")
    if status.st_uid != os.geteuid():
        step = "Run this as that user, or move it away."
        return Checked(name, "fix", f"{shown} belongs to another user", step)
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        return Checked(name, "fix", f"{shown} cannot be written", f"chmod 700 {shown}")
    if status.st_mode & 0o077:
        return Checked(name, "note", f"{shown} is open to others", f"chmod 700 {shown}")
    return Checked(name, "ok", f"{shown}, yours alone")


def _settings(world: World[Any], _: Machine) -> Iterator[Checked]:
    path = world.paths.config / FILE
    for mistake in world.mistakes:
        yield Checked("settings", "fix", mistake, "Correct it; the rest of the file counts.")
    if not world.mistakes:
        exists = os.path.lexists(path)
        yield Checked("settings", "ok", f"{printable(path)}{'' if exists else ' is not there: defaults'}")


def _history(world: World[Any]) -> Iterator[Checked]:
    history = History(world.paths.data, world.origin, clock=world.clock)
    try:
        summary = history.summary()
    except StoreError as error:
        yield Checked("history", "fix", error.message, error.next_step)
        return
    if history.notices:
        yield from (Checked("history", "note", notice) for notice in history.notices)
    elif not summary.keys:
        yield Checked("history", "ok", "nothing is remembered of this service yet")
    else:
        known = f"{counted(summary.days, 'day')} of {counted(summary.keys, 'key')}"
        yield Checked("history", "ok", f"{known}, {summary.bytes_on_disk:,} bytes")


def _session(world: World[Any]) -> Iterator[Checked]:
    try:
        found = world.store.describe(world.origin)
    except SocdError as error:
        yield Checked("session", "fix", error.message, error.next_step)
        return
    if not found.present:
        yield Checked("session", "fix", found.note or f"none for {world.origin}", f"Run `{world.login}`.")
    elif found.expired:
        yield Checked("session", "fix", "it has expired", f"Run `{world.login}`.")
    else:
        left = f"ends in {duration(found.expires_at - world.clock())}" if found.expires_at else "does not end"
        yield Checked("session", "ok", f"{found.masked}, in {world.store.place(found.where)}, {left}")


def _browser(machine: Machine) -> Checked:
    if not machine.browsers:
        return Checked("browser", "ok", "no Firefox with a session to take; a cookie is pasted into `login`")
    named = ", ".join(machine.browsers)
    said = f"Firefox, profile {named}: `socd-tui login --from firefox` takes its session when you ask for it"
    return Checked("browser", "ok", said)


def _service(world: World[Any], machine: Machine) -> Iterator[Checked]:
    if machine.reach is None:
        yield Checked("service", "ok", "not asked, as --offline wants it")
        return
    try:
        found = machine.reach(world.origin)
    except ServiceError as error:
        yield Checked("service", "fix", error.message, error.next_step)
        return
    yield _answer(world.origin, found)
    if found.tls is not None:
        until = found.certified_until
        soon = until is not None and until - world.clock() < _ENDS_SOON
        said = f"{found.tls}, certificate valid until {until:%Y-%m-%d}" if until else found.tls
        step = "Nothing for you to do; the service has to renew it." if soon else ""
        yield Checked("encryption", "note" if soon else "ok", said, step)
    if found.served_at is not None:
        yield _clocks(world.clock() - found.served_at)


def _answer(origin: str, found: Reached) -> Checked:
    way = " through a proxy" if found.by_proxy else ""
    took = f"{origin} answers in {found.took / timedelta(milliseconds=1):.0f} ms{way}"
    if found.status in _REFUSED:
        return Checked("service", "ok", f"{took}, and refuses who has no token ({found.status})")
    if found.status == 429 or 200 <= found.status < 300:
        return Checked("service", "ok", f"{took} ({found.status})")
    if found.status >= 500:
        return Checked("service", "fix", f"{took}, and fails ({found.status})", "Try again later.")
    step = "Check --base-url and SOCD_BASE_URL, and what stands between."
    return Checked("service", "fix", f"{took}, but not as the service does ({found.status})", step)


def _clocks(ahead: timedelta) -> Checked:
    """This machine's clock beside the service's, which tells whole seconds."""
    apart = duration(abs(ahead))
    if abs(ahead) <= CLOCK_APART:
        return Checked("clock", "ok", f"within {apart} of the service's")
    side = "ahead of" if ahead > timedelta() else "behind"
    step = "Set it, as by `timedatectl set-ntp true`."
    return Checked("clock", "fix", f"{apart} {side} the service's: times are told wrong", step)
