"""What a check of the rig is, what it may use, and what it says."""

from __future__ import annotations

import importlib
import pkgutil
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.trust import checks


class NotHere(Exception):
    """This machine lacks what the check needs; the message names it: "strace"."""


@dataclass(frozen=True)
class Trial:
    """One run of a check, and what it may use."""

    home: Path
    """An empty folder of its own."""
    whole: bool = False
    """All that there is to try; else the sample of every test run."""
    seed: int = 1

    def count(self, short: int, whole: int) -> int:
        """How much to try."""
        return whole if self.whole else short

    def random(self) -> random.Random:
        """Random choices that the seed alone decides."""
        return random.Random(self.seed)


@dataclass(frozen=True)
class Outcome:
    """What a check tried and what came of it."""

    tried: str
    """With its unit: "1,740 sequences in 14 places"."""
    figure: str
    """What was measured: "0 reached the terminal"."""
    faults: tuple[str, ...] = ()
    """Each breach of what the check must show, with what repeats it: none is what must be."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """An attack on the program. The same attack on `naive` must come out with faults."""

    name: str
    must_show: str
    ours: Callable[[Trial], Outcome]
    naive: Callable[[Trial], Outcome]
    naive_is: str
    """What stands in for the program: "httpx's client with its cookies"."""


def all_checks() -> dict[str, Check]:
    """Every check by its name, in the order of the files' names."""
    names = sorted(module.name for module in pkgutil.iter_modules(checks.__path__))
    modules = [importlib.import_module(f"{checks.__name__}.{name}") for name in names]
    found: list[Check] = [module.CHECK for module in modules]
    return {check.name: check for check in found}
