"""Between runs: what was known last, and what each run adds to the local history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.known import KeyFacts, Known
from socd_tui.model.errors import StoreError
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import BASELINE
from socd_tui.model.past import Past
from socd_tui.model.usage import Usage

if TYPE_CHECKING:
    from socd_tui.store.history import History

AHEAD = timedelta(days=7)
"""How far ahead of its day a forecast is written down, to be judged when that day is over."""


class Memory:
    """One account's history. Calls take milliseconds to seconds: make them in a thread.

    A disk that does not work costs the memory and nothing else: `notices` says so, once.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._told: list[str] = []
        self._kept: set[Usage] = set()
        self._foretold: set[tuple[str, date]] = set()
        self._broken = False

    @property
    def notices(self) -> list[str]:
        """What a person should be told, each sentence given out once."""
        told, self._told = [*self._history.notices, *self._told], []
        self._history.notices.clear()
        return told

    def last(self, fleet: Fleet) -> Fleet:
        """What was known when the program last ran, else the Fleet as it is."""
        try:
            known = self._history.last()
        except StoreError as error:
            self._fail(error)
            return fleet
        if known is None:
            return fleet
        self._kept = set(known.usages.values())
        return replace(known, mode="cache", base_url=fleet.base_url)

    def past(self) -> Mapping[str, Past]:
        """Everything remembered, by key."""
        try:
            return self._history.past()
        except StoreError as error:
            self._fail(error)
            return {}

    def keep(self, known: Known) -> None:
        """Add what was learnt since the last time."""
        fleet = known.fleet
        fresh = [
            usage for usage in fleet.usages.values() if usage not in self._kept and usage.raw is not None
        ]
        if not fresh or self._broken:
            return
        try:
            self._told += self._history.record(fleet.keys, fresh)
            self._history.keep(fleet)
            for key in fleet.keys:
                self._note(known.by_key[key.id])
        except StoreError as error:
            self._fail(error)
        self._kept = set(fleet.usages.values())

    def _note(self, facts: KeyFacts) -> None:
        """Write down what is forecast for a week from now, once a day: the first one is what stays."""
        ground, assessment, key_id = facts.ground, facts.assessment, facts.key.id
        if not any(usage.window.days == BASELINE[-1] for usage in ground.answers):
            return  # the days that tell what is usual are still to come
        forecast = assessment.forecast
        if not isinstance(forecast, Forecast) or assessment.unfitted is not None or not assessment.days:
            return
        made_on = assessment.days[-1].date
        band = next((band for band in forecast.bands if band.date == made_on + AHEAD), None)
        if band is not None and (key_id, made_on) not in self._foretold:
            self._history.note_forecast(key_id, made_on, band.date, band.low, band.middle, band.high)
            self._foretold.add((key_id, made_on))

    def _fail(self, error: StoreError) -> None:
        if not self._broken:
            self._told.append(f"Nothing is remembered: {error}")
        self._broken = True
