"""When 429s came, in sentences that lead to the map."""

from __future__ import annotations

from socd_tui.analysis.throttling import spread
from socd_tui.charts.canvas import Span
from socd_tui.model.text import cell_width
from socd_tui.views.key.dossier import Dossier
from socd_tui.views.key.section import (
    Form,
    Frame,
    Place,
    Section,
    figures,
    growing,
    labelled,
    leads_to,
    of_one,
    paragraph,
)
from socd_tui.views.parts.throttled import Forms, cause, hours_of, in_figures, quiet, when


def hours(dossier: Dossier) -> Section:
    """How often, since when, which hours are quiet, and which limit refused."""
    told = _told(dossier)
    if not told:
        return Section(name="hours of 429s", weight=8, forms=lambda _: [])
    whole = [forms[0] for forms in told]
    place = Place(row="hours", said=figures(Span("429", "title"), *whole), leads=leads_to("heatmap"))
    led = place if dossier.usage and dossier.usage.throttled else None

    def forms(frame: Frame) -> list[Form]:
        brief = next((each for each in told[0] if cell_width(each) <= frame.room), told[0][-1])
        most = (paragraph("hours", " ".join(whole[:n]), frame) for n in range(1, len(whole) + 1))
        lines = ([labelled("hours", Span(brief, "ink" if led else "faint"))], *most)
        return growing(of_one(each, led) for each in lines)

    return Section(
        name="hours of 429s",
        weight=8,
        ample=1,
        column=1,
        parted=False,
        forms=forms,
        places=[[place]] if led else [],
    )


def _told(dossier: Dossier) -> list[Forms]:
    """The sentences, each in its forms, the longest first."""
    usage, found = dossier.usage, hours_of(dossier.known, dossier.keys, dossier.zone)
    if usage is None:
        return []
    if found is None and usage.throttled:
        return [("The service sent no hours.",), cause(dossier.known, dossier.keys)]
    how = spread(found, dossier.zone) if found else None
    quiet_hours, why = quiet(how, dossier.zone), cause(dossier.known, dossier.keys)
    said = (when(how, usage.throttled, usage.window.days, dossier.zone), quiet_hours, why)
    return [forms for forms in said if forms]


def hours_data(dossier: Dossier) -> dict[str, object] | None:
    """How the 429s lie, in UTC; null where the service sent no hours."""
    found = hours_of(dossier.known, dossier.keys, dossier.zone)
    return None if found is None else in_figures(dossier.known, dossier.keys, found)
