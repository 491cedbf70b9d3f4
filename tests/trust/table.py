"""The table of all checks, as text for a terminal and as the page `docs/trust.md`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.trust.check import Check

PAGE = Path(__file__).parents[2] / "docs" / "trust.md"

HEAD = """\
# What was tried against socd-tui

`python -m tests.trust --write` wrote this page: each check attacks the program, and then, in the same way, a
careless variant, which it must catch. `python -m tests.trust --short` is the sample that runs with every
`pytest`; `python -m tests.trust NAME --seed 7` repeats one check with other random choices. What is
defended, and against whom, is in [SECURITY.md](../SECURITY.md).
"""

TAIL = """\
## What one Linux machine cannot show

- Windows and macOS: their terminals, file systems, permissions and key rings.
- Power loss: the crash points end a process or fail a call of the system; what a disk does with what it had
  promised to keep is not seen.
- The live service: it was never asked. The demo service and the loopback servers of the checks speak the
  documented payloads, both of them, and misbehave in the ways listed above.
- Terminals other than a Linux pty and the emulators that read one.
"""


class Row(NamedTuple):
    """One check's line. All texts."""

    check: str
    must_show: str
    tried: str
    figure: str
    naive: str
    naive_figure: str


TITLES = Row("check", "must show", "tried", "figure", "naive variant", "its figure")
NEVER_RUN = "not run"


def rows_of(page: str) -> dict[str, Row]:
    """The rows of a page that was written before, by the checks' names."""
    cells = [
        [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in page.splitlines()
        if line.startswith("|")
    ]
    return {row[0]: Row(*row) for row in cells[2:] if len(row) == len(TITLES)}


def write(done: Mapping[str, Row], checks: Iterable[Check]) -> None:
    """Writes the page: a row for each check there is, of the ones not run just now the row it had."""
    before = rows_of(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
    rows = [done.get(check.name) or _kept(check, before.get(check.name)) for check in checks]
    PAGE.write_text(f"{HEAD}\n{_markdown(rows)}\n{TAIL}", encoding="utf-8")


def _kept(check: Check, before: Row | None) -> Row:
    row = before or Row(check.name, "", NEVER_RUN, "", "", "")
    return row._replace(must_show=check.must_show, naive=check.naive_is)


def _markdown(rows: Iterable[Row]) -> str:
    lines = [TITLES, Row(*("---" for _ in TITLES)), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("\n", " ")
