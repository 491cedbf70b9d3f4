"""Findings as sentences, as a Markdown list and as a JSON document, and what makes each the same again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from socd_tui.analysis.findings import Finding, Findings
from socd_tui.analysis.known import Known
from socd_tui.analysis.owners import claims
from socd_tui.charts.markdown import in_markdown
from socd_tui.charts.sheet import stamp
from socd_tui.model.digest import digest
from socd_tui.model.episode import PAUSE, Told, ToldBefore
from socd_tui.model.key import ApiKey
from socd_tui.model.record import dataclass
from socd_tui.views.frame.document import key_facts, mode, problem_facts
from socd_tui.views.parts.description import describe
from socd_tui.views.parts.findings import finding_data, sentence, summary

SCHEMA = "socd-tui/findings/1"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One finding, and what other programs ask of it."""

    id: str
    """The same each time that it is told, as long as it lasts."""
    finding: Finding
    at: datetime
    """When the figures are of that it was found in: the service's clock, UTC."""
    origin: str
    """The service."""
    owner: str = ""
    """Whose key it is; empty where nobody said."""

    @property
    def since(self) -> date | None:
        """Its first UTC day, where that is known, and not only that it was no later."""
        since = describe(self.finding).since
        return since.day if since and not since.or_before else None


def first_id(origin: str, finding: Finding) -> str:
    """What names a finding that has not been told before: the same wherever and whenever it is made.

    A first day of which is only known that it may be earlier moves with the window: it is no part of it.
    """
    told = describe(finding)
    began = str(told.on or "") if told.since is None else "" if told.since.or_before else str(told.since.day)
    return digest(f"{origin}\n{finding.key.id}\n{finding.kind}\n{began}".encode())[:32]


def events(known: Known, findings: Sequence[Finding], before: ToldBefore, origin: str) -> list[Event]:
    """Each finding with its id, and whose key it is; `before` are those that were told earlier."""
    at = known.fleet.now
    if at is None:
        return []
    claimed = claims(known.preferences.owners)
    return [
        Event(
            id=_id(each, before.get((each.kind, each.key.id)), origin, at),
            finding=each,
            at=at,
            origin=origin,
            owner=next(iter(claimed.owners(each.key)), ""),
        )
        for each in findings
    ]


def _id(finding: Finding, before: Told | None, origin: str, at: datetime) -> str:
    """The one that it was told by before, unless that was another time: it began later, or is long past."""
    told = describe(finding)
    if before is not None and at - before.at <= PAUSE:
        began = told.since.day if told.since else None
        if began is None or began <= before.at.date():
            return before.id
    return first_id(origin, finding)


def told_now(before: ToldBefore, told: Sequence[Event]) -> dict[tuple[str, str], Told]:
    """What is to be remembered: these, and those before that may still go on."""
    now = {(each.finding.kind, each.finding.key.id): Told(each.id, each.at) for each in told}
    newest = max((each.at for each in told), default=None)
    kept = {name: each for name, each in before.items() if newest is None or newest - each.at <= PAUSE}
    return {**kept, **now}


def sentences(found: Findings) -> list[str]:
    """Each finding in a sentence, the worst first; in place of any, what was looked at."""
    if not found.worst_first:
        return [summary(found) or "There is no key to look at."]
    return [sentence(each) for each in found.worst_first]


def as_markdown(found: Findings) -> str:
    """The same as a list. What comes from elsewhere neither links nor loads anything."""
    graves = [f"**{each.gravity}** " if each.gravity != "none" else "" for each in found.worst_first] or [""]
    lines = zip(graves, sentences(found), strict=True)
    return "\n".join(f"- {grave}{in_markdown(each)}" for grave, each in lines)


def findings_document(
    known: Known,
    keys: Sequence[ApiKey],
    found: Findings,
    told: Sequence[Event],
    *,
    generated_at: datetime,
    version: str,
) -> dict[str, object]:
    """All of it: each finding with its figures, and of how many keys something can be said."""
    fleet, asked = known.fleet, known.asked_at(keys)
    failed = [problem for key in keys if (problem := known.problem(key.id))]
    return {
        "schema": SCHEMA,
        "generated_at": stamp(generated_at),
        "tool": {"name": "socd-tui", "version": version},
        "source": {"mode": mode(fleet, asked), "base_url": fleet.base_url, "fetched_at": stamp(asked)},
        "keys": [key_facts(key) for key in keys],
        "judged_keys": found.judged,
        "unjudged_keys": found.unjudged + found.awaited,
        "findings": [
            {
                "id": event.id,
                "gravity": event.finding.gravity,
                "owner": event.owner or None,
                **finding_data(event.finding),
            }
            for event in told
        ],
        "problems": [problem_facts(each) for each in (*fleet.problems, *failed)],
    }
