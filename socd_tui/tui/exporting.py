"""Writing what the active pane shows to a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from socd_tui import __version__
from socd_tui.charts.canvas import Canvas
from socd_tui.model.errors import StoreError
from socd_tui.outputs.report import report
from socd_tui.store.export import default_path, export
from socd_tui.tui.export_line import ExportLine
from socd_tui.views.frame.caption import caption, captioned
from socd_tui.views.frame.document import document
from socd_tui.views.frame.formats import Drawing, Writable, format_of
from socd_tui.views.registry import views

if TYPE_CHECKING:
    from datetime import datetime

    from socd_tui.analysis.known import Known
    from socd_tui.tui.actions import Actions


class Exporting:
    """Gives out the active pane of an app, and tells where it went."""

    def __init__(self, app: Actions) -> None:
        self._app = app

    def to_folder(self) -> None:
        """Into the current folder, under a name made of view, window and time."""
        try:
            self._tell(self._write(self._default()))
        except StoreError as error:
            self._app.notify(str(error), severity="error", markup=False)

    def to_path(self) -> None:
        """Asks where, and in which format."""
        active = self._app.active
        line = ExportLine(self._app, self._default(), active.view, active.lens.by or "", self._write)
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

    def _write(self, path: Path, by: str = "") -> Path:
        """In the format that the name asks for, a row for each `by`; returns where. Raises SocdError."""
        app = self._app
        known, active, now = app.live.state.known, app.active, app.setup.clock()
        rows = active.view.build(known, replace(active.lens, by=by)) if by else active.pane
        figures = Writable(
            sheet=rows.sheet,
            json=lambda: document(
                active.view, active.pane, known, active.lens, generated_at=now, version=__version__
            ),
            drawing=lambda: self._drawing(known, known.fleet.now or now),
            page=lambda: report(known, active.lens, views(), generated_at=now, version=__version__),
        )
        return export(path, format_of(path).text(figures))

    def _drawing(self, known: Known, now: datetime) -> Drawing:
        """The active pane as large as the whole screen."""
        app, active = self._app, self._app.active
        canvas = Canvas(*app.size, app.desk.glyphs)
        lines = captioned(active.view, active.pane, known, active.lens, canvas, now)
        return Drawing(lines, app.setup.looks(app.theme), title=caption(active.view, known, active.lens, now))

    def _tell(self, path: Path) -> None:
        name = path.name if path.parent == self._app.setup.folder else path
        self._app.notify(f"Exported to {name}", markup=False)
