"""Names, paths, tiers and owners that read like what the program itself says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from socd_tui.analysis.known import Known, prepare
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.model.errors import Forbidden, Problem
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.preferences import Preferences
from socd_tui.model.text import Text, folded
from socd_tui.model.usage import Usage
from socd_tui.views.frame.picture import picture
from socd_tui.views.registry import views
from socd_tui.views.view import Pane
from tests import fleets
from tests.trust.check import Check, Outcome, Trial

MARK = "\u0463"
"""Each foreign text begins with it, and nothing of ours has it: so it is found however it is cut."""

SAID = (
    "Nothing unusual in 10 keys.",
    "Production SIEM runs away since Thu 19 Nov: 6,692 req/day, 133x usual",
    "note: the service sent no hours",
    "total 9 of 10 keys",
    "unassigned",
    "other",
    "key requests 429 err% p95",
    "socd-tui: You are signed out. Run socd-tui login.",
    "threat-notebook#77aa",
    "' is gone; 'Production SIEM",
    "a' is claimed by 'Ann'; 'Ann' has it",
    "x (in each of 9 keys)",
    "Press r to sign in at https://evil.example",
    "sk_live_zIc8",
    "▸ notebook",
    "429 Too Many Requests",
    "made 71% of the growth",
    "0",
    "—",
    "n/a",
)
"""Findings, notes, rows, headings, advice and names of other keys."""

WORD = re.compile(r"[\w.…-]+#\w+\b")
"""One word and the short id of a key: nothing of ours looks so."""

NOBODY = "nobody"
"""A name in the settings that no key has."""

HEADINGS = ("endpoint",)
"""With what a line of headings begins in which keys have columns."""

SIZES = ((40, 12), (80, 24), (120, 36), (160, 45))


def imitations(trial: Trial) -> list[str]:
    said = list(SAID)
    trial.random().shuffle(said)
    return [MARK + each for each in (*said, NOBODY)]


def known_by(names: Sequence[str], which: str) -> tuple[Known, Lens]:
    """A fleet of the tests whose every text is an imitation, owners and refusals too."""
    make, days = fleets.FLEETS[which]
    fleet = make()

    def text(n: int) -> Text:
        return Text(names[n % len(names)])

    keys = tuple(
        replace(key, name=text(n), prefix=text(n + 3), tier=text(n + 5) if n % 4 == 3 else key.tier)
        for n, key in enumerate(fleet.keys)
    )
    usages = {slot: _renamed(usage, names) for slot, usage in fleet.usages.items()}
    refusal = Forbidden("The service refuses this key.", "Ask its owner.")
    failures = dict(fleet.failures) | {(keys[-1].id, days): Problem.of(refusal, keys[-1].id)}
    changed = replace(fleet, keys=keys, usages=usages, failures=failures)
    owners = {names[0]: ("*",), names[1]: (f"{names[2]}*", "*"), names[3]: (names[4], MARK + NOBODY)}
    lens = Lens(days=days, compare="same_length" if which in fleets.COMPARED else None)
    return prepare(changed, lens, Preferences(owners=owners)), lens


def _renamed(usage: Usage, names: Sequence[str]) -> Usage:
    rows = usage.endpoints or ()
    return replace(
        usage,
        endpoints=tuple(replace(row, path=Text(names[n % len(names)])) for n, row in enumerate(rows)),
    )


def breaches(line: Line, texts: Sequence[str]) -> Iterator[str]:
    """The line, where a foreign text in it is neither quoted nor alone in a role of its own."""
    spans = [span for span in line if span.text.strip()]
    if spans and spans[0].text.split()[0] in HEADINGS:
        return  # of columns, each in its place and with the short id
    for n, span in enumerate(spans):
        beside = [other.role for other in spans[n + 1 : n + 2] if _has_words(other)]
        for found in re.finditer(MARK, span.text):
            before, text = span.text[: found.start()], span.text[found.start() :]
            inner, quote, _ = text.partition("'")
            quoted = before.endswith("'") and quote and _is_one(inner.replace("’", "'"), texts)
            alone = not before.strip() and span.role not in beside and _is_one(text.rstrip(), texts)
            word = WORD.match(text) and _is_one(text.split()[0].rstrip(";,."), texts)
            if not quoted and not alone and not word:
                yield "".join(each.text for each in line).strip()
                return


def _is_one(shown: str, texts: Sequence[str]) -> bool:
    """Whether this is one of the texts, or a part of one and perhaps the short id, and no word more."""
    seen = folded(shown)
    head = (seen.rpartition("#")[0] if "#" in seen[-6:] else seen).partition("…")[0]
    return any(folded(each).startswith(head) for each in texts)


def _has_words(span: Span) -> bool:
    return MARK not in span.text and sum(map(str.isalpha, span.text)) > 3


def said(pane: Pane) -> Iterator[str]:
    """Every sentence without roles: notes, those of files, findings in JSON."""
    yield from pane.notes
    yield from pane.sheet().notes
    findings = pane.json().get("findings", ())
    for each in findings if isinstance(findings, Sequence) else ():
        yield each["sentence"]


def looks(fleet: Fleet, count: int) -> Iterator[tuple[frozenset[str], str]]:
    """What may be marked and in focus: one key, or several together."""
    ids = [key.id for key in fleet.keys]
    yield from ((frozenset[str](), each) for each in ids[:count])
    if ids:
        yield frozenset(ids), ids[0]
        yield frozenset(ids[-2:]), ids[-1]


def attacked(trial: Trial, fleet_names: Sequence[str]) -> tuple[int, list[str]]:
    names, faults, lines = imitations(trial), list[str](), 0
    for which in fleet_names:
        known, lens = known_by(names, which)
        for view in views():
            for marked, focus in looks(known.fleet, trial.count(2, 10)):
                own = replace(lens, view=view.name, focus=focus, marked=marked)
                pane = view.build(known, own)
                drawn: list[Line] = [(Span(each),) for each in said(pane)]
                for width, height in SIZES:
                    canvas = Canvas(width, height)
                    drawn += picture(view, pane, known, own, canvas)
                lines += len(drawn)
                faults += [
                    f"seed {trial.seed}, {which}, {view.name}: {each}"
                    for line in drawn
                    for each in breaches(line, names)
                ]
    return lines, [*dict.fromkeys(faults)]


def ours(trial: Trial) -> Outcome:
    whole = ("flat", "compared", "nested", "failing", "stale", "one_day", "huge")
    lines, faults = attacked(trial, whole if trial.whole else ("compared",))
    tried = f"{len(SAID)} imitations as every name, path, tier and owner in {lines:,} lines"
    return Outcome(tried, f"{len(faults)} could be taken for ours", tuple(faults))


def naive(trial: Trial) -> Outcome:
    names = imitations(trial)
    drawn = [
        line
        for name in names
        for line in (
            (Span(f"{name} runs away since Thu 19 Nov"),),
            (Span(f"note: {name} did not answer"),),
            (Span(name), Span(" made 71% of the growth")),
        )
    ]
    faults = [f"seed {trial.seed}: {each}" for line in drawn for each in breaches(line, names)]
    return Outcome(
        f"{len(SAID)} imitations in {len(drawn)} lines",
        f"{len(faults)} could be taken for its own",
        tuple(faults),
    )


CHECK = Check(
    name="text_spoofing",
    must_show="a name is visibly a name: alone in a role of its own, or in quotes",
    ours=ours,
    naive=naive,
    naive_is="sentences with the name in them",
)
