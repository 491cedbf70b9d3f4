"""Between runs: what was known last, and what each run adds to the local history."""

from __future__ import annotations

from _thread import RLock  # that of `threading`, which takes longer to load
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.known import KeyFacts, Known, prepare
from socd_tui.live.joined import joined
from socd_tui.model.errors import StoreError
from socd_tui.model.fleet import Fleet, Slot, of_the_newest_days
from socd_tui.model.lens import BASELINE, Lens
from socd_tui.model.past import Foretold, Past
from socd_tui.model.record import replace
from socd_tui.model.usage import Usage

if TYPE_CHECKING:
    from socd_tui.store.counters import Counters, FinishedDay
    from socd_tui.store.history import History

T = TypeVar("T")

AHEAD = timedelta(days=7)
"""How far ahead of its day a forecast is written down, to be judged when that day is over."""


class Memory:
    """One account's history. Calls take milliseconds to seconds: make them in a thread, saves one at a time.

    A disk that does not work costs the memory and nothing else: a notice says so, once until it works again.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._at_history = RLock()
        """One at a time: what is kept is put together with what was read last."""
        self._sentences: list[str] = []
        self._kept: set[Usage] = set()
        self._before: Mapping[Slot, Usage] | None = None
        """What earlier runs kept; None until it is read."""
        self._alone: Known | None = None
        """What was found out of the Fleet that was kept last, without what is remembered."""
        self._forecast_on: set[tuple[str, date]] = set()
        self._met: list[Fleet] = []
        """What another process had kept when something was to be kept here, and nobody has asked for yet."""
        self._failing = False

    def notices(self) -> list[str]:
        """What a person should be told, each sentence given out once."""
        return [*_taken(self._history.notices), *_taken(self._sentences)]

    def last(self) -> Fleet | None:
        """What was known when the program last ran."""
        with self._at_history:
            try:
                fleet = self._history.last()
            except StoreError as error:
                self._fail(error)
                return None
            self._before = fleet.usages if fleet else {}  # read once: what cannot be read is told once
            self._kept = set(self._before.values()) or self._kept
            return fleet

    def newer(self) -> Fleet | None:
        """What another process has kept since this one read or kept anything."""
        with self._at_history:
            met = _taken(self._met)
            try:
                return self._history.newer() or next(reversed(met), None)
            except StoreError:  # said where something is to be kept
                return None

    def past(self) -> Mapping[str, Past]:
        """Everything remembered, by key."""
        try:
            return self._history.past()
        except StoreError as error:
            self._fail(error)
            return {}

    def counters(self) -> Mapping[str, Counters]:
        """What each key's counters stand at, by key id; they are noted as told, and never fall after that."""
        try:
            return self._history.counters()
        except StoreError as error:
            self._fail(error)
            return {}

    def daily(self) -> Mapping[str, Sequence[FinishedDay]]:
        """The same at the end of each day that is over."""
        try:
            return self._history.daily()
        except StoreError as error:
            self._fail(error)
            return {}

    def keep(self, known: Known) -> None:
        """Add what the service has answered since the last time that this succeeded."""
        with self._at_history:
            self._keep(known)

    def _keep(self, known: Known) -> None:
        fleet = known.fleet
        fresh = [
            usage for usage in fleet.usages.values() if usage not in self._kept and usage.raw is not None
        ]
        if not fresh:
            return
        try:
            forecasts = [each for facts in known.by_key.values() if (each := self._forecast(facts))]
            told = None
            while told is None:  # again, when another process has kept something in between
                opened = self._analysed(self._with_others(self._with_newer(fleet)), known)
                told = self._history.record(opened.keys, fresh, fleet=opened, forecasts=forecasts)
            self._sentences += told
        except StoreError as error:
            self._fail(error)
        else:
            self._kept = set(fleet.usages.values())
            self._forecast_on |= {(each.key_id, each.made_on) for each in forecasts}
            self._failing = False

    def _with_newer(self, fleet: Fleet) -> Fleet:
        """With what another process has kept meanwhile, which would be lost under what is kept now."""
        newer = self._history.newer() if self._before is not None else None
        if newer is None:
            return fleet
        self._met.append(newer)
        return joined(fleet, newer)

    def _with_others(self, fleet: Fleet) -> Fleet:
        """With the answers of earlier runs about other keys and windows, while they are of the same days."""
        if self._before is None:
            last = self._history.last()
            self._before = last.usages if last else {}
        listed = {key.id for key in fleet.keys}
        others = {slot: usage for slot, usage in self._before.items() if slot[0] in listed}
        return replace(fleet, usages=of_the_newest_days({**others, **fleet.usages}))

    def _analysed(self, fleet: Fleet, known: Known) -> Fleet:
        """With what is found out of it, so that the next start need not: of its answers alone, as long as
        what is remembered has not been read, and with that."""
        from socd_tui.analysis.recorded import analysed  # late: a start stores nothing

        opened, past = replace(fleet, failures={}, past={}), known.fleet.past
        self._alone = prepare(opened, Lens(), earlier=self._alone if past and self._alone else known)
        ways = [self._alone, *([prepare(replace(opened, past=past), Lens(), earlier=known)] if past else ())]
        return replace(opened, analysed=analysed(opened, *(way.by_key.values() for way in ways)))

    def _forecast(self, facts: KeyFacts) -> Foretold | None:
        """What is forecast for a week from now, to be written down once a day: the first one stays."""
        key_id, assessment = facts.key.id, facts.assessment
        if not any(usage.window.days == BASELINE[-1] for usage in facts.ground.answers):
            return None  # the days that tell what is usual are still to come
        forecast, made_on = assessment.forecast, assessment.today
        if not isinstance(forecast, Forecast) or assessment.unfitted is not None or made_on is None:
            return None
        if (key_id, made_on) in self._forecast_on:
            return None
        near = forecast.bands[AHEAD.days - 1 : AHEAD.days + 1]  # they begin today, or on the day after
        band = next((band for band in near if band.date == made_on + AHEAD), None)
        if band is None:
            return None
        return Foretold(key_id, made_on, *band)

    def _fail(self, error: StoreError) -> None:
        if not self._failing:
            self._sentences.append(f"Nothing is remembered: {error}")
        self._failing = True


def _taken(waiting: list[T]) -> list[T]:
    """All of them, out of the list; one that another thread adds meanwhile stays in it."""
    taken = waiting[:]
    del waiting[: len(taken)]
    return taken
