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
    import ctypes

    getenv = ctypes.CDLL(None).getenv
    getenv.restype, getenv.argtypes = ctypes.c_void_p, [ctypes.c_char_p]
    if address := getenv(os.fsencode(name)):
        ctypes.memset(address, ord("*"), len(ctypes.string_at(address)))
