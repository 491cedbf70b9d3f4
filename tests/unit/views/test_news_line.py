"""The first line after a pause: how much is new and gone since when, and of whom as far as there is room."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from socd_tui.analysis.known import Known
from socd_tui.analysis.news import KINDS, news, seen
from socd_tui.charts.canvas import Line, line_width, plain
from socd_tui.model.lens import Lens
from socd_tui.model.target import ActionTarget, EnterTarget
from socd_tui.model.visit import Standing, Visit
from socd_tui.views.overview.news import news_line
from tests.build import pane, prepared
from tests.fleets import NOW, whole

WIDTHS = range(40, 201)


@cache
def known(**stood: frozenset[str]) -> Known:
    """The demo after a visit at which every key had these, and no other findings."""
    now = prepared(replace(whole(), observed_at=NOW), Lens(days=30))
    made = seen(now)
    assert made is not None
    keys = {key_id: Standing(stood.get("each", frozenset())) for key_id in made.keys}
    return replace(now, visit=Visit(at=NOW - timedelta(days=3), kinds=frozenset(KINDS), keys=keys))


def line(width: int, days: int = 3, **stood: frozenset[str]) -> Line:
    now = known(**stood)
    assert now.visit is not None
    since = replace(now.visit, at=NOW - timedelta(days=days))
    return news_line(news(now, since, now.fleet.keys), width, NOW)


@pytest.mark.parametrize("width", WIDTHS)
def test_it_begins_with_when_and_how_much_at_every_width_and_never_cuts_a_name_open(width: int) -> None:
    drawn = line(width, each=frozenset({"heading"}))
    text = plain([drawn])
    assert text.startswith(" since Thu 19 Nov: 6 new, 6 gone")
    assert line_width(drawn) <= width
    assert text.count("'") % 2 == 0


def test_it_names_as_many_as_there_is_room_for_and_counts_the_others() -> None:
    wide, narrow = plain([line(200)]), plain([line(90)])
    assert "'threat-notebook#2zBT' running away, " in wide
    assert ", 2 more" in wide
    assert "'threat-notebook#2zBT' running away, 5 more" in narrow


def test_of_what_is_gone_the_words_stand_behind_the_name() -> None:
    assert "; gone '" in plain([line(400, each=frozenset({"heading"}))])
    assert "' nearing the cap" in plain([line(400, each=frozenset({"heading"}))])


def test_a_visit_of_today_is_told_by_its_hour_and_one_of_long_ago_with_its_year() -> None:
    assert plain([line(80, days=0)]).startswith(" since 14:20 UTC: 6 new")
    assert plain([line(80, days=400)]).startswith(" since Sat 18 Oct 2025: 6 new")


def test_names_lead_to_what_they_speak_of_and_esc_takes_the_line_away() -> None:
    drawn = line(120)
    links = [span for span in drawn if isinstance(span.target, EnterTarget)]
    assert links[0].text == "'threat-notebook#2zBT'"
    assert {span.role for span in links} == {"accent"}
    assert drawn[-1].target == ActionTarget("back")


def test_it_is_there_until_somebody_has_taken_note_of_it() -> None:
    now, lens = known(), Lens(days=30)
    first = pane(now, lens)
    assert first.news is not None
    noted = first.noted(lens)
    assert pane(now, noted).news is None
    assert pane(now, noted).noted(noted) is None
    again = replace(now, visit=replace(now.visit, at=NOW - timedelta(days=1)))  # type: ignore[type-var]
    assert pane(again, noted).news is not None


def test_without_an_earlier_visit_or_news_there_is_no_line() -> None:
    now = known()
    assert pane(replace(now, visit=None), Lens(days=30)).news is None
    assert pane(replace(now, visit=seen(now)), Lens(days=30)).news is None


def test_only_keys_in_the_picture_are_told_of() -> None:
    now = known()
    only = Lens(days=30, only=(now.fleet.keys[0].id,))
    assert pane(now, only).news is None


def test_the_json_document_has_the_news() -> None:
    now = known(each=frozenset({"heading"}))
    data = pane(now, Lens(days=30)).json()["news"]
    assert data["since"] == "2026-11-19T14:20:00Z"
    assert len(data["new"]) == 6
    assert set(data["gone"][0]) == {"kind", "key_id"}
    assert "news" not in pane(replace(now, visit=None), Lens(days=30)).json()
