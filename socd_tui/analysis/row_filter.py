"""The filter and the sort of a pane's rows, as a person typed them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from socd_tui.analysis.columns import Columns, Fact, Facts
from socd_tui.analysis.comparison import Keeps, parse_comparisons
from socd_tui.analysis.pattern import Pattern, parse_pattern
from socd_tui.model.errors import UsageError
from socd_tui.model.lens import Lens, Sort
from socd_tui.model.text import Text, folded, inert

T = TypeVar("T")

MAX_TYPED = 500
"""Characters of a filter: a name in quotes has at most 258, and nobody types so much."""

_QUOTES = ('""', "''", "“”", "„“", "«»")


@dataclass(frozen=True)
class Filter:
    """`text` as typed, and what it keeps."""

    text: str
    keeps: Callable[[Facts], bool]


def parse_filter(text: str, columns: Columns) -> Filter | None:
    """`word`, `"the word"`, `/regex/`, or `column>number` and the like; None for nothing. Raises UsageError.

    A leading `!` inverts, of several comparisons the one behind it. Words and patterns look at every text
    column, without regard to case, normal form or what cannot be seen. What begins with the name of a column
    and a sign is a comparison, unless it stands in quotes.
    """
    if len(text) > MAX_TYPED:
        raise UsageError(
            f"A filter is at most {MAX_TYPED} characters; this one has {len(text):,}.", "Write less of it."
        )
    typed = inert(text, MAX_TYPED).strip()
    inverse = typed.startswith("!")
    body = typed[1:].strip() if inverse else typed
    if not body:
        return None
    if len(body) > 1 and body.startswith("/") and body.endswith("/"):
        return Filter(typed, _keeps_matching(parse_pattern(body[1:-1]), inverse, columns))
    if len(body) > 2 and body[0] + body[-1] in _QUOTES:
        return Filter(typed, _keeps_containing(body[1:-1], inverse, columns))
    compared = parse_comparisons(typed, columns)
    return Filter(typed, compared or _keeps_containing(body, inverse, columns))


def select_rows(
    rows: Iterable[T], facts: Callable[[T], Facts], lens: Lens, view: str, columns: Columns
) -> list[T]:
    """The rows as the Lens's filter and sort of this view want them. Raises UsageError for a wrong filter."""
    kept = filter_rows(rows, facts, parse_filter(lens.filters.get(view, ""), columns))
    return sort_rows(kept, facts, lens.sorts.get(view))


def filter_rows(rows: Iterable[T], facts: Callable[[T], Facts], filter_: Filter | None) -> list[T]:
    """The rows the filter keeps, in their order; all without one."""
    return [row for row in rows if filter_ is None or filter_.keeps(facts(row))]


def sort_rows(rows: Sequence[T], facts: Callable[[T], Facts], sort: Sort | None) -> list[T]:
    """The rows in the sort's order, those whose value is unknown last; as they are without a sort."""
    if sort is None:
        return list(rows)
    with_value: list[tuple[tuple[float, str], T]] = []
    without = []
    for row in rows:
        fact = facts(row).get(sort.column)
        if fact is None:
            without.append(row)
        else:
            with_value.append((_rank(fact), row))
    with_value.sort(key=lambda pair: pair[0], reverse=sort.descending)
    return [row for _, row in with_value] + without


def _rank(fact: Fact) -> tuple[float, str]:
    return (0.0, folded(str(fact))) if isinstance(fact, Text | str) else (float(fact or 0), "")


def _keeps_matching(pattern: Pattern, inverse: bool, columns: Columns) -> Keeps:
    return lambda facts: any(map(pattern.matches, _texts(facts, columns))) is not inverse


def _keeps_containing(text: str, inverse: bool, columns: Columns) -> Keeps:
    wanted = folded(text)
    return lambda facts: any(wanted in folded(each) for each in _texts(facts, columns)) is not inverse


def _texts(facts: Facts, columns: Columns) -> Iterable[str]:
    """The row's texts; columns that are known to hold figures are not read for it."""
    values = (facts[name] for name in facts if name not in columns.figures)
    return (str(value) for value in values if isinstance(value, Text | str))
