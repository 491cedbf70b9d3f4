"""From one visit to the next: what is noted, when, and what is said to have come up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from socd_tui.analysis.news import PAUSE
from socd_tui.live.live import Live
from socd_tui.live.state import State
from socd_tui.live.visiting import Visiting
from socd_tui.model.errors import Unreachable
from socd_tui.model.fleet import Fleet
from socd_tui.model.session import Session
from socd_tui.model.token import account_of
from socd_tui.model.visit import Visit
from socd_tui.store.visit import VisitFile
from tests.build import prepared
from tests.clock import Clock
from tests.fleets import NOW, fetched
from tests.unit.analysis.test_news import account, calm, running_away
from tests.unit.live.script import Script, rest, until
from tests.unit.live.test_live import ALICE, BOB, live, refreshed

pytestmark = pytest.mark.anyio

BEFORE = datetime(2026, 11, 18, 14, 20, tzinfo=NOW.tzinfo)
"""The day before the notebook began to run away."""
RUNAWAY = "runaway"


def of(folder: Path, whose: Session = ALICE) -> VisitFile:
    return VisitFile(folder, whose.origin, account_of(whose.token))


def kept(folder: Path, whose: Session = ALICE) -> Visit | None:
    return of(folder, whose).read(NOW)


def at(moment: datetime) -> Fleet:
    """What the service answers then."""
    return replace(fetched(moment), observed_at=moment, heard_at=moment, opened_at=BEFORE)


def noting(script: Script, folder: Path, **changes: Any) -> Live:
    return live(script, visits=lambda whose: of(folder, whose), **changes)


async def after(folder: Path, *fleets: Fleet, now: datetime = NOW) -> State:
    """The State after a run in which each refresh brought one of these; `now` is this machine's clock."""
    script, clock = Script(), Clock(now)
    run = noting(script, folder, clock=clock)
    run.start()
    for number, fleet in enumerate(fleets, 1):
        if number > 1:
            clock.pass_by(timedelta(minutes=1))
            run.refresh(force=True)
        state = await refreshed(run, script, fleet, number)
    await run.close()
    return state


def shortly_before(folder: Path) -> None:
    """What was seen last was so a few minutes ago."""
    visit = kept(folder)
    assert visit is not None
    of(folder).write(replace(visit, at=NOW - PAUSE / 2))


def found(state: State) -> list[str]:
    return [target.kind for target in state.found]


async def test_the_first_visit_announces_nothing_and_is_kept(tmp_path: Path) -> None:
    state = await after(tmp_path, at(NOW))
    assert (state.known.visit, state.found, state.notices) == (None, (), ())
    visit = kept(tmp_path)
    assert visit is not None
    assert visit.at == NOW
    assert [RUNAWAY] in [sorted(each.stood) for each in visit.keys.values()]


async def test_after_a_pause_the_visit_before_it_is_what_news_is_counted_from(tmp_path: Path) -> None:
    await after(tmp_path, at(BEFORE))
    state = await after(tmp_path, at(NOW))
    assert state.known.visit is not None
    assert state.known.visit.at == BEFORE
    assert state.found == ()
    again = await after(tmp_path, at(NOW + PAUSE / 2))
    assert (again.known.visit, again.found) == (None, ())


async def test_what_came_up_within_a_visit_is_found_once_and_not_again_after_a_restart(
    tmp_path: Path,
) -> None:
    await after(tmp_path, at(BEFORE))
    shortly_before(tmp_path)
    state = await after(tmp_path, at(NOW))
    assert (found(state), state.known.visit) == ([RUNAWAY], None)
    again = await after(tmp_path, at(NOW + timedelta(minutes=5)), at(NOW + timedelta(minutes=10)))
    assert (again.found, again.known.visit) == ((), None)


async def test_whether_it_was_a_pause_is_told_by_the_services_clock(tmp_path: Path) -> None:
    await after(tmp_path, at(BEFORE))
    shortly_before(tmp_path)
    state = await after(tmp_path, at(NOW), now=NOW + timedelta(hours=5))
    assert (found(state), state.known.visit) == ([RUNAWAY], None)


async def test_what_comes_and_goes_is_found_once(tmp_path: Path) -> None:
    visiting, file = Visiting(print), of(tmp_path)
    await visiting.open(file, NOW)
    for minutes, counts in enumerate((calm, running_away, calm, running_away)):
        await visiting.note(prepared(account(counts, now=NOW + timedelta(minutes=minutes))))
    assert [each.kind for each in visiting.found] == [RUNAWAY]
    visit = kept(tmp_path)
    assert visit is not None
    assert visit.at == NOW + timedelta(minutes=3)


async def test_a_pause_of_a_program_that_goes_on_is_one_too(tmp_path: Path) -> None:
    state = await after(tmp_path, at(BEFORE), at(NOW))
    assert state.known.visit is not None
    assert (state.known.visit.at, state.found) == (BEFORE, ())


async def test_a_refresh_that_failed_changes_nothing_of_what_was_seen(tmp_path: Path) -> None:
    await after(tmp_path, at(BEFORE))
    script = Script()
    run = noting(script, tmp_path)
    run.start()
    call = await script.call()
    partly = at(NOW)
    call.answer(replace(partly, usages=dict(list(partly.usages.items())[:2])))
    call.fail(Unreachable("The service did not answer.", "Try again."))
    await rest(run)
    await run.close()
    visit = kept(tmp_path)
    assert visit is not None
    assert visit.at == BEFORE


async def test_each_account_has_its_own(tmp_path: Path) -> None:
    await after(tmp_path, at(BEFORE))
    script = Script()
    run = noting(script, tmp_path)
    run.start()
    assert (await refreshed(run, script, at(NOW))).known.visit is not None
    run.sign_in(BOB)
    state = await refreshed(run, script, at(NOW), 2)
    assert (state.known.visit, state.found) == (None, ())
    await run.close()
    assert kept(tmp_path, BOB) is not None


@pytest.mark.parametrize("changes", [{"selectors": ("MISP sync",)}, {"watched": False}])
async def test_of_some_keys_alone_or_without_anybody_looking_nothing_is_noted(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    script = Script()
    run = noting(script, tmp_path, **changes)
    run.start()
    await refreshed(run, script, at(NOW))
    await run.close()
    assert list(tmp_path.iterdir()) == []


async def test_a_disk_that_does_not_work_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file in the place of the folder")
    state = await after(tmp_path / "state", at(BEFORE), at(NOW))
    [told] = state.notices
    assert told.startswith("What is new at your next visit will not be known: ")


async def test_a_visit_that_is_still_to_come_is_set_aside(tmp_path: Path) -> None:
    of(tmp_path).write(Visit(at=NOW + timedelta(days=40), kinds=frozenset({RUNAWAY}), keys={}))
    state = await after(tmp_path, at(NOW))
    [told] = state.notices
    assert "What is new since your last visit is not known." in told
    assert (state.known.visit, state.found) == (None, ())
    visit = kept(tmp_path)
    assert visit is not None
    assert visit.at == NOW


async def test_what_comes_up_while_nobody_looks_is_found_when_somebody_comes_back(tmp_path: Path) -> None:
    await after(tmp_path, at(BEFORE))
    shortly_before(tmp_path)
    script = Script()
    run = noting(script, tmp_path)
    run.leave()
    run.start()
    state = await refreshed(run, script, at(NOW))
    assert state.found == ()
    run.come_back()
    state = await until(run, lambda state: state.found)
    assert found(state) == [RUNAWAY]
    await run.close()
