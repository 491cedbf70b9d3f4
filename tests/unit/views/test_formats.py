"""Output formats are one table: names for the command line, endings for files, and what is written."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from socd_tui.charts.sheet import Field, Sheet
from socd_tui.model.errors import UsageError
from socd_tui.views.frame.formats import ENDINGS, FORMATS, NAMES, Writable, format_named, format_of

FIGURES = Writable(sheet=lambda: Sheet((Field("requests"),), ((1234,),), ("a note",)), json=lambda: "{}")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("table", "requests\n   1,234\na note"),
        ("json", "{}"),
        ("csv", "requests\n1234"),
        ("md", "| requests |\n| --: |\n| 1,234 |\n\na note"),
    ],
)
def test_each_format_writes_the_figures_its_way(name: str, text: str) -> None:
    assert format_named(name).text(FIGURES) == text
    assert format_named(name).with_notes == ("a note" in text or name == "json")


def test_only_what_is_asked_for_is_made() -> None:
    def unasked() -> str:
        raise AssertionError

    assert format_named("csv").text(Writable(FIGURES.sheet, unasked)) == "requests\n1234"


@pytest.mark.parametrize(
    ("path", "name"), [("a.csv", "csv"), ("b.MD", "md"), ("x.csv/c.json", "json"), ("d", "json")]
)
def test_the_ending_of_a_name_says_the_format(path: str, name: str) -> None:
    assert format_of(PurePath(path)).name == name


@pytest.mark.parametrize("path", ["a.txt", "b.csv.gz", "c.\x1b[2J"])
def test_another_ending_is_refused_naming_those_there_are(path: str) -> None:
    with pytest.raises(UsageError) as refusal:
        format_of(PurePath(path))
    assert str(refusal.value).endswith("Let the name end in .json, .csv, .md, .html or .svg.")
    assert "\x1b" not in str(refusal.value)


def test_names_and_endings_are_unique() -> None:
    assert len(set(NAMES)) == len(FORMATS)
    endings = [each.ending for each in FORMATS if each.ending]
    assert len(set(endings)) == len(endings)
    assert all(ending in ENDINGS for ending in endings)
