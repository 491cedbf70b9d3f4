"""What another process does that this one goes on with: its sign-in, and the figures it has kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socd_tui.live.thread import in_thread
from socd_tui.model.token import account_of
from socd_tui.tui.background import in_background
from socd_tui.tui.prompts import SignIn

if TYPE_CHECKING:
    from socd_tui.tui.app import SocdApp

LOOK_S = 2.0
"""How often it is looked."""

GROUP = "elsewhere"


class Elsewhere:
    """Goes on with the session that another process has stored, and with the figures it has kept.

    Nobody is taken away from the account on screen by that: only who is signed out, or whose own account got
    another token, goes on with it.
    """

    def __init__(self, app: SocdApp) -> None:
        self._app = app

    def begin(self) -> None:
        """Look in the background, unless it still does."""
        if all(worker.group != GROUP for worker in self._app.workers):
            in_background(self._app, self.look, group=GROUP)

    async def look(self) -> None:
        await self._look_for_session()
        await self._app.live.look_again()

    async def _look_for_session(self) -> None:
        app = self._app
        session = await in_thread(app.setup.elsewhere)
        state = app.live.state
        if session is None or app.leaving or session.token == (state.session and state.session.token):
            return
        if state.session is None or account_of(session.token) == state.account != "":
            if isinstance(app.screen, SignIn):
                app.screen.dismiss(None)
            app.live.sign_in(session)
