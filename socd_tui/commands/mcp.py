"""`mcp`: questions of an assistant, over standard input and output."""

from __future__ import annotations

from socd_tui.commands.parts.command import Command, Options
from socd_tui.commands.parts.exit_codes import ExitCode
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import BinaryIO

    from socd_tui.commands.parts.context import World
    from socd_tui.live.state import State
    from socd_tui.outputs.assistant import Question

KEPT_S = 60
"""How long what was read answers: an assistant that asks again and again must not burn what it looks at."""


@dataclass(frozen=True, kw_only=True)
class McpOptions(Options):
    pass


def run(world: World[McpOptions]) -> int:
    """Answers a line with a line until there are no more."""
    import sys

    from socd_tui import __version__
    from socd_tui.outputs.assistant import LONGEST, replied

    asked = _Asked(world)
    for line in _lines(sys.stdin.buffer, LONGEST):
        reply = replied(line, asked.answer, __version__) if line.strip() else None
        if reply is not None:
            sys.stdout.write(f"{reply}\n")
            sys.stdout.flush()
    return ExitCode.OK


def _lines(stream: BinaryIO, most: int) -> Iterator[bytes]:
    """Each line; of one with more than so many bytes the beginning, which is longer than that by one."""
    while line := stream.readline(most + 1):
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = stream.readline(most)
        yield line


class _Asked:
    """Reads what a question is about, at most once a minute for each window."""

    def __init__(self, world: World[McpOptions]) -> None:
        self._world = world
        self._kept: dict[int, tuple[datetime, State]] = {}

    def answer(self, question: Question) -> str:
        """The JSON document that answers it. Raises SocdError."""
        import json

        from socd_tui import __version__
        from socd_tui.model.lens import visible
        from socd_tui.model.record import replace
        from socd_tui.model.select import select
        from socd_tui.outputs.findings import events, findings_document
        from socd_tui.views.frame.document import document
        from socd_tui.views.registry import view

        state = self._state(question.days)
        known, fleet, now = state.known, state.fleet, self._world.clock()
        only = (
            tuple(key.id for key in select(fleet.keys, question.keys)) if question.keys else state.lens.only
        )
        lens = replace(state.lens, only=only, focus=None)
        if not question.tool.view:
            keys = visible(fleet, lens)
            found = known.findings(keys)
            told = events(known, found.worst_first, {}, self._world.origin)
            return json.dumps(
                findings_document(known, keys, found, told, generated_at=now, version=__version__),
                separators=(",", ":"),
                allow_nan=False,
            )
        asked = view(question.tool.view)
        lens = replace(lens, view=asked.name)
        text = document(asked, asked.build(known, lens), known, lens, generated_at=now, version=__version__)
        return json.dumps(json.loads(text), separators=(",", ":"))

    def _state(self, days: int) -> State:
        """What was read a moment ago, else what is read now."""
        from socd_tui.commands.parts.asking import figures
        from socd_tui.model.lens import Lens
        from socd_tui.views.frame.scene import every_window

        at, state = self._kept.get(days, (None, None))
        now = self._world.steady()
        if at is None or state is None or (now - at).total_seconds() > KEPT_S:
            state = figures(self._world, Lens(days=days), every_window)
            self._kept[days] = now, state
        return state


COMMAND = Command(
    name="mcp",
    uses=frozenset({"demo", "offline", "base_url", "profile", "session_from", "keys"}),
    options=McpOptions,
    run=run,
)
