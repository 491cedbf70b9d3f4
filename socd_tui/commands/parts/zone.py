"""The zone this machine is set to, with its daylight saving: the one that the C library would take."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from io import BytesIO
from pathlib import Path
from struct import pack

from socd_tui.clock import Clock

LOCALTIME = Path("/etc/localtime")

_AMERICAN = ",M3.2.0,M11.1.0"
"""When daylight saving begins and ends where a rule has it and does not say when: the C library's choice."""

_ZONE = r"(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)"
_UNDATED = rf"{_ZONE}[+-]?[\d:]+{_ZONE}(?:[+-]?[\d:]+)?,?"
"""A rule of POSIX with daylight saving and without its dates: EST5EDT, CST6CDT5."""

_UNREADABLE = (KeyError, ValueError, OSError)
"""What `zoneinfo` raises where there is no zone of that name, or the file is none."""


class LateZone(tzinfo):
    """A zone that is found out when somebody asks for a time in it: `zoneinfo` takes 3 ms to load."""

    def __init__(self, find: Callable[[], tzinfo]) -> None:
        self._find = find

    @cached_property
    def _found(self) -> tzinfo:
        return self._find()

    def utcoffset(self, at: datetime | None) -> timedelta | None:
        return self._found.utcoffset(self._in_it(at))

    def dst(self, at: datetime | None) -> timedelta | None:
        return self._found.dst(self._in_it(at))

    def tzname(self, at: datetime | None) -> str | None:
        return self._found.tzname(self._in_it(at))

    def fromutc(self, at: datetime) -> datetime:
        return self._found.fromutc(at.replace(tzinfo=self._found)).replace(tzinfo=self)

    def _in_it(self, at: datetime | None) -> datetime | None:
        return at and at.replace(tzinfo=self._found)


def local_zone(clock: Clock, environ: Mapping[str, str] = os.environ, localtime: Path = LOCALTIME) -> tzinfo:
    """From TZ, else from the system's zone file, else the offset from UTC at this moment.

    TZ is a name, a path or a rule of POSIX, with or without a colon; one that says nothing is UTC.
    """
    if "TZ" in environ:
        return _named(environ["TZ"].removeprefix(":")) or UTC
    link = str(localtime.resolve()) if localtime.is_symlink() else ""
    named = _named(link.partition("zoneinfo/")[2]) if link else None
    return named or _in_file(localtime) or clock().astimezone().tzinfo or UTC


def _named(text: str) -> tzinfo | None:
    if text.startswith("/"):
        return _in_file(Path(text))
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(text) if text else None
    except _UNREADABLE:
        return _by_rule(text)


def _in_file(path: Path) -> tzinfo | None:
    from zoneinfo import ZoneInfo

    try:
        with path.open("rb") as file:
            return ZoneInfo.from_file(file)
    except _UNREADABLE:
        return None


def _by_rule(rule: str) -> tzinfo | None:
    """The zone of a rule as CET-1CEST,M3.5.0,M10.5.0/3: it is what a zone file ends with (RFC 8536)."""
    from zoneinfo import ZoneInfo

    if re.fullmatch(_UNDATED, rule):
        rule = rule.rstrip(",") + _AMERICAN
    # No transitions, no leap seconds, one type of time with a name of four bytes; the same again in 64 bits.
    block = pack(">4sc15x6l", b"TZif", b"3", 0, 0, 0, 0, 1, 4) + pack(">lbb4s", 0, 0, 0, b"UTC\0")
    try:
        return ZoneInfo.from_file(BytesIO(block * 2 + f"\n{rule}\n".encode("ascii")))
    except _UNREADABLE:
        return None
