"""An API key as the list and detail calls describe it, and its limits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from socd_tui.model.text import Text

LimitSource = Literal["usage", "key", "tier"]
"""Where a limit comes from: the usage answer, the key's own record, or the tier table (an assumption)."""

KeyState = Literal["active", "expiring", "expired", "revoked"]

ENDED: tuple[KeyState, ...] = ("revoked", "expired")
"""States in which the service refuses all requests made with the key."""

TIER_LIMITS: dict[str, tuple[int, int]] = {"free": (10, 1_000), "pro": (1_000, 1_000_000)}
"""Requests per minute and per day by tier: the table of the documentation's "Rate limits" page."""

PRO_PRICE_USD_MONTH = 299
"""What Pro costs an account of up to 50 keys: "Pro ($299/mo)" on the documentation's usage page."""

EXPIRING_WITHIN = timedelta(days=7)
"""A key that expires in at most this time is "expiring"."""


@dataclass(frozen=True)
class Limit:
    """The most requests allowed in one minute or one day, and where that figure comes from."""

    value: int
    source: LimitSource


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """One entry of the key list, completed by the detail call. None is what neither of them says.

    `lifetime_requests` counts all requests since the key was created, in no window. Moments are UTC.
    `raw` is the JSON of the entry.
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
    limit_per_minute: int | None = None
    limit_per_day: int | None = None
    notes: tuple[str, ...] = ()
    raw: object = field(default=None, compare=False, repr=False)

    @property
    def short(self) -> str:
        """A suffix that distinguishes keys of the same name: the end of the prefix, or of the id.

        It is the id's where the service masks the end of the prefix.
        """
        tail = self.prefix.shown.removeprefix("sk_live_")
        return tail if tail.isalnum() else self.id[-4:]

    def completed(self, other: ApiKey) -> ApiKey:
        """This record, with what it does not say taken from another one of the same key."""
        return replace(
            self,
            tier=self.tier or other.tier,
            scopes=self.scopes or other.scopes,
            lifetime_requests=other.lifetime_requests
            if self.lifetime_requests is None
            else self.lifetime_requests,
            created_at=self.created_at or other.created_at,
            last_used_at=self.last_used_at or other.last_used_at,
            expires_at=self.expires_at or other.expires_at,
            revoked_at=self.revoked_at or other.revoked_at,
            limit_per_minute=other.limit_per_minute
            if self.limit_per_minute is None
            else self.limit_per_minute,
            limit_per_day=other.limit_per_day if self.limit_per_day is None else self.limit_per_day,
            notes=self.notes or other.notes,
        )

    def state(self, now: datetime | None) -> KeyState:
        """Whether the key can be used at `now` (UTC); without `now` it is active unless revoked."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_at is None or now is None:
            return "active"
        if self.expires_at <= now:
            return "expired"
        return "expiring" if self.expires_at - now <= EXPIRING_WITHIN else "active"

    def minute_limit(self) -> Limit | None:
        """The limit of requests per minute from the key's record, else the one of its tier, assumed.

        None when the tier is not in `TIER_LIMITS`.
        """
        return self._limit(self.limit_per_minute, 0)

    def day_limit(self) -> Limit | None:
        """The same of requests per day."""
        return self._limit(self.limit_per_day, 1)

    def _limit(self, own: int | None, column: Literal[0, 1]) -> Limit | None:
        if own is not None:
            return Limit(own, "key")
        row = TIER_LIMITS.get(self.tier.original.lower()) if self.tier else None
        return Limit(row[column], "tier") if row else None
