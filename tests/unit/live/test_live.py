"""What to ask, show, keep and forget, without a screen: the service and the timer follow a script."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Lock
from typing import Any
from weakref import ref

import pytest

from socd_tui.analysis.known import Known
from socd_tui.live.derivation import CANCELLED, SIGNED_OUT
from socd_tui.live.live import Live
from socd_tui.live.memory import Memory
from socd_tui.live.sources import Sources
from socd_tui.live.state import State
from socd_tui.model.errors import Problem, SessionExpired, Throttled, Unreachable, UsageError
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.past import Past
from socd_tui.model.progress import Progress
from socd_tui.model.session import Secret, Session
from socd_tui.model.token import account_of
from socd_tui.store.history import History
from socd_tui.views.frame.scene import windows
from tests.build import jwt, prepared
from tests.clock import Clock
from tests.fleets import NOW, fetched
from tests.unit.live.script import DEADLINE_S, Script, Timers, rest, until

ORIGIN = "https://example.org"
ENDED = SessionExpired("Your session has ended.", "Sign in again.")
LATER = NOW + timedelta(minutes=10)

pytestmark = pytest.mark.anyio


def session(person: str) -> Session:
    return Session(
        token=Secret(jwt(iss="test", sub=person)), origin=ORIGIN, expires_at=None, where="environment"
    )


ALICE, BOB = session("alice"), session("bob")


def live(script: Script, lens: Lens | None = None, **changes: Any) -> Live:
    """Alice's; `changes` are fields of its Sources."""
    sources = Sources(
        fleet=Fleet(mode="live", base_url=ORIGIN),
        clock=lambda: NOW,
        session=ALICE,
        feed=script.feed,
        windows=windows,
    )
    return Live(replace(sources, **changes), lens or Lens())


def history(folder: Path, whose: Session = ALICE) -> History:
    return History(folder, ORIGIN, account_of(whose.token), clock=lambda: NOW)


def remembering(folder: Path) -> Callable[[Session], Memory]:
    return lambda whose: Memory(history(folder, whose))


def names(fleet: Fleet | None) -> list[str]:
    return [key.name.shown for key in fleet.keys] if fleet else []


def without_usages(fleet: Fleet) -> Fleet:
    """Only the list of keys."""
    return replace(fleet, usages={})


def of_others(fleet: Fleet) -> Fleet:
    """The same figures of other keys."""
    keys = tuple(replace(key, id=f"other-{key.id}") for key in fleet.keys)
    usages = {
        (f"other-{key_id}", days): replace(usage, key_id=f"other-{key_id}")
        for (key_id, days), usage in fleet.usages.items()
    }
    return replace(fleet, keys=keys, usages=usages)


async def refreshed(live: Live, script: Script, fleet: Fleet, number: int = 1) -> State:
    """After the refresh of this number has brought this Fleet."""
    call = await script.call(number)
    call.answer(fleet)
    call.end()
    return await rest(live)


# --- asking ---------------------------------------------------------------------------------------


async def test_it_asks_for_a_token_once_and_goes_on_with_it() -> None:
    script = Script()
    alices = live(script, session=None)
    alices.start()
    state = await rest(alices)
    assert state.question
    assert script.calls == []
    alices.sign_in(ALICE)
    state = await refreshed(alices, script, fetched(NOW))
    assert (state.session, state.question) == (ALICE, None)
    assert script.calls[0].since is not None
    assert len(state.fleet.keys) == 10
    await alices.close()


async def test_a_session_may_have_to_be_made_first() -> None:
    script = Script()
    demo = live(script, session=None, connect=lambda: BOB)
    demo.start()
    call = await script.call()
    assert call.session is BOB
    assert demo.state.fleet.base_url == BOB.origin
    await demo.close()


async def test_progress_is_told_until_all_is_there() -> None:
    script = Script()
    alices = live(script)
    alices.start()
    call = await script.call()
    assert alices.state.progress == Progress(0, 0)
    assert alices.state.busy
    call.answer(without_usages(fetched(NOW)), 3, 20)
    state = await until(alices, lambda state: state.progress and state.progress.done == 3)
    assert state.progress == Progress(3, 20)
    assert len(state.fleet.keys) == 10
    call.answer(fetched(NOW), 20, 20)
    call.end()
    state = await rest(alices)
    assert state.progress is None
    assert state.known.usage(state.fleet.keys[0].id)
    await alices.close()


async def test_another_window_is_asked_for_and_a_cursor_is_not() -> None:
    script = Script()
    alices = live(script, Lens(days=7))
    alices.start()
    await refreshed(alices, script, fetched(NOW))
    alices.look(replace(alices.state.lens, view="status", date=NOW.date()))
    assert not alices.state.busy
    alices.look(replace(alices.state.lens, days=30))
    call = await script.call(2)
    assert call.windows
    assert 30 in call.windows.now
    assert call.since is None
    await alices.close()


async def test_a_newer_refresh_takes_the_place_of_one_that_brings_older_answers() -> None:
    script = Script()
    alices = live(script)
    alices.start()
    first = await script.call()
    first.answer(without_usages(fetched(NOW)))
    await until(alices, lambda state: state.fleet.keys)
    alices.refresh(force=True)
    second = await script.call(2)
    assert second.since is not None
    assert len(second.fleet.keys) == 10
    first.answer(Fleet())
    second.answer(fetched(LATER), 19, 20)
    state = await until(alices, lambda state: state.progress == Progress(19, 20))
    assert {usage.fetched_at for usage in state.fleet.usages.values()} == {LATER}
    assert first.over
    alices.cancel()
    assert alices.state.progress is None
    await alices.close()


async def test_a_refresh_that_is_asked_for_again_while_it_runs_or_just_after_is_the_same_one() -> None:
    script, clock = Script(), Clock(NOW)
    alices = live(script, clock=clock)
    alices.start()
    await refreshed(alices, script, fetched(NOW))
    for _ in range(300):
        alices.refresh(force=True)
        clock.pass_by(timedelta(seconds=1))
    call = await script.call(2)
    call.answer(fetched(LATER))
    call.end()
    await rest(alices)
    clock.pass_by(timedelta(seconds=-299))
    alices.refresh(force=True)
    assert not alices.state.busy
    assert len(script.calls) == 2
    clock.pass_by(timedelta(seconds=2))
    alices.refresh(force=True)
    await script.call(3)
    await alices.close()


async def test_what_was_refused_for_its_number_is_asked_for_again_by_itself() -> None:
    script, timers = Script(), Timers()
    alices = live(script, later=timers.later)
    alices.start()
    call = await script.call()
    fleet = fetched(NOW)
    refused = {
        (key.id, Lens().days): Problem(kind="throttled", message="Too many requests.", key_id=key.id)
        for key in fleet.keys[:4]
    }
    call.answer(replace(fleet, failures=refused))
    script.wait_s = 50.0
    call.end()
    state = await rest(alices)
    assert state.progress == Progress(6, 10, "keys", NOW + timedelta(seconds=50))
    assert timers.pending == [50.0]
    timers.fire()
    second = await script.call(2)
    assert second.since == NOW, "what has come since then need not come again"
    alices.cancel()
    assert alices.state.progress is None
    await alices.close()


async def test_to_refresh_by_itself_can_be_begun_and_stopped_while_a_refusal_is_waited_for() -> None:
    script, timers = Script(), Timers()
    alices = live(script, later=timers.later)
    alices.start()
    call = await script.call()
    script.wait_s = 50.0
    fleet = fetched(NOW)
    call.answer(
        replace(
            fleet, failures={(fleet.keys[0].id, Lens().days): Problem(kind="throttled", message="Too many.")}
        )
    )
    call.end()
    state = await rest(alices)
    for pause in (timedelta(seconds=30), None, timedelta(minutes=5)):
        alices.every(pause)
        assert alices.state.every == pause
        assert alices.state.progress == state.progress
        assert timers.pending == [50.0]
    alices.refresh(force=True)
    await script.call(2)
    alices.every(None)
    assert alices.state.progress == Progress(), "what runs says how far it is"
    assert alices.state.every is None
    await alices.close()


async def test_paused_it_asks_for_nothing_and_resumed_at_once_for_what_became_due() -> None:
    script, timers, clock = Script(), Timers(), Clock(NOW)
    alices = live(script, later=timers.later, clock=clock)
    alices.start()
    await refreshed(alices, script, fetched(NOW))
    alices.every(timedelta(minutes=1))
    alices.pause()
    clock.pass_by(timedelta(minutes=1))
    timers.fire()
    state = await rest(alices)
    assert (len(script.calls), state.paused, state.every) == (1, True, timedelta(minutes=1))
    alices.resume()
    call = await script.call(2)
    assert call.since == clock(), "all of it anew"
    assert not alices.state.paused
    await alices.close()


async def test_resumed_before_anything_is_due_it_goes_on_as_it_would_have() -> None:
    script, timers, clock = Script(), Timers(), Clock(NOW)
    alices = live(script, later=timers.later, clock=clock)
    alices.start()
    await refreshed(alices, script, fetched(NOW))
    alices.every(timedelta(minutes=1))
    due = alices.state.next_refresh
    alices.pause()
    clock.pass_by(timedelta(seconds=20))
    alices.resume()
    state = await rest(alices)
    assert (len(script.calls), state.next_refresh) == (1, due)
    timers.fire()
    await script.call(2)
    await alices.close()


async def test_whoever_cancels_is_not_surprised_by_a_refresh_later() -> None:
    script, timers = Script(), Timers()
    alices = live(script, later=timers.later)
    alices.start()
    call = await script.call()
    script.wait_s = 50.0
    call.fail(Throttled("Too many requests."))
    await until(alices, lambda state: state.next_refresh)
    assert timers.pending == [50.0]
    alices.refresh(force=True)
    await script.call(2)
    alices.cancel()
    assert timers.pending == []
    await alices.close()


async def test_a_refused_list_is_told_and_the_figures_stay() -> None:
    script = Script()
    alices = live(script)
    alices.start()
    await refreshed(alices, script, fetched(NOW))
    alices.refresh()
    call = await script.call(2)
    error = Unreachable("The connection could not be made.", "Check the network.")
    call.fail(error)
    state = await rest(alices)
    assert state.error is error
    assert error.__traceback__ is None  # as long as it is shown it would keep what was known before
    assert state.known.usage(state.fleet.keys[0].id)
    alices.refresh()
    assert alices.state.error is None
    await alices.close()


async def test_a_mistake_of_the_program_is_raised_to_whoever_looks() -> None:
    script = Script()
    alices = live(script)
    alices.start()
    call = await script.call()
    call.fail(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        await until(alices, lambda _: False)
    await alices.close()


async def test_news_is_told_at_the_start_and_after_a_sign_in() -> None:
    script = Script()
    news = [["Kept for this run only."], ["Press ? for help."]]
    alices = live(script, session=None, news=lambda: news.pop() if news else [])
    alices.start()
    assert (await rest(alices)).notices == ("Press ? for help.",)
    alices.sign_in(ALICE)
    assert alices.state.notices == ("Press ? for help.", "Kept for this run only.")
    await alices.close()


# --- what is chosen -------------------------------------------------------------------------------


async def test_chosen_keys_are_found_when_the_list_is_there() -> None:
    script = Script()
    alices = live(script, selectors=("MISP sync",))
    alices.start()
    call = await script.call()
    assert (call.selectors, alices.state.lens.only) == (("MISP sync",), ())
    fleet = fetched(NOW)
    state = await refreshed(alices, script, fleet)
    [chosen] = [key.id for key in fleet.keys if key.name.shown == "MISP sync"]
    assert state.lens.only == (chosen,)
    alices.refresh()
    renamed = await script.call(2)
    assert renamed.selectors == (chosen,)
    await alices.close()


async def test_a_choice_that_names_no_key_is_an_error() -> None:
    script = Script()
    alices = live(script, selectors=("nobody",))
    alices.start()
    state = await refreshed(alices, script, fetched(NOW))
    assert isinstance(state.error, UsageError)
    assert state.lens.only == ()
    await alices.close()


async def test_focus_and_marks_are_on_keys_there_are() -> None:
    script = Script()
    alices = live(script)
    alices.start()
    fleet = fetched(NOW)
    first, second, *rest_of = fleet.keys
    state = await refreshed(alices, script, fleet)
    assert state.lens.focus is None
    alices.look(replace(state.lens, focus=first.id, marked=frozenset({first.id, second.id})))
    alices.refresh()
    state = await refreshed(alices, script, replace(fleet, keys=(second, *rest_of)), 2)
    assert (state.lens.focus, state.lens.marked) == (None, frozenset({second.id}))
    await alices.close()


# --- what does not come ---------------------------------------------------------------------------


async def test_keys_that_a_cancelled_refresh_did_not_reach_say_so_until_it_is_begun_again() -> None:
    script = Script()
    alices = live(script)
    alices.start()
    call = await script.call()
    fleet = fetched(NOW)
    key, other = fleet.keys[0].id, fleet.keys[1].id
    call.answer(replace(fleet, usages={(key, 7): fleet.usages[key, 7]}), 1, 20)
    await until(alices, lambda state: state.known.usage(key))
    alices.cancel()
    assert alices.state.progress is None
    state = await rest(alices)
    assert state.known.problem(key) is None
    assert state.known.problem(other) == replace(CANCELLED, key_id=other)
    alices.refresh()
    await until(alices, lambda state: state.known.problem(other) is None)
    await alices.close()
    assert call.over


async def test_of_a_refresh_that_was_stopped_nothing_stays_while_the_next_one_runs() -> None:
    script = Script()
    alices = live(script)
    alices.start()
    await refreshed(alices, script, fetched(NOW))
    alices.look(replace(alices.state.lens, days=30))
    stopped = ref(await script.call(2))
    gc.disable()
    try:
        alices.look(replace(alices.state.lens, days=14))
        (await script.call(3)).answer(fetched(LATER))
        await until(alices, lambda state: state.progress == Progress(1, 1))
        script.calls.clear()
        assert stopped() is None
    finally:
        gc.enable()
    await alices.close()


async def test_an_ended_session_keeps_the_figures_and_asks_once() -> None:
    script = Script()
    alices = live(script)
    alices.start()
    call = await script.call()
    fleet = fetched(NOW)
    key, other = fleet.keys[0].id, fleet.keys[1].id
    call.answer(replace(fleet, usages={(key, 7): fleet.usages[key, 7]}))
    call.fail(ENDED)
    state = await rest(alices)
    assert (state.session, state.error) == (None, ENDED)
    assert state.known.usage(key)
    assert state.known.problem(other)
    question = state.question
    assert question
    assert question.reason == ENDED.message
    alices.look(replace(state.lens, days=90))
    state = await rest(alices)
    assert state.question is question
    assert state.known.problem(key) == replace(SIGNED_OUT, key_id=key)
    assert len(script.calls) == 1
    alices.refresh()
    assert alices.state.question is not question
    alices.sign_in(session("alice"))
    state = await refreshed(alices, script, fetched(LATER), 2)
    assert (state.question, state.error) == (None, None)
    assert state.known.usage(other)
    assert script.open == 1
    await alices.close()
    assert script.open == 0


# --- by itself ------------------------------------------------------------------------------------


async def test_it_refreshes_so_long_after_each_refresh_and_never_while_one_runs() -> None:
    script, timers, clock = Script(), Timers(), Clock(NOW)
    alices = live(script, later=timers.later, clock=clock)
    alices.start()
    await refreshed(alices, script, fetched(NOW))
    alices.every(timedelta(seconds=60))
    assert alices.state.next_refresh == NOW + timedelta(seconds=60)
    clock.pass_by(timedelta(seconds=60))
    timers.fire()
    second = await script.call(2)
    assert second.since is not None
    alices.every(timedelta(seconds=60))
    timers.fire()
    timers.fire()
    assert len(script.calls) == 2
    clock.pass_by(timedelta(seconds=20))
    await refreshed(alices, script, fetched(NOW), 2)
    assert alices.state.next_refresh == NOW + timedelta(seconds=140)
    assert timers.pending == [60.0]
    alices.every(None)
    assert alices.state.next_refresh is None
    assert timers.pending == []
    await alices.close()


async def test_by_itself_it_does_not_ask_before_the_service_wants_to_be_asked() -> None:
    script, timers = Script(), Timers()
    script.wait_s = 120
    alices = live(script, later=timers.later)
    alices.every(timedelta(seconds=60))
    alices.start()
    state = await refreshed(alices, script, fetched(NOW))
    assert timers.pending == [120.0]
    assert state.next_refresh == NOW + timedelta(minutes=2)
    await alices.close()


@pytest.mark.parametrize("hours", [-5, 5])
async def test_a_clock_that_is_set_changes_no_wait_and_is_told(hours: int) -> None:
    script, timers, wall, steady = Script(), Timers(), Clock(NOW), Clock(NOW)
    alices = live(script, later=timers.later, clock=wall, steady=steady)
    alices.start()
    heard = replace(fetched(NOW), observed_at=NOW - timedelta(minutes=3), heard_at=NOW)
    state = await refreshed(alices, script, heard)
    assert alices.now() == NOW - timedelta(minutes=3)
    assert state.fleet.clock_ahead == timedelta(minutes=3)
    assert not state.fleet.clock_off
    wall.pass_by(timedelta(hours=hours))
    steady.pass_by(timedelta(minutes=2))
    assert alices.now() == NOW - timedelta(minutes=1)
    alices.every(timedelta(seconds=60))
    assert alices.state.next_refresh == NOW
    timers.fire()
    later = replace(fetched(NOW), observed_at=alices.now(), heard_at=steady())
    state = await refreshed(alices, script, later, 2)
    assert state.fleet.clock_off == ("5 h ahead" if hours > 0 else "4 h behind")
    await alices.close()


async def test_by_itself_it_does_not_ask_for_a_token() -> None:
    script, timers = Script(), Timers()
    nobodys = live(script, session=None, later=timers.later)
    nobodys.start()
    question = (await rest(nobodys)).question
    nobodys.every(timedelta(seconds=60))
    timers.fire()
    assert nobodys.state.question is question
    assert timers.pending == [60.0]
    await nobodys.close()


# --- two people -----------------------------------------------------------------------------------


async def test_of_another_account_nothing_stays_not_even_what_is_on_its_way(tmp_path: Path) -> None:
    script = Script()
    alices = live(script, memory=remembering(tmp_path))
    alices.start()
    call = await script.call()
    call.answer(fetched(NOW))
    state = await until(alices, lambda state: state.fleet.keys)
    alices.look(replace(state.lens, marked=frozenset({state.fleet.keys[1].id})))
    alices.sign_in(BOB)
    call.answer(fetched(NOW))
    state = alices.state
    assert (state.fleet.keys, state.session) == ((), BOB)
    assert (state.lens.marked, state.lens.focus, state.progress) == (frozenset(), None, None)
    bobs = of_others(fetched(NOW))
    state = await refreshed(alices, script, bobs, 2)
    assert call.over
    assert script.calls[1].session is BOB
    assert script.calls[1].fleet.keys == ()
    assert state.fleet.keys == bobs.keys
    await alices.close()
    kept = history(tmp_path, BOB).last()
    assert kept
    assert [key.id for key in kept.keys] == [key.id for key in bobs.keys]


async def test_what_is_being_recalled_is_not_shown_to_the_next_person(tmp_path: Path) -> None:
    Memory(history(tmp_path)).keep(prepared(fetched(NOW - timedelta(hours=1))))
    reading, read = Event(), Event()

    class Slow(Memory):
        def last(self) -> Fleet | None:
            reading.set()
            read.wait(DEADLINE_S)
            return super().last()

    def memory(whose: Session) -> Memory:
        return (Slow if whose is ALICE else Memory)(history(tmp_path, whose))

    script = Script()
    alices = live(script, memory=memory)
    alices.start()
    await asyncio.to_thread(reading.wait, DEADLINE_S)
    alices.sign_in(BOB)
    call = await script.call()
    read.set()
    bobs = of_others(fetched(NOW))
    call.answer(bobs)
    call.end()
    state = await rest(alices)
    assert (call.session, call.fleet.keys) == (BOB, ())
    assert state.fleet.keys == bobs.keys
    assert len(script.calls) == 1
    await alices.close()
    kept = [history(tmp_path, whose).last() for whose in (ALICE, BOB)]
    times = [{usage.fetched_at for usage in fleet.usages.values()} for fleet in kept if fleet]
    assert times == [{NOW - timedelta(hours=1)}, {NOW}]


async def test_whoever_cannot_be_told_apart_is_taken_for_somebody_else() -> None:
    script = Script()
    unsaid = replace(ALICE, token=Secret("an-opaque-token"))
    alices = live(script, session=unsaid)
    alices.start()
    await refreshed(alices, script, fetched(NOW))
    alices.sign_in(replace(ALICE, token=Secret("another-opaque-token")))
    assert alices.state.fleet.keys == ()
    await alices.close()


# --- what is remembered ---------------------------------------------------------------------------


async def test_it_opens_on_what_was_known_last_before_anything_is_asked(tmp_path: Path) -> None:
    ago = NOW - timedelta(hours=18)
    Memory(history(tmp_path)).keep(prepared(fetched(ago)))
    script = Script()
    alices = live(script, memory=remembering(tmp_path))
    alices.start()
    call = await script.call()
    state = alices.state
    assert len(call.fleet.keys) == len(state.fleet.keys) == 10
    usage = state.known.usage(state.fleet.keys[0].id)
    assert usage
    assert usage.fetched_at == ago < (state.fleet.opened_at or ago)
    await alices.close()


async def test_what_was_noted_by_a_clock_that_has_been_set_back_is_older_than_what_comes(
    tmp_path: Path,
) -> None:
    Memory(history(tmp_path)).keep(prepared(fetched(NOW + timedelta(hours=5))))
    script = Script()
    alices = live(script, memory=remembering(tmp_path))
    alices.start()
    call = await script.call()
    times = {usage.fetched_at for usage in call.fleet.usages.values()}
    assert times == {NOW - timedelta(days=1)}
    await alices.close()


async def test_who_looks_at_the_last_state_only_gets_fresh_answers_and_keeps_them(tmp_path: Path) -> None:
    Memory(history(tmp_path)).keep(prepared(fetched(NOW - timedelta(days=95))))
    script = Script()
    alices = live(script, memory=remembering(tmp_path), watched=False)
    alices.start()
    call = await script.call()
    assert call.fleet.keys == ()
    state = await refreshed(alices, script, fetched(NOW))
    past = state.fleet.past[state.fleet.keys[0].id]
    dates = {observation.day.date for observation in past.days}
    assert {(NOW - timedelta(days=95)).date(), NOW.date()} <= dates
    await alices.close()


async def test_answers_are_not_replaced_by_what_was_known_last(tmp_path: Path) -> None:
    Memory(history(tmp_path)).keep(prepared(fetched(NOW - timedelta(days=3))))
    reading, read = Event(), Event()

    class Slow(Memory):
        def last(self) -> Fleet | None:
            fleet = super().last()
            reading.set()
            read.wait(DEADLINE_S)
            return fleet

    script = Script()
    alices = live(script, memory=lambda whose: Slow(history(tmp_path, whose)))
    alices.start()
    await asyncio.to_thread(reading.wait, DEADLINE_S)
    alices.refresh(force=True)
    call = await script.call()
    call.answer(fetched(NOW))
    call.end()
    await until(alices, lambda state: state.fleet.keys and state.progress is None)
    read.set()
    second = await script.call(2)
    assert {usage.fetched_at for usage in second.fleet.usages.values()} == {NOW}
    second.end()
    state = await rest(alices)
    assert {usage.fetched_at for usage in state.fleet.usages.values()} == {NOW}
    await alices.close()
    kept = history(tmp_path).last()
    assert kept
    assert {usage.fetched_at for usage in kept.usages.values()} == {NOW}


async def test_saves_wait_for_each_other_and_the_last_one_stays(tmp_path: Path) -> None:
    writing, go_on, alone = Event(), Event(), Lock()

    class Slow(Memory):
        def keep(self, known: Known) -> None:
            assert alone.acquire(blocking=False), "two saves at once"
            writing.set()
            go_on.wait(DEADLINE_S)
            super().keep(known)
            alone.release()

    script, clock = Script(), Clock()
    alices = live(script, clock=clock, memory=lambda whose: Slow(history(tmp_path, whose)))
    alices.start()
    first = await script.call()
    first.answer(fetched(NOW))
    first.end()
    await asyncio.to_thread(writing.wait, DEADLINE_S)
    for number, minutes in ((2, 1), (3, 2)):
        clock.pass_by(timedelta(minutes=1))
        alices.refresh(force=True)
        call = await script.call(number)
        call.answer(fetched(NOW + timedelta(minutes=minutes)))
        call.end()
        await until(alices, lambda state: state.progress is None)
    go_on.set()
    await rest(alices)
    kept = history(tmp_path).last()
    assert kept
    assert {usage.fetched_at for usage in kept.usages.values()} == {NOW + timedelta(minutes=2)}
    await alices.close()


async def test_what_a_disk_that_does_not_work_costs_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(tmp_path / "nowhere")
    script = Script()
    alices = live(script, memory=remembering(tmp_path / "data"))
    alices.start()
    state = await refreshed(alices, script, fetched(NOW))
    alices.refresh()
    state = await refreshed(alices, script, fetched(LATER), 2)
    [notice] = state.notices
    assert notice.startswith("Nothing is remembered: ")
    assert state.known.usage(state.fleet.keys[0].id)
    await alices.close()


# --- the end --------------------------------------------------------------------------------------


async def test_what_a_refresh_has_learnt_is_kept_when_the_end_stops_it(tmp_path: Path) -> None:
    script = Script()
    alices = live(script, memory=remembering(tmp_path))
    alices.start()
    call = await script.call()
    call.answer(fetched(NOW), 1, 20)
    await until(alices, lambda state: state.progress and state.progress.done)
    await alices.close()
    assert call.over
    assert names(history(tmp_path).last()) == names(fetched(NOW))
    assert script.open == 0
    assert [state async for state in alices.states()] == []


@pytest.mark.parametrize("stuck", ["past", "keep"])
async def test_the_end_does_not_wait_for_ever(tmp_path: Path, stuck: str) -> None:
    entered, over = Event(), Event()

    class Stuck(Memory):
        def past(self) -> dict[str, Past]:
            if stuck == "past":
                entered.set()
                over.wait(DEADLINE_S)
            return {}

        def keep(self, known: Known) -> None:
            if stuck == "keep":
                entered.set()
                over.wait(DEADLINE_S)

    script = Script()
    alices = live(script, memory=lambda whose: Stuck(history(tmp_path, whose)))
    alices.start()
    call = await script.call()
    call.answer(fetched(NOW))
    call.end()
    await asyncio.to_thread(entered.wait, DEADLINE_S)
    async with asyncio.timeout(DEADLINE_S):
        await alices.close(0.01)
    assert not over.is_set()
    over.set()
