"""The limits of every key in the picture, with where each is heading: two lines a key, or one for many."""

from __future__ import annotations

from typing import Any

from socd_tui.analysis.forecast import GUESS_BELOW
from socd_tui.analysis.known import Known
from socd_tui.model.lens import BASELINE, Lens, Wanted, shown_windows
from socd_tui.model.window import LOOK_BACK
from socd_tui.views.parts.measure import Meaning, Measures
from socd_tui.views.view import Pane, View

NAME = "budget"


class BudgetView(View):
    name = NAME
    order = 6
    title = "Budget"
    question = "Will I hit the cap?"
    shows = "limits and forecast"
    scope = "all"
    meanings = (
        Meaning(
            "without a sort", "the likeliest to reach its day cap comes first, then the nearest to a limit"
        ),
        Meaning(
            "outlook: cap, cap ahead",
            "how likely some day ahead reaches the cap, from weekday medians and the busiest days of past "
            f"weeks over up to {LOOK_BACK}; a guess under {GUESS_BELOW} full days",
        ),
        Meaning(
            "outlook: tier, tier",
            "stay, borderline, upgrade or could downgrade, by both limits of the documented tiers",
        ),
    )

    @property
    def measures(self) -> Measures[Any]:
        # Late, as the pane: until somebody looks at it these words are enough.
        from socd_tui.views.budget.measures import MEASURES

        return MEASURES

    def windows(self, lens: Lens) -> Wanted:
        return Wanted.merged([shown_windows(lens), Wanted((), BASELINE)])

    def build(self, known: Known, lens: Lens) -> Pane:
        from socd_tui.views.budget.pane import budget

        return budget(known, lens)


VIEW = BudgetView()
