"""Tables: numbers are whole or gone, columns leave by rank, and names are cut last."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.charts.canvas import Canvas, Line, Span, line_width, plain
from socd_tui.charts.glyphs import ASCII, FULL
from socd_tui.charts.number import forms, percent
from socd_tui.charts.table import Cell, Column, Extent, Row, draw_table
from socd_tui.charts.table_layout import ATTEMPTS, EXTRA, GAP, layout
from socd_tui.model.target import RowTarget
from socd_tui.model.text import inert

COLUMNS = (
    Column("key", "left", floor=8, cut="name"),
    Column("requests"),
    Column("share", drop=2),
    Column("bar", "left", drop=3, floor=4, greedy=True),
    Column("p99", drop=EXTRA),
)


def at(name: str) -> RowTarget:
    return RowTarget("table", name)


def row(name: str, requests: int | None, p99: str = "1,441") -> Row:
    bar = Cell(drawing=lambda width: (Span("#" * (width // 2)),))
    cells = (Cell((name,)), Cell(forms(requests)), Cell((percent(0.25),)), bar, Cell((p99,)))
    return Row(cells, at(name))


ROWS = [row("Production SIEM#dSsJ", 149_605), row("idle#zaZR", 0)]


def text(lines: list[Line] | None) -> str:
    assert lines is not None
    return plain(lines)


def drawn(width: int, rows: list[Row] = ROWS, height: int = 20, cursor: str = "") -> str:
    return text(draw_table(COLUMNS, rows, Canvas(width, height), cursor=at(cursor)))


def test_with_room_enough_everything_is_in_full() -> None:
    assert drawn(60).split("\n") == [
        " key                  requests share bar                 p99",
        " Production SIEM#dSsJ  149,605 25.0% ########          1,441",
        " idle#zaZR                   0 25.0% ########          1,441",
    ]


@pytest.mark.parametrize(
    ("width", "columns"),
    [(47, "key requests share bar p99"), (46, "key requests share bar"), (29, "key requests share bar"),
     (28, "key requests share"), (24, "key requests share"), (23, "key requests"), (18, "key requests")],
)  # fmt: skip
def test_columns_leave_by_rank_and_extras_before_a_name_is_cut(width: int, columns: str) -> None:
    assert drawn(width).split("\n")[0].split() == columns.split()


def test_a_name_keeps_what_tells_it_from_its_namesake() -> None:
    assert drawn(20).split("\n")[1] == " Prod…#dSsJ  149,605"
    assert drawn(18).split("\n")[1] == " Pr…#dSsJ  149,605"


def test_a_count_is_shortened_before_its_column_leaves() -> None:
    rows = [row("a", 1_000_000_000_000)]
    assert drawn(33, rows).split("\n")[1].split() == ["a", "1,000,000,000,000", "25.0%", "##"]
    assert drawn(32, rows).split("\n")[1].split()[:3] == ["a", "1.0T", "25.0%"]
    assert "bar" in drawn(32, rows)


def test_where_nothing_fits_there_is_no_table() -> None:
    assert draw_table(COLUMNS, ROWS, Canvas(12, 9)) is None


@given(
    names=st.lists(st.text(min_size=1, max_size=30).map(inert), min_size=1, max_size=6),
    counts=st.lists(st.one_of(st.none(), st.integers(0, 10**12)), min_size=6, max_size=6),
    width=st.integers(1, 90),
    height=st.integers(1, 12),
    glyphs=st.sampled_from([FULL, ASCII]),
)
def test_a_number_is_whole_in_every_row_at_every_width(
    names: list[str], counts: list[int | None], width: int, height: int, glyphs: object
) -> None:
    rows = [row(name, count) for name, count in zip(names, counts, strict=False)]
    canvas = Canvas(width, height, FULL if glyphs is FULL else ASCII)
    lines = draw_table(COLUMNS, rows, canvas)
    if lines is None:
        unknown = canvas.glyphs.unknown
        assert layout(COLUMNS, Extent.of(rows, unknown), Extent.of((), unknown), width - 1) is None
        return
    assert all(line_width(line) <= width for line in lines)
    for line, each in zip(lines[1:], rows, strict=False):
        if line[0].target is not None:
            shown = {span.text.strip() for span in line}
            assert shown & set(each.cells[1].forms), (shown, each.cells[1].forms)


def many(n: int) -> list[Row]:
    return [row(f"row{i}", i) for i in range(n)]


@given(total=st.integers(1, 60), index=st.integers(0, 59), height=st.integers(4, 30))
def test_the_row_under_the_cursor_is_always_in_the_picture(total: int, index: int, height: int) -> None:
    cursor = f"row{min(index, total - 1)}"
    rows = drawn(60, many(total), height, cursor).split("\n")
    assert len(rows) <= height
    assert [line.split()[0] for line in rows].count(f"▸{cursor}") == 1


@given(total=st.integers(1, 60), index=st.integers(0, 59), height=st.integers(4, 30))
def test_a_clipped_table_says_which_rows_it_shows(total: int, index: int, height: int) -> None:
    told = drawn(60, many(total), height, f"row{min(index, total - 1)}")
    shown = re.findall(r"row(\d+) ", told)
    note = re.search(r"rows (\d+)–(\d+) of (\d+)", told)
    if len(shown) == total:
        assert note is None
    else:
        assert note is not None
        assert [int(n) for n in note.groups()] == [int(shown[0]) + 1, int(shown[-1]) + 1, total]


@given(total=st.integers(1, 30), index=st.integers(0, 29), height=st.integers(5, 30))
def test_rows_that_belong_together_are_never_parted(total: int, index: int, height: int) -> None:
    rows = [each for i in range(total) for each in (row(f"row{i}", i), row(f"also{i}", i))]
    told = text(
        draw_table(COLUMNS, rows, Canvas(60, height), cursor=at(f"row{min(index, total - 1)}"), per=2)
    )
    assert re.findall(r"row(\d+) ", told) == re.findall(r"also(\d+) ", told)
    assert len(told.split("\n")) <= height
    assert (f"of {total}" in told) is (len(re.findall(r"row(\d+) ", told)) < total)


def test_the_footing_stays_when_rows_are_clipped() -> None:
    lines = draw_table(COLUMNS, many(50), Canvas(60, 8), footing=[row("total", 1_225)])
    assert text(lines).split("\n")[-1].split()[:2] == ["total", "1,225"]


def test_a_column_nobody_knows_anything_of_leaves() -> None:
    assert "p99" not in drawn(60, [row("a", 1, p99="—"), row("b", 2, p99="—")])
    assert "p99" in drawn(60, [row("a", 1, p99="—"), row("b", 2)])


def test_a_column_that_must_stay_does_so_even_when_unknown() -> None:
    assert drawn(60, [row("a", None)]).split("\n")[1].split()[:2] == ["a", "—"]


def test_a_mark_stays_in_front_of_its_row_under_the_cursor() -> None:
    lines = draw_table(COLUMNS, [row("a", 1)], Canvas(60, 9), cursor=at("a"), marked=[at("a")])
    assert text(lines).split("\n")[1].startswith("●a")


def test_a_click_anywhere_in_a_row_means_the_row() -> None:
    lines = draw_table(COLUMNS, ROWS, Canvas(60, 9), cursor=at("idle#zaZR"))
    assert lines is not None
    assert {span.target for span in lines[1]} == {at("Production SIEM#dSsJ")}
    assert all(span.cursor for span in lines[2])
    assert not any(span.cursor for span in lines[1])


def test_a_cell_that_changed_is_marked_without_the_blanks_beside_it() -> None:
    name, requests, *others = row("a", 1_225).cells
    changed = replace(row("a", 1_225), cells=(name, requests._replace(changed=True), *others))
    lines = draw_table(COLUMNS, [changed, row("b", 7)], Canvas(60, 9), cursor=changed.target)
    assert lines is not None
    assert [span.text for line in lines for span in line if span.changed] == ["1,225"]
    assert next(span for span in lines[1] if span.changed).cursor
    plainly = draw_table(COLUMNS, [row("a", 1_225), row("b", 7)], Canvas(60, 9))
    assert text(lines).replace("▸", " ") == text(plainly)


def test_a_cell_that_changed_to_nothing_is_blank_and_marks_nothing() -> None:
    name, _, *others = row("a", 7).cells
    emptied = replace(row("a", 7), cells=(name, Cell(("",), changed=True), *others))
    lines = draw_table(COLUMNS, [emptied, row("b", 7)], Canvas(60, 9))
    assert lines is not None
    assert [span for line in lines for span in line if span.changed] == []


def test_a_layout_looks_at_no_column_that_its_titles_leave_no_room_for() -> None:
    rows, looked_at = many(50), set[int]()

    def cells(i: int) -> list[Cell]:
        looked_at.add(i)
        return [each.cells[i] for each in rows]

    few, nothing = COLUMNS[:2], Extent.of((), "—")
    assert layout(few, Extent(len(rows), cells, "—"), nothing, len("key requests") - 1) is None
    assert looked_at == set()
    assert layout(few, Extent(len(rows), cells, "—"), nothing, 40) is not None
    assert looked_at == {0, 1}


@given(
    counts=st.lists(st.one_of(st.none(), st.integers(0, 10**12)), min_size=1, max_size=5),
    name=st.text("abcdef", min_size=1, max_size=30),
    width=st.integers(8, 70),
)
def test_a_layout_has_the_most_columns_that_there_is_room_for(
    counts: list[int | None], name: str, width: int
) -> None:
    rows = [row(name, count) for count in counts]

    def least(column: Column, i: int, level: int, *, squeeze: bool) -> int:
        needed = max(len(column.title), *(len(each.cells[i].at(level)) for each in rows))
        if column.greedy:
            return max(column.floor or 0, len(column.title))
        return min(needed, column.floor) if squeeze and column.floor else needed

    fitting = [
        (tuple(shown), level)
        for keep in (EXTRA, 3, 2, 0)
        for level, squeeze in (ATTEMPTS if keep < EXTRA else ATTEMPTS[:2])
        if (shown := [i for i, column in enumerate(COLUMNS) if column.drop <= keep])
        if sum(least(COLUMNS[i], i, level, squeeze=squeeze) + GAP for i in shown) <= width + GAP
    ]
    found = layout(COLUMNS, Extent.of(rows, "—"), Extent.of((), "—"), width)
    assert (found and (found.shown, found.level)) == next(iter(fitting), None)
