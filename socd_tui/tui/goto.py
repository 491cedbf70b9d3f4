"""The line of `:`: anything there is to look at or to do, found by a part of its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from socd_tui.analysis.go_to import Candidate, Finder
from socd_tui.analysis.known import Known
from socd_tui.analysis.remembered_window import remembered_days
from socd_tui.analysis.row_filter import parse_filter
from socd_tui.charts.canvas import Line, Span
from socd_tui.live.thread import in_thread
from socd_tui.model.errors import SocdError
from socd_tui.model.lens import Lens
from socd_tui.model.text import cell_width, clip, clip_middle, counted, inert, quoted
from socd_tui.model.typed_window import parse_window
from socd_tui.model.window import ladder, longest_days
from socd_tui.tui.background import in_background
from socd_tui.tui.bottom_line import BottomLine
from socd_tui.tui.filter_line import filtered
from socd_tui.tui.keymap import caption, keymap
from socd_tui.tui.painting import SLOW
from socd_tui.views.parts.places import Place, places
from socd_tui.views.registry import views

if TYPE_CHECKING:
    from socd_tui.tui.actions import Actions

FOUND = 200
"""Hits that one can walk through; nobody walks further."""

CHOSEN = 20
"""Places that are remembered as chosen lately."""

KIND = 10
"""Columns of the word that says what a hit is."""

FINDS = "finds keys, endpoints, codes, owners, views, windows (30 d), themes, commands"
FINDS_BRIEFLY = "finds keys, endpoints, views, commands"
"""The same where it would be cut."""

SILENT = ("move.", "focus.", "key.", "view.", "hit.", "enter", "back", "goto")
"""What of the key map is no command: it moves from where one is, or is a view, which is found as one."""


class GoTo:
    """Asks in front of an app, goes there, and remembers what was chosen."""

    def __init__(self, app: Actions) -> None:
        self._app = app
        self._chosen: list[Place] = []
        """The latest first."""

    def ask(self) -> None:
        self._app.push_screen(GoToLine(self._app, self._chosen, self.go))

    def go(self, place: Place) -> None:
        """Look at it, or do it."""
        app = self._app
        self._chosen[:] = [place, *(each for each in self._chosen if each != place)][:CHOSEN]
        match place.kind:
            case "view":
                app.call_later(app.run_action, f"view('{place.id}')")
            case "window":
                app.look(app.lens.looking_back(int(place.id)))
            case "theme":
                app.theme = place.id
                app.paint()
            case "command":
                action = next(key.action for key in keymap() if key.id == place.id)
                app.call_later(app.run_action, action)
            case _:
                app.look(place.seen(app.lens))


class GoToLine(BottomLine):
    """What is found stands above it, the most used first."""

    COUNTS: ClassVar = True
    HINTS: ClassVar = (("enter", "open"), ("↑↓", "choose"), ("tab", "keep as filter"), ("esc", "close"))

    def __init__(self, app: Actions, chosen: Sequence[Place], go: Callable[[Place], None]) -> None:
        super().__init__(app, "go to")
        self._chosen, self._go = chosen, go
        self._remembered = longest_days()
        """The longest window there is a day for."""
        self._finder: Finder[Place] | None = None
        self._found: Sequence[Candidate[Place]] = ()
        self._meant = False
        """Whether enter was pressed before there was anything to choose from."""

    def on_mount(self) -> None:
        super().on_mount()
        in_background(self, self._gather, group=SLOW)

    async def _gather(self) -> None:
        """Of ten thousand keys that takes a moment, in which one can type."""
        app = self._desk_app
        known, lens = app.live.state.known, app.lens.of_keys()
        themes = [each.name for each in app.setup.palettes]

        def gathered() -> tuple[int, Finder[Place]]:
            remembered = remembered_days(known.fleet)
            return remembered, known.once(_finder, lens, of_program(app.setup.keys, remembered, themes))

        self._remembered, self._finder = await in_thread(gathered)
        self.typed(self._value)
        if self._meant:
            self.entered(self._value)

    def learnt(self) -> None:
        """What one chooses from stays as it is."""
        if self._finder is not None and not self._found:
            in_background(self, self._gather, group=SLOW, alone=True)

    def most_hits(self) -> int:
        height = self.app.size.height
        return max(min(height // 3, height - 6), 1)

    def typed(self, text: str) -> None:
        if self._finder is None:
            self.tell("Gathering what there is …", "faint")
            return
        found = self._finder.find(text, FOUND, self._chosen)
        self._found, count = found.best, found.count
        window = self._window(text)
        if window is not None and window.place not in [each.place for each in self._found]:
            number = text.strip().isdigit()  # which may be a part of anything
            self._found = [*self._found, window] if number else [window, *self._found]
            count += 1
        said = FINDS if cell_width(FINDS) < self.app.size.width - 1 else FINDS_BRIEFLY
        if not self._found:
            said = f"Nothing is called {quoted(inert(text.strip())[:40])}; esc closes. This line {FINDS}."
        self.tell(said, count=f"{count:,} of {len(self._finder):,}", hits=self._lines())

    def _window(self, text: str) -> Candidate[Place] | None:
        """The window of any length that was typed."""
        try:
            days = parse_window(
                text, self._remembered, (self._desk_app.fleet.at or self._desk_app.live.now()).date()
            )
        except SocdError:
            return None
        return _of_window(days)

    def _lines(self) -> list[Line]:
        """Kind, name and what there is to say of it; the name is cut first, in the middle."""
        width = self.app.size.width - KIND - 3
        about = min(max((cell_width(each.about) for each in self._found), default=0), width // 2)
        room = max(width - about, 8)
        ellipsis = self._desk_app.desk.glyphs.ellipsis
        lines: list[Line] = []
        for each in self._found:
            name = clip_middle(each.name, room, ellipsis=ellipsis)
            lines.append(
                (
                    Span(f"{each.kind:<{KIND}}", "faint"),
                    Span(name + " " * (room - cell_width(name)), "title"),
                    Span(f"  {clip(each.about, about, ellipsis=ellipsis)}", "ink"),
                )
            )
        return lines

    def entered(self, text: str) -> None:
        if self._finder is None:
            self._meant = True
        elif self._found:
            place = self._found[self.at].place
            self.dismiss(None)
            self._go(place)
        elif text.strip():
            self.tell(f"Nothing is called {quoted(inert(text.strip())[:40])}; esc closes.", "bad")

    def kept(self, text: str) -> None:
        """The view shows the rows that hold what was typed."""
        app, view = self._desk_app, self._desk_app.active.view
        if view.measures is None:
            self.tell(f"{view.title} has no rows to filter.", "bad")
            return
        try:
            parse_filter(text, view.measures.names)
        except SocdError as error:
            self.tell(str(error), "bad")
            return
        self.dismiss(None)
        app.look(filtered(app.lens, view.name, text.strip()))


def _finder(known: Known, lens: Lens, of_program: tuple[Candidate[Place], ...]) -> Finder[Place]:
    return Finder([*places(known, lens), *of_program])


def of_program(
    remapped: Mapping[str, str], remembered: int, themes: Sequence[str]
) -> tuple[Candidate[Place], ...]:
    """What can be gone to whatever the account is: views, windows, themes and commands."""
    keys = keymap(remapped)
    shown = {key.id: caption(key) for key in keys}
    return (
        *(
            Candidate(
                name=f"{each.title}: {each.question}",
                place=Place("view", each.name),
                kind="view",
                about=f"key {shown[f'view.{each.name}']}",
                also=each.name,
            )
            for each in views()
        ),
        *map(_of_window, ladder(remembered)),
        *(Candidate(name=each, place=Place("theme", each), kind="theme") for each in themes),
        *(
            Candidate(
                name=key.words,
                place=Place("command", key.id),
                kind="command",
                about=f"key {shown[key.id]}",
                also=f"{key.synonyms} {key.id}",
            )
            for key in keys
            if not key.id.startswith(SILENT)
        ),
    )


def _of_window(days: int) -> Candidate[Place]:
    length = counted(days, "day")
    return Candidate(
        name=f"{days} d",
        place=Place("window", str(days)),
        kind="window",
        about=f"the last {length}",
        also=f"{days}d {length}",
    )
