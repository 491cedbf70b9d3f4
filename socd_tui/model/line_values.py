"""What a line for a status bar is made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from socd_tui.model.record import dataclass, field


@dataclass(frozen=True)
class LineValues:
    """What its fields say that do not change by themselves, and all that is told besides. Texts are inert."""

    fields: Mapping[str, str] = field(default_factory=dict)
    """By name; what is not in it is unknown."""
    asked_at: datetime | None = None
    """When the oldest of the figures came, by this machine's clock."""
    gravity: str = "unknown"
    """Of the worst finding."""
    sentences: tuple[str, ...] = ()
    """The findings, worst first."""
