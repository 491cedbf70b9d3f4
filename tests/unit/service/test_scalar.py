"""Single values from the wire: whatever comes, a figure is right or unknown, and nothing raises."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.service.scalar import MAX_COUNT, count, day, millis, moment, text, texts, uuid

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
HUGE = (2**53 + 1, 2**63, 10**400, -(10**400), 10**4000)


@given(anything | st.sampled_from(HUGE))
def test_no_value_raises_and_what_is_read_is_of_the_promised_kind(value: object) -> None:
    counted, measured = count(value), millis(value)
    assert counted is None or (type(counted) is int and 0 <= counted <= MAX_COUNT)
    assert measured is None or (math.isfinite(measured) and 0 <= measured <= MAX_COUNT)
    assert counted is None or counted == measured
    seen = moment(value)
    assert seen is None or seen.utcoffset() == timedelta(0)
    assert day(value) == (seen.date() if seen else None)
    assert uuid(value) is None or UUID(uuid(value))
    assert isinstance(texts(value), tuple)
    text(value)


@given(st.integers(0, MAX_COUNT))
def test_a_count_is_read_exactly_as_a_number_or_as_its_digits(number: int) -> None:
    assert count(number) == number
    assert count(str(number)) == number
    assert count(f" {number} ") == number


@given(st.integers(0, 10**9))
def test_a_whole_number_sent_as_a_float_is_a_count(number: int) -> None:
    for sent in (float(number), f"{number}.0"):
        read = millis(sent)
        assert count(sent) == number
        assert type(read) is int


def test_digits_beyond_two_to_the_53_are_unknown_not_rounded() -> None:
    assert count(str(MAX_COUNT)) == MAX_COUNT
    assert count(str(MAX_COUNT + 1)) is None
    assert count(MAX_COUNT + 1) is None


@pytest.mark.parametrize(
    "value",
    [
        True, False, None, -1, -0.5, "-1", "1e3", "0x10", "1_000", "1,000", "", " ", "ten", "NaN", "Infinity",
        math.nan, math.inf, -math.inf, "1" * 17, [], {}, [1], {"count": 1}, *HUGE,
    ],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_what_is_no_count_is_unknown(value: object) -> None:
    assert count(value) is None
    assert millis(value) is None


def test_a_fraction_is_a_duration_but_no_count() -> None:
    assert millis(286.5) == 286.5
    assert millis("286.5") == 286.5
    assert count(286.5) is None
    assert count("286.5") is None


@given(
    st.datetimes(datetime(2000, 1, 3), datetime(2100, 12, 29)),
    st.integers(-14 * 60, 14 * 60),
)
def test_a_moment_is_the_same_moment_in_utc_whatever_its_offset(local: datetime, offset_min: int) -> None:
    sent = local.replace(tzinfo=timezone(timedelta(minutes=offset_min)))
    assert moment(sent.isoformat()) == sent
    assert moment(f" {local.isoformat()}Z ") == local.replace(tzinfo=UTC)
    assert moment(local.isoformat()) == local.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "", "yesterday", "1999-12-31T00:00:00Z", "2101-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00", "2026-02-30", "2026-13-01", 1_716_000_060, True, None, ["2026-05-16"],
    ],
)  # fmt: skip
def test_what_is_no_moment_of_this_century_is_unknown(value: object) -> None:
    assert moment(value) is None
    assert day(value) is None


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_a_bare_date_is_taken_as_it_stands(date_: date) -> None:
    assert day(date_.isoformat()) == date_
    assert day(f"{date_}T23:59:59.999Z") == date_


@given(st.uuids())
def test_a_uuid_in_any_spelling_becomes_the_canonical_one(value: UUID) -> None:
    for spelling in (str(value), str(value).upper(), value.hex, f"{{{value}}}", value.urn):
        assert uuid(spelling) == str(value)


@given(st.text() | st.sampled_from(["../../admin", "%2e%2e", "1", "0" * 31, "zzzzzzzz-0000-4000-8000-0000"]))
def test_only_a_uuid_could_reach_a_path(value: str) -> None:
    read = uuid(value)
    assert read is None or (len(read) == 36 and set(read) <= set("0123456789abcdef-"))


@given(st.text())
def test_foreign_text_keeps_its_original(value: str) -> None:
    read = text(value)
    assert read is not None
    assert read.original == value


def test_a_number_where_text_was_due_is_its_digits_and_nothing_else_is_text() -> None:
    read = text(7)
    assert read is not None
    assert read.original == "7"
    nothing: tuple[object, ...] = (None, True, -1, math.nan, [], {})
    assert [text(value) for value in nothing] == [None] * 6


def test_a_list_of_texts_keeps_what_is_text() -> None:
    assert [item.original for item in texts(["read:iocs", None, {}, "", "read:stix"])] == [
        "read:iocs",
        "",
        "read:stix",
    ]
    assert texts("read:iocs") == ()
