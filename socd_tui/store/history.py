"""What this machine remembers of every key, so that views can show more than the service's 90 days.

One SQLite file. Of each day the newest observation with figures is kept, whichever process wrote it and
when: several may record at once and in any order. Moments are kept to the second, like the service's `Date`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from socd_tui.clock import EARLIEST, LATEST, Clock
from socd_tui.model.errors import StoreError
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.past import Foretold, Latency, Past
from socd_tui.model.text import Text, counted
from socd_tui.model.usage import Usage
from socd_tui.store.database import Database
from socd_tui.store.snapshot import decode, encode
from socd_tui.store.stored_day import CLOCK_AHEAD, told_of
from socd_tui.store.stored_rows import (
    Names,
    Row,
    key_number,
    read_latencies,
    read_past,
    remove,
    store_days,
    store_forecast,
    store_latencies,
    stored_names,
)

if TYPE_CHECKING:
    from socd_tui.store.counters import Counters, FinishedDay
    from socd_tui.store.summary import Summary

FILE = "history.sqlite3"
BUSY_S = 5.0
"""Seconds to wait for another process that writes."""

_PRUNE = (
    "DELETE FROM latency WHERE date < ? AND key IN (SELECT id FROM key WHERE origin = ?)",
    "DELETE FROM forecast WHERE target < ? AND key IN (SELECT id FROM key WHERE origin = ?)",
    "DELETE FROM day WHERE date < ? AND key IN (SELECT id FROM key WHERE origin = ?)",
)


CountedT = TypeVar("CountedT")


class History:
    """What is remembered of one origin's keys, and the last Fleet of one account there.

    Calls may come from any thread. All raise StoreError when the file cannot be used. Reading creates no
    file. `notices` are sentences to show the person once.
    """

    def __init__(
        self,
        folder: Path,
        origin: str,
        account: str = "",
        *,
        clock: Clock,
        busy_s: float = BUSY_S,
    ) -> None:
        self.path = folder / FILE
        self._file = Database(self.path, clock, busy_s)
        self._clock = clock
        self.notices = self._file.notices
        self._origin = origin
        self._account = account
        self._seen: int | None = None
        """Of the Fleet that was stored or read last, as it is written; None before that."""
        self._looked_at: object = None
        """The state of the file then."""
        self._unusable: set[Row] = set()
        """Rows that were left out, until the next answers take their place."""

    def record(
        self,
        keys: Iterable[ApiKey] = (),
        usages: Iterable[Usage] = (),
        *,
        fleet: Fleet | None = None,
        forecasts: Iterable[Foretold] = (),
    ) -> list[str] | None:
        """Store what a refresh has brought, all of it or nothing.

        That is answers, the Fleet that the program opens on next time (of an account alone), and forecasts:
        the first one made on a day stays, and none with an infinite or undefined bound. Returns a sentence
        when finished days have fewer requests now than were stored before; None, and nothing is stored, when
        another process has stored a Fleet since one was stored or read here: this one lacks what that has.
        """
        answers = _by_key(keys, usages)
        data = encode(fleet) if fleet and self._account else None
        if fleet and data is None and not answers:  # of an account that is not known
            return []
        unusable = self._unusable.copy()
        shrunken = []
        numbers: dict[str, int] = {}
        with self._file.writing() as db:
            if data is not None and self._seen not in (None, hash(self._written(db))):
                self._looked_at = None  # whatever the file looked like: there is something newer
                return None
            remove(db, unusable)
            for key_id, (key, told) in answers.items():
                numbers[key_id] = number = key_number(db, self._origin, key_id, key)
                label = f"{key.name.shown}#{key.short}" if key else Text(key_id).shown
                shrunken += store_days(db, number, label, told, self._clock())
                store_latencies(db, number, told)
            if data is not None:
                row = (self._origin, json.dumps(self._account), data)
                db.execute("INSERT OR REPLACE INTO fleet VALUES (?, ?, ?)", row)
            for foretold in forecasts:
                number = numbers.get(foretold.key_id) or key_number(db, self._origin, foretold.key_id)
                store_forecast(db, number, foretold)
        self._unusable -= unusable
        if data is not None:
            self._seen = hash(data)
        return told_of(shrunken)

    def past(self, key_ids: Iterable[str] | None = None, *, whole: bool = False) -> dict[str, Past]:
        """By key id, everything remembered of these keys, or of all: the value for `Fleet.past`.

        `whole` reads at once what is else read when somebody looks at it: for who will look at every key's.
        """
        wanted = None if key_ids is None else set(key_ids)
        with self._file.reading() as db:
            pasts = {
                key_id: read_past(
                    db,
                    number,
                    self._clock(),
                    self._unusable,
                    partial(read_latencies, db, number) if whole else partial(self._latencies, number),
                )
                for number, (key_id, *_) in self._names_by_number(db).items()
                if wanted is None or key_id in wanted
            }
            if whole:
                for each in pasts.values():
                    len(each.latencies)
        if self._unusable:
            rows = counted(len(self._unusable), "unreadable row")
            self.notices.append(f"The history has {rows}; newer answers replace what they can.")
        return pasts

    def keys(self) -> list[ApiKey]:
        """The keys that anything is remembered of; id, name and prefix alone."""
        with self._file.reading() as db:
            return list(self._keys_by_number(db).values())

    def summary(self) -> Summary:
        """How much is remembered, key by key."""
        from socd_tui.store.summary import Remembered, Summary

        with self._file.reading() as db:
            rows = db.execute(
                "SELECT key, count(*), min(date), max(date) FROM day WHERE date BETWEEN ? AND ? GROUP BY key",
                (EARLIEST.toordinal(), LATEST.toordinal() - 1),
            ).fetchall()
            keys = self._keys_by_number(db)
        per_key = (
            Remembered(keys[number], count, date.fromordinal(first), date.fromordinal(last))
            for number, count, first, last in rows
            if number in keys
        )
        return Summary(tuple(per_key), self._file.size())

    def prune(self, older_than: date) -> int:
        """Delete the days before this UTC date and return their space to the disk.

        Returns how many days were deleted, counted for each key.
        """
        if not self._file.exists():
            return 0
        from socd_tui.store.counters import keep_sums

        with self._file.writing() as db:
            keep_sums(db, self._keys_by_number(db), older_than, self._clock())
            parameters = (older_than.toordinal(), self._origin)
            *_, removed = [db.execute(statement, parameters).rowcount for statement in _PRUNE]
        self._file.shrink()
        return removed

    def counters(self) -> dict[str, Counters]:
        """By key id, the counters as given out now: for programs that export them.

        The first time that a key is asked for its first day becomes the anchor. Keys without figures are
        left out.
        """
        from socd_tui.store.counters import at_this_moment

        return self._counted(at_this_moment)

    def daily(self) -> dict[str, tuple[FinishedDay, ...]]:
        """The same at the end of each finished day since the anchor, ascending."""
        from socd_tui.store.counters import day_by_day

        return self._counted(day_by_day)

    def last(self) -> Fleet | None:
        """The Fleet that was recorded last for this origin and account; None when there is none."""
        return self._decoded(self._stored())

    def accounts(self) -> dict[str, Fleet]:
        """The same of every account of this origin, the one that was read last first."""
        with self._file.reading() as db:
            query = "SELECT account, data FROM fleet WHERE origin = ? ORDER BY account DESC"
            rows = db.execute(query, (self._origin,)).fetchall()
        fleets = {account: fleet for account, data in rows if (fleet := self._decoded(data))}
        return dict(sorted(fleets.items(), key=lambda each: each[1].at or EARLIEST, reverse=True))

    def everything(self) -> Fleet:
        """All that is remembered of the origin, whichever account kept it: of each key and window the newest.

        A key that no kept Fleet has is known by its id, name and prefix alone.
        """
        fleets = [*reversed(self.accounts().values())]
        with self._file.reading() as db:
            keys = {key.id: key for key in self._keys_by_number(db).values()}
        for fleet in fleets:
            keys |= {key.id: key for key in (*fleet.gone, *fleet.keys)}
        usages = {slot: usage for fleet in fleets for slot, usage in fleet.usages.items()}
        return Fleet(
            mode="cache", base_url=self._origin, keys=tuple(keys.values()), usages=usages, past=self.past()
        )

    def newer(self) -> Fleet | None:
        """The same, where another process stored it since it was last read or stored here."""
        if self._file.state() == self._looked_at:
            return None
        seen, stored = self._seen, self._stored()
        return None if self._seen == seen else self._decoded(stored)

    def _latencies(self, number: int) -> Iterable[Latency]:
        """A key's response times as they are remembered now; none where they can no longer be read."""
        with suppress(StoreError), self._file.reading() as db:
            return read_latencies(db, number)
        return ()

    def _counted(
        self, count: Callable[[sqlite3.Connection, int, datetime], CountedT | None]
    ) -> dict[str, CountedT]:
        """What `count` makes of each key, where it makes anything."""
        if not self._file.exists():
            return {}
        with self._file.writing() as db:
            return {
                key.id: counted
                for number, key in self._keys_by_number(db).items()
                if (counted := count(db, number, self._clock())) is not None
            }

    def _stored(self) -> Any:
        """The Fleet as it is written; None where there is none."""
        self._looked_at = self._file.state()
        with self._file.reading() as db:
            data = self._written(db)
        self._seen = hash(data)
        return data

    def _written(self, db: sqlite3.Connection) -> Any:
        owner = (self._origin, json.dumps(self._account))
        row = db.execute("SELECT data FROM fleet WHERE origin = ? AND account = ?", owner).fetchone()
        return row[0] if row and self._account else None

    def _decoded(self, data: Any) -> Fleet | None:
        if data is None:
            return None
        fleet = decode(data, self._clock() + CLOCK_AHEAD)
        if fleet is None:
            self.notices.append(
                "The history's figures of the last run cannot be read; newer answers replace them."
            )
        return fleet

    def _keys_by_number(self, db: sqlite3.Connection) -> dict[int, ApiKey]:
        names = self._names_by_number(db)
        return {
            number: ApiKey(id=key_id, name=name, prefix=prefix)
            for number, (key_id, name, prefix) in names.items()
        }

    def _names_by_number(self, db: sqlite3.Connection) -> dict[int, Names]:
        rows = db.execute("SELECT * FROM key WHERE origin = ? ORDER BY id", (self._origin,))
        names = {number: stored_names(*texts) for number, _, *texts in rows}
        return {number: told for number, told in names.items() if told}


def _by_key(keys: Iterable[ApiKey], usages: Iterable[Usage]) -> dict[str, tuple[ApiKey | None, list[Usage]]]:
    """Each key with its answers, by its id; without those of a clock that is far ahead."""
    answers: dict[str, tuple[ApiKey | None, list[Usage]]] = {key.id: (key, []) for key in keys}
    for usage in usages:
        if usage.observed_at <= usage.fetched_at + CLOCK_AHEAD:
            answers.setdefault(usage.key_id, (None, []))[1].append(usage)
    return answers
