"""The one function from (Fleet, Lens, Canvas) to what is seen in the pane."""

from __future__ import annotations

from socd_tui.analysis.verdict import Verdict, budgets
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, visible
from socd_tui.views.reading import VERDICT_ROLES, label
from socd_tui.views.registry import AnyView
from socd_tui.views.view import Data

MIN_WIDTH, MIN_HEIGHT = 40, 7
"""Below this a pane is one line with the verdict."""


def picture(view: AnyView, data: Data, fleet: Fleet, lens: Lens, canvas: Canvas) -> list[Line]:
    """Exactly canvas-sized, whatever there is to show."""
    if not visible(fleet, lens):
        return canvas.fit(_empty(fleet))
    if canvas.width < MIN_WIDTH or canvas.height < MIN_HEIGHT:
        return canvas.fit([headline(fleet, lens)])
    return canvas.fit(view.draw(data, canvas))


def headline(fleet: Fleet, lens: Lens) -> Line:
    """The worst key and its verdict in one line."""
    order: list[Verdict] = ["over", "near", "unknown", "ok", "idle"]
    verdicts = [(budgets(key, fleet.usage(key.id, lens.days)).verdict, key) for key in visible(fleet, lens)]
    verdict, key = min(verdicts, key=lambda pair: order.index(pair[0]))
    return (Span(verdict, VERDICT_ROLES[verdict]), Span(" "), Span(label(key), "title"))


def _empty(fleet: Fleet) -> list[Line]:
    if fleet.listed_at is None:
        return [(), (Span(" Waiting for the list of keys.", "faint"),)]
    return [
        (),
        (Span(" This account has no API keys.", "title"),),
        (Span(" Make one in the SOC Defenders dashboard, then refresh here."),),
    ]
