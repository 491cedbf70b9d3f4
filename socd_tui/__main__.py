"""`python -m socd_tui` is `socd-tui`."""

from socd_tui.cli import main

raise SystemExit(main())
