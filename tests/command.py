"""Runs a command of socd-tui inside the test: as a shell would see it, but without the price of a process.

What only a process of its own can show (what was imported, a closed pipe, a terminal) is in `terminal/`.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO, TextIOWrapper
from unittest import mock

from socd_tui.cli import main
from tests.clock import Clock


@dataclass(frozen=True)
class Done:
    """The exit code, and what was written."""

    returncode: object
    stdout: str
    stderr: str


def ran(
    environ: Mapping[str, str],
    *arguments: str,
    given: str = "",
    encoding: str = "utf-8",
    clock: Callable[[], datetime] | None = None,
) -> Done:
    """Runs `socd-tui ARGUMENTS` with `given` on standard input, in this environment and no other.

    Without a `clock` it is always `tests.clock.NOW`.
    """
    stdin = TextIOWrapper(BytesIO(given.encode()), encoding="utf-8")
    out, err = BytesIO(), BytesIO()
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ, environ, clear=True))
        stack.enter_context(mock.patch("sys.stdin", stdin))
        stack.enter_context(unicode_locale())
        stdout = stack.enter_context(redirect_stdout(TextIOWrapper(out, encoding=encoding)))
        stderr = stack.enter_context(redirect_stderr(TextIOWrapper(err, encoding=encoding)))
        try:
            code: object = main(arguments, clock=clock or Clock())
        except SystemExit as exit_:  # arguments that cannot be read
            code = exit_.code
        stdout.flush()
        stderr.flush()
        return Done(code, out.getvalue().decode(encoding), err.getvalue().decode(encoding))


@contextmanager
def unicode_locale() -> Iterator[None]:
    """A terminal's character set is asked of the locale, whatever the one is that the tests run under."""
    before = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    try:
        yield
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
