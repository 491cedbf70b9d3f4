"""`show`: one view as it is on the screen, printed."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError

from socd_tui.commands.parts.command import WINDOW, Command, Options
from socd_tui.model.errors import UsageError
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from socd_tui.analysis.known import Known
    from socd_tui.commands.parts.context import World
    from socd_tui.model.lens import Compare, Lens
    from socd_tui.views.frame.formats import Drawing
    from socd_tui.views.view import Pane, View

KINDS: dict[str, Compare] = {
    "length": "same_length",
    "week": "calendar_week",
    "same_length": "same_length",
    "calendar_week": "calendar_week",
}
"""What `--compare` may be given."""


@dataclass(frozen=True, kw_only=True)
class ShowOptions(Options):
    view_name: str | None = None
    compare: str | None = None
    filter: str = ""
    sort: str = ""
    by: str | None = None
    format: str = "table"
    raw: bool = False
    size: tuple[int, int] | None = None
    """Columns and lines of a picture."""


SIZE = (100, 36)
"""Columns and lines of a picture of which nothing is said."""


def arguments(parser: ArgumentParser) -> None:
    from socd_tui.views.frame.formats import NAMES

    told, groupings = _of_views() if _asks_for_views(parser) else ("", None)
    parser.add_argument(
        "view_name", metavar="VIEW", help=told
    ).required = False  # `--compare VIEW` takes it, and gives it back
    parser.add_argument(
        "--compare",
        nargs="?",
        const="length",
        metavar="KIND",
        help="beside as many whole days before: length (the window's, without today) or week",
    )
    parser.add_argument(
        "--filter", metavar="EXPR", help="text, !text, /regex/, or requests>10k err%%>5 state=over ..."
    )
    parser.add_argument("--sort", metavar="COLUMN", help="a column of the view, with :asc or :desc")
    parser.add_argument("--by", choices=groupings, help="of bill: a row for each owner, or each key")
    parser.add_argument("--format", choices=NAMES)
    parser.add_argument(
        "--size", type=_size, metavar="WxH", help="columns and lines of svg and ansi (default 100x36)"
    )
    parser.add_argument("--raw", action="store_true", help="with json: add the service's own payloads")


def _asks_for_views(parser: ArgumentParser) -> bool:
    """Whether words of the views are told or compared: all of them are longer to load than one is to make."""
    given = getattr(parser, "given", None)
    return given is None or any(word.startswith(("-h", "--he", "--by")) for word in given)


def _of_views() -> tuple[str, tuple[str, ...]]:
    """Their names in a sentence, and what their rows can be of."""
    from socd_tui.views.registry import views

    *names, last = (view.name for view in views())
    return f"{', '.join(names)} or {last}", tuple(
        dict.fromkeys(by for view in views() for by in view.groupings)
    )


def _drawing(
    world: World[ShowOptions], view: View, pane: Pane, known: Known, lens: Lens, now: datetime
) -> Drawing:
    from socd_tui.charts.canvas import Canvas
    from socd_tui.model.record import replace
    from socd_tui.views.frame.caption import caption, captioned
    from socd_tui.views.frame.formats import Drawing

    canvas = Canvas(*(world.options.size or SIZE), world.glyphs)
    picture = captioned(view, replace(pane, cursor=None), known, lens, canvas, now)
    return Drawing(picture, world.looks(), caption(view, known, lens, now), world.depth)


def _page(known: Known, lens: Lens, view: View, now: datetime) -> str:
    from socd_tui import __version__
    from socd_tui.outputs.report import report

    return report(known, lens, [view], generated_at=now, version=__version__)


def _size(text: str) -> tuple[int, int]:
    from socd_tui.model.text import inert

    columns, x, lines = text.lower().partition("x")
    digits = x and all(each.isascii() and each.isdigit() and len(each) < 5 for each in (columns, lines))
    numbers = (int(columns), int(lines)) if digits else (0, 0)
    if not 40 <= numbers[0] <= 500 or not 8 <= numbers[1] <= 1_000:
        raise ArgumentTypeError(
            f"'{inert(text)[:20]}' is no size: give columns (40 to 500) x lines (8 to 1000), as 120x36"
        )
    return numbers


def run(world: World[ShowOptions]) -> int:
    """Prints one view. Exit 6 when some keys could not be read."""
    from socd_tui import __version__
    from socd_tui.commands.parts.asking import figures
    from socd_tui.commands.parts.context import warn
    from socd_tui.commands.parts.kept import kept_lens
    from socd_tui.commands.parts.problems import warn_of_problems
    from socd_tui.commands.parts.windows import on_window
    from socd_tui.model.record import replace
    from socd_tui.views.frame.document import document, scope
    from socd_tui.views.frame.formats import Writable, format_named
    from socd_tui.views.registry import view as view_named

    options = _sorted_out(world.options)
    view = view_named(options.view_name or "")
    if options.raw and options.format != "json":
        raise UsageError("--raw adds the service's own payloads to JSON only.", "Add --format json.")
    if format_named(options.format).of != "picture":
        for option, value in (("--size", options.size), ("--theme", options.theme)):
            if value:
                raise UsageError(f"{option} is for pictures.", "Add --format svg or ansi, or leave it out.")
    if options.raw and options.hide_names:
        raise UsageError("--raw adds what the service sends, names and all.", "Leave it or --hide-names out.")
    if options.raw and world.reads_only:
        raise UsageError("--raw adds what the service sends, and nothing is asked.", "Leave --raw out.")
    lens = on_window(world, _narrowed(view, options, kept_lens(world)))
    if lens.dates and lens.dates.last and lens.compare == "calendar_week":
        raise UsageError("--compare week compares the weeks up to now.", "Leave it at --compare.")
    one = tuple(options.keys) if len(options.keys) == 1 else ()
    # One key is chosen before the list tells its id, and more is asked of one key than of each of many.
    format_ = format_named(options.format)
    state = figures(
        world,
        lens,
        lambda seen: view.windows(replace(seen, only=seen.only or one)),
        whole=format_.of in ("everything", "page"),
    )
    known, lens = state.known, state.lens if world.export else replace(state.lens, focus=None)
    pane = view.build(known, lens)
    now = known.fleet.now or world.clock()
    writable = Writable(
        sheet=pane.sheet,
        json=lambda: document(
            view, pane, known, lens, generated_at=world.clock(), version=__version__, raw=options.raw
        ),
        drawing=lambda: _drawing(world, view, pane, known, lens, now),
        page=lambda: _page(known, lens, view, world.clock()),
    )
    text = format_.text(writable)
    if format_.captioned:
        from socd_tui.views.frame.caption import caption

        text = f"{caption(view, known, lens, now)}\n{text}"
    world.emit(text, exact=format_.name in ("html", "svg"))
    if not format_.with_notes:
        told = {problem.message for problem in known.fleet.problems}
        for note in pane.sheet().notes:
            if note not in told:  # as a problem, below
                warn(note)
    return warn_of_problems(known, scope(view, known.fleet, lens))


def _sorted_out(options: ShowOptions) -> ShowOptions:
    """The options with the view's name where it stood behind `--compare`. Raises UsageError."""
    from socd_tui.model.record import replace
    from socd_tui.model.text import inert

    if options.compare is not None and options.compare not in KINDS and options.view_name is None:
        options = replace(options, view_name=options.compare, compare="length")
    if options.view_name is None:
        raise UsageError("No view was named.", "Name one: socd-tui show overview.")
    if options.compare is not None and options.compare not in KINDS:
        from socd_tui.model.nearest import nearest

        raise UsageError(
            f"'{inert(options.compare)[:20]}' is no comparison.",
            f"{nearest(options.compare, KINDS)} Give length, week, or nothing.".lstrip(),
        )
    return options


def _narrowed(view: View, options: ShowOptions, lens: Lens) -> Lens:
    """The Lens with filter and sort from the arguments, before anything is fetched. Raises UsageError."""
    from socd_tui.model.record import replace

    if (options.filter or options.sort) and view.measures is None:
        raise UsageError(f"{view.title} has no rows to filter or sort.", "Leave --filter and --sort out.")
    if options.by and options.by not in view.groupings:
        from socd_tui.views.registry import views

        able = ", ".join(each.name for each in views() if each.groupings)
        raise UsageError(f"{view.title} cannot use --by.", f"Leave it out; it is for {able}.")
    compare = KINDS[options.compare] if options.compare else lens.compare
    by = options.by or (lens.by if lens.by in view.groupings else "")
    lens = replace(lens, view=view.name, compare=compare, by=by)
    if options.filter and view.measures:
        from socd_tui.analysis.row_filter import parse_filter

        parse_filter(options.filter, view.measures.names)
        lens = replace(lens, filters={**lens.filters, view.name: options.filter})
    if options.sort and view.measures:
        lens = replace(lens, sorts={**lens.sorts, view.name: view.measures.names.sort(options.sort)})
    return lens


COMMAND = Command(
    name="show",
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
            "theme",
            *WINDOW,
        }
    ),
    refusals={
        "view": (
            "`socd-tui show` cannot use --view.",
            "Name the view after the command: socd-tui show status.",
        )
    },
    options=ShowOptions,
    arguments=arguments,
    side_by_side=True,
    run=run,
)
