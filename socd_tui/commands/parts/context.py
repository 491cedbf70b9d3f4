"""What a command runs in: the service it talks to, session, folders, settings, and how to draw."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from socd_tui.charts.canvas import to_ascii
from socd_tui.charts.glyphs import ASCII, FULL, SHADE, Glyphs
from socd_tui.clock import Clock
from socd_tui.commands.parts.command import Options
from socd_tui.commands.parts.opening import (
    account,
    demo,
    exported,
    prefer,
    sessions,
    temporary,
    valid_names,
)
from socd_tui.commands.parts.saying import say
from socd_tui.commands.parts.terminal import has_many_colours, in_browser, shows_unicode
from socd_tui.model.errors import NotSignedIn, StoreError, UsageError
from socd_tui.model.fleet import Fleet, Mode
from socd_tui.model.nearest import nearest
from socd_tui.model.record import dataclass, field, replace
from socd_tui.model.redaction import redacted
from socd_tui.model.session import Session, known_secrets
from socd_tui.model.text import inert, quoted, sentence
from socd_tui.model.token import account_of, normal_origin
from socd_tui.store.atomic import sweep
from socd_tui.store.paths import Paths
from socd_tui.store.profiles import BASE_URL, paths_of
from socd_tui.store.session import SessionStore
from socd_tui.store.settings import Settings, load_settings

if TYPE_CHECKING:
    from socd_tui.charts.ansi import Depth
    from socd_tui.charts.look import Looks
    from socd_tui.live.memory import Memory
    from socd_tui.store.choices import ChoicesFile
    from socd_tui.store.exported import Exported
    from socd_tui.store.told import ToldFile
    from socd_tui.store.visit import VisitFile

OptionsT = TypeVar("OptionsT", bound=Options)

DEFAULT_BASE_URL = "https://socdefenders.ai"
LOOPBACK = "http://127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class World(Generic[OptionsT]):
    """Made once for every command; all that is asked of the machine is asked here."""

    options: OptionsT
    clock: Clock
    steady: Clock
    """Goes on when somebody sets the other one: for what is waited for, and how old something is."""
    environ: Mapping[str, str]
    paths: Paths
    store: SessionStore
    settings: Settings
    notices: list[str] = field(default_factory=list)
    """Sentences to show the person once, beside the store's."""
    mistakes: Sequence[str] = ()
    """What of the settings cannot be used."""
    profile: str = ""
    """The account's name in the settings; empty for the one without."""
    export: Exported | None = None
    """What was exported, where that is all that is looked at."""
    collect: Callable[[str], object] | None = None
    """Takes the data in place of whatever it would go to."""
    connect: Callable[[], Session] | None = None
    """Makes a session that needs no store, as the demo's; without it the store is asked."""

    @property
    def mode(self) -> Mode:
        if self.options.open is not None:
            return "file"
        return "demo" if self.options.demo else "cache" if self.options.offline else "live"

    @property
    def reads_only(self) -> bool:
        """Whether nothing is asked: what is known is what is there."""
        return self.mode in ("cache", "file")

    @property
    def origin(self) -> str:
        """The service to ask. Raises UsageError where a token may not be sent."""
        if self.options.demo:
            return LOOPBACK
        if self.export is not None:
            return self.export.fleet.base_url
        own = self.settings.profiles.get(self.profile, {}).get(BASE_URL)
        typed = self.options.base_url or own or self.environ.get("SOCD_BASE_URL")
        return normal_origin(typed or DEFAULT_BASE_URL)

    @property
    def login(self) -> str:
        """The command that signs in to the account."""
        return f"socd-tui login --profile {self.profile}" if self.profile else "socd-tui login"

    @property
    def days(self) -> int:
        """The window to look back."""
        return self.options.days or self.settings.days

    @property
    def colour(self) -> bool:
        return not self.options.no_color and not self.environ.get("NO_COLOR")

    @property
    def glyphs(self) -> Glyphs:
        """ASCII when asked for or the terminal cannot show more; shades where colours are few or none."""
        return self.glyphs_for("ascii" if self.settings.ascii else None)

    @property
    def asks_for_ascii(self) -> bool:
        """Whether somebody has asked for nothing else, beside the settings."""
        return self.options.ascii or self.environ.get("SOCD_ASCII") == "1"

    def glyphs_for(self, chosen: str | None) -> Glyphs:
        """Those of a level that was chosen, as far as the terminal and what was typed allow it."""
        cannot = not in_browser(self.environ) and self.environ.get("TERM") == "dumb"
        cannot = cannot or not shows_unicode(self.environ)
        if self.asks_for_ascii or chosen == ASCII.level or cannot:
            return ASCII
        most = FULL if self.colour and not self.sixteen else SHADE
        return SHADE if chosen == SHADE.level else most

    @property
    def depth(self) -> Depth:
        """How many colours there are where data goes: of a file and a pipe nobody knows, so all."""
        if self.output or not sys.stdout.isatty():
            return "all"
        all_of_them = self.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit")
        return "16" if self.sixteen else "all" if all_of_them else "256"

    def looks(self) -> Looks:
        """How roles look in the theme that is chosen. Raises UsageError for one that there is not."""
        from socd_tui.charts.look import looks
        from socd_tui.charts.palettes import palettes

        there = {palette.name: palette for palette in palettes(self.settings.themes)}
        theme = self.options.theme or self.settings.theme
        if theme not in there:
            advice = nearest(theme, there) or f"Choose from: {', '.join(there)}."
            raise UsageError(f"There is no theme {quoted(inert(theme)[:40])}.", advice)
        palette = there[theme]
        return looks(palette, colour=self.colour, sixteen=self.depth == "16")

    @property
    def sixteen(self) -> bool:
        """Whether the terminal may have no more than sixteen colours."""
        return not has_many_colours(self.environ)

    def session(self) -> Session | None:
        """What is stored for the service; None where that cannot be read, which is told."""
        try:
            return self.connect() if self.connect else self.store.load(self.origin)
        except StoreError as error:
            self.notices.append(str(error))
            return None

    def signed_in(self) -> Session:
        """The session. Raises NotSignedIn when there is none."""
        session = self.session()
        self.tell()
        if session is None:
            raise self.not_signed_in()
        return session

    def not_signed_in(self) -> NotSignedIn:
        """What is said where a session is needed and there is none."""
        return self.store.why_none or NotSignedIn(
            f"You are not signed in to {self.origin}.",
            f"Run `{self.login}`, or set SOCD_SESSION_TOKEN. `--demo` needs neither.",
        )

    def memory(self, session: Session) -> Memory:
        """What this machine remembers of the session's account."""
        from socd_tui.live.memory import Memory
        from socd_tui.store.history import History

        account = "demo" if self.options.demo else account_of(session.token)
        return Memory(History(self.paths.data, session.origin, account, clock=self.clock))

    def choices(self, session: Session) -> ChoicesFile:
        """Where it is kept how the session's account was looked at last."""
        from socd_tui.store.choices import ChoicesFile

        return ChoicesFile(self.paths.state, session.origin, account_of(session.token))

    def visits(self, session: Session) -> VisitFile:
        """Where it is kept what stood when the session's account was looked at last."""
        from socd_tui.store.visit import VisitFile

        return VisitFile(self.paths.state, session.origin, account_of(session.token))

    def told(self, session: Session) -> ToldFile:
        """Where it is kept which findings of the session's account were told to other programs."""
        from socd_tui.store.told import ToldFile

        return ToldFile(self.paths.state, session.origin, account_of(session.token))

    def fleet(self) -> Fleet:
        """Nothing known yet of the service."""
        return Fleet(mode=self.mode, base_url=self.origin)

    def news(self) -> list[str]:
        """The notices so far, each given out once."""
        news = [*self.notices, *self.store.notices]
        self.notices.clear()
        self.store.notices.clear()
        return news

    def tell(self) -> None:
        """Prints the news beside the data."""
        for notice in self.news():
            warn(notice)

    @property
    def output(self) -> Path | None:
        """The file that data goes to; None for standard output."""
        typed = self.options.output
        return None if typed in (None, "-") else Path(typed or "")

    def emit(self, text: str, *, exact: bool = False) -> None:
        """All the data there is: to standard output, in ASCII where nothing else can be shown, or to a file.

        What only programs read is `exact`: in UTF-8 and as it is, whatever is set for people. A command that
        goes on calls it again: the file then holds the newest. Raises StoreError.
        """
        if self.collect is not None:
            self.collect(text)
            return
        path, is_ascii = self.output, self.glyphs.level == ASCII.level
        if path is not None:  # what the terminal can show is nothing to a file
            is_ascii = self.asks_for_ascii or self.settings.ascii
        written = "\n".join(map(to_ascii, text.split("\n"))) if is_ascii and not exact else text
        if path is None and exact:
            sys.stdout.flush()
            sys.stdout.buffer.write(f"{written}\n".encode())
        elif path is None:
            print(written)
        else:
            from socd_tui.store.export import replace_export

            replace_export(path, written)


@contextmanager
def opened(
    options: OptionsT, clock: Clock, steady: Clock, environ: MutableMapping[str, str] = os.environ
) -> Iterator[World[OptionsT]]:
    """The world that options and environment describe; the demo's own, which ends with it, for `--demo`."""
    with ExitStack() as stack:
        notices: list[str] = []
        if options.demo:
            paths = Paths.under(temporary(stack, "socd-tui-demo-"))
            prefer(paths.config)
            with suppress(StoreError):  # the report of a crash is to be read when the demo's folder is gone
                paths = replace(paths, state=Paths.default().state)
        else:
            try:
                paths = Paths.default()
            except StoreError as error:  # viewing works without a home; nothing can be kept
                notices.append(str(error))
                paths = Paths.under(temporary(stack, "socd-tui-"))
        settings, mistakes = load_settings(paths.config, valid_names)
        profile = account(options.profile, settings, mistakes)
        paths = paths_of(profile, paths)
        for folder in (paths.data, paths.state):
            sweep(folder)
        world = World(
            options=options,
            clock=clock,
            steady=steady,
            environ=environ,
            paths=paths,
            store=sessions(options, paths, environ, clock, profile),
            settings=settings,
            notices=[*notices, *mistakes],
            mistakes=mistakes,
            profile=profile,
            export=exported(options.open),
            connect=(lambda: demo(stack, clock)) if options.demo else None,
        )
        if world.output is not None:
            from socd_tui.store.export import check_replaceable

            check_replaceable(world.output)
        yield world


def warn(said: str) -> None:
    """Anything that is not data goes to standard error."""
    say(sentence(redacted(said, known_secrets())))
