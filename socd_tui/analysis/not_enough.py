"""Why there is no figure: too few days, or a question that does not arise."""

from __future__ import annotations

from socd_tui.model.record import dataclass


@dataclass(frozen=True)
class NotEnough:
    """Why there is no answer, e.g. "3 full days, 14 are needed"."""

    reason: str

    def __str__(self) -> str:
        return f"not enough data: {self.reason}"


@dataclass(frozen=True)
class NoAnswer(NotEnough):
    """Not a matter of too few days: the question does not arise, or what answers it is on its way."""

    def __str__(self) -> str:
        return self.reason
