"""What a State says once: news, new findings, a failed refresh, and that a session token is needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from socd_tui.live.state import State
from socd_tui.model.errors import SessionExpired, UsageError
from socd_tui.model.lens import visible
from socd_tui.model.session import Session
from socd_tui.model.target import FindingTarget
from socd_tui.tui.prompts import SignIn
from socd_tui.views.parts.findings import announced, target_of

if TYPE_CHECKING:
    from socd_tui.tui.app import SocdApp

NEWS_S = 10.0
"""How long a sentence stays on screen."""

READ_WITHIN = timedelta(seconds=5)
"""News that came so shortly before stays beside what is newer: nobody can have read it."""


class Announcing:
    """Tells the person in front of an app what is new in a State."""

    def __init__(self, app: SocdApp) -> None:
        self._app = app
        self._unread: list[tuple[str, datetime]] = []

    def tell(self, state: State, before: State) -> None:
        """What the State before it did not say."""
        app = self._app
        news = list(state.notices[len(before.notices) :])
        if state.question is not None and state.question is not before.question:
            self.ask_token(state.question.reason)
        news += _found(state, state.found[len(before.found) :])
        error = state.error if state.error is not before.error else None
        if isinstance(error, UsageError) and not state.lens.only:  # what was typed after --key names no key
            app.exit(return_code=error.exit_code, message=str(error))
        elif error is not None and not isinstance(error, SessionExpired):
            self._say([*news, str(error)], is_error=True)
            news = []
        if news:
            self._say(news)

    def _say(self, sentences: list[str], *, is_error: bool = False) -> None:
        """One message, of all that is new: there is room for one at a time."""
        app, now = self._app, self._app.setup.clock()
        earlier = [
            (said, at) for said, at in self._unread if now - at <= READ_WITHIN and said not in sentences
        ]
        self._unread = [*earlier, *((sentence, now) for sentence in sentences)]
        told = "\n".join(said for said, _ in self._unread)
        app.notify(told, severity="error" if is_error else "information", timeout=NEWS_S)

    def ask_token(self, reason: str) -> None:
        """One question at a time: what is behind it stays on screen."""
        app = self._app

        def enter(session: Session | None) -> None:
            if session is not None:
                app.live.sign_in(session)

        if not isinstance(app.screen, SignIn):
            around = app.look_around if app.setup.has_demo and not app.fleet.keys else None
            setup = app.setup
            prompt = SignIn(reason, setup.origin, setup.sign_in, around, follows=setup.follows)
            app.push_screen(prompt, enter)


def _found(state: State, targets: Sequence[FindingTarget]) -> list[str]:
    """One sentence of all of these that are in the picture, none where none is."""
    findings = state.known.findings(visible(state.fleet, state.lens)).worst_first if targets else ()
    told = announced([each for each in findings if target_of(each) in targets])
    return [told] if told else []
