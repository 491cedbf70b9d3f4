"""Makes the completions of shells from the command line: `python share/completions/make_completions.py`."""

from __future__ import annotations

from pathlib import Path

import shtab

from socd_tui.commands.parts.command import THEMES
from socd_tui.commands.parts.command_line import whole_parser
from socd_tui.commands.parts.completions import FILES
from socd_tui.views.registry import views

HERE = Path(__file__).parent

KEYS = {
    "bash": "_socd_tui_keys",
    "zsh": "_socd_tui_keys",
    "fish": "(socd-tui completion --keys 2>/dev/null)",
}
"""What completes a key: the names that are remembered here."""

PREAMBLE = {
    "bash": """\
_socd_tui_keys() {
  local name
  while IFS= read -r name; do
    printf -v name '%q' "$name"
    [[ "$name" == "$1"* ]] && printf '%s\\n' "$name"
  done < <(socd-tui completion --keys 2>/dev/null)
}""",
    "zsh": """\
_socd_tui_keys() {
  local -a names
  names=(${(f)"$(socd-tui completion --keys 2>/dev/null)"})
  compadd -a names
}""",
}
CHOICES = {"view": [view.name for view in views()], "theme": list(THEMES)}
CHOICES["view_name"] = CHOICES["view"]


def completions(shell: str) -> str:
    """What the shell reads."""
    root, by_name = whole_parser()
    for parser in (root, *by_name.values()):
        for action in parser._actions:
            if action.metavar == "SEL":
                action.complete = KEYS  # type: ignore[attr-defined]
            elif action.metavar == "FILE":
                action.complete = shtab.FILE  # type: ignore[attr-defined]
            else:
                action.choices = CHOICES.get(action.dest, action.choices)
    # What it is said to take is less than what it takes: a preamble for each shell.
    made: str = shtab.complete(root, shell=shell, preamble=PREAMBLE)  # type: ignore[arg-type]
    return f"{made.rstrip()}\n"


def main() -> None:
    for shell, name in FILES.items():
        (HERE / name).write_text(completions(shell), encoding="utf-8")


if __name__ == "__main__":
    main()
