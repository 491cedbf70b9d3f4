"""What a person can type to narrow and order rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.columns import Columns, Fact, Facts
from socd_tui.analysis.row_filter import filter_rows, parse_filter, sort_rows
from socd_tui.model.errors import UsageError
from socd_tui.model.lens import Sort
from socd_tui.model.text import Text
from tests.cost import counted

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


SHOWN = Columns(
    (
        "key",
        "requests",
        "change",
        "error_ratio",
        "share",
        "day_peak_ratio",
        "p95_ms",
        "throttled",
        "state",
        "tier",
    ),
    {
        "429": "throttled",
        "cap/day": "day_peak_ratio",
        "err%": "error_ratio",
        "p95": "p95_ms",
        "p95 ms": "p95_ms",
    },
    texts=frozenset({"key", "state", "tier"}),
    shares=frozenset({"error_ratio", "share", "day_peak_ratio"}),
    counts=frozenset({"requests", "change", "throttled"}),
    times=frozenset({"p95_ms"}),
    headings={"error_ratio": "err%", "throttled": "429", "p95_ms": "p95 ms", "day_peak_ratio": "cap/day"},
)
"""A table with each kind of column, and headings of its own."""


def row(key: str, **facts: Fact) -> Facts:
    return {"key": Text(key), **facts}


TABLE: list[Facts] = [
    row("Caf\u00e9 M\u00fcller", requests=142_587, change=-5, error_ratio=0.024, share=0.9,
        day_peak_ratio=0.62, p95_ms=212.4, throttled=0, state="ok", tier=Text("Pro")),
    row("a>b = c", requests=1_234, change=10, error_ratio=0.119, share=0.09, day_peak_ratio=0.5,
        p95_ms=1_900.0, throttled=7, state="over", tier=Text("free")),
    row("state machine", requests=429, change=None, error_ratio=None, share=0.01, day_peak_ratio=None,
        p95_ms=None, throttled=None, state="not found", tier=None),
]  # fmt: skip
CAFE, SIGNS, MACHINE = (str(each["key"]) for each in TABLE)


def found(typed: str) -> list[str]:
    rows = filter_rows(TABLE, lambda facts: facts, parse_filter(typed, SHOWN))
    return [str(each["key"]) for each in rows]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        # every way to write a sign
        ("requests==1234", [SIGNS]),
        ("requests = 1234", [SIGNS]),
        ("requests<>1234", [CAFE, MACHINE]),
        ("requests≠1234", [CAFE, MACHINE]),
        ("requests≥1234", [CAFE, SIGNS]),
        ("requests=>1234", [CAFE, SIGNS]),
        ("requests≤1234", [SIGNS, MACHINE]),
        ("requests=<1234", [SIGNS, MACHINE]),
        ("!requests>=1234", [MACHINE]),
        # every way to write a number
        ("requests=1,234", [SIGNS]),
        ("requests=1 234", [SIGNS]),
        ("requests=1\u202f234", [SIGNS]),
        ("requests=1'234", [SIGNS]),
        ("requests=1_234", [SIGNS]),
        ("requests>=1,234.0", [CAFE, SIGNS]),
        ("requests>1e3", [CAFE, SIGNS]),
        ("requests>1.4E5", [CAFE]),
        ("requests>10k", [CAFE]),
        ("requests>0.1M", [CAFE]),
        ("requests>+1000", [CAFE, SIGNS]),
        ("change<0", [CAFE]),
        ("change>=-5", [CAFE, SIGNS]),
        ("change=\u22125", [CAFE]),
        # units
        ("p95>1s", [SIGNS]),
        ("p95>1.5 s", [SIGNS]),
        ("p95<250ms", [CAFE]),
        ("p95 ms>250", [SIGNS]),
        ("P95_ms=212", [CAFE]),
        # per cent, as the column shows it
        ("cap/day>50", [CAFE]),
        ("cap/day>=50", [CAFE, SIGNS]),
        ("cap/day>0.5", [CAFE, SIGNS]),
        ("cap/day>50%", [CAFE]),
        ("day_peak_ratio>0.5", [CAFE]),
        ("share>5", [CAFE, SIGNS]),
        ("share>0.5", [CAFE]),
        ("share=1%", [MACHINE]),
        ("err%=11.9", [SIGNS]),
        ("ERR% > 5", [SIGNS]),
        # several
        ("requests>100 err%<5", [CAFE]),
        ("requests>100 and err%>5", [SIGNS]),
        ("requests>100 AND !err%>5", [CAFE]),
        ("requests>100, err%>5", [SIGNS]),
        ("requests>100 && err%>5", [SIGNS]),
        ("requests>1 429>0", [SIGNS]),
        ("requests>1,429>0", [SIGNS]),
        # words
        ("state=over", [SIGNS]),
        ("state==OVER", [SIGNS]),
        ("state!=over", [CAFE, MACHINE]),
        ("state=not found", [MACHINE]),
        ('state="not found" requests>1', [MACHINE]),
        ("state=not found and requests>1", [MACHINE]),
        ("tier=free", [SIGNS]),
        ("tier=pro requests>1k", [CAFE]),
        ("tier!=free", [CAFE]),
        ("!tier=free", [CAFE]),
        ("key=cafe\u0301 mu\u0308ller", [CAFE]),
        # names
        ("cafe\u0301", [CAFE]),
        ("CAF\u00c9  m\u00fcller", [CAFE]),
        ("caf\u200b\u00e9", [CAFE]),
        ("/CAFE\u0301 M/", [CAFE]),
        ("!cafe\u0301", [SIGNS, MACHINE]),
        ("a>b", [SIGNS]),
        ("b = c", [SIGNS]),
        ("state machine", [MACHINE]),
        ("state m", [MACHINE]),
        ('"state m"', [MACHINE]),
        ('!"state m"', [CAFE, SIGNS]),
        ('"a>b"', [SIGNS]),
    ],
)
def test_what_is_typed_as_people_type_it_meets_what_is_shown(typed: str, names: list[str]) -> None:
    assert found(typed) == names


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("reqests>5", r"no column 'reqests' here\. The nearest is 'requests'\. It stands at character 1\."),
        ("requests>5 and eror_ratio>1", r"no column 'eror_ratio' here\. .*'error_ratio'.* character 16"),
        ("tire=free", r"no column 'tire' here.*'tier'.*in quotes"),
        ("status=active", r"no column 'status' here.*'state'"),
        ("bananas>5", r"no column 'bananas' here\. There are: key, requests"),
        ("requests>", r"After 'requests>' a number is missing"),
        ("requests>abc", r"'abc', at character 10, is no number"),
        ("requests>>5", r"'>5', at character 10, is no number"),
        ("requests>10x", r"'10x', at character 10, is no number"),
        ("requests>1.234.567", r"'1\.234\.567', at character 10, is no number"),
        ("requests>10 or err%>5", r"'or', at character 13: a row must meet all"),
        ("requests>10 or state=over", r"'or', at character 13: a row must meet all"),
        ("state=over or state=near", r"'or', at character 12: a row must meet all"),
        ("tier=free || requests>10", r"'\|\|', at character 11: a row must meet all"),
        ("requests>10 and", r"'and', at character 13, was not understood"),
        ("requests>10s", r"'s', at character 12, is no unit of 'requests'"),
        ("requests>10%", r"'%', at character 12, is no unit of 'requests'"),
        ("p95>5%", r"'%', at character 6, is no unit of 'p95'"),
        ("error_ratio>5", r"share of 1\. For per cent write error_ratio>5%"),
        ("share>1", r"may mean 1% or all of it\. Write share>1% or share>100%"),
        ("state>5", r"'state' holds no numbers.*= or !="),
        ("state=", r"After 'state=' a word is missing"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place_and_what_is_nearest(typed: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_filter(typed, SHOWN)


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


@given(
    st.text(max_size=40)
    | st.lists(
        st.sampled_from(
            ["requests", "err%", "key", "state", ">", "=", "!", " and ", " ", "1", ",234", "%", '"', "/"]
        )
    ).map("".join)
)
def test_whatever_is_typed_keeps_some_rows_or_is_refused_in_words(typed: str) -> None:
    try:
        accepted = parse_filter(typed, COLUMNS)
    except UsageError:
        return
    rows = filter_rows(ROWS, lambda facts: facts, accepted)
    assert [row for row in ROWS if row in rows] == rows


@given(st.text(alphabet="abcdefghi", min_size=1, max_size=8))
def test_a_text_in_quotes_and_its_inverse_share_the_rows_between_them(word: str) -> None:
    assert sorted(kept(f'"{word}"') + kept(f'!"{word}"')) == sorted(str(row["key"]) for row in ROWS)


@given(st.text(alphabet="abcdefghi", min_size=1, max_size=8))
def test_a_word_that_is_not_wanted_is_one_that_begins_so(word: str) -> None:
    dropped = {str(row["key"]) for row in ROWS} - set(kept(f"!{word}"))
    assert dropped <= set(kept(word))
    for row in ROWS:
        words = f"{row['key']} {row['state']}".lower().replace("[", " ").split()
        assert (str(row["key"]) in dropped) == any(each.startswith(word) for each in words)


NAMES: list[Facts] = [
    row("threat-notebook", requests=9, state="over", tier=Text("free")),
    row("Old dashboard", requests=60, state="revoked", tier=Text("pro")),
    row("Production SIEM", requests=36_187, state="ok", tier=Text("pro")),
    row("dev_sandbox", requests=5, state="near", tier=Text("free")),
    row("本番ログ", requests=1, state="ok", tier=Text("free")),
]


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("!ok", [0, 1, 3]),
        ("!OK", [0, 1, 3]),
        ("!note", [1, 2, 3, 4]),
        ("!sandbox", [0, 1, 2, 4]),
        ("!ログ", [0, 1, 2, 3]),
        ('!"ok"', [3]),
        ("!ok !over", [1, 3]),
        ("!ok pro", [1]),
        ("free !ok", [0, 3]),
        ("free requests>5", [0]),
        ("requests>5 free", [0]),
        ("requests>5 and free", [0]),
        ("dash old", [1]),
        ("/^(old|prod)/ !revoked", [2]),
        ("/o/ /e.*d/ requests<100", [1, 3]),
        ('"old dash" pro', [1]),
        ("free 'threat-notebook'", [0]),
        ("tier=free requests>1 !near", [0]),
        ("pro !", [1, 2]),
    ],
)
def test_a_row_must_meet_all_that_blanks_part(typed: str, left: list[int]) -> None:
    rows = filter_rows(NAMES, lambda facts: facts, parse_filter(typed, SHOWN))
    assert [NAMES.index(each) for each in rows] == left


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("err%>5", "err% > 5 %"),
        ("error_ratio>=0.05", "err% >= 5 %"),
        ("requests>10k 429>0", "requests > 10,000 and 429 > 0"),
        ("p95>1.5s", "p95 ms > 1,500 ms"),
        ("!429>0 siem", "not 429 > 0 and with 'siem'"),
        ("state=not found", "state is 'not found'"),
        ("state!=over", "state is not 'over'"),
        ("!ok", "no word begins with 'ok'"),
        ("/^prod/", "a text matches /^prod/"),
        ("!'it's so'", "no word begins with '’it’s' and with 'so’'"),
    ],
)
def test_what_was_understood_is_said_in_the_words_of_the_screen(typed: str, says: str) -> None:
    parsed = parse_filter(typed, SHOWN)
    assert parsed is not None
    assert parsed.says == says


def test_a_filter_longer_than_anybody_types_is_refused_with_its_bound() -> None:
    with pytest.raises(UsageError, match=r"at most 500 characters; this one has 10,000,000\."):
        parse_filter("a" * 10_000_000, COLUMNS)


def test_a_name_as_long_as_can_be_shown_can_be_filtered_by() -> None:
    name = "é" * 256
    rows: list[Facts] = [{"key": Text(name)}, {"key": Text("other")}]
    for typed in (name, f'"{name}"', f"key={name}"):
        assert filter_rows(rows, lambda facts: facts, parse_filter(typed, COLUMNS)) == rows[:1]


def test_a_pattern_is_asked_once_of_each_text() -> None:
    """Each repaint filters again; what was found of a name is known by then."""
    rows: list[Facts] = [{"key": Text(f"key {n}")} for n in range(100)]

    def names() -> list[str]:
        kept = filter_rows(rows, lambda facts: facts, parse_filter("/^key 7.?$/", COLUMNS))
        return [str(row["key"]) for row in kept]

    found, first = counted(names)
    assert len(found) == 11
    assert counted(names)[1] < first * 0.7
