"""How near its limits it is and where it is heading, who owns it, how fast it is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from socd_tui.analysis.budget import Budget
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.charts.bars import gauge
from socd_tui.charts.canvas import Line, Span
from socd_tui.charts.number import exact, millis, percent, short
from socd_tui.model.key import UNLIMITED
from socd_tui.model.text import cell_width, inert, quoted
from socd_tui.views.key.dossier import Dossier
from socd_tui.views.key.section import (
    Form,
    Frame,
    Place,
    Row,
    Section,
    figures,
    growing,
    labelled,
    leads_to,
    of_one,
    paragraph,
)
from socd_tui.views.parts.outlook import forecast_part, has_no_outlook, record, tier_part
from socd_tui.views.parts.readout import read_out
from socd_tui.views.parts.state import state_role

LEAST_GAUGE, MOST_GAUGE = 12, 40
"""Columns of a gauge."""

WORD = len("unknown")
"""Columns of the word of a limit's state."""

HEAD = "p50 / p95 / p99"


def budget(dossier: Dossier) -> Section:
    """Both limits: used now, the peak, the limit, and their ratio; first the one it is nearer to."""
    both = dossier.budgets
    if both is None:
        return Section(name="budget", weight=5, column=2, forms=lambda _: [])
    caps = [("minute", both.minute), ("day", both.day)]
    places = [
        Place(
            row=f"budget:{cap}",
            said=figures(Span(f"{cap} budget", "title"), *budget_figures(cap, own)),
            leads=leads_to("budget"),
        )
        for cap, own in caps
    ]

    def forms(frame: Frame) -> list[Form]:
        at = frame.at(places)
        if at is None:
            at = max((0, 1), key=lambda n: (_used(caps[n][1]) or 0, n))
        rows = [Row(line, place) for line, place in zip(_limits(caps, frame), places, strict=True)]
        return [Form(1, lambda: [rows[at]]), Form(2, lambda: rows)]

    return Section(name="budget", weight=5, column=2, forms=forms, places=[[place] for place in places])


def budget_figures(cap: str, own: Budget) -> list[str]:
    """limit 1,000 a day, peak 998 (99.8%), now 12 (1.2%)"""
    if own.limit is None:
        said = [f"{cap} limit unknown"]
    elif own.limit == UNLIMITED:
        said = [f"no limit a {cap}"]
    else:
        assumed = ", assumed from the tier" if own.limit.source == "tier" else ""
        said = [f"limit {exact(own.limit.value)} a {cap}{assumed}"]
    used = []
    if own.peak is not None:
        used.append(_of("peak", own.peak, own.peak_ratio))
    elif own.busiest_day is not None:
        used.append(_of("busiest day", own.busiest_day, own.peak_ratio))
    if own.current is not None:
        used.append(_of("now", own.current, own.used_ratio))
    return [*said, *(used or ["its use is unknown"])]


def _of(what: str, count: int, share: float | None) -> str:
    return f"{what} {exact(count)} ({percent(share)})" if share is not None else f"{what} {exact(count)}"


def _used(own: Budget) -> float | None:
    """now ÷ limit, else peak ÷ limit: what the gauge is filled to."""
    return own.used_ratio if own.used_ratio is not None else own.peak_ratio


def _limits(caps: Sequence[tuple[str, Budget]], frame: Frame) -> list[Line]:
    """100% of 1,000 over [██████│]  peak 1,000  now 12: the gauges as wide as the figures leave room."""
    told = [own for _, own in caps if _used(own) is not None]
    number: Callable[[int | None], str] = exact
    if frame.room < 7 + WORD + max((cell_width(_limit(own, exact)) for own in told), default=0):
        number = short
    wide = max((cell_width(_limit(own, number)) for own in told), default=0)
    beside = max((cell_width(_counts(own)) for own in told), default=0)
    left = frame.room - 6 - wide - WORD - 3
    if left < beside:
        beside = 0
    width = min(left - (beside + 2 if beside else 0), MOST_GAUGE)
    gauged = width >= LEAST_GAUGE
    lines = []
    for cap, own in caps:
        used, role = _used(own), state_role(own.verdict)
        if used is None:
            said = [Span(part, "faint" if own.limit is None else "ink") for part in budget_figures(cap, own)]
            lines.append(labelled(cap, *read_out(said, frame.room)[1:]))
            continue
        drawn = gauge(own.used_ratio, own.peak_ratio, width, frame.canvas.glyphs, role)
        lines.append(
            labelled(
                cap,
                Span(percent(used).rjust(6), role),
                Span(f"{_limit(own, number).ljust(wide)} "),
                Span(f"{own.verdict.ljust(WORD)} ", role),
                *((*drawn, Span("  ")) if gauged else ()),
                Span(_counts(own) if beside else ""),
            )
        )
    return lines


def _limit(own: Budget, number: Callable[[int | None], str]) -> str:
    """A star where the limit is assumed."""
    assumed = "*" if own.limit and own.limit.source == "tier" else ""
    return f" of {number(own.limit.value if own.limit else None)}{assumed}"


def _counts(own: Budget) -> str:
    high = own.peak if own.peak is not None else own.busiest_day
    peak = f"peak {exact(high)}" if high is not None else ""
    now = f"now {exact(own.current)}" if own.current is not None else ""
    return "  ".join(filter(None, (peak, now)))


def ahead(dossier: Dossier) -> Section:
    """The chance to reach the day cap, with the record of such forecasts, and the tier verdict."""
    assessment = dossier.assessment
    if assessment is None:
        return Section(name="forecast", weight=9, column=2, forms=lambda _: [])
    forecast, tier = assessment.forecast, assessment.tier
    said = [forecast_part(forecast).removeprefix("forecast: ")]
    if isinstance(forecast, Forecast):
        said.append(record(forecast))
    verdict = tier_part(tier)
    because = "" if isinstance(tier, NotEnough) else "; ".join(tier.reasons)
    place = Place(row="ahead", said=figures(Span("ahead", "title"), *said, verdict), leads=leads_to("budget"))
    once = has_no_outlook(assessment)

    def forms(frame: Frame) -> list[Form]:
        verdicts = [] if once else [verdict]
        brief = read_out([said[0], *verdicts, *said[1:]], frame.room)[1:]
        alone = read_out(said, frame.room)[1:]
        whole = paragraph("ahead", "; ".join(said), frame)
        short = [labelled("tier", Span(each.removeprefix("tier: "))) for each in verdicts]
        reasons = verdict.removeprefix("tier: ") + (f": {because}" if because else "")
        long = [] if once else paragraph("tier", reasons, frame)
        parts = len(said) + len(verdicts)
        told = (
            (_parts(brief), [labelled("ahead", *brief)]),
            (_parts(alone) + len(verdicts), [labelled("ahead", *alone), *short]),
            (parts, [*whole, *short]),
            (parts + bool(because), [*whole, *long]),
        )
        more = [lines for n, (says, lines) in enumerate(told) if not n or says > told[n - 1][0]]
        return growing(of_one(lines, place) for lines in more)

    return Section(name="forecast", weight=9, column=2, ample=2, parted=False, forms=forms, places=[[place]])


def _parts(line: Line) -> int:
    """How many parts there are in a read-out, between which there are gaps."""
    return (len(line) + 1) // 2


def owner(dossier: Dossier) -> Section:
    """Who is named for the key in the settings."""
    if dossier.key is None:
        return Section(name="owner", weight=10, column=2, forms=lambda _: [])
    shown = [inert(each) for each in dossier.owners]
    names = shown[0] if len(shown) == 1 else " and ".join(map(quoted, shown))
    hint = "named in config.toml, [owners]" if names else "name one in config.toml, [owners]"
    text = Span(names, "ink") if names else Span("nobody is named as its owner", "faint")
    place = Place(row="owner", said=figures(Span("owner", "title"), text.text, hint), leads=leads_to("bill"))
    return Section(
        name="owner",
        weight=10,
        column=2,
        forms=lambda _: [of_one([labelled("owner", text)], place)],
        places=[[place]],
    )


def scopes(dossier: Dossier) -> Section:
    """What the key may be used for."""
    names = ", ".join(each.shown for each in dossier.key.scopes) if dossier.key else ""
    return Section(
        name="scopes",
        weight=11,
        column=2,
        extra=True,
        forms=lambda frame: [of_one(paragraph("scopes", names, frame))] if names else [],
    )


def latency(dossier: Dossier) -> Section:
    """p50, p95 and p99 of each window that was answered: they belong to their window, and to one key."""
    if dossier.key is None or not dossier.answers:
        return Section(name="latency", weight=11, column=2, forms=lambda _: [])
    rows = [
        (f"{usage.window.days} d", [millis(ms) for ms in (usage.p50_ms, usage.p95_ms, usage.p99_ms)])
        for usage in dossier.latencies
    ]
    wide = max((len(days) for days, _ in rows), default=0)
    words = [f"{days.rjust(wide)}  {' / '.join(each)} ms" for days, each in rows]
    looked_at = f"{dossier.lens.days} d"
    places = sorted(range(len(rows)), key=lambda place: rows[place][0] != looked_at)

    def lines(told: list[str], frame: Frame) -> list[Line]:
        first, *rest = told or ["no percentiles were sent"]
        head = read_out([first, Span(HEAD, "faint")] if told else [Span(first, "faint")], frame.room)[1:]
        return [labelled("latency", *head), *(labelled("", Span(each)) for each in rest)]

    def forms(frame: Frame) -> list[Form]:
        """Of the window that is looked at first, of others as there is room."""
        kept = (sorted(places[:n]) for n in range(min(1, len(rows)), len(rows) + 1))
        return [of_one(lines([words[place] for place in each], frame)) for each in kept]

    return Section(name="latency", weight=11, column=2, ample=1, forms=forms)
