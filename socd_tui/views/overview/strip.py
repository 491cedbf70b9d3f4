"""The verdict strip: the four questions, each answered in a few words and figures, before any table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from socd_tui.analysis.situation import Rate, Situation
from socd_tui.charts.canvas import Canvas, Line, Role, Span, line_width
from socd_tui.charts.number import exact, percent, short_day
from socd_tui.model.key import ApiKey
from socd_tui.model.record import dataclass
from socd_tui.model.target import EnterTarget, KeyTarget, Target, ViewTarget
from socd_tui.model.text import cell_width, clip_name, counted
from socd_tui.views.parts.findings import target_of
from socd_tui.views.parts.names import label

WIDE = 76
"""Columns from which the four answers stand side by side."""
PAIRED = 56
"""Columns from which two of them share a line."""
HIGH = 18
"""Lines from which an answer has three of them: the question, the answer, what it rests on."""
LEAST = 14
"""Lines below which they are left to findings and rows."""

UNSURE = "not enough data"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to one question: a few words and what they rest on, the longest form first."""

    question: str
    brief: str
    """The question where there is little room."""
    words: tuple[str, ...]
    rests_on: tuple[str, ...] = ("",)
    role: Role = "ink"
    leads: Target | None = None
    """Where a click goes."""
    is_name: bool = False
    """Whether the words are a key's name, which may be cut."""

    def said(self, width: int) -> str:
        """The longest words that fit."""
        fitting = next((each for each in self.words if cell_width(each) <= width), self.words[-1])
        return clip_name(fitting, width) if self.is_name else fitting

    def reason(self, width: int) -> str:
        """The longest reason that fits; none where none does."""
        return next((each for each in self.rests_on if cell_width(each) <= width), "")


def strip(answers: Sequence[Answer], canvas: Canvas) -> list[Line]:
    """As much of the answers as there is room for; nothing on a small canvas."""
    width, height = canvas.width, canvas.height
    if not answers or height < LEAST or width < PAIRED:
        return []
    if width >= WIDE and height >= HIGH:
        return [*_side_by_side(answers, width), (Span(canvas.glyphs.rule * width, "faint"),)]
    return [_inline(pair, width) for pair in (answers[:2], answers[2:])]  # few lines: the worst comes next


def _side_by_side(answers: Sequence[Answer], width: int) -> list[Line]:
    """Three lines: questions, answers, reasons."""
    room = width // len(answers)
    inner = room - 2
    return [
        tuple(Span(f" {each.question}".ljust(room), "faint", each.leads) for each in answers),
        tuple(_cell(each.said(inner), room, each.role, each.leads) for each in answers),
        tuple(_cell(each.reason(inner), room, "ink", each.leads) for each in answers),
    ]


def _cell(text: str, room: int, role: Role, leads: Target | None) -> Span:
    return Span(f" {text}{' ' * (room - 1 - cell_width(text))}", role, leads)


def _inline(answers: Sequence[Answer], width: int) -> Line:
    """Question, answer and reason in one line, half of it for each."""
    line: list[Span] = []
    room = width // len(answers)
    for each in answers:
        asked = f" {each.brief} "
        left = room - cell_width(asked) - 1
        said = each.said(left)
        reason = each.reason(left - cell_width(said) - 2)
        spans = [Span(asked, "faint", each.leads), Span(said, each.role, each.leads)]
        spans.append(Span(f"  {reason}" if reason else "", "ink", each.leads))
        line += [*spans, Span(" " * (room - line_width(spans)))]
    return tuple(line)


def answered(now: Situation) -> list[Answer]:
    """The four answers; none before any key's figures are there."""
    if not now.answered:
        return []
    return [_burning(now), _cap(now), _failing(now), _refused(now)]


def _burning(now: Situation) -> Answer:
    answer = partial(Answer, question="burning", brief="burning")
    if now.running:
        worst, more = now.running[0], len(now.running) - 1
        run = worst.runaway
        times = f"{run.times:,.0f}x" if run.times else f"{run.now:,.0f}/day"
        since, others = f"since {short_day(run.since)}", f", {more} more" if more else ""
        return answer(
            words=_names(now, worst.key),
            rests_on=(
                f"{run.now:,.0f} req/day, {times} usual {since}{others}",
                f"{times} usual {since}{others}",
                f"{times} {since}{others}",
                f"{times} {since}",
                times,
            ),
            role="bad",
            leads=EnterTarget(target_of(worst)),
            is_name=True,
        )
    if now.busiest is None:
        idle = now.client.requests == 0
        return answer(words=("nobody" if idle else "unknown",), rests_on=("no requests" if idle else UNSURE,))
    share = percent(now.busiest.share)
    usual = ", as usual" if now.as_usual else ""
    return answer(
        words=_names(now, now.busiest.key),
        rests_on=(f"{share} of all requests{usual}", f"{share} of all{usual}", f"{share}{usual}", share),
        role="title",
        leads=KeyTarget(now.busiest.key.id),
        is_name=True,
    )


def _names(now: Situation, key: ApiKey) -> tuple[str, ...]:
    return (label(key),) if key.id in now.namesakes else (label(key), key.name.shown)


def _cap(now: Situation) -> Answer:
    answer = partial(Answer, question="cap", brief="cap")
    to, soon = ViewTarget("budget"), f"{now.nearing} more likely" if now.nearing else ""
    limits = {"day": now.day, "minute": now.minute}
    of = f"of {counted(now.keys, 'key')}"
    if now.over:
        reached = ", ".join(f"{limit.reached} {name}" for name, limit in limits.items() if limit.reached)
        reasons = [each for each in (reached or "which is unknown", soon) if each]
        return answer(
            words=(
                f"{now.over} {of} reached it",
                f"{now.over} of {now.keys} reached it",
                f"{now.over} of {now.keys}",
            ),
            rests_on=(", ".join(reasons), reasons[0]),
            role="bad",
            leads=to,
        )
    if not now.day.known and not now.minute.known:
        return answer(words=("unknown",), rests_on=(UNSURE,), leads=to)
    name, limit = max(limits.items(), key=lambda pair: pair[1].highest or 0)
    highest = f"at most {percent(limit.highest)} of a {name} cap"
    rests_on = (highest, f"at most {percent(limit.highest)}")
    if now.near or now.nearing:
        told = f"{now.near} {of} near" if now.near else f"{now.nearing} {of} likely"
        return answer(words=(told, told.replace(f" {of}", "")), rests_on=rests_on, role="warn", leads=to)
    return answer(words=("no key near",), rests_on=rests_on, role="good", leads=to)


def _failing(now: Situation) -> Answer:
    worse = "up" in (now.client.trend, now.server.trend)
    return Answer(
        question="4xx without 429",
        brief="4xx, no 429",
        words=_rate_forms(now.client),
        rests_on=tuple(f"5xx {each}" for each in _rate_forms(now.server)),
        role="warn" if worse else "ink",
        leads=ViewTarget("status"),
    )


def _rate_forms(rate: Rate) -> tuple[str, ...]:
    """0.9%, usually 0.4%; 0.9% up; 0.9%"""
    if rate.share is None:
        return ("none" if rate.count == 0 else "unknown",)
    share = percent(rate.share)
    match rate.trend:
        case None:
            return (share,)
        case "usual":
            return (f"{share}, as usual", f"{share} usual", share)
        case trend:
            return (f"{share}, {trend} from {percent(rate.usual)}", f"{share} {trend}", share)


def _refused(now: Situation) -> Answer:
    answer = partial(Answer, question="refused (429)", brief="429")
    to, count = ViewTarget("heatmap"), now.refused.count
    if count is None:
        return answer(words=("unknown",), rests_on=(UNSURE,), leads=to)
    if not count:
        return answer(words=("none",), role="good", leads=to)
    keys, hourly = counted(len(now.refused_keys), "key"), ", every hour" if now.hourly else ""
    share = percent(now.refused.share, "")
    return answer(
        words=(f"{exact(count)}  {share} of all", f"{exact(count)}  {share}", exact(count)),
        rests_on=(f"{keys}{hourly}", keys),
        role="bad" if now.hourly else "warn",
        leads=to,
    )
