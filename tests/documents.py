"""Documents of every kind as the program writes them, of the demo account and of accounts at the edges."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from socd_tui.model.errors import NotSignedIn
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, settled
from socd_tui.model.preferences import Preferences
from socd_tui.model.window import Dates
from socd_tui.outputs.side_by_side import JOINED, Part
from socd_tui.service.demo import DemoServer
from socd_tui.views.frame.document import document
from socd_tui.views.registry import views
from tests.build import pane, prepared
from tests.clock import Clock
from tests.command import ran
from tests.fleets import NOW, all_unknown, compared, empty, failing, nested, one_day, stale, starting, whole
from tests.terminal.pseudo import environment

Json = dict[str, Any]

OWNERS = {"Blue team": ("Production SIEM", "MISP*"), "Nobody": ("no such key",)}

CONFIG = """\
[owners]
"Blue team" = ["MISP*"]
[themes.mine]
base = "socd-light"
[themes.other]
bad = "#ff0000"
"""

COMMANDS = {
    "keys": [["keys"]],
    "history": [["history"]],
    "check": [["check"], ["check", "--by", "chance", "--within", "14"]],
    "findings": [["findings"]],
    "guard": [["guard", "--key", "idle-lab", "--needs", "10"]],
    "sql": [["sql", 'SELECT name AS "Name", tier AS "Tier", 1 AS "1", 1.5 AS "1.5" FROM keys']],
    "doctor": [["doctor"]],
    "spec": [["spec"]],
    "config": [["config"]],
}
"""What prints each document beside the views."""


def of_views(*fleets: tuple[Fleet, Lens]) -> list[Json]:
    """The document of every view of each of these."""
    return [_document(fleet, replace(lens, view=each.name)) for fleet, lens in fleets for each in views()]


def usual() -> list[Json]:
    """What the schema is made from."""
    dates = Dates(NOW.date() - timedelta(days=9), NOW.date() - timedelta(days=7))
    focus = whole().keys[2].id
    return of_views(
        (whole(), Lens(days=30, focus=focus)),
        (whole(), Lens(days=30)),
        (nested(), Lens(days=30)),
        (compared(), Lens(days=7, compare="same_length")),
        (whole(), Lens(days=3, dates=dates)),
        (failing(), Lens(days=30)),
        (empty(), Lens()),
        (all_unknown(), Lens(days=30)),
    ) + [
        _document(fleet, Lens(view=view, days=30, focus=key.id))
        for fleet, keys in ((whole(), whole().keys), (nested(), nested().keys[1:4]))
        for key in keys
        for view in ("series", "key")
    ]


def unusual() -> list[Json]:
    """Others, to be tried against it."""
    focus = nested().keys[1].id
    return of_views(
        (stale(), Lens(days=30)),
        (one_day(), Lens(days=1)),
        (starting(), Lens()),
        (nested(), Lens(days=30, focus=focus, compare="calendar_week")),
    )


def printed() -> Iterator[tuple[str, Json]]:
    """What each command prints of the demo account."""
    with TemporaryDirectory() as folder, DemoServer(clock=Clock(), requests_per_minute=1_000_000) as demo:
        environ = environment(Path(folder), SOCD_BASE_URL=demo.base_url, SOCD_SESSION_TOKEN=demo.token)
        ran(environ, "show", "overview")
        config = Path(environ["XDG_CONFIG_HOME"]) / "socd-tui" / "config.toml"
        for name, commands in COMMANDS.items():
            if name == "config":  # the last to be asked: an owner may be called anything
                config.parent.mkdir(parents=True, exist_ok=True)
                config.write_text(CONFIG)
            for words in commands:
                chosen = [] if name == "spec" else ["--format", "json"]  # which has no other
                yield name, json.loads(ran(environ, *words, *chosen).stdout)
    signed_out = Part("lab", "https://soc.example", None, NotSignedIn("You are not signed in.", "Sign in."))
    whatever = Part("work", "https://socdefenders.ai", "{}")  # a document of any of the commands
    yield "profiles", json.loads(JOINED["json"]([whatever, signed_out]))


def _document(fleet: Fleet, lens: Lens) -> Json:
    lens = settled(fleet, lens)
    known = prepared(fleet, lens, Preferences(OWNERS))
    view = next(each for each in views() if each.name == lens.view)
    text = document(view, pane(known, lens), known, lens, generated_at=NOW, version="1")
    found: Json = json.loads(text)
    return found
