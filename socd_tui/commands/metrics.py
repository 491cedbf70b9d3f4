"""`metrics`: everything that is known as metrics, for Prometheus and what reads its formats."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import dataclass
from typing import TYPE_CHECKING

from socd_tui.commands.parts.command import Command, Options
from socd_tui.model.errors import NotSignedIn, ServiceError, SessionExpired, UsageError
from socd_tui.model.text import inert, quoted

if TYPE_CHECKING:
    from socd_tui.commands.parts.context import World
    from socd_tui.model.lens import Lens
    from socd_tui.outputs.metrics.exposition import Format
    from socd_tui.outputs.metrics.family import Metric


@dataclass(frozen=True, kw_only=True)
class MetricsOptions(Options):
    format: Format = "prometheus"
    without: str = ""


def arguments(parser: ArgumentParser) -> None:
    from socd_tui.outputs.metrics.exposition import FORMATS
    from socd_tui.outputs.metrics.family import OPTIONAL

    parser.add_argument("--format", choices=FORMATS, help="classic text (default), or OpenMetrics 1.0")
    parser.add_argument(
        "--without", metavar="GROUP,…", help=f"leave out groups of metrics: {', '.join(OPTIONAL)}"
    )


def run(world: World[MetricsOptions]) -> int:
    """Prints them; where the account cannot be read, that it cannot. Exit 6 when some keys could not be."""
    import asyncio
    from time import monotonic

    from socd_tui.commands.parts.asking import answered
    from socd_tui.commands.parts.problems import warn_of_problems
    from socd_tui.model.lens import Lens
    from socd_tui.outputs.metrics.families import metrics, windows
    from socd_tui.outputs.metrics.family import Reading

    without = groups(world.options.without)
    lens = Lens(days=world.days)
    began_s = monotonic()
    try:
        state = asyncio.run(answered(world, lens, windows))
    except (NotSignedIn, SessionExpired, ServiceError):
        _emit(world, _of_tool(world, lens))  # what was written last would go on to be read as news
        raise
    session = state.session
    memory = world.memory(session) if session else None
    reading = Reading(
        known=state.known,
        lens=state.lens,
        is_up=True,
        took_s=monotonic() - began_s,
        expires_at=session.expires_at if session else None,
        counters=memory.counters() if memory else {},
    )
    world.notices.extend(memory.notices() if memory else ())
    _emit(world, metrics(reading, without))
    return warn_of_problems(state.known, state.fleet.keys)


def groups(typed: str) -> tuple[str, ...]:
    """Those named, between commas. Raises UsageError for one that there is not."""
    from socd_tui.model.nearest import nearest
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

    world.emit(exposed(told, world.options.format).removesuffix("\n"), exact=True)


COMMAND = Command(
    name="metrics",
    order=7,
    summary="print what is known as metrics for Prometheus",
    uses=frozenset({"demo", "base_url", "days", "output"}),
    options=MetricsOptions,
    arguments=arguments,
    run=run,
)
