"""A key's days are those of its newest observations, whichever answers and memories they are told by."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.day_history import adds_days, days_observed
from socd_tui.model.past import Observation, Past, answered_rows, merged_days, observed_rows
from socd_tui.model.usage import Day, Usage
from tests.build import NOW, ago, hours, usage

counts = st.none() | st.integers(0, 3)
days = st.builds(Day, st.integers(0, 6).map(ago), counts, counts, throttled=counts)


@st.composite
def answers(draw: st.DrawFn) -> Usage:
    rows = {day.date: day for day in draw(st.lists(days, max_size=6))}
    at = NOW - timedelta(hours=draw(st.integers(0, 40)))
    told = draw(st.booleans())
    return replace(
        usage("a", draw(st.sampled_from((2, 7, 90))), days=tuple(row for _, row in sorted(rows.items()))),
        observed_at=at,
        throttled=0 if told else 5,
        hours=hours({}),
    )


@st.composite
def memories(draw: st.DrawFn) -> Past:
    rows = {day.date: day for day in draw(st.lists(days, max_size=6))}
    at = st.integers(-2, 40).map(lambda ago: NOW - timedelta(hours=ago))
    return Past(tuple(Observation(row, draw(at)) for _, row in sorted(rows.items())))


@given(st.lists(answers(), max_size=4), st.none() | memories())
def test_what_is_left_out_as_older_would_add_nothing(told: list[Usage], past: Past | None) -> None:
    everything = [*observed_rows(past.days if past else ())]
    everything += [row for usage in told for row in answered_rows(usage)]
    assert days_observed(told, past) == merged_days(everything)
    if past and not adds_days(past, told):
        assert days_observed(told, past) == days_observed(told, None)
