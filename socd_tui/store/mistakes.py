"""What is wrong in a file that a person edits: its line, and the name that may have been meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from socd_tui.model.nearest import nearest
from socd_tui.model.record import dataclass


@dataclass(frozen=True)
class Mistake:
    """A setting that cannot be used, and why; `names` are those that it may have been meant to be."""

    name: str
    problem: str
    meant: str = ""
    names: Sequence[str] = ()
    advice: str = ""
    table: str | None = None
    """The table that it stands in, below whose header its line is."""

    def told(self, text: str) -> str:
        meant = nearest(self.meant, self.names)
        guess = f" {meant}" if meant else ""
        return f"line {line_of(text, self.name, self.table)}: {self.problem}{guess}{self.advice}"


def line_of(text: str, name: str, table: str | None = None) -> int:
    """The number of the line that sets `name`, at or below the header of `table`.

    Looked for in the text, because TOML's parser does not keep line numbers.
    """
    last = re.escape(name.rpartition(".")[2])
    pattern = re.compile(
        rf"^\s*(?:\[\s*{re.escape(name)}(?![\w-])|(?:[\w.\"']*\.)?[\"']?(?:{re.escape(name)}|{last})[\"']?\s*=)"
    )
    header = line_of(text, table) if table else 1
    lines = enumerate(text.splitlines(), start=1)
    return next((n for n, line in lines if n >= header and pattern.match(line)), header)
