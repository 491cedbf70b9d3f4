"""What a command prints of several accounts as one text: one after the other, or one document or table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence

from socd_tui.model.errors import SocdError
from socd_tui.model.record import dataclass

PROFILE = "profile"
"""The field and column that says which account a line is of."""


@dataclass(frozen=True)
class Part:
    """What was printed of one account."""

    profile: str
    base_url: str
    text: str | None
    """None where nothing was."""
    error: SocdError | None = None
    """Why it could not be read."""


def _headed(parts: Sequence[Part], heading: str = "{} ({})") -> str:
    """Texts for people. What could not be read is told elsewhere."""
    told = [part for part in parts if part.text is not None]
    return "\n\n".join(f"{heading.format(part.profile, part.base_url)}\n{part.text}" for part in told)


def _markdown(parts: Sequence[Part]) -> str:
    return _headed(parts, "## {} ({})\n")


def _documents(parts: Sequence[Part]) -> str:
    document = {
        "schema": "socd-tui/profiles/1",
        "profiles": [
            {
                PROFILE: part.profile,
                "base_url": part.base_url,
                "document": None if part.text is None else json.loads(part.text),
                "error": _error(part.error),
            }
            for part in parts
        ],
    }
    return json.dumps(document, indent=2, allow_nan=False)


def _error(error: SocdError | None) -> dict[str, str] | None:
    if error is None:
        return None
    return {"kind": error.kind, "message": error.message, "next_step": error.next_step}


def _lines(parts: Sequence[Part]) -> str:
    """JSON objects, one a line."""
    return "\n".join(
        json.dumps({PROFILE: part.profile, **json.loads(line)}, allow_nan=False)
        for part in parts
        for line in (part.text or "").splitlines()
    )


def _table(parts: Sequence[Part]) -> str:
    """CSV with the columns of all of them, after the account's name."""
    tables = [(part, list(csv.reader(io.StringIO(part.text)))) for part in parts if part.text]
    columns = dict.fromkeys(name for _, rows in tables for name in rows[0])
    out = io.StringIO()
    writer = csv.DictWriter(out, [PROFILE, *columns], lineterminator="\n")
    writer.writeheader()
    for part, (names, *rows) in tables:
        writer.writerows({PROFILE: part.profile, **dict(zip(names, row, strict=True))} for row in rows)
    return out.getvalue().rstrip("\n")


JOINED: Mapping[str, Callable[[Sequence[Part]], str]] = {
    "text": _headed,
    "table": _headed,
    "md": _markdown,
    "csv": _table,
    "json": _documents,
    "ndjson": _lines,
    "jsonl": _lines,
}
"""How the texts of several accounts become one, by format."""
EXACT = ("csv", "json", "ndjson", "jsonl")
"""Formats that programs read."""
