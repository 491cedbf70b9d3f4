"""Keys that are answered while Textual is still being loaded: who looks at another view need not wait for it.

It is loaded in a thread meanwhile. From the first key on that only the app understands, all is left to it.
"""

from __future__ import annotations

import importlib
import os
import re
import select
from collections.abc import Mapping
from threading import Thread

from socd_tui.model.lens import Lens, settled
from socd_tui.model.record import replace
from socd_tui.tui.first_screen import FirstScreen
from socd_tui.tui.keymap import keymap
from socd_tui.tui.opening import Meanwhile, Opening, drawn
from socd_tui.tui.setup import Setup
from socd_tui.tui.ward import asked_for, ward

APP = "socd_tui.tui.app"

_ACTION = re.compile(r"(view|move)\('(\w+)'\)")
_SENT: Mapping[str, tuple[str, ...]] = {
    "up": ("\x1b[A", "\x1bOA"),
    "down": ("\x1b[B", "\x1bOB"),
    "right": ("\x1b[C", "\x1bOC"),
    "left": ("\x1b[D", "\x1bOD"),
}
"""What terminals send for keys that are no letters."""


class Loading:
    """The app's modules, on their way into this process."""

    def __init__(self) -> None:
        self.ends, self._end = os.pipe()
        """Can be read when all is there, or has failed."""
        self._errors: list[BaseException] = []
        self._thread = Thread(target=self._load, daemon=True)
        self._thread.start()

    def _load(self) -> None:
        try:
            importlib.import_module(APP)
        except BaseException as error:  # noqa: BLE001  # raised by who waits for it
            self._errors.append(error)
        finally:
            os.close(self._end)

    def wait(self) -> None:
        """Until all is there. Raises what went wrong."""
        self._thread.join()
        os.close(self.ends)
        if self._errors:
            raise self._errors[0]


def answered(opening: Opening, screen: FirstScreen, setup: Setup) -> Meanwhile:
    """Answers keys until the app is loaded, or one comes that is for it; then waits for that.

    Raises what went wrong with loading it.
    """
    loading, actions = Loading(), _actions(setup)
    while loading.ends not in select.select([*screen.sources, loading.ends], [], [])[0]:
        try:
            typed = screen.typed()
        except OSError:  # the terminal is gone; Textual's driver sees to that
            break
        if (number := asked_for(typed, quits=ward().quits)) is not None:
            return Meanwhile(opening, 128 + number if number else 0)
        opening, screen.unread = _acted(opening, screen, setup, actions, typed)
        if screen.unread:
            ward().quits = False  # what follows is for what these keys open
            break
    loading.wait()
    return Meanwhile(opening)


def _actions(setup: Setup) -> dict[bytes, tuple[str, str]]:
    """By what is sent for a key: which view it opens, or which way it moves the cursor."""
    actions = {}
    for key in keymap(setup.keys):
        if action := _ACTION.fullmatch(key.action):
            for name in key.keys.split(","):
                for sent in _SENT.get(name, (name,) if len(name) == 1 else ()):
                    actions[sent.encode()] = (action[1], action[2])
    return actions


def _acted(
    opening: Opening,
    screen: FirstScreen,
    setup: Setup,
    actions: Mapping[bytes, tuple[str, str]],
    typed: bytes,
) -> tuple[Opening, bytes]:
    """What is on the screen after these keys, and those from the first on that was not understood."""
    while typed:
        sent = next((sent for sent in actions if typed.startswith(sent)), None)
        if sent is None:
            break
        lens = _led(opening, *actions[sent])
        if lens != opening.lens:
            opening = _seen_through(opening, lens, screen, setup)
        typed = typed.removeprefix(sent)
    return opening, typed


def _led(opening: Opening, action: str, where: str) -> Lens:
    """Where the key leads; as `Actions` has it for the first pane."""
    assert opening.picture is not None
    scene, lens = opening.picture.scene, opening.lens
    if action == "view":
        return scene.in_view(lens, where)
    return scene.built[0].pane.moved(lens, where)  # type: ignore[arg-type]  # one of the key map's motions


def _seen_through(opening: Opening, lens: Lens, screen: FirstScreen, setup: Setup) -> Opening:
    assert opening.recalled is not None
    assert opening.picture is not None
    recalled, trail = opening.recalled, opening.trail.followed(opening.lens, lens)
    state = replace(recalled.state, lens=settled(recalled.known.fleet, lens))
    picture = drawn(state, setup, screen, opening.now, trail)
    state = replace(state, lens=picture.scene.lens)
    return replace(
        opening, lens=state.lens, recalled=replace(recalled, state=state), picture=picture, trail=trail
    )
