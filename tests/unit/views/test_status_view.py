"""Status codes: where the cursor goes, and how codes are written."""

from __future__ import annotations

import pytest

from socd_tui.charts.canvas import Canvas, plain
from socd_tui.charts.sheet import as_markdown, as_text
from socd_tui.model.lens import Lens, Sort
from tests.build import drawn, fleet, pane, usage

CANVAS = Canvas(80, 24)
ODD = fleet(
    usage(requests=28, statuses={42: 1, 200: 2, 404: 3, 429: 4, 451: 5, 500: 6, 1234: 7}),
)
"""Codes below, among and above those of HTTP."""


def test_the_cursor_goes_through_the_codes_as_they_are_shown() -> None:
    lens = Lens(view="status")
    codes, lines = [], []
    for _ in range(7):
        data = pane(ODD, lens)
        codes.append(data.cursor.row)
        picture = drawn(ODD, lens, CANVAS).split("\n")
        lines += [n for n, line in enumerate(picture) if line.startswith("▸")]
        lens = data.moved(lens, "down")
    assert codes == ["200", "404", "451", "429", "500", "42", "1234"]
    assert lines == sorted(set(lines))
    assert len(lines) == 7


def test_sorted_codes_are_one_list_without_groups() -> None:
    lens = Lens(view="status", sorts={"status": Sort("requests")})
    assert [row[0].row for row in pane(ODD, lens).targets()] == [
        "1234",
        "500",
        "451",
        "429",
        "404",
        "200",
        "42",
    ]
    assert "4xx" not in drawn(ODD, lens, CANVAS).split("\n", 2)[2]


def test_a_code_is_a_name_and_not_a_count() -> None:
    sheet = pane(ODD, Lens(view="status")).sheet()
    assert as_text(sheet).split("\n")[-1].split() == ["1234", "other", "7", "25.0%"]
    assert as_markdown(sheet).split("\n")[1] == "| --- | --- | --: | --: |"


@pytest.mark.parametrize("view", ["status", "endpoints"])
@pytest.mark.parametrize("width", [24, 40, 80, 120])
def test_what_to_do_where_nothing_is_remembered_is_whole_at_every_width(view: str, width: int) -> None:
    lines = plain(pane(ODD, Lens(view=view, days=365)).draw(Canvas(width, 24))).split("\n")
    what = {"status": "status codes"}.get(view, view)
    assert all(len(line) < width for line in lines)
    assert f"Only days and 429s are remembered; {what} are known for 90 days: press [." in " ".join(
        line.strip() for line in lines
    )
