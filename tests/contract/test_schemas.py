"""Every document is what its JSON Schema says, and the schemas are what is made of documents."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from socd_tui.views.registry import views
from tests.documents import Json, printed, unusual

FOLDER = Path(__file__).parents[2] / "share" / "schema"

TYPES: dict[str, Any] = {
    "null": type(None),
    "boolean": bool,
    "string": str,
    "array": list,
    "object": dict,
    "number": (int, float),
    "integer": int,
}


def faults(schema: Json, value: Any, where: str = "$") -> list[str]:
    """Where the value is not what the schema says, by the words that ours are made of."""
    found: list[str] = []
    for word, said in schema.items():
        match word:
            case "$schema" | "$id" | "title" | "description" | "then":
                pass
            case "const":
                found += [f"{where} is no {said}"] * (value != said)
            case "enum":
                found += [f"{where} is none of {said}"] * (value not in said)
            case "type":
                kinds = [TYPES[each] for each in ([said] if isinstance(said, str) else said)]
                fits = any(isinstance(value, kind) for kind in kinds)
                if isinstance(value, bool):
                    fits = bool in kinds
                found += [f"{where} is {value!r:.40}, no {said}"] * (not fits)
            case "required":
                names = said if isinstance(value, dict) else ()
                found += [f"{where} has no {name}" for name in names if name not in value]
            case "properties":
                for name, inner in said.items() if isinstance(value, dict) else ():
                    found += faults(inner, value[name], f"{where}.{name}") if name in value else []
            case "additionalProperties":
                known = schema.get("properties", {})
                for name, each in value.items() if isinstance(value, dict) else ():
                    found += [] if name in known else faults(said, each, f"{where}.{name}")
            case "items":
                for n, each in enumerate(value if isinstance(value, list) else ()):
                    found += faults(said, each, f"{where}[{n}]")
            case "allOf":
                for each in said:
                    found += faults(each, value, where)
            case "if":
                found += [] if faults(said, value, where) else faults(schema["then"], value, where)
            case _:
                raise AssertionError(f"{word} is not understood here")
    return found


def schema(name: str) -> Json:
    found: Json = json.loads((FOLDER / f"{name}-1.json").read_text())
    return found


@pytest.fixture(scope="module")
def of_commands() -> list[tuple[str, Json]]:
    return list(printed())


def test_the_schemas_are_what_their_code_makes(of_commands: list[tuple[str, Json]]) -> None:
    made = runpy.run_path(str(FOLDER / "make_schemas.py"))["schemas"](of_commands)
    assert {path.name for path in FOLDER.glob("*.json")} == made.keys()
    for name, text in made.items():
        assert (FOLDER / name).read_text() == text, f"{name}: run python share/schema/make_schemas.py"


def test_every_view_is_what_its_schema_says_in_whatever_state_the_account_is() -> None:
    documents, said = unusual(), schema("view")
    for document in documents:
        assert faults(said, document) == [], document["view"]
    assert len({each["view"] for each in documents}) == len(views())
    wrong = next(each for each in documents if each["view"] == "overview" and each["data"]["rows"])
    wrong["data"]["rows"][0]["requests"] = "many"
    wrong["confidence"] = "sure"
    del wrong["window"]
    told = "\n".join(faults(said, wrong))
    assert "$.data.rows[0].requests is 'many'" in told
    assert "$.confidence is none of" in told
    assert "$ has no window" in told


def test_what_each_command_prints_is_what_its_schema_says(of_commands: list[tuple[str, Json]]) -> None:
    for name, document in of_commands:
        assert faults(schema(name), document) == [], name
