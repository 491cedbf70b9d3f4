"""Sentences in lines of so many columns."""

from __future__ import annotations

import re

from socd_tui.model.text import cell_width, clip_middle, quoted

_WORD = re.compile(r"(?:(?<=\s)|^)'([^']*)'(\S*)|\S+")


def wrapped(sentence: str, width: int) -> list[str]:
    """The words of a sentence in lines of at most so many columns; a longer word has a line of its own.

    A name in quotes is one word, and cut where a line cannot hold it: a part of it could be taken for ours.
    """
    rows = [""]
    for found in _WORD.finditer(sentence):
        word, name, after = found[0], found[1], found[2]
        if name is not None and cell_width(word) > width:
            word = f"{quoted(clip_middle(name, max(width - 2 - len(after), 1)))}{after}"
        longer = f"{rows[-1]} {word}".lstrip()
        if rows[-1] and cell_width(longer) > width:
            rows.append(word)
        else:
            rows[-1] = longer
    return rows
