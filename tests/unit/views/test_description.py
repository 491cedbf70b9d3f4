"""What is said of each kind of finding, in every form, in the JSON document, and where it leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest

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
from socd_tui.analysis.triage import Culprit, Pattern, Since
from socd_tui.charts.canvas import plain
from socd_tui.model.lens import Lens
from socd_tui.model.text import Text, cell_width
from socd_tui.model.window import Window
from socd_tui.views.parts.description import FORMS, describe
from socd_tui.views.parts.findings import announced, finding_data, finding_read_out, look_at, sentence
from tests.build import bands, key, prepared
from tests.fleets import whole

KEY = key("sync", key_id="k", prefix="sk_live_aaaa", tier="free")
REVOKED = replace(KEY, revoked_at=datetime(2026, 11, 21, tzinfo=UTC))
FIRST, LAST = date(2026, 11, 19), date(2026, 11, 21)
WEEK = Window.ending(date(2026, 11, 22), 7)
RUNAWAY = Runaway(since=FIRST, days=3, usual=50.0, now=6692.4, compared=40, until=LAST, ongoing=True)
SINCE = Since(FIRST, or_before=False)
LONG = Since(FIRST, or_before=True)
FORECAST = Forecast(
    outcome="between",
    reached=None,
    limit=1000,
    horizon=30,
    bands=bands(1, 2, 3),
    chance=0.62,
    model="median of 9 days",
    full_days=9,
    looked_back=lambda: (12, 14),
)

CASES: list[tuple[Finding, list[tuple[str, ...]], dict[str, object]]] = [
    (
        RunningAway(key=KEY, runaway=RUNAWAY, culprit=Culprit(Text("/api/v1/iocs"), 0.987654), window=WEEK),
        [
            ("runs away: 6,692 req/day since Thu 19 Nov (134x usual)", "98.8% on /api/v1/iocs"),
            ("6,692 req/day since 19 Nov, 134x usual", "99% /api/v1/iocs"),
            ("134x usual since 19 Nov", "99% /api/v1/iocs"),
        ],
        {
            "kind": "runaway",
            "since": "2026-11-19",
            "view": "series",
            "requests_per_day": 6692.4,
            "usual_per_day": 50.0,
            "compared_days": 40,
            "endpoint": "/api/v1/iocs",
            "endpoint_share": 0.9877,
        },
    ),
    (
        Capped(key=KEY, limit=1000, newest=LAST, since=LONG),
        [
            ("reached its 1,000 requests a day since Thu 19 Nov or before",),
            ("reached its 1,000 requests a day since 19 Nov or before",),
            ("at 1,000/day since ≤19 Nov",),
        ],
        {"kind": "capped", "since": "2026-11-19", "or_before": True, "on": "2026-11-21", "view": "budget"},
    ),
    (
        Throttled(
            key=KEY,
            requests=1234,
            share=0.24,
            window=WEEK,
            since=SINCE,
            pattern=Pattern(hit=14, lived=159, hours=(2, 14)),
        ),
        [
            (
                "throttled daily at 02:00, 14:00 UTC since Thu 19 Nov: 24.0% refused (429)",
                "1,234 in 7 d",
            ),
            ("429s since 19 Nov: 24.0% refused", "1,234 in 7 d"),
            ("24.0% 429 since 19 Nov", "1,234 in 7 d"),
        ],
        {
            "kind": "throttled",
            "since": "2026-11-19",
            "view": "heatmap",
            "hours_hit": 14,
            "hours": 159,
            "every_hour": False,
            "share": 0.24,
            "requests": 1234,
        },
    ),
    (
        ErrorsRising(
            key=KEY,
            rise=Rise(since=FIRST, days=3, usual=0.021, now=0.086, requests=900, compared=28),
            codes=(500, 503),
        ),
        [
            ("errors rose from 2.1% to 8.6% since Thu 19 Nov", "mostly 500, 503"),
            ("errors 2.1% to 8.6% since 19 Nov", "mostly 500, 503"),
            ("8.6% fail since 19 Nov", "mostly 500, 503"),
        ],
        {
            "kind": "rise",
            "since": "2026-11-19",
            "view": "status",
            "error_ratio": 0.086,
            "usual_error_ratio": 0.021,
            "compared_days": 28,
            "codes": [500, 503],
        },
    ),
    (
        NearingCap(key=KEY, forecast=FORECAST),
        [
            *[
                (
                    "may reach its 1,000 requests a day: about 3 in 5 within 30 days (a guess)",
                    "12 of 14 past forecasts inside",
                )
            ]
            * 2,
            ("cap about 3 in 5 within 30 days (a guess)", "12 of 14 past forecasts inside"),
        ],
        {"kind": "heading", "on": None, "view": "budget", "chance": 0.62, "horizon_days": 30},
    ),
    (
        Burst(key=KEY, runaway=RUNAWAY, window=None),
        [
            ("ran away: 6,692 req/day since Thu 19 Nov to Sat 21 Nov (134x usual)",),
            ("6,692 req/day since 19 Nov to 21 Nov, 134x usual",),
            ("134x usual to 21 Nov",),
        ],
        {
            "kind": "burst",
            "since": "2026-11-19",
            "on": "2026-11-21",
            "view": "series",
            "requests_per_day": 6692.4,
            "usual_per_day": 50.0,
            "compared_days": 40,
        },
    ),
    (
        EndedInUse(key=KEY, ended=LAST, requests=70, codes=(401,)),
        [
            ("expired on Sat 21 Nov, yet asked 70 times in 7 d",),
            ("expired on 21 Nov, yet asked 70 times in 7 d",),
            ("expired 21 Nov, 70 req",),
        ],
        {"kind": "ended", "on": "2026-11-21", "view": "status", "codes": [401], "requests": 70},
    ),
    (
        Expiring(key=KEY, expires=LAST, left=timedelta(days=2), requests=300, window=WEEK),
        [
            ("expires on Sat 21 Nov", "300 req in 7 d"),
            ("expires on 21 Nov", "300 req in 7 d"),
            ("expires on 21 Nov", "300 req in 7 d"),
        ],
        {"kind": "expiring", "on": "2026-11-21", "view": "series"},
    ),
    (
        Failing(key=KEY, requests=400, share=0.4, since=LONG, codes=(404, 400)),
        [
            ("40.0% of its requests fail since Thu 19 Nov or before", "mostly 404, 400"),
            ("40.0% of its requests fail since 19 Nov or before", "mostly 404, 400"),
            ("40.0% fail since ≤19 Nov", "mostly 404, 400"),
        ],
        {
            "kind": "failing",
            "since": "2026-11-19",
            "or_before": True,
            "view": "status",
            "codes": [404, 400],
            "share": 0.4,
            "requests": 400,
        },
    ),
    (
        UsualBurst(key=KEY, habit=Habit(run=RUNAWAY, earlier=4), window=None),
        [
            ("6,692 req/day since Thu 19 Nov, as on 4 earlier days (134x usual)",),
            ("6,692 req/day since 19 Nov, as on 4 earlier days, 134x usual",),
            ("134x usual since 19 Nov",),
        ],
        {
            "kind": "habit",
            "since": "2026-11-19",
            "view": "series",
            "requests_per_day": 6692.4,
            "usual_per_day": 50.0,
            "compared_days": 40,
            "earlier_days": 4,
        },
    ),
]
"""One of each kind, worst first: its clauses in each form, and what its JSON has besides what all have."""

each_kind = pytest.mark.parametrize(
    ("finding", "forms", "data"), [pytest.param(*case, id=case[0].kind) for case in CASES]
)


def test_every_kind_has_its_case_and_its_rank() -> None:
    assert tuple(type(finding) for finding, *_ in CASES) == get_args(Finding)


@each_kind
def test_the_clauses_of_each_form(
    finding: Finding, forms: list[tuple[str, ...]], data: dict[str, object]
) -> None:
    assert [describe(finding, form).clauses for form in FORMS] == forms
    assert sentence(finding) == f"'sync#aaaa' {'; '.join(forms[0])}."


@each_kind
def test_the_json_of_each_kind(
    finding: Finding, forms: list[tuple[str, ...]], data: dict[str, object]
) -> None:
    common = {"key_id": "k", "since": None, "or_before": False, "on": None, "sentence": sentence(finding)}
    assert finding_data(finding) == common | data


def test_a_runaway_opens_on_its_first_day_in_a_window_that_holds_it() -> None:
    finding, *_ = CASES[0]
    assert look_at(Lens(days=1, marked=frozenset("x")), finding) == Lens(
        view="series", days=7, focus="k", date=FIRST
    )
    assert look_at(Lens(days=30), finding).days == 30


def test_what_fails_opens_on_its_first_code_and_what_has_none_only_on_its_key() -> None:
    rows = {finding.kind: look_at(Lens(days=14), finding).rows for finding, *_ in CASES}
    assert {kind: row for kind, row in rows.items() if row} == {
        "rise": {"status": "500"},
        "ended": {"status": "401"},
        "failing": {"status": "404"},
    }
    assert look_at(Lens(days=14), CASES[1][0]) == Lens(view="budget", days=14, focus="k")


def test_what_is_not_known_is_left_out_of_the_sentence() -> None:
    bare: list[Finding] = [
        RunningAway(key=KEY, runaway=RUNAWAY, culprit=None, window=None),
        Throttled(key=KEY, requests=40, share=0.02, window=WEEK, since=None, pattern=None),
        EndedInUse(key=REVOKED, ended=LAST, requests=7, codes=()),
        Expiring(key=KEY, expires=LAST, left=timedelta(days=2), requests=None, window=WEEK),
    ]
    assert [sentence(finding) for finding in bare] == [
        "'sync#aaaa' runs away: 6,692 req/day since Thu 19 Nov (134x usual).",
        "'sync#aaaa' throttled: 2.0% refused (429); 40 in 7 d.",
        "'sync#aaaa' revoked on Sat 21 Nov, yet asked 7 times in 7 d.",
        "'sync#aaaa' expires on Sat 21 Nov.",
    ]
    assert look_at(Lens(), bare[0]).date is None


def test_a_key_that_ended_more_than_eleven_months_ago_is_told_with_the_year() -> None:
    found = EndedInUse(key=KEY, ended=date(2024, 11, 21), requests=1, codes=(), today=LAST)
    for form, said in (
        ("full", "on Thu 21 Nov 2024, yet asked 1 time in 7 d"),
        ("terse", "expired 21 Nov 2024, 1 req"),
    ):
        assert said in describe(found, form).clauses[0]  # type: ignore[arg-type]


def test_what_has_come_up_is_one_sentence_however_much_it_is() -> None:
    found = prepared(whole(), Lens(days=30)).findings(whole().keys).worst_first
    assert announced([]) == ""
    assert announced(found[:1]) == f"New: {sentence(found[0])}"
    assert announced(found[:2]).startswith("2 new findings: 'threat-notebook#2zBT' running away, 'MISP sync")
    assert announced(found).startswith(f"{len(found)} new findings: ")
    assert announced(found).endswith(f", {len(found) - 3} more.")


def test_what_a_refresh_added_stands_beside_a_finding_wherever_a_form_of_it_leaves_room() -> None:
    for found in prepared(whole(), Lens(days=30)).findings(whole().keys).worst_first:
        for width in range(40, 201):
            usual, more = (
                plain([finding_read_out(found, width, added)]) for added in ("", "+41 since 14:20")
            )
            assert cell_width(more) <= width, width
            assert "+41 since 14:20" in more or more == usual, width
            assert width < 66 or "+41 since 14:20" in more, width
