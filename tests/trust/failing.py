"""Run as a program: socd-tui on a clock that fails, with a session token in what it raises.

python -m tests.trust.failing WAY CALLS [ARGUMENTS of socd-tui]

Everything asks the clock: commands, threads, timers, requests. It obeys for so many calls.
"""

from __future__ import annotations

import asyncio
import json
import sys
import textwrap
import threading
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from socd_tui.cli import main
from tests.clock import going
from tests.pasted import JWT


class Talkative(Exception):
    """Tells its arguments however it is asked."""

    def __repr__(self) -> str:
        return f"Talkative({self.args[0]})"

    __str__ = __repr__


def _caused(token: str) -> Exception:
    error = RuntimeError("the request failed")
    error.__cause__ = ValueError(f"bad header: Cookie: sb-access-token={token}")
    return error


def _in_context(token: str) -> Exception:
    error = RuntimeError("the request failed")
    error.__context__ = KeyError(token)
    return error


def _noted(token: str) -> Exception:
    error = RuntimeError("the request failed")
    error.add_note(f"while sending {token}")
    return error


def _unspeakable(token: str) -> Exception:
    class Unspeakable(Exception):
        def __str__(self) -> str:
            raise ValueError(token)

    return Unspeakable(token)


def _escaped(token: str) -> str:
    return "".join(f"\\u{ord(each):04x}" for each in token)


WAYS: dict[str, Callable[[str], BaseException]] = {
    "message": lambda token: ValueError(f"bad cookie: sb-access-token={token}; path=/"),
    "arguments": lambda token: RuntimeError(token.encode(), {"cookie": token}),
    "cause": _caused,
    "context": _in_context,
    "note": _noted,
    "repr": Talkative,
    "local variable": lambda token: ZeroDivisionError(f"{len(token)} characters"),
    "header": lambda token: ValueError(f"cannot decode {token.split('.')[0]!r}"),
    "payload": lambda token: ValueError(f"cannot decode {token.split('.')[1]!r}"),
    "signature": lambda token: ValueError(f"cannot verify {token.split('.')[2]!r}"),
    "base64": lambda token: ValueError(f"Basic {b64encode(f'user:{token}'.encode()).decode()}"),
    "base64url": lambda token: ValueError(urlsafe_b64encode(f"ab{token}".encode()).decode()),
    "URL-encoded": lambda token: ValueError("GET /?c=" + quote(f'["{token}"]', safe="")),
    "hex": lambda token: ValueError(token.encode().hex(" ", 4)),
    "hex without gaps": lambda token: ValueError(token.encode().hex()),
    "JSON in JSON": lambda token: ValueError(json.dumps(json.dumps({"token": token}))),
    "escaped": lambda token: ValueError(_escaped(token)),
    "wrapped": lambda token: ValueError("\n    ".join(textwrap.wrap(token, 72))),
    "cut": lambda token: ValueError(f"…{token[40:90]}…"),
    "UTF-16": lambda token: ValueError(token.encode("utf-16-le")),
    "capitals lost": lambda token: ValueError(f"no such host: {token.lower()}"),
    "group": lambda token: ExceptionGroup("two", [ValueError(token), OSError(5, token)]),
    "file name": lambda token: FileNotFoundError(2, "No such file", token),
    "bytes": lambda token: UnicodeDecodeError("utf-8", token.encode(), 0, 4, "no reason"),
    "code": lambda token: SyntaxError("invalid", ("x", 1, 2, token)),
    "exit": lambda token: SystemExit(f"failed: {token}"),
    "nothing to say": _unspeakable,
}


def _task(token: str) -> Exception:
    """Fails later, in a task that nobody waits for."""

    async def fail() -> None:
        raise ValueError(token)

    with suppress(RuntimeError):  # nothing runs yet
        asyncio.get_running_loop().create_task(fail())
    return ValueError("the other one")


def _thread(token: str) -> Exception:
    def fail() -> None:
        raise ValueError(token)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    return ValueError("the other one")


def _unraisable(token: str) -> Exception:
    class Closing:
        def __del__(self) -> None:
            raise ValueError(token)

    Closing()
    return ValueError("the other one")


AROUND = {"task": _task, "thread": _thread, "finaliser": _unraisable}
"""Where somebody else fails, of whom only Python itself hears."""


@dataclass
class FailingClock:
    """Tells the time so many calls long, then raises."""

    way: str
    calls: int
    token: str = JWT

    def __post_init__(self) -> None:
        self._going = going()

    def __call__(self) -> datetime:
        opened_letter = self.token
        if self.calls <= 0:
            raise {**WAYS, **AROUND}[self.way](opened_letter)
        self.calls -= 1
        return self._going()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[3:], clock=FailingClock(sys.argv[1], int(sys.argv[2]))))
