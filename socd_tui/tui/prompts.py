"""The screen that asks for a session token, and where pasted text goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.events import Event, Paste
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from socd_tui.model.errors import SocdError
from socd_tui.model.session import Session

HOLDS = 4096
"""Characters a line of text takes. No filter, number or path is longer."""

LOOK_AROUND = "ctrl+d"
"""What starts the demo: no text has it, so that nothing typed or pasted can be taken for it."""


class PasteTaking(App[None]):
    """An app in which pasted text goes into a prompt, as much as that holds, and is never a command."""

    async def on_event(self, event: Event) -> None:
        if not isinstance(event, Paste) or event.is_forwarded or isinstance(self.focused, TokenInput):
            await super().on_event(event)
        elif isinstance(self.focused, Input):
            if len(event.text) > HOLDS:
                sentence = f"Only the first {HOLDS:,} of {len(event.text):,} pasted characters were taken."
                self.notify(sentence, severity="warning", markup=False)
            await super().on_event(Paste(event.text[:HOLDS]))
        else:
            self.notify("Pasted text does nothing here. Press / to filter by it.", markup=False)


class TokenInput(Input):
    """Takes a paste whole: a "copy as cURL" has many lines, and Textual keeps only the first."""

    def on_paste(self, event: Paste) -> None:
        event.prevent_default()
        event.stop()
        if isinstance(self.screen, SignIn):
            self.screen.answer(event.text)


class SignIn(ModalScreen[Session | None]):
    """Asks for the session token; what is behind it stays on screen.

    `accept` makes a session of what was pasted or raises a SocdError, which is shown in place. Who has no
    token can look around in the demo, where there is one to start. `follows` is whether a browser is looked
    at meanwhile.

    An answer is a message, which may arrive when an escape pressed in the same moment has closed the screen
    already: it is then nobody's.
    """

    BINDINGS: ClassVar = [
        Binding("escape", "dismiss(None)", "cancel"),
        Binding(LOOK_AROUND, "look_around", "look around with simulated keys", priority=True),
    ]

    def __init__(
        self,
        reason: str,
        host: str,
        accept: Callable[[str], Session],
        look_around: Callable[[], None] | None = None,
        *,
        follows: bool = False,
    ) -> None:
        super().__init__()
        self._follows = follows
        self._reason, self._host, self._accept = reason, host, accept
        self._look_around = look_around

    def compose(self) -> ComposeResult:
        kept = "kept, in a file only you can read"
        if self._follows:
            kept = "used, and kept nowhere; once Firefox has a session, this goes on with it"
        with Vertical(classes="box"):
            yield Label(self._reason, classes="title", markup=False)
            yield Label(
                f"\n1. Sign in at {self._host} in your browser.\n"
                "2. Open its developer tools, Application (or Storage), Cookies.\n"
                "3. Copy the value of sb-access-token and paste it here.\n\n"
                "Its whole row, a Cookie header, a request copied as cURL or a HAR file work too. Only "
                f"the access token is {kept}. An sk_live_ key cannot read usage.",
                classes="quiet",
                markup=False,
            )
            yield TokenInput(password=True, placeholder="paste the token; it is not shown")
            yield Label("", classes="problem", markup=False)
            if self._look_around is not None:
                yield Around(f"{LOOK_AROUND}  look around with simulated keys", markup=False)
            yield Label(
                "enter sign in   esc not now   q quits from the main screen", classes="quiet", markup=False
            )

    @on(Input.Changed)
    def typed(self) -> None:
        self.query_one(".problem", Label).update("")

    @on(Input.Submitted)
    def answered(self, event: Input.Submitted) -> None:
        if self.is_active:
            self.answer(event.value)

    def answer(self, text: str) -> None:
        try:
            session = self._accept(text)
        except SocdError as error:
            self.query_one(".problem", Label).update(str(error))
        else:
            self.dismiss(session)

    def action_look_around(self) -> None:
        if self._look_around is not None:
            self._look_around()


class Around(Label):
    """A click on it is the key that it names."""

    def on_click(self) -> None:
        if isinstance(self.screen, SignIn):
            self.screen.action_look_around()
