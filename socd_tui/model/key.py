"""An API key as the list and detail calls describe it, and its limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Literal

from socd_tui.model.alike import appearance
from socd_tui.model.record import MISSING, dataclass, field, fields, replace
from socd_tui.model.text import Text, folded

LimitSource = Literal["usage", "key", "tier", "unlimited"]
"""Where a limit comes from: the usage answer, the key's own record, or the tier table (an assumption).

"unlimited" when the service says that there is none.
"""

SentLimit = int | Literal["unlimited", "unreadable"] | None
"""What the service says of a limit; None when it says nothing."""

KeyState = Literal["active", "expiring", "expired", "revoked", "unknown"]
"""Whether the service takes requests made with the key; unknown when it said something unreadable of that."""

ENDED: tuple[KeyState, ...] = ("revoked", "expired")
"""States in which the service refuses all requests made with the key."""

TIER_LIMITS: dict[str, tuple[int, int]] = {"free": (10, 1_000), "pro": (1_000, 1_000_000)}
"""Requests per minute and per day by tier: the table of the documentation's "Rate limits" page."""

PRO_PRICE_USD_MONTH = 299
"""What Pro costs an account of up to 50 keys: "Pro ($299/mo)" on the documentation's usage page."""

NO_NAME = Text("(no name)")
"""What a key is called that was listed without a name."""

EXPIRING_WITHIN = timedelta(days=7)
"""A key that expires in at most this time is "expiring"."""


@dataclass(frozen=True)
class Limit:
    """The most requests allowed in one minute or one day, and where that figure comes from.

    `value` is None where the service says that there is no limit.
    """

    value: int | None
    source: LimitSource


UNLIMITED = Limit(None, "unlimited")

_limit_from = lru_cache(maxsize=1 << 10)(Limit)
"""A thousand keys have few limits, and ask for them with every window."""


def share_of(limit: Limit | None, requests: int | None) -> float | None:
    """requests ÷ limit, more than 1 beyond it; None when either is unknown or 0 is the limit, or none."""
    if limit is None or not limit.value or requests is None:
        return None
    return requests / limit.value


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """One entry of the key list, completed by the detail call. None is what neither of them says.

    `lifetime_requests` counts all requests since the key was created, in no window. Moments are UTC.
    """

    id: str
    name: Text
    prefix: Text
    tier: Text | None = None
    scopes: tuple[Text, ...] = ()
    lifetime_requests: int | None = None
    created_at: datetime | None = None
    last_used_at: datetime | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    limit_per_minute: SentLimit = None
    limit_per_day: SentLimit = None
    unreadable: frozenset[str] = frozenset()
    """The moments above that were sent in a form that could not be read, by name."""
    notes: tuple[str, ...] = ()
    tag: str = field(default="", compare=False, repr=False)
    """The part of its id that no namesake has, where their prefixes are the same: see `told_apart`."""

    def __hash__(self) -> int:
        """Of its id, which tells it apart from all others: what is made once for a thousand keys is found by
        them."""
        return hash(self.id)

    @cached_property
    def short(self) -> str:
        """A suffix that distinguishes keys of the same name: the end of the prefix, or some of the id.

        It is the id's where the service masks the end of the prefix, or two keys have the same.
        """
        tail = self.prefix.shown.removeprefix("sk_live_")
        return self.tag or (tail if tail.isalnum() else self.id[-4:])

    @property
    def plan(self) -> str:
        """Its tier as `TIER_LIMITS` has it, however the service writes it; empty where that is not said."""
        return folded(self.tier.shown) if self.tier else ""

    @property
    def is_complete(self) -> bool:
        """Whether the list said what the detail call is asked for: limits and tier, a name and a prefix."""
        said = self.tier and self.prefix.shown and self.name != NO_NAME
        return bool(said) and None not in (self.limit_per_minute, self.limit_per_day)

    def completed(self, other: ApiKey) -> ApiKey:
        """This record, with what it does not say taken from another one of the same key."""
        absent = {
            each.name: getattr(other, each.name)
            for each in fields(self)
            if each.default is not MISSING and getattr(self, each.name) in (None, (), "unreadable")
        }
        merged = replace(self, **{name: value for name, value in absent.items() if value not in (None, ())})
        return replace(
            merged,
            name=other.name if self.name == NO_NAME else self.name,
            prefix=self.prefix if self.prefix.shown else other.prefix,
            unreadable=frozenset(
                name for name in self.unreadable | other.unreadable if getattr(merged, name) is None
            ),
        )

    def state(self, now: datetime | None) -> KeyState:
        """Whether the key can be used at `now` (UTC); without `now` no key has expired."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_at is not None and now is not None and self.expires_at <= now:
            return "expired"
        if not self.unreadable.isdisjoint({"revoked_at", "expires_at"}):
            return "unknown"
        if self.expires_at is None or now is None:
            return "active"
        return "expiring" if self.expires_at - now <= EXPIRING_WITHIN else "active"

    def minute_limit(self, reported: SentLimit = None) -> Limit | None:
        """The limit of requests per minute: what the usage answer reported, else the key's record says.

        Where neither said anything the one of its tier, assumed. None for a tier that is not in
        `TIER_LIMITS`, and where what was said cannot be read.
        """
        return self._limit(reported, self.limit_per_minute, 0)

    def day_limit(self, reported: SentLimit = None) -> Limit | None:
        """The same of requests per day."""
        return self._limit(reported, self.limit_per_day, 1)

    def _limit(self, reported: SentLimit, own: SentLimit, column: Literal[0, 1]) -> Limit | None:
        if isinstance(reported, int):
            return _limit_from(reported, "usage")
        if reported == "unlimited" or own == "unlimited":
            return UNLIMITED
        if isinstance(own, int):
            return _limit_from(own, "key")
        if "unreadable" in (reported, own):
            return None
        row = TIER_LIMITS.get(self.plan)
        return _limit_from(row[column], "tier") if row else None


MOMENTS = tuple(each.name for each in fields(ApiKey) if each.name.endswith("_at"))
"""The moments of a key's record, by name."""


class ToldApart(tuple[ApiKey, ...]):
    """Keys of which that is known: a Fleet takes over those of the one before at every answer."""

    __slots__ = ()


def told_apart(keys: Sequence[ApiKey]) -> ToldApart:
    """The same keys, each with a `short` that no other key has whose name can be taken for its own."""
    if isinstance(keys, ToldApart):
        return keys
    namesakes: dict[str, list[ApiKey]] = {}
    for key in keys:
        namesakes.setdefault(appearance(key.name.shown), []).append(replace(key, tag="") if key.tag else key)
    tags = {key_id: tag for group in namesakes.values() for key_id, tag in _tags(group).items()}
    tagged = ((key, tags.get(key.id, "")) for key in keys)
    return ToldApart(key if key.tag == tag else replace(key, tag=tag) for key, tag in tagged)


def _tags(namesakes: Sequence[ApiKey]) -> dict[str, str]:
    """As much of the id as it takes, by id, for those of the keys that share what else tells them apart."""
    count = Counter(key.short for key in namesakes)
    alike = [key for key in namesakes if count[key.short] > 1]
    for part in (slice(-4, None), slice(8), slice(-8, None), slice(-12, None), slice(None)):
        tags = {key.id: key.id[part] for key in alike}
        if len(set(tags.values())) == len(alike) and not count.keys() & set(tags.values()):
            return tags
    return {key.id: key.id for key in alike}
