"""The endpoints of the chosen keys, with what their list leaves out."""

from __future__ import annotations

from typing import Any

from socd_tui.analysis.known import Known
from socd_tui.model.lens import Lens
from socd_tui.views.parts.measure import Meaning, Measures
from socd_tui.views.view import Pane, View

NAME = "endpoints"


class EndpointsView(View):
    name = NAME
    order = 3
    title = "Endpoints"
    question = "Which endpoint is burning it?"
    shows = "endpoints"
    scope = "subject"
    meanings = (Meaning("other", "requests of endpoints the service did not list"),)

    @property
    def measures(self) -> Measures[Any]:
        # Late, as the pane: until somebody looks at it these words are enough.
        from socd_tui.views.endpoints.measures import MEASURES

        return MEASURES

    def build(self, known: Known, lens: Lens) -> Pane:
        from socd_tui.views.endpoints.pane import endpoints

        return endpoints(known, lens)


VIEW = EndpointsView()
