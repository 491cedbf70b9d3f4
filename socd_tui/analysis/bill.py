"""Who pays: the owner of each key, what its keys used, and their estimated part of the plan's price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from socd_tui.analysis.compare import Change, sum_changes
from socd_tui.analysis.known import Known
from socd_tui.analysis.owners import Owners, claims
from socd_tui.analysis.standing import Standing, Total, by_weight, standings, total
from socd_tui.analysis.totals import add
from socd_tui.model.key import ENDED, PRO_PRICE_USD_MONTH, TIER_LIMITS, ApiKey, KeyState
from socd_tui.model.lens import Lens, visible
from socd_tui.model.record import dataclass, replace
from socd_tui.model.text import quoted
from socd_tui.model.usage import Usage, ratio
from socd_tui.model.window import Window

MONTH = 30
"""Days of the month that a price a month is prorated by."""

REFUSALS = (401, 403)
"""Codes with which a key that has ended is refused."""


_NOTHING = Total(keys=1, answered=0)


@dataclass(frozen=True, kw_only=True)
class Charge:
    """One key and its owner."""

    standing: Standing
    owner: str | None
    """None for a key that nobody claims."""
    cents: int | None
    """Of what the plan costs in the window, US cents, by requests let through; None for what is left out."""
    cents_a_month: int | None
    """The same of its price a month."""
    let_through: int | None
    """Requests that were not refused; None where that is not known."""

    @property
    def used(self) -> Usage | Total:
        """What it used; all of it unknown without an answer."""
        return self.standing.usage or _NOTHING

    @property
    def share(self) -> float | None:
        """Of the requests of all keys in the picture that answered, 0 to 1."""
        return self.standing.share

    @property
    def change(self) -> Change | None:
        """Its requests beside those of the window before, when the Lens compares."""
        return self.standing.change


@dataclass(frozen=True, kw_only=True)
class Group:
    """Some keys and their sum, without those that did not answer: those of one owner, nobody's, or all."""

    owner: str | None
    """None for the keys that nobody claims."""
    charges: tuple[Charge, ...]
    used: Total
    share: float | None
    """Of the requests of all keys in the picture that answered, 0 to 1."""
    cents: int | None
    cents_a_month: int | None
    let_through: int | None
    """Requests that were not refused; None where one of those that answered did not say."""

    @cached_property
    def change(self) -> Change | None:
        """The requests of those that answered beside the window before, when the Lens compares."""
        return sum_changes(charge.change for charge in self.charges)


@dataclass(frozen=True)
class LeftOut:
    """Keys that share no price, for one reason."""

    reason: str
    keys: int
    let_through: int | None
    """Their requests that were not refused; None where one of those that answered did not say."""


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What the keys in the picture cost, and whom."""

    charges: tuple[Charge, ...]
    """One a key, in the service's order."""
    requests: int | None
    """Of all keys that answered."""
    price: int | None
    """Of the plan, USD a month; None without a Pro key that could be used in the window."""
    days: int
    """Length of the window, for which the price is prorated."""
    left_out: tuple[LeftOut, ...]
    """The keys in the picture that share no price; none where there is no price."""
    payers: int
    """Pro keys in the picture that could be used in the window."""
    of_payers: int
    """Such keys of the account."""
    silent: int
    """Those in the picture that did not answer."""
    disputed: tuple[tuple[ApiKey, tuple[str, ...]], ...]
    """Keys that several owners claim equally; the first of them has it."""
    unmatched: tuple[tuple[str, str], ...]
    """(owner, entry) for each entry that none of the account's keys matches."""

    @property
    def cents(self) -> int | None:
        """What the plan costs in the window, US cents."""
        return None if self.price is None else _prorated(self.price, self.days)


def let_through(row: Standing) -> int | None:
    """The key's requests less those refused: with 429, and of a key that has ended with 401 and 403 too.

    None where one of both is unknown or they contradict. Where no codes tell how many were refused of a key
    that ended within its window, some of them were not: then only 429 counts.
    """
    usage = row.usage
    if usage is None or usage.requests is None or usage.throttled is None:
        return None
    refused = usage.throttled
    if row.state in ENDED and usage.requests:
        if usage.statuses is not None:
            refused += sum(usage.statuses.get(code, 0) for code in REFUSALS)
        elif _ended_before(row.key, row.state, usage.window) and usage.client_errors != refused:
            return None
    return usage.requests - refused if refused <= usage.requests else None


def bill(known: Known, lens: Lens) -> Bill:
    """The keys in the picture, each with its owner and its share."""
    return known.once(_bill, lens.of_keys())


def payers_of(keys: Iterable[ApiKey], now: datetime | None, window: Window | None) -> int:
    """How many of the keys pay for the window."""
    return sum(not _why_left_out(key, key.state(now), window) for key in keys)


def _bill(known: Known, lens: Lens) -> Bill:
    rows, claimed = standings(known, lens), claims(known.preferences.owners)
    claimants = {row.key.id: claimed.owners(row.key) for row in rows}
    window, now = known.covered(visible(known.fleet, lens)), known.fleet.now
    days = window.days if window else lens.days
    reasons = {row.key.id: _why_left_out(row.key, row.state, window) for row in rows}
    payers = [row for row in rows if not reasons[row.key.id]]
    price = PRO_PRICE_USD_MONTH if payers else None
    through = {row.key.id: let_through(row) for row in rows}
    paying = {row.key.id: through[row.key.id] for row in payers if row.usage}
    in_window = _parts(paying, _prorated(PRO_PRICE_USD_MONTH, days))
    a_month = _parts(paying, PRO_PRICE_USD_MONTH * 100)
    return Bill(
        charges=tuple(
            Charge(
                standing=row,
                owner=next(iter(claimants[row.key.id]), None),
                cents=in_window.get(row.key.id),
                cents_a_month=a_month.get(row.key.id),
                let_through=through[row.key.id],
            )
            for row in rows
        ),
        requests=total(rows).requests,
        price=price,
        days=days,
        left_out=_left_out(rows, reasons) if payers else (),
        payers=len(payers),
        of_payers=known.fleet.left_out.payers + payers_of(known.fleet.keys, now, window),
        silent=sum(row.usage is None for row in payers),
        disputed=tuple((row.key, claimants[row.key.id]) for row in rows if len(claimants[row.key.id]) > 1),
        unmatched=claimed.unmatched(known.fleet.keys) if known.fleet.keys else (),
    )


def group_by_owner(charges: Sequence[Charge], owners: Owners, requests: int | None) -> tuple[Group, ...]:
    """The charges by owner in the order of the file, unclaimed ones last; owners without one are left out.

    Shares are of these `requests`.
    """
    groups = []
    for owner in (*owners, None):
        own = tuple(charge for charge in charges if charge.owner == owner)
        if own:
            groups.append(together(owner, own, requests))
    return tuple(groups)


def heaviest_first(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Owners and their keys, each with most requests first; what nobody owns comes last."""
    sorted_within = (
        replace(group, charges=tuple(sorted(group.charges, key=lambda charge: by_weight(charge.standing))))
        for group in groups
    )
    return tuple(sorted(sorted_within, key=lambda group: (group.owner is None, -(group.used.requests or 0))))


def together(owner: str | None, charges: tuple[Charge, ...], requests: int | None) -> Group:
    """What these keys used together, as a share of these `requests`; None where one of them did not say."""
    used = total(charge.standing for charge in charges)
    in_window = [charge.cents for charge in charges if charge.cents is not None]
    a_month = [charge.cents_a_month for charge in charges if charge.cents_a_month is not None]
    return Group(
        owner=owner,
        charges=charges,
        used=used,
        share=ratio(used.requests, requests),
        cents=sum(in_window) if in_window else None,
        cents_a_month=sum(a_month) if a_month else None,
        let_through=_let_through_by([charge.standing for charge in charges]),
    )


def apportion(amount: int, weights: Sequence[int]) -> list[int] | None:
    """Shares the amount by weight in integers that add up to it; None when nothing has a weight.

    The method of largest remainders (Hamilton, 1792): each part is rounded down, and what is left over
    goes one by one to those that lost most by that, the earlier of equals first.
    """
    total_weight = sum(weights)
    if total_weight <= 0 or min(weights) < 0:
        return None
    parts = [amount * weight // total_weight for weight in weights]
    lost_most = sorted(range(len(weights)), key=lambda i: -(amount * weights[i] % total_weight))
    for i in lost_most[: amount - sum(parts)]:
        parts[i] += 1
    return parts


def _prorated(price: int, days: int) -> int:
    """Cents of so many days of a price in dollars a month of 30 days."""
    return round(price * 100 * days / MONTH)


def _why_left_out(key: ApiKey, state: KeyState, window: Window | None) -> str:
    """Why the key shares no price; empty when it does."""
    if key.plan != "pro":
        tier = key.plan if key.plan in TIER_LIMITS else quoted(key.plan)
        return f"tier {tier}" if key.plan else "tier unknown"
    return "ended before the window" if _ended_before(key, state, window) else ""


def _ended_before(key: ApiKey, state: KeyState, window: Window | None) -> bool:
    if window is None or state not in ENDED:
        return False
    return any(at.date() < window.start for at in (key.revoked_at, key.expires_at) if at)


def _left_out(rows: Sequence[Standing], reasons: Mapping[str, str]) -> tuple[LeftOut, ...]:
    """By reason, in the order of the rows."""
    found = []
    for reason in dict.fromkeys(filter(None, reasons.values())):
        those = [row for row in rows if reasons[row.key.id] == reason]
        found.append(LeftOut(reason, len(those), _let_through_by(those)))
    return tuple(found)


def _let_through_by(rows: Sequence[Standing]) -> int | None:
    """The sum of some keys; None where none of them answered, or one did not say."""
    answered = [row for row in rows if row.usage]
    return add(map(let_through, answered)) if answered else None


def _parts(let_through: Mapping[str, int | None], cents: int) -> dict[str, int]:
    """An amount by the id of each key that answered; empty when it cannot be shared."""
    known = [weight for weight in let_through.values() if weight is not None]
    if len(known) < len(let_through):
        return {}
    return dict(zip(let_through, apportion(cents, known) or (), strict=False))
