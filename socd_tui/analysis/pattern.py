"""Patterns that people type, searched for in names that other people chose, in time linear in both.

The engine is RE2. It knows what `re` knows except look-around and references back, whose search has no bound;
`\\w`, `\\d` and `\\b` mean ASCII in it, and `\\pL` a letter of any script.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from socd_tui.model.errors import UsageError
from socd_tui.model.text import inert

if TYPE_CHECKING:
    import re2

MAX_STEPS = 500
"""Steps of the program that the engine runs: about one a byte of the pattern, times what repeats it.

Each byte of a text takes up to so many times some nanoseconds: 1,000 names of 256 letters two seconds.
"""

MAX_STEPS_OF_CLASSES = 10_000
"""The same where letters of all scripts, which are 1,200 steps, count like those of ASCII."""

MEMORY = 1 << 20
"""Bytes that a compiled pattern may take."""

REMEMBERED = 20_000
"""Texts whose answer a pattern keeps: each repaint asks again, mostly for the same ones."""

_NO_LOOKING = "Look-around and references back are not known here; !/pattern/ keeps the rows without one."
_REFUSED = (
    (r"pattern too large", "it is too large", "Repeat less of it, or fewer times."),
    (r"invalid perl operator|invalid escape sequence: \\[1-9gk]", "'{}' is not known here", _NO_LOOKING),
    (r"invalid escape sequence: \\Z", "'{}' is not known here", "Write $ or \\z for the end."),
    (r"invalid escape sequence", "'{}' is not known here", "For a backslash itself write two."),
    (r"invalid repetition size", "{} repeats too often, or backwards", "Repeat at most 1,000 times in all."),
    (r"bad repetition operator", "'{}' repeats a repetition", "Put the inner one into parentheses."),
    (r"no argument for repetition", "nothing stands before '{}'", "For the sign itself write \\ before it."),
    (r"missing \)", "a ( is not closed", "For a ( itself write \\(."),
    (r"unexpected \)", "a ) has no (", "For a ) itself write \\)."),
    (r"missing ?\]", "a [ is not closed", "For a [ itself write \\[."),
    (
        r"invalid character class",
        "'{}' is no range or class of characters",
        "Write [a-z], or \\pL for letters.",
    ),
    (r"invalid named capture", "'{}' is no name of a group", "Write (?:…) for a group."),
    (r"trailing \\", "it ends with a backslash", "For a backslash itself write two."),
)
"""How the engine's messages begin, what they say in our words, and what to do."""

_CLASS = re.compile(r"\\[pP](?:\w|\{\^?\w+\})", re.ASCII)
_ASCII_ALONE = re.compile(r"(?<!\\)(?:\\\\)*\\[bB]")


class Pattern:
    """A pattern that works. Raises UsageError, with the reason, for one that does not."""

    def __init__(self, text: str) -> None:
        text = inert(text, len(text))
        self._program = _compiled(text)
        self._seen: dict[str, bool] = {}
        if not text.isascii() and _ASCII_ALONE.search(text):
            raise UsageError(
                "That pattern does not work: '\\b' sees no edges of words beyond ASCII.",
                "Write (^|[^\\pL]) or ([^\\pL]|$) for the edge of a word.",
            )
        small = _CLASS.sub(r"\\w", text)
        steps = _compiled(small).programsize
        if steps > MAX_STEPS or self._program.programsize > MAX_STEPS_OF_CLASSES:
            raise _refusal("pattern too large")

    def matches(self, text: str) -> bool:
        """Whether it occurs in what is shown of the text, in any case."""
        found = self._seen.get(text)
        if found is None:
            found = self._program.search(inert(text)) is not None
            if len(self._seen) >= REMEMBERED:
                self._seen.clear()
            self._seen[text] = found
        return found


@lru_cache(maxsize=8)
def parse_pattern(text: str) -> Pattern:
    """The pattern with the answers it has given, while it is in use. Raises UsageError."""
    return Pattern(text)


def _compiled(text: str) -> re2._Regexp:
    import re2  # first needed with the first pattern

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False  # on the terminal, below the picture
    options.never_capture = True
    options.max_mem = MEMORY
    try:
        return re2.compile(text, options)
    except re2.error as error:
        raise _refusal(_words(error)) from None


def _words(error: Exception) -> str:
    """The engine's message, which it gives as bytes."""
    message: object = error.args[0] if error.args else ""
    return message.decode("utf-8", "replace") if isinstance(message, bytes) else str(message)


def _refusal(message: str) -> UsageError:
    about = message.partition(": ")[2][:30]
    for beginning, reason, next_step in _REFUSED:
        if re.match(beginning, message):
            return UsageError(f"That pattern does not work: {reason.format(about)}.", next_step)
    return UsageError("That pattern does not work.", "Write it as /regex/.")
