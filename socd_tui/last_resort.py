"""What is said of a mistake of the program's own when perhaps nothing else of it works."""

from __future__ import annotations


def told(error: BaseException) -> str:
    """One sentence; the details are in a file, if that can be written. No word of the error is trusted."""
    name = type(error).__name__
    try:
        from socd_tui.store.crash_report import report

        return report(error)
    except Exception as second:  # noqa: BLE001  # whatever is broken
        why = type(second).__name__
        return f"The program failed ({name}) and cannot say more ({why}): install it again."
