"""Preferences from the settings and the system, which no key press changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo

from socd_tui.model.record import dataclass, field


@dataclass(frozen=True)
class Preferences:
    """Who pays for which keys, and the zone of this machine."""

    owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Owner to key ids, prefixes or name patterns, in the order of `config.toml`."""
    zone: tzinfo = UTC
    """The local zone, which hours are shown in when the Lens asks for it."""


DEFAULT = Preferences()
"""Without owners, and with UTC as the local zone."""
