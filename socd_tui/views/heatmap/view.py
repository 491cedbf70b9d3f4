"""The 429s of the chosen keys by hour, in UTC or the local zone; by endpoint where there are no hours."""

from __future__ import annotations

from socd_tui.analysis.known import Known
from socd_tui.model.lens import Lens
from socd_tui.views.parts.measure import Meaning
from socd_tui.views.view import Pane, View


class HeatmapView(View):
    name = "heatmap"
    order = 5
    title = "429 map"
    question = "When was I throttled?"
    shows = "429s by hour"
    scope = "subject"
    compares = "throttled"
    toggles = ("hit.next", "hit.previous", "zone", "fold", "scale")
    hints = ("hit.next", "zone", "fold", "scale")
    meanings = (
        Meaning(
            "a cell",
            "429 answers in that hour, in four equal steps up to the largest hour shown, or that of any key "
            "(o); u shows your own zone, f folds to weekdays",
            "rate_limit_hits_by_hour",
        ),
        Meaning("zero", "no 429; a blank cell is an hour to come, or one the service said nothing of"),
        Meaning("by hour", "all days together, on a scale of its own"),
        Meaning("total", "429s of the day that came with an hour; not all may have, and then a note says so"),
        Meaning(
            "of req", "429s as a share of all requests of that UTC day; of all 429s where a row is no UTC day"
        ),
        Meaning("quiet hours", "hours of the day at which no 429 came on any day of the window"),
        Meaning("cause", "the limit that the key's peak reached", "peak_per_minute, peak_per_day"),
    )

    def build(self, known: Known, lens: Lens) -> Pane:
        # Late: until somebody looks at it these words are enough.
        from socd_tui.views.heatmap.pane import heatmap

        return heatmap(known, lens)


VIEW = HeatmapView()
