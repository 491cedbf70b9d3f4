"""`status`: what is known of the session on this machine."""

from __future__ import annotations

from argparse import ArgumentParser

from socd_tui.commands.parts.command import Command, Options
from socd_tui.commands.parts.exit_codes import ExitCode
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from socd_tui.commands.parts.context import World
    from socd_tui.store.session import SessionStatus


@dataclass(frozen=True, kw_only=True)
class StatusOptions(Options):
    format: str = "text"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"))


def run(world: World[StatusOptions]) -> int:
    """Tells what is known of the session without asking the service. Exit 5 when there is none to use."""
    stored = world.store.describe(world.origin)
    text = _document(world, stored) if world.options.format == "json" else _sentences(world, stored)
    world.emit(text)
    return ExitCode.OK if stored.present and not stored.expired else ExitCode.SIGNED_OUT


def _document(world: World[StatusOptions], stored: SessionStatus) -> str:
    import json

    from socd_tui.charts.sheet import stamp

    facts = {
        "present": stored.present,
        "base_url": world.origin,
        "token": stored.masked,
        "stored_in": stored.where,
        "path": str(stored.path),
        "origin": stored.origin,
        "expires_at": stamp(stored.expires_at),
        "expired": stored.expired if stored.present else None,
        "note": stored.note,
    }
    return json.dumps(facts, indent=2)


def _sentences(world: World[StatusOptions], stored: SessionStatus) -> str:
    from socd_tui.charts.sheet import stamp
    from socd_tui.clock import duration

    lines = [f"service   {world.origin}"]
    if not stored.present:
        followed = world.options.session_from is not None
        lines.append(f"session   none{'' if followed else f': run `{world.login}`'}")
    else:
        lines.append(f"session   {stored.masked}, in {world.store.place(stored.where)}")
        if stored.expires_at is None:
            lines.append("expires   the token does not say")
        else:
            left = "expired" if stored.expired else f"in {duration(stored.expires_at - world.clock())}"
            lines.append(f"expires   {left} ({stamp(stored.expires_at)})")
    if stored.note:
        lines.append(f"note      {stored.note}")
    return "\n".join(lines)


COMMAND = Command(
    name="status",
    uses=frozenset({"offline", "base_url", "profile", "session_from", "output"}),
    refusals={
        "demo": ("The demo stores no session.", "Leave --demo out to be told of the one that is stored.")
    },
    options=StatusOptions,
    arguments=arguments,
    side_by_side=True,
    run=run,
)
