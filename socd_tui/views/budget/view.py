"""The limits of every key in the picture, with where each is heading: two lines a key, or one for many."""

from __future__ import annotations

from socd_tui.analysis.forecast import GUESS_BELOW
from socd_tui.analysis.known import Known
from socd_tui.model.lens import BASELINE, Lens, Wanted, shown_windows
from socd_tui.model.window import LOOK_BACK
from socd_tui.views.budget.measures import MEASURES, NAME
from socd_tui.views.parts.measure import Meaning
from socd_tui.views.view import Pane, View


class BudgetView(View):
    name = NAME
    order = 6
    title = "Budget"
    question = "Will I hit the cap?"
    shows = "limits and forecast"
    scope = "all"
    measures = MEASURES
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

    def windows(self, lens: Lens) -> Wanted:
        return Wanted.merged([shown_windows(lens), Wanted((), BASELINE)])

    def build(self, known: Known, lens: Lens) -> Pane:
        # Late: until somebody looks at it these words are enough.
        from socd_tui.views.budget.pane import budget

        return budget(known, lens)


VIEW = BudgetView()
