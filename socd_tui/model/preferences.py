"""What a person has settled once, in the settings or the system, and no key press changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo


@dataclass(frozen=True)
class Preferences:
    """Who pays for which keys, and the zone of this machine."""

    owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Owner to key ids, prefixes or name patterns, in the order of the file."""
    zone: tzinfo = UTC
    """The local zone, which hours are shown in when the Lens asks for it."""


DEFAULT = Preferences()
"""Nobody is named as an owner, and hours are UTC everywhere."""
