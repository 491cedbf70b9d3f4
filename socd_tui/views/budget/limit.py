"""One of a key's two limits, and what is used of it."""

from __future__ import annotations

from typing import Literal

from socd_tui.analysis.assessment import Assessment
from socd_tui.analysis.budget import OF_A_LIMIT, Budget
from socd_tui.analysis.standing import Standing
from socd_tui.charts.canvas import Role
from socd_tui.model.record import dataclass
from socd_tui.views.parts.outlook import forecast_part, has_no_outlook, tier_part
from socd_tui.views.parts.state import state_role

Cap = Literal["minute", "day"]


@dataclass(frozen=True, kw_only=True)
class LimitRow:
    """One of a key's two limits."""

    cap: Cap
    standing: Standing
    assessment: Assessment
    """What the key's days say: where it is heading, and whether its tier suits it."""

    @property
    def budget(self) -> Budget:
        return self.standing.budgets.minute if self.cap == "minute" else self.standing.budgets.day

    @property
    def limit(self) -> int | None:
        return self.budget.limit.value if self.budget.limit else None

    @property
    def limit_source(self) -> str | None:
        return self.budget.limit.source if self.budget.limit else None

    @property
    def used(self) -> float | None:
        return used_share(self.budget)

    @property
    def word(self) -> str:
        """The key's state; where that is how near its limits are, how near this one is."""
        word, of_both = self.standing.word, self.standing.budgets.verdict
        return self.budget.verdict if word == of_both and word in OF_A_LIMIT else word

    @property
    def role(self) -> Role:
        return state_role(self.budget.verdict)

    @property
    def outlook(self) -> str:
        """Of the minute the tier verdict, of the day the forecast; why there is none of both once."""
        if self.cap == "minute":
            return tier_part(self.assessment.tier)
        return "" if has_no_outlook(self.assessment) else forecast_part(self.assessment.forecast)


def used_share(budget: Budget) -> float | None:
    """What the gauge is filled to: now ÷ limit, else peak ÷ limit."""
    used = budget.used_ratio
    return budget.peak_ratio if used is None else used
