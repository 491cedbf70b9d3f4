"""`demo-server`: the simulated service on its own, for any client."""

from __future__ import annotations

import signal
import sys
from argparse import Namespace
from datetime import UTC, datetime

from socd_tui.clock import Clock
from socd_tui.model.errors import UsageError


def demo_server(args: Namespace, clock: Clock) -> int:
    """Serves until interrupted. Prints the two variables that point a client at it."""
    from socd_tui.service.demo import DemoServer

    fixed = _moment(args.now) if args.now else None
    try:
        server = DemoServer(
            port=args.port,
            dialect=args.dialect,
            keys=args.keys,
            latency_ms=args.latency_ms,
            seed=args.seed,
            requests_per_minute=1_000_000 if fixed else 600,  # a clock that stands never opens a new minute
            clock=(lambda: fixed) if fixed else clock,
        )
    except OSError as error:
        raise UsageError(
            f"Port {args.port} cannot be used: {error.strerror}.", "Leave --port out for a free one."
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
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError("--now is not a moment.", "Write it as 2026-11-22T10:00:00Z.") from None
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
