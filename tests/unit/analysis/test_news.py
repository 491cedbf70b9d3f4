"""What is new since an earlier visit, and what is gone: only where both visits could tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, get_args

import pytest

from socd_tui.analysis.findings import Finding
from socd_tui.analysis.known import Known
from socd_tui.analysis.news import KINDS, News, news, seen
from socd_tui.model.errors import Problem, TimedOut
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.visit import Standing, Visit
from socd_tui.views.parts.words import WORDS
from tests import build
from tests.build import NOW, prepared, rows

EARLIER = NOW - timedelta(days=3)
QUIET, LOUD = 100, 9_000
FAILED = Problem.of(TimedOut("The service did not answer within 30 s.", "Refresh to try again."), "a")


def calm(days_ago: int) -> tuple[int, int]:
    return QUIET + 7 * (days_ago % 5), days_ago % 3


def running_away(days_ago: int) -> tuple[int, int]:
    return (LOUD, 5) if days_ago < 3 else calm(days_ago)


def failing_more(days_ago: int) -> tuple[int, int]:
    requests, errors = calm(days_ago)
    return requests * 5, requests if days_ago < 4 else errors


def account(
    counts: Callable[[int], tuple[int, int]] = calm,
    *windows: int,
    now: datetime = NOW,
    throttled: int = 0,
    **of_key: Any,
) -> Fleet:
    """One key, "a", whose days are these, as its answers in the usual windows and in others tell them."""
    answers = []
    for days in sorted({7, 90, *windows}):
        told = rows(days, counts, now=now)
        requests, errors = (
            sum(each) for each in zip(*((day.requests or 0, day.errors or 0) for day in told), strict=True)
        )
        figures = {
            "requests": requests,
            "client_errors": errors + throttled,
            "server_errors": 0,
            "throttled": throttled,
        }
        answers.append(build.usage("a", days, now=now, days=told, successful=requests - errors, **figures))
    key = build.key("a", created_at=ago_at(400), limit_per_day=10**9, limit_per_minute=10**6, **of_key)
    return build.fleet(*answers, keys=[key], observed_at=now, opened_at=now - timedelta(minutes=1))


def ago_at(days: int) -> datetime:
    return NOW - timedelta(days=days)


def visit(fleet: Fleet, lens: Lens | None = None) -> Visit:
    made = seen(prepared(fleet, lens))
    assert made is not None
    return made


def of_one(*kinds: str, untold: tuple[str, ...] = (), at: datetime = EARLIER) -> Visit:
    """A visit at which these kinds stood of the key."""
    return Visit(at=at, kinds=frozenset(KINDS), keys={"a": Standing(frozenset(kinds), frozenset(untold))})


def told(known: Known, since: Visit) -> tuple[list[str], list[str]]:
    """The kinds that are new, and those that are gone."""
    found: News = news(known, since, known.fleet.keys)
    return [each.kind for each in found.new], [each.kind for each in found.gone]


def test_what_came_up_is_new_and_what_ended_is_gone() -> None:
    quiet, loud = prepared(account()), prepared(account(running_away))
    assert told(loud, visit(account(now=EARLIER))) == (["runaway"], [])
    assert told(quiet, of_one("runaway")) == ([], ["runaway"])
    assert told(loud, of_one("runaway")) == ([], [])
    assert not news(quiet, visit(account()), quiet.fleet.keys)


def test_another_window_makes_nothing_new() -> None:
    """With more answers the codes behind a rise may be told otherwise; the usual windows decide."""
    for counts in (calm, running_away, failing_more):
        first = visit(account(counts))
        for others in ((1,), (14,), (30, 60)):
            known = prepared(account(counts, *others), Lens(days=others[-1]))
            assert told(known, first) == ([], [])
            again = visit(account(counts, *others), Lens(days=others[-1]))
            assert again.keys == first.keys


@pytest.mark.parametrize("days", [7, 90])
def test_of_a_key_that_could_not_be_read_nothing_is_said(days: int) -> None:
    whole = account(running_away)
    for fleet in (
        replace(whole, usages={slot: usage for slot, usage in whole.usages.items() if slot[1] != days}),
        replace(whole, failures={("a", days): FAILED}),
        replace(whole, opened_at=NOW + timedelta(minutes=1)),  # the answers are those of an earlier run
    ):
        known = prepared(fleet)
        assert seen(known) is None
        assert told(known, of_one("throttled")) == ([], [])
        assert told(known, of_one()) == ([], [])


def test_what_the_answers_leave_untold_is_neither_new_nor_gone() -> None:
    """The service may stop sending days, or counts of 429s, and begin to again."""
    fleet = account()
    bare = {slot: replace(usage, days=None, throttled=None) for slot, usage in fleet.usages.items()}
    known = prepared(replace(fleet, usages=bare))
    assert told(known, of_one("runaway", "throttled", "rise", "capped", "failing", "burst")) == ([], [])
    assert told(prepared(account(running_away)), of_one(untold=("runaway",))) == ([], [])
    assert told(prepared(account(running_away)), visit(replace(fleet, usages=bare))) == ([], [])


def test_a_finding_that_another_one_hides_is_not_gone_and_not_new_when_it_shows_again() -> None:
    loud = prepared(account(running_away))
    assert told(loud, of_one("throttled")) == (["runaway"], [])
    assert told(loud, of_one("capped", "heading")) == (["runaway"], [])
    throttled = prepared(account(throttled=300))
    assert told(throttled, of_one()) == (["throttled"], [])
    assert told(throttled, of_one("runaway")) == ([], ["runaway"])
    assert told(throttled, of_one("capped")) == ([], ["capped"])


def test_a_rise_that_became_usual_goes_on_failing() -> None:
    failing = prepared(account(lambda _: (QUIET, QUIET // 2)))
    assert told(failing, of_one("rise")) == ([], [])
    assert told(failing, of_one()) == (["failing"], [])


def test_all_of_a_key_that_was_made_since_is_new_and_nothing_of_one_that_was_not_there_to_be_read() -> None:
    nobody = Visit(at=EARLIER, kinds=frozenset(KINDS), keys={})
    fleet = account(throttled=300)
    assert told(prepared(fleet), nobody) == ([], [])
    young = replace(fleet, keys=(replace(fleet.keys[0], created_at=NOW - timedelta(days=1)),))
    assert told(prepared(young), nobody) == (["throttled"], [])


def test_a_key_that_is_gone_takes_its_findings_along_in_silence() -> None:
    since = Visit(at=EARLIER, kinds=frozenset(KINDS), keys={"b": Standing(frozenset({"runaway"}))})
    assert told(prepared(account()), since) == ([], [])


def test_kinds_that_only_one_version_of_the_program_knows_are_passed_over() -> None:
    younger = replace(of_one("sleeping"), kinds=frozenset({"sleeping"}))
    assert told(prepared(account(running_away)), younger) == ([], [])


def test_an_expiring_key_that_ended_is_not_gone() -> None:
    ended = prepared(account(expires_at=NOW - timedelta(hours=1)))
    assert "expiring" not in told(ended, of_one("expiring"))[1]
    renewed = prepared(account(expires_at=NOW + timedelta(days=300)))
    assert told(renewed, of_one("expiring")) == ([], ["expiring"])


def test_a_visit_is_of_the_moment_of_its_figures_and_holds_no_name() -> None:
    made = visit(account(running_away))
    assert made.at == NOW
    assert made.keys == {"a": Standing(frozenset({"runaway"}), frozenset({"capped", "heading"}))}


def test_each_kind_of_finding_has_a_word() -> None:
    assert set(WORDS) == set(KINDS) == {each.kind for each in get_args(Finding)}


def test_what_only_one_window_tells_of_a_rise_makes_nothing_new_and_nothing_gone() -> None:
    """Codes of another window may show that a rise was of 429s alone, which the usual windows cannot tell."""

    def rising(days_ago: int) -> tuple[int, int]:
        requests, errors = calm(days_ago)
        return requests * 10, requests * 2 if days_ago < 11 else errors

    def told_by_codes(*windows: int) -> Known:
        fleet = account(rising, *windows)
        coded = {
            slot: replace(usage, statuses={200: usage.successful or 0, 429: usage.client_errors or 0})
            for slot, usage in fleet.usages.items()
        }
        return prepared(replace(fleet, usages=coded))

    usual, longer = told_by_codes(), told_by_codes(14)
    kinds = [{each.kind for each in known.by_key["a"].findings} for known in (usual, longer)]
    assert kinds[0] != kinds[1], "else this proves nothing"
    before, after = seen(usual), seen(longer)
    assert before is not None
    assert after is not None
    assert before.keys == after.keys
    assert told(longer, before) == told(usual, after) == ([], [])
