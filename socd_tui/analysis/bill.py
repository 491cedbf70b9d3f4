"""Who pays: the owner of each key, what its keys used, and their estimated share of the plan's price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from socd_tui.analysis.compare import Change, sum_changes
from socd_tui.analysis.known import Known
from socd_tui.analysis.standing import Standing, Total, standings, total
from socd_tui.analysis.totals import add
from socd_tui.model.key import ENDED, PRO_PRICE_USD_MONTH, ApiKey
from socd_tui.model.lens import Lens, visible
from socd_tui.model.text import folded, inert
from socd_tui.model.usage import ratio
from socd_tui.model.window import Window

_PATTERN, _PREFIX, _ID = 1, 2, 3
"""How strongly an entry of an owner claims a key."""

Owners = Mapping[str, tuple[str, ...]]
"""Owner to key ids, prefixes or name patterns, in the order of the file."""


@dataclass(frozen=True)
class Part:
    """What some keys used; those without an answer are not in it."""

    total: Total
    share: float | None
    """Of the requests of all keys in the picture that answered, 0 to 1."""
    cents: int | None
    """Of the plan's price, US cents a month, estimated by requests."""

    @property
    def error_ratio(self) -> float | None:
        """(4xx + 5xx) ÷ requests, 429 included."""
        return ratio(self.total.failed, self.total.requests)


@dataclass(frozen=True)
class Charge:
    """One key and its owner."""

    standing: Standing
    owner: str | None
    """None for a key that nobody claims."""
    part: Part

    @property
    def change(self) -> Change | None:
        """Its requests beside those of the window before, when the Lens compares."""
        return self.standing.change


@dataclass(frozen=True)
class Group:
    """Some keys and their sum: those of one owner, nobody's, or all."""

    owner: str | None
    """None for the keys that nobody claims."""
    charges: tuple[Charge, ...]
    part: Part

    @property
    def change(self) -> Change | None:
        """The requests of those that answered beside the window before, when the Lens compares."""
        return sum_changes(charge.change for charge in self.charges)


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What the keys in the picture cost, and whom."""

    charges: tuple[Charge, ...]
    """One a key, in the service's order."""
    requests: int | None
    """Of all keys that answered."""
    price: int | None
    """Of the plan, USD a month; None without a Pro key that could be used in the window."""
    silent: int
    """Keys that could be used in the window but did not answer."""
    disputed: tuple[tuple[ApiKey, tuple[str, ...]], ...]
    """Keys that several owners claim equally; the first of them has it."""
    unmatched: tuple[tuple[str, str], ...]
    """(owner, entry) for each entry that none of the account's keys matches."""


def bill(known: Known, lens: Lens) -> Bill:
    """The keys in the picture, each with its owner and its share."""
    rows, owners = standings(known, lens), known.preferences.owners
    claims = {row.key.id: claimants(row.key, owners) for row in rows}
    window = known.covered(visible(known.fleet, lens))
    living = [row for row in rows if not (window and _ended(row, window))]
    price = PRO_PRICE_USD_MONTH if any(_is_pro(row.key) for row in living) else None
    cents = _cents(rows, price)
    return Bill(
        charges=tuple(
            Charge(
                row,
                next(iter(claims[row.key.id]), None),
                Part(total([row]), row.share, cents.get(row.key.id)),
            )
            for row in rows
        ),
        requests=total(rows).requests,
        price=price,
        silent=sum(row.usage is None for row in living),
        disputed=tuple((row.key, claims[row.key.id]) for row in rows if len(claims[row.key.id]) > 1),
        unmatched=unmatched_entries(known.fleet.keys, owners) if known.fleet.keys else (),
    )


def group_by_owner(charges: Sequence[Charge], owners: Owners, requests: int | None) -> tuple[Group, ...]:
    """The charges by owner in the order of the file, unclaimed ones last; owners without one are left out.

    Shares are of these `requests`.
    """
    groups = []
    for owner in (*owners, None):
        own = tuple(charge for charge in charges if charge.owner == owner)
        if own:
            groups.append(Group(owner, own, sum_charges(own, requests)))
    return tuple(groups)


def sum_charges(charges: Sequence[Charge], requests: int | None) -> Part:
    """What these keys used together, as a share of these `requests`; None where one of them did not say."""
    used = total(charge.standing for charge in charges)
    cents = add(charge.part.cents for charge in charges if charge.standing.usage) if used.answered else None
    return Part(used, ratio(used.requests, requests), cents)


def claimants(key: ApiKey, owners: Owners) -> tuple[str, ...]:
    """The owners with the strongest claim to a key: an id beats a prefix, a prefix beats a pattern."""
    claims = {
        owner: max((_claim(entry, key) for entry in entries), default=0) for owner, entries in owners.items()
    }
    strongest = max(claims.values(), default=0)
    return tuple(owner for owner, claim in claims.items() if claim and claim == strongest)


def unmatched_entries(keys: Sequence[ApiKey], owners: Owners) -> tuple[tuple[str, str], ...]:
    """(owner, entry) for each entry that matches no key."""
    return tuple(
        (owner, entry)
        for owner, entries in owners.items()
        for entry in entries
        if not any(_claim(entry, key) for key in keys)
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


def _is_pro(key: ApiKey) -> bool:
    return key.tier is not None and key.tier.original.lower() == "pro"


def _ended(row: Standing, window: Window) -> bool:
    """Whether the key was revoked or expired before the window began."""
    ends = [at.date() for at in (row.key.revoked_at, row.key.expires_at) if at]
    return row.state in ENDED and min(ends) < window.start


def _cents(rows: Sequence[Standing], price: int | None) -> dict[str, int]:
    """The price in cents by the id of each key that answered; empty when it cannot be shared."""
    answered = [row.key.id for row in rows if row.usage]
    requests = [row.requests for row in rows if row.usage and row.requests is not None]
    if price is None or len(requests) < len(answered):
        return {}
    return dict(zip(answered, apportion(price * 100, requests) or (), strict=False))


def _claim(entry: str, key: ApiKey) -> int:
    typed = folded(entry)
    if typed and typed == folded(key.id):
        return _ID
    # Prefixes that differ in case alone are of different keys.
    if entry and inert(entry).strip() == key.prefix.shown:
        return _PREFIX
    # Only * and ? are wild: names like "SOAR [prod]" are common, sets of letters are not.
    return _PATTERN if fnmatchcase(folded(key.name.original), typed.replace("[", "[[]")) else 0
