"""`report`: all views on one page for a browser, which needs nothing else."""

from __future__ import annotations

from socd_tui.commands.parts.command import WINDOW, Command, Options
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from socd_tui.commands.parts.context import World


@dataclass(frozen=True, kw_only=True)
class ReportOptions(Options):
    pass


def run(world: World[ReportOptions]) -> int:
    """Prints the page. Exit 6 when some keys could not be read."""
    from socd_tui import __version__
    from socd_tui.commands.parts.asking import figures
    from socd_tui.commands.parts.kept import kept_lens
    from socd_tui.commands.parts.problems import warn_of_problems
    from socd_tui.commands.parts.windows import on_window
    from socd_tui.model.lens import visible
    from socd_tui.outputs.report import report
    from socd_tui.views.frame.scene import every_window
    from socd_tui.views.registry import views

    state = figures(world, on_window(world, kept_lens(world)), every_window)
    known = state.known
    written = report(known, state.lens, views(), generated_at=world.clock(), version=__version__)
    world.emit(written, exact=True)
    return warn_of_problems(known, visible(known.fleet, state.lens))


COMMAND = Command(
    name="report",
    uses=frozenset(
        {
            "demo",
            "offline",
            "open",
            "base_url",
            "profile",
            "session_from",
            "keys",
            "output",
            "hide_names",
            *WINDOW,
        }
    ),
    options=ReportOptions,
    run=run,
)
