"""`demo-server`: the simulated service on its own, for any client."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError

from socd_tui.commands.parts.command import Command, Options
from socd_tui.model.errors import UsageError
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from socd_tui.commands.parts.context import World
    from socd_tui.service.demo.payload import Dialect

MAX_COUNT = 65_535
"""The highest port, and ample for the rest."""


@dataclass(frozen=True, kw_only=True)
class DemoServerOptions(Options):
    port: int = 0
    dialect: Dialect = "flat"
    key_count: int = 10
    latency_ms: int = 0
    seed: int = 1
    now: str = ""


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--port", type=_count, help="default: a free one")
    parser.add_argument("--dialect", choices=("flat", "nested"), help="payload shape to speak")
    parser.add_argument(
        "--keys", dest="key_count", type=_count, metavar="N", help="how many keys the account has"
    )
    parser.add_argument("--latency-ms", type=_count, metavar="N", help="wait before each answer")
    parser.add_argument("--seed", type=int, metavar="N", help="another account with the same stories")
    parser.add_argument("--now", metavar="TIME", help="stop its clock at this moment (ISO 8601)")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= MAX_COUNT):
        raise ArgumentTypeError(f"'{text[:20]}' is not a whole number from 0 to {MAX_COUNT}")
    return int(text)


def run(world: World[DemoServerOptions]) -> int:
    """Serves until interrupted. Prints the two variables that point a client at it."""
    import signal

    from socd_tui.service.demo import DemoServer

    options = world.options
    fixed = _moment(options.now) if options.now else None
    try:
        server = DemoServer(
            port=options.port,
            dialect=options.dialect,
            keys=options.key_count,
            latency_ms=options.latency_ms,
            seed=options.seed,
            requests_per_minute=1_000_000 if fixed else 600,  # a clock that stands never opens a new minute
            clock=(lambda: fixed) if fixed else world.clock,
        )
    except OSError as error:
        raise UsageError(
            f"Port {options.port} cannot be used: {error.strerror}.", "Leave --port out for a free one."
        ) from None
    print(f"export SOCD_BASE_URL={server.base_url}")
    print(f"export SOCD_SESSION_TOKEN={server.token}", flush=True)
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        server.serve_forever()
    finally:
        server.stop()
    return 0


def _moment(text: str) -> datetime:
    from datetime import UTC, datetime

    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError("--now is not a moment.", "Write it as 2026-11-22T10:00:00Z.") from None
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


COMMAND = Command(
    name="demo-server",
    uses=frozenset(),
    options=DemoServerOptions,
    arguments=arguments,
    run=run,
)
