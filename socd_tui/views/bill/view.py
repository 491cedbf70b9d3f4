"""What each owner's keys used, and their estimated share of the plan's price."""

from __future__ import annotations

from typing import Any

from socd_tui.analysis.known import Known
from socd_tui.model.lens import Lens
from socd_tui.views.parts.measure import Meaning, Measures
from socd_tui.views.view import Pane, View

NAME = "bill"

MANY = 20
"""Keys beyond which those of an owner are listed only while the cursor is on one of them."""


class BillView(View):
    name = NAME
    order = 7
    title = "Bill"
    question = "Who pays for it?"
    shows = "cost"
    scope = "all"
    groupings = ("owner", "key")
    toggles = ("owner",)
    hints = ("owner", "export", "compare")
    meanings = (
        Meaning(
            "owner",
            f"with more than {MANY} keys the cursor goes from owner to owner, and enter to the keys of one; "
            "up from the first of them leaves them",
        ),
    )

    @property
    def measures(self) -> Measures[Any]:
        # Late, as the pane: until somebody looks at it these words are enough.
        from socd_tui.views.bill.measures import MEASURES

        return MEASURES

    def build(self, known: Known, lens: Lens) -> Pane:
        from socd_tui.views.bill.pane import priced

        return priced(known, lens)


VIEW = BillView()
