"""Sheets for pipes, spreadsheets and wikis: nothing lost, nothing executed, no table broken."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.charts.sheet import Field, Sheet, Value, as_csv, as_markdown, as_text, as_written, rounded
from socd_tui.model.text import Text, cell_width

FIELDS = (Field("path", "text"), Field("requests"), Field("share", "ratio"), Field("avg_ms", "ms"))
SHEET = Sheet(
    FIELDS,
    ((Text("/api/v1/iocs"), 142_587, 0.9381, 287.0), (Text("/x"), 0, 0.0, None), ("other", None, None, 1.5)),
    ("one note",),
)
values = st.one_of(st.none(), st.text(max_size=20), st.text(max_size=20).map(Text), st.integers(0, 10**15))
rows = st.lists(st.tuples(values, values, values, values), max_size=6).map(tuple)


def as_shown(value: Value) -> str:
    return Text(value).shown if isinstance(value, str) else str(value)


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_a_table_for_a_terminal_is_aligned_and_has_its_notes() -> None:
    assert as_text(SHEET).split("\n") == [
        "path          requests  share  avg_ms",
        "/api/v1/iocs   142,587  93.8%     287",
        "/x                   0     0%       —",
        "other                —      —     1.5",
        "one note",
    ]


def test_csv_holds_plain_numbers_and_empty_cells_for_unknown() -> None:
    assert read(as_csv(SHEET)) == [
        ["path", "requests", "share", "avg_ms"],
        ["/api/v1/iocs", "142587", "0.9381", "287"],
        ["/x", "0", "0", ""],
        ["other", "", "", "1.5"],
    ]


def test_markdown_is_a_pipe_table_with_numbers_to_the_right() -> None:
    assert as_markdown(SHEET).split("\n")[:3] == [
        "| path | requests | share | avg_ms |",
        "| --- | --: | --: | --: |",
        "| /api/v1/iocs | 142,587 | 93.8% | 287 |",
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("kind", [str, Text])
def test_a_spreadsheet_shows_a_formula_and_does_not_run_it(start: str, kind: type[str] | type[Text]) -> None:
    sheet = Sheet((Field("name", "text"),), ((kind(f'{start}HYPERLINK("http://x")'),),))
    _, [cell] = read(as_csv(sheet))
    assert not cell.startswith((*"=+-@＝＋－＠", "\t", "\r", "\n"))
    assert 'HYPERLINK("http://x")' in cell


def with_ids(*rows: tuple[str, str, int]) -> Sheet:
    return Sheet((Field("key", "text"), Field("key_id", "id"), Field("requests")), rows)


def test_people_see_ids_only_where_names_are_shared_and_programs_always_as_the_last_column() -> None:
    apart, shared = with_ids(("a", "1", 5), ("b", "2", 6)), with_ids(("a", "1", 5), ("a", "2", 6))
    for written in (as_text, as_markdown):
        assert "key_id" not in written(apart)
        assert "key_id" in written(shared)
    assert read(as_csv(apart)) == [["key", "requests", "key_id"], ["a", "5", "1"], ["b", "6", "2"]]


def test_numbers_are_never_taken_for_formulas() -> None:
    sheet = Sheet((Field("n"), Field("m", "ms")), ((-5, -0.5),))
    assert read(as_csv(sheet))[1] == ["-5", "-0.5"]


@given(rows)
def test_csv_reads_back_with_every_row_and_field(found: tuple[tuple[Value, ...], ...]) -> None:
    back = read(as_csv(Sheet(FIELDS, found)))
    assert len(back) == len(found) + 1
    for row, cells in zip(found, back[1:], strict=True):
        assert [cell.removeprefix("'") for cell in cells] == [
            "" if value is None else as_shown(value).removeprefix("'") for value in row
        ]


@given(rows)
def test_no_text_breaks_a_markdown_row(found: tuple[tuple[Value, ...], ...]) -> None:
    lines = as_markdown(Sheet(FIELDS, found)).split("\n")
    assert len(lines) == len(found) + 2
    for line in lines:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == len(FIELDS) + 1


@given(rows)
def test_every_number_of_a_table_ends_under_its_title(found: tuple[tuple[Value, ...], ...]) -> None:
    numbered = tuple((*row[:3], 1) for row in found)
    lines = as_text(Sheet(tuple(Field(name) for name in "abcd"), numbered)).split("\n")
    assert len(lines) == len(found) + 1
    assert len({cell_width(line) for line in lines}) == 1


@pytest.mark.parametrize(("value", "told"), [(None, None), (287.0, 287), (0.0, 0), (1.5, 1.5), (3, 3)])
def test_a_number_is_exported_as_the_service_wrote_it(value: float | None, told: float | None) -> None:
    assert str(as_written(value)) == str(told)


def test_a_ratio_is_exported_with_four_decimals() -> None:
    assert rounded(1 / 3) == 0.3333
    assert rounded(None) is None
