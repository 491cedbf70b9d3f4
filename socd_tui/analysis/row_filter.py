"""The filter and the sort of a pane's rows, as a person typed them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from socd_tui.model.errors import UsageError
from socd_tui.model.lens import Lens, Sort
from socd_tui.model.text import Text

T = TypeVar("T")
Fact = Text | str | int | float | None
Facts = Mapping[str, Fact]
"""A row's values by column, which are all that a filter and a sort look at; None is unknown."""

_COMPARISON = re.compile(
    r"\s*(?P<column>[\w%./]+)\s*(?P<sign>>=|<=|!=|=|>|<)\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[kKmMgG%]?)\s*"
)
_SIGNS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
}
_UNITS = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "%": 0.01}


@dataclass(frozen=True)
class Columns:
    """The columns a pane can be filtered and sorted by; `texts` of them hold no
    numbers, `shares` hold fractions of 1.

    `short` maps the names its header shows. One that ends in "%" is read as per cent: `err%>5` is
    `error_ratio>0.05`.
    """

    names: tuple[str, ...]
    short: Mapping[str, str]
    texts: frozenset[str] = frozenset()
    shares: frozenset[str] = frozenset()

    def sort(self, typed: str) -> Sort:
        """`column`, `column:asc` or `column:desc`; numbers start with the largest, names with A.

        Raises UsageError.
        """
        name, _, way = typed.partition(":")
        if way not in ("", "asc", "desc"):
            raise UsageError(f"'{way[:20]}' is no order.", "Write asc or desc after the colon.")
        column = self.find(name)
        return Sort(column, descending=way == "desc" or (way == "" and column not in self.texts))

    def find(self, typed: str) -> str:
        """The column meant. Raises UsageError naming the nearest."""
        wanted = typed.lower()
        name = self.short.get(wanted, wanted)
        if name in self.names:
            return name
        near = get_close_matches(wanted, [*self.names, *self.short], n=1, cutoff=0.4)
        hint = f"The nearest is '{near[0]}'." if near else f"There are: {', '.join(self.names)}."
        raise UsageError(f"There is no column '{typed[:30]}' here.", hint)


@dataclass(frozen=True)
class Filter:
    """`text` as typed, and what it keeps."""

    text: str
    keeps: Callable[[Facts], bool]


def parse_filter(text: str, columns: Columns) -> Filter | None:
    """`word`, `/regex/`, `column>number` (k, M, % allowed), each inverted by a leading `!`; None for nothing.

    Words and patterns look at every text column, without regard to case. A row whose figure is unknown is
    kept by no comparison with it, nor by the inverse of one. Raises UsageError.
    """
    body = text.strip()
    if body in ("", "!"):
        return None
    inverse = body.startswith("!")
    body = body[1:].strip() if inverse else body
    comparison = _COMPARISON.fullmatch(body)
    if comparison:
        keeps = _keeps_compared(comparison, columns, inverse)
    elif len(body) > 1 and body.startswith("/") and body.endswith("/"):
        keeps = _keeps_matching(_pattern(body[1:-1]), inverse)
    else:
        keeps = _keeps_matching(re.compile(re.escape(body), re.IGNORECASE), inverse)
    return Filter(text.strip(), keeps)


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
    with_value = [row for row in rows if facts(row).get(sort.column) is not None]
    without = [row for row in rows if facts(row).get(sort.column) is None]
    return (
        sorted(with_value, key=lambda row: _rank(facts(row)[sort.column]), reverse=sort.descending) + without
    )


def _rank(fact: Fact) -> tuple[float, str]:
    return (0.0, str(fact).casefold()) if isinstance(fact, Text | str) else (float(fact or 0), "")


def _keeps_compared(typed: re.Match[str], columns: Columns, inverse: bool) -> Callable[[Facts], bool]:
    name = columns.find(typed["column"])
    if name in columns.texts:
        raise UsageError(
            f"'{typed['column']}' holds no numbers to compare.", "Filter it by a word or a /pattern/."
        )
    by_percent = typed["column"].endswith("%") and not typed["unit"]
    number = float(typed["number"]) * (0.01 if by_percent else _UNITS[typed["unit"].lower()])
    if name in columns.shares and number > 1 and not typed["unit"]:
        raise UsageError(
            f"'{name}' is a share of 1.", f"For per cent write {name}{typed['sign']}{typed['number']}%."
        )
    sign = _SIGNS[typed["sign"]]

    def keeps(facts: Facts) -> bool:
        fact = facts.get(name)
        return isinstance(fact, int | float) and sign(fact, number) is not inverse

    return keeps


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise UsageError(f"That pattern does not work: {error}.", "Write it as /regex/.") from None


def _keeps_matching(pattern: re.Pattern[str], inverse: bool) -> Callable[[Facts], bool]:
    def keeps(facts: Facts) -> bool:
        texts = (str(fact) for fact in facts.values() if isinstance(fact, Text | str))
        return any(map(pattern.search, texts)) is not inverse

    return keeps
