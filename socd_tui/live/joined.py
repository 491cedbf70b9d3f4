"""Two Fleets of one account as one: what is newer counts, whichever process asked for it."""

from __future__ import annotations

from datetime import datetime

from socd_tui.model.fleet import Fleet, still_there
from socd_tui.model.record import replace
from socd_tui.model.usage import Usage


def joined(own: Fleet, kept: Fleet) -> Fleet:
    """Our answers, with what is newer in a Fleet that was kept, by an earlier run or by another process.

    An answer that is taken over ends the failure of our own; a newer list of keys says which are gone.
    """
    newer = {
        slot: usage
        for slot, usage in kept.usages.items()
        if slot not in own.usages or _made(usage) > _made(own.usages[slot])
    }
    whole = replace(
        own,
        usages={**own.usages, **newer},
        failures={slot: problem for slot, problem in own.failures.items() if slot not in newer},
        analysed=kept.analysed,
    )
    if kept.listed_at is not None and (own.listed_at is None or kept.listed_at > own.listed_at):
        there = {key.id for key in kept.keys}
        gone = tuple(key for key in (*own.gone, *own.keys) if key.id not in there)
        whole = replace(
            whole,
            keys=kept.keys,
            gone=gone,
            problems=(),
            listed_at=kept.listed_at,
            usages=still_there(whole.usages, gone),
            failures=still_there(whole.failures, gone),
        )
    if kept.observed_at is not None and (own.observed_at is None or kept.observed_at > own.observed_at):
        heard_at = max((usage.fetched_at for usage in kept.usages.values()), default=None)
        of_this_run = heard_at is not None and own.opened_at is not None and heard_at > own.opened_at
        whole = replace(
            whole, observed_at=kept.observed_at, heard_at=heard_at if of_this_run else own.heard_at
        )
    return whole


def _made(usage: Usage) -> tuple[datetime, datetime]:
    """When the answer was made: by the service's clock, which tells seconds, then by this machine's."""
    return usage.observed_at, usage.fetched_at
