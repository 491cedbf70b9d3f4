"""Does a key fit its tier: each word at its boundary, and why it is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.budget import Budget, Budgets, budgets
from socd_tui.analysis.forecast import Forecast, forecast
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.runaway import Runaway, detect_runaway
from socd_tui.analysis.tier import PRO_PATHS, TierVerdict, tier_verdict
from socd_tui.model.key import ApiKey, Limit
from socd_tui.model.text import Text
from socd_tui.model.usage import Day, Meter
from tests.build import day, key, past, usage

FREE = key(tier="free")
PRO = replace(FREE, tier=Text("Pro"))
FREE_PATHS = (Text("/api/v1/iocs"), Text("/api/v1/lookup"), Text("/api/v1/iocs/search"))


def told(
    key: ApiKey,
    days: list[Day],
    *,
    peak: int | None = 1,
    throttled: int | None = 0,
    endpoints: tuple[Text, ...] | None = FREE_PATHS,
    expected: Forecast | NotEnough | None = None,
    on_free: Forecast | NotEnough | None = None,
    runaway: Runaway | None = None,
    beside_pro: bool = False,
    limits: tuple[int | None, int | None] = (None, None),
) -> TierVerdict | NotEnough:
    answer = usage(
        requests=1,
        throttled=throttled,
        peak_per_minute=peak,
        minute=Meter(limits[0]),
        day=Meter(limits[1]),
    )
    return tier_verdict(
        key,
        days,
        budgets(key, answer),
        endpoints=endpoints,
        forecast=expected,
        on_free=(lambda: on_free) if on_free else None,
        runaway=runaway,
        beside_pro=beside_pro,
        window_days=90,
    )


def verdict(said: TierVerdict | NotEnough) -> TierVerdict:
    assert isinstance(said, TierVerdict)
    return said


def cap(*requests: int, limit: int) -> Forecast:
    ahead = forecast(past(*requests), limit)
    assert isinstance(ahead, Forecast)
    return ahead


@pytest.mark.parametrize(
    ("busiest", "word"),
    [
        (0, "stay"),
        (799, "stay"),
        (800, "borderline"),
        (999, "borderline"),
        (1000, "upgrade"),
        (4000, "upgrade"),
    ],
)
def test_a_free_keys_busiest_day_decides_at_80_and_100_percent_of_the_cap(busiest: int, word: str) -> None:
    assert verdict(told(FREE, past(*[100] * 20, busiest, *[100] * 5))).verdict == word


def test_a_day_at_the_cap_asks_for_an_upgrade_only_if_it_is_one_of_the_last_30() -> None:
    assert verdict(told(FREE, past(1000, *[100] * 29))).verdict == "upgrade"
    older = verdict(told(FREE, past(1000, *[100] * 30)))
    assert (older.verdict, older.days_over) == ("borderline", 1)
    assert verdict(told(FREE, past(1000, *[100] * 90))).verdict == "stay"


@pytest.mark.parametrize(
    ("peak", "throttled", "word"),
    [
        (7, 0, "stay"),
        (8, 0, "borderline"),
        (10, 0, "borderline"),
        (10, None, "borderline"),
        (10, 1, "upgrade"),
        (9, 5, "borderline"),
        (None, 5, "borderline"),
        (None, None, "stay"),
    ],
)
def test_a_free_keys_minute_peak_asks_for_an_upgrade_only_together_with_429s(
    peak: int | None, throttled: int | None, word: str
) -> None:
    assert verdict(told(FREE, past(*[100] * 20), peak=peak, throttled=throttled)).verdict == word


def test_a_forecast_that_reaches_the_cap_asks_for_an_upgrade() -> None:
    wild = [300, 500, 790, 400] * 10
    near = cap(*wild, limit=800)
    assert near.likely
    said = verdict(told(FREE, past(*wild), expected=near))
    assert said.verdict == "upgrade"
    assert said.reasons == ("a day at the day cap: about 4 in 5 within 30 days",)
    assert verdict(told(FREE, past(*wild), expected=NotEnough("no"))).verdict == "stay"
    assert verdict(told(FREE, past(*wild), expected=cap(*wild, limit=1_500))).verdict == "stay"


def test_a_guess_asks_for_no_upgrade_but_to_be_watched() -> None:
    wild = [300, 500, 790, 400] * 5
    near = cap(*wild, limit=800)
    assert (near.guess, near.likely) == (True, True)
    said = verdict(told(FREE, past(*wild), expected=near))
    assert said.verdict == "borderline"
    assert said.reasons == ("a day at the day cap: about 9 in 10 within 30 days (a guess) from 20 days",)


def test_a_cap_reached_today_asks_for_an_upgrade_before_the_day_is_over() -> None:
    today = day(0, 1200, throttled=None)
    days = [*past(*[100] * 20), today]
    assert verdict(told(FREE, days)).verdict == "stay"
    assert verdict(told(FREE, days, expected=forecast(days, 1000))).verdict == "upgrade"


def test_the_reasons_and_figures_are_the_deciding_counts() -> None:
    said = verdict(told(FREE, past(*[900] * 3, *[1200] * 2, *[100] * 15), peak=10, throttled=42))
    assert said == TierVerdict(
        verdict="upgrade",
        tier="free",
        other="pro",
        days_near=5,
        days_over=2,
        full_days=20,
        minute_peak=10,
        minute_ratio=1.0,
        throttled=42,
        other_day_ratio=0.0012,
        other_minute_ratio=0.01,
        reasons=(
            "2 of 20 days at 100% of the day cap or more",
            "minute peak 100% of its limit, 42 requests refused",
        ),
        price_usd_month=299,
        source="tier table of the documentation's Rate limits page",
    )


def test_a_key_that_stays_says_how_near_it_came() -> None:
    assert verdict(told(FREE, past(*[100] * 19, 650))).reasons == ("busiest of 20 days: 650 of 1,000",)


def test_a_small_pro_key_could_be_a_free_one() -> None:
    said = verdict(told(PRO, past(*[800] * 28), peak=8))
    assert (said.verdict, said.tier, said.other) == ("could_downgrade", "pro", "free")
    assert (said.other_day_ratio, said.other_minute_ratio) == (0.8, 0.8)
    assert said.reasons == (
        "busiest of 28 days 80% of Free's day cap",
        "minute peak 80% of Free's limit",
        "no 429s, no path that needs Pro",
    )


@pytest.mark.parametrize(
    ("days", "but", "reason"),
    [
        (past(*[100] * 27), {}, "27 full days, a downgrade needs 28"),
        (past(*[100] * 27, 801), {}, "busiest day 80% of Free's day cap"),
        (past(*[100] * 28), {"peak": 9}, "minute peak 90% of Free's limit"),
        (past(*[100] * 28), {"peak": None}, "minute peak unknown"),
        (past(*[100] * 28), {"throttled": None}, "429s unknown"),
        (past(*[100] * 28), {"endpoints": None}, "paths called unknown"),
        (past(*[100] * 28), {"endpoints": (*FREE_PATHS, Text("/api/v1/iocs/stix"))}, "iocs/stix needs Pro"),
        (
            past(*[100] * 28),
            {"on_free": cap(*[200, 780] * 14, limit=1_000)},
            "a day at Free's day cap: about 2 in 3 within 30 days",
        ),
    ],
)
def test_a_pro_key_stays_for_each_thing_free_would_not_carry_or_nobody_told(
    days: list[Day], but: dict[str, object], reason: str
) -> None:
    said = verdict(told(PRO, days, **but))  # type: ignore[arg-type]
    assert said.verdict == "stay"
    assert len(said.reasons) == 1
    assert reason in said.reasons[0]


@pytest.mark.parametrize("path", PRO_PATHS)
@pytest.mark.parametrize(
    "form", ["{}", "{}/", "GET {}", "{}?format=json", "{}/api/collections/{{id}}/objects/"]
)
def test_every_documented_pro_path_keeps_a_key_on_pro_however_it_is_written(path: str, form: str) -> None:
    said = verdict(told(PRO, past(*[100] * 30), endpoints=(Text(form.format(path)),)))
    assert said.verdict == "stay"


def test_an_idle_pro_key_stays_as_the_price_is_the_accounts() -> None:
    said = verdict(told(PRO, past(50, *[0] * 28), peak=0))
    assert (said.verdict, said.reasons) == ("stay", ("no requests in the last 28 full days",))
    assert verdict(told(PRO, past(50, *[0] * 27), peak=0)).verdict == "could_downgrade"
    assert verdict(told(PRO, past(*[0] * 27), peak=0)).reasons == ("27 full days, a downgrade needs 28",)


@pytest.mark.parametrize(
    ("busiest", "peak", "throttled"), [(1_000_000, 1, 0), (800_000, 1, 0), (10, 800, 0), (10, 1, 3)]
)
def test_a_pro_key_near_its_limits_is_borderline_as_there_is_no_larger_tier(
    busiest: int, peak: int, throttled: int
) -> None:
    said = verdict(told(PRO, past(*[10] * 30, busiest), peak=peak, throttled=throttled))
    assert said.verdict == "borderline"
    assert said.reasons[-1] == "there is no larger tier"


def test_a_keys_own_limits_count_before_those_of_its_tier() -> None:
    days = past(*[900] * 30)
    assert verdict(told(FREE, days, limits=(10, 5_000))).verdict == "stay"
    assert verdict(told(FREE, days, limits=(10, 500))).verdict == "upgrade"
    assert verdict(told(PRO, past(*[100] * 30), limits=(1000, 100))).verdict == "borderline"


def test_a_free_key_whose_own_cap_is_as_large_as_pros_is_never_told_to_upgrade() -> None:
    said = verdict(told(FREE, past(*[2_000_000] * 10), limits=(10, 2_000_000)))
    assert (said.verdict, said.reasons[-1]) == ("borderline", "there is no larger tier")


def test_without_a_known_tier_limits_or_five_full_days_there_is_no_verdict() -> None:
    days = past(*[100] * 30)
    unknown = Budgets(Budget(None, None, 1), Budget(Limit(10, "key"), None, None), 1)
    answers = [
        told(replace(FREE, tier=None), days),
        told(replace(FREE, tier=Text("enterprise")), days),
        told(FREE, days, limits=(10, 0)),
        told(FREE, days, limits=(0, 1000)),
        tier_verdict(FREE, days, unknown, endpoints=None, forecast=None, window_days=90),
        told(FREE, past(1, 1, 1, 1)),
        told(FREE, past(1, 1, 1, 1, None, -4)),
        told(FREE, [*past(1, 1, 1, 1), day(0, 5000)]),
    ]
    assert [type(answer) for answer in answers] == [NotEnough] * len(answers)


_ORDER = ("could_downgrade", "stay", "borderline", "upgrade")


@given(st.lists(st.integers(0, 2000), min_size=5, max_size=95), st.integers(0, 12), st.integers(0, 3))
def test_more_requests_never_ask_for_a_smaller_tier(requests: list[int], peak: int, throttled: int) -> None:
    less = verdict(told(FREE, past(*requests), peak=peak, throttled=throttled))
    more = verdict(
        told(FREE, past(*(count + 300 for count in requests)), peak=peak + 1, throttled=throttled + 1)
    )
    assert _ORDER.index(more.verdict) >= _ORDER.index(less.verdict)
    assert less.reasons


@given(
    st.lists(st.none() | st.integers(-5, 10**12), max_size=95),
    st.none() | st.integers(0, 10**6),
    st.none() | st.integers(0, 10**6),
    st.sampled_from([FREE, PRO]),
)
def test_whatever_the_figures_are_a_verdict_has_its_reasons(
    requests: list[int | None], peak: int | None, throttled: int | None, key: ApiKey
) -> None:
    said = told(key, past(*requests), peak=peak, throttled=throttled)
    if isinstance(said, TierVerdict):
        assert said.reasons
        assert 0 <= said.days_over <= said.days_near <= said.full_days <= 90
        assert said.verdict != ("could_downgrade" if key is FREE else "upgrade")


def loop(days: list[Day]) -> Runaway:
    found = detect_runaway(days)
    assert isinstance(found, Runaway)
    return found


@pytest.mark.parametrize(
    ("key", "of", "after", "end"),
    [
        (FREE, "1,000", [], "stop the loop, stay"),
        (FREE, "1,000", [75, 75, 75], "it has stopped, stay"),
        (PRO, "1,000,000", [], "stop the loop, stay"),
    ],
)
def test_a_runaway_asks_for_no_larger_tier_and_its_loop_to_be_stopped(
    key: ApiKey, of: str, after: list[int], end: str
) -> None:
    days = past(*[75] * 40, *[7_000] * 3, *after)
    said = verdict(
        told(key, days, peak=1_000, throttled=9_000, runaway=loop(days), expected=forecast(days, 1000))
    )
    assert said.verdict == "stay"
    assert said.reasons == (f"without the runaway its usual is 75 of {of} a day: {end}",)
    assert (said.days_near, said.days_over, said.full_days) == (0, 0, 40 + len(after))


def test_a_runaway_of_a_key_that_is_near_its_cap_anyhow_is_borderline_never_an_upgrade() -> None:
    days = past(*[850] * 20, *[1_100] * 20, *[20_000] * 2)
    said = verdict(told(FREE, days, runaway=loop(days), beside_pro=True))
    assert said.verdict == "borderline"
    assert said.reasons[1] == "40 of 40 other days at 80% of the day cap or more"
    assert said.reasons[0].endswith(" of 1,000 a day: stop the loop")


@pytest.mark.parametrize("beside_pro", [True, False])
def test_an_upgrade_says_when_the_account_pays_for_pro_already(beside_pro: bool) -> None:
    said = verdict(told(FREE, past(*[1_200] * 30), beside_pro=beside_pro))
    assert said.verdict == "upgrade"
    minted = "the account already has Pro keys: making this key anew as one may cost nothing"
    assert (minted in said.reasons) is beside_pro
