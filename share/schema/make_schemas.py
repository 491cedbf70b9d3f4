"""Makes the JSON Schemas from documents that the program writes: `python share/schema/make_schemas.py`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))  # the documents are those that the tests try

from socd_tui.outputs.json_schema import schema_of  # noqa: E402
from tests.documents import Json, printed, usual  # noqa: E402


def schemas(of_commands: Iterable[tuple[str, Json]]) -> dict[str, str]:
    """The text of each file by its name; these documents are what commands print beside the views."""
    documents: dict[str, list[Json]] = {"view": usual()}
    for name, document in of_commands:
        documents.setdefault(name, []).append(document)
    return {
        f"{name}-1.json": json.dumps(schema_of(name, each), indent=1) + "\n"
        for name, each in documents.items()
    }


def main() -> None:
    for name, text in schemas(printed()).items():
        (HERE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
