"""Where the time or the memory of a row goes: it is measured again while the program notes what it does."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from tests.benchmarks.lab import Lab
from tests.benchmarks.rows import Row, Sample
from tests.benchmarks.terminal import Missed

ENOUGH, MOST_RUNS, MOST_S = 2_000, 10, 40.0
"""So many notes tell a share of 10 % to a hundredth or two; what is made for them at most."""

EVERY_MS = 0.5
"""As in `sampler/sitecustomize.py`."""

MIB = 1024 * 1024
SMALLEST = 0.02
"""Parts of a smaller share are told together."""

SMALL = "parts of less each"
AROUND = "Python's own start and end, waiting"
GUARD = "the guarding process"


class Note(NamedTuple):
    """What a process was doing at a moment, as `sampler/sitecustomize.py` writes it."""

    at: float
    process: int
    held: int
    """Bytes."""
    measured: bool
    doing: str


@dataclass(frozen=True)
class Profile:
    """What a row is made of, the largest part first; together they are the whole."""

    row: Row
    what: str
    """What was taken apart, and what that stands on."""
    whole: float
    """In the row's unit, as are the parts."""
    parts: Mapping[str, float]


def profile(
    row: Row, probe: Callable[[Lab], Iterator[Sample]], lab: Lab, runs: int = MOST_RUNS
) -> Profile | None:
    """None for rows that are neither of time nor of memory; `runs` at most. Raises Missed."""
    of_unit = {"ms": _of_time, "MiB": _of_memory}.get(row.unit)
    return of_unit(row, lambda notes: _only(row, probe(lab.sampled(notes))), lab, runs) if of_unit else None


def _only(row: Row, samples: Iterable[Sample]) -> Sample:
    """Of a key that was pressed, the slowest."""
    of_row = [sample for sample in samples if sample.row == row.name]
    if not of_row:
        raise Missed(f"{row.name} was not measured again")
    return max(of_row, key=lambda sample: sample.value - (sample.floor or 0.0))


def _of_time(row: Row, measured: Callable[[Path], Sample], lab: Lab, runs: int) -> Profile:
    """Milliseconds of a run on average."""
    values: list[float] = []
    doing: defaultdict[str, float] = defaultdict(float)
    noted, sample, ends = 0, None, perf_counter() + MOST_S
    while len(values) < runs and noted < ENOUGH and perf_counter() < ends:
        notes = lab.folder()
        sample = measured(notes)
        values.append(sample.value)
        during = _during(sample, started(notes))
        noted += len(during)
        for part, spent_ms in _spent(during):
            doing[part] += spent_ms
    assert sample is not None
    whole = statistics.fmean(values)
    share = 1 / len(values)
    if sample.began is None:  # how often it was measured is not known
        share = whole / (sum(doing.values()) or 1.0)
    parts = {part: spent_ms * share for part, spent_ms in doing.items()}
    what = f"{sample.label or row.name}, {noted:,} notes of {len(values)} runs"
    return _profile(row, what, whole, {**parts, AROUND: whole - sum(parts.values())})


def _during(sample: Sample, started: Sequence[Sequence[Note]]) -> Sequence[Note]:
    """What was noted in that time by what was started first, or by what measured itself."""
    if sample.began is None:
        return [note for notes in started for note in notes if note.measured and note.doing != "-"]
    ends = sample.began + sample.value / 1e3
    within = ([note for note in notes if sample.began <= note.at <= ends] for notes in started)
    return next((notes for notes in within if notes), ())


def _spent(notes: Sequence[Note]) -> Iterator[tuple[str, float]]:
    """What each note stands for, and the milliseconds since the one before.

    That is longer than usual while a thread computes: a note waits until it lets go of the interpreter. What
    `inside.py` measures is noted by itself alone, with pauses in between.
    """
    before = None
    for note in notes:
        since_ms = EVERY_MS if before is None or note.measured else (note.at - before.at) * 1e3
        yield note.doing, since_ms
        before = note


def _of_memory(row: Row, measured: Callable[[Path], Sample], lab: Lab, _runs: int) -> Profile:
    """What the program holds more than the bare one that was started before it: a run tells it."""
    notes = lab.folder()
    sample = measured(notes)
    noted = started(notes)
    if len(noted) < 2:
        raise Missed(f"nothing was noted of {row.name}")
    bare, program = map(_grown, noted[:2])
    parts = {part: program.get(part, 0.0) - bare.get(part, 0.0) for part in program | bare}
    whole = sample.value - (sample.floor or 0.0)
    parts[GUARD] = whole - sum(parts.values())
    return _profile(row, f"{row.name}, beyond a bare program", whole, parts)


def _grown(notes: Sequence[Note]) -> dict[str, float]:
    """MiB by what was done meanwhile, of the process that drew: the last that noted."""
    grown: dict[str, float] = defaultdict(float)
    for before, after in pairwise(note for note in notes if note.process == notes[-1].process):
        grown[after.doing] += (after.held - before.held) / MIB
    return grown


def _profile(row: Row, what: str, whole: float, parts: Mapping[str, float]) -> Profile:
    largest_first = sorted(parts.items(), key=lambda part: part[1], reverse=True)
    told = {part: value for part, value in largest_first if value >= SMALLEST * whole}
    return Profile(row, what, whole, {**told, SMALL: whole - sum(told.values())})


def started(notes: Path) -> list[list[Note]]:
    """The notes of each program that was started, in the order they were."""
    started = [[_note(line) for line in file.read_text().splitlines()] for file in notes.glob("*.notes")]
    return sorted(filter(None, started), key=lambda program: program[0].at)


def _note(line: str) -> Note:
    at, process, held, measured, doing = line.split(" ", 4)
    return Note(float(at), int(process), int(held), measured == "1", doing)
