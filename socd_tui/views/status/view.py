"""The status codes of the chosen keys: the rate of errors, the codes by group, and what to do about them."""

from __future__ import annotations

from typing import Any

from socd_tui.analysis.known import Known
from socd_tui.model.lens import BASELINE, Lens, Wanted, shown_windows
from socd_tui.views.parts.measure import Meaning, Measures
from socd_tui.views.view import Pane, View

NAME = "status"


class StatusView(View):
    name = NAME
    order = 4
    title = "Status"
    question = "What is my 4xx rate?"
    shows = "status codes"
    scope = "subject"
    hints = ("enter", "copy", "compare")
    meanings = (
        Meaning("4xx without 429", "(4xx − 429) ÷ (requests − 429)"),
        Meaning("429 refused", "refused by a rate limit, ÷ all requests; a client error, shown apart"),
        Meaning("5xx", "÷ all requests"),
        Meaning("usual", "no rise beyond what the key's own days suggest"),
        Meaning(
            "new, up",
            "the first day of a class with none before, or of days whose share of errors is far above "
            "the key's usual days; all errors, where the days do not tell the class alone",
        ),
        Meaning(
            "a day", "errors of each UTC day, 429s apart where hours tell them; the star is today, not over"
        ),
        Meaning("y", "copies the code under the cursor as the text of a ticket"),
    )

    @property
    def measures(self) -> Measures[Any]:
        # Late, as the pane: until somebody looks at it these words are enough.
        from socd_tui.views.status.measures import MEASURES

        return MEASURES

    def windows(self, lens: Lens) -> Wanted:
        return Wanted.merged([shown_windows(lens), Wanted((), BASELINE)])

    def build(self, known: Known, lens: Lens) -> Pane:
        from socd_tui.views.status.pane import status

        return status(known, lens)


VIEW = StatusView()
