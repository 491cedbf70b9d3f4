"""What every pane promises, for every fleet, size and glyph level. A new view is tested by existing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import product
from typing import Any, NamedTuple, get_args

import pytest

from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Canvas, line_width, plain, to_ascii
from socd_tui.charts.glyphs import ASCII, FULL, SHADE, Glyphs
from socd_tui.charts.sheet import as_csv, as_markdown, as_text
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.target import KeyTarget
from socd_tui.views.frame.picture import MIN_HEIGHT, MIN_WIDTH
from socd_tui.views.parts.names import label
from socd_tui.views.registry import view, views
from socd_tui.views.view import Motion, Pane
from tests.build import painted, pane, prepared
from tests.fleets import FLEETS, looked_at

SIZES = (
    (200, 60), (160, 45), (120, 36), (100, 30), (80, 24), (60, 20),
    (40, 12), (40, 7), (39, 9), (20, 5), (3, 2), (1, 1),
)  # fmt: skip
SHADED = ((160, 45), (80, 24), (40, 12))
"""Sizes to try the glyph level between full and ASCII at, which differs by single marks only."""

each_view = pytest.mark.parametrize("name", [known.name for known in views()])
each_fleet = pytest.mark.parametrize("fleet_name", FLEETS)


@cache
def seen(name: str, fleet_name: str, focused: bool = True) -> tuple[Known, Lens, Pane]:
    """A view's pane, through a Lens on the second key or on all of them."""
    known, lens = looked_at(fleet_name)
    focus = known.fleet.keys[1].id if focused and known.fleet.keys else None
    lens = replace(lens, view=name, focus=focus)
    return known, lens, pane(known, lens)


class Drawing(NamedTuple):
    """A picture as text, and the width of each of its lines."""

    text: str
    widths: tuple[int, ...]


@cache
def drawing(
    name: str, fleet_name: str, width: int, height: int, glyphs: Glyphs, focused: bool = True
) -> Drawing:
    """Each picture is drawn once for all the tests that look at it."""
    known, lens, data = seen(name, fleet_name, focused)
    lines = painted(data, known, lens, Canvas(width, height, glyphs))
    return Drawing(plain(lines), tuple(map(line_width, lines)))


def text(name: str, fleet_name: str, width: int, height: int, glyphs: Glyphs, focused: bool = True) -> str:
    return drawing(name, fleet_name, width, height, glyphs, focused).text


@each_fleet
@each_view
def test_a_picture_is_exactly_as_large_as_its_canvas(name: str, fleet_name: str) -> None:
    for (width, height), glyphs in (*product(SIZES, (FULL, ASCII)), *product(SHADED, (SHADE,))):
        widths = drawing(name, fleet_name, width, height, glyphs).widths
        assert widths == (width,) * height, (width, height, glyphs.level)


@each_fleet
@each_view
def test_the_ascii_picture_holds_nothing_but_printable_ascii(name: str, fleet_name: str) -> None:
    for width, height in SIZES:
        assert re.fullmatch(r"[ -~\n]*", text(name, fleet_name, width, height, ASCII))


@each_fleet
@each_view
def test_no_picture_is_blank(name: str, fleet_name: str) -> None:
    for width, height in SIZES:
        assert text(name, fleet_name, width, height, FULL).strip(), (width, height)


@pytest.mark.parametrize("focused", [True, False], ids=["one key", "all keys"])
@each_fleet
@each_view
def test_no_number_is_cut(name: str, fleet_name: str, focused: bool) -> None:
    """An ellipsis touches a digit only where a name or a path was cut, and then keeps its ends."""
    known, *_ = seen(name, fleet_name)
    foreign = names(known.fleet)
    for (width, height), glyphs in product(SIZES, (FULL, ASCII) if focused else (FULL,)):
        for row in text(name, fleet_name, width, height, glyphs, focused).split("\n"):
            assert not cut_numbers(row, foreign, glyphs), (width, height, row)


@each_view
@pytest.mark.parametrize("fleet_name", ["flat", "compared", "nested", "one_day", "huge"])
@pytest.mark.parametrize("focused", [True, False])
def test_no_line_is_empty_where_rows_are_left_out(name: str, fleet_name: str, focused: bool) -> None:
    for width, height in ((160, 41), (120, 32), (80, 20), (60, 16), (40, 8)):
        told = text(name, fleet_name, width, height, FULL, focused).split("\n")
        if any(re.match(r" rows \d", line) for line in told):
            assert all(line.strip() for line in told), "\n".join(told)


@each_view
def test_a_filter_that_leaves_no_row_says_the_way_back_at_every_size(name: str) -> None:
    if view(name).measures is None:
        return
    known, lens = looked_at("flat")
    lens = replace(lens, view=name, landing=False, filters={name: "nowhere"})
    built = pane(known, lens)
    for width, height in ((200, 46), (120, 32), (80, 20), (60, 16), (40, 8), (40, 7)):
        drawn = plain(painted(built, known, lens, Canvas(width, height)))
        assert "No row matches 'nowhere'; esc undoes" in drawn, drawn


def names(fleet: Fleet) -> set[str]:
    """All foreign text that may be cut."""
    paths = {row.path.shown for usage in fleet.usages.values() for row in usage.endpoints or ()}
    return paths | {label(key) for key in fleet.keys} | {key.name.shown for key in fleet.keys}


def cut_numbers(row: str, known: set[str], glyphs: Glyphs) -> list[str]:
    """The cuts in a row that touch a digit and are not the inside of a known name."""
    mark = re.escape(glyphs.ellipsis)
    found = []
    for cut in re.finditer(rf"(?<=[\d,.]){mark}|{mark}(?=\d)", row):
        before, after = row[: cut.start()], row[cut.end() :]
        shown = [to_ascii(name) for name in known] if glyphs.level == "ascii" else known
        head = any(before.endswith(name[:n]) for name in shown for n in range(2, len(name)))
        tail = not after[:1].strip() or any(
            after.startswith(name[-n:]) for name in shown for n in range(2, len(name))
        )
        if not (head and tail):
            found.append(row[max(cut.start() - 10, 0) : cut.end() + 10])
    return found


def test_the_rule_against_cut_numbers_finds_one() -> None:
    assert cut_numbers(" total 14,2…", {"/api/v1/iocs"}, FULL)
    assert cut_numbers(" key 1 …2,587 req", {"/api/v1/iocs"}, FULL)
    assert not cut_numbers(" /api/v1…iocs 12", {"/api/v1/iocs"}, FULL)


@each_fleet
@each_view
def test_what_is_under_the_cursor_is_told_in_the_last_line(name: str, fleet_name: str) -> None:
    known, _, data = seen(name, fleet_name)
    if data.cursor is not None:
        key = known.fleet.key(data.cursor.key_id) if isinstance(data.cursor, KeyTarget) else None
        for width, height in SIZES:
            if width >= MIN_WIDTH and height >= MIN_HEIGHT:
                last = text(name, fleet_name, width, height, FULL).split("\n")[-1]
                assert last.strip(), (width, height)
                assert key is None or last.strip().startswith(key.name.shown[:3]), (width, height)


@each_view
def test_under_the_smallest_pane_one_line_tells_the_verdict(name: str) -> None:
    for width, height in ((39, 9), (200, 6)):
        first, *rest = text(name, "flat", width, height, FULL).split("\n")
        assert first.startswith("over threat-n")
        assert first.rstrip().endswith("100% of day cap")
        assert not "".join(rest).strip()


@each_view
def test_unknown_is_never_printed_as_zero(name: str) -> None:
    *_, data = seen(name, "all_unknown")
    for width, height in SIZES:
        assert not re.search(r"(?<![\w.,#])0(?![\w.,])", text(name, "all_unknown", width, height, FULL))
    assert not [leaf for leaf in leaves(data.json()) if leaf == 0 and leaf is not False]


@each_view
def test_unknown_is_never_a_zero_in_a_sheet(name: str) -> None:
    *_, data = seen(name, "all_unknown")
    assert not [cell for row in data.sheet().rows for cell in row if cell == 0]


def leaves(value: object) -> list[object]:
    match value:
        case dict():
            return [leaf for item in value.values() for leaf in leaves(item)]
        case list():
            return [leaf for item in value for leaf in leaves(item)]
        case _:
            return [value]


@pytest.mark.parametrize("focused", [True, False], ids=["one key", "all keys"])
@each_fleet
@each_view
def test_the_figures_are_json_and_hold_the_promised_fields(name: str, fleet_name: str, focused: bool) -> None:
    *_, data = seen(name, fleet_name, focused)
    found = json.loads(json.dumps(data.json(), allow_nan=False))
    for path in PROMISED.get(name, ()):
        assert_holds(found, path.split("."))


PROMISED = {
    "overview": (
        "rows.key_id", "rows.requests", "rows.share", "rows.successful", "rows.client_errors",
        "rows.server_errors", "rows.throttled", "rows.success_ratio", "rows.error_ratio", "rows.avg_ms",
        "rows.p50_ms", "rows.p95_ms", "rows.p99_ms", "rows.peak_per_minute", "rows.limit_per_minute",
        "rows.peak_per_day", "rows.limit_per_day", "rows.verdict",
        "total.requests", "total.share", "total.successful", "total.client_errors", "total.server_errors",
        "total.throttled", "total.success_ratio", "total.error_ratio",
    ),
    "series": ("days.date", "days.requests", "days.errors", "days.partial", "days.missing"),
    "endpoints": (
        "rows.path", "rows.requests", "rows.share", "rows.errors", "rows.error_ratio", "rows.avg_ms",
        "rows.throttled", "other", "total",
    ),
    "status": (
        "rows.code", "rows.requests", "rows.share", "classes", "client_error_ratio",
        "client_error_ratio_without_429",
    ),
    "heatmap": ("hours.hour", "hours.count", "total", "known"),
    "budget": (
        "rows.key_id", "rows.verdict",
        "rows.minute.limit", "rows.minute.current", "rows.minute.peak", "rows.minute.used_ratio",
        "rows.minute.limit_source",
        "rows.day.limit", "rows.day.current", "rows.day.peak", "rows.day.used_ratio", "rows.day.limit_source",
    ),
    "bill": (
        "owners.owner", "owners.requests", "owners.usd_per_month", "owners.keys.key_id",
        "owners.keys.requests", "owners.keys.share", "owners.keys.errors", "owners.keys.error_ratio",
        "owners.keys.throttled", "owners.keys.usd_per_month", "total.requests", "total.usd_per_month",
        "plan_usd_per_month", "basis",
    ),
    "key": (
        "sentences", "days.date", "days.requests", "days.errors", "days.partial", "days.missing",
        "endpoints.path", "endpoints.requests", "endpoints.share", "codes.code", "codes.requests",
        "codes.share", "hours.hours.hour", "hours.hours.count", "budget.minute.limit", "budget.day.peak",
        "budget.chance", "latency.days", "latency.p95_ms", "owner", "findings.kind", "findings.sentence",
    ),
}  # fmt: skip
"""The fields of `data` that scripts rely on, by view; of a list, those of each of its rows."""


def assert_holds(found: Any, path: list[str]) -> None:
    """The path leads somewhere, in every row of every list on the way."""
    if isinstance(found, list):
        for row in found:
            assert_holds(row, path)
    elif path and found is not None:
        assert path[0] in found
        assert_holds(found[path[0]], path[1:])


@each_fleet
@each_view
def test_every_row_of_a_sheet_has_a_value_for_each_field(name: str, fleet_name: str) -> None:
    *_, data = seen(name, fleet_name)
    sheet = data.sheet()
    assert {len(row) for row in sheet.rows} <= {len(sheet.fields)}
    assert len({field.name for field in sheet.fields}) == len(sheet.fields)
    for write in (as_text, as_csv, as_markdown):
        assert write(sheet)


@each_fleet
@each_view
def test_a_cursor_is_on_the_grid(name: str, fleet_name: str) -> None:
    *_, data = seen(name, fleet_name)
    assert_on_grid(data)


def assert_on_grid(data: Pane) -> None:
    """The cursor is on something there is to point at; without anything there is no cursor."""
    targets = [target for row in data.targets() for target in row]
    if targets:
        assert data.cursor in targets
    else:
        assert data.cursor is None


@pytest.mark.parametrize("motion", get_args(Motion))
@each_fleet
@each_view
def test_every_motion_leads_to_a_cursor_that_is_there(name: str, fleet_name: str, motion: Motion) -> None:
    known, lens, data = seen(name, fleet_name)
    for _ in range(3):
        lens = data.moved(lens, motion)
        data = pane(known, lens)
        assert_on_grid(data)
    assert len(painted(data, known, lens, Canvas(80, 24))) == 24


@each_fleet
@each_view
def test_aiming_at_the_cursor_changes_nothing(name: str, fleet_name: str) -> None:
    known, lens, data = seen(name, fleet_name)
    if data.cursor is not None:
        aimed = lens.at(data.cursor)
        assert aimed.at(data.cursor) == aimed
        assert pane(known, aimed).cursor == data.cursor


@each_fleet
@each_view
def test_the_whole_grid_can_be_aimed_at(name: str, fleet_name: str) -> None:
    known, lens, data = seen(name, fleet_name)
    targets = [target for row in data.targets() for target in row]
    for target in targets[:: max(len(targets) // 20, 1)]:
        assert pane(known, lens.at(target)).cursor == target


@each_fleet
@each_view
def test_entering_leads_to_a_view_there_is(name: str, fleet_name: str) -> None:
    known, lens, data = seen(name, fleet_name)
    entered = data.enter(lens)
    if entered is not None:
        assert ((entered.view, entered.path) == (name, None)) is (data.cursor is None)
        there = known if entered.days == lens.days else prepared(known.fleet, entered)
        data = pane(there, entered)
        assert plain(painted(data, there, entered, Canvas(80, 24))).strip()
        if entered.view != name:
            assert_on_grid(data)


@each_view
def test_a_cursor_left_over_from_another_fleet_does_no_harm(name: str) -> None:
    known, lens, _ = seen(name, "flat")
    gone = replace(lens, focus="gone", marked=frozenset({"gone"}), rows={name: "gone"})
    gone = replace(gone, date=datetime(2020, 1, 1, tzinfo=UTC).date(), hour=datetime(2020, 1, 1, tzinfo=UTC))
    assert_on_grid(pane(known, gone))


def test_names_titles_and_orders_are_each_used_once() -> None:
    for field in ("name", "title", "order"):
        used = [getattr(known, field) for known in views()]
        assert len(set(used)) == len(used)


@each_view
def test_a_view_explains_itself(name: str) -> None:
    shown = view(name)
    assert shown.question.endswith("?")
    assert shown.explained()
    assert all(meaning.number and meaning.meaning for meaning in shown.explained())
