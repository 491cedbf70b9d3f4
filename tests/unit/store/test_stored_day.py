"""One date of one key as it is stored: what two observations of it come to, and what is no such day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.usage import Day, Hour, Usage
from socd_tui.store.answered_days import AnsweredDays, days_to_store, said_anew
from socd_tui.store.stored_day import ShrunkenDay, StoredDay, told_of, usable
from tests.build import NOW, ago, usage

ON = ago(3)
MIDNIGHT = int(datetime(ON.year, ON.month, ON.day, tzinfo=UTC).timestamp()) + 86_400
"""When the day was over, in seconds since 1970."""
GOOD = StoredDay(ON.toordinal(), MIDNIGHT, 10, 1, MIDNIGHT, 3, bytes(24))
GREATEST = 2**53

seconds = st.none() | st.integers(MIDNIGHT - 2, MIDNIGHT + 2)
small = st.none() | st.integers(0, 2)
parts = st.builds(StoredDay, st.just(ON.toordinal()), seconds, small, small, seconds, small)


def to_store(*answers: Usage) -> dict[int, StoredDay]:
    """By date, what is stored of these answers where nothing is."""
    told = [*map(AnsweredDays.of, answers)]
    return days_to_store(told, said_anew(told, ()))


def hit(*counts: int, start: datetime | None = None) -> Usage:
    """An answer with 429s in the first hours of a day, one count each."""
    start = start or datetime(ON.year, ON.month, ON.day, tzinfo=UTC)
    return usage(hours=tuple(Hour(start + timedelta(hours=n), count) for n, count in enumerate(counts)))


@given(parts, parts, parts)
def test_two_observations_come_to_the_same_in_either_order(
    one: StoredDay, other: StoredDay, third: StoredDay
) -> None:
    assert one.joined(other) == other.joined(one)
    assert one.joined(one) == one
    assert one.joined(other).joined(third) == one.joined(other.joined(third))


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ({"requests": None, "errors": None, "seen_at": MIDNIGHT + 9}, {"requests": 0, "seen_at": MIDNIGHT}),
        ({"requests": 9, "seen_at": MIDNIGHT}, {"requests": 5, "seen_at": MIDNIGHT + 1}),
        ({"requests": None, "seen_at": None}, {"requests": None, "seen_at": 0}),
        ({"requests": 5}, {"requests": 6}),
        ({"errors": None}, {"errors": 0}),
        ({"throttled": None, "hit_at": MIDNIGHT + 9}, {"throttled": 0, "hit_at": MIDNIGHT}),
        ({"throttled": 7, "hit_at": MIDNIGHT - 1}, {"throttled": None, "hit_at": MIDNIGHT + 1}),
        ({"throttled": 7, "hit_at": MIDNIGHT}, {"throttled": 2, "hit_at": MIDNIGHT + 1}),
        ({"throttled": 2}, {"throttled": 3}),
        ({"packed": b"\0" * 24}, {"packed": b"\1" * 24}),
    ],
)
def test_of_each_part_the_better_is_kept(worse: dict[str, Any], better: dict[str, Any]) -> None:
    """Complete before cut short, newer before older; what was counted decides within a second only."""
    bad, good = GOOD._replace(**worse), GOOD._replace(**better)
    assert bad.joined(good) == good


def test_counts_and_429s_are_kept_each_from_its_own_answer() -> None:
    counts, hits = GOOD._replace(hit_at=None, throttled=None, packed=b""), GOOD._replace(seen_at=None)
    assert counts.joined(hits._replace(requests=None, errors=None)) == GOOD


def test_a_figure_is_final_when_its_day_was_over() -> None:
    assert GOOD.final() == 10
    assert GOOD._replace(seen_at=MIDNIGHT - 1).final() is None
    assert GOOD._replace(seen_at=None).final() is None


def test_a_day_is_what_was_counted_when_it_was_seen() -> None:
    found = GOOD.observation()
    assert found is not None
    assert found.day == Day(ON, 10, 1, partial=False, throttled=3)
    assert found.at == datetime.fromtimestamp(MIDNIGHT, UTC)
    early = GOOD._replace(seen_at=MIDNIGHT - 1).observation()
    assert early is not None
    assert early.day.partial
    assert GOOD._replace(seen_at=None).observation() is None


@pytest.mark.parametrize(
    ("hit_at", "seen_at", "throttled"),
    [
        (MIDNIGHT, MIDNIGHT + 500, 3),
        (MIDNIGHT - 9, MIDNIGHT - 9, 3),
        (MIDNIGHT - 8, MIDNIGHT - 9, 3),
        (MIDNIGHT - 10, MIDNIGHT - 9, None),
        (None, MIDNIGHT, None),
    ],
)
def test_429s_of_a_part_of_the_day_do_not_belong_to_requests_counted_later(
    hit_at: int | None, seen_at: int, throttled: int | None
) -> None:
    found = GOOD._replace(hit_at=hit_at, seen_at=seen_at).observation()
    assert found is not None
    assert found.day.throttled == throttled


@pytest.mark.parametrize("count", [0, 1, 254, 255, 256, 65_534, 65_535, 2**40, 2**64 - 2])
def test_hours_come_back_as_they_were_sent(count: int) -> None:
    answer = hit(count, 0, 7)
    [stored] = to_store(answer).values()
    assert tuple(stored.hours()) == answer.hours
    assert usable([stored], NOW)


def test_as_many_bytes_are_kept_of_an_hour_as_its_greatest_needs() -> None:
    sizes = [len(to_store(hit(count))[ON.toordinal()].packed) for count in (0, 254, 255, 2**90)]
    assert sizes == [24, 24, 48, 24 * 8]
    assert [hour.throttled for hour in to_store(hit(2**90))[ON.toordinal()].hours()] == [2**64 - 2]
    assert list(GOOD._replace(packed=b"").hours()) == []
    assert list(GOOD.hours()) == [], "none was sent"


def test_what_an_hour_was_told_twice_adds_up() -> None:
    answer = hit(2, 3)
    assert answer.hours is not None
    [stored] = to_store(replace(answer, hours=(*answer.hours, *answer.hours))).values()
    assert [hour.throttled for hour in stored.hours()] == [4, 6]


def test_an_answer_is_stored_with_the_second_it_was_seen() -> None:
    [stored] = to_store(usage(days=(Day(ON, 10, 1),))).values()
    assert stored == StoredDay(ON.toordinal(), int(NOW.timestamp()), 10, 1)
    [stored] = to_store(hit(2)).values()
    assert stored[:4] == (ON.toordinal(), None, None, None)
    assert (stored.hit_at, stored.throttled) == (int(NOW.timestamp()), None)


def test_of_several_answers_the_better_is_stored() -> None:
    older = usage(days=(Day(ON, 9, 1),), now=NOW - timedelta(hours=1))
    newer = usage(days=(Day(ON, 10, 1),))
    for answers in ([older, newer], [newer, older]):
        assert to_store(*answers)[ON.toordinal()].requests == 10


def test_what_is_stored_as_it_is_told_is_nothing_new_unless_its_types_are_damaged() -> None:
    said = (ON.toordinal(), 10, 1, None, b"")
    answered = [AnsweredDays.of(usage(days=(Day(ON, 10, 1),)))]
    assert said_anew(answered, [said]) == set()
    for odd in (11, None, 10.0, "10"):
        assert said_anew(answered, [(said[0], odd, *said[2:])]) == {ON.toordinal()}  # type: ignore[list-item]


def test_what_is_too_large_for_a_count_is_unknown() -> None:
    rows = (Day(ago(1), GREATEST, 0), Day(ago(2), GREATEST + 1, 0))
    stored = to_store(usage(days=rows))
    assert [stored[ago(n).toordinal()].requests for n in (1, 2)] == [GREATEST, None]


@pytest.mark.parametrize(
    ("on", "kept"),
    [
        (date(1999, 12, 31), False),
        (date(2000, 1, 1), True),
        (NOW.date() + timedelta(days=2), True),
        (NOW.date() + timedelta(days=3), False),
    ],
)
def test_a_day_out_of_all_reason_is_not_stored(on: date, kept: bool) -> None:
    start = datetime(on.year, on.month, on.day, tzinfo=UTC)
    assert (on.toordinal() in to_store(hit(1, start=start))) == kept


LATEST_S = int((NOW + timedelta(days=2)).timestamp())


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"ordinal": date(2000, 1, 1).toordinal()},
        {"ordinal": date(2100, 12, 31).toordinal()},
        {"seen_at": LATEST_S, "hit_at": 946_684_800},
        {"seen_at": None, "hit_at": None, "requests": None, "errors": None, "throttled": None},
        {"requests": GREATEST, "errors": 0},
        {"packed": b""},
        {"packed": bytes(24 * 8)},
    ],
)
def test_what_this_program_writes_is_usable(written: dict[str, Any]) -> None:
    day = GOOD._replace(**written)
    assert usable([day], NOW) == [day]


@pytest.mark.parametrize(
    "written",
    [
        {"ordinal": date(1999, 12, 31).toordinal()},
        {"ordinal": date(2101, 1, 1).toordinal()},
        {"ordinal": str(GOOD.ordinal)},
        {"ordinal": None},
        {"seen_at": LATEST_S + 1},
        {"hit_at": LATEST_S + 1},
        {"seen_at": 946_684_799},
        {"seen_at": float(MIDNIGHT)},
        {"requests": -1},
        {"errors": -1},
        {"throttled": -1},
        {"requests": GREATEST + 1},
        {"requests": 1.5},
        {"requests": True},
        {"errors": "1"},
        {"packed": bytes(23)},
        {"packed": bytes(24 * 9)},
        {"packed": "0" * 24},
        {"packed": None},
    ],
)
def test_what_a_damaged_file_holds_is_not(written: dict[str, Any]) -> None:
    assert usable([GOOD._replace(**written)], NOW) == []


ODD = st.sampled_from(
    [None, True, -1, 2**53, 2**53 + 1, 1.5, "1", b"", bytes(23), bytes(24), GOOD.ordinal, MIDNIGHT]
)
odd_days = st.builds(
    lambda place, odd: StoredDay._make((*GOOD[:place], odd, *GOOD[place + 1 :])),
    st.integers(0, len(GOOD) - 1),
    ODD,
)


@given(st.lists(st.just(GOOD) | odd_days, max_size=6))
def test_one_day_that_is_not_costs_no_other(days: list[StoredDay]) -> None:
    assert usable(days, NOW) == [day for day in days if usable([day], NOW)]


def test_days_that_count_fewer_requests_than_they_did_are_one_sentence() -> None:
    one, two = ShrunkenDay("'A'", date(2026, 11, 12), 1, 0), ShrunkenDay("'A'", date(2026, 11, 9), 10, 7)
    assert told_of([]) == []
    assert told_of([one]) == ["'A': 12 Nov counted 1 request, now 0; the newer figure is kept."]
    assert told_of([one, two]) == [
        "'A': 2 days, 9 Nov to 12 Nov, counted 11 requests, now 7; the newer figures are kept."
    ]
    both = [one, one._replace(label="'B'")]
    assert told_of(both) == ["2 keys: 2 days, 12 Nov, counted 2 requests, now 0; the newer figures are kept."]
