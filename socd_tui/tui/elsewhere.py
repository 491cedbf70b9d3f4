"""What another process does that this one goes on with: a sign-in there counts here too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socd_tui.live.thread import in_thread
from socd_tui.model.token import account_of
from socd_tui.tui.prompts import SignIn

if TYPE_CHECKING:
    from socd_tui.tui.app import SocdApp

LOOK_S = 2.0
"""How often it is looked."""


class Elsewhere:
    """Goes on with the session that another process has stored, without asking the person for it again.

    Nobody is taken away from the account on screen by that: only who is signed out, or whose own account got
    another token, goes on with it.
    """

    def __init__(self, app: SocdApp) -> None:
        self._app = app

    async def look(self) -> None:
        app = self._app
        session = await in_thread(app.setup.elsewhere)
        state = app.live.state
        if session is None or app.leaving or session.token == (state.session and state.session.token):
            return
        if state.session is None or account_of(session.token) == state.account != "":
            if isinstance(app.screen, SignIn):
                app.screen.dismiss(None)
            app.live.sign_in(session)
