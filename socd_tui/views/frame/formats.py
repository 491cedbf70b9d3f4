"""Output formats: what `--format` takes, and what the ending of a file's name asks for. One place each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from socd_tui.charts.sheet import Sheet, as_csv, as_markdown, as_text
from socd_tui.model.errors import UsageError
from socd_tui.model.text import inert


@dataclass(frozen=True)
class Writable:
    """What can be written in any format: as rows, or as a JSON document. Only what is asked for is made."""

    sheet: Callable[[], Sheet]
    json: Callable[[], str]


@dataclass(frozen=True, kw_only=True)
class Format:
    """One way to write figures as text."""

    name: str
    title: str
    """What it is called in a sentence."""
    text: Callable[[Writable], str]
    """The text, without a line break at its end."""
    ending: str = ""
    """Of the names of files in it; empty where it is not meant for files."""
    has_rows: bool = True
    """Whether it is made of the sheet; else it holds everything."""
    captioned: bool = False
    """Whether a line above may say what is shown."""
    with_notes: bool = True
    """Whether the text holds the sheet's notes; else they belong beside it."""


FORMATS = (
    Format(name="table", title="Text", text=lambda figures: as_text(figures.sheet()), captioned=True),
    Format(
        name="json",
        title="JSON, with everything known",
        text=lambda figures: figures.json(),
        ending=".json",
        has_rows=False,
    ),
    Format(
        name="csv", title="CSV", text=lambda figures: as_csv(figures.sheet()), ending=".csv", with_notes=False
    ),
    Format(name="md", title="Markdown", text=lambda figures: as_markdown(figures.sheet()), ending=".md"),
)

NAMES = tuple(each.name for each in FORMATS)
_ENDINGS = [each.ending for each in FORMATS if each.ending]
ENDINGS = f"{', '.join(_ENDINGS[:-1])} or {_ENDINGS[-1]}"
"""For a sentence: the endings a file's name may have."""


def format_named(name: str) -> Format:
    """The format of that name, which is one of NAMES."""
    return next(each for each in FORMATS if each.name == name)


def format_of(path: PurePath) -> Format:
    """The format that a file's name asks for; JSON where it has no ending. Raises UsageError."""
    ending = path.suffix.lower()
    if not ending:
        return format_named("json")
    for each in FORMATS:
        if each.ending == ending:
            return each
    from socd_tui.model.nearest import nearest

    near = nearest(ending, _ENDINGS)
    hint = f"{near} Let the name end in {ENDINGS}.".lstrip()
    raise UsageError(f"'{inert(ending)}' is no format of this program.", hint)
