"""One row a key: its figures, its limits, and the word for its state; and the sum of such rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from operator import attrgetter

from socd_tui.analysis.budget import Budgets, budgets
from socd_tui.analysis.compare import Change, Previous
from socd_tui.analysis.known import KeyFacts, Known
from socd_tui.analysis.state import state_of_key
from socd_tui.analysis.totals import add
from socd_tui.model.alike import appearance
from socd_tui.model.errors import Problem
from socd_tui.model.key import ApiKey, KeyState
from socd_tui.model.lens import Lens, visible
from socd_tui.model.record import dataclass, replace
from socd_tui.model.usage import Usage, ratio

_SUMMED = ("requests", "successful", "client_errors", "server_errors", "throttled", "failed")
"""The counts of a Usage that a Total has."""
_counts = attrgetter(*_SUMMED)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One key as a row of a table."""

    key: ApiKey
    state: KeyState
    usage: Usage | None
    problem: Problem | None
    """Why there is no answer, or no newer one than `usage`."""
    budgets: Budgets
    share: float | None
    """Of the requests of all keys in the picture that answered, 0 to 1."""
    has_namesake: bool = False
    """Another key in the picture has the same name, or one that can be taken for it."""
    change: Change | None = None
    """Its requests beside those of the window before, when the Lens compares."""
    growth: float | None = None
    """Its share of all that the keys in the picture added, 0 to 1."""

    @property
    def requests(self) -> int | None:
        return self.usage.requests if self.usage else None

    @property
    def failed(self) -> bool:
        """There is a problem instead of an answer."""
        return self.usage is None and self.problem is not None

    @cached_property
    def word(self) -> str:
        """How it stands, one of `STATES` or a problem."""
        return state_of_key(self.state, self.problem, self.budgets.verdict if self.usage else None)


@dataclass(frozen=True, kw_only=True)
class Total:
    """The counts of some keys summed; None where one of the keys that answered did not say."""

    keys: int
    answered: int
    """Keys that answered."""
    requests: int | None = None
    successful: int | None = None
    client_errors: int | None = None
    server_errors: int | None = None
    throttled: int | None = None
    failed: int | None = None
    """4xx + 5xx."""
    change: Change | None = None
    """The requests beside those of the window before, when the Lens compares."""


def standings(known: Known, lens: Lens) -> tuple[Standing, ...]:
    """All keys in the picture, in the service's order."""
    return known.once(_standings, lens.of_keys())


def namesakes(known: Known, only: tuple[str, ...]) -> frozenset[str]:
    """The ids of keys in the picture whose name another one of them has, too, or one that looks like it."""
    keys = visible(known.fleet, Lens(only=only))
    names = Counter(appearance(key.name.shown) for key in keys)
    return frozenset(key.id for key in keys if names[appearance(key.name.shown)] > 1)


def heaviest_first(known: Known, lens: Lens) -> tuple[Standing, ...]:
    """All keys in the picture, the one with most requests first; those whose requests are unknown last."""
    return known.once(_heaviest_first, lens.of_keys())


def _heaviest_first(known: Known, lens: Lens) -> tuple[Standing, ...]:
    return tuple(sorted(standings(known, lens), key=by_weight))


def by_weight(row: Standing) -> tuple[bool, int]:
    """What rows are sorted by for the heaviest to come first."""
    return row.requests is None, -(row.requests or 0)


def _standings(known: Known, lens: Lens) -> tuple[Standing, ...]:
    keys, now = visible(known.fleet, lens), known.fleet.now
    facts = [known.by_key[key.id] for key in keys]
    requests = add([each.usage.requests for each in facts if each.usage])
    alike = known.once_of_fleet(namesakes, lens.only)
    rows = tuple([_standing(each, each.key.state(now), requests, each.key.id in alike) for each in facts])
    if not lens.compare:
        return rows
    from socd_tui.analysis.growth import growth_share, increase

    changes = {row.key.id: _change(known, row) for row in rows}
    counted = [change for change in changes.values() if change]
    increased = increase(counted) if all(change.comparable for change in counted) else None
    return tuple(
        replace(row, change=changes[row.key.id], growth=growth_share(changes[row.key.id], increased))
        for row in rows
    )


def _change(known: Known, row: Standing) -> Change | None:
    return known.before([row.key]).change("requests") if row.usage else None


def total(rows: Iterable[Standing], before: Previous | None = None) -> Total:
    """The sum of some keys, and its change since the window before; unknown when none of them answered."""
    rows = list(rows)
    answered = [row.usage for row in rows if row.usage]
    if not answered:
        return Total(keys=len(rows), answered=0)
    sums = _counts(answered[0]) if len(answered) == 1 else map(add, zip(*map(_counts, answered), strict=True))
    return Total(
        keys=len(rows),
        answered=len(answered),
        **dict(zip(_SUMMED, sums, strict=True)),
        change=before.change("requests") if before else None,
    )


def _standing(of: KeyFacts, state: KeyState, requests: int | None, has_namesake: bool) -> Standing:
    """The row of one key; `requests` are those of all keys."""
    usage = of.usage
    return Standing(
        key=of.key,
        state=state,
        usage=usage,
        problem=of.problem,
        budgets=budgets(of.key, usage),
        share=ratio(usage.requests, requests) if usage else None,
        has_namesake=has_namesake,
    )
