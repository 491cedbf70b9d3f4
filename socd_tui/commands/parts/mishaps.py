"""What fails where nobody waits for it, or where Python itself would print it: no word of it is trusted."""

from __future__ import annotations

import sys
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from socd_tui.model.redaction import redacted
from socd_tui.model.session import known_secrets
from socd_tui.store.crash_report import report

if TYPE_CHECKING:
    from logging import LogRecord

T = TypeVar("T")


@contextmanager
def mishaps_told() -> Iterator[None]:
    """In a thread or a finaliser: one sentence, and the details in a file, as for a command's own.

    Python would print a traceback, with what the error says and what it was made of.
    """

    def of_thread(failed: threading.ExceptHookArgs) -> None:
        if failed.exc_value is not None and failed.exc_type is not SystemExit:
            _tell(failed.exc_value)

    def of_finaliser(failed: sys.UnraisableHookArgs) -> None:
        if failed.exc_value is not None:
            _tell(failed.exc_value)

    before = threading.excepthook, sys.unraisablehook
    threading.excepthook, sys.unraisablehook = of_thread, of_finaliser
    try:
        with _no_core_file():
            yield
    finally:
        threading.excepthook, sys.unraisablehook = before


@contextmanager
def _no_core_file() -> Iterator[None]:
    """The memory of a program that is killed by a mistake in C would be left in a file, the token with it."""
    try:
        import resource
    except ImportError:  # a system that has none of it
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)


@contextmanager
def task_mishaps_told() -> Iterator[None]:
    """The same in a task, of which asyncio would log a traceback: wherever an event loop runs.

    It is apart because `logging` takes 4 ms to load, and what is stored is shown without it.
    """
    import logging

    log = logging.getLogger("asyncio")
    log.addFilter(_make_harmless)
    try:
        yield
    finally:
        log.removeFilter(_make_harmless)


def run_tasks(main: Coroutine[Any, Any, T]) -> T:
    """What it comes to, on an event loop of its own."""
    import asyncio

    with task_mishaps_told():
        return asyncio.run(main)


def _make_harmless(record: LogRecord) -> bool:
    """Makes of a task's failure, and of whatever else is logged, what may be read by anybody."""
    error = record.exc_info[1] if record.exc_info else None
    record.msg = f"socd-tui: {report(error)}" if error else redacted(record.getMessage(), known_secrets())
    record.args, record.exc_info, record.exc_text = (), None, None
    return True


def _tell(error: BaseException) -> None:
    print(f"socd-tui: {report(error)}", file=sys.stderr)
