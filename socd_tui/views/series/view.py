"""The days of the chosen keys, those included that the service said nothing of."""

from __future__ import annotations

from socd_tui.analysis.known import Known
from socd_tui.model.lens import BASELINE, Lens, Wanted, shown_windows
from socd_tui.views.parts.measure import Meaning
from socd_tui.views.view import Pane, View

RECENT = BASELINE[0]
"""Length in days of the window that is always asked for, so that its response times are known day by day."""


class SeriesView(View):
    name = "series"
    order = 2
    title = "Series"
    question = "Is it growing?"
    shows = "requests per day"
    scope = "subject"
    meanings = (
        Meaning(
            "other", "4xx + 5xx of the day without 429; err where nobody says which of the errors were 429"
        ),
        Meaning("p95", f"95th percentile in ms of the {RECENT} days up to a day, as observed on it"),
        Meaning("numbers", "on the bars where there is room for all of them, else on the tallest alone"),
        Meaning(
            "band to the right",
            "between which counts 8 in 10 days to come lie, by weekday medians; a line for the middle",
        ),
        Meaning("d/col, mean", "days that share a bar, which is as high as their mean"),
        Meaning("shaded bar", "today, which is not over, or a day outside the window"),
        Meaning("no bar", "a dot for zero requests, a dash where there is no row"),
        Meaning(
            "before",
            "the bar to the left: the day at the same place in the window before; behind it where bars "
            "touch; c switches",
        ),
        Meaning("of cap", "the day's requests, refused ones included, ÷ the key's daily limit"),
    )

    def windows(self, lens: Lens) -> Wanted:
        """Also those that the forecast is made from."""
        return Wanted.merged([shown_windows(lens), Wanted((), BASELINE)])

    def explained(self) -> tuple[Meaning, ...]:
        """Also the figures of a day, which are no rows to be filtered."""
        # Late, as the pane: until somebody looks at it these words are enough.
        from socd_tui.views.series.measures import DAYS

        return (*DAYS.meanings(), *super().explained())

    def build(self, known: Known, lens: Lens) -> Pane:
        from socd_tui.views.series.pane import series

        return series(known, lens)


VIEW = SeriesView()
