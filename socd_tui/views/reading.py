"""What several panes say in the same words: names of keys, the read-out line, notes, and ages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from socd_tui.analysis.known import Known
from socd_tui.analysis.standing import Standing
from socd_tui.charts.canvas import Line, Role, Span, line_width
from socd_tui.charts.number import exact, percent
from socd_tui.charts.table import Cell, Column
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.model.text import cell_width, clip_name
from socd_tui.model.window import LOOK_BACK, beyond_service

MIN_NAME = 9
"""Columns below which a cut name says nothing: three letters, the ellipsis, and the short id."""


def label(key: ApiKey, width: int | None = None) -> str:
    """Production SIEM#zIc8: the name and what tells it from a namesake; only the name is cut."""
    whole = f"{key.name.shown}#{key.short}"
    return whole if width is None else clip_name(whole, width)


def key_cell(row: Standing) -> Cell:
    """A table's name cell: the short id leaves first, unless another key has the same name."""
    key = row.key
    return Cell((label(key),) if row.has_namesake else (label(key), key.name.shown), "title")


KEY_COLUMN = Column("key", "left", floor=16, cut="name", fact="key")


def subject_label(keys: Sequence[ApiKey], all_keys: Sequence[ApiKey]) -> str:
    """Which keys the figures are of: one by its label, several by their number."""
    if len(keys) == 1:
        return label(keys[0])
    return f"all {len(keys)} keys" if len(keys) == len(all_keys) else f"{len(keys)} of {len(all_keys)} keys"


def missing_note(known: Known, keys: Sequence[ApiKey]) -> str | None:
    """How many of these keys have an answer, so that a sum is not taken for the whole."""
    answered = len(known.usages(keys))
    if answered == len(keys) or len(keys) == 1:
        return None
    return f"{answered} of {len(keys)} keys answered"


def notes(known: Known, keys: Sequence[ApiKey], lens: Lens) -> tuple[str, ...]:
    """What is odd about the figures of these keys, one sentence each."""
    problems = [known.problem(key.id) for key, _ in known.answered(keys)]
    stale = [f"stale: {problem.message}" for problem in problems if problem]
    return tuple(dict.fromkeys([*common_notes(known, keys, lens), *stale, *_odd(known, keys)]))


def common_notes(known: Known, keys: Sequence[ApiKey], lens: Lens) -> list[str]:
    """What is to be known of the keys' figures together: how many answered, and what they stand beside."""
    gap = missing_note(known, keys)
    compared = _compared(known, keys) if lens.compare else None
    return [note for note in (compared, gap) if note]


def _compared(known: Known, keys: Sequence[ApiKey]) -> str | None:
    """Why nothing stands beside the figures; else that a day which is not over stands beside a whole one."""
    before = known.before(keys)
    if before.usage is None:
        return f"not comparable: {before.reasons['']}"
    running = any(usage.window.end == usage.observed_at.date() for usage in known.usages(keys))
    return "today is not over; the window before holds whole days" if running else None


def _odd(known: Known, keys: Sequence[ApiKey]) -> list[str]:
    """What is odd about single answers, with whose they are; said once when several keys share it."""
    whose: dict[str, list[ApiKey]] = {}
    for key in keys:
        usage = known.usage(key.id)
        for note in (*key.notes, *usage.notes) if usage else ():
            whose.setdefault(note, []).append(key)
    if len(keys) == 1:
        return list(whose)
    return [
        f"{note} ({label(owners[0], 24) if len(owners) == 1 else f'{len(owners)} keys'})"
        for note, owners in whose.items()
    ]


def untold(what: str, days: int) -> str:
    """Why a pane has none of these."""
    if beyond_service(days):
        return f"Nothing but days and 429s is remembered; {what} are known for {LOOK_BACK}: press [."
    return f"The service sent no {what}."


def note_line(found: Sequence[str]) -> Line:
    """The first note, and how many more there are: help has them all."""
    if not found:
        return ()
    more = f" (+{len(found) - 1} in help)" if len(found) > 1 else ""
    return (Span(f" note: {found[0]}{more}", "warn"),)


def read_out(parts: Iterable[str | Span | None], width: int) -> Line:
    """The parts of the read-out line in order of weight, as many as fit whole."""
    line: list[Span] = [Span(" ")]
    for part in parts:
        if not part:
            continue
        span = part if isinstance(part, Span) else Span(part)
        gap = Span("  ") if len(line) > 1 else Span("")
        if line_width([*line, gap, span]) <= width:
            line += [gap, span]
    return tuple(line)


def requests_part(requests: int | None) -> str:
    return f"{exact(requests)} req" if requests is not None else "requests unknown"


def room_beside(figures: str, width: int) -> int:
    """Columns for the name that opens a read-out line, so that the first figures stand beside it."""
    room = width - cell_width(figures) - 3
    return room if room >= MIN_NAME else width - 1


def name_beside(key: ApiKey, figures: str, width: int) -> Span:
    """The key's name in a read-out line: whole when there is room, else cut for the sake of the figures."""
    return Span(label(key, min(room_beside(figures, width), 24)), "title")


def error_part(errors: int | None, share: float | None) -> str:
    """89 err (1.7%)"""
    return f"{exact(errors)} err ({percent(share)})" if errors is not None else "errors unknown"


VERDICT_ROLES: dict[str, Role] = {
    "ok": "good",
    "near": "warn",
    "over": "bad",
    "throttled": "warn",
    "idle": "faint",
    "unknown": "faint",
}
