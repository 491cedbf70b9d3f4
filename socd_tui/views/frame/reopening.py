"""What an export holds to be opened again: all that is known of the keys that it is of, and of no others.

It is what `show` asks for, whoever exports: more may be known on the screen, and what the answers themselves
tell may be remembered, too.
"""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.assessment import pro_keys
from socd_tui.analysis.bill import payers_of
from socd_tui.analysis.known import Known
from socd_tui.analysis.latencies import latency
from socd_tui.analysis.owners import Owners, claims
from socd_tui.analysis.totals import add
from socd_tui.model.fleet import Fleet, LeftOut
from socd_tui.model.in_columns import picked
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens, Wanted, visible
from socd_tui.model.past import Past, answered_rows, observed_rows
from socd_tui.model.record import replace
from socd_tui.model.usage import Usage, hour_columns
from socd_tui.store.exported import Exported
from socd_tui.views.view import View


def reopened(views: Sequence[View], known: Known, lens: Lens, keys: tuple[ApiKey, ...]) -> Exported:
    """What these keys are seen with again as they are seen now; of the others only what is said of these."""
    fleet = known.fleet
    ids = tuple(key.id for key in keys)
    through = replace(lens, only=ids if len(ids) == 1 else lens.only, focus=None)
    wanted = Wanted.merged([view.windows(through) for view in views])
    slots = [(key_id, days) for key_id in ids for days in sorted({*wanted.now, *wanted.background})]
    usages = {slot: fleet.usages[slot] for slot in slots if slot in fleet.usages}
    answers: dict[str, list[Usage]] = {key_id: [] for key_id in ids}
    for (key_id, _), usage in usages.items():
        answers[key_id].append(usage)
    return Exported(
        fleet=replace(
            fleet,
            keys=keys,
            gone=fleet.gone if len(ids) == len(fleet.keys) else (),
            usages=usages,
            failures={slot: fleet.failures[slot] for slot in slots if slot in fleet.failures},
            past={
                key_id: past
                for key_id in ids
                if key_id in fleet.past and (past := _besides(fleet.past[key_id], answers[key_id]))
            },
            left_out=_left_out(known, lens, frozenset(ids)),
        ),
        lens=replace(
            lens.of_rows(views[0].name),
            only=(),
            rescaled=frozenset(),
        ),
        owners=_claims(known.preferences.owners, fleet, keys),
    )


def _left_out(known: Known, lens: Lens, ids: frozenset[str]) -> LeftOut:
    fleet, before = known.fleet, known.fleet.left_out
    others = [key for key in fleet.keys if key.id not in ids]
    if not others:
        return before
    window = known.covered(visible(fleet, lens))
    in_picture = [key for key in visible(fleet, lens) if key.id not in ids]
    requests = add(usage.requests for usage in known.usages(in_picture)) if in_picture else 0
    if before.keys:
        earlier = before.requests if before.days == known.days else None
        requests = None if None in (earlier, requests) else (earlier or 0) + (requests or 0)
    return LeftOut(
        keys=before.keys + len(others),
        pro=bool(pro_keys(fleet) - ids),
        payers=before.payers + payers_of(others, fleet.now, window),
        days=known.days,
        requests=requests,
    )


def _besides(past: Past, answers: list[Usage]) -> Past | None:
    """What is remembered beside what the answers tell; None where that is nothing."""
    days, hours = {*observed_rows(past.days)}, {*zip(*hour_columns(past.hours), strict=True)}
    for usage in reversed(answers):  # the longest first, which tells nearly all
        if days:
            days.difference_update(answered_rows(usage))
        if hours:
            hours.difference_update(zip(*hour_columns(usage.hours or ()), strict=True))
    told = {latency(usage) for usage in answers}
    places = [at for at, day in enumerate(observed_rows(past.days)) if day in days] if days else ()
    rest = Past(
        picked(past.days, places),
        tuple(hour for hour in past.hours if hour in hours) if hours else (),
        tuple(each for each in past.latencies if each not in told),
        past.foretold,
    )
    return rest if rest.days or rest.hours or rest.latencies or any(rest.foretold) else None


def _claims(owners: Owners, fleet: Fleet, keys: tuple[ApiKey, ...]) -> dict[str, tuple[str, ...]]:
    """Who claims these keys with which entries, and the entries that claim no key at all."""
    claimed = claims(owners)
    elsewhere = {*claimed.unmatched(keys)} - {*claimed.unmatched(fleet.keys)}
    told = {
        owner: tuple(entry for entry in entries if (owner, entry) not in elsewhere)
        for owner, entries in owners.items()
    }
    return {owner: entries for owner, entries in told.items() if entries}
