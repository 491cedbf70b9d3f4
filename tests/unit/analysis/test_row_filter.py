"""What a person can type to narrow and order rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.row_filter import Columns, Facts, filter_rows, parse_filter, sort_rows
from socd_tui.model.errors import UsageError
from socd_tui.model.lens import Sort
from socd_tui.model.text import Text

COLUMNS = Columns(("key", "requests", "error_ratio", "state"), {"err%": "error_ratio", "name": "key"})

ROWS: list[Facts] = [
    {"key": Text("Production SIEM"), "requests": 142_587, "error_ratio": 0.024, "state": "ok"},
    {"key": Text("notebook"), "requests": 9_120, "error_ratio": 0.119, "state": "over"},
    {"key": Text("idle [lab]"), "requests": 0, "error_ratio": None, "state": "idle"},
]


def kept(text: str) -> list[str]:
    rows = filter_rows(ROWS, lambda facts: facts, parse_filter(text, COLUMNS))
    return [str(row["key"]) for row in rows]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", ["Production SIEM", "notebook", "idle [lab]"]),
        ("!", ["Production SIEM", "notebook", "idle [lab]"]),
        ("siem", ["Production SIEM"]),
        ("!siem", ["notebook", "idle [lab]"]),
        ("[lab]", ["idle [lab]"]),
        ("over", ["notebook"]),
        ("/^(prod|note)/", ["Production SIEM", "notebook"]),
        ("!/^prod/", ["notebook", "idle [lab]"]),
        ("requests>9k", ["Production SIEM", "notebook"]),
        ("requests >= 9,120".replace(",", ""), ["Production SIEM", "notebook"]),
        ("requests=0", ["idle [lab]"]),
        ("requests!=0", ["Production SIEM", "notebook"]),
        ("err%>5", ["notebook"]),
        ("err%>5%", ["notebook"]),
        ("error_ratio>0.05", ["notebook"]),
        ("error_ratio<=2.4%", ["Production SIEM"]),
        ("!err%>5", ["Production SIEM"]),
    ],
)
def test_words_patterns_and_comparisons_keep_the_rows_they_say(typed: str, names: list[str]) -> None:
    assert kept(typed) == names


def test_a_row_that_does_not_know_a_figure_is_kept_by_no_comparison_with_it() -> None:
    assert "idle [lab]" not in kept("err%>5")
    assert "idle [lab]" not in kept("!err%>5")


def test_a_wrong_column_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="nearest is 'requests'"):
        parse_filter("request>5", COLUMNS)


def test_a_broken_pattern_is_told_as_such() -> None:
    with pytest.raises(UsageError, match="pattern"):
        parse_filter("/(/", COLUMNS)


def test_sorting_puts_rows_that_do_not_know_the_column_last_both_ways() -> None:
    down = sort_rows(ROWS, lambda facts: facts, Sort("error_ratio"))
    up = sort_rows(ROWS, lambda facts: facts, Sort("error_ratio", descending=False))
    assert [row["error_ratio"] for row in down] == [0.119, 0.024, None]
    assert [row["error_ratio"] for row in up] == [0.024, 0.119, None]


def test_text_sorts_without_regard_to_case() -> None:
    names = [str(row["key"]) for row in sort_rows(ROWS, lambda facts: facts, Sort("key", descending=False))]
    assert names == ["idle [lab]", "notebook", "Production SIEM"]


@given(st.text(max_size=40))
def test_whatever_is_typed_keeps_some_rows_or_is_refused_in_words(typed: str) -> None:
    try:
        found = parse_filter(typed, COLUMNS)
    except UsageError:
        return
    rows = filter_rows(ROWS, lambda facts: facts, found)
    assert [row for row in ROWS if row in rows] == rows


@given(st.text(alphabet="abcdefghi ", min_size=1, max_size=8).filter(lambda word: word.strip()))
def test_a_word_and_its_inverse_share_the_rows_between_them(word: str) -> None:
    assert sorted(kept(word) + kept(f"!{word}")) == sorted(str(row["key"]) for row in ROWS)
