"""Everything the page is made from, gathered once for the keys it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, timedelta, tzinfo
from functools import cached_property

from socd_tui.analysis.assessment import Assessment
from socd_tui.analysis.budget import Budgets, budgets
from socd_tui.analysis.compare import Change
from socd_tui.analysis.findings import Finding, Findings
from socd_tui.analysis.known import KeyFacts, Known
from socd_tui.analysis.owners import claims
from socd_tui.analysis.standing import Standing, standings
from socd_tui.analysis.state import state_of_key
from socd_tui.analysis.totals import add, one_day
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens, subject, visible
from socd_tui.model.record import dataclass
from socd_tui.model.usage import Day, Usage, ratio

TREND_DAYS = 30
"""Days of the trend, whatever the window."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Dossier:
    """What is known of one key, or of several together."""

    known: Known
    lens: Lens
    keys: tuple[ApiKey, ...]
    usage: Usage | None
    """Of the window, the counts of several keys summed."""
    of_all: int | None
    """Requests of all keys in the picture."""
    findings: Findings
    days: tuple[Day, ...]
    """The newest TREND_DAYS dates, ascending; a date that nothing is known of is missing."""
    change: Change | None
    """The requests beside those of the days before, when the Lens compares."""

    @property
    def key(self) -> ApiKey | None:
        """The one key; None for several together."""
        return self.keys[0] if len(self.keys) == 1 else None

    @property
    def facts(self) -> KeyFacts | None:
        return self.known.by_key.get(self.key.id) if self.key else None

    @property
    def assessment(self) -> Assessment | None:
        """What its days say; None for several keys."""
        return self.facts.assessment if self.facts else None

    @property
    def budgets(self) -> Budgets | None:
        """Both limits and their use in the window; None for several keys, whose limits are each their own."""
        return budgets(self.key, self.usage) if self.key else None

    @property
    def word(self) -> str:
        """The one word for the key's state."""
        if self.key is None:
            return ""
        verdict = self.budgets.verdict if self.budgets and self.usage else None
        return state_of_key(self.key.state(self.known.fleet.now), self.known.problem(self.key.id), verdict)

    @property
    def share(self) -> float | None:
        """Of the requests of all keys in the picture."""
        return ratio(self.usage.requests, self.of_all) if self.usage else None

    @property
    def today(self) -> date | None:
        """The service's date when it answered."""
        return self.days[-1].date if self.days else None

    @property
    def owners(self) -> tuple[str, ...]:
        """Who is named for the key in the settings."""
        return claims(self.known.preferences.owners).owners(self.key) if self.key else ()

    @property
    def answers(self) -> tuple[Usage, ...]:
        """Each window that the service answered for the key, the shortest first."""
        return self.facts.ground.answers if self.facts else ()

    @property
    def latencies(self) -> list[Usage]:
        """Those answers that tell response times."""
        return [
            usage
            for usage in self.answers
            if any(ms is not None for ms in (usage.p50_ms, usage.p95_ms, usage.p99_ms))
        ]

    @property
    def zone(self) -> tzinfo:
        """Hours are shown in the local zone where the Lens asks for it."""
        return self.known.preferences.zone if self.lens.local else UTC

    @property
    def ids(self) -> tuple[str, ...]:
        """Of its keys: what is known of them together is made once by these."""
        return tuple(key.id for key in self.keys)

    @cached_property
    def members(self) -> list[Standing]:
        """Several keys, the one with most requests first."""
        chosen = {*self.ids}
        rows = self.known.once(standings, self.lens.of_keys())
        return sorted(
            (row for row in rows if row.key.id in chosen),
            key=lambda row: -1 if row.requests is None else row.requests,
            reverse=True,
        )

    @property
    def worst_first(self) -> tuple[Finding, ...]:
        return self.findings.worst_first


def gathered(known: Known, lens: Lens) -> Dossier:
    """What the page says through the Lens."""
    keys = subject(known.fleet, lens)
    ids = tuple(key.id for key in keys)
    return Dossier(
        known=known,
        lens=lens,
        keys=keys,
        usage=known.combined(keys),
        of_all=known.once(_requests_of_all, lens.of_keys()),
        findings=known.once(_findings, ids),
        days=known.once(_days, ids),
        change=known.before(keys).change("requests") if lens.compare else None,
    )


def _requests_of_all(known: Known, lens: Lens) -> int | None:
    others, told = (
        known.fleet.left_out,
        add(usage.requests for usage in known.usages(visible(known.fleet, lens))),
    )
    if not others.keys:
        return told
    if told is None or others.requests is None or others.days != known.days:
        return None  # an export tells of the others only what its own window's figures are a share of
    return told + others.requests


def _findings(known: Known, ids: Sequence[str]) -> Findings:
    return known.findings([known.by_key[key_id].key for key_id in ids])


def _days(known: Known, ids: Sequence[str]) -> tuple[Day, ...]:
    """The newest dates of these keys together; of a key only from the day it was made on.

    Of several, those without an answer are left out, as they are in every sum.
    """
    parts = [facts for key_id in ids if (facts := known.by_key[key_id]).usage or len(ids) == 1]
    as_of = known.as_of([facts.key for facts in parts])
    if as_of is None:
        return ()
    told = [(facts.key, {day.date: day for day in facts.observed[-2 * TREND_DAYS :]}) for facts in parts]
    days = []
    for ago in range(TREND_DAYS - 1, -1, -1):
        on = as_of.date() - timedelta(days=ago)
        rows = [by_date[on] for _, by_date in told if on in by_date]
        alive = sum(on in by_date or not _before(key, on) for key, by_date in told)
        days.append(one_day(on, rows, alive) if rows else Day(on, missing=True))
    return tuple(days)


def _before(key: ApiKey, on: date) -> bool:
    """Whether the date was over before the key was made."""
    return key.created_at is not None and on < key.created_at.date()


def unborn(dossier: Dossier, on: date) -> bool:
    """Whether none of the keys was made yet."""
    return all(_before(key, on) for key in dossier.keys)
