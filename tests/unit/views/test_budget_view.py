"""Limits: how keys are filtered and sorted by them, how they stand in files, and what is foretold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import takewhile
from typing import Any

import pytest

from socd_tui.charts.canvas import Canvas
from socd_tui.charts.sheet import as_csv, as_text
from socd_tui.model.errors import UsageError
from socd_tui.model.lens import Lens
from socd_tui.model.usage import Meter
from socd_tui.views.budget.measures import MEASURES
from tests.build import NOW, Counts, drawn, figures, fleet, key, pane, rows, usage
from tests.fleets import demo

ACCOUNT = fleet(
    usage("burst", requests=300, peak_per_minute=10, peak_per_day=200),
    usage("steady", requests=4000, peak_per_minute=3, peak_per_day=900),
    usage("metered", requests=70, minute=Meter(10, 2), day=Meter(1000, 50)),
    keys=[key(name, limit_per_minute=10, limit_per_day=1000) for name in ("burst", "steady", "metered")],
)


def listed(*, typed: str = "", by: str = "") -> list[str]:
    """The keys that are left by the filter, in the order of the sort."""
    lens = Lens(view="budget", filters={"budget": typed})
    if by:
        lens = replace(lens, sorts={"budget": MEASURES.names.sort(by)})
    return [row.standing.key.id for row in pane(ACCOUNT, lens).rows]


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("used>85%", ["burst", "steady"]),  # of whichever limit is nearer
        ("minute>=100%", ["burst"]),
        ("day%>85", ["steady"]),
        ("peak>100", ["burst", "steady"]),
        ("now<=50", ["metered"]),
        ("current<=50", ["metered"]),
        ("peak_ratio<50%", ["burst"]),
        ("requests<1k", ["burst", "metered"]),
        ("over", ["burst"]),
        ("!ok", ["burst", "steady"]),
        ("minute", []),  # the name of a limit is no text of a key
    ],
)
def test_a_key_is_filtered_by_both_its_limits(typed: str, left: list[str]) -> None:
    assert listed(typed=typed) == left


@pytest.mark.parametrize(
    ("by", "order"),
    [
        ("used", ["burst", "steady", "metered"]),
        ("day", ["steady", "burst", "metered"]),
        ("minute:asc", ["metered", "steady", "burst"]),
        ("peak", ["steady", "burst", "metered"]),
        ("state", ["steady", "metered", "burst"]),
        ("name:desc", ["steady", "metered", "burst"]),
    ],
)
def test_keys_are_sorted_by_the_names_of_the_headings(by: str, order: list[str]) -> None:
    assert listed(by=by) == order


def test_the_heading_that_keys_are_sorted_by_carries_the_arrow() -> None:
    lens = Lens(view="budget", sorts={"budget": MEASURES.names.sort("state")})
    assert "state▲" in drawn(ACCOUNT, lens, Canvas(120, 20)).split("\n")[0]


def test_a_column_without_numbers_is_called_as_it_was_typed() -> None:
    with pytest.raises(UsageError, match="'state' holds no numbers"):
        listed(typed="state>1")


def test_a_file_has_a_line_for_each_limit() -> None:
    lines = as_csv(pane(ACCOUNT, Lens(view="budget")).sheet()).split("\n")
    assert lines[0].split(",") == [
        *("key", "cap", "current", "peak", "busiest_day", "limit", "used_ratio", "peak_ratio"),
        *("limit_source", "verdict", "outlook", "state", "key_id"),
    ]
    assert [line.split(",")[:10] + line.split(",")[-2:] for line in lines[1:3]] == [
        ["burst", "minute", "", "10", "", "10", "", "1", "key", "over", "over", "burst"],
        ["burst", "day", "", "200", "", "1000", "", "0.2", "key", "ok", "over", "burst"],
    ]


def shown(width: int, height: int, lens: Lens | None = None) -> list[str]:
    account = demo("flat", 7, 30, 90)
    return drawn(account, lens or Lens(view="budget"), Canvas(width, height)).split("\n")


@pytest.mark.parametrize(("width", "height", "keys"), [(80, 24, 10), (60, 20, 10), (40, 12, 10)])
def test_whether_the_cap_is_reached_is_told_of_as_many_keys_as_there_are_lines(
    width: int, height: int, keys: int
) -> None:
    lines = shown(width, height)
    table = [line for line in takewhile(str.strip, lines[1:-1]) if not line.startswith((" rows ", " note"))]
    names = {key.name.shown[:4] for key in demo("flat", 7, 30, 90).keys}
    assert sum(any(line[1:].startswith(name) for name in names) for line in table[: 2 * keys]) == keys
    assert "reached" in table[0] + table[1]
    assert sum(" not in " in line for line in table) >= 6
    assert all(line.strip() for line in lines) or not any("rows 1" in line for line in lines)


def test_the_likeliest_to_reach_its_cap_comes_first_and_files_keep_their_order() -> None:
    account = demo("flat", 7, 30, 90)
    data = pane(account, Lens(view="budget"))
    names = {key.id: key.name.shown for key in account.keys}
    order = [names[row.standing.key.id] for row in data.rows]
    assert order[:2] == ["threat-notebook", "MISP sync"]
    in_files = [row["key_id"] for row in data.json()["rows"]]
    assert in_files == [key.id for key in account.keys]
    assert [row[0] for row in data.sheet().rows[::2]] == [key.name for key in account.keys]


def test_what_the_cap_says_and_what_the_tier_says_are_told_apart() -> None:
    lines = shown(120, 36)
    [at] = [n for n, line in enumerate(lines) if "threat-notebook#2zBT" in line and " min  " in line]
    assert lines[at].rstrip().endswith("tier stay")
    assert "cap reached" in lines[at + 1]
    assert "cap ahead" in shown(60, 20)[0]


def test_spare_lines_say_where_the_key_under_the_cursor_is_heading() -> None:
    account = demo("flat", 7, 30, 90)
    tall = "\n".join(shown(120, 45, Lens(view="budget", focus=account.keys[0].id)))
    assert "day cap forecast" in tall
    assert "past days inside what was foretold" in tall
    assert "minute head-room" in tall
    assert "day cap forecast" not in "\n".join(shown(80, 24))


def outlook(counts: Counts) -> Any:
    """The JSON `forecast` of a Free key with 90 days of these counts."""
    free = key(tier="free", created_at=NOW - timedelta(days=300))
    answers = [usage("a", days, days=rows(days, counts), requests=1) for days in (7, 90)]
    [row] = figures(fleet(*answers, keys=[free]), Lens(view="budget"))["rows"]
    assert (row["chance"], row["horizon_days"]) == (
        row["forecast"]["chance"],
        row["forecast"]["horizon_days"],
    )
    return row["forecast"]


def test_the_forecast_in_json_is_a_chance_and_no_date_to_come() -> None:
    found = outlook(lambda n: (700 + n * 37 % 280, 0))
    assert found["outcome"] == "between"
    assert 0.5 < found["chance"] < 1
    assert (found["guess"], found["horizon_days"], found["reached_on"]) == (False, 30, None)
    assert not {"earliest", "latest", "slope_per_day"} & found.keys()
    assert outlook(lambda n: (700, 0) if n < 12 else None)["guess"] is True


def test_a_cap_reached_by_a_runaway_has_no_chance_until_its_new_use_is_known() -> None:
    found = outlook(lambda n: (7_000, 0) if n < 3 else (75, 0))
    assert (found["outcome"], found["chance"], found["reached_on"]) == ("already", None, str(NOW.date()))
    assert found["reason"] == "not enough data: 2 full days, 5 are needed"


def test_of_a_key_that_could_not_be_read_nothing_is_said_to_be_too_few() -> None:
    unread = "the key's figures could not be read"
    account = demo("flat", 7, 30, 90)
    ghost = account.keys[9]
    lens = Lens(view="budget", focus=ghost.id)
    data = pane(account, lens)
    found = next(row for row in data.json()["rows"] if row["key_id"] == ghost.id)
    assert (found["forecast"]["reason"], found["tier_verdict"]["reason"]) == (unread, unread)
    told = drawn(account, lens, Canvas(100, 36)).split("\n")
    assert [" ".join(line.split()) for line in told if unread in line] == [f"outlook {unread}"]
    assert as_text(data.sheet()).count(unread) == 1


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Old dashboard", "the key is revoked"),
        ("idle-lab", "not enough data: 0 full days, 5 are needed"),
    ],
)
def test_one_reason_for_no_forecast_and_no_verdict_is_said_once(name: str, reason: str) -> None:
    account = demo("flat", 7, 30, 90)
    [of] = [each for each in account.keys if each.name.shown == name]
    data = pane(account, Lens(view="budget", focus=of.id))
    said = drawn(account, Lens(view="budget", focus=of.id), Canvas(100, 36))
    assert said.rsplit("\n", 1)[0].count(reason) == 1
    lines = [line for line in as_text(data.sheet()).split("\n") if name in line]
    assert sum(reason in line for line in lines) == 1


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 36), (40, 12)])
def test_with_all_keys_in_focus_the_cursor_is_on_them_and_says_how_many_reached_a_limit(
    width: int, height: int
) -> None:
    lines = shown(width, height, Lens(view="budget", landing=False))
    [at] = [line for line in lines if line.startswith("▸")]
    assert at.startswith("▸all 10 keys ")
    assert " 2 over" in at
    assert lines[-1].startswith(" all 10 keys  2 reached a limit")
    if height > 24:
        told = next(line for line in lines if line.startswith(" reached a limit: 2"))
        assert "'threat-notebook#" in told
        assert "'MISP sync#" in told


def test_above_all_keys_the_last_key_stands_and_enter_leads_to_the_page_of_all() -> None:
    together = pane(demo("flat", 7, 30, 90), lens := Lens(view="budget", landing=False))
    assert together.targets()[-1] == [together.cursor]
    assert together.moved(lens, "up").focus == together.rows[-1].standing.key.id
    page = together.enter(lens)
    assert (page.view, page.focus) == ("key", None)


def test_under_a_filter_the_rows_together_are_so_many_of_all() -> None:
    narrowed = Lens(view="budget", landing=False, filters={"budget": "sandbox"})
    lines = shown(80, 24, narrowed)
    assert [line.split("  ")[0] for line in lines if "2 of 10" in line] == [
        "▸2 of 10 keys",
        " 2 of 10 keys",
        " 2 of 10 keys",
    ]
    assert lines[-1].startswith(" 2 of 10 keys")
    assert shown(80, 24, Lens(view="budget", landing=False))[-1].startswith(" all 10 keys")
