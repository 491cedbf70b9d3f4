"""Status codes: where the cursor goes, and how codes are written."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from socd_tui.analysis.triage import advice
from socd_tui.charts.canvas import Canvas, plain
from socd_tui.charts.sheet import as_markdown, as_text
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens, Sort
from socd_tui.model.text import Text
from socd_tui.views.status.strip import strip, strip_lines
from socd_tui.views.status.triage import advice_lines
from tests.build import NOW, ago, drawn, fleet, hours, key, pane, rows, usage
from tests.fleets import demo

CANVAS = Canvas(80, 24)
SOAR = demo("flat", 7, 30, 90)
SOAR_KEY = next(key for key in SOAR.keys if key.name.shown == "SOAR enrichment")


def lines_of(of: Fleet, lens: Lens, canvas: Canvas) -> list[str]:
    return drawn(of, lens, canvas).split("\n")


ODD = fleet(
    usage(requests=28, statuses={42: 1, 200: 2, 404: 3, 429: 4, 451: 5, 500: 6, 1234: 7}),
)
"""Codes below, among and above those of HTTP."""


def test_the_cursor_opens_on_the_most_frequent_error_and_goes_through_them_as_they_are_shown() -> None:
    lens = Lens(view="status")
    codes, lines = [], []
    for _ in range(6):
        data = pane(ODD, lens)
        codes.append(data.cursor.row)
        picture = drawn(ODD, lens, CANVAS).split("\n")
        lines += [n for n, line in enumerate(picture) if line.startswith("▸")]
        lens = data.moved(lens, "down")
    assert codes == ["1234", "500", "451", "429", "404", "42"]
    assert lines == sorted(set(lines))
    assert len(lines) == 6


def test_codes_that_are_no_errors_stand_in_one_line_and_not_under_the_cursor() -> None:
    mixed = fleet(
        usage(requests=1000, client_errors=1, server_errors=0, statuses={200: 900, 304: 99, 404: 1})
    )
    told = drawn(mixed, Lens(view="status"), CANVAS)
    assert " fine: 200 OK 900 (90.0%), 304 not modified 99 (9.9%)" in told
    assert [row[0].row for row in pane(mixed, Lens(view="status")).targets()] == ["404"]
    narrow = drawn(mixed, Lens(view="status"), Canvas(40, 12))
    assert " fine: 200 OK 900 (90.0%), +1 code" in narrow


def test_the_cursor_opens_on_a_code_of_the_class_that_rose_before_one_that_is_more_frequent() -> None:
    data = pane(SOAR, Lens(view="status", days=30, focus=SOAR_KEY.id))
    most = max((row for row in data.rows if row.code >= 400), key=lambda row: row.requests)
    assert (most.code, data.cursor.row) == (404, "500")


def test_bars_are_of_errors_and_the_longest_is_the_most_frequent_one() -> None:
    table = lines_of(SOAR, Lens(view="status", days=30, focus=SOAR_KEY.id), CANVAS)
    bars = {line[1:4]: line.count("█") for line in table if re.match(r"[ ▸][45]\d\d .*█", line)}
    assert list(bars) == ["404", "500", "503", "400"]
    assert list(bars.values()) == sorted(bars.values(), reverse=True)
    assert bars["404"] >= 10


def test_sorted_codes_of_errors_keep_the_order_that_was_asked_for() -> None:
    lens = Lens(view="status", sorts={"status": Sort("code", descending=False)})
    assert [row[0].row for row in pane(ODD, lens).targets()] == ["42", "404", "429", "451", "500", "1234"]


def test_each_rate_has_its_own_denominator() -> None:
    answer = usage(requests=1000, client_errors=300, throttled=200, server_errors=50, statuses={200: 650})
    told = [
        " ".join(line.split()) for line in drawn(fleet(answer), Lens(view="status"), CANVAS).split("\n")[:3]
    ]
    assert told[0].startswith("4xx without 429 12.5%")
    assert "100 of 800 req" in told[0]
    assert told[1].startswith("429 refused 20.0%")
    assert "200 of 1,000 req" in told[1]
    assert told[2].startswith("5xx 5.0%")
    assert "50 of 1,000 req" in told[2]


@pytest.mark.parametrize("size", [(40, 7), (40, 9), (40, 12), (60, 20), (80, 24), (120, 36), (200, 50)])
def test_rates_worst_code_and_advice_are_seen_at_every_size(size: tuple[int, int]) -> None:
    told = lines_of(SOAR, Lens(view="status", days=7, focus=SOAR_KEY.id), Canvas(*size))
    assert any(line.startswith(" 5xx") and "5.8%" in line for line in told)
    assert any(line.startswith("▸500") for line in told)
    assert any("retry with" in line for line in told)
    assert told[-1].startswith(" 500")
    assert "554 of 13,257 req (4.2%)" in told[-1]


def test_the_days_show_where_a_class_rose_and_which_day_is_not_over() -> None:
    told = lines_of(SOAR, Lens(view="status", days=7, focus=SOAR_KEY.id), CANVAS)
    axis = next(line for line in told if line.startswith(" a day"))
    assert axis.endswith("22 Nov*")
    mark = next(line for line in told if "└ 5xx rose" in line)
    assert axis.index("17 Nov") == mark.index("└")
    assert "* so far today" in mark
    today = [line[axis.index("22 Nov") :].strip() for line in told[told.index(axis) + 1 : told.index(mark)]]
    assert "▒" in "".join(today)
    assert "█" not in "".join(today)


@pytest.mark.parametrize("width", range(40, 201, 20))
@pytest.mark.parametrize("days", [1, 7, 30, 90])
def test_days_of_any_window_use_the_width(days: int, width: int) -> None:
    answer = usage("a", days, requests=days * 100, days=rows(days, lambda n: (100, n + 1)), statuses={500: 5})
    told = plain(strip_lines(strip(answer, ()), Canvas(width, 30), 1)).split("\n")
    assert all(len(line) <= width for line in told)
    columns = re.search(r"errors +([▁-█▒].*)", told[1])
    assert columns
    if days == 90 and 101 <= width < 281:
        assert len(columns[1]) == 90 * ((width - 11) // 90)
    if days == 90 and width == 60:
        assert "2 d/col, max" in told[2]


def test_429s_of_a_day_stand_apart_from_its_other_errors_where_hours_tell_them() -> None:
    told = hours({NOW.replace(minute=0) - timedelta(days=2): 30})
    answer = usage(requests=700, throttled=30, hours=told, days=rows(7, lambda n: (100, 32 if n == 2 else 2)))
    drawn_strip = strip(answer, ())
    (first, refused), (second, others) = drawn_strip.rows
    assert (first, second) == ("429s", "others")
    assert refused[ago(2)] == 30
    assert set(others.values()) == {2}
    part = strip(usage(requests=700, throttled=40, hours=told, days=answer.days), ())
    assert [name for name, _ in part.rows] == ["errors"]


def test_where_there_is_room_the_days_stand_in_figures_below() -> None:
    told = lines_of(SOAR, Lens(view="status", days=7, focus=SOAR_KEY.id), Canvas(120, 45))
    at = next(n for n, line in enumerate(told) if line.startswith(" by day"))
    assert [line.split() for line in told[at : at + 3]] == [
        ["by", "day", "requests", "errors", "err%"],
        ["Sun", "22", "Nov*", "1,157", "152", "13.1%"],
        ["Sat", "21", "Nov", "1,520", "183", "12.0%"],
    ]
    assert "by day" not in drawn(SOAR, Lens(view="status", days=7, focus=SOAR_KEY.id), CANVAS)


def test_days_in_figures_that_have_no_line_are_counted() -> None:
    lens = Lens(view="status", days=7, focus=SOAR_KEY.id)
    for height in range(20, 46):
        told = lines_of(SOAR, lens, Canvas(120, height))
        if any(line.startswith(" by day") for line in told):
            rows = [line for line in told if re.match(r" [A-Z][a-z]{2} [ \d]\d Nov\*? +[\d,]+ +", line)]
            more = next((line for line in told if re.fullmatch(r" \+\d days? before", line)), " +0")
            assert len(rows) + int(more[2]) == 7, height


def test_a_few_errors_are_not_drawn_as_high_as_many() -> None:
    told = hours({NOW.replace(minute=0) - timedelta(days=2): 300})
    answer = usage(
        requests=700, throttled=300, hours=told, days=rows(7, lambda n: (400, 302 if n == 2 else 2))
    )
    assert strip(answer, ()).heights(8) == [7, 1]
    assert strip(answer, ()).heights(1) == [1, 1]
    like = usage(
        requests=700, throttled=300, hours=told, days=rows(7, lambda n: (400, 350 if n == 2 else 40))
    )
    assert strip(like, ()).heights(8) == [4, 4]


def test_a_missing_day_is_a_blank_and_a_day_without_errors_a_dot() -> None:
    answer = usage(requests=700, days=rows(7, lambda n: {5: None, 4: (100, 0)}.get(n, (100, 9))))
    told = plain(strip_lines(strip(answer, ()), Canvas(18, 30), 1)).split("\n")[1]
    assert told[10:].rstrip() == "█ ·███▒"


def test_of_several_keys_each_code_says_whose_it_mostly_is() -> None:
    both = fleet(
        usage("one", requests=50, server_errors=10, client_errors=0, statuses={200: 40, 500: 10}),
        usage("two", requests=50, server_errors=30, client_errors=0, statuses={200: 20, 500: 30}),
    )
    told = lines_of(both, Lens(view="status"), Canvas(120, 24))
    assert next(line for line in told if line.startswith("▸500")).endswith("75.0% two#two")
    assert "75.0%" not in "\n".join(lines_of(both, Lens(view="status", focus="two"), Canvas(120, 24)))


def test_without_an_error_it_says_so_and_has_no_cursor() -> None:
    clean = fleet(usage(requests=500, client_errors=0, server_errors=0, statuses={200: 500}))
    told = lines_of(clean, Lens(view="status"), CANVAS)
    assert " No request failed." in told
    assert told[-1] == " no error among 500 req"
    assert pane(clean, Lens(view="status")).cursor is None
    assert pane(clean, Lens(view="status")).copied() == ""


def test_a_code_is_copied_as_the_text_of_a_ticket() -> None:
    text = pane(SOAR, Lens(view="status", days=7, focus=SOAR_KEY.id)).copied()
    assert text.split("\n") == [
        "API status 500 server error",
        "Key: 'SOAR enrichment#G0AG' (prefix sk_live_G0AG)".replace("sk_live_G0AG", SOAR_KEY.prefix.shown),
        "Count: 554 of 13,257 requests (4.2%), 16 Nov–22 Nov 2026 UTC",
        "Since when: 5xx rose (all errors) from 2.1% to 8.6% since Tue 17 Nov (UTC)",
        "Usual cause: a fault of the service",
        "What to do: retry with growing pauses; report the request id if it stays",
        "To add: the request id and the time (UTC) of one failed answer, and its body",
    ]


def test_a_ticket_of_several_keys_is_of_the_one_with_most_and_has_nothing_that_controls_a_terminal() -> None:
    nasty = ApiKey(id="b", name=Text("b\x1b[31m\n'x"), prefix=Text("sk_live_b"))
    both = fleet(
        usage("a", requests=50, server_errors=10, client_errors=0, statuses={500: 10}),
        usage("b", requests=50, server_errors=30, client_errors=0, statuses={500: 30}),
        keys=[key("a"), nasty],
    )
    text = pane(both, Lens(view="status")).copied()
    assert text.isprintable() is False
    assert all(line.isprintable() for line in text.split("\n"))
    assert "the most of 2 keys" in text
    assert "Of this key: 30 (75.0%)" in text


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


@pytest.mark.parametrize("width", [40, 50, 60, 80, 120])
@pytest.mark.parametrize("code", [400, 401, 403, 404, 429, 500, 503])
def test_what_to_do_is_told_in_whole_parts(code: int, width: int) -> None:
    usual = advice(code)
    assert usual is not None
    told = " ".join("".join(span.text for span in line).strip() for line in advice_lines(code, width, 1))
    least = f"{code}: {re.split(r'[,;] ', usual.fix)[0]}"
    if len(least) > width - 2:
        assert told.endswith("…")
        return
    whole = (f"{code}: {usual.cause}: {usual.fix}", f"{code}: {usual.fix}")
    assert any(said == told or said.startswith((f"{told},", f"{told};")) for said in whole)


@pytest.mark.parametrize("width", range(40, 121, 4))
@pytest.mark.parametrize("focus", [None, SOAR_KEY.id])
def test_the_words_of_a_code_are_whole_or_left_out(width: int, focus: str | None) -> None:
    told = lines_of(SOAR, Lens(view="status", days=7, focus=focus), Canvas(width, 24))
    words = [line[1:].split("  ")[0] for line in told if re.match(r"[ ▸][45]\d\d ", line)]
    assert len(words) >= 3
    assert not any("…" in each for each in words[:-1])
