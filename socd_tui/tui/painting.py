"""Pictures are made in a thread: neither a key nor a signal nor the clock waits for figures of many keys."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from time import thread_time
from typing import TYPE_CHECKING

from socd_tui.live.state import State
from socd_tui.live.thread import done_here, outcome, started
from socd_tui.tui.background import in_background
from socd_tui.tui.drawing import Drawn, Part
from socd_tui.tui.first_picture import FirstPicture
from socd_tui.tui.keymap import keymap
from socd_tui.views.frame.scene import composed
from socd_tui.views.registry import view

if TYPE_CHECKING:
    from socd_tui.tui.app import SocdApp

AT_ONCE_S = 0.008
"""A picture that is made sooner is shown before anything else is done: the event loop waits for it."""

QUICK_S = 0.006
"""Of processor time: after a picture that took no more another one that differs in nothing but the cursor is
made without a thread, whose begin takes long."""

PATIENCE_S = 0.5
"""How long a key waits for the picture that it may be about."""

SLOW = "painting"
"""The group of the worker that waits for what takes longer."""


class Painting:
    """Makes the picture of an app's newest State, one at a time, and shows it."""

    def __init__(self, app: SocdApp, first: FirstPicture | None = None) -> None:
        """`first` is what is on the screen already."""
        self._app = app
        lens = app.live.state.lens
        self.scene = first.scene if first else composed(app.live.state.known, lens, [view(lens.view)])
        """What is shown."""
        self.framed: State | None = None
        """The State that what stands around the panes is of."""
        self.quick_s = QUICK_S
        """What counts as quick."""
        self._shown: object = first and (self.scene.known, self.scene.lens, first.plan, app.setup.theme)
        """What the newest picture was made of."""
        self._quick: tuple[object, ...] | None = None
        """What the newest picture was of, but for its cursor, where it was made quickly."""
        self._making: Future[Drawn] | None = None
        """What is waited for; the worker that waits has no hold on it, as it goes only when Python looks."""
        self._followed = asyncio.Event()
        """Whether the second pane is of the Scene's Lens, too."""
        self._followed.set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._again = False

    async def ready(self, patience_s: float) -> None:
        """Waits until what keys act on is shown, at most so long."""
        if not self._idle.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), patience_s)

    async def done(self) -> None:
        """Waits until all of the newest picture is shown."""
        while not (self._idle.is_set() and self._followed.is_set()):
            await self._idle.wait()
            await self._followed.wait()

    def paint(self) -> None:
        """Show the newest State: before this returns, or as soon as its picture is made."""
        if not self._idle.is_set():
            self._again = True
        elif self._is_behind():
            self._make("leading")
        else:
            self.frame()

    def _is_behind(self) -> bool:
        """Whether the newest picture is of something else: panes that were moved have theirs already."""
        app, known, lens = self._app, self._app.live.state.known, self._app.live.state.lens
        return self._shown != (known, lens, app.desk.plan(known, lens), app.theme)

    def _make(self, part: Part) -> None:
        making = self._begun(part)
        try:
            drawn = making.result(AT_ONCE_S)
        except NotYet:
            self._idle.clear()
            self._making = making
            in_background(self._app, self._finish, group=SLOW)
        else:
            self._show(drawn)

    async def _finish(self) -> None:
        """Once more where a newer one has been asked for meanwhile."""
        making, self._making = self._making, None
        try:
            while making is not None:
                self._show(await outcome(making))
                making = None
                if self._again and self._is_behind() and not self._app.leaving:
                    self._again = False
                    making = self._begun("whole")
        finally:
            self._again = False
            self._idle.set()

    def _begun(self, part: Part) -> Future[Drawn]:
        """The picture; only that part of it where the rest is on the screen already, or follows soon."""
        known, lens = self._app.live.state.known, self._app.live.state.lens
        plan, earlier = self._app.desk.plan(known, lens), self.scene
        still = known, plan.views, lens.of_rows(lens.view), lens.focus is None, lens.marked
        leads = part == "leading" and lens != earlier.lens
        follows = part == "following" and earlier.built[0].seen_through(lens)
        # Another window or view is shown at once with its page; so is what is only drawn anew.
        if not (still == self._quick and plan.followed and (leads or follows)):
            part = "whole"

        def make() -> Drawn:
            began = thread_time()
            drawn = plan.drawn(known, lens, earlier, part)
            self._quick = still if thread_time() - began <= self.quick_s else None
            return drawn

        return (done_here if still == self._quick else started)(make)

    def _show(self, drawn: Drawn) -> None:
        app = self._app
        if app.leaving:
            return
        before, self.scene = self.scene.known, drawn.scene
        if app.live.state.lens == drawn.asked != drawn.scene.lens:
            app.live.look(drawn.scene.lens)
        app.desk.paint(drawn.plan, drawn.lines, app.setup.styles(app.theme))
        self._shown = drawn.scene.known, drawn.scene.lens, drawn.plan, app.theme
        self.frame()
        if before is not drawn.scene.known and not app.live.keeps(before):
            app.call_later(before.forget)  # once it is on the terminal: of many keys that takes a while
        if all(built.seen_through(drawn.scene.lens) for built in drawn.scene.built):
            self._followed.set()
        else:
            self._followed.clear()
            app.call_after_refresh(self._follow)

    def _follow(self) -> None:
        """Once what keys act on is on the terminal, what is beside it: no key that is held down waits for it.

        Where a picture is being made it is that one, once it is shown, which says whether more has to follow.
        """
        if self._app.leaving:
            self._followed.set()
        elif self._idle.is_set() and not self._followed.is_set():
            self._make("following")

    def frame(self) -> None:
        """Show what stands around the panes."""
        app = self._app
        if not app.leaving:
            roles, keys = app.setup.styles(app.theme), keymap(app.setup.keys)
            self.framed = app.live.state
            app.desk.paint_frame(self.scene, app.live.state, app.trail, keys, app.live.now(), roles)
            app.desk.write()
