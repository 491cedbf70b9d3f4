"""Patterns with which an engine that goes back to try anew never ends, on names that make it do so."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from functools import partial
from random import Random

from tests.trust.check import Check, Outcome, Trial

LIMIT_S = 2
"""Seconds of processor time, the start of Python included, that one pattern may take for all names."""

PATTERNS = (
    "(a+)+$",
    "(a|a)*$",
    "([a-z]+)*x[0-9]",
    "(.*a){25}!",
    "(x+x+)+y",
    "(a?){60}a{60}",
    "^(([a-z])+.)+[0-9]([a-z])+$",
    "(a|aa)+$",
    "(.?){50}z",
    "(.*)(.*)(.*)(.*)(.*)(.*)x[0-9]",
    r"(\w+\s?)+!!$",
    r"^(\w+-?)*!!$",
    "[ab]*a[ab]{60}c",
    "a.{40}c",
    "((a{1,9}){1,9}){1,9}z",
    r"(\pL?){2}(a+)+!!",
    "(?=(a+)+$)a",
    r"(a+)\1+$",
    "(.?){1000}z",
    "(a{50}){50}",
    "(((((((((a*)*)*)*)*)*)*)*)*)b",
    "(😀+)+$",
    "(.|😀)*!!$",
    "(ж|Ж)*$",
)

OURS = """
from socd_tui.analysis.columns import Columns
from socd_tui.analysis.row_filter import parse_filter
from socd_tui.model.errors import UsageError
from socd_tui.model.text import Text
try:
    wanted = parse_filter("/" + pattern + "/", Columns(("key",)))
    for name in names:
        wanted.keeps({"key": Text(name)})
except UsageError:
    pass
"""

NAIVE = """
import re
try:
    wanted = re.compile(pattern, re.IGNORECASE)
except re.error:
    raise SystemExit
for name in names:
    wanted.search(name)
"""

_READ = "import json, sys\npattern, names = json.load(sys.stdin)\n"


def _names(count: int, chance: Random) -> list[str]:
    """As the patterns like them: of few letters, long, and different where they end."""
    alphabets = ("a", "ab", "x", "aж", "жЖ", "😀", "😀😁", "a b", "abcdefghij", "a-")
    return [
        "".join(chance.choices(alphabets[n % len(alphabets)], k=255 - n % 3)) + chance.choice("!.Z")
        for n in range(count)
    ]


def _attack(program: str, trial: Trial, others: int) -> Outcome:
    """With all patterns, or in the short form with the best known and so many others."""
    chance = trial.random()
    names = _names(trial.count(100, 1_000), chance)
    patterns = PATTERNS if trial.whole else ("(a+)+$", *chance.sample(PATTERNS, others))
    faults = [
        f"seed {trial.seed}: /{pattern}/ was not done after {LIMIT_S} s"
        for pattern in patterns
        if not _ends(program, pattern, names)
    ]
    tried = f"{len(patterns)} patterns for {len(names):,} names of 256 characters"
    return Outcome(tried, f"{len(faults)} took more than {LIMIT_S} s", tuple(faults))


def _ends(program: str, pattern: str, names: list[str]) -> bool:
    """Whether it ends by itself; the system ends it else. Raises CalledProcessError when it fails."""
    limit = partial(resource.setrlimit, resource.RLIMIT_CPU, (LIMIT_S, LIMIT_S))
    child = subprocess.run(
        [sys.executable, "-c", _READ + program],
        input=json.dumps([pattern, names]),
        text=True,
        preexec_fn=limit,  # one call that is safe there
        check=False,
    )
    if child.returncode > 0:
        child.check_returncode()
    return child.returncode == 0


CHECK = Check(
    name="text_patterns",
    must_show="no pattern that is typed takes long, whatever the names",
    ours=partial(_attack, OURS, others=2),
    naive=partial(_attack, NAIVE, others=0),
    naive_is="Python's re",
)
