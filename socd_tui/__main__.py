"""`python -m socd_tui` is `socd-tui`."""

from __future__ import annotations

import sys


def main() -> int:
    """The exit code. Also a part of the program that is missing or broken is one sentence and exit 1."""
    try:
        from socd_tui.garbage import look_no_more, look_seldom

        look_seldom()
        from socd_tui.cli import main as command_line
    except Exception as error:  # noqa: BLE001  # whatever is broken
        from socd_tui.last_resort import told

        print(f"socd-tui: {told(error)}", file=sys.stderr)
        return 1
    try:
        return command_line()
    finally:
        look_no_more()


if __name__ == "__main__":
    raise SystemExit(main())
