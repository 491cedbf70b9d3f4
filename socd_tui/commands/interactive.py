"""The terminal program: from options to a running app, and out again with the terminal as it was."""

from __future__ import annotations

import os
from functools import partial

from socd_tui.commands.parts.command import THEMES, UP_TO_NOW, Command, Options
from socd_tui.commands.parts.terminal import has_terminal, in_browser
from socd_tui.model.errors import StoreError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from socd_tui.commands.parts.context import World
    from socd_tui.live.sources import Sources
    from socd_tui.model.fleet import Fleet
    from socd_tui.model.lens import Lens
    from socd_tui.model.session import Session
    from socd_tui.store.choices import Choices, ChoicesFile
    from socd_tui.store.settings import Settings
    from socd_tui.tui.remembered import Remembered
    from socd_tui.tui.setup import Setup


def run(world: World[Options]) -> int:
    """Runs the UI. Exit 2 without a terminal, 1 after a crash, 128+n when ended by a signal."""
    from socd_tui.views.registry import view

    if world.options.view:
        view(world.options.view)
    _known_theme(world)
    if not in_browser(world.environ) and not has_terminal(os.environ):
        raise UsageError(
            "There is no terminal for the UI here.",
            "Use `socd-tui show overview` for text, or --format json.",
        )
    for name in ("TEXTUAL", "TEXTUAL_DEBUG", "TEXTUAL_LOG"):
        # Textual would write every key that is pressed and every paste, a token too, to a file or a port.
        os.environ.pop(name, None)
    fleet = None
    if world.reads_only:
        from socd_tui.commands.parts.kept import kept_fleet

        fleet = kept_fleet(world)
    return (_beside_the_demo if world.options.demo else _opened)(world, fleet)


def _known_theme(world: World[Options]) -> None:
    """Raises UsageError for a theme that neither the program nor the person has."""
    themes, theme = (*THEMES, *world.settings.themes), world.options.theme
    if theme and theme not in themes:
        from socd_tui.model.nearest import choices

        raise UsageError(f"There is no theme '{theme[:40]}'.", choices(theme, themes))


def _beside_the_demo(world: World[Options], fleet: Fleet | None) -> int:
    from socd_tui.commands.parts.opening import demo_beside
    from socd_tui.model.record import replace

    with demo_beside(world.clock) as connect:
        return _opened(replace(world, connect=connect or world.connect), fleet)


def _opened(world: World[Options], fleet: Fleet | None = None) -> int:
    from socd_tui.commands.parts.mishaps import task_mishaps_told
    from socd_tui.tui.run import run as run_app
    from socd_tui.tui.setup import WANTS_DEMO

    sources, lens, setup = begun(world, fleet)
    code = run_app(sources, lens, setup, world.paths.state, task_mishaps_told)
    return _look_around(world) if code == WANTS_DEMO else code


def _look_around(world: World[Options]) -> int:
    """The demo in the place of the program, as `--demo` starts it: in a folder of its own."""
    from socd_tui.commands.parts.context import opened

    options = world.options
    theme = options.theme if options.theme in THEMES else None  # others are the person's own
    drawn = Options(demo=True, ascii=options.ascii, no_color=options.no_color, theme=theme)
    with opened(drawn, world.clock, world.steady, dict(world.environ)) as demo:
        return _opened(demo)


def begun(world: World[Options], fleet: Fleet | None = None) -> tuple[Sources, Lens, Setup]:
    """What the app shows and how it looks, from what is stored and set; nothing has been asked yet.

    `fleet` is all there is, where nothing will be asked.
    """
    from datetime import timedelta

    from socd_tui.charts.palettes import PALETTES, own_palette
    from socd_tui.commands.parts.kept import kept_lens, kept_owners
    from socd_tui.commands.parts.origins import origins
    from socd_tui.commands.parts.windows import on_window
    from socd_tui.commands.parts.zone import LateZone, local_zone
    from socd_tui.live.sources import Sources
    from socd_tui.model.lens import Lens
    from socd_tui.model.preferences import Preferences
    from socd_tui.model.record import replace
    from socd_tui.store.choices import Choices
    from socd_tui.store.owners import OwnersFile
    from socd_tui.tui.remembered import choices_of, through
    from socd_tui.tui.setup import Setup
    from socd_tui.views.frame.scene import windows

    options, settings = world.options, world.settings
    session = None if world.connect or world.export else world.session()
    if session is None and world.store.why_none is not None:
        world.notices.append(str(world.store.why_none))
    lens = on_window(world, kept_lens(world) if fleet else Lens())
    lens = replace(lens, view=options.view or (lens.view if world.export else settings.view))
    if world.export is None:
        lens = replace(lens, dates=None)
    usual = choices_of(lens, theme=settings.theme, glyphs=world.glyphs.level)
    usual = replace(usual, days=settings.days)
    remembered = None if options.demo else _remembered(world, session, usual)
    choices = remembered.last[1] if remembered and remembered.last else Choices()
    own = tuple(own_palette(name, colours) for name, colours in settings.themes.items())
    theme = options.theme or _there(choices.theme, settings) or settings.theme
    world.notices.extend(fault for palette in own if palette.name == theme for fault in palette.faults())
    sources = Sources(
        fleet=world.fleet(),
        clock=world.clock,
        steady=world.steady,
        session=None if world.reads_only else session,
        kept=fleet,
        connect=world.connect,
        memory=world.memory,
        visits=world.visits if world.mode == "live" else None,
        selectors=options.keys,
        windows=windows,
        preferences=Preferences(kept_owners(world), LateZone(partial(local_zone, world.clock))),
        news=world.news,
    )
    setup = Setup(
        origin=world.origin,
        profile=world.profile,
        follows=options.session_from is not None,
        sign_in=lambda pasted: _sign_in(world, pasted),
        elsewhere=lambda: world.store.newer(world.origin) if world.mode == "live" else None,
        clock=world.clock,
        folder=_folder(world),
        glyphs=world.glyphs_for(choices.glyphs) if choices.glyphs else world.glyphs,
        colour=world.colour,
        sixteen=world.sixteen,
        theme=theme,
        palettes=(*PALETTES, *own),
        remembered=remembered,
        owners=OwnersFile(world.paths.config),
        refresh_every=timedelta(seconds=settings.refresh_s),
        live=settings.live and world.mode == "live",
        keys=settings.keys,
        origins=origins(world, usual),
        has_demo=world.mode == "live",
        in_tmux=bool(world.environ.get("TMUX")),
        in_browser=in_browser(world.environ),
    )
    return sources, through(lens, choices, remembered.given if remembered else ()), setup


def _remembered(world: World[Options], session: Session | None, usual: Choices) -> Remembered:
    """What is remembered of how this account was looked at last; forgotten first when that is asked for."""
    from socd_tui.tui.remembered import Remembered

    options = world.options
    given = {"theme": options.theme, "days": any(getattr(options, each) for each in UP_TO_NOW)}
    files: dict[Path, ChoicesFile] = {}

    def file(session: Session) -> ChoicesFile:
        there = world.choices(session)
        if there.path not in files and world.options.reset_view:
            try:
                there.forget()
            except StoreError as error:
                world.notices.append(str(error))
        return files.setdefault(there.path, there)

    last = None
    if session is not None:
        last = file(session), file(session).read()
        world.notices.extend(last[0].notices)
    return Remembered(
        file=file,
        glyphs=world.glyphs_for,
        usual=usual,
        given=frozenset(name for name, value in given.items() if value),
        last=last,
    )


def _there(theme: str | None, settings: Settings) -> str | None:
    """The theme that was chosen, if there still is one of that name."""
    return theme if theme in (*THEMES, *settings.themes) else None


def _folder(world: World[Options]) -> Path:
    """Where exports go: the current folder, or the person's own where that has been deleted.

    What a killed export left there is removed.
    """
    from pathlib import Path

    from socd_tui.store.atomic import sweep
    from socd_tui.store.paths import printable

    try:
        folder = Path.cwd()
    except OSError:
        folder = Path(world.environ.get("HOME") or world.paths.data)
        world.notices.append(f"The current folder is gone; exports go to {printable(folder)}.")
    sweep(folder)
    return folder


def _sign_in(world: World[Options], pasted: str) -> Session:
    """Kept for the next run when the disk lets us, else for this one."""
    from socd_tui.model.session import Session
    from socd_tui.model.token import parse_token

    token = parse_token(pasted, world.clock())
    try:
        return world.store.save(token, world.origin)
    except StoreError as error:
        world.notices.append(f"{error} You are signed in for this run only.")
        return Session(token.secret, world.origin, token.expires_at, "environment")


COMMAND = Command(
    name="",
    uses=frozenset(
        {
            "demo",
            "offline",
            "open",
            "base_url",
            "profile",
            "session_from",
            "keys",
            *UP_TO_NOW,
            "view",
            "theme",
            "reset_view",
        }
    ),
    options=Options,
    run=run,
    refusals=dict.fromkeys(
        ("until", "yesterday"),
        ("A window of the terminal program ends now.", "Give --since, or print it: socd-tui show."),
    ),
    full_screen=True,
)
