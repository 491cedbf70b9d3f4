"""`python -m socd_tui` is `socd-tui`."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """The exit code. Also a part of the program that is missing or broken is one sentence and exit 1."""
    try:
        return _ran()
    finally:
        gc.freeze()  # else Python looks all there is over for garbage before it ends: a sixth of `line`


def _ran() -> int:
    try:
        from socd_tui.cli import main as command_line
    except Exception as error:  # noqa: BLE001  # whatever is broken
        from socd_tui.last_resort import told

        print(f"socd-tui: {told(error)}", file=sys.stderr)
        return 1
    return command_line()


if __name__ == "__main__":
    raise SystemExit(main())
