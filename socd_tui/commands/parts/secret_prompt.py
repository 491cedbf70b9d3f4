"""A prompt that shows nothing and loses nothing.

A terminal in line mode cuts a pasted line at 1,024 (macOS) or 4,095 (Linux) characters, and a token can
be longer; so the terminal is read in raw mode. Bracketed paste keeps a command of several lines whole.
"""

from __future__ import annotations

import os
import signal
import sys
import termios
import tty
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from socd_tui.model.token import MAX_PASTE

PASTE_ON, PASTE_OFF = b"\x1b[?2004h", b"\x1b[?2004l"
_PASTE_START, _PASTE_END = b"\x1b[200~", b"\x1b[201~"
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_INTERRUPT, _END, _CLEAR, _BACK = 0x03, 0x04, 0x15, (0x08, 0x7F)


def ask_secret(prompt: str) -> str:
    """What was typed or pasted up to the enter key. Raises KeyboardInterrupt on ctrl+c.

    Only standard error is written to, and the terminal is as it was afterwards, also after a signal.
    """
    source = sys.stdin.fileno()
    before = termios.tcgetattr(source)
    handlers = {number: signal.signal(number, _leave) for number in _SIGNALS}
    try:
        tty.setraw(source, termios.TCSADRAIN)
        # Not before: whoever pastes as soon as they are asked would see it.
        sys.stderr.write(prompt)
        sys.stderr.flush()
        os.write(sys.stderr.fileno(), PASTE_ON)
        typed = _read(source)
    finally:
        with suppress(OSError, termios.error):  # the terminal may be what has gone
            termios.tcsetattr(source, termios.TCSADRAIN, before)
            os.write(sys.stderr.fileno(), PASTE_OFF + b"\n")
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return typed.decode("utf-8", "replace")


def _leave(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _read(source: int) -> bytes:
    """Bytes until enter outside a paste, with the editing keys obeyed."""
    typed, pasting = bytearray(), False
    pending = b""
    while len(typed) <= MAX_PASTE:
        chunk = os.read(source, 4096)
        if not chunk:
            return bytes(typed)
        pending += chunk
        while pending:
            if len(pending) < 6 and any(marker.startswith(pending) for marker in (_PASTE_START, _PASTE_END)):
                break  # the rest of a marker is still to come
            if pending.startswith((_PASTE_START, _PASTE_END)):
                pasting, pending = pending.startswith(_PASTE_START), pending[6:]
                continue
            byte, pending = pending[0], pending[1:]
            if not pasting and byte in (0x0D, 0x0A, _END):
                return bytes(typed)
            if not pasting and byte == _INTERRUPT:
                raise KeyboardInterrupt
            if byte == _CLEAR and not pasting:
                typed.clear()
            elif byte in _BACK and not pasting:
                del typed[-1:]
            else:
                typed.append(0x0A if byte == 0x0D else byte)
    return bytes(typed)
