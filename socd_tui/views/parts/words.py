"""A word or two for each kind of finding."""

from __future__ import annotations

from collections.abc import Mapping

from socd_tui.analysis.findings import (
    Burst,
    Capped,
    EndedInUse,
    ErrorsRising,
    Expiring,
    Failing,
    NearingCap,
    RunningAway,
    Throttled,
    UsualBurst,
)

WORDS: Mapping[str, str] = {
    RunningAway.kind: "running away",
    Capped.kind: "at the cap",
    Throttled.kind: "throttled",
    ErrorsRising.kind: "failing more",
    NearingCap.kind: "nearing the cap",
    Burst.kind: "ran away",
    EndedInUse.kind: "ended but asked",
    Expiring.kind: "expiring",
    Failing.kind: "failing",
    UsualBurst.kind: "busy as before",
}
"""What is said of each kind where no figure fits, or nothing else is known of it any more."""
