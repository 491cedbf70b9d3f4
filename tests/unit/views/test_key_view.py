"""The page of one key or of several: what it says, where its cursor leads, and how it fills its canvas."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from socd_tui.charts.canvas import Canvas, plain
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.preferences import Preferences
from socd_tui.model.target import RowTarget
from socd_tui.views.key import VIEW
from socd_tui.views.key.layout import COLUMNS_FROM
from tests.build import NOW, ago, drawn, figures, fleet, key, painted, pane, prepared, rows, usage
from tests.fleets import compared, demo, loading, nested, whole

SIEM, NOTEBOOK, MISP, SOAR, IDLE = (demo().keys[n].id for n in range(5))
KEYS = {name: key.id for key in demo().keys for name in [key.name.shown]}


def on(key_id: str | None, **more: Any) -> Lens:
    return Lens(view="key", days=30, focus=key_id, **more)


def page(key_id: str | None, width: int = 80, height: int = 24, account: Fleet | None = None) -> str:
    return drawn(account or whole(), on(key_id), Canvas(width, height))


def own(lens: Lens, account: Fleet | None = None) -> Any:
    return pane(account or whole(), lens)


def reached(lens: Lens, row: str) -> Lens:
    """The Lens that `enter` leads to from the row of that name."""
    at = lens.at(RowTarget("key", row))
    found = own(at)
    assert found.cursor == RowTarget("key", row)
    entered: Lens = found.enter(at)
    return entered


# --- what it says ---------------------------------------------------------------------------------


def test_the_page_of_a_runaway_answers_who_since_when_how_much_and_what_to_do() -> None:
    lines = page(KEYS["threat-notebook"]).split("\n")
    assert lines[0].split() == ["threat-notebook#2zBT", "free", "over"]
    told = " ".join("\n".join(lines).split())
    for words in (
        "sk_live_2zBT",
        "!! runs away: 6,692 req/day since Thu 19 Nov (133x usual); 98.8% on",
        "compared with 32 full days of the same weekdays",
        "requests 25,214 in 30 d 7.0% of all keys 19,696 err (78.1%)",
        "peak 7,365 on 21 Nov",
        "1,000 a day, reached on 4 days",
        "19,688 (78.1%) in 30 days",
        "endpoint /api/v1/iocs 24.2k 96.1%",
        "code 429 throttled 19.7k 78.1%",
        "minute 100% of 10 over",
        "day 100% of 1,000 over",
        "day cap reached on Sun 22 Nov",
        "1 find the loop: 98.8% of the increase is on /api/v1/iocs",
        "2 do not buy Pro for this: without the runaway its usual is 50 of 1,000 a day",
        "30 d 156 / 503 / 817 ms p50 / p95 / p99",
    ):
        assert words in told


def test_a_key_without_findings_is_told_with_its_usual_and_the_days_behind_it() -> None:
    told = page(KEYS["Production SIEM"])
    assert "Nothing unusual. Usually 6,012 requests a day: the median of 28 full days." in told
    assert "to do" not in told


def test_a_key_that_asks_nothing_is_idle() -> None:
    assert "It is idle: no requests in 90 days." in page(KEYS["idle-lab"])


def test_what_ended_is_told_with_what_still_asks() -> None:
    told = page(KEYS["Old dashboard"])
    assert "revoked on Tue 10 Nov, yet asked 64 times in 7 d" in told
    assert "find who still asks with this revoked key" in told


def test_before_what_is_usual_is_known_nothing_is_called_usual() -> None:
    told = page(KEYS["Production SIEM"], account=demo())
    assert "Looking for what is usual of it." in told
    assert "waiting for the last 90 days" in told
    assert "Nothing unusual" not in told


def test_what_the_service_does_not_send_is_said_in_one_line_each() -> None:
    bare = fleet(usage("a", 30, requests=5), keys=[key("a", tier="free")])
    told = page("a", account=bare)
    for words in (
        "the service sent no endpoints",
        "the service sent no status codes",
        "The service did not say how many were refused.",
        "limit 1,000 a day, assumed from the tier  its use is unknown",
        "no percentiles were sent",
        "no day is known",
    ):
        assert words in told


def test_without_hours_the_429s_are_told_without_them() -> None:
    assert "hours    The service sent no hours." in page(KEYS["threat-notebook"], account=nested())


def test_the_owner_is_who_the_settings_name() -> None:
    lens = on(KEYS["MISP sync"])
    known = prepared(whole(), lens, Preferences(owners={"Data team": ("MISP*",)}))
    canvas = Canvas(80, 24)
    assert "owner    Data team" in plain(painted(pane(known, lens), known, lens, canvas))
    assert pane(known, lens).json()["owner"] == "Data team"
    assert "nobody is named as its owner" in page(KEYS["MISP sync"])


def test_response_times_of_each_window_that_was_answered_stand_side_by_side() -> None:
    assert [each["days"] for each in figures(whole(), on(SIEM))["latency"]] == [7, 30, 90]


@pytest.mark.parametrize("days", [7, 30, 90])
def test_where_there_is_room_for_one_line_it_has_the_response_times_of_the_window_looked_at(
    days: int,
) -> None:
    lens = replace(on(KEYS["threat-notebook"]), days=days)
    (line,) = (line for line in drawn(whole(), lens, Canvas(80, 24)).split("\n") if " ms  p50" in line)
    assert line.split()[:3] == ["latency", str(days), "d"]


# --- the trend ------------------------------------------------------------------------------------


def test_a_day_without_a_row_one_before_the_key_and_one_that_is_not_over_differ() -> None:
    """Made eight days ago; no row was sent for the day before yesterday."""
    made = NOW - timedelta(days=8)
    sent = rows(30, lambda days: None if days == 2 or days > 8 else (0 if days == 4 else 100, 0))
    account = fleet(
        usage("a", 30, requests=700, days=sent), keys=[key("a", created_at=made, limit_per_day="unlimited")]
    )
    [line] = [each for each in page("a", height=14, account=account).split("\n") if each[1:5] == "30 d"]
    assert line[10:40] == " " * 21 + "████·█—█▒"
    days = figures(account, on("a"))["days"]
    assert next(day["date"] for day in days if not day["missing"]) == str(ago(8))
    assert [day["missing"] for day in days[-3:]] == [True, False, False]
    assert [day["partial"] for day in days[-3:]] == [False, False, True]


def test_the_trend_has_thirty_days_whatever_the_window() -> None:
    for lens in (on(NOTEBOOK), replace(on(NOTEBOOK), days=7), replace(on(NOTEBOOK), days=90)):
        days = figures(compared() if lens.days == 7 else whole(), lens)["days"]
        assert [day["date"] for day in days] == [str(ago(n)) for n in range(29, -1, -1)]
        assert days[-2]["requests"] == 7365


def test_the_line_of_a_cap_that_is_far_away_is_left_out_and_the_distance_told() -> None:
    assert "1,000,000 a day  the busiest asked 0.7%" in page(SIEM)


def test_what_was_unusual_before_is_told_and_leads_to_its_first_day() -> None:
    burst = range(40, 45)
    sent = rows(90, lambda days: (4000 if days in burst else 200 + days % 3, 0))
    account = fleet(
        usage("a", 90, requests=9, days=sent),
        usage("a", 30, requests=9, days=sent[-30:]),
        keys=[key("a", tier="pro", created_at=NOW - timedelta(days=400))],
    )
    assert "earlier  9 Oct–13 Oct  4,000 req/day, 20x its usual" in page("a", account=account)
    lens = on("a").at(RowTarget("key", "earlier:requests:2026-10-09"))
    entered = own(lens, account).enter(lens)
    assert (entered.view, entered.days, entered.date) == ("series", 60, ago(44))
    assert figures(account, on("a"))["history"] == [
        {"of": "requests", "since": str(ago(44)), "until": str(ago(40)), "now": 4000, "usual": 201.0,
         "settled": False},
    ]  # fmt: skip


# --- several keys ---------------------------------------------------------------------------------


def test_several_keys_are_summed_and_what_does_not_add_up_is_left_out() -> None:
    pair = frozenset({NOTEBOOK, MISP})
    both, alone = figures(whole(), on(None, marked=pair)), [figures(whole(), on(each)) for each in pair]
    assert both["requests"] == sum(each["requests"] for each in alone)
    assert both["days"][0]["requests"] == sum(each["days"][0]["requests"] for each in alone)
    assert {each["key_id"] for each in both["keys"]} == pair
    assert sum(each["share"] for each in both["keys"]) == pytest.approx(1, abs=2e-4)
    assert (both["latency"], both["budget"], both["owner"]) == (None, None, None)


def test_the_page_of_all_keys_tells_the_worst_first_and_whose_requests_they_are() -> None:
    told = page(None).split("\n")
    assert told[0].startswith(" all 10 keys")
    assert told[1].startswith("▸!! threat-not")
    assert any("key      Production SIEM" in line for line in told)
    assert any(re.search(r"\+\d keys: 1$", line) for line in told)
    assert any("9 of 10 keys answered" in line for line in told)
    assert not any("p95" in line for line in told)


# --- the cursor -----------------------------------------------------------------------------------


def test_it_begins_on_the_first_finding_else_on_today() -> None:
    assert own(on(NOTEBOOK)).cursor == RowTarget("key", f"finding:runaway:{NOTEBOOK}")
    assert own(on(SIEM)).cursor == RowTarget("key", f"day:{NOW.date()}")


def test_every_row_leads_to_the_view_that_has_more_of_it() -> None:
    lens = on(NOTEBOOK)
    assert reached(lens, f"finding:runaway:{NOTEBOOK}").view == "series"
    day = reached(lens, f"day:{ago(3)}")
    assert (day.view, day.date, day.focus) == ("series", ago(3), NOTEBOOK)
    endpoint = reached(lens, "endpoint:/api/v1/lookup")
    assert own(endpoint).cursor == RowTarget("endpoints", "/api/v1/lookup")
    code = reached(lens, "code:404")
    assert own(code).cursor == RowTarget("status", "404")
    views = {
        row: reached(lens, row).view for row in ("hours", "budget:minute", "budget:day", "ahead", "owner")
    }
    assert views == {
        "hours": "heatmap",
        "budget:minute": "budget",
        "budget:day": "budget",
        "ahead": "budget",
        "owner": "bill",
    }


def test_a_day_before_the_window_is_shown_in_a_longer_one() -> None:
    lens = replace(on(NOTEBOOK), days=7)
    at = lens.at(RowTarget("key", f"day:{ago(20)}"))
    entered = own(at, compared()).enter(at)
    assert (entered.days, entered.date) == (30, ago(20))


def test_of_several_keys_one_leads_to_its_own_page() -> None:
    lens = on(None, marked=frozenset({NOTEBOOK, MISP}))
    entered = reached(lens, f"key:{MISP}")
    assert (entered.view, entered.focus, entered.marked) == ("key", MISP, frozenset())


def test_up_and_down_enter_the_trend_at_today_and_leave_it_whole() -> None:
    lens = on(NOTEBOOK)
    lens = own(lens).moved(lens, "down")
    assert own(lens).cursor == RowTarget("key", f"day:{NOW.date()}")
    for _ in range(5):
        lens = own(lens).moved(lens, "left")
    assert own(lens).cursor == RowTarget("key", f"day:{ago(5)}")
    below = own(lens).moved(lens, "down")
    assert own(below).cursor == RowTarget("key", "endpoint:/api/v1/iocs")
    assert own(own(below).moved(below, "up")).cursor == RowTarget("key", f"day:{NOW.date()}")


def test_home_and_end_go_through_the_days_and_else_through_the_page() -> None:
    lens = on(NOTEBOOK).at(RowTarget("key", f"day:{ago(5)}"))
    assert own(own(lens).moved(lens, "first")).cursor == RowTarget("key", f"day:{ago(29)}")
    lens = lens.at(RowTarget("key", "owner"))
    assert own(own(lens).moved(lens, "first")).cursor == RowTarget("key", f"finding:runaway:{NOTEBOOK}")


def test_the_maximum_is_the_busiest_day() -> None:
    lens = on(NOTEBOOK)
    assert own(own(lens).moved(lens, "maximum")).cursor == RowTarget("key", f"day:{ago(1)}")


# --- the canvas -----------------------------------------------------------------------------------


def test_what_has_no_room_is_named() -> None:
    small = page(NOTEBOOK, 40, 12)
    assert "no room for: requests, +" in small
    assert "+2: 3" in small
    assert "(+1 step)" in small


@pytest.mark.parametrize("row", ["owner", "hours", "code:404", "endpoint:/api/v1/articles", "budget:minute"])
def test_what_the_cursor_is_on_is_there_at_any_size(row: str) -> None:
    account, lens = whole(), on(NOTEBOOK).at(RowTarget("key", row))
    for width, height in ((40, 8), (60, 12), (120, 16), (160, 45)):
        lines = drawn(account, lens, Canvas(width, height)).split("\n")
        pointed = [line for line in lines if "▸" in line]
        assert len(pointed) == 1, (width, height)


def test_a_larger_canvas_tells_all_that_a_smaller_one_does() -> None:
    """Each figure of the small page is on every larger one."""
    told = [set(page(SIEM, *size).split()) for size in ((40, 12), (60, 20), (80, 30), (100, 36), (160, 45))]
    figures_of = [
        {word for word in words if re.fullmatch(r"[\d,.]{2,}[%kM]?", word.rstrip(",;."))} for words in told
    ]
    for smaller, larger in pairwise(figures_of):
        assert smaller <= larger


def test_spare_lines_tell_the_days_in_figures() -> None:
    assert "by day" not in page(SIEM)
    high = page(SIEM, COLUMNS_FROM + 20, 50)
    assert "Mon 16 Nov  7,296 req" in high
    assert high.count("\n\n\n") == 0


# --- what it asks for, and files ------------------------------------------------------------------


def test_response_times_are_asked_for_while_one_key_is_looked_at() -> None:
    assert VIEW.windows(on(SIEM)).background == (1, 7, 90)
    assert VIEW.windows(on(None)).background == (7, 90)
    assert VIEW.windows(replace(on(SIEM), view="overview")).background == (7, 90)


def test_a_file_has_a_row_for_each_line() -> None:
    sheet = own(on(NOTEBOOK)).sheet()
    assert [field.name for field in sheet.fields] == ["section", "name", "count", "share", "words"]
    sections = dict.fromkeys(row[0] for row in sheet.rows)
    assert list(sections) == [
        "key", "finding", "to do", "day", "endpoint", "code", "hour of 429s", "budget", "forecast", "tier",
        "owner", "latency",
    ]  # fmt: skip
    assert sum(row[2] or 0 for row in sheet.rows if row[0] == "code") == 25_214


def test_the_document_has_everything_of_the_key() -> None:
    data = figures(whole(), on(NOTEBOOK))
    assert data["sentences"][0].startswith("'threat-notebook#2zBT' runs away")
    assert data["budget"]["day"]["limit"] == 1000
    assert data["budget"]["forecast"]["reached_on"] == "2026-11-22"
    assert data["hours"]["hours_hit"] == 87
    assert [each["kind"] for each in data["findings"]] == ["runaway"]
    assert sum(each["count"] for each in data["hours"]["hours"]) == data["throttled"] == 19_688


def test_before_an_answer_the_key_itself_is_told_and_no_figure() -> None:
    waiting = page(NOTEBOOK, account=loading())
    for words in ("threat-notebook#2zBT  free  loading", "Waiting for the figures.", "no day is known"):
        assert words in waiting
    assert "limit 1,000 a day  its use is unknown" in waiting
    data = figures(loading(), on(NOTEBOOK))
    assert (data["endpoints"], data["requests"], data["latency"]) == (None, None, [])


def test_why_there_are_no_figures_is_told_with_what_to_do() -> None:
    assert "No figures: The service does not know this key. Refresh the key list." in page(
        KEYS["ghost import"]
    )


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (80, 24), (120, 32), (200, 46)])
def test_codes_begin_with_the_errors(size: tuple[int, int]) -> None:
    for key_id in (None, KEYS["SOAR enrichment"]):
        told = [line for line in page(key_id, *size).split("\n") if " code " in line]
        assert told == [] or re.search(r" code +[45]\d\d ", told[0])
        assert told or size == (40, 12)


@pytest.mark.parametrize("width", [40, 44, 53, 60, 80, 97, 120, 200])
def test_the_words_of_a_code_are_never_cut(width: int) -> None:
    for key_id in (None, *KEYS.values()):
        told = re.findall(r"[1-5]\d\d [a-z][^\d]*", page(key_id, width, 30))
        assert not any("…" in each for each in told)
