"""What a terminal sends, parted into keys and pasted text. Pure: bytes and the time in, items out.

What a terminal answers to a question, of this program or of the one before it, is no key and is left out.

A terminal that marks pastes says where one begins and ends. An older one sends a paste as if each of its
characters were a key, but so fast as nobody types. Either becomes one text, of which no more is kept than
anything here can use.
"""

from __future__ import annotations

import re

from socd_tui.model.record import dataclass

PASTE_START, PASTE_END = b"\x1b[200~", b"\x1b[201~"

FAST = 32
"""Characters that come in one piece and are a paste: more than a person types while the program is busy.

Fewer are keys, whatever they are: what is typed ahead comes in one piece too, over a slow line, and nothing
tells it from a short paste. To drop what was typed is worse than to obey a few letters that were pasted, as
no key changes anything at the service.
"""

HELD = 256
"""The same for one character over and over, as a key that is held down repeats."""

PAUSE_S = 0.1
"""After which an unmarked paste is over."""

AFTERMATH_S = 0.5
"""So long after it, two characters in one piece are its delayed rest."""

LOST_END_S = 2.0
"""After which a marked paste is over, too: its end may never come."""

SPLIT_S = 0.02
"""So long the beginning of a mark waits for its rest. It may be the escape key."""

LOST_REPLY_S = 0.5
"""After which an answer of the terminal is over whose end did not come."""

_REPLY_START = re.compile(rb"\x1b[]P_^X](?=[^\x1b\x03\x11])")
"""An answer that is a string (OSC, DCS, APC, PM, SOS of ECMA-48). Alone it is alt and a key."""
_REPLY_END = re.compile(rb"\x07|\x1b\\|(?=\x1b[^\\])|(?=[\x03\x11])", re.DOTALL)
_REPLY = re.compile(rb"\x1b\[(?:[?>=][0-9;]*[cnu]|[0-9;]*n|(?!1;[2-9]R)[0-9]+;[0-9]+R|(?!48;)[0-9;]+t)")
"""Answers of the form CSI that no key has: what the terminal is, its state, where its cursor is, its size.
Textual asks for reports that end with "$y", and for 48, the size in characters."""
_MAY_BE_REPLY = re.compile(rb"\x1b(?:[]P_^X]|\[[?>=]?[0-9;]*)$")

_SEQUENCE = re.compile(rb"\x1b(?:\[M.{3}|\[[0-?]*[ -/]*[@-~]|O.|[^\[O])", re.DOTALL)
_LEAVE = re.compile(rb"[\x03\x11]")
"""ctrl+c and ctrl+q, which are in no text."""


@dataclass(frozen=True)
class Pasted:
    """A pasted text, cut at the intake's limit."""

    text: str


Item = bytes | Pasted
"""Keys as they came, or a text."""


class Intake:
    """Takes what was read, in any pieces. `due` is when to call `settle` if nothing comes before."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        """Bytes that are kept of a paste."""
        self._text = bytearray()
        self._marked = self._fast = False
        """Whether a paste goes on, with marks or without."""
        self._reply = False
        """Whether an answer of the terminal goes on."""
        self._rest = b""
        """What may be the beginning of a mark."""
        self._rushed = float("-inf")
        self.due: float | None = None

    def take(self, data: bytes, now: float) -> list[Item]:
        """What is known to be over by now (monotonic seconds)."""
        items: list[Item] = []
        data, self._rest, self.due = self._rest + data, b"", None
        while data:
            if self._reply:
                data = self._skip_reply(data)
            elif self._marked:
                data = self._take_marked(data, items)
            else:
                data = self._take_unmarked(data, now, items)
        if self._reply:
            self.due = now + LOST_REPLY_S
        elif self._marked:
            self.due = now + LOST_END_S
        elif self._fast:
            self.due = now + PAUSE_S
        elif self._rest:
            self.due = now + SPLIT_S
        return items

    def settle(self, now: float) -> list[Item]:
        """What is over because nothing came until `due`."""
        if self.due is None or now < self.due:
            return []
        items: list[Item] = []
        rest, self._rest, self.due = self._rest, b"", None
        if self._reply:
            self._reply = False
            if self._fast:
                self._end(items)
        elif self._marked or self._fast:
            self._keep(rest)
            self._end(items)
        elif rest:
            items.append(rest)
        return items

    def _take_marked(self, data: bytes, items: list[Item]) -> bytes:
        end = data.find(PASTE_END)
        if end < 0:
            whole = len(data) - _begun(data, PASTE_END)
            self._keep(data[:whole])
            self._rest = data[whole:]
            return b""
        self._keep(data[:end])
        self._end(items)
        return data[end + len(PASTE_END) :]

    def _skip_reply(self, data: bytes) -> bytes:
        end = _REPLY_END.search(data)
        if end is None:
            self._rest = data[-1:] if data.endswith(b"\x1b") else b""
            return b""
        self._reply = False
        return data[end.end() :]

    def _take_unmarked(self, data: bytes, now: float, items: list[Item]) -> bytes:
        start, reply = data.find(PASTE_START), _REPLY_START.search(data)
        if reply and (start < 0 or reply.start() < start):
            self._take_piece(data[: reply.start()], now, items)
            self._reply = True
            return data[reply.end() :]
        piece, data = (data, b"") if start < 0 else (data[:start], data[start + len(PASTE_START) :])
        may_be = _MAY_BE_REPLY.search(piece)
        begun = max(_begun(piece, PASTE_START), len(may_be[0]) if may_be else 0)
        if start < 0 and begun:
            piece, self._rest = piece[:-begun], piece[-begun:]
        self._take_piece(piece, now, items)
        if start >= 0:
            self._end(items)
            self._marked = True
        return data

    def _take_piece(self, piece: bytes, now: float, items: list[Item]) -> None:
        begins, piece = 0, _REPLY.sub(b"", piece)
        for leave in _LEAVE.finditer(piece):
            self._take_text(piece[begins : leave.start()], now, items)
            self._end(items)
            items.append(leave[0])
            begins = leave.end()
        self._take_text(piece[begins:], now, items)

    def _take_text(self, piece: bytes, now: float, items: list[Item]) -> None:
        if not piece:
            return
        text = _SEQUENCE.sub(b"", piece)
        if self._fast and not text:  # the mouse, or arrows
            self._end(items)
        if self._fast or _too_fast(text) or (len(text) > 1 and now < self._rushed + AFTERMATH_S):
            self._fast, self._rushed = True, now
            self._keep(piece)
        else:
            items.append(piece)

    def _keep(self, piece: bytes) -> None:
        self._text += piece[: max(self._limit - len(self._text), 0)]

    def _end(self, items: list[Item]) -> None:
        """Ends a paste that goes on, if one does."""
        if self._marked or self._fast:
            items.append(Pasted(self._text.decode("utf-8", "replace").replace("\x00", "")))
        self._text = bytearray()
        self._marked = self._fast = False


def _too_fast(text: bytes) -> bool:
    return len(text) >= HELD or (len(text) >= FAST and len(set(text)) > 1)


def _begun(data: bytes, mark: bytes) -> int:
    """How many bytes at the end of the data are the beginning of the mark."""
    return next((n for n in range(len(mark) - 1, 0, -1) if data.endswith(mark[:n])), 0)
