"""A variable of the environment that is read once, and is then nowhere in it."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from contextlib import suppress

VARIABLE = "SOCD_SESSION_TOKEN"
"""The variable that may hold a session."""


def taken(environ: MutableMapping[str, str], name: str) -> str:
    """The variable's value, empty without it; no process started later inherits it.

    The system shows the first environment of a process, and of those that are forked from it, for as long as
    they run, whatever is unset in it (/proc/PID/environ): there it is overwritten.
    """
    if name not in environ:
        return ""
    if environ is os.environ:
        with suppress(Exception):  # a system whose C library is another: there it stays until the end
            _overwrite(name)
    return environ.pop(name)


def _overwrite(name: str) -> None:
    try:
        _overwrite_where_it_is_shown(os.fsencode(name))
    except (OSError, LookupError, ValueError):
        _overwrite_where_c_finds_it(os.fsencode(name))


_ENV_START, _ENV_END = 47, 48
"""Where Linux tells its addresses, among what follows the name in /proc/PID/stat (proc(5))."""


def _overwrite_where_it_is_shown(name: bytes) -> None:
    """In a fifth of the time that it takes to load ctypes. Raises OSError, LookupError and ValueError."""
    with open("/proc/self/stat", "rb") as told:  # noqa: PTH123  # before pathlib is loaded
        numbers = told.read().rpartition(b")")[2].split()
    start, end = int(numbers[_ENV_START]), int(numbers[_ENV_END])
    with open("/proc/self/mem", "r+b", buffering=0) as memory:  # noqa: PTH123
        memory.seek(start)
        shown = memory.read(end - start)
        value = (b"\0" + shown).index(b"\0" + name + b"=") + len(name) + 1
        memory.seek(start + value)
        memory.write(b"*" * (shown.index(b"\0", value) - value))


def _overwrite_where_c_finds_it(name: bytes) -> None:
    import ctypes

    getenv = ctypes.CDLL(None).getenv
    getenv.restype, getenv.argtypes = ctypes.c_void_p, [ctypes.c_char_p]
    if address := getenv(name):
        ctypes.memset(address, ord("*"), len(ctypes.string_at(address)))
