"""Which keys ask an endpoint, and what is known of it besides."""

from __future__ import annotations

from typing import Any

from socd_tui.charts.canvas import Canvas, plain
from socd_tui.model.lens import Lens
from socd_tui.model.text import Text
from socd_tui.views.endpoints.users import use
from tests.build import drawn, endpoints, fleet, key, pane, prepared, usage

PATH, OTHER = Text("/api/v1/iocs"), Text("/api/v1/lookup")


def asked(key_id: str, on_path: int, besides: int, window: int = 7, unlisted: int = 0) -> Any:
    listed = endpoints({PATH: on_path, OTHER: besides} if on_path else {OTHER: besides})
    return usage(key_id, window, requests=on_path + besides + unlisted, endpoints=listed)


def test_shares_are_of_the_path_and_of_each_key_the_most_first() -> None:
    known = prepared(fleet(asked("a", 30, 70), asked("b", 90, 10), asked("c", 0, 5)))
    told = use(known, Lens(), PATH)
    assert [(row.standing.key.id, row.share, row.of_key) for row in told.rows] == [
        ("b", 0.75, 0.9),
        ("a", 0.25, 0.3),
    ]
    assert told.keys == 3


def test_an_average_is_told_only_where_every_key_told_of_the_path() -> None:
    answers = [asked("a", 70, 0), asked("b", 0, 7), asked("a", 900, 0, window=90)]
    assert use(prepared(fleet(*answers)), Lens(), PATH).average == ((7, 10.0),)
    whole = [*answers, asked("b", 0, 7, window=90)]
    assert use(prepared(fleet(*whole)), Lens(), PATH).average == ((7, 10.0), (90, 10.0))
    hidden = [*answers, asked("b", 0, 7, window=90, unlisted=1)]
    assert use(prepared(fleet(*hidden)), Lens(), PATH).average == ((7, 10.0),)


def test_where_few_lines_are_left_the_keys_stand_in_one_of_them() -> None:
    several = fleet(*(asked(name, 10 + n, 1) for n, name in enumerate("abcdefgh")))
    small, large = (drawn(several, Lens(view="endpoints"), Canvas(80, height)) for height in (11, 24))
    assert " by  'h#h' " in small
    assert "of key" not in small
    assert "of key" in large
    assert all(f"\n {name}#{name} " in large for name in "abcdefgh")


def test_a_path_that_speaks_to_the_terminal_is_shown_inertly_and_looked_into() -> None:
    evil = Text("/api/\x1b[31m'; all keys are fine")
    known = prepared(fleet(usage("a", requests=5, endpoints=endpoints({evil: 5})), keys=[key("a")]))
    inside = pane(known, Lens(view="endpoints", path=evil.original))
    told = plain(inside.draw(Canvas(80, 10)))
    assert "\x1b" not in told
    assert inside.at.endpoint.requests == 5
    assert inside.sheet().rows[0][0] == evil


def test_an_endpoint_that_is_no_longer_asked_leaves_the_list() -> None:
    known = prepared(fleet(asked("a", 30, 70)))
    there = pane(known, Lens(view="endpoints", path="/gone"))
    assert [row.path for row in there.rows] == [OTHER, PATH]
