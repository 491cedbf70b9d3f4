"""`logout`: the session token leaves this machine."""

from __future__ import annotations

from socd_tui.commands.parts.command import Command, Options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from socd_tui.commands.parts.context import World


def run(world: World[Options]) -> int:
    """Forgets the token everywhere it was stored."""
    places = world.store.forget()
    world.emit(f"Forgotten: {', '.join(places)}." if places else "There was no session to forget.")
    return 0


COMMAND = Command(
    name="logout",
    uses=frozenset({"profile"}),
    refusals={
        "demo": ("The demo stores no session.", "Leave --demo out to forget the one that is stored."),
        "base_url": (
            "`socd-tui logout` forgets the token wherever it was stored, whichever service it is for.",
            "Leave --base-url out.",
        ),
    },
    options=Options,
    run=run,
)
