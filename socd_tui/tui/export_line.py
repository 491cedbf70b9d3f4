"""The line of `E`: to which file, whose ending says in which format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.suggester import Suggester

from socd_tui.live.thread import in_thread
from socd_tui.model.errors import SocdError, UsageError
from socd_tui.tui.bottom_line import BottomLine
from socd_tui.views.frame.formats import FORMATS, Format, format_of

if TYPE_CHECKING:
    from socd_tui.tui.actions import Actions
    from socd_tui.views.view import View

Export = Callable[[Path, str, Callable[[Path], None], Callable[[SocdError], None]], None]
"""Begins to write to the path, with rows of what is named; calls one of two: with where, or with why not."""

OF_FILES = tuple(each for each in FORMATS if each.ending)


class ExportLine(BottomLine):
    """Tab goes through the formats, and through what the rows of a file can be of."""

    SAYS: ClassVar = 3
    HINTS: ClassVar = (("enter", "export"), ("tab", "next format"), ("→", "complete"), ("esc", "close"))

    def __init__(self, app: Actions, path: Path, view: View, by: str, export: Export) -> None:
        super().__init__(app, "export to", path.name)
        self._folder, self._export = path.parent, export
        self._is_writing = False
        self._by = by
        self._ways = [
            (each, by)
            for each in OF_FILES
            for by in (view.groupings if each.of == "rows" and view.groupings else ("",))
        ]

    def suggester(self) -> Suggester:
        return Completion(self._folder)

    def typed(self, text: str) -> None:
        try:
            wanted = format_of(self._path(text))
        except SocdError as error:
            self.tell(str(error), "bad")
            return
        now = _words(wanted, self._way_by(wanted))
        self.tell(f"{now}; tab: {_words(*self._next(wanted))}. No file is written over.", "ink")

    def entered(self, text: str) -> None:
        """What cannot be written stays to be corrected."""
        if self._is_writing:
            return
        try:
            path = self._path(text)
        except SocdError as error:
            self._refused(error)
            return
        self._is_writing = True
        self._export(path, self._by, self._done, self._refused)

    def _done(self, path: Path) -> None:
        if self.is_current:
            self.dismiss(None)
        name = path.name if path.parent == self._folder else path
        self._desk_app.notify(f"Exported to {name}", markup=False)

    def _refused(self, error: SocdError) -> None:
        self._is_writing = False
        if self.is_attached:
            self.tell(str(error), "bad")
        else:
            self._desk_app.notify(str(error), severity="error", markup=False)

    def kept(self, text: str) -> None:
        """The next format, with its ending."""
        path = Path(text)
        now = next((each for each in OF_FILES if each.ending == path.suffix.lower()), None)
        wanted, self._by = self._next(now)
        named = text[: len(text) - len(path.suffix)] if now else text
        if named + wanted.ending == text:
            self.typed(text)
        self.write(named + wanted.ending)

    def _next(self, now: Format | None) -> tuple[Format, str]:
        at = next((n for n, way in enumerate(self._ways) if way == (now, self._way_by(now))), -1)
        return self._ways[(at + 1) % len(self._ways)]

    def _way_by(self, now: Format | None) -> str:
        return self._by if now is not None and now.of == "rows" else ""

    def _path(self, text: str) -> Path:
        """The path that was typed, from the folder that exports go to, with `~` made whole."""
        try:
            return self._folder / Path(text).expanduser()
        except RuntimeError:
            raise UsageError("There is no such user's folder.", "Type the path from the root.") from None


def _words(each: Format, by: str) -> str:
    return f"{each.title}, a row for each {by}" if by else each.title


class Completion(Suggester):
    """A folder that begins as what is typed does, else an ending."""

    def __init__(self, folder: Path) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._folder = folder

    async def get_suggestion(self, value: str) -> str | None:
        return await in_thread(lambda: completed(value, self._folder)) if value else None


def completed(text: str, folder: Path) -> str | None:
    """The text with what it can only, or most likely, go on with; None where that is nothing."""
    head, slash, tail = text.rpartition("/")
    try:
        inside = folder / Path(head + slash).expanduser()
        folders = sorted(
            each.name for each in inside.iterdir() if each.name.startswith(tail) and each.is_dir()
        )
    except (OSError, RuntimeError, ValueError):
        folders = []
    found = next((name for name in folders if tail or not name.startswith(".")), None)
    if found is not None and tail:
        return f"{head}{slash}{found}/"
    stem, dot, begun = tail.rpartition(".")
    if not tail or (dot and not stem):
        return None
    endings = [each.ending for each in OF_FILES if dot and each.ending.startswith(f".{begun.lower()}")]
    if endings:
        return f"{head}{slash}{stem}{endings[0]}"
    return None if dot else f"{text}{OF_FILES[0].ending}"
