"""Writing what the active pane shows to a file, in a thread: of many keys that takes a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from socd_tui import __version__
from socd_tui.charts.canvas import Canvas
from socd_tui.live.thread import outcome, started
from socd_tui.model.errors import SocdError
from socd_tui.model.record import replace
from socd_tui.store.export import default_path, export
from socd_tui.tui.background import in_background
from socd_tui.tui.export_line import ExportLine
from socd_tui.views.frame.caption import caption, captioned
from socd_tui.views.frame.document import document
from socd_tui.views.frame.formats import Drawing, Writable, format_of
from socd_tui.views.registry import views

if TYPE_CHECKING:
    from socd_tui.tui.actions import Actions

GROUP = "exporting"


class Exporting:
    """Gives out the active pane of an app, and tells where it went."""

    def __init__(self, app: Actions) -> None:
        self._app = app
        self._newest: Future[Path] | None = None
        """What is being written, or was."""

    def to_folder(self) -> None:
        """Into the current folder, under a name made of view, window and time."""

        def refused(error: SocdError) -> None:
            self._app.notify(str(error), severity="error", markup=False)

        self._export(self._default(), "", self._tell, refused)

    def to_path(self) -> None:
        """Asks where, and in which format."""
        active = self._app.active
        line = ExportLine(self._app, self._default(), active.view, active.lens.by or "", self._export)
        self._app.push_screen(line)

    def to_clipboard(self) -> None:
        """What the pane has to copy, else the read-out line, which is its last."""
        app = self._app
        own = app.active.pane.copied()
        lines = app.desk.lines(app.desk.pane).text
        text = own or (lines[-1].strip() if lines else "")
        if text:
            app.copy_to_clipboard(text)
            need = " tmux passes it on after `tmux set -g set-clipboard on`." if app.setup.in_tmux else ""
            what = (
                f"{text.splitlines()[0]} … ({len(text.splitlines())} lines)" if own else "The read-out line"
            )
            app.notify(f"{what} was sent to the clipboard (if the terminal allows).{need}", markup=False)

    def _default(self) -> Path:
        setup = self._app.setup
        return default_path(setup.folder, self._app.active.lens, setup.clock())

    async def close(self, deadline_s: float) -> None:
        """Who leaves waits for what is being written, if that does not take longer."""
        if self._newest is not None:
            with suppress(TimeoutError, SocdError):
                await asyncio.wait_for(outcome(self._newest), deadline_s)

    def _export(
        self, path: Path, by: str, done: Callable[[Path], None], refused: Callable[[SocdError], None]
    ) -> None:
        """Begins to write what is on the screen now, and calls one of the two in the end."""
        before, write = self._newest, self._writing(path, by)

        def write_next() -> Path:
            if before is not None:
                wait([before])
            return write()

        self._newest = started(write_next)
        in_background(self._app, partial(self._finish, self._newest, done, refused), group=GROUP)

    async def _finish(
        self, writing: Future[Path], done: Callable[[Path], None], refused: Callable[[SocdError], None]
    ) -> None:
        try:
            path = await outcome(writing)
        except SocdError as error:
            if not self._app.leaving:
                refused(error)
        else:
            if not self._app.leaving:
                done(path)

    def _writing(self, path: Path, by: str) -> Callable[[], Path]:
        """Writes in the format of the name, a row for each `by`; returns where. Raises SocdError."""
        app = self._app
        known, active, now = app.scene.known, app.active, app.setup.clock()
        canvas, looks = Canvas(*app.size, app.desk.glyphs), app.setup.looks(app.theme)

        def drawing() -> Drawing:
            """The active pane as large as the whole screen."""
            at = known.fleet.now or now
            lines = captioned(active.view, active.pane, known, active.lens, canvas, at)
            return Drawing(lines, looks, title=caption(active.view, known, active.lens, at))

        def page() -> str:
            from socd_tui.outputs.report import report  # late: it has all names that a browser knows with it

            return report(known, active.lens, views(), generated_at=now, version=__version__)

        def write() -> Path:
            rows = active.view.build(known, replace(active.lens, by=by)) if by else active.pane
            figures = Writable(
                sheet=rows.sheet,
                json=lambda: document(
                    active.view, active.pane, known, active.lens, generated_at=now, version=__version__
                ),
                drawing=drawing,
                page=page,
            )
            return export(path, format_of(path).text(figures))

        return write

    def _tell(self, path: Path) -> None:
        name = path.name if path.parent == self._app.setup.folder else path
        self._app.notify(f"Exported to {name}", markup=False)
