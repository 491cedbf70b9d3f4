"""`metrics`: everything that is known as metrics, for Prometheus and what reads its formats."""

from __future__ import annotations

from argparse import ArgumentParser

from socd_tui.commands.parts.command import Command, Options
from socd_tui.model.errors import NotSignedIn, ServiceError, SessionExpired, UsageError
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

    from socd_tui.commands.parts.context import World
    from socd_tui.model.lens import Lens
    from socd_tui.outputs.metrics.backfill import Labels
    from socd_tui.outputs.metrics.exposition import Format
    from socd_tui.outputs.metrics.family import Metric


@dataclass(frozen=True, kw_only=True)
class MetricsOptions(Options):
    format: Format | None = None
    without: str = ""
    backfill: bool = False
    labels: tuple[str, ...] = ()
    """As typed."""


def arguments(parser: ArgumentParser) -> None:
    from socd_tui.outputs.metrics.exposition import FORMATS
    from socd_tui.outputs.metrics.family import OPTIONAL

    parser.add_argument(
        "--format", choices=FORMATS, help="classic text, or OpenMetrics 1.0, as of a backfill by default"
    )
    parser.add_argument(
        "--without", metavar="GROUP,…", help=f"leave out groups of metrics: {', '.join(OPTIONAL)}"
    )
    parser.add_argument(
        "--backfill",
        action="store_true",
        help="the counters of all days that are over, for `promtool tsdb create-blocks-from "
        "--max-block-duration=744h openmetrics FILE FOLDER`: without that length each two hours become a "
        "block, and Prometheus deletes what is older than its --storage.tsdb.retention.time of 15 days",
    )
    parser.add_argument(
        "--label",
        dest="labels",
        action="append",
        metavar="NAME=VALUE",
        help="of a backfill, repeatable: what the scrape adds, as job=socd instance=127.0.0.1:9797 "
        "account=main, else the past is of other series than the present",
    )


def run(world: World[MetricsOptions]) -> int:
    """Prints them; where the account cannot be read, that it cannot. Exit 6 when some keys could not be."""
    from socd_tui.commands.parts.asking import figures
    from socd_tui.commands.parts.problems import warn_of_problems
    from socd_tui.live.memory import Memory
    from socd_tui.model.lens import Lens
    from socd_tui.model.record import replace
    from socd_tui.outputs.metrics.backfill import backfilled
    from socd_tui.outputs.metrics.families import metrics, windows
    from socd_tui.outputs.metrics.family import Reading
    from socd_tui.store.history import History

    options = world.options
    _refuse_what_does_not_go_together(options)
    without, labels, since = groups(options.without), _labels(options.labels), _since(world)
    lens = Lens(days=world.days)
    began = world.steady()
    try:
        state = figures(world, lens, windows)
    except (NotSignedIn, SessionExpired, ServiceError):
        if not options.backfill:  # what was written last would go on to be read as news
            _emit(world, _of_tool(world, lens))
        raise
    session = state.session or world.session()
    reading = Reading(
        known=state.known,
        lens=state.lens,
        is_up=None if world.reads_only else True,
        took_s=None if world.reads_only else (world.steady() - began).total_seconds(),
        expires_at=session.expires_at if session else None,
    )
    memory = Memory(History(world.paths.data, world.origin, clock=world.clock))
    if options.backfill:
        told = backfilled(reading, memory.daily(), labels, since)
        _warn_of_other_series(labels)
    else:
        told = metrics(replace(reading, counters=memory.counters()), without)
    world.notices.extend(memory.notices())
    _emit(world, told)
    return warn_of_problems(state.known, state.fleet.keys)


def _refuse_what_does_not_go_together(options: MetricsOptions) -> None:
    """Raises UsageError."""
    for flag, given in (("--label", options.labels), ("--since", options.since)):
        if given and not options.backfill:
            raise UsageError(f"{flag} is for a backfill.", "Add --backfill, or leave it out.")
    if options.backfill and (options.without or options.days):
        raise UsageError("A backfill has the counters of all days alone.", "Leave --without and --days out.")


def _since(world: World[MetricsOptions]) -> date | None:
    """The first date of a backfill. Raises UsageError."""
    from socd_tui.model.typed_window import parse_date

    since = world.options.since
    return None if since is None else parse_date(since, world.clock().date())


def _labels(typed: tuple[str, ...]) -> Labels:
    """Raises UsageError for what is no label, or the token."""
    from socd_tui.model.redaction import redacted
    from socd_tui.model.session import known_secrets
    from socd_tui.model.text import inert, quoted
    from socd_tui.outputs.metrics.backfill import is_label

    labels: dict[str, str] = {}
    for each in typed:
        name, equals, value = each.partition("=")
        shown = quoted(inert(redacted(each, known_secrets()))[:40])
        if not equals or not value:
            raise UsageError(f"{shown} is no label.", "Write it as --label account=main.")
        if not is_label(name) or name in labels:
            raise UsageError(
                f"The label of {shown} has no name that it can have.",
                "A name is of letters, digits and _, given once, and not one that a metric has by itself.",
            )
        if redacted(value, known_secrets()) != value:
            raise UsageError("A label holds what looks like a token.", "Name the account in other words.")
        labels[name] = inert(value)
    return tuple(labels.items())


def _warn_of_other_series(labels: Labels) -> None:
    from socd_tui.commands.parts.context import warn
    from socd_tui.outputs.metrics.backfill import OF_A_SCRAPE

    missing = [name for name in OF_A_SCRAPE if name not in dict(labels)]
    if missing:
        warn(
            f"Without --label {' and --label '.join(f'{name}=…' for name in missing)} these are other series "
            "than those that are scraped."
        )


def groups(typed: str) -> tuple[str, ...]:
    """Those named, between commas. Raises UsageError for one that there is not."""
    from socd_tui.model.nearest import nearest
    from socd_tui.model.text import inert, quoted
    from socd_tui.outputs.metrics.family import OPTIONAL

    named = tuple(group for each in typed.split(",") if (group := each.strip()))
    for group in named:
        if group not in OPTIONAL:
            raise UsageError(
                f"{quoted(inert(group)[:40])} is no group of metrics that can be left out.",
                nearest(group, OPTIONAL) or f"These are: {', '.join(OPTIONAL)}.",
            )
    return named


def _of_tool(world: World[MetricsOptions], lens: Lens) -> list[Metric]:
    """That the account could not be read."""
    from socd_tui.analysis.known import prepare
    from socd_tui.outputs.metrics.families import metrics_of_tool
    from socd_tui.outputs.metrics.family import Reading

    return metrics_of_tool(Reading(known=prepare(world.fleet(), lens), lens=lens, is_up=False))


def _emit(world: World[MetricsOptions], told: list[Metric]) -> None:
    from socd_tui.outputs.metrics.exposition import exposed

    format_: Format = "openmetrics" if world.options.backfill else "prometheus"
    world.emit(exposed(told, world.options.format or format_).removesuffix("\n"), exact=True)


COMMAND = Command(
    name="metrics",
    uses=frozenset({"demo", "offline", "base_url", "profile", "session_from", "days", "since", "output"}),
    options=MetricsOptions,
    arguments=arguments,
    run=run,
)
