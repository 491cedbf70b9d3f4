"""What a person has chosen on the screen as it is kept, and what it means for what is on the screen."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from socd_tui.charts.glyphs import Glyphs
from socd_tui.model.lens import Lens
from socd_tui.model.record import dataclass, replace
from socd_tui.model.session import Session
from socd_tui.store.choices import Choices, ChoicesFile
from socd_tui.views.registry import views


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """Where choices are kept, and what they mean here."""

    file: Callable[[Session], ChoicesFile]
    """Of the account of a session."""
    glyphs: Callable[[str], Glyphs]
    """Those of a level, as far as the terminal and the command line allow it."""
    usual: Choices
    """What is there where nothing is chosen: by the settings, the terminal and the program."""
    given: frozenset[str] = frozenset()
    """Names of the choices that the command line has made for this run."""
    last: tuple[ChoicesFile, Choices] | None = None
    """What has been read of the account that is signed in at the start, and is looked through already."""


def through(lens: Lens, choices: Choices, given: Collection[str] = ()) -> Lens:
    """The Lens with what was chosen and still exists, but for what is `given`."""
    there = {view.name: view for view in views()}
    changes: dict[str, Any] = {}
    if choices.days is not None and "days" not in given:
        changes["days"] = choices.days
    if choices.local is not None:
        changes["local"] = choices.local
    if choices.sorts is not None:
        changes["sorts"] = {
            name: sort
            for name, sort in choices.sorts.items()
            if name in there
            and (measures := there[name].measures) is not None
            and sort.column in measures.names.names
        }
    if choices.beside in there:
        changes["beside"] = choices.beside
    if choices.rescaled is not None:
        changes["rescaled"] = choices.rescaled.intersection(there)
    return replace(lens, **changes)


def choices_of(lens: Lens, *, theme: str, glyphs: str, coached: bool | None = None) -> Choices:
    """All that is chosen by what is on the screen."""
    return Choices(
        theme=theme,
        glyphs=glyphs,
        local=lens.local,
        days=lens.days,
        sorts=dict(lens.sorts),
        beside=lens.beside,
        rescaled=lens.rescaled,
        coached=coached,
    )
