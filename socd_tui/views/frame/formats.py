"""Output formats: what `--format` takes, and what the ending of a file's name asks for. One place each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, NoReturn

from socd_tui.charts.sheet import Sheet, as_csv, as_markdown, as_text
from socd_tui.model.errors import UsageError
from socd_tui.model.record import dataclass
from socd_tui.model.text import inert

if TYPE_CHECKING:
    from socd_tui.charts.ansi import Depth
    from socd_tui.charts.canvas import Line
    from socd_tui.charts.look import Looks


@dataclass(frozen=True)
class Drawing:
    """A picture, how its roles look, and what it is called."""

    lines: Sequence[Line]
    looks: Looks
    title: str
    depth: Depth = "all"
    """How many colours there are for it."""


def _none() -> NoReturn:
    raise AssertionError("this has no picture and no page: its format must be one of FIGURES")


@dataclass(frozen=True)
class Writable:
    """What can be written in any format. Only what is asked for is made."""

    sheet: Callable[[], Sheet]
    json: Callable[[], str]
    drawing: Callable[[], Drawing] = _none
    page: Callable[[], str] = _none
    """All of it on a page for a browser."""


Of = Literal["rows", "everything", "picture", "page"]
"""What a format is made of: the rows of the sheet, all that is known, the picture of the view, or a page."""


def _svg(drawing: Drawing) -> str:
    from socd_tui.charts.svg import as_svg  # late, as the other: most of what is printed is no picture

    return as_svg(drawing.lines, drawing.looks, drawing.title)


def _ansi(drawing: Drawing) -> str:
    from socd_tui.charts.ansi import as_ansi

    return as_ansi(drawing.lines, drawing.looks, drawing.depth)


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
    of: Of = "rows"
    captioned: bool = False
    """Whether a line above may say what is shown."""
    with_notes: bool = True
    """Whether the text holds the sheet's notes; else they belong beside it."""


FORMATS = (
    Format(
        name="table",
        title="Text",
        text=lambda figures: as_text(figures.sheet()),
        captioned=True,
    ),
    Format(
        name="json",
        title="JSON, with everything known",
        text=lambda figures: figures.json(),
        ending=".json",
        of="everything",
    ),
    Format(
        name="csv", title="CSV", text=lambda figures: as_csv(figures.sheet()), ending=".csv", with_notes=False
    ),
    Format(name="md", title="Markdown", text=lambda figures: as_markdown(figures.sheet()), ending=".md"),
    Format(
        name="html",
        title="A page for a browser",
        text=lambda figures: figures.page(),
        ending=".html",
        of="page",
    ),
    Format(
        name="svg",
        title="A picture of the screen",
        text=lambda figures: _svg(figures.drawing()),
        ending=".svg",
        of="picture",
    ),
    Format(
        name="ansi",
        title="Text with colours",
        text=lambda figures: _ansi(figures.drawing()),
        of="picture",
    ),
)

NAMES = tuple(each.name for each in FORMATS)
FIGURES = tuple(each.name for each in FORMATS if each.of in ("rows", "everything"))
"""Of what has no picture, as a list of keys."""
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
    from socd_tui.model.nearest import nearest_name

    near = nearest_name(ending[1:], [each[1:] for each in _ENDINGS])  # the dot makes all of them alike
    hint = f"The nearest is '.{near}'. " if near else ""
    raise UsageError(
        f"'{inert(ending)}' is no format of this program.", f"{hint}Let the name end in {ENDINGS}."
    )
