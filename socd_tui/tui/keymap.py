"""Every key of the program in one table: bindings, footer, help and what can be gone to are made from it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Literal

from socd_tui.model.days import RANGE
from socd_tui.model.record import KW_ONLY, dataclass, replace
from socd_tui.views.registry import views
from socd_tui.views.view import View

if TYPE_CHECKING:
    from textual.binding import BindingType


@dataclass(frozen=True)
class Key:
    """`id` is what a key map refers to; `action` is the app's; `hint` puts it in the footer of every view."""

    id: str
    keys: str
    action: str
    words: str
    _: KW_ONLY
    shown: str = ""
    hint: str = ""
    brief: str = ""
    """Its hint in the footer of those views that name it there."""
    synonyms: str = ""
    """What else people call it, to find it by; parted by commas."""
    only: Literal["", "rows", "toggles"] = ""
    """Whether a view must have rows to narrow, or say itself that the key does something in it."""

    def serves(self, view: View) -> bool:
        """Whether the key is one of the view's own, worth telling first."""
        match self.only:
            case "rows":
                return view.measures is not None
            case "toggles":
                return self.id in view.toggles
            case _:
                return self.id in ("move.maximum", "enter", "mark", "window.choose", "export")


def keymap(remapped: Mapping[str, str] | None = None) -> list[Key]:
    """Views first, then moving, choosing and doing; with other keys where a person remapped them."""
    return list(_keymap(frozenset((remapped or {}).items())))


@cache  # it is asked for at every key that is pressed
def _keymap(remapped: frozenset[tuple[str, str]]) -> list[Key]:
    theirs = dict(remapped)
    keys = [replace(key, synonyms=_SYNONYMS.get(key.id, "")) for key in _keys()]
    return [replace(key, keys=theirs[key.id], shown="") if key.id in theirs else key for key in keys]


def _keys() -> list[Key]:
    numbered = [
        Key(f"view.{view.name}", str(n), f"view('{view.name}')", f"{view.title}: {view.question}")
        for n, view in enumerate(views(), start=1)
    ]
    return [
        *numbered,
        Key("move.up", "up,k", "move('up')", "move the cursor one row up", shown="↑ k"),
        Key("move.down", "down,j", "move('down')", "move the cursor one row down", shown="↓ j"),
        Key(
            "move.left",
            "left,h",
            "move('left')",
            "move the cursor left, to an earlier day or hour",
            shown="← h",
        ),
        Key(
            "move.right",
            "right,l",
            "move('right')",
            "move the cursor right, to a later day or hour",
            shown="→ l",
        ),
        Key(
            "move.first",
            "home,g",
            "move('first')",
            "go to the first row; once more: above the table",
            shown="home g",
        ),
        Key("move.last", "end,G", "move('last')", "go to the last row", shown="end G"),
        Key("move.page.down", "pagedown,ctrl+f", "page(1)", "move the cursor a page down", shown="pgdn"),
        Key("move.page.up", "pageup,ctrl+b", "page(-1)", "move the cursor a page up", shown="pgup"),
        Key("move.half.down", "ctrl+d", "page(1, True)", "move the cursor half a page down"),
        Key("move.half.up", "ctrl+u", "page(-1, True)", "move the cursor half a page up"),
        Key("move.maximum", "m", "move('maximum')", "jump to the maximum of what is shown", brief="max"),
        Key(
            "key.next",
            "right_curly_bracket",
            "next_key(1)",
            "look at the next key in the same view",
            shown="}",
            hint="",
            brief="next key",
        ),
        Key(
            "key.previous",
            "left_curly_bracket",
            "next_key(-1)",
            "look at the previous key in the same view",
            shown="{",
        ),
        Key("focus.next", "tab", "switch_focus", "go to the next pane, or to the key list"),
        Key("focus.previous", "shift+tab", "switch_focus(True)", "go to the pane before"),
        Key(
            "hit.next",
            "n",
            "move('next')",
            "go to the next hour with a 429",
            only="toggles",
            brief="next 429",
        ),
        Key("hit.previous", "N", "move('previous')", "go to the previous hour with a 429", only="toggles"),
        Key("enter", "enter", "enter", "open what the cursor is on", hint="open"),
        Key("back", "escape,ctrl+o", "back", "go one step back; at the beginning: to all keys", shown="esc"),
        Key("forward", "backspace", "forward", "go forward again, after a step back"),
        Key("key.all", "0", "all_keys", "look at all keys together"),
        Key("mark", "space", "mark", "mark this key, or unmark it; marked keys are summed", hint="mark"),
        Key("mark.all", "a", "mark_all", "mark all keys, or none"),
        Key(
            "filter",
            "slash",
            "filter",
            "filter rows: text, !text, /regex/, requests>10k",
            shown="/",
            hint="filter",
            only="rows",
        ),
        Key("sort", "s", "sort", "sort by a column", only="rows", brief="sort"),
        Key(
            "sort.letter",
            "S",
            "sort_by_letter",
            "sort by the column of the next letter, or turn",
            only="rows",
        ),
        Key(
            "goto",
            "colon,ctrl+p",
            "go_to",
            "go to any key, endpoint, view, window or command",
            shown=": ctrl+p",
            hint="go to",
        ),
        Key("zone", "u", "zone", "tell hours in UTC or in your zone", only="toggles", brief="zone"),
        Key("fold", "f", "fold", "fold the 429 map to weekdays, or unfold it", only="toggles", brief="fold"),
        Key(
            "scale",
            "o",
            "scale",
            "draw each key on a scale of its own, or all on one",
            only="toggles",
            brief="scale",
        ),
        Key("owner", "o", "owner", "name the owner of this key", only="toggles", brief="owner"),
        Key(
            "window.shorter",
            "left_square_bracket,less_than_sign",
            "window(-1)",
            "look at a shorter window",
            shown="[ <",
        ),
        Key(
            "window.longer",
            "right_square_bracket,greater_than_sign",
            "window(1)",
            "look at a longer window",
            shown="] >",
            brief="longer",
        ),
        Key(
            "window.choose",
            "w",
            "choose_window",
            f"choose a window: {RANGE} days, 180, 365, all",
            hint="days",
        ),
        Key(
            "compare",
            "c",
            "compare",
            "compare with the days before, by length or by week, or not",
            brief="compare",
        ),
        Key("refresh", "r", "refresh_now", "ask for the newest figures now", hint="refresh"),
        Key("refresh.auto", "R", "auto_refresh", "refresh by itself, or stop doing so"),
        Key("sign.in", "L", "sign_in", "sign in with another session token"),
        Key("export", "e", "export", "export this view as JSON to the current folder", hint="export"),
        Key(
            "export.to",
            "E",
            "export_to",
            "export as JSON, CSV, Markdown, HTML or SVG to a file you name",
        ),
        Key("copy", "y", "copy", "copy the line that tells of what the cursor is on", brief="copy"),
        Key(
            "maximise",
            "z",
            "maximise",
            "show one pane over the whole width, or all of them",
            brief="one pane",
        ),
        Key("theme", "t", "theme", "take the next theme"),
        Key("glyphs", "A", "glyphs", "draw with blocks, shades or ASCII"),
        Key(
            "settings",
            "comma",
            "settings",
            "settings: every preference, its source, how to change it",
            shown=",",
        ),
        Key("redraw", "ctrl+l", "redraw", "draw the screen anew, when something else wrote on it"),
        Key(
            "help",
            "question_mark,f1",
            "help",
            "help: what every number means, and every key",
            shown="? f1",
            hint="help",
        ),
        Key("quit", "q", "quit", "quit the program", shown="q ctrl+q"),
    ]


_SYNONYMS = {
    "move.maximum": "peak, busiest, most, worst",
    "mark": "select, choose, sum, add",
    "mark.all": "select all, unmark, none",
    "filter": "search, find, grep, where, only, match",
    "sort": "order, rank, top",
    "sort.letter": "reverse, ascending, descending",
    "zone": "local, utc, timezone, time zone, hours",
    "fold": "weekdays, week",
    "scale": "own, same, normalise",
    "window.shorter": "fewer days, zoom in, period, range",
    "window.longer": "more days, zoom out, period, range",
    "window.choose": "days, period, range, since, look back",
    "compare": "previous, last week, before, versus, change, diff",
    "refresh": "reload, update, fetch",
    "refresh.auto": "live, watch, automatic, poll",
    "sign.in": "login, token, session, account",
    "export": "json, save, download, write",
    "export.to": "csv, json, markdown, html, svg, report, save as, download, write, file, format",
    "copy": "clipboard, yank, ticket",
    "maximise": "zoom, full, split",
    "redraw": "repaint, clear, garbage, broken",
    "theme": "colour, color, dark, light, contrast",
    "glyphs": "ascii, unicode, characters",
    "settings": "preferences, config, configuration, options, customise, setup, defaults",
    "help": "keys, manual, explain, shortcuts",
    "quit": "exit, close, leave, bye",
}
"""What else people call what a key does, by its id; parted by commas."""


def bindings() -> list[BindingType]:
    from textual.binding import Binding  # late: commands ask for the names of the keys, not for the toolkit

    return [
        Binding(key.keys, key.action, key.words, show=False, id=key.id, priority=key.id.startswith("focus."))
        for key in keymap()
    ]


def caption(key: Key) -> str:
    """How the key is written for people."""
    return key.shown or key.keys.split(",")[0]
