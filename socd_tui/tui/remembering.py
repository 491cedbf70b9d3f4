"""What a person has chosen on the screen is there again at the next start, for each account."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from socd_tui.live.thread import in_thread
from socd_tui.model.errors import StoreError
from socd_tui.model.record import replace
from socd_tui.model.session import Session
from socd_tui.store.choices import NAMES, Choices, ChoicesFile
from socd_tui.tui.background import in_background
from socd_tui.tui.remembered import choices_of, through

if TYPE_CHECKING:
    from socd_tui.tui.app import SocdApp

GROUP = "remembering"

PAUSE_S = 1.0
"""From a choice to its being written: who steps through the windows writes once."""


class Remembering:
    """Takes note of what changes in front of an app, and has it written a moment later, in a thread."""

    def __init__(self, app: SocdApp) -> None:
        self._app = app
        self._remembered = app.setup.remembered
        last = self._remembered.last if self._remembered else None
        self._file: ChoicesFile | None = last[0] if last else None
        self._choices = last[1] if last else Choices()
        if last:
            self._teach(last[1])
        self._session: Session | None = None
        self._shown: Choices | None = None
        self._due: asyncio.TimerHandle | None = None
        self._written = self._choices
        self._refused = False
        """Whether it has been told that choices cannot be kept."""

    def begin(self) -> None:
        """What is on the screen before any key is what has been recalled, where that is done."""
        if self._file is not None:
            self._shown = self._on_screen()

    def note(self) -> None:
        """What is on the screen now: each thing that is another than before has been chosen."""
        app, remembered = self._app, self._remembered
        if remembered is None:
            return
        session = app.live.state.session
        if session is not None and session is not self._session:
            self._session = session
            self._meet(remembered.file(session))
        shown, before = self._on_screen(), self._shown
        self._shown = shown
        if before is None or shown == before:
            return
        changed = {
            name: getattr(shown, name) for name in NAMES if getattr(shown, name) != getattr(before, name)
        }
        usual = remembered.usual
        anew = {name: None if value == getattr(usual, name) else value for name, value in changed.items()}
        self._choices = replace(self._choices, **anew)
        self._write_soon()

    @property
    def choices(self) -> tuple[Choices, Choices]:
        """What is on the screen, and what of it is remembered."""
        return self._on_screen(), self._choices

    async def close(self, deadline_s: float) -> None:
        """What is not written yet is, if that does not take longer."""
        if self._due is not None:
            self._due.cancel()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._write(self._file, self._choices), deadline_s)

    def _on_screen(self) -> Choices:
        app = self._app
        return choices_of(app.lens, theme=app.theme, glyphs=app.desk.glyphs.level, coached=app.coached)

    def _teach(self, choices: Choices) -> None:
        """Whoever has chosen nothing yet is here for the first time."""
        self._app.teaches, self._app.coached = choices == Choices(), choices.coached

    def _meet(self, file: ChoicesFile) -> None:
        """The account of this file is on the screen."""
        if file != self._file:
            if self._due is not None:
                self._due.cancel()
                self._begin_writing()
            self._file = file
            in_background(self._app, partial(self._recall, file), group=GROUP)

    async def _recall(self, file: ChoicesFile) -> None:
        """Look as the account was looked at last."""
        app, remembered = self._app, self._remembered
        choices = await in_thread(file.read)
        if app.leaving or remembered is None or file != self._file:
            return
        for notice in file.notices:
            app.notify(notice, markup=False)
        self._shown = None  # what changes now is recalled, not chosen
        self._choices = self._written = choices
        self._teach(choices)
        if choices.theme in app.available_themes and "theme" not in remembered.given:
            app.theme = choices.theme
        if choices.glyphs is not None:
            app.draw_with(remembered.glyphs(choices.glyphs))
        app.look(through(app.lens, choices, remembered.given))

    def _write_soon(self) -> None:
        if self._due is not None:
            self._due.cancel()
        self._due = asyncio.get_running_loop().call_later(PAUSE_S, self._begin_writing)

    def _begin_writing(self) -> None:
        if not self._app.leaving:
            in_background(self._app, partial(self._write, self._file, self._choices), group=GROUP)

    async def _write(self, file: ChoicesFile | None, choices: Choices) -> None:
        self._due = None
        if file is None or choices == self._written:
            return
        self._written = choices
        try:
            await in_thread(partial(file.write, choices))
        except StoreError as error:
            if not self._refused and not self._app.leaving:
                self._refused = True
                self._app.notify(f"What you choose is not kept: {error}", markup=False)
