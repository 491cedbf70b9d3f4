"""What the program is given when it starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from socd_tui.charts.glyphs import Glyphs
from socd_tui.clock import Clock
from socd_tui.memory import Memory
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.preferences import DEFAULT, Preferences
from socd_tui.model.session import Session
from socd_tui.service.feed import Feed
from socd_tui.tui.theme import PALETTES


@dataclass(frozen=True)
class Setup:
    """What the program is given: everything it would otherwise reach out for."""

    fleet: Fleet
    lens: Lens
    session: Session | None
    origin: str
    sign_in: Callable[[str], Session]
    """Makes and stores a session from what a person pasted, or raises a SocdError."""
    clock: Clock
    folder: Path
    """Where exports go."""
    glyphs: Glyphs
    connect: Callable[[], Session] | None = None
    """Makes the session after the first frame, in a thread: for what takes its time, as a demo service."""
    colour: bool = True
    theme: str = PALETTES[0].name
    selectors: tuple[str, ...] = ()
    """Keys the picture is restricted to, as typed; resolved when the list arrives."""
    feed: Callable[[Session, Clock], Feed] = Feed
    preferences: Preferences = DEFAULT
    refresh_every: timedelta = timedelta(seconds=60)
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys by binding id, where a person wants others than the key map's."""
    memory: Callable[[Session], Memory] | None = None
    """What this machine remembers of the session's account."""
    news: Callable[[], Sequence[str]] = tuple
    """Gives out what a person should be told, each sentence once: at the start and after a sign-in."""
    leaving_s: float = 2.0
    """How long the end waits for what was learnt to be written down: a locked database must not hold it."""
