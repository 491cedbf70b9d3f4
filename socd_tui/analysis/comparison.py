"""Comparisons of columns as people type them: `requests>=10k and err%<5`, `state=over p95>1.5s`.

What is not understood is refused with its place: to keep all rows, or none, would look like an answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import isclose

from socd_tui.analysis.columns import SIGN, Columns, Facts
from socd_tui.model.errors import UsageError
from socd_tui.model.record import dataclass
from socd_tui.model.text import Text, folded, inert, quoted

Keeps = Callable[[Facts], bool]

_SIGNS = {"=>": ">=", "≥": ">=", "=<": "<=", "≤": "<=", "<>": "!=", "≠": "!=", "==": "="}
"""Other ways to write a sign."""

# A blank or comma between digits makes thousands of them, unless what follows is a column of its own: in
# "requests>1 429>0" 429 is one.
_NUMBER = re.compile(
    rf"""(?P<digits>[+\-−]?(?:\d{{1,3}}(?:[,'’_\s]\d{{3}})+(?!\d|\s*(?:{SIGN}))(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)
      (?:e[+-]?\d{{1,3}})?)(?:\s?(?P<unit>%|ms|s|min|[kmgt]))?(?=\s|&|,|;|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_JOINT = re.compile(r"\s+and\s+|\s*(?:&&?|[,;])\s*|\s+", re.IGNORECASE)
_QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'|“([^”]*)”")
_WORD = re.compile(r"[^\s&,;]+")
_OR = re.compile(r"(?P<or>or\b|\|\|?)", re.IGNORECASE)
_OR_AT_END = re.compile(r"\s(?P<or>or|\|\|?)\Z", re.IGNORECASE)
_UNKNOWN = re.compile(rf"!?\s*(?P<column>[\w%./]+(?:[ -]\w+)?)\s*(?:{SIGN})\s*(?P<value>.*)", re.DOTALL)

_THOUSANDS = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}
_MILLISECONDS = {"": 1.0, "ms": 1.0, "s": 1e3, "min": 6e4, "k": 1e3}

ALIKE = 0.7
"""From this likeness on a word is a column misspelt, not the beginning of a name with a sign in it."""


@dataclass(frozen=True)
class Step:
    """A number to compare with: figures that differ by less than half of `width` are shown as the same."""

    value: float
    width: float = 0.0

    def equals(self, fact: float) -> bool:
        return abs(fact - self.value) < self.width / 2 or isclose(fact, self.value, rel_tol=1e-9)


@dataclass(frozen=True)
class Term:
    """One of the things a row must meet, in the words of the screen, and where it ends in what was typed."""

    keeps: Keeps
    says: str
    ends: int
    compares: bool = False
    """Whether it compares a column; else it looks for a text."""


def comparison_at(typed: str, at: int, columns: Columns) -> Term | None:
    """The comparison that begins there; None when none does. Raises UsageError for one not understood.

    A row whose figure is unknown is kept by no comparison with it, nor by the inverse of one.
    """
    head = columns.compared.match(typed, at)
    if head is None:
        _refuse_misspelt(typed, at, columns)
        return None
    return _comparison(typed, head, columns)


def joint_after(typed: str, term: Term, columns: Columns) -> int:
    """Where the next term begins, behind a blank, "and" or the like. Raises UsageError where nothing does."""
    joint = _JOINT.match(typed, term.ends)
    if joint is None:
        if term.ends < len(typed):
            raise not_understood(typed, term.ends, columns)
        return term.ends
    at = joint.end()
    if term.compares and typed[at:].lower() == "and":
        raise not_understood(typed, at, columns)
    return at


def refuse_or(typed: str, at: int, before: bool, columns: Columns) -> None:
    """Raises UsageError for an "or" beside a comparison, `before` it or behind: all of them must be met."""
    other = _OR.match(typed, at)
    if other and (before or columns.compared.match(typed, other.end() + 1)):
        raise not_understood(typed, at, columns)


def _comparison(typed: str, head: re.Match[str], columns: Columns) -> Term:
    called, inverse = head["column"], bool(head["not"])
    name, sign = columns.find(called), _SIGNS.get(head["sign"], head["sign"])
    number = _NUMBER.match(typed, head.end())
    undeclared = not any(name in each for each in (columns.shares, columns.counts, columns.times))
    if name in columns.texts or (number is None and undeclared and sign in ("=", "!=")):
        return _of_text(typed, head, name, sign, columns)
    if number is None:
        word = _WORD.match(typed, head.end())
        if word is None:
            raise UsageError(
                f"After '{called}{head['sign']}' a number is missing.", _example(called, columns)
            )
        raise UsageError(
            f"'{word[0][:30]}', at character {word.start() + 1}, is no number.", _example(called, columns)
        )
    step = _step(called, name, number, head["sign"], columns)

    def keeps(facts: Facts) -> bool:
        fact = facts.get(name)
        if not isinstance(fact, int | float):
            return False
        equal = step.equals(fact) if sign in ("=", "!=") else isclose(fact, step.value, rel_tol=1e-9)
        met = {
            "=": equal,
            "!=": not equal,
            ">": fact > step.value and not equal,
            "<": fact < step.value and not equal,
            ">=": fact > step.value or equal,
            "<=": fact < step.value or equal,
        }
        return met[sign] is not inverse

    says = f"{'not ' if inverse else ''}{columns.heading(name)} {sign} {_said(step, name, columns)}"
    return Term(keeps, says, number.end(), compares=True)


def _said(step: Step, name: str, columns: Columns) -> str:
    """The number as it was understood, in the unit of its column."""
    if name in columns.times:
        return f"{step.value:,.10g} ms"
    if name in columns.shares or (step.width and name not in columns.counts):
        return f"{step.value * 100:,.10g} %"
    return f"{step.value:,.10g}"


def _of_text(typed: str, head: re.Match[str], name: str, sign: str, columns: Columns) -> Term:
    """The same of a column of words, which go on to the next comparison."""
    if sign not in ("=", "!="):
        raise UsageError(
            f"'{head['column']}' holds no numbers to compare.",
            f"Compare it with = or !=. {_quoting(typed)}",
        )
    in_quotes = _QUOTED.match(typed, head.end())
    if in_quotes:
        word, end = next(filter(None, in_quotes.groups()), ""), in_quotes.end()
    else:
        end = _next_comparison(typed, head.end(), columns)
        word = typed[head.end() : end]
        if end < len(typed.rstrip()) and (other := _OR_AT_END.search(word)):
            raise not_understood(typed, head.end() + other.start("or"), columns)
    wanted, inverse = folded(word), (sign == "!=") is not bool(head["not"])
    if not wanted:
        raise UsageError(
            f"After '{head['column']}{head['sign']}' a word is missing.", f"Write {head['column']}=word."
        )

    def keeps(facts: Facts) -> bool:
        fact = facts.get(name)
        return isinstance(fact, Text | str) and (folded(str(fact)) == wanted) is not inverse

    says = f"{columns.heading(name)} {'is not' if inverse else 'is'} {quoted(inert(word.strip()))}"
    return Term(keeps, says, end, compares=True)


def _next_comparison(typed: str, start: int, columns: Columns) -> int:
    """Where the joint before the next comparison begins; the end without one."""
    joints = (joint for joint in _JOINT.finditer(typed, start) if columns.compared.match(typed, joint.end()))
    return next((joint.start() for joint in joints), len(typed.rstrip()))


def _step(called: str, name: str, number: re.Match[str], sign: str, columns: Columns) -> Step:
    """The number in the unit of the column. Raises UsageError for a unit that the column does not have."""
    digits, unit = number["digits"], (number["unit"] or "").lower()
    value = float(re.sub(r"[,'’_\s]", "", digits).replace("−", "-"))
    if name not in columns.times | columns.counts and (
        unit == "%" or (not unit and columns.in_percent(called))
    ):
        return Step(value / 100, 0.001)
    if name in columns.shares:
        return _share(value, name, f"{called}{sign}{digits}", unit)
    sizes = _MILLISECONDS if name in columns.times else _THOUSANDS
    if unit not in sizes:
        units = "ms, s or min" if name in columns.times else "k, M or G"
        place = f"'{number['unit']}', at character {number.start('unit') + 1}, is no unit of '{called}'."
        raise UsageError(place, f"Write {units}, or no unit.")
    shown = 0.0 if name not in columns.times else 0.1 if abs(value) < 10 and unit in ("", "ms") else 1.0
    return Step(value * sizes[unit], shown)


def _share(value: float, name: str, compared: str, unit: str) -> Step:
    """A share of 1, or in per cent where only that makes sense.

    Some columns are called the same on the screen, which shows per cent, and in JSON, which has fractions.
    """
    if unit or (value > 1 and name.endswith("_ratio")):
        raise UsageError(f"'{name}' is a share of 1.", f"For per cent write {compared}%.")
    if value == 1 and not name.endswith("_ratio"):
        raise UsageError(f"'{compared}' may mean 1% or all of it.", f"Write {compared}% or {compared}00%.")
    return Step(value / 100, 0.001) if abs(value) > 1 else Step(value, 0.0001)


def _example(called: str, columns: Columns) -> str:
    name = columns.find(called)
    number = "5%" if name in columns.shares else "250ms" if name in columns.times else "10k"
    return f"Write {called}>{number}, for example."


def not_understood(typed: str, at: int, columns: Columns) -> UsageError:
    """Why what stands at this place is no further comparison."""
    if other := _OR.match(typed, at):
        return UsageError(
            f"'{other['or']}', at character {at + 1}: a row must meet all comparisons.",
            "Use one comparison, or a /pattern|another/ of text.",
        )
    unknown = _UNKNOWN.match(typed, at)
    if unknown:
        try:
            columns.find(unknown["column"], unknown.start("column") + 1)
        except UsageError as error:
            return error
    word = _WORD.search(typed, at)
    if word is None:
        return UsageError(
            f"Something is missing after '{typed[:at].strip()[-20:]}'.", "Write one more comparison."
        )
    near = columns.nearest(word[0], 0.6)
    hint = f"The nearest column is '{near}'." if near else "Join comparisons by a blank or by and."
    return UsageError(f"'{word[0][:30]}', at character {word.start() + 1}, was not understood.", hint)


def _refuse_misspelt(typed: str, at: int, columns: Columns) -> None:
    """Raises UsageError where a comparison was meant with a column there is not."""
    unknown = _UNKNOWN.match(typed, at)
    if unknown is None:
        return
    called, value = unknown["column"], unknown["value"].strip()
    first, blank, last = called.rpartition(" ")
    if blank and first and columns.nearest(last, ALIKE) and not columns.nearest(first, ALIKE):
        return  # a word, and then a column misspelt
    compares_number = _NUMBER.match(value) is not None and " " not in called
    if compares_number or columns.nearest(called, ALIKE):
        try:
            columns.find(called, unknown.start("column") + 1)
        except UsageError as error:
            raise UsageError(error.message, f"{error.next_step} {_quoting(typed)}") from None


def _quoting(typed: str) -> str:
    """How to filter by a text that looks like a comparison."""
    return f'For rows with that text write it in quotes: "{typed[:40]}".'
