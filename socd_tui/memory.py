"""Between runs: what was known last, and what each run adds to the local history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from socd_tui.analysis.assessment import assess
from socd_tui.analysis.forecast import Forecast
from socd_tui.model.errors import StoreError
from socd_tui.model.fleet import Fleet, Slot
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import BASELINE
from socd_tui.model.past import Past
from socd_tui.model.usage import Usage
from socd_tui.model.window import answered_by_service

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

    def keep(self, fleet: Fleet) -> None:
        """Add what the Fleet has learnt since the last time."""
        fresh = [
            usage for usage in fleet.usages.values() if usage not in self._kept and usage.raw is not None
        ]
        if not fresh or self._broken:
            return
        try:
            self._told += self._history.record(fleet.keys, fresh)
            self._history.keep(replace(fleet, usages=_asked(fleet)))
            for key in fleet.keys:
                self._note(fleet, key)
        except StoreError as error:
            self._fail(error)
        self._kept = set(_asked(fleet).values())

    def _note(self, fleet: Fleet, key: ApiKey) -> None:
        """Write down what is forecast for a week from now, once a day: the first one is what stays."""
        if fleet.usage(key.id, BASELINE[-1]) is None:  # the days that tell what is usual are still to come
            return
        known = assess(fleet, key)
        found = known.forecast
        if not isinstance(found, Forecast) or known.unfitted is not None or not known.days:
            return
        made_on = known.days[-1].observed_at.date()
        band = next((band for band in found.bands if band.date == made_on + AHEAD), None)
        if band is not None and (key.id, made_on) not in self._foretold:
            self._history.note_forecast(key.id, made_on, band.date, band.low, band.middle, band.high)
            self._foretold.add((key.id, made_on))

    def _fail(self, error: StoreError) -> None:
        if not self._broken:
            self._told.append(f"Nothing is remembered: {error}")
        self._broken = True


def _asked(fleet: Fleet) -> dict[Slot, Usage]:
    """The service's own answers, without the longer windows made from what is remembered."""
    return {slot: usage for slot, usage in fleet.usages.items() if answered_by_service(slot[1])}
