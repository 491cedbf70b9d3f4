"""What is odd about the figures, in sentences, and how many more of them help has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from socd_tui.analysis.compare import BY_WEEK, Change, Previous
from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Line, Span
from socd_tui.charts.number import date_range, exact, moment
from socd_tui.model.errors import Problem
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.model.text import clip
from socd_tui.model.usage import Usage
from socd_tui.model.window import LOOK_BACK, beyond_service
from socd_tui.views.parts.names import named


class Fact(str):
    """A note of what stays so and asks for nothing: it is no alarm."""


class Answered(Fact):
    """How many keys answered, which a view with a sum says there."""


def missing_note(known: Known, keys: Sequence[ApiKey]) -> str | None:
    """How many of these keys have an answer, so that a sum is not taken for the whole."""
    answered = len(known.usages(keys))
    if answered == len(keys) or len(keys) == 1:
        return None
    return Answered(f"{answered} of {len(keys)} keys answered")


def clock_note(fleet: Fleet) -> str | None:
    """That this machine's clock is wrong, or the service's: what is said is by the latter."""
    off = fleet.clock_off
    return f"this machine's clock is {off}: days and ages are told by the service's" if off else None


def notes(
    known: Known, keys: Sequence[ApiKey], lens: Lens, own: Iterable[str] = (), *, of: str = "requests"
) -> tuple[str, ...]:
    """What is odd about the figures of these keys, one sentence each; `own` are the view's.

    Last is what is odd about nothing: which days are compared. `of` is the count that is, by its name.
    """

    def notes_of(key: ApiKey) -> tuple[str, ...]:
        usage = known.usage(key.id)
        return (*key.notes, *usage.notes) if usage else ()

    said = [*common_notes(known, keys, lens, of), *_stale(known, keys), *odd_notes(keys, notes_of), *own]
    return tuple(dict.fromkeys([*said, *compared_notes(known, keys, lens, of)]))


def stale_answers(known: Known, keys: Sequence[ApiKey]) -> list[tuple[Usage, Problem]]:
    """Answers that were kept because newer ones failed to come, each with the reason."""
    return [(usage, problem) for key, usage in known.answered(keys) if (problem := known.problem(key.id))]


def _stale(known: Known, keys: Sequence[ApiKey]) -> list[str]:
    """Of when the kept figures are, and why there are no newer ones."""
    oldest: dict[str, datetime] = {}
    for usage, problem in stale_answers(known, keys):
        oldest[problem.message] = min(usage.observed_at, oldest.get(problem.message, usage.observed_at))
    return [f"stale: {message} These are of {moment(at)} UTC." for message, at in oldest.items()]


def common_notes(known: Known, keys: Sequence[ApiKey], lens: Lens, of: str) -> list[str]:
    """What is to be known of the keys' figures together: why they stand alone, how many are missing."""
    change = known.before(keys).change(of) if lens.compare else None
    why = _why_not(change.reason) if change and not change.comparable else None
    listed = [problem.message for problem in known.fleet.problems]
    return [*listed, *filter(None, (why, missing_note(known, keys), summed_note(known)))]


def summed_note(known: Known) -> str | None:
    """What is not told of days that the service does not tell together."""
    if not known.is_summed or beyond_service(known.days):
        return None
    return Fact("summed from the days: codes, endpoints, response times and peaks of these days are not told")


def compared_notes(known: Known, keys: Sequence[ApiKey], lens: Lens, of: str) -> list[str]:
    """Today's figure, and which whole days are compared; nothing where no key's are.

    Below a filter the figure would be of other keys than the rows, so it is left to the sums there.
    """
    before = known.before(keys) if lens.compare else None
    if before is None or before.pair is None:
        return []
    now, then = (date_range(window.start, window.end) for window in (before.pair.now, before.pair.before))
    dates = f"compared: {now} with {then}"
    if not before.change(of).comparable:
        return [Fact(dates)] if any(known.before([key]).change(of).comparable for key in keys) else []
    if known.dates and known.dates.last:
        return [Fact(dates)]
    today = before.change(of).so_far if lens.view not in lens.filters else None
    so_far = f"today so far {exact(today)} req" if today is not None else "today is not over"
    return [Fact(f"{so_far}; whole days are compared"), Fact(dates)]


def rows_notes(changes: Sequence[Change | None], before: Previous | None) -> list[str]:
    """Why rows have no change where the keys' sum has one: the most frequent reason, of how many it is."""
    if before is None or not before.change("requests").comparable:
        return []
    reasons = Counter(change.reason for change in changes if change and not change.comparable)
    return [
        _why_not(reason, "" if count == len(changes) else f" in {count} of {len(changes)} rows")
        for reason, count in reasons.most_common(1)
    ]


def _why_not(reason: str, where: str = "") -> str:
    """What n/a stands for, and what to do where something can be done."""
    return f"n/a{where}: {'not told by week; compare the same length (c)' if reason == BY_WEEK else reason}"


def odd_notes(keys: Sequence[ApiKey], notes_of: Callable[[ApiKey], Iterable[str]]) -> list[str]:
    """The notes of single keys, with whose they are; said once when several keys share it."""
    whose: dict[str, list[ApiKey]] = {}
    for key in keys:
        for note in notes_of(key):
            whose.setdefault(note, []).append(key)
    if len(keys) == 1:
        return list(whose)
    return [
        f"{note} ({named(owners[0], 26) if len(owners) == 1 else f'in each of {len(owners)} keys'})"
        for note, owners in whose.items()
    ]


def untold(what: str, known: Known, width: int) -> list[Line]:
    """Why a pane has none of these, and what to do: whole, in as many lines as it takes."""
    from textwrap import wrap  # late: most panes have something to show

    sentence = why_none(what, known)
    if beyond_service(known.days):
        sentence = f"Only days and 429s are remembered; {what} are known for {LOOK_BACK}: press [."
    return [(Span(f" {row}"),) for row in wrap(sentence, max(width - 2, 1))]


def why_none(what: str, known: Known) -> str:
    """Why there are none of these: nothing is said of the service where it was not asked for them."""
    if known.is_summed or beyond_service(known.days):
        return f"Of these days alone only requests, errors and 429s are told, no {what}."
    return f"The service sent no {what}."


def note_lines(sentences: Sequence[str], width: int, *, summed: bool = False) -> list[Line]:
    """The line that tells the first note; none where there is none, for what else there is to show."""
    told = note_line(sentences, width, summed=summed)
    return [told] if told else []


def note_line(sentences: Sequence[str], width: int, *, summed: bool = False) -> Line:
    """The first note, and how many more there are: help has them all.

    Where it is too long it is cut, before a name in quotes rather than in it.

    What is no plain fact comes first, and is amber. A view that is `summed` says in its sum who answered.
    """
    sentences = [note for note in sentences if not (summed and isinstance(note, Answered))]
    sentences.sort(key=lambda note: isinstance(note, Fact))
    if not sentences:
        return ()
    more = f" (+{len(sentences) - 1} in help)" if len(sentences) > 1 else ""
    told = _cut(f" note: {sentences[0]}", width - len(more))
    return (Span(f"{told}{more}", "faint" if isinstance(sentences[0], Fact) else "warn"),)


def _cut(text: str, width: int) -> str:
    kept = clip(text, width)
    opening = kept.rfind(" '")
    inside = kept != text and opening >= 0 and "'" not in kept[opening + 2 :]
    return f"{kept[:opening]} …" if inside else kept
