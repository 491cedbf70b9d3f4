"""The name that somebody meant."""

from __future__ import annotations

import pytest

from socd_tui.model.nearest import nearest, nearest_name

VIEWS = ("overview", "series", "endpoints", "status", "heatmap", "budget", "key", "bill", "Over")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("overveiw", "overview"),
        ("BUDGET", "budget"),
        ("end", "endpoints"),
        (" statsu ", "status"),
        ("over", "Over"),
        ("qqqq", None),
        ("", None),
        ("x" * 10_000, None),
    ],
)
def test_what_is_most_like_it_whatever_the_case(typed: str, meant: str | None) -> None:
    assert nearest_name(typed, VIEWS) == meant
    assert nearest(typed, VIEWS) == (f"The nearest is '{meant}'." if meant else "")


def test_among_very_many_names_only_some_are_looked_at() -> None:
    assert nearest_name("name-1", (f"name-{number}" for number in range(10**5))) == "name-1"
