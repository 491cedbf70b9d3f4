"""Run as a program: socd-tui as it is installed, on a clock that starts at `tests.clock.NOW`.

python -m tests.program show overview --demo
"""

from __future__ import annotations

from socd_tui.cli import main
from tests.clock import going

if __name__ == "__main__":
    raise SystemExit(main(clock=going()))
