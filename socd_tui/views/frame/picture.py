"""What is seen where a pane is: the pane, or why there is nothing to see."""

from __future__ import annotations

from socd_tui.analysis.budget import Budget
from socd_tui.analysis.known import Known
from socd_tui.analysis.standing import standings
from socd_tui.analysis.state import urgency
from socd_tui.charts.canvas import Canvas, Line, Span, plain
from socd_tui.charts.number import percent
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, subject, visible
from socd_tui.model.text import clip, inert, quoted
from socd_tui.views.parts.names import MIN_NAME, name_beside, named, subject_label
from socd_tui.views.parts.readout import read_out
from socd_tui.views.parts.state import state_role
from socd_tui.views.view import Pane, View

MIN_WIDTH, MIN_HEIGHT = 40, 7
"""Below this a pane is one line with the verdict."""

UNBROKEN = "\u00a0"
"""For the blanks of a name, no part of which may begin a line."""


def picture(
    view: View, pane: Pane, known: Known, lens: Lens, canvas: Canvas, *, banner: bool = True
) -> list[Line]:
    """Exactly canvas-sized, whatever there is to show; without its banner where that stands elsewhere."""
    if not visible(known.fleet, lens):
        return canvas.fit(_empty(known.fleet, canvas))
    if canvas.width < MIN_WIDTH or canvas.height < MIN_HEIGHT:
        return canvas.fit([headline(known, lens, canvas.width)])
    needed = view.scope == "subject" and view.needs_answers
    if needed and not known.usages(subject(known.fleet, lens)):
        return canvas.fit(_unanswered(known, lens, canvas))
    over = pane.banner(canvas) if banner else []
    drawn = pane.draw(canvas.sized(height=canvas.height - len(over)))
    return canvas.fit([*over, *_none_left(drawn, view, pane, lens, canvas)])


def _none_left(drawn: list[Line], view: View, pane: Pane, lens: Lens, canvas: Canvas) -> list[Line]:
    """The lines; where a filter left no row, the first empty one of them says so, and the way back.

    Where none is empty it is the one before the read-out: what no rows add up to says nothing.
    """
    typed = lens.filters.get(view.name)
    if not typed or pane.rows_about():
        return drawn
    at = next((y for y, line in enumerate(drawn) if not plain([line])), len(drawn) - 2)
    back = "; esc undoes"
    room = max(canvas.width - len(" No row matches '") - len(back) - 1, 1)
    said = f" No row matches {quoted(clip(inert(typed), room, ellipsis=canvas.glyphs.ellipsis))}{back}"
    return [*drawn[:at], (Span(said, "warn"),), *drawn[at + 1 :]]


def headline(known: Known, lens: Lens, width: int) -> Line:
    """The worst key, its verdict, and how much of which limit it has used, in one line."""
    worst = min(standings(known, lens), key=lambda row: urgency(row.word))
    word, both = worst.word, worst.budgets
    cap, share = max((("day", _share(both.day)), ("minute", _share(both.minute))), key=lambda pair: pair[1])
    figures = f"{percent(share)} of {cap} cap" if share else ""
    verdict = Span(word, state_role(word))
    name = name_beside(worst.key, figures, width - len(word))
    return (verdict, *read_out([name, figures], width - len(word)))


def _share(budget: Budget) -> float:
    return max(budget.used_ratio or 0, budget.peak_ratio or 0)


def _empty(fleet: Fleet, canvas: Canvas) -> list[Line]:
    if fleet.listed_at is None:
        return _message("There is no list of keys yet.", [], canvas)
    if fleet.keys:
        advice = "Start again without --key to see the keys it has."
        return _message("None of the chosen keys is in this account.", [advice], canvas)
    if fleet.problems:
        reasons = [f"{problem.message} {problem.next_step}".strip() for problem in fleet.problems]
        return _message("No key of this account can be shown.", reasons, canvas)
    advice = "Make one in the SOC Defenders dashboard, then refresh here."
    return _message("This account has no API keys.", [advice], canvas)


def _unanswered(known: Known, lens: Lens, canvas: Canvas) -> list[Line]:
    """Why a pane has nothing to show: the figures failed to come, or have not come yet."""
    keys = subject(known.fleet, lens)
    one = named(keys[0], max(canvas.width - 4, MIN_NAME)) if len(keys) == 1 else ""
    who = one.replace(" ", UNBROKEN) or subject_label(keys, visible(known.fleet, lens), known.fleet)
    problems = [problem for key in keys if (problem := known.problem(key.id))]
    if len(problems) < len(keys):
        return _message(f"Waiting for the figures of {who}.", [], canvas)
    reasons = dict.fromkeys(f"{problem.message} {problem.next_step}".strip() for problem in problems)
    return _message(f"No figures for {who}.", list(reasons), canvas)


def _message(title: str, sentences: list[str], canvas: Canvas) -> list[Line]:
    """A title and what to do, wrapped; on a pane of few lines without the blank one above."""
    import textwrap  # late: mostly there is a pane

    inner = max(canvas.width - 2, 1)
    rows = [row.replace(UNBROKEN, " ") for row in textwrap.wrap(title, inner)]
    lines: list[Line] = [(Span(f" {row}", "title"),) for row in rows]
    lines += [(Span(f" {row}"),) for sentence in sentences for row in textwrap.wrap(sentence, inner)]
    return [(), *lines] if canvas.height >= MIN_HEIGHT else lines
