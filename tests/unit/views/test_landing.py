"""Where the program opens: who, since when and how much come first, at every size and without colour."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from socd_tui.analysis.known import Known
from socd_tui.analysis.situation import Rate
from socd_tui.charts.canvas import Canvas, Line, plain
from socd_tui.charts.glyphs import ASCII, FULL, Glyphs
from socd_tui.model.lens import Lens, Sort
from socd_tui.model.target import EnterTarget, FindingTarget, KeyTarget, QuietTarget
from socd_tui.views.frame.scene import Built, composed
from socd_tui.views.registry import view
from tests.build import fleet as account_of
from tests.build import painted, pane, prepared, usage
from tests.fleets import looked_at

SIZES = (
    *((200, 50), (160, 45), (120, 36), (110, 32), (80, 24)),
    *((80, 20), (70, 30), (60, 20), (40, 12), (40, 8)),
)
each_size = pytest.mark.parametrize("size", SIZES)


@cache
def landed(fleet: str = "flat") -> tuple[Known, Built]:
    """The overview as it opens."""
    known, lens = looked_at(fleet)
    return known, composed(known, lens, [view("overview")]).built[0]


def lines(width: int, height: int, glyphs: Glyphs = FULL, fleet: str = "flat") -> list[Line]:
    known, built = landed(fleet)
    return painted(built.pane, known, built.lens, Canvas(width, height, glyphs))


def text(width: int, height: int, glyphs: Glyphs = FULL, fleet: str = "flat") -> list[str]:
    return plain(lines(width, height, glyphs, fleet)).split("\n")


@pytest.mark.parametrize("glyphs", [FULL, ASCII], ids=["full", "ascii"])
@each_size
def test_the_first_six_lines_tell_who_since_when_and_how_much(size: tuple[int, int], glyphs: Glyphs) -> None:
    told = "\n".join(text(*size, glyphs)[:6])
    [worst] = [line for line in told.split("\n") if line[1:3] == "!!" and "threat" in line]
    assert "since 19 Nov" in worst or "since Thu 19 Nov" in worst
    assert "133x usual" in worst
    assert worst[0] == glyphs.pointer


@each_size
def test_every_finding_has_a_line_or_is_counted_in_one(size: tuple[int, int]) -> None:
    shown = text(*size)
    grave = [line for line in shown if line[1:4] in ("!! ", "!  ")]
    counted = [int(found[1]) for line in grave if (found := re.match(r".!. +(\d+) more", line))]
    assert len(grave) - len(counted) + sum(counted) == 6


def test_what_is_beyond_the_room_is_told_by_kind_and_on_which_side() -> None:
    known, built = landed()
    at = known.findings(known.fleet.keys).worst_first[3]
    lens = built.lens.at(FindingTarget(at.kind, at.key.id))
    told = plain(painted(pane(known, lens), known, lens, Canvas(80, 18)))
    assert re.search(r"!! [1-9] more \(\d above, \d below\): 1 ", told)


@each_size
def test_a_wider_and_higher_screen_shows_what_a_smaller_one_does_and_more(size: tuple[int, int]) -> None:
    def facts(lines: list[str]) -> set[str]:
        return set(re.findall(r"\d[\d,.]*%|\d{1,3}(?:,\d{3})+", "\n".join(lines)))

    largest = facts(text(*SIZES[0]))
    assert {each for each in facts(text(*size)) if "," in each} <= largest
    assert len(facts(text(*size))) <= len(largest)


def test_quiet_keys_share_a_row_where_there_is_no_room_which_opens_under_the_cursor() -> None:
    known, built = landed()
    small = Canvas(80, 20)
    folded = [line for line in text(80, 20) if "quiet" in line]
    assert folded == [" 2 quiet: 'dev sandbox#0o4z', 'idle-lab'; 1 not found"]
    assert " idle-lab " in "\n".join(text(80, 40))
    on = built.lens.at(QuietTarget())
    there = pane(known, on)
    assert there.cursor == QuietTarget()
    inside = there.enter(on)
    assert isinstance(pane(known, inside).cursor, KeyTarget)
    shown = plain(painted(pane(known, inside), known, inside, small))
    assert "▸dev sandbox#0o4z" in shown


@pytest.mark.parametrize(
    "chosen", [{"filters": {"overview": "requests>=0"}}, {"sorts": {"overview": Sort("requests")}}]
)
def test_rows_that_a_person_chose_are_never_folded(chosen: dict[str, object]) -> None:
    known, lens = looked_at("flat")
    narrowed = replace(lens, **chosen)  # type: ignore[arg-type]  # fields of a Lens
    assert pane(known, narrowed).quiet == ()


def test_files_keep_the_services_order() -> None:
    known, built = landed()
    data: Any = built.pane.json()
    assert [row["key_id"] for row in data["rows"]] == [key.id for key in known.fleet.keys]


def test_the_number_of_a_finding_is_a_link_that_does_what_enter_does() -> None:
    known, built = landed()
    links = [span for line in lines(80, 24) for span in line if isinstance(span.target, EnterTarget)]
    [number] = [span for span in links if span.text.strip() == "5"]
    assert number.role == "accent"
    there = built.entered(known, built.lens.at(number.target.at))  # type: ignore[union-attr]
    assert there.view == "heatmap"


def test_unknown_stays_unknown_in_the_answers() -> None:
    told = "\n".join(text(80, 24, fleet="all_unknown")[:3])
    assert told.count("unknown") == 5
    assert "not enough data" in told
    assert "usual" not in told


@pytest.mark.parametrize(
    ("count", "usual", "trend"),
    [(100, 0.10, "usual"), (200, 0.10, "up"), (20, 0.10, "down"), (3, 0.001, "usual"), (100, None, None)],
)
def test_a_share_is_called_up_or_usual_only_where_there_is_evidence(
    count: int, usual: float | None, trend: str | None
) -> None:
    assert Rate(count=count, requests=1000, usual=usual).trend == trend


def test_a_lens_on_the_quiet_row_leaves_it_with_the_next_key() -> None:
    lens = Lens().at(QuietTarget())
    assert (lens.shared, lens.focus) == (QuietTarget(), None)
    assert lens.at(KeyTarget("a")).shared is None


def test_many_small_keys_that_make_much_together_are_not_quiet() -> None:
    small = [usage(f"k{n}", requests=10) for n in range(300)]
    smallest = [usage(f"z{n}", requests=0 if n else 1) for n in range(5)]
    account = prepared(account_of(usage("large", requests=1000), *small, *smallest))
    built = pane(account, Lens(view="overview"))
    told = {row.standing.key.id for row in built.quiet}
    assert {f"z{n}" for n in range(5)} < told
    assert sum(row.standing.requests or 0 for row in built.quiet) < 0.01 * 4_001
