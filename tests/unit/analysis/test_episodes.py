"""Earlier runs of a key: found as the newest ones are, and none of those that the findings tell."""

from __future__ import annotations

from datetime import timedelta

from socd_tui.analysis.episodes import Episode
from tests.build import NOW, Counts, ago, fleet, key, prepared, rows, usage


def found(counts: Counts) -> tuple[Episode, ...]:
    """Of a key with these requests and errors in the last 90 days."""
    answer = usage("a", 90, requests=1, days=rows(90, counts))
    made = key("a", tier="pro", created_at=NOW - timedelta(days=400))
    return prepared(fleet(answer, keys=[made])).assessment("a").episodes


def test_a_steady_key_has_none() -> None:
    assert found(lambda days: (200 + days % 3, 2)) == ()


def test_a_burst_that_is_over_is_told_with_its_days_and_its_size() -> None:
    burst = range(20, 25)
    [told] = found(lambda days: (4000 if days in burst else 200 + days % 3, 0))
    assert (told.of, told.since, told.until, told.settled) == ("requests", ago(24), ago(20), False)
    assert told.now == 4000
    assert 200 <= told.usual <= 202


def test_what_the_findings_tell_is_not_told_again() -> None:
    assert found(lambda days: (4000 if days < 3 else 200 + days % 3, 0)) == ()
    assert found(lambda days: (4000 if 3 <= days < 8 else 200 + days % 3, 0)) == ()


def test_a_level_that_stayed_is_told_as_one() -> None:
    [told] = found(lambda days: (4000 if days < 50 else 200 + days % 3, 0))
    assert (told.since, told.settled, told.now) == (ago(49), True, 4000)


def test_days_with_many_errors_are_told_with_both_shares() -> None:
    bad = range(30, 34)
    [told] = found(lambda days: (200, 60 if days in bad else 2))
    assert (told.of, told.since, told.until) == ("errors", ago(33), ago(30))
    assert (told.now, told.usual) == (0.3, 0.01)


def test_the_newest_comes_first() -> None:
    spikes = (range(20, 25), range(40, 45))
    told = found(lambda days: (4000 if any(days in each for each in spikes) else 200 + days % 3, 0))
    assert [each.since for each in told] == [ago(24), ago(44)]


def test_a_key_without_days_has_none() -> None:
    assert prepared(fleet(usage("a"))).assessment("a").episodes == ()
