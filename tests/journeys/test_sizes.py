"""From size to size of terminals nothing is lost: what a screen tells, the next larger one tells as well.

What is compared, over all panes of a screen, with the cursor where the program opens:

- every figure with what it is of: a key (in tables, findings and lines that lead to it), else the row of
  another table, else the screen as a whole; a rounded figure may become the exact one ("19.9k", "19,919")
- every word of tables, findings and sentences, of the same; an abbreviated one may become the whole one
- every finding

Not compared is how much is hidden ("rows 1-5 of 10", "+3 more"), as that is to change, nor the scale of an
axis.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from socd_tui.charts.canvas import Line, Span
from socd_tui.model.target import (
    FindingTarget,
    KeyTarget,
    QuietTarget,
    RowTarget,
    SortTarget,
    Target,
    ViewTarget,
)
from socd_tui.service.demo import DemoServer
from socd_tui.views.frame.scene import composed
from socd_tui.views.registry import view, views
from tests.clock import Clock
from tests.journeys.stage import Person, visit

pytestmark = pytest.mark.anyio

LADDER = ((40, 12), (60, 20), (80, 24), (120, 36), (160, 45), (200, 50))
TOKEN = re.compile(r"[+-]?\$?\d[\d,]*(?:\.\d+)?(?:[kMGT]\b|%|x\b)?|[A-Za-z]{4,}|/[a-z][\w/{}-]+")
HIDDEN = re.compile(
    r"\S*…\S*|#\w{4}\b|rows \d+–\d+ of \d+|\+\d+ \w*|no room for.*|\d+ more.*|\(?\+\d+\b(?![,.%\d]).*"
)
AXIS = re.compile(r"^.*[┤┼]|└.*|^ UTC  .*")
MULTIPLES = {"k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


class Fact(NamedTuple):
    """A figure or a word, and what it is of; empty for the screen as a whole."""

    of: str
    said: str


def seen(person: Person) -> dict[str, Sequence[Line]]:
    """What the panes show, with what each part of it leads to."""
    state = person.app.live.state
    plan = person.app.desk.plan(state.known, state.lens)
    drawn = plan.drawn(state.known, state.lens, composed(state.known, state.lens, [view(state.lens.view)]))
    header = [(Span(person.lines[0]),)]
    return {"header": header, **{place: lines for place, lines in drawn.lines.items() if "-" not in place}}


def facts(places: dict[str, Sequence[Line]]) -> set[Fact]:
    """Everything that is told, each with what it is of."""
    return {fact for lines in places.values() for fact in of_pane(lines)}


def of_pane(lines: Sequence[Line]) -> Iterator[Fact]:
    of = ""
    for line in lines:
        text = AXIS.sub("", HIDDEN.sub("", "".join(span.text for span in line)))
        targets = [span.target for span in line if span.target is not None]
        if any(isinstance(target, QuietTarget) for target in targets):
            continue  # it is opened where there is room
        if any(isinstance(target, SortTarget) for target in targets):
            continue  # what columns there are is told by their figures, whatever they are called
        of = subject(targets)
        for target in targets:
            if isinstance(target, FindingTarget):
                yield Fact(target.key_id, f"finding {target.kind}")
        for said in TOKEN.findall(text):
            yield Fact(of, said)


def subject(targets: Sequence[Target]) -> str:
    """What a line is about, by what it leads to."""
    for target in targets:
        match target:
            case KeyTarget(key_id) | FindingTarget(key_id=key_id):
                return key_id
            case RowTarget(view=name, row=row) if name != "key":
                return row
            case _:
                continue
    return ""


def lost(smaller: set[Fact], larger: set[Fact]) -> list[Fact]:
    """What the smaller screen tells and the larger one does not."""
    of = {each.of for each in larger}
    return sorted(
        fact
        for fact in smaller
        if not any(
            tells(other.said, fact.said)
            for other in larger
            if other.of in (fact.of, "") or fact.of not in of or not fact.of
        )
    )


def tells(larger: str, smaller: str) -> bool:
    """Whether the same is told, exactly or in full where it was rounded or abbreviated."""
    if smaller[-1:].isalpha() and not smaller[:1].isdigit():
        return larger.lower().startswith(smaller.lower())
    one, other = figure(smaller), figure(larger)
    if one is None or other is None or one[1] != other[1]:
        return larger == smaller
    return abs(one[0] - other[0]) <= one[2] * 0.5001


def figure(text: str) -> tuple[float, str, float] | None:
    """Its amount, its unit and its last digit."""
    found = re.fullmatch(r"[+-]?\$?(\d[\d,]*)(\.\d+)?([kMGT]?)([%x]?)", text)
    if found is None:
        return None
    times = MULTIPLES.get(found[3], 1)
    amount = float(found[1].replace(",", "") + (found[2] or "")) * times
    return amount, found[4], times / 10 ** max(len(found[2] or "") - 1, 0)


@pytest.mark.parametrize("name", [each.name for each in views()])
async def test_each_larger_screen_tells_all_that_the_smaller_one_does(
    demo: DemoServer, tmp_path: Path, name: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=LADDER[0], days=7, landing=True) as person:
        person.app.look(person.app.lens.at(ViewTarget(name)))
        smaller: set[Fact] = set()
        missing: list[str] = []
        for size in LADDER:
            await person.resize(*size)
            await person.rests()
            larger = facts(seen(person))
            missing += [f"at {size}: {fact.said!r} of {fact.of or 'all'}" for fact in lost(smaller, larger)]
            smaller = larger
        assert not missing, "\n".join(missing)


@pytest.mark.parametrize("size", [*LADDER, (99, 30), (140, 40)])
async def test_the_first_six_lines_of_the_screen_tell_who_since_when_and_how_much(
    demo: DemoServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=size, days=7, landing=True) as person:
        told = "\n".join(person.lines[:6])
        assert re.search(r"threat-?(note|…)\w*", told), told
        assert re.search(r"\b133x (usual )?since (Thu )?19 Nov", told), told
