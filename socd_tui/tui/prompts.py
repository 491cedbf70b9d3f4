"""The screens that ask: for a session token, and for one line of text.

An answer is a message, which may arrive when an escape pressed in the same moment has closed the screen
already: it is then nobody's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.events import Event, Paste
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label

from socd_tui.model.errors import SocdError
from socd_tui.model.session import Session

T = TypeVar("T")

HOLDS = 4096
"""Characters a line of text takes. No filter, number or path is longer."""


class Prompt(ModalScreen[T | None]):
    """One question, one line. `accept` makes the answer or raises a SocdError, which is shown in place.

    With `live`, where `accept` changes nothing, it is shown while the person types. The right arrow completes
    one of the `names`.
    """

    BINDINGS: ClassVar = [Binding("escape", "dismiss(None)", "cancel")]

    def __init__(
        self,
        question: str,
        accept: Callable[[str], T],
        *,
        value: str = "",
        hint: str = "",
        live: bool = False,
        names: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._names = names
        self._question = question
        self._accept = accept
        self._value = value
        self._hint = hint
        self._live = live

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Label(self._question, classes="title", markup=False)
            if self._hint:
                yield Label(self._hint, classes="quiet", markup=False)
            names = SuggestFromList(self._names, case_sensitive=False) if self._names else None
            yield Input(self._value, select_on_focus=True, max_length=HOLDS, suggester=names)
            yield Label("", classes="problem", markup=False)

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        problem = ""
        if self._live and event.value != self._value:
            try:
                self._accept(event.value)
            except SocdError as error:
                problem = str(error)
        self.query_one(".problem", Label).update(problem)

    @on(Input.Submitted)
    def answered(self, event: Input.Submitted) -> None:
        if self.is_active:
            self.answer(event.value)

    def answer(self, text: str) -> None:
        try:
            answer = self._accept(text)
        except SocdError as error:
            self.query_one(".problem", Label).update(str(error))
        else:
            self.dismiss(answer)


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


class SignIn(Prompt[Session]):
    """Asks for the session token; what is behind it stays on screen."""

    def __init__(self, reason: str, host: str, accept: Callable[[str], Session]) -> None:
        super().__init__(reason, accept)
        self._host = host

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Label(self._question, classes="title", markup=False)
            yield Label(
                f"\n1. Sign in at {self._host} in your browser.\n"
                "2. Open its developer tools, Application (or Storage), Cookies.\n"
                "3. Copy the value of sb-access-token and paste it here.\n\n"
                "Its whole row, a Cookie header, a request copied as cURL or a HAR file work too. Only "
                "the access token is kept, in a file only you can read. An sk_live_ key cannot read usage.",
                classes="quiet",
                markup=False,
            )
            yield TokenInput(password=True, placeholder="paste the token; it is not shown")
            yield Label("", classes="problem", markup=False)
            yield Label(
                "enter sign in   esc not now   q quits from the main screen", classes="quiet", markup=False
            )
