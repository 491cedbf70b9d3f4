"""The exit codes: what a script is told of how a command went."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Each with what it says. Ended by signal n it is 128+n, as shells have it."""

    words: str

    def __new__(cls, value: int, words: str) -> ExitCode:
        member = int.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member

    OK = 0, "ok"
    FAILED = 1, "failed"
    USAGE = 2, "wrong usage, or no terminal"
    PASSED = 3, "a threshold is passed now"
    FORECAST = 4, "a threshold is forecast to pass"
    SIGNED_OUT = 5, "not signed in, or the session has expired"
    SOME_KEYS = 6, "some keys could not be read (the rest was printed)"


INTERRUPTED, PIPE_CLOSED = 128 + 2, 128 + 13
"""By SIGINT, which is ctrl+c, and by SIGPIPE: nobody reads the output any more."""

BY_SIGNAL = "128+n", "ended by signal n"
"""What is left for a program that was ended, and its words."""
