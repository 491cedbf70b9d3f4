"""How keys are called: by name and what tells namesakes apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from socd_tui.analysis.standing import Standing
from socd_tui.charts.canvas import Span
from socd_tui.charts.table import Column
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.text import Text, cell_width, clip_middle, clip_name, quoted
from socd_tui.views.parts.measure import Measure

R = TypeVar("R")

PLAIN_PATH = re.compile(r"(?:/[\w.~%{}:@+-]*)+", re.ASCII)

WORD = re.compile(r"[\w.…-]+#\w+")

MIN_NAME = 9
"""Columns below which a cut name says nothing: three letters, the ellipsis, and the short id."""


def label(key: ApiKey, width: int | None = None) -> str:
    """Production SIEM#zIc8: the name and what tells it from a namesake; only the name is cut."""
    name = f"{key.name.shown}#{key.short}"
    return name if width is None else clip_name(name, width)


def named(key: ApiKey, width: int | None = None) -> str:
    """'Production SIEM#zIc8': the label within a sentence, where nothing else tells it from our words."""
    return quoted(label(key, None if width is None else width - 2))


def named_briefly(key: ApiKey, width: int) -> str:
    """The same where room is scarce: a name of one word has its short id to tell it from ours."""
    shown = label(key, width)
    return shown if WORD.fullmatch(shown) else named(key, width + 2)


def path_named(path: Text, width: int) -> str:
    """A path within a sentence: in quotes unless nothing but a path looks like it."""
    if PLAIN_PATH.fullmatch(path.shown):
        return clip_middle(path.shown, width)
    return quoted(clip_middle(path.shown, width - 2))


def key_words(row: Standing) -> tuple[str, ...]:
    """A table's name cell: the short id leaves first, unless another key has the same name."""
    key = row.key
    return (label(key),) if row.has_namesake else (label(key), key.name.shown)


def key_measures(standing: Callable[[R], Standing | None], title: str = "key") -> tuple[Measure[R], ...]:
    """Whose row it is: the name, and in files prefix and id; nothing in a row that is no key's."""
    return (
        Measure(
            name="key",
            read=lambda row: of.key.name if (of := standing(row)) else None,
            kind="text",
            column=Column(title, "left", floor=16, cut="name"),
            words=lambda row, _: key_words(of) if (of := standing(row)) else ("",),
            role=lambda row: "title" if standing(row) else "ink",
            aliases=("name",),
            in_json=False,
        ),
        Measure(
            name="prefix",
            read=lambda row: of.key.prefix if (of := standing(row)) else None,
            kind="text",
            in_json=False,
        ),
        Measure(
            name="key_id",
            read=lambda row: of.key.id if (of := standing(row)) else None,
            kind="id",
            in_json=False,
            narrows=False,
        ),
    )


def subject_label(keys: Sequence[ApiKey], all_keys: Sequence[ApiKey], fleet: Fleet) -> str:
    """Which keys the figures are of: one by its label, several by their number.

    Where something is wrong with the list of keys nobody can say "all".
    """
    if len(keys) == 1:
        return label(keys[0])
    if len(keys) < len(all_keys):
        return f"{len(keys)} of {len(all_keys)} keys"
    return f"the {len(keys)} keys listed" if fleet.problems else f"all {len(keys)} keys"


def room_beside(figures: str, width: int) -> int:
    """Columns for the name that opens a read-out line, so that the first figures stand beside it."""
    room = width - cell_width(figures) - 3
    return room if room >= MIN_NAME else width - 1


def name_beside(key: ApiKey, figures: str, width: int) -> Span:
    """The key's name in a read-out line: whole when there is room, else cut for the sake of the figures."""
    return Span(label(key, min(room_beside(figures, width), 24)), "title")
