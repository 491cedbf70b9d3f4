"""A backfill: the days that are over, as a database that did not watch them takes them in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from socd_tui.analysis.known import Known
from socd_tui.model.lens import Lens
from socd_tui.outputs.metrics.backfill import backfilled, is_label
from socd_tui.outputs.metrics.exposition import exposed
from socd_tui.outputs.metrics.family import Reading
from socd_tui.store.counters import FinishedDay
from tests.build import ago, fleet, key, prepared, rows, usage
from tests.exposition import Told, told

REQUESTS, ERRORS, THROTTLED = (f"socd_key_{name}_total" for name in ("requests", "errors", "throttled"))
HOUR, INFO = "socd_key_hour_throttled_requests", "socd_key_info"
LABELS = (("job", "socd"), ("account", "main"))


def finished(
    days_ago: int, requests: int, errors: int | None = 0, throttled: int | None = 0, **hours: int
) -> FinishedDay:
    told_hours = tuple(hours.get(f"h{hour}", 0) for hour in range(24)) if throttled is not None else None
    return FinishedDay(
        date=ago(days_ago), requests=requests, errors=errors, throttled=throttled, hours=told_hours
    )


DAYS = (finished(3, 100, 10, 2, h9=2), finished(2, 250, 30, 5, h0=1, h23=2), finished(1, 250, 30, 5))
"""Of a key that made 100 requests, 150 and none."""

KNOWN = prepared(
    fleet(usage(days=rows(7, {3: (100, 10), 2: (150, 20), 1: (0, 0)}.get)), keys=[key("a", tier="pro")])
)


def samples(
    days: Sequence[FinishedDay] = DAYS, since: date | None = None, known: Known = KNOWN
) -> list[Told]:
    reading = Reading(known=known, lens=Lens(), is_up=True)
    return told(exposed(backfilled(reading, {"a": days, "gone": days}, LABELS, since), "openmetrics"))


def at(days_ago: int, hour: int = 23) -> float:
    """The last second of that hour."""
    return (
        datetime.combine(ago(days_ago), datetime.min.time(), UTC) + timedelta(hours=hour + 1)
    ).timestamp() - 1


def series(told_: Sequence[Told], name: str) -> dict[float | None, float]:
    return {each.at_s: each.value for each in told_ if each.name == name}


def test_each_day_is_what_the_counter_rises_by_the_first_one_too() -> None:
    assert series(samples(), REQUESTS) == {at(4): 0, at(3): 100, at(2): 250, at(1): 250}


def test_all_counters_have_the_same_moments() -> None:
    made = samples()
    assert series(made, ERRORS) == {at(4): 0, at(3): 10, at(2): 30, at(1): 30}
    assert series(made, THROTTLED) == {at(3): 2, at(2): 5, at(1): 5}


def test_what_was_pruned_is_where_the_first_day_begins() -> None:
    days = [day for day in DAYS if day.date != ago(3)]
    assert series(samples(days), REQUESTS) == {at(3): 100, at(2): 250, at(1): 250}


def test_a_counter_ends_with_the_first_day_that_does_not_tell_it() -> None:
    days = (DAYS[0], finished(2, 250, None, None), finished(1, 250, None, None))
    made = samples(days)
    assert series(made, ERRORS) == {at(4): 0, at(3): 10}
    assert series(made, REQUESTS).keys() == {at(4), at(3), at(2), at(1)}


def test_429s_stand_at_the_end_of_their_hours() -> None:
    found = series(samples(), HOUR)
    assert len(found) == 3 * 24
    assert {moment: count for moment, count in found.items() if count} == {
        at(3, 9): 2,
        at(2, 0): 1,
        at(2, 23): 2,
    }


def test_every_sample_has_the_labels_of_the_scrape_and_the_key_its_name_of_today() -> None:
    made = samples()
    assert all(list(each.labels.items())[:2] == list(LABELS) for each in made)
    info = [each for each in made if each.name == INFO]
    assert [each.at_s for each in info] == [at(3), at(2), at(1)]
    assert {each.labels["tier"] for each in info} == {"pro"}


def test_keys_that_are_not_listed_are_left_out() -> None:
    assert {each.labels["key_id"] for each in samples()} == {"a"}


def test_since_a_date_earlier_days_are_left_out() -> None:
    made = samples(since=ago(2))
    assert series(made, REQUESTS) == {at(2): 250, at(1): 250}
    assert {each.at_s for each in made if each.name == HOUR} == {
        at(days, hour) for days in (2, 1) for hour in range(24)
    }


@pytest.mark.parametrize("name", ["job", "account", "_x", "a1"])
def test_a_label_of_the_scrape(name: str) -> None:
    assert is_label(name)


@pytest.mark.parametrize("name", ["", "key_id", "name", "owner", "__name__", "1a", "a-b", "ä", "a b", "a\n"])
def test_no_label_of_the_scrape(name: str) -> None:
    assert not is_label(name)
