"""Single values from the wire: whatever comes, a figure is right or unknown, and nothing raises."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.text import Text, inert
from socd_tui.service.scalar import (
    MAX_COUNT,
    Unreadable,
    count,
    day,
    end,
    limit,
    millis,
    moment,
    path,
    text,
    texts,
    uuid,
)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
HUGE = (2**53 + 1, 2**63, 10**400, -(10**400), 10**4000)


@given(anything | st.sampled_from(HUGE))
def test_no_value_raises_and_what_is_read_is_of_the_promised_kind(value: object) -> None:
    for read in (count, millis, moment, day, uuid, text, path):
        one = read(value)
        assert (one is None) <= (value is None or isinstance(value, str)), "only what was not sent is absent"
        assert not isinstance(one, Unreadable) or inert(one.quoted()) == one.quoted()
    counted, measured, most = count(value), millis(value), limit(value)
    if isinstance(counted, int):
        assert counted == measured
    if isinstance(measured, int | float):
        assert math.isfinite(measured)
        assert 0 <= measured <= MAX_COUNT
    assert type(most) is int or most in ("unlimited", "unreadable", None)
    if isinstance(at := moment(value), datetime):
        assert at.utcoffset() == timedelta(0)
    if isinstance(identity := uuid(value), str):
        assert UUID(identity)


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
    assert count(str(MAX_COUNT + 1)) == Unreadable(str(MAX_COUNT + 1))
    assert count(MAX_COUNT + 1) == Unreadable(MAX_COUNT + 1)


@pytest.mark.parametrize(
    "value",
    [
        True, False, -1, -0.5, "-1", "1e3", "0x10", "1_000", "1,000", "1 200", "287,4", "1.240,5",
        "", " ", "ten", "NaN", "Infinity",
        math.nan, math.inf, -math.inf, 1e22, "1" * 17, [], {}, [1], {"count": 1}, *HUGE,
    ],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_what_is_sent_and_is_no_count_is_unreadable_and_not_absent(value: object) -> None:
    assert isinstance(count(value), Unreadable)
    assert isinstance(millis(value), Unreadable)


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ("1,234", "'1,234'"),
        ("", "''"),
        (True, "true"),
        (99.5, "99.5"),
        (1e22, "1e+22"),
        ({"a": 1}, '{"a": 1}'),
        ("x" * 100, "'" + "x" * 39 + "…'"),
        ("a\x1b[31m\u202eb", "'a\ufffd[31mb'"),
        ("sk_live_k001SECRETSECRET", "'sk_live_…'"),
    ],
)
def test_what_cannot_be_read_is_quoted_short_harmless_and_without_a_secret(
    value: object, quoted: str
) -> None:
    assert Unreadable(value).quoted() == quoted


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (-1, "unlimited"),
        (-0.5, "unlimited"),
        ("-2", "unlimited"),
        (" Unlimited ", "unlimited"),
        ("none", "unlimited"),
        ("no limit", "unlimited"),
        ("no_limit", "unlimited"),
        ("infinite", "unlimited"),
        ("Infinity", "unlimited"),
        ("inf", "unlimited"),
        ("∞", "unlimited"),
        (2**53, "unlimited"),
        (2**63 - 1, "unlimited"),
        (str(2**53), "unlimited"),
        (str(2**63 - 1), "unlimited"),
        (str(2**64 - 1), "unlimited"),
        (1e22, "unlimited"),
        (math.inf, "unlimited"),
        ("unlimited-ish", "unreadable"),
        ("1,000", "unreadable"),
        ("", "unreadable"),
        (True, "unreadable"),
        (99.5, "unreadable"),
        (math.nan, "unreadable"),
        ([], "unreadable"),
        (0, 0),
        ("1000", 1000),
        (1000.0, 1000),
        (2**31 - 1, 2**31 - 1),
        (None, None),
    ],
    ids=repr,
)
def test_a_limit_is_a_count_or_none_at_all(value: object, read: object) -> None:
    assert limit(value) == read


def test_a_fraction_is_a_duration_but_no_count() -> None:
    assert millis(286.5) == 286.5
    assert millis("286.5") == 286.5
    assert count(286.5) == Unreadable(286.5)
    assert count("286.5") == Unreadable("286.5")


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
        "0001-01-01T00:00:00+14:00", "2026-02-30", "2026-13-01", 0, 17, -1_716_000_060, 1e300, math.nan, True,
        ["2026-05-16"], "Sat, 99 May 2026 09:42:11 GMT", "1716000060 s",
    ],
)  # fmt: skip
def test_what_is_no_moment_of_this_century_is_unreadable(value: object) -> None:
    assert isinstance(moment(value), Unreadable)
    assert isinstance(day(value), Unreadable)


@pytest.mark.parametrize(
    "value",
    [
        "2026-05-17T09:42:11Z", "2026-05-17t09:42:11z", "2026-05-17 09:42:11Z", "2026-05-17T11:42:11+02:00",
        "2026-05-17 11:42:11 +0200", "2026-05-17T09:42:11.000000000Z", "2026-05-17T09:42:11-00:00",
        1779010931, "1779010931", 1779010931.0, "1779010931.0", 1779010931000, "1779010931000",
        1779010931000000, 1779010931000000000, "Sun, 17 May 2026 09:42:11 GMT",
        "Sunday, 17-May-26 09:42:11 GMT", "2026-05-17 09:42:11 UTC",
    ],
)  # fmt: skip
def test_a_moment_may_be_written_in_each_way_that_services_write_it(value: object) -> None:
    assert moment(value) == datetime(2026, 5, 17, 9, 42, 11, tzinfo=UTC)
    assert day(value) == date(2026, 5, 17)


def test_a_leap_second_is_the_second_before() -> None:
    assert moment("2016-12-31T23:59:60Z") == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("sent", ["2026-11-24t00:00:00+01:00", "20261124T000000+0100"])
def test_the_date_of_a_row_in_each_form_of_iso_8601_is_as_written(sent: str) -> None:
    assert day(sent) == date(2026, 11, 24)


@pytest.mark.parametrize("offset", ["+01:00", "-11:00", "+14:00", "Z", ""])
def test_the_date_of_a_row_is_as_written_whatever_its_offset(offset: str) -> None:
    assert day(f"2026-05-17T00:00:00{offset}") == date(2026, 5, 17)
    assert day(f"2026-05-17 23:30:00{offset}") == date(2026, 5, 17)


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
    assert (
        isinstance(read, Unreadable)
        or read is None
        or (len(read) == 36 and set(read) <= set("0123456789abcdef-"))
    )


@given(st.text("ab \x1b\u202e\u00e9\u4e2d"))
def test_foreign_text_keeps_its_original_trimmed(value: str) -> None:
    read = text(f" {value}x ")
    assert isinstance(read, Text)
    assert read.original == f"{value}x".lstrip()


@pytest.mark.parametrize("value", ["", "   ", "\t\n", "\u200b\u200b", "\u3000", "\ufeff", " \u200b "])
def test_blank_text_is_absent(value: str) -> None:
    assert text(value) is None


def test_a_number_where_text_was_due_is_its_digits_and_nothing_else_is_text() -> None:
    assert text(7) == Text("7")
    others: tuple[object, ...] = (True, -1, [], {})
    for value in others:
        assert text(value) == Unreadable(value)


def test_a_list_of_texts_keeps_what_is_text() -> None:
    assert texts(["read:iocs", None, {}, "", "read:stix"]) == (Text("read:iocs"), Text("read:stix"))
    assert texts("read:iocs") == Unreadable("read:iocs")
    assert texts(None) == ()


def test_a_megabyte_of_blanks_is_no_moment() -> None:
    """To look behind each blank for a zone would take hours."""
    for read in (moment, end, day):
        assert isinstance(read("2026-11-22" + " " * 1_000_000 + "x"), Unreadable)
