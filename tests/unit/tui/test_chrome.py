"""The lines around the panes, at every width they are made for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import line_width, plain
from socd_tui.model.lens import Lens
from socd_tui.model.session import Secret, Session
from socd_tui.model.text import Text
from socd_tui.tui import chrome
from socd_tui.tui.goto import KIND
from socd_tui.tui.keymap import caption, keymap
from socd_tui.views import registry
from tests import fleets
from tests.build import prepared

WIDTHS = range(40, 201)
AGES = {0: "now", 1: "1 min", 59: "59 min", 60: "1 h", 60 * 24 * 90: "90 d"}
"""Minutes since the answers came, and how the header says it."""


@given(
    width=st.sampled_from(WIDTHS),
    theirs=st.dictionaries(
        st.sampled_from([key.id for key in keymap()]), st.sampled_from(["x", "ctrl+shift+f12", "f5,f6"])
    ),
    eager=st.booleans(),
)
def test_the_footer_has_at_most_eight_hints_and_help_is_always_among_them(
    width: int, theirs: dict[str, str], eager: bool
) -> None:
    keys = [replace(key, hint=key.hint or key.id) if eager else key for key in keymap(theirs)]
    line = chrome.footer(keys, width)
    hints = [span.text.strip() for span in line if span.role == "accent"]
    assert len(hints) <= 8
    assert hints[-1] == next(caption(key).split(" ")[0] for key in keys if key.id == "help")
    assert line[-1].text == " help"
    assert line_width(line) <= width


def test_old_figures_carry_their_date_and_are_called_stale() -> None:
    seen = prepared(fleets.demo(), Lens(days=30))
    for hours, said in ((0.5, "as of 14:20 UTC (30 min)"), (5, "as of 14:20 UTC (stale, 5 h)")):
        line = chrome.header(seen, Lens(days=30), None, fleets.NOW + timedelta(hours=hours), 120)
        assert said in plain([line])
    old = chrome.header(seen, Lens(days=30), None, fleets.NOW + timedelta(days=3), 120)
    assert "as of Sun 22 Nov 14:20 UTC (stale, 3 d)" in plain([old])


@cache
def of_keys_called(name: str) -> Known:
    """The demo, all of whose keys have this name, or their own."""
    keys = tuple(replace(key, name=Text(name)) if name else key for key in fleets.demo().keys)
    return prepared(replace(fleets.demo(), keys=keys), Lens(days=30))


@given(
    width=st.sampled_from(WIDTHS),
    view=st.sampled_from([each.name for each in registry.views()]),
    at=st.integers(-1, 9),
    name=st.sampled_from(["", fleets.LONG_NAME, fleets.WIDE_NAME]),
    minutes=st.sampled_from(sorted(AGES)),
    left=st.sampled_from([None, -1, 0, 3, 600]),
    soon=st.booleans(),
    profile=st.sampled_from(["", "work", "a-long-name-of-an-account"]),
)
def test_the_header_says_whose_figures_they_are_and_how_old_at_every_width(
    width: int, view: str, at: int, name: str, minutes: int, left: int | None, soon: bool, profile: str
) -> None:
    known = of_keys_called(name)
    fleet, keys = known.fleet, known.fleet.keys
    now = fleets.NOW + timedelta(minutes=minutes)
    session = None
    if left is not None:
        session = Session(Secret("x"), fleet.base_url, now + timedelta(minutes=left), "environment")
    lens = Lens(view=view, days=30, focus=keys[at].id if at >= 0 else None)
    due = now + timedelta(seconds=60) if soon else None
    line = chrome.header(known, lens, session, now, width, due, profile=profile)
    told = plain([line])
    assert told.startswith((f" {profile[:11]}", f" socd-tui  {profile[:11]}"))
    assert not profile or told.count(profile[:11]) == 1
    assert line_width(line) <= width
    one = at >= 0 and registry.view(view).scope == "subject"
    assert (f"#{keys[at].prefix.shown[-4:]}" if one else "all 10 keys") in told
    assert not one or keys[at].name.shown[:4] in told
    unanswered = one and fleet.usage(keys[at].id, 30) is None
    assert ("no data yet" if unanswered else AGES[minutes]) in told


@pytest.mark.parametrize(
    ("ahead", "told"),
    [
        (timedelta(hours=3, minutes=1), "clock 3 h ahead"),
        (timedelta(hours=-3, minutes=1), "clock 2 h behind"),
        (timedelta(minutes=5), ""),
    ],
)
def test_the_header_says_when_this_machines_clock_is_off(ahead: timedelta, told: str) -> None:
    known = prepared(replace(fleets.demo(), clock_ahead=ahead))
    for width in range(80, 201):
        line = plain([chrome.header(known, Lens(), None, fleets.NOW, width)])
        assert (told in line) if told else "clock" not in line


def test_the_next_refresh_is_counted_down_and_a_long_wait_told_in_its_largest_unit() -> None:
    def told(seconds: int) -> str:
        at = fleets.NOW + timedelta(seconds=seconds)
        return plain([chrome.header(prepared(fleets.demo(), Lens()), Lens(), None, fleets.NOW, 120, at)])

    assert "next in 120 s" in told(120)
    assert "next in 8 h" in told(29_241)


def test_while_live_the_header_says_how_often_and_a_longer_wait_beside() -> None:
    def told(next_s: int | None, every_s: int) -> str:
        at = fleets.NOW + timedelta(seconds=next_s) if next_s is not None else None
        known, every = prepared(fleets.demo(), Lens()), timedelta(seconds=every_s)
        return plain([chrome.header(known, Lens(), None, fleets.NOW, 140, at, every)])

    assert "● live 60 s" in told(42, 60)
    assert "● live 60 s" in told(None, 60)
    assert "next in" not in told(42, 60)
    assert "● live  next in 400 s" in told(400, 60)
    assert "● live 20 min" in told(1, 1200)


def test_while_nobody_looks_the_header_says_paused_and_neither_how_often_nor_when() -> None:
    at, every = fleets.NOW + timedelta(seconds=400), timedelta(seconds=60)
    known = prepared(fleets.demo(), Lens())
    line = plain([chrome.header(known, Lens(), None, fleets.NOW, 140, at, every, paused=True)])
    assert "○ paused" in line
    assert "live" not in line
    assert "next in" not in line
    asked = chrome.header(known, Lens(), None, fleets.NOW, 140, None, None, paused=True)
    assert "paused" not in plain([asked])


def test_what_a_key_does_is_told_whole_where_80_columns_are_gone_to() -> None:
    for key in keymap():
        assert KIND + len(key.words) + len(f"   key {caption(key)}") <= 80, key.words
