"""The keys of the demo account. Ten of them each show something that the views should make visible."""

from __future__ import annotations

import string
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from socd_tui.model.key import TIER_LIMITS
from socd_tui.model.record import dataclass
from socd_tui.model.window import longest_days
from socd_tui.service.demo import stories
from socd_tui.service.demo.habit import Story

_SCOPES = {
    "free": ("read:iocs", "read:articles"),
    "pro": ("read:iocs", "read:articles", "read:articles:export", "read:stix", "read:misp", "read:cef"),
}

_REVOKED = timedelta(days=stories.REVOKED_ON, hours=stories.REVOKED_HOUR)

_OLDER_PRO_LIMITS = (100, 50_000)
"""Requests per minute and per day of Pro in an earlier copy of the documentation: a key keeps its limits."""


@dataclass(frozen=True, kw_only=True)
class KeyRole:
    """What one key is like and what it shows. Its times count from 00:00 UTC of the day the demo starts."""

    name: str
    tier: str
    age_days: int
    story: Story
    before: int = 0
    """Requests made earlier than the longest window reaches."""
    limits: tuple[int, int] | None = None
    """Requests per minute and per day; None for the tier's."""
    expires: timedelta | None = None
    last_used: timedelta | None = None
    revoked: timedelta | None = None
    missing: bool = False
    """It is in the list, but its detail and its usage answer 404."""


@dataclass(frozen=True, kw_only=True)
class DemoKey:
    """A key of the account: its role, an id and prefix, and its dates (UTC)."""

    id: str
    prefix: str
    role: KeyRole
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    """Set only for a key last used before every window; for others `Truth` knows it from their traffic."""

    @property
    def scopes(self) -> tuple[str, ...]:
        return _SCOPES[self.role.tier]

    @property
    def limit_per_minute(self) -> int:
        return (self.role.limits or TIER_LIMITS[self.role.tier])[0]

    @property
    def limit_per_day(self) -> int:
        return (self.role.limits or TIER_LIMITS[self.role.tier])[1]


ROLES = (
    KeyRole(name="Production SIEM", tier="pro", age_days=492, story=stories.siem, before=1_904_311),
    KeyRole(name="threat-notebook", tier="free", age_days=203, story=stories.notebook, before=6_870),
    KeyRole(
        name="MISP sync",
        tier="pro",
        age_days=371,
        story=stories.misp_sync,
        before=1_019_204,
        limits=_OLDER_PRO_LIMITS,
    ),
    KeyRole(name="SOAR enrichment", tier="pro", age_days=258, story=stories.soar, before=341_118),
    KeyRole(
        name="idle-lab",
        tier="free",
        age_days=236,
        story=stories.idle,
        before=2_316,
        last_used=timedelta(days=-122, hours=15, minutes=7),
    ),
    KeyRole(
        name="Contractor read-only",
        tier="free",
        age_days=87,
        story=stories.contractor,
        expires=timedelta(days=3, hours=12),
    ),
    KeyRole(
        name="Old dashboard",
        tier="pro",
        age_days=611,
        story=stories.old_dashboard,
        before=287_530,
        revoked=_REVOKED,
    ),
    KeyRole(
        name="dev sandbox", tier="free", age_days=64, story=stories.sandbox_light, expires=timedelta(days=116)
    ),
    KeyRole(
        name="dev sandbox",
        tier="free",
        age_days=41,
        story=stories.sandbox_moderate,
        expires=timedelta(days=139),
    ),
    KeyRole(name="ghost import", tier="free", age_days=19, story=stories.idle, missing=True),
)

_SYSTEMS = (
    "Splunk forwarder", "Sentinel connector", "Elastic ingest", "Phishing triage", "Detection lab",
    "Weekly report", "Firewall blocklist", "Threat hunt", "Ticket enrichment", "Nightly export",
)  # fmt: skip
_SITES = ("eu-west", "us-east", "apac", "staging", "DR")
_PATHS = (stories.IOCS, stories.ARTICLES, stories.LOOKUP, stories.SEARCH, stories.STATS, stories.STIX)


def demo_keys(seed: int, now: datetime, keys: int) -> tuple[DemoKey, ...]:
    """The first `keys` keys of the account at `now`, in the order the service lists them.

    The keys of `ROLES` come first; further ones are ordinary integrations.
    """
    return tuple(_key(seed, number, now) for number in range(keys))


def _key(seed: int, number: int, now: datetime) -> DemoKey:
    rng = Random(f"{seed}:key:{number}")  # noqa: S311 - invented data, no secret
    key_id = str(UUID(int=rng.getrandbits(128), version=4))
    prefix = "sk_live_" + "".join(rng.choices(string.ascii_letters + string.digits, k=4))
    minute_of_day = timedelta(minutes=rng.randrange(7 * 60, 18 * 60), seconds=rng.randrange(60))
    role = ROLES[number] if number < len(ROLES) else _integration(number - len(ROLES), rng)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return DemoKey(
        id=key_id,
        prefix=prefix,
        role=role,
        created_at=midnight - timedelta(days=role.age_days) + minute_of_day,
        expires_at=midnight + role.expires if role.expires else None,
        revoked_at=midnight + role.revoked if role.revoked else None,
        last_used_at=midnight + role.last_used if role.last_used else None,
    )


def _integration(number: int, rng: Random) -> KeyRole:
    system = _SYSTEMS[number % len(_SYSTEMS)]
    site = _SITES[number // len(_SYSTEMS) % len(_SITES)]
    tier = rng.choice(("free", "pro", "pro"))
    requests = rng.uniform(40, 400) if tier == "free" else rng.lognormvariate(7, 0.8)
    paths = tuple(rng.sample(_PATHS[:3] if tier == "free" else _PATHS, k=3))
    age_days = rng.randrange(30, 500)
    return KeyRole(
        name=f"{system} {site}",
        tier=tier,
        age_days=age_days,
        story=stories.integration(requests, paths, rng.uniform(0.2, 1.0)),
        before=round(requests * 0.8 * max(0, age_days - longest_days())),
    )
