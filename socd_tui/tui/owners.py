"""The line of `o` on the bill: who pays for the key under the cursor, as `config.toml` then says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from socd_tui.analysis.go_to import Candidate, Finder
from socd_tui.analysis.owners import Owners, claims
from socd_tui.charts.canvas import Line, Span
from socd_tui.live.thread import in_thread
from socd_tui.model.errors import StoreError, UsageError
from socd_tui.model.key import ApiKey
from socd_tui.model.record import replace
from socd_tui.model.text import clip, folded, inert, quoted
from socd_tui.store.paths import printable
from socd_tui.tui.background import in_background
from socd_tui.tui.bottom_line import BottomLine
from socd_tui.views.parts.names import named

if TYPE_CHECKING:
    from socd_tui.store.owners import OwnersFile
    from socd_tui.tui.actions import Actions

LONGEST = 80
"""Characters of an owner's name."""

NONE = -1
"""Where the pointer is while none of the owners is chosen."""

MOST_HITS = 6
"""Owners that stand above the line at once."""


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

        def take(owner: str) -> None:
            if owner not in now[: len(now) == 1]:
                in_background(app, partial(self._give, file, key, owner), group="owners")

        app.push_screen(OwnerLine(app, key, now[0] if len(now) == 1 else "", owners, take))

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


class OwnerLine(BottomLine):
    """Finds the owners there are while a name is typed, which may be another one."""

    SAYS: ClassVar = 2
    HINTS: ClassVar = (("enter", "name"), ("tab", "complete"), ("↑↓", "choose"), ("esc", "close"))

    def __init__(
        self, app: Actions, key: ApiKey, owner: str, owners: Owners, take: Callable[[str], None]
    ) -> None:
        super().__init__(app, f"owner of {named(key, max(app.size.width // 3, 12))}", owner)
        self._first, self._take = owner, take
        self._finder = Finder(Candidate(name=inert(each), place=each) for each in owners)
        self._found: Sequence[Candidate[str]] = self._finder.candidates

    def most_hits(self) -> int:
        return min(len(self._finder), MOST_HITS, self.app.size.height // 4)

    def typed(self, text: str) -> None:
        self._found = self._finder.find("" if text == self._first else text, len(self._finder)).best
        try:
            owner = owner_name(text)
        except UsageError as error:
            self.tell(str(error), "bad", hits=())
            self._at = NONE
            return
        known = [each.name for each in self._finder.candidates if folded(each.place) == folded(owner)]
        said = "Nobody pays for it, where no name stands here."
        if known:
            said = "One of the owners there are."
        elif owner:
            said = "A new owner."
            if self._found:
                said = f"A new owner; tab takes {quoted(self._found[0].name)} instead."
        self.tell(said, "ink" if owner else "faint", hits=self._lines())
        self._at = NONE
        self.redraw()

    def _lines(self) -> list[Line]:
        width, ellipsis = self.app.size.width, self._desk_app.desk.glyphs.ellipsis
        return [(Span(clip(each.name, width - 2, ellipsis=ellipsis), "title"),) for each in self._found]

    def entered(self, text: str) -> None:
        """What was chosen above, else what was typed; what is no name stays to be corrected."""
        try:
            owner = self._found[self.at].place if self.at != NONE else owner_name(text)
        except UsageError:
            return
        self.dismiss(None)
        self._take(owner)

    def kept(self, text: str) -> None:
        del text
        if self._found:
            self.write(self._found[max(self.at, 0)].place)


def owner_name(typed: str) -> str:
    """The name as it is kept. Raises UsageError for one that nobody could read."""
    name = " ".join(typed.split())
    if len(name) > LONGEST or not name.isprintable():
        raise UsageError("That is no name.", f"Give up to {LONGEST} letters, or none for nobody.")
    return name
