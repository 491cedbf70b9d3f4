"""What `check` judges, and what it has found: read from its options, handed to whatever tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from socd_tui import __version__
from socd_tui.analysis.thresholds import FARTHEST, Checked, Rules, check
from socd_tui.commands.parts.exit_codes import ExitCode
from socd_tui.live.state import State
from socd_tui.model.errors import UsageError
from socd_tui.model.lens import BASELINE, Lens, Wanted, shown_windows, visible
from socd_tui.model.record import dataclass
from socd_tui.model.text import inert, quoted
from socd_tui.model.threshold import parse_thresholds, thresholds_of
from socd_tui.outputs.check import check_document

if TYPE_CHECKING:
    from socd_tui.commands.check import CheckOptions
    from socd_tui.commands.parts.context import World


def rules(world: World[CheckOptions]) -> Rules:
    """From the options, else `config.toml`. Raises UsageError."""
    options, thresholds = world.options, thresholds_of(world.settings.thresholds)
    if options.fail_at is not None:
        thresholds = parse_thresholds(options.fail_at, thresholds)
    typed = "7" if options.within is None else options.within
    if not (typed.isascii() and typed.isdigit() and len(typed) < 4 and int(typed) <= FARTHEST):
        raise UsageError(
            f"{quoted(inert(typed[:20]))} is not a number of days ahead.",
            f"Give a whole number from 0 to {FARTHEST}: --within 7.",
        )
    if options.hide_names and (options.watch is not None or options.exec is not None):
        raise UsageError("--watch and --exec tell names from run to run.", "Leave --hide-names out.")
    by_chance = options.by == "chance"
    if by_chance and "day" not in thresholds.limits:
        raise UsageError("--by chance judges the day limit alone.", "Add day=80 to --fail-at.")
    if by_chance and not int(typed):
        raise UsageError("--by chance needs days to look ahead.", "Give --within 1 or more.")
    return Rules(
        thresholds=thresholds,
        within=int(typed),
        by_chance=by_chance,
        unknown_fails=options.unknown == "fail",
    )


def windows(lens: Lens, judged: Rules) -> Wanted:
    """The window that is judged, and what tells findings and forecasts where these are asked for."""
    looks_ahead = judged.within and "day" in judged.thresholds.limits
    more = BASELINE if looks_ahead or "findings" in judged.thresholds.limits else ()
    return Wanted.merged([shown_windows(lens), Wanted((), more)])


def exit_code(checked: Checked, *, partly: bool) -> ExitCode:
    """What is worst; `partly` when the list of keys was not whole."""
    match checked.level:
        case "passed":
            return ExitCode.PASSED
        case "forecast":
            return ExitCode.FORECAST
        case "unread":
            return ExitCode.SOME_KEYS
        case _:
            return ExitCode.SOME_KEYS if partly else ExitCode.OK


@dataclass(frozen=True)
class Found:
    """What a look has found, and what it was judged by."""

    checked: Checked
    judged: Rules
    state: State

    @classmethod
    def of(cls, judged: Rules, state: State) -> Found:
        expires_at = state.session.expires_at if state.session else None
        return cls(check(state.known, visible(state.fleet, state.lens), judged, expires_at), judged, state)

    @property
    def partly(self) -> bool:
        """Whether the list of keys was not whole."""
        return bool(self.state.fleet.problems)

    @property
    def code(self) -> ExitCode:
        return exit_code(self.checked, partly=self.partly)

    def document(self, world: World[Any]) -> dict[str, object]:
        return check_document(
            self.checked,
            self.state.known,
            self.judged,
            generated_at=world.clock(),
            expires_at=self.state.session.expires_at if self.state.session else None,
            exit_code=self.code,
            version=__version__,
        )
