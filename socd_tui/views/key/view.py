"""One key on one page, or several together: the answer in sentences, then what it rests on."""

from __future__ import annotations

from socd_tui.analysis.known import Known
from socd_tui.model.lens import BASELINE, LATENCY_WINDOWS, Lens, Wanted, shown_windows
from socd_tui.model.window import LOOK_BACK
from socd_tui.views.parts.measure import Meaning
from socd_tui.views.view import Pane, View


class KeyView(View):
    name = "key"
    order = 8
    title = "Key"
    question = "What of this key?"
    shows = "the page"
    scope = "subject"
    needs_answers = False
    hints = ("key.next", "compare")
    meanings = (
        Meaning(
            "30 d", "requests of each of the last 30 UTC days, answered or remembered, whatever the window"
        ),
        Meaning("cap", "the day limit: it is of any 24 hours, and a column of a UTC day"),
        Meaning(
            "ahead", f"the chance to reach the day cap, from up to {LOOK_BACK}, and how such forecasts did"
        ),
        Meaning("latency", "p50, p95, p99 of each window that was answered; they do not add up over keys"),
        Meaning("to do", "what follows from the findings and the tier verdict"),
    )

    def windows(self, lens: Lens) -> Wanted:
        """Also those whose response times stand side by side, while one key is looked at on its own."""
        alone = lens.view == self.name and (lens.focus is not None or len(lens.only) == 1) and not lens.marked
        latencies = LATENCY_WINDOWS if alone else ()
        return Wanted.merged([shown_windows(lens), Wanted((), (*latencies, *BASELINE))])

    def build(self, known: Known, lens: Lens) -> Pane:
        # Late: until somebody looks at it these words are enough.
        from socd_tui.views.key.pane import page

        return page(known, lens)


VIEW = KeyView()
