"""Finding one of many by a part of its name: fuzzy, in one pass, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import nsmallest
from typing import Generic, TypeVar

from socd_tui.model.record import dataclass
from socd_tui.model.text import folded

P = TypeVar("P")

WHOLE, BEGINS, WITHIN, ALSO, SCATTERED = range(5)
"""How well a name meets what was typed: it is just that, a word of it begins so, it holds it, something else
it is called holds it, or its letters stand in it one after the other."""

LONGEST = 100
"""Characters that are looked for: no name is told from another by more."""


@dataclass(frozen=True, kw_only=True)
class Candidate(Generic[P]):
    """What can be found: by its name, and by what else it is called."""

    name: str
    place: P
    """What it stands for."""
    kind: str = ""
    about: str = ""
    also: str = ""
    """Synonyms, parted by commas or blanks."""
    weight: int = 0
    """How much it is used: of those that meet what was typed equally well the most used comes first."""


@dataclass(frozen=True)
class Found(Generic[P]):
    """The best, and how many there are in all."""

    best: Sequence[Candidate[P]]
    count: int


class Finder(Generic[P]):
    """The candidates, made ready once."""

    def __init__(self, candidates: Iterable[Candidate[P]]) -> None:
        self.candidates = sorted(candidates, key=lambda each: -each.weight)
        self._names = [folded(each.name) for each in self.candidates]
        self._also = [folded(f"{each.kind} {each.also}".replace(",", " ")) for each in self.candidates]

    def __len__(self) -> int:
        return len(self.candidates)

    def find(self, typed: str, most: int, recent: Sequence[P] = ()) -> Found[P]:
        """At most so many, the best first: all the words typed are in each, in any order.

        `recent` are the places chosen lately, the latest first. 10,000 candidates take some milliseconds.
        """
        words = folded(typed[:LONGEST]).split()
        ranks = self._ranks(words)
        late = {place: n for n, place in enumerate(recent)}
        chosen = {
            n: late[each.place] for n, each in enumerate(self.candidates) if late and each.place in late
        }
        order = nsmallest(most, ((rank, chosen.get(n, len(late)), n) for n, rank in ranks))
        return Found([self.candidates[n] for _, _, n in order], len(ranks))

    def _ranks(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """(index, rank) of each that is found."""
        ranks = [(n, BEGINS) for n in range(len(self.candidates))]
        for word in words:
            ranks = [
                (n, max(rank, own))
                for n, rank in ranks
                if (own := _rank(word, self._names[n], self._also[n])) is not None
            ]
        whole = " ".join(words)
        return [
            (n, WHOLE if whole and (whole == self._names[n] or whole in self._also[n].split()) else rank)
            for n, rank in ranks
        ]


def _rank(word: str, name: str, also: str) -> int | None:
    at = name.find(word)
    while at > 0 and name[at - 1].isalnum():
        further = name.find(word, at + 1)
        if further < 0:
            return WITHIN
        at = further
    if at >= 0:
        return BEGINS
    if word in also:
        return ALSO
    for char in word:
        at = name.find(char, at + 1)
        if at < 0:
            return None
    return SCATTERED
