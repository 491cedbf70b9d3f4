"""Reads the terminal: from bytes to what Textual calls messages, and whether they ask to leave."""

from __future__ import annotations

import os
import select
import threading
from codecs import getincrementaldecoder
from collections.abc import Iterable
from time import monotonic
from typing import Any, Protocol

from textual.events import Paste
from textual.message import Message

from socd_tui.model.token import MAX_PASTE
from socd_tui.tui.intake import SPLIT_S, Intake, Item, Pasted
from socd_tui.tui.ward import PRESSED, asked_for, ward

TICK_S = 0.1
"""How often the reading thread looks whether it is to end, and whether a sequence is complete."""

DEAF_S = 0.15
"""How long the event loop may leave a key that ends the program before the guardian is told of it."""


class Hears(Protocol):
    """Whom the messages are for."""

    fileno: int
    """The terminal."""

    def process_message(self, message: Message) -> None: ...

    def answers(self) -> threading.Event:
        """Is set as soon as the event loop gets to it."""


class Parser(Protocol):
    """Textual's, of what terminals send."""

    due: float | None
    """When what has begun is over if nothing comes (monotonic seconds)."""

    def feed(self, data: str) -> Iterable[Any]: ...

    def tick(self) -> Iterable[Any]: ...


class Reader:
    """From bytes to Textual's messages."""

    def __init__(self, driver: Hears, parser: Parser) -> None:
        self._driver, self._parser = driver, parser
        self._intake = Intake(MAX_PASTE + 1)  # one more than a token is looked for in
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._sources = [driver.fileno, ward().typed] if ward().guarded else [driver.fileno]
        self._asked: tuple[int, float, threading.Event] | None = None
        """A signal's number, or 0 to quit; until when; and whether the loop was there meanwhile."""

    def read(self) -> None:
        """Waits a moment for input and sends what it was to the app. Raises OSError when it has ended."""
        dues = [self._intake.due, self._parser.due, self._asked and self._asked[1]]
        until = min(due for due in (*dues, float("inf")) if due is not None)
        wait_s = min(max(until - monotonic(), 0.001), TICK_S)
        ready = select.select(self._sources, [], [], wait_s)[0]
        for source in reversed(ready):  # what the guardian took out was typed before
            # Between two lines the interpreter may have been held for long: the guardian took this out.
            if not select.select([source], [], [], 0)[0]:
                continue
            data = os.read(source, 4096)
            if not data:
                raise OSError("the terminal, or who guards it, is gone")
            ward().has_read()
            self.take(data)
        if held := self._intake.settle(monotonic()):
            self._send(held)
            if self._parser.due is not None:  # as the escape key, which has waited a part of that
                self._parser.due -= SPLIT_S
        for message in self._parser.tick():
            self._driver.process_message(message)
        self._see_whether_it_leaves()

    def take(self, data: bytes) -> None:
        """What was typed."""
        self._watch_for_leaving(data)
        self._send(self._intake.take(data, monotonic()))

    def _send(self, items: Iterable[Item]) -> None:
        for item in items:
            if isinstance(item, Pasted):
                self._driver.process_message(Paste(item.text))
                continue
            text = self._decode(item)
            for message in self._parser.feed(text) if text else ():  # no text would end the parser
                self._driver.process_message(message)

    def _watch_for_leaving(self, data: bytes) -> None:
        number = asked_for(data, quits=ward().quits)
        if number is not None and self._asked is None:
            self._asked = number, monotonic() + DEAF_S, self._driver.answers()

    def _see_whether_it_leaves(self) -> None:
        """Tells the guardian of a loop that is stuck although keys are read; and when it is no longer."""
        if self._asked is None:
            return
        number, until, answered = self._asked
        if answered.is_set():
            self._asked = None
            ward().has_read()
        elif monotonic() >= until:
            self._asked = number, float("inf"), answered
            if ward().guarded:
                os.write(ward().signals, bytes([PRESSED + number]))
