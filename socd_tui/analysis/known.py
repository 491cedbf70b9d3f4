"""Everything derived of a Fleet for one window: made once, handed to every view, and never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property, partial
from typing import Concatenate, ParamSpec, TypeVar

from socd_tui.analysis.assessment import Assessment, Ground, pro_keys
from socd_tui.analysis.compare import Previous, previous_of_key, previous_of_keys
from socd_tui.analysis.diagnosis import at_hour, lasting
from socd_tui.analysis.findings import Finding, Findings, ranked
from socd_tui.analysis.once import Once
from socd_tui.analysis.recalled import Found, recalled
from socd_tui.analysis.totals import combine
from socd_tui.analysis.window_figures import figures, is_answered
from socd_tui.model.errors import Problem
from socd_tui.model.fleet import Fleet, answers_by_key
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.model.past import Past
from socd_tui.model.preferences import DEFAULT, Preferences
from socd_tui.model.record import dataclass, field
from socd_tui.model.usage import Day, Usage
from socd_tui.model.visit import Visit
from socd_tui.model.window import Dates, Window, beyond_service, covering

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, eq=False, kw_only=True)
class KeyFacts:
    """What is derived of one key."""

    key: ApiKey
    usage: Usage | None
    """Of the window looked at; of one that the service does not tell made from its days."""
    is_summed: bool
    """Whether it was."""
    problem: Problem | None
    """Why the window's answer did not come; beside `usage` when an older answer is kept."""
    ground: Ground
    """What the assessment is made from: while it stays the same, so does the assessment."""
    assessment: Assessment
    lasting: tuple[Finding, ...]
    """The findings that are the same until there is something new."""
    findings: tuple[Finding, ...]
    """All of them, at the Fleet's hour."""
    compare: Callable[[], Previous] | None
    """Makes `before`: it costs most of all, and is asked for where it is looked at."""

    @property
    def observed(self) -> tuple[Day, ...]:
        """Every day anything is known of, ascending."""
        return self.assessment.observed

    @cached_property
    def before(self) -> Previous | None:
        """The whole days that are compared; None when nothing is, or there is no answer to compare."""
        return self.compare() if self.compare else None

    @property
    def compared(self) -> Previous | None:
        """The same, where it has been asked for."""
        before = self.__dict__.get("before")
        return before if isinstance(before, Previous) else None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Known:
    """A Fleet, and what is derived of each of its keys for one window."""

    fleet: Fleet = field(default_factory=Fleet)
    preferences: Preferences = DEFAULT
    days: int
    """Length of the window looked at."""
    dates: Dates | None = None
    """The days that were named instead."""
    by_key: Mapping[str, KeyFacts]
    """By key id, in the service's order."""
    visit: Visit | None = None
    """The last visit before a pause; None where there was none."""
    earlier: Known | None = None
    """What was known, of the same window, when the refresh began that brought the newest answers; None where
    these are the first of this run."""
    of_fleet: Once = field(default_factory=Once)
    """What was made once and is the same in every window of the Fleet; nothing of it holds a Known."""
    _once: Once = field(default_factory=Once, init=False)

    def once(self, make: Callable[Concatenate[Known, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `make(known, …)` gives: made the first time, and kept as long as this Known is shown.

        It is told apart by `make` and its arguments, which are hashable and all that it sees. So what is of
        every key is not made again for a cursor that moved; the Lens is passed as `Lens.of_keys()` or
        `Lens.of_rows()`, without what makes no difference.
        """
        return self._once.result((make, args, *kwargs.items()), lambda: make(self, *args, **kwargs))

    def once_of_fleet(self, make: Callable[Concatenate[Known, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same of what no window changes: it is kept as long as the Fleet is."""
        return self.of_fleet.result((make, args, *kwargs.items()), lambda: make(self, *args, **kwargs))

    def forget(self) -> None:
        """Nothing of it is looked at any more. What was made of it may hold it: both would stay."""
        self._once.forget()

    def usage(self, key_id: str) -> Usage | None:
        """The key's figures in the window looked at."""
        facts = self.by_key.get(key_id)
        return facts.usage if facts else None

    def problem(self, key_id: str) -> Problem | None:
        """Why the newest request for them failed."""
        facts = self.by_key.get(key_id)
        return facts.problem if facts else None

    def assessment(self, key_id: str) -> Assessment:
        return self.by_key[key_id].assessment

    def past(self, key_id: str) -> Past | None:
        """What this machine remembers of the key."""
        return self.fleet.past.get(key_id)

    def usages(self, keys: Iterable[ApiKey]) -> list[Usage]:
        """The figures there are of these keys."""
        return [usage for key in keys if (usage := self.usage(key.id)) is not None]

    def answered(self, keys: Iterable[ApiKey]) -> list[tuple[ApiKey, Usage]]:
        """The keys there are figures of, each with them."""
        return [(key, usage) for key in keys if (usage := self.usage(key.id)) is not None]

    def combined(self, keys: Iterable[ApiKey]) -> Usage | None:
        """These keys' figures as one Usage."""
        # A cursor's step asks again: 1,000 keys of 90 days take 46 ms, longer than a held key waits.
        return self.once(_combined, tuple(key.id for key in keys))

    def before(self, keys: Sequence[ApiKey]) -> Previous:
        """The whole days that are compared, of all these keys that answered for this one."""
        ids = tuple(key.id for key in keys)
        return self.once(_before, ids) if len(ids) > 1 else _before(self, ids)

    def covered(self, keys: Iterable[ApiKey]) -> Window | None:
        """The dates these keys' figures speak of; before any, what the service's clock says."""
        widest = covering(usage.window for usage in self.usages(keys))
        at = self.fleet.at
        return widest or (Window.ending(at.date(), self.days) if at else None)

    def asked_at(self, keys: Iterable[ApiKey]) -> datetime | None:
        """When the oldest of these keys' answers came, else the key list: how old what is shown is."""
        return min((usage.fetched_at for usage in self.usages(keys)), default=self.fleet.listed_at)

    def as_of(self, keys: Iterable[ApiKey]) -> datetime | None:
        """The service's clock then: what is said of how old the figures are."""
        return min((usage.observed_at for usage in self.usages(keys)), default=self.fleet.at)

    @property
    def is_summed(self) -> bool:
        """Whether the figures are sums of days, of which codes, endpoints and response times are not told."""
        return self.once(_is_summed)

    def counted_dates(self, keys: Sequence[ApiKey]) -> frozenset[date] | None:
        """The dates whose 429s are told to the last, of a window summed from its days; else None."""
        if not self.is_summed:
            return None
        from socd_tui.analysis.remembered_window import counted_dates

        parts = [(key, self.by_key[key.id].observed, usage) for key, usage in self.answered(keys)]
        return counted_dates(parts)

    def findings(self, keys: Sequence[ApiKey]) -> Findings:
        """What is wrong with these keys, worst first."""
        return self.once_of_fleet(_findings, tuple([key.id for key in keys]))


def _findings(known: Known, ids: tuple[str, ...]) -> Findings:
    facts = [known.by_key[each] for each in ids if each in known.by_key]
    return ranked([(each.ground, each.assessment, each.findings) for each in facts])


def _is_summed(known: Known) -> bool:
    summed = (facts.is_summed and facts.usage is not None for facts in known.by_key.values())
    return beyond_service(known.days) or any(summed)


def _combined(known: Known, ids: tuple[str, ...]) -> Usage | None:
    return combine([usage for each in ids if (usage := known.usage(each)) is not None])


def _before(known: Known, ids: tuple[str, ...]) -> Previous:
    parts = [facts.before for each in ids if (facts := known.by_key.get(each)) and facts.before]
    return previous_of_keys(parts)


def prepare(
    fleet: Fleet,
    lens: Lens,
    preferences: Preferences = DEFAULT,
    earlier: Known | None = None,
    *,
    long: bool = True,
) -> Known:
    """All that the views need of the Fleet for the Lens's window, and for comparing if it does.

    What `earlier` holds is taken over where it was made from the same answers. A key costs some
    milliseconds the first time, which is not for the event loop; another window of the same Fleet costs
    microseconds, unless it is longer than the service's: such a one is left out without `long`.
    """
    made = earlier.by_key if earlier else {}
    same_fleet = earlier is not None and earlier.fleet is fleet
    answers = {} if same_fleet else answers_by_key(fleet.usages)
    pro = pro_keys(fleet)
    answered = is_answered(fleet, lens)
    by_key = {}
    for key in fleet.keys:
        facts = made.get(key.id)
        ground = facts.ground if facts and same_fleet else Ground.of(fleet, key, answers.get(key.id, ()), pro)
        by_key[key.id] = _facts(
            fleet, lens, ground, facts, same_fleet=same_fleet, answered=answered, long=long
        )
    return Known(
        fleet=fleet,
        preferences=preferences,
        days=lens.days,
        dates=lens.dates,
        by_key=by_key,
        of_fleet=earlier.of_fleet if earlier is not None and same_fleet else Once(),
    )


def _facts(
    fleet: Fleet,
    lens: Lens,
    ground: Ground,
    made: KeyFacts | None,
    *,
    same_fleet: bool,
    answered: bool,
    long: bool,
) -> KeyFacts:
    key = ground.key
    same = made if made is not None and (same_fleet or made.ground == ground) else None
    assessment, found = (same.assessment, same.lasting) if same else _found(fleet, ground, made)
    if answered:
        slot = key.id, lens.days
        usage, problem, is_summed = fleet.usages.get(slot), fleet.failures.get(slot), False
    else:
        summed = same.usage if same and same.is_summed else None
        usage, problem, is_summed = figures(fleet, lens, ground, assessment.observed, summed, long=long)
    return KeyFacts(
        key=key,
        usage=usage,
        is_summed=is_summed,
        problem=problem,
        compare=partial(_compared, fleet, lens, usage, ground, assessment, made.compared if made else None)
        if lens.compare and usage
        else None,
        ground=ground,
        assessment=assessment,
        lasting=found,
        findings=made.findings
        if made is not None and same_fleet
        else at_hour(fleet.now, ground, assessment, found),
    )


def _found(fleet: Fleet, ground: Ground, made: KeyFacts | None) -> Found:
    """What is found out of the key, and the findings that no hour changes."""
    found = recalled(fleet.analysed, ground)
    if found is None:
        assessment = Assessment(ground, made.assessment if made else None)
        found = assessment, lasting(ground, assessment)
    return found


def _compared(
    fleet: Fleet, lens: Lens, usage: Usage, ground: Ground, assessment: Assessment, made: Previous | None
) -> Previous:
    return previous_of_key(fleet, ground.key, usage, lens, assessment.observed, made)
