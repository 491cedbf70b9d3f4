"""Two processes: the program, and its guardian, which gives the terminal back whatever becomes of it.

A handler written in Python does not run while the interpreter is held by C code, nor after `kill -9`. So
the process that the person started only waits, at no cost, and the program runs in a child that is forked
before anything else is loaded: what both have is copied as the child goes on. The guardian passes signals on,
stops and goes on with the child, and ends with its exit code. When the child was asked to leave and does not,
or is gone without having put the terminal in order, the guardian does both.
"""

from __future__ import annotations

import array
import fcntl
import gc
import os
import select
import signal
import sys
import termios
import time
from contextlib import suppress
from functools import partial

from socd_tui.store.environment import VARIABLE, taken
from socd_tui.tui.ward import PRESSED, Ward, asked_for, become_ward, ward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

GRACE_S = 0.6
"""How long the program has to leave by itself when it was asked to."""

KEY_GRACE_S = 0.35
"""The same when only a key asks, which it did not read at once. If it does in this time, it goes on."""

UNREAD_S = 0.15
"""A key that the program has not read for so long is looked at: it reads each within milliseconds."""

ASKED_TWICE_S = 0.1
"""How long a signal that stops may take to have reached the child as well, as one to the whole job does."""

NEVER = float("inf")

LEAVING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
NOTICED = (*LEAVING, signal.SIGTSTP, signal.SIGCHLD)

# Out of the alternate screen; cursor, wrapping and colours as usual; mouse, focus and paste reports off.
# It begins with the end of a sequence that was cut short.
RESTORE = (
    b"\x18\x1b[?1049l\x1b[?25h\x1b[?7h\x1b[0m\x1b[?2048l"
    b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1016l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[<u"
)


def guarded(program: Callable[[], int]) -> int:
    """Runs `program` in a child of this process, which waits for it. Returns its exit code in both.

    What is on the stack is left twice: by the child, then by the guardian. Inside a guarded program it
    only calls. The guardian has no session: it takes that of the environment out of its own.
    """
    if ward().guarded:
        return program()
    sys.stdout.flush()
    sys.stderr.flush()
    mine, typed, signals = Ward(), os.pipe(), os.pipe()
    for end in (typed[1], signals[1]):
        os.set_blocking(end, False)
    tty = _terminal()
    modes = termios.tcgetattr(tty)  # before the program has any of its own
    gc.freeze()  # the collector would write to all that is here, and each page be copied for the child
    before = signal.pthread_sigmask(signal.SIG_BLOCK, NOTICED)
    try:
        child = os.fork()
    except OSError:  # no room for another process: the program alone is better than none
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(tty)
        return program()
    if child == 0:
        os.close(tty)
        os.close(typed[1])
        os.close(signals[0])
        for number in LEAVING:  # until the program has its own handlers it has nothing to lose
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        become_ward(mine.with_pipes(typed=typed[0], signals=signals[1]))
        return program()
    os.close(typed[0])
    os.close(signals[1])
    taken(os.environ, VARIABLE)
    return _Guardian(child, mine, tty, modes, typed=typed[1], signals=signals[0]).watch(before)


class _Guardian:
    """What the waiting process knows of its child, and does for it."""

    def __init__(
        self, child: int, board: Ward, tty: int, modes: list[Any], *, typed: int, signals: int
    ) -> None:
        self._child, self._board, self._typed, self._signals = child, board, typed, signals
        self._tty, self._modes = tty, modes
        self._poll = select.poll()
        self._asked: int | None = None
        """The exit code of whoever asked the child to leave."""
        self._ends = NEVER
        """When the child has to be gone, if it was asked to leave (monotonic seconds)."""
        self._looks = NEVER
        """When to look whether the key that just came has been read."""
        self._reads = 0
        """How often the child had read when the key came, or when it was asked to leave with one."""
        self._by_key = False
        self._status: int | None = None

    def watch(self, before: set[int | signal.Signals]) -> int:
        """The exit code, when the child has ended and the terminal is in order."""
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        for noticed in NOTICED:
            signal.signal(noticed, lambda *_: None)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._poll.register(woken, select.POLLIN)
        self._poll.register(self._signals, select.POLLIN)
        self._poll.register(self._tty, select.POLLIN)
        self._reap()
        while self._status is None:
            for descriptor, what in self._poll.poll(self._pause_ms()):
                if descriptor == self._tty:
                    self._noticed_input(what)
                elif what & select.POLLIN:
                    for number in os.read(descriptor, 512):  # a byte each
                        self._noticed_signal(number, own=descriptor == woken)
                else:  # the child's end is closed
                    self._poll.unregister(descriptor)
            self._noticed_time()
        return self._after(self._status)

    def _pause_ms(self) -> float | None:
        until = min(self._ends, self._looks)
        return None if until == NEVER else max(until - time.monotonic(), 0) * 1000 + 1

    # --- what happens ----------------------------------------------------------------------------

    def _noticed_signal(self, number: int, *, own: bool) -> None:
        """One of this process's; or one that the child got by itself, or a key that it does not obey."""
        if number in LEAVING:
            self._ask_to_leave(number)
            if own:
                self._send(number)
        elif number >= PRESSED:
            self._reads = self._board.reads
            self._ask_to_leave(number - PRESSED, by_key=True)
        elif number == signal.SIGTSTP and own:
            time.sleep(ASKED_TWICE_S)
            if not self._reap():
                self._send(number)
        elif number == signal.SIGCHLD and own:
            self._reap()

    def _noticed_input(self, what: int) -> None:
        """Something was typed, or the terminal is gone."""
        self._poll.unregister(self._tty)
        if what & select.POLLNVAL:  # some systems cannot watch a terminal: then nobody watches
            return
        if what & (select.POLLHUP | select.POLLERR):  # Textual would read its end over and over
            self._ask_to_leave(signal.SIGHUP)
            self._send(signal.SIGHUP)
            return
        self._reads, self._looks = self._board.reads, time.monotonic() + UNREAD_S

    def _noticed_time(self) -> None:
        now = time.monotonic()
        if now >= self._looks:
            self._looks = NEVER
            if self._stuck() and _waiting(self._tty):
                self._look_at_keys()
            self._poll.register(self._tty, select.POLLIN)
        if now >= self._ends:
            self._ends = NEVER
            if self._by_key and not self._stuck():
                self._asked, self._by_key = None, False  # it obeys again
            else:
                self._send(signal.SIGKILL)

    def _stuck(self) -> bool:
        """Whether the child should read what is typed, and does not."""
        return self._board.reading and self._board.reads == self._reads and _in_front(self._tty)

    def _look_at_keys(self) -> None:
        """Takes what the child does not read, and gives it to the child on the way that it reads first."""
        try:
            keys = os.read(self._tty, 4096)
            os.write(self._typed, keys)
        except OSError:  # taken by the child just now; or it has so much to read already
            return
        number = asked_for(keys, quits=self._board.quits)
        if number is not None:
            self._ask_to_leave(number, by_key=True)

    def _ask_to_leave(self, number: int, *, by_key: bool = False) -> None:
        """The first who asks decides the exit code, but a signal before a key."""
        if self._asked is None or (self._by_key and not by_key):
            self._asked, self._by_key = 128 + number if number else 0, by_key
        self._ends = min(self._ends, time.monotonic() + (KEY_GRACE_S if by_key else GRACE_S))

    # --- the child -------------------------------------------------------------------------------

    def _send(self, number: int) -> None:
        if self._status is None:
            with suppress(ProcessLookupError):
                os.kill(self._child, number)

    def _reap(self) -> bool:
        """Whether the child has ended or stopped. Stops as well, as the shell sees only this process."""
        child, status = os.waitpid(self._child, os.WNOHANG | os.WUNTRACED)
        if child == 0:
            return False
        if not os.WIFSTOPPED(status):
            self._status = status
        elif self._asked is None:
            os.kill(os.getpid(), signal.SIGSTOP)
            self._send(signal.SIGCONT)
        return True

    def _after(self, status: int) -> int:
        """Puts in order what the child left behind, and says what only this process knows."""
        if self._board.drawn and _in_front(self._tty):
            _give_back(self._tty, self._modes)
        if not os.WIFSIGNALED(status):
            return os.waitstatus_to_exitcode(status)
        _remove(self._board.folders)
        number = os.WTERMSIG(status)
        if self._asked is None and number not in LEAVING:
            print(f"socd-tui: The program was ended by {signal.Signals(number).name}.", file=sys.stderr)
        if self._by_key and self._board.reads:  # else it had just begun
            print("socd-tui: The program was stuck and was ended.", file=sys.stderr)
        return 128 + number if self._asked is None else self._asked


def _terminal() -> int:
    """The terminal, opened anew: nothing waits for it, and the shell does not share how it is read."""
    for find in (partial(os.ttyname, 0), os.ctermid):
        with suppress(OSError):  # another person's terminal, after `su`; or none that sends signals
            return os.open(find(), os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    tty = os.dup(0)
    os.set_blocking(tty, False)
    return tty


def _in_front(tty: int) -> bool:
    """Whether the terminal is this job's, not that of a shell which has it in the background."""
    try:
        return os.tcgetpgrp(tty) == os.getpgrp()
    except OSError:  # not the terminal that signals come from: nobody else has it
        return True


def _remove(folders: Sequence[str]) -> None:
    if folders:
        import shutil

        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def _waiting(tty: int) -> int:
    """How many bytes were typed that nobody has read."""
    count = array.array("i", [0])
    with suppress(OSError):
        fcntl.ioctl(tty, termios.FIONREAD, count)
    return count[0]


def _give_back(tty: int, modes: list[Any]) -> None:
    """Modes and screen as they were, even of a terminal that is full and not read."""
    with suppress(OSError, termios.error):
        termios.tcflush(tty, termios.TCIFLUSH)  # what was typed at the program is no command for the shell
        for _ in range(20):
            termios.tcflush(tty, termios.TCOFLUSH)  # what it has not shown yet makes room
            with suppress(BlockingIOError):
                os.write(tty, RESTORE)
                break
            time.sleep(0.01)
    with suppress(termios.error):
        termios.tcsetattr(tty, termios.TCSANOW, modes)
