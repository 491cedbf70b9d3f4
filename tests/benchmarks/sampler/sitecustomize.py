"""Python loads this at its start where it finds it: it then notes every half millisecond what it does.

`BENCHMARK_NOTES` names the folder of the notes; without it nothing is done. What is started writes a file,
its forks the same, a line a note: the moment (`time.perf_counter`), the process, the bytes that it holds,
whether it is in what `inside.py` measures, and what it does. Most is killed, so each note is written at once.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
from collections.abc import Iterator
from time import perf_counter
from types import FrameType

EVERY_S = 0.0005
OURS, LOADER, LOADING = "socd_tui.", "importlib._bootstrap", "loading"
PYTHON, WAITS = "Python's library", ("selectors", "threading")
WAITING = "waiting"
IDLE = (WAITING, "-", "tui.reader")
"""What a thread does that leaves the processor to others."""
UNTOLD = (PYTHON, "socd_tui", __name__, "")
"""Packages that are not told beside the module that they work for."""
MEASURING = ("elapsed", "spent")
"""The functions of `inside.py` that measure what they call."""

ASIDE = {("socd_tui.tui.guardian", "watch"), ("socd_tui.service.demo.apart", "_serve")}
"""Forks that are not the program: what guards it, and what it asks."""


def _start(folder: str) -> None:
    notes = os.open(f"{folder}/{os.getpid()}.notes", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    page = os.sysconf("SC_PAGE_SIZE")

    def begin() -> None:
        process, held = os.getpid(), os.open("/proc/self/statm", os.O_RDONLY)

        def note(_signal: int, frame: FrameType | None) -> None:
            if any(_place(each) in ASIDE for each in _frames(frame)):
                signal.setitimer(signal.ITIMER_REAL, 0)
                return
            pages = int(os.pread(held, 100, 0).split()[1])
            measured, doing = _doing(frame)
            others = [_doing(each)[1] for each in sys._current_frames().values() if each is not frame]
            loads = [other for other in others if other.startswith(LOADING)]
            works = [other for other in others if other not in IDLE] if doing in IDLE else []
            doing = next(iter(loads or works), doing)
            told = f"{perf_counter():.6f} {process} {pages * page} {measured:d} {doing}\n"
            os.write(notes, told.encode())

        signal.signal(signal.SIGALRM, note)
        signal.setitimer(signal.ITIMER_REAL, EVERY_S, EVERY_S)

    os.register_at_fork(after_in_child=begin)  # a timer is the process's own
    atexit.register(signal.setitimer, signal.ITIMER_REAL, 0)  # nobody listens any more when Python ends
    begin()


def _doing(frame: FrameType | None) -> tuple[bool, str]:
    """Whether it is measured; and the innermost module of the program, or the package that is being loaded.

    A package that works for a module is told with it: `plotext for charts.plot`.
    """
    ours, loads, measured = "", "", False
    inner = _place(frame)[0] if frame else ""
    for each in _frames(frame):
        module, function = _place(each)
        if not loads and module == LOADER and function == "_find_and_load":
            loads = f"{LOADING} {_package(each.f_locals['name'])}"
        elif not ours and module.startswith(OURS):
            ours = module.removeprefix(OURS)
        measured = measured or function in MEASURING
    works = "" if _package(inner) in UNTOLD else f"{_package(inner)} for "
    return measured, WAITING if inner in WAITS else loads or (works + ours if ours else "-")


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _place(frame: FrameType) -> tuple[str, str]:
    return frame.f_globals.get("__name__", ""), frame.f_code.co_name


def _package(module: str) -> str:
    package = module.partition(".")[0]
    return PYTHON if package in sys.stdlib_module_names else package


if os.environ.get("BENCHMARK_NOTES"):
    _start(os.environ["BENCHMARK_NOTES"])
