"""What a line said last, kept in the state folder: a status bar waits for nothing that is as it was."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC
from pathlib import Path
from typing import Any, ClassVar

from socd_tui.model import checked
from socd_tui.model.errors import StoreError
from socd_tui.model.line_values import LineValues
from socd_tui.model.text import inert
from socd_tui.store.account_file import AccountFile
from socd_tui.store.paths import stamp_of
from socd_tui.store.settings import FILE as SETTINGS

HISTORY = "history.sqlite3"
"""The history's file, which takes longer to import than a line to print."""
MOST = 8
"""Lines of different keys and windows that are remembered."""
_LONGEST = 4_000


class LineFile(AccountFile):
    """Of one account of one service."""

    name: ClassVar[str] = "line"
    schema: ClassVar[str] = "socd-tui/line/1"
    most_bytes: ClassVar[int] = 1 << 20
    without: ClassVar[str] = "It is made anew."

    def read(self, of: str) -> LineValues | None:
        """What was made of just this; None where nothing was."""
        entries = self._understood(_entries) or {}
        return entries.get(of)

    def write(self, of: str, line: LineValues) -> None:
        """Remember it; a disk that does not work costs time and nothing else."""
        entries = {**(self._understood(_entries) or {})}
        entries.pop(of, None)
        newest = [*entries.items(), (of, line)][-MOST:]
        with suppress(StoreError):
            self._keep({"lines": [[name, *_written(each)] for name, each in newest]})


def stamp(data: Path, config: Path) -> str:
    """What is another once anybody has written a history or settings."""
    found = stamp_of(data / HISTORY, data / f"{HISTORY}-wal", config / SETTINGS)
    return "; ".join(" ".join(map(str, each)) for each in found)


def _written(line: LineValues) -> list[object]:
    asked_at = line.asked_at.astimezone(UTC).isoformat() if line.asked_at else None
    return [dict(line.fields), asked_at, line.gravity, list(line.sentences)]


def _entries(document: dict[str, Any]) -> dict[str, LineValues]:
    found: dict[str, LineValues] = {}
    for row in checked.array(document["lines"]):
        of, fields, asked_at, gravity, sentences = checked.array(row)
        texts = [*fields, *fields.values(), gravity, *checked.array(sentences)]
        if not isinstance(of, str) or len(found) >= MOST or not all(map(_is_inert, texts)):
            raise ValueError
        found[of] = LineValues(fields, checked.moment(asked_at), gravity, tuple(sentences))
    return found


def _is_inert(text: object) -> bool:
    return isinstance(text, str) and len(text) <= _LONGEST and inert(text, _LONGEST) == text
