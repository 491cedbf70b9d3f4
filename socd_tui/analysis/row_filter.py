"""The filter and the sort of a pane's rows, as a person typed them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from socd_tui.analysis.columns import Columns, Fact, Facts
from socd_tui.model.errors import UsageError
from socd_tui.model.lens import Lens, Sort
from socd_tui.model.record import dataclass
from socd_tui.model.text import Text, folded, inert, quoted

if TYPE_CHECKING:
    from socd_tui.analysis.comparison import Keeps, Term
    from socd_tui.analysis.pattern import Pattern

T = TypeVar("T")

MAX_TYPED = 500
"""Characters of a filter: a name in quotes has at most 258, and nobody types so much."""

_TEXT = r"""
    (?P<not>!?)\s*(?:/(?P<pattern>.+?)/(?=\s|\Z)|"(?P<straight>[^"]+)"(?=\s|\Z)|'(?P<single>[^']+)'(?=\s|\Z)
        |“(?P<curly>[^”]+)”(?=\s|\Z)|„(?P<low>[^“]+)“(?=\s|\Z)|«(?P<angle>[^»]+)»(?=\s|\Z)|(?P<word>\S+))"""
"""What a text to look for is written as: a pattern, words in quotes of some kind, or one word."""


@dataclass(frozen=True)
class Filter:
    """`text` as typed, what it keeps, and what was understood of it, in the words of the screen."""

    text: str
    keeps: Callable[[Facts], bool]
    says: str = ""


def parse_filter(text: str, columns: Columns) -> Filter | None:
    """`word`, `"the words"`, `/regex/`, or `column>number` and the like; None for nothing. Raises UsageError.

    A row must meet all that stands there, parted by blanks. A leading `!` inverts what it stands before.
    Words and patterns look at every text column, without regard to case, normal form or what cannot be
    seen. What begins with the name of a column and a sign is a comparison, unless it stands in quotes.
    """
    if len(text) > MAX_TYPED:
        raise UsageError(
            f"A filter is at most {MAX_TYPED} characters; this one has {len(text):,}.", "Write less of it."
        )
    typed = inert(text, MAX_TYPED).strip()
    if not typed:
        return None
    from socd_tui.analysis.comparison import comparison_at, joint_after, refuse_or

    terms: list[Term] = []
    at = 0
    while at < len(typed):
        if at:
            refuse_or(typed, at, any(term.compares for term in terms), columns)
        term = comparison_at(typed, at, columns) or _text_at(typed, at, columns)
        if term is None:
            break
        terms.append(term)
        at = joint_after(typed, term, columns)
    if not terms:
        return None
    keeps = terms[0].keeps if len(terms) == 1 else lambda facts: all(term.keeps(facts) for term in terms)
    return Filter(typed, keeps, " and ".join(term.says for term in terms))


def _text_at(typed: str, at: int, columns: Columns) -> Term | None:
    """The pattern, the words in quotes or the word that begins there; None behind a "!" that ends it all."""
    from socd_tui.analysis.comparison import Term

    whole = re.compile(_TEXT, re.VERBOSE).match(typed, at)
    if whole is None or whole[0] == typed[at:] == "!":
        return None
    inverse, found, end = bool(whole["not"]), whole[whole.lastgroup or 0], whole.end()
    if whole.lastgroup == "pattern":
        from socd_tui.analysis.pattern import parse_pattern

        says = f"{'no text matches' if inverse else 'a text matches'} /{found}/"
        return Term(_keeps_matching(parse_pattern(found), inverse, columns), says, end)
    if whole.lastgroup != "word":
        says = f"{'without' if inverse else 'with'} {quoted(found)}"
        return Term(_keeps_containing(found, inverse, columns), says, end)
    if inverse:
        says = f"no word begins with {quoted(found)}"
        return Term(_keeps_without(found, columns), says, end)
    return Term(_keeps_containing(found, False, columns), f"with {quoted(found)}", end)


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


def _keeps_without(word: str, columns: Columns) -> Keeps:
    """The rows of which no word begins so: without "ok" is not without "notebook", nor without "revoked".

    In scripts that set no blanks between words a word may begin anywhere.
    """
    wanted = folded(word)
    spaced = wanted[:1].isdigit() or wanted[:1].lower() != wanted[:1].upper()
    begins = re.compile((r"(?<![^\W_])" if spaced else "") + re.escape(wanted))
    return lambda facts: not any(begins.search(folded(each)) for each in _texts(facts, columns))


def _texts(facts: Facts, columns: Columns) -> Iterable[str]:
    """The row's texts; columns that are known to hold figures are not read for it."""
    values = (facts[name] for name in facts if name not in columns.figures)
    return (str(value) for value in values if isinstance(value, Text | str))
