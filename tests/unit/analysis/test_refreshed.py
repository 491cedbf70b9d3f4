"""What a refresh changed: against what stood when it began, and only what can be compared with that."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from socd_tui.analysis.known import Known
from socd_tui.analysis.refreshed import Added, added, as_it_was, comparable, replaces
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.usage import Day
from tests import build
from tests.build import NOW, prepared

EARLIER = NOW - timedelta(minutes=1)


def fleet(*requests: int | None, at: datetime = NOW, days: int = 7) -> Fleet:
    """Keys "a", "b", … with so many requests; None has no answer."""
    keys = [build.key(name) for name, _ in zip("abc", requests, strict=False)]
    told = [
        build.usage(key.id, days, now=at, requests=count)
        for key, count in zip(keys, requests, strict=True)
        if count is not None
    ]
    return build.fleet(*told, keys=keys, opened_at=NOW - timedelta(hours=1), observed_at=at)


def refreshed(before: Fleet, now: Fleet, lens: Lens | None = None) -> Known:
    """What is known of `now`, after a refresh that began with `before`."""
    lens = lens or Lens()
    return replace(prepared(now, lens), earlier=as_it_was(prepared(before, lens), lens))


def test_what_came_in_since_the_answer_before_is_told_with_its_moment() -> None:
    known = refreshed(fleet(100, at=EARLIER), fleet(141))
    assert added(known, known.fleet.keys) == Added(41, EARLIER)


def test_of_several_keys_it_is_told_together_since_the_oldest_of_their_answers() -> None:
    before = fleet(100, 50, at=EARLIER)
    slot = ("b", 7)
    before = replace(before, usages={**before.usages, slot: replace(before.usages[slot], observed_at=NOW)})
    known = refreshed(before, fleet(141, 52))
    assert added(known, known.fleet.keys) == Added(43, EARLIER)


@pytest.mark.parametrize(
    ("before", "now"),
    [((None,), (100,)), ((100,), (None,)), ((100,), (100,)), ((100, None), (141, 7))],
    ids=["the first answer", "no answer any more", "nothing new", "one more key"],
)
def test_where_nothing_came_in_or_it_cannot_be_compared_nothing_is_told(
    before: tuple[int | None, ...], now: tuple[int | None, ...]
) -> None:
    known = refreshed(fleet(*before, at=EARLIER), fleet(*now))
    assert added(known, known.fleet.keys) is None


def test_without_a_refresh_nothing_is_told() -> None:
    known = prepared(fleet(100))
    assert added(known, known.fleet.keys) is None
    assert comparable(known, known.fleet.keys) is None


def test_what_the_service_took_back_is_told_as_it_is() -> None:
    known = refreshed(fleet(100, at=EARLIER), fleet(97))
    assert added(known, known.fleet.keys) == Added(-3, EARLIER)


def test_an_answer_of_an_earlier_run_is_none_to_compare_with() -> None:
    yesterday = replace(fleet(100, at=NOW - timedelta(days=1)), opened_at=NOW)
    then = as_it_was(prepared(yesterday), Lens())
    assert then.usage("a") is None
    assert then.by_key["a"].compare is None
    assert not replaces(prepared(fleet(141)), then)


def test_over_midnight_it_is_counted_by_days() -> None:
    """The window has moved on: its totals are of other days."""
    late, early = (
        datetime(2026, 11, 22, 23, 59, tzinfo=NOW.tzinfo),
        datetime(2026, 11, 23, 0, 1, tzinfo=NOW.tzinfo),
    )
    today, tomorrow = late.date(), early.date()
    before, now = fleet(1_000, at=late), fleet(900, at=early)
    slot = ("a", 7)
    before = replace(
        before, usages={slot: replace(before.usages[slot], days=(Day(today, 60, partial=True),))}
    )
    rows = (Day(today, 65), Day(tomorrow, 4, partial=True))
    told = replace(now, usages={slot: replace(now.usages[slot], days=rows)})
    assert added(refreshed(before, told), told.keys) == Added(9, late)
    assert added(refreshed(before, now), now.keys) is None
    gap = replace(now, usages={slot: replace(now.usages[slot], days=(Day(today, None), Day(tomorrow, 4)))})
    assert added(refreshed(before, gap), gap.keys) is None


def test_what_was_known_is_seen_through_the_lens_of_now() -> None:
    both = fleet(100, at=EARLIER)
    longer = fleet(300, at=EARLIER, days=30)
    both = replace(both, usages={**both.usages, **longer.usages})
    then = as_it_was(prepared(both, Lens(days=7)), Lens(days=30))
    usage = then.usage("a")
    assert usage is not None
    assert usage.requests == 300
    assert then.earlier is None


def test_an_answer_that_nobody_replaced_is_no_refresh() -> None:
    same = fleet(100, at=EARLIER)
    assert not replaces(prepared(same), prepared(same))
    more = replace(same, usages={**same.usages, **fleet(300, days=30).usages})
    assert not replaces(prepared(more, Lens(days=30)), as_it_was(prepared(same), Lens(days=30)))
    assert replaces(prepared(fleet(100)), prepared(same))
