"""Naming the owner of the key under the cursor, as `config.toml` then says."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from socd_tui.analysis.owners import claims
from socd_tui.live.thread import in_thread
from socd_tui.model.errors import StoreError, UsageError
from socd_tui.model.key import ApiKey
from socd_tui.model.text import inert, quoted
from socd_tui.store.paths import printable
from socd_tui.tui.background import in_background
from socd_tui.tui.prompts import Prompt
from socd_tui.views.parts.names import named

if TYPE_CHECKING:
    from socd_tui.store.owners import OwnersFile
    from socd_tui.tui.actions import Actions

LONGEST = 80
"""Characters of an owner's name."""


class Owning:
    """Asks in front of an app, and shows the bill with the answer."""

    def __init__(self, app: Actions) -> None:
        self._app = app

    def ask(self) -> None:
        """Who pays for the key under the cursor."""
        app = self._app
        key, file = app.fleet.key(app.lens.focus or ""), app.setup.owners
        if key is None or file is None:
            app.notify("Go to a key first: its owner is the one that is named.", markup=False)
            return
        owners = app.live.state.known.preferences.owners
        now = claims(owners).owners(key)
        prompt = Prompt(
            f"Who pays for {named(key)}?",
            owner_name,
            value=now[0] if len(now) == 1 else "",
            hint="right arrow completes a name that is known; empty for nobody",
            names=[*owners],
        )

        def take(owner: str | None) -> None:
            if owner is not None and owner not in now[: len(now) == 1]:
                in_background(app, partial(self._give, file, key, owner), group="owners")

        app.push_screen(prompt, take)

    async def _give(self, file: OwnersFile, key: ApiKey, owner: str) -> None:
        """Write it down in a thread, then show it."""
        app = self._app
        alike = [each for each in app.fleet.keys if each.prefix.shown == key.prefix.shown]
        prefix = key.prefix.shown if len(alike) == 1 else ""
        try:
            owners = await in_thread(partial(file.give, key.id, owner, prefix))
        except StoreError as error:
            app.notify(str(error), severity="error", markup=False)
            return
        app.live.prefer(replace(app.live.state.known.preferences, owners=owners))
        others = [each for each in claims(owners).owners(key) if each != owner]
        still = f" A pattern of names still gives it to {quoted(inert(others[0]))}." if others else ""
        who = (
            f"{quoted(inert(owner))} pays for {named(key)}" if owner else f"Nobody is named for {named(key)}"
        )
        app.notify(f"{who}: written to {printable(file.path)}.{still}", markup=False)


def owner_name(typed: str) -> str:
    """The name as it is kept. Raises UsageError for one that nobody could read."""
    name = " ".join(typed.split())
    if len(name) > LONGEST or not name.isprintable():
        raise UsageError("That is no name.", f"Give up to {LONGEST} letters, or none for nobody.")
    return name
