"""What is advised for each kind of finding, and what it rests on: known figures, and no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest

from socd_tui.analysis.assessment import Assessment
from socd_tui.analysis.findings import (
    Burst,
    Capped,
    EndedInUse,
    ErrorsRising,
    Expiring,
    Failing,
    Finding,
    NearingCap,
    RunningAway,
    Throttled,
    UsualBurst,
)
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.runaway import Habit, Rise, Runaway
from socd_tui.analysis.tier import TierVerdict
from socd_tui.analysis.triage import Culprit, Pattern
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.text import Text
from socd_tui.model.window import Window
from socd_tui.views.parts.counsel import counsel, tier_steps
from tests.build import bands, fleet, key, prepared, usage
from tests.fleets import whole

KEY = key("sync", key_id="k", tier="free")
FIRST, LAST = date(2026, 11, 19), date(2026, 11, 21)
WEEK = Window.ending(date(2026, 11, 22), 7)
RUNAWAY = Runaway(since=FIRST, days=3, usual=50.0, now=6692.4, compared=32, until=LAST, ongoing=True)
RISE = Rise(since=FIRST, days=3, usual=0.002, now=0.067, requests=900, compared=28)
REVOKED = replace(KEY, revoked_at=datetime(2026, 11, 10, tzinfo=UTC))
HOURLY = Pattern(159, 159, tuple(range(24)))
FORECAST = Forecast(
    outcome="between",
    reached=None,
    limit=1000,
    horizon=30,
    bands=bands(1, 2, 980),
    chance=0.62,
    model="median of 9 days",
    full_days=9,
    looked_back=lambda: (12, 14),
)


def assessed(account: Fleet, key_id: str = "k") -> Assessment:
    return prepared(account, Lens()).assessment(key_id)


def bare(**figures: Any) -> Assessment:
    """Of a Free key in an account that tells nothing but these figures."""
    return assessed(fleet(usage("k", **figures), keys=[KEY]))


def throttled(pattern: Pattern | None = HOURLY) -> Throttled:
    return Throttled(key=KEY, requests=5965, share=0.24, window=WEEK, since=None, pattern=pattern)


EACH: dict[type[Finding], Finding] = {
    type(each): each
    for each in (
        RunningAway(key=KEY, runaway=RUNAWAY, culprit=Culprit(Text("/api/v1/iocs"), 0.988), window=WEEK),
        Capped(key=KEY, limit=1000, newest=LAST, since=None),
        throttled(),
        ErrorsRising(key=KEY, rise=RISE, codes=(500, 503)),
        NearingCap(key=KEY, forecast=FORECAST),
        Burst(key=KEY, runaway=replace(RUNAWAY, ongoing=False), window=WEEK),
        EndedInUse(key=REVOKED, ended=date(2026, 11, 10), requests=64, codes=(401,)),
        Expiring(key=KEY, expires=date(2026, 11, 25), left=timedelta(days=3), requests=245, window=WEEK),
        Failing(key=KEY, requests=300, share=0.27, since=None, codes=(403, 400)),
        UsualBurst(key=KEY, habit=Habit(run=RUNAWAY, earlier=9), window=WEEK),
    )
}  # fmt: skip
"""One finding of each kind."""


def test_each_kind_is_tried_here() -> None:
    assert set(EACH) == set(get_args(Finding))


@pytest.mark.parametrize("finding", EACH.values(), ids=lambda finding: finding.kind)
def test_what_is_said_is_whole_sentences_of_known_figures(finding: Finding) -> None:
    told = counsel(finding, bare())
    for words in (told.evidence, *told.steps):
        assert words == " ".join(words.split())
        assert "None" not in words
        assert "nan" not in words


def test_a_runaway_is_led_to_its_loop_and_no_larger_tier_is_bought_for_it() -> None:
    told = counsel(EACH[RunningAway], assessed(whole(), whole().keys[1].id))
    assert told.evidence == "compared with 32 full days of the same weekdays"
    assert told.steps == (
        "find the loop: 98.8% of the increase is on /api/v1/iocs, and it began on Thu 19 Nov",
        "do not buy Pro for this: without the runaway its usual is 50 of 1,000 a day",
    )


def test_without_an_endpoint_the_day_it_began_is_what_there_is() -> None:
    finding = RunningAway(key=KEY, runaway=RUNAWAY, culprit=None, window=WEEK)
    assert counsel(finding, bare()).steps[0] == (
        "find what began on Thu 19 Nov and makes 6,692 requests a day"
    )


def test_no_tier_is_advised_against_where_its_usual_is_near_the_cap() -> None:
    near = RunningAway(key=KEY, runaway=replace(RUNAWAY, usual=900.0), culprit=None, window=WEEK)
    assert len(counsel(near, bare()).steps) == 1


@pytest.mark.parametrize(
    ("peaks", "step"),
    [
        (
            {"peak_per_minute": 10, "peak_per_day": 66},
            "stay below 10 requests a minute: that limit refuses; the day cap is not the cause (6.6% used)",
        ),
        (
            {"peak_per_minute": 9, "peak_per_day": 1000},
            "stay below 1,000 requests a day: that limit refuses",
        ),
        (
            {"peak_per_minute": 10, "peak_per_day": 1000},
            "stay below 10 requests a minute and 1,000 requests a day: these limits refuse",
        ),
        ({}, "ask more slowly: which of its limits refuses is unknown"),
    ],
    ids=["minute", "day", "both", "unknown"],
)
def test_the_limit_that_refuses_is_named_where_the_peaks_tell_it(peaks: dict[str, int], step: str) -> None:
    assert counsel(throttled(), bare(**peaks)).steps[0] == step


def test_hours_that_return_each_day_are_named() -> None:
    told = counsel(throttled(Pattern(14, 159, (2, 14))), bare(peak_per_minute=10))
    assert told.steps[0].startswith("stay below 10 requests a minute, at 02:00 and 14:00 UTC daily")


def test_codes_of_one_remedy_are_told_together() -> None:
    assert counsel(EACH[ErrorsRising], bare()).steps == (
        "500, 503: a fault of the service: retry with growing pauses; report the request id if it stays",
    )
    assert [step[:4] for step in counsel(EACH[Failing], bare()).steps] == ["403:", "400:"]


def test_a_key_that_nobody_uses_may_expire() -> None:
    unused = EACH[Expiring]
    assert isinstance(unused, Expiring)
    unused = replace(unused, requests=0)
    assert counsel(unused, bare()).steps == ("let it expire: nothing asked with it in 7 d",)


def test_for_what_is_its_habit_nothing_is_to_be_done() -> None:
    assert counsel(EACH[UsualBurst], bare()).steps == ()


@pytest.mark.parametrize(
    ("verdict", "opening"),
    [
        ("upgrade", "consider Pro, $299 a month for the account: "),
        ("borderline", "watch whether its limits stay large enough: "),
        ("could_downgrade", "Free would be enough for it: "),
    ],
)
def test_the_tier_verdict_is_told_with_what_decided_it(verdict: str, opening: str) -> None:
    [stay] = [
        tier for each in whole().keys[:1] if isinstance(tier := assessed(whole(), each.id).tier, TierVerdict)
    ]
    assert tier_steps(stay) == ()
    told = replace(stay, verdict=verdict, reasons=("a", "b"))  # type: ignore[arg-type]
    assert tier_steps(told) == (f"{opening}a; b",)
