"""How likely a limit is reached: what the chance of written-down keys is, and which days decide it."""

from __future__ import annotations

import pytest

from socd_tui.analysis.chance import Ahead, chance_to_reach

WEEK = [500, 510, 490, 505, 495, 60, 50]
GROWING = [round(count * (1 + week * 0.03)) for week in range(14) for count in WEEK]
RARE = [0, 0, 0, 0, 0, 400, 900, 200, 100, 300, 700]


@pytest.mark.parametrize(
    ("limit", "counts", "ahead", "chance"),
    [
        (700, WEEK * 8, [(500, 560)] * 30, 0.19526786),
        (700, WEEK * 2, [(500, 560)] * 7, 0.14447779),
        (560, [100] * 5, [(100, 100)] * 30, 0.08197502),
        (1_000, GROWING, [(700, 800), (720, 1_000)] * 15, 0.37287342),
        (1_000, RARE, [(300, 950)], 0.09731615),
        (50, [900] * 20, [(0, 0), (0, 60)], 0.40908980),
    ],
)
def test_the_chance_of_these_keys_is_what_it_was_when_its_constants_were_chosen(
    limit: int, counts: list[int], ahead: list[Ahead], chance: float
) -> None:
    """Whoever changes a constant or a formula measures again on real days, and then writes these anew."""
    assert chance_to_reach(limit, counts, ahead) == pytest.approx(chance, rel=1e-7)


def test_weeks_older_than_twelve_do_not_count() -> None:
    newest, ahead = (WEEK * 13)[: 7 * 12], [(500.0, 560.0)] * 30
    assert chance_to_reach(700, [9_000] * 70 + newest, ahead) == chance_to_reach(700, newest, ahead)
    assert chance_to_reach(700, [9_000] * 7 + newest[7:], ahead) > chance_to_reach(700, newest, ahead)


def test_the_days_before_the_oldest_whole_week_do_not_count_unless_there_is_none() -> None:
    ahead = [(500.0, 560.0)] * 30
    assert chance_to_reach(700, [9_000] * 6 + WEEK, ahead) == chance_to_reach(700, WEEK, ahead)
    assert chance_to_reach(700, [9_000, 10], ahead) > chance_to_reach(700, [500, 10], ahead)


def test_days_that_are_certain_reach_what_they_ask_for_and_no_more() -> None:
    for limit, surely in ((499, True), (500, True), (501, False)):
        certain = chance_to_reach(limit, WEEK * 8, [(500, 500)])
        vague = chance_to_reach(limit, WEEK * 8, [(500, 560)])
        assert (certain > vague) == surely
