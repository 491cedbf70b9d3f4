"""The exit codes of the commands, and the table of them that help prints."""

from __future__ import annotations

from socd_tui.model.exit_code import BY_SIGNAL, ExitCode

__all__ = ["ExitCode", "exit_code_lines"]

_WIDTH = 96
"""Columns of a line of the table."""


def exit_code_lines() -> list[str]:
    """Every code with what it says, as many in a line as fit."""
    lines = [""]
    for code, words in (*((str(int(each)), each.words) for each in ExitCode), BY_SIGNAL):
        told = f"{code} {words}"
        if lines[-1] and len(lines[-1]) + len(told) + 3 > _WIDTH:
            lines.append("")
        lines[-1] += f"   {told}" if lines[-1] else told
    return lines
