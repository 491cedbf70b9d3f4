"""What was unusual of the key before: earlier runs of requests and of errors, as its days tell them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from socd_tui.analysis.episodes import Episode
from socd_tui.charts.canvas import Span
from socd_tui.charts.number import date_range, percent, short_day
from socd_tui.charts.sheet import rounded
from socd_tui.model.lens import Lens
from socd_tui.model.record import replace
from socd_tui.model.text import cell_width
from socd_tui.model.window import LADDER, REMEMBERED
from socd_tui.views.key.dossier import Dossier
from socd_tui.views.key.section import Form, Frame, Place, Row, Section, figures, labelled

MOST = 8
"""Episodes that are told."""


def history(dossier: Dossier) -> Section:
    """The newest first; each leads to its first day."""
    told = earlier(dossier)[:MOST]
    places = [_place(dossier, each) for each in told]
    wide = max((cell_width(_when(dossier, each)) for each in told), default=0)

    def shown(n: int) -> Sequence[Row]:
        rows = []
        for at, (each, place) in enumerate(zip(told[:n], places, strict=False)):
            more = f"  +{len(told) - n}" if at == n - 1 and n < len(told) else ""
            said = (Span(_when(dossier, each).ljust(wide)), Span(f"  {episode_words(each)}"))
            rows.append(Row(labelled("" if at else "earlier", *said, Span(more, "faint")), place))
        return rows

    def forms(_: Frame) -> list[Form]:
        return [Form(n, partial(shown, n)) for n in range(1, len(told) + 1)]

    return Section(name="earlier", weight=12, column=2, forms=forms, places=[[place] for place in places])


def earlier(dossier: Dossier) -> Sequence[Episode]:
    """Those of one key: the days of several together would hide them."""
    return dossier.assessment.episodes if dossier.assessment else ()


def _place(dossier: Dossier, each: Episode) -> Place:
    today = dossier.today

    def leads(lens: Lens) -> Lens:
        ago = (today - each.since).days + 1 if today else lens.days
        days = next((step for step in (*LADDER, *REMEMBERED) if step >= max(ago, lens.days)), ago)
        return replace(lens.looking_back(days), view="series", date=each.since)

    return Place(
        row=f"earlier:{each.of}:{each.since}",
        said=figures(Span(_when(dossier, each), "title"), episode_words(each)),
        leads=leads,
    )


def _when(dossier: Dossier, each: Episode) -> str:
    """5 Oct–7 Oct; since 3 Sep"""
    if each.settled:
        return f"since {short_day(each.since, dossier.today)}"
    return date_range(each.since, each.until, dossier.today)


def episode_words(each: Episode) -> str:
    """3,210 req/day, 40x its usual; 12.0% failed, usually 2.1%"""
    if each.of == "errors":
        return f"{percent(each.now)} failed, usually {percent(each.usual)}"
    times = f", {each.now / each.usual:,.0f}x its usual" if each.usual else ", usually none"
    if each.settled:
        return f"{each.now:,.0f} req/day, before {each.usual:,.0f}: it stayed"
    return f"{each.now:,.0f} req/day{times}"


def history_data(dossier: Dossier) -> list[dict[str, object]]:
    """`history` of the JSON document; days are UTC dates."""
    return [
        {
            "of": each.of,
            "since": str(each.since),
            "until": str(each.until),
            "now": rounded(each.now),
            "usual": rounded(each.usual),
            "settled": each.settled,
        }
        for each in earlier(dossier)
    ]
