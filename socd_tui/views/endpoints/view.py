"""The endpoints of the chosen keys, with what their list leaves out."""

from __future__ import annotations

from socd_tui.analysis.known import Known
from socd_tui.model.lens import Lens
from socd_tui.views.endpoints.measures import MEASURES, NAME
from socd_tui.views.parts.measure import Meaning
from socd_tui.views.view import Pane, View


class EndpointsView(View):
    name = NAME
    order = 3
    title = "Endpoints"
    question = "Which endpoint is burning it?"
    shows = "endpoints"
    scope = "subject"
    measures = MEASURES
    meanings = (Meaning("other", "requests of endpoints the service did not list"),)

    def build(self, known: Known, lens: Lens) -> Pane:
        # Late: until somebody looks at it these words are enough.
        from socd_tui.views.endpoints.pane import endpoints

        return endpoints(known, lens)


VIEW = EndpointsView()
