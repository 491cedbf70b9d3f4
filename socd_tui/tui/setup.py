"""What the program is given when it starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from socd_tui.charts.glyphs import Glyphs
from socd_tui.charts.look import Looks, looks
from socd_tui.charts.palettes import PALETTES, Palette
from socd_tui.clock import Clock
from socd_tui.live.sources import LEAVING_S
from socd_tui.model.record import dataclass, field
from socd_tui.model.session import Session
from socd_tui.store.owners import OwnersFile
from socd_tui.tui.remembered import Remembered
from socd_tui.tui.settings import Origins

if TYPE_CHECKING:
    from socd_tui.tui.theme import Styles

PER_KEY = timedelta(seconds=2)
"""Of an account with many keys it refreshes so much less often, where nobody has asked for it."""

WANTS_DEMO = -1
"""What the app returns where the person wants to look around in the demo: no process ends with it."""


@dataclass(frozen=True, kw_only=True)
class Setup:
    """How the program looks and what it may reach, beside the figures, which are a Live's."""

    origin: str
    """Where a person signs in."""
    profile: str = ""
    """What a person calls the account, where there are several."""
    follows: bool = False
    """Whether the session is a browser's, and none is stored."""
    sign_in: Callable[[str], Session]
    """Makes and stores a session from what a person pasted, or raises a SocdError."""
    elsewhere: Callable[[], Session | None] = lambda: None
    """The session that another process has stored since it was asked last; asked for in a thread."""
    clock: Clock
    folder: Path
    """Where exports go."""
    glyphs: Glyphs
    colour: bool = True
    sixteen: bool = False
    """Whether the terminal has no more colours than sixteen, which are its own choice."""
    theme: str = PALETTES[0].name
    palettes: tuple[Palette, ...] = PALETTES
    """The themes there are, in the order that `t` goes through them."""
    refresh_every: timedelta = timedelta(seconds=60)
    live: bool = False
    """Whether it refreshes by itself, unasked, while somebody looks at it."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys by binding id, where a person wants others than the key map's."""
    remembered: Remembered | None = None
    """Where what a person chooses is kept; None keeps nothing."""
    owners: OwnersFile | None = None
    """Where it is written who pays for which key; None where that cannot be changed."""
    origins: Origins = field(default_factory=Origins)
    """Where preferences come from, for the page that shows them."""
    has_demo: bool = False
    """Whether the demo begins where the app ends with `WANTS_DEMO`."""
    in_browser: bool = False
    """Whether the program is served to a browser, and there is no terminal."""
    in_tmux: bool = False
    """Whether tmux stands between the program and the terminal."""
    leaving_s: float = LEAVING_S
    """How long the end waits for what was learnt to be written down."""

    def unasked_pause(self, keys: int) -> timedelta:
        """How long after each refresh of so many keys the next one is, where it refreshes by itself."""
        return max(self.refresh_every, keys * PER_KEY)

    def styles(self, theme: str) -> Styles:
        """How the roles look in the theme of that name, in Textual's terms."""
        from socd_tui.tui.theme import styles

        return styles(self._palette(theme), colour=self.colour, sixteen=self.sixteen)

    def looks(self, theme: str, *, sixteen: bool = False) -> Looks:
        """The same in our own; for a file of as many colours as there are."""
        return looks(self._palette(theme), colour=self.colour, sixteen=sixteen)

    def _palette(self, theme: str) -> Palette:
        return next(palette for palette in self.palettes if palette.name == theme)
