"""`findings`: what is wrong with which key, for people, documents and a SIEM."""

from __future__ import annotations

from argparse import ArgumentParser

from socd_tui.commands.parts.command import Command, Options
from socd_tui.model.errors import StoreError
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from socd_tui.analysis.findings import Finding
    from socd_tui.commands.parts.context import World
    from socd_tui.live.state import State
    from socd_tui.outputs.findings import Event

FORMATS = ("text", "md", "json", "ecs", "ocsf", "cef")


@dataclass(frozen=True, kw_only=True)
class FindingsOptions(Options):
    format: str = "text"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=FORMATS,
        help="sentences, a list in Markdown, a document, or an event a line for a SIEM:"
        " Elastic Common Schema, OCSF, ArcSight's CEF",
    )


def run(world: World[FindingsOptions]) -> int:
    """Prints them, the worst first. Exit 6 when some keys could not be read."""
    import json

    from socd_tui import __version__
    from socd_tui.commands.parts.asking import figures
    from socd_tui.commands.parts.problems import warn_of_problems
    from socd_tui.model.lens import BASELINE, Lens, Wanted, visible
    from socd_tui.outputs.findings import as_markdown, findings_document, sentences
    from socd_tui.outputs.siem import SCHEMAS

    state = figures(world, Lens(days=BASELINE[0]), lambda _: Wanted(BASELINE[:1], BASELINE))
    keys = visible(state.fleet, state.lens)
    found, format_ = state.known.findings(keys), world.options.format
    if format_ == "text":
        world.emit("\n".join(sentences(found)))
    elif format_ == "md":
        world.emit(as_markdown(found))
    else:
        told = _events(world, state, found.worst_first)
        if format_ == "json":
            document = findings_document(
                state.known, keys, found, told, generated_at=world.clock(), version=__version__
            )
            world.emit(json.dumps(document, indent=2, allow_nan=False), exact=True)
        elif told or world.output:
            lines = [SCHEMAS[format_](each, __version__) for each in told]
            world.emit("\n".join(lines), exact=True)
    return warn_of_problems(state.known, keys)


def _events(world: World[FindingsOptions], state: State, found: Sequence[Finding]) -> list[Event]:
    """Each with the id that it was told by before; of the demo, and without names, nothing is kept."""
    from socd_tui.commands.parts.context import warn
    from socd_tui.outputs.findings import events, told_now

    for_itself = world.options.demo or world.options.hide_names  # where keys are but numbers
    file = None if for_itself or state.session is None else world.told(state.session)
    before = file.read() if file else {}
    origin = state.fleet.base_url if world.export else world.origin
    told = events(state.known, found, before, origin)
    if file is not None:
        try:
            file.write(told_now(before, told))
        except StoreError as error:
            warn(f"{error} These findings may be told by another id later.")
        for notice in file.notices:
            warn(notice)
    return told


COMMAND = Command(
    name="findings",
    uses=frozenset(
        {"demo", "offline", "open", "base_url", "profile", "session_from", "keys", "output", "hide_names"}
    ),
    options=FindingsOptions,
    arguments=arguments,
    side_by_side=True,
    run=run,
)
