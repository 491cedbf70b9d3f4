"""What to do, numbered."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.tier import TierVerdict
from socd_tui.charts.canvas import Line, Span
from socd_tui.model.text import counted
from socd_tui.views.key.dossier import Dossier
from socd_tui.views.key.section import Form, Frame, Section, labelled, of_one
from socd_tui.views.parts.counsel import counsel, tier_steps
from socd_tui.views.parts.names import named
from socd_tui.views.parts.wrapping import wrapped

MOST = 10
"""Steps that are told."""


def to_do(dossier: Dossier) -> Section:
    """As many of the steps as there is room for."""
    steps = advised(dossier)
    return Section(
        name="what to do",
        weight=6,
        pressing=dossier.key is not None,
        column=2,
        forms=lambda frame: _forms(steps, frame),
    )


def _forms(steps: Sequence[str], frame: Frame) -> list[Form]:
    forms: list[Form] = []
    for n in range(1, len(steps) + 1):
        lines: list[Line] = []
        for number, step in enumerate(steps[:n], 1):
            more = f" (+{counted(len(steps) - n, 'step')})" if number == n < len(steps) else ""
            lead = f"{number} " if len(steps) > 1 else ""
            for at, row in enumerate(wrapped(step + more, frame.room - len(lead))):
                before = lead if not at else " " * len(lead)
                lines.append(labelled("" if lines else "to do", Span(before, "faint"), Span(row)))
        forms.append(of_one(lines))
    return forms


def advised(dossier: Dossier) -> list[str]:
    """The steps for its findings, then what the tier verdict asks for; of several keys the first of each."""
    known, steps = dossier.known, list[str]()
    for finding in dossier.worst_first:
        own = counsel(finding, known.assessment(finding.key.id)).steps
        steps += own if dossier.key else [f"{named(finding.key, 24)}: {step}" for step in own[:1]]
    tier = dossier.assessment.tier if dossier.assessment else None
    if isinstance(tier, TierVerdict) and not _said_already(tier, steps):
        steps += tier_steps(tier)
    return list(dict.fromkeys(steps))[:MOST]


def _said_already(tier: TierVerdict, steps: Sequence[str]) -> bool:
    """Whether the steps hold the first reason of the verdict, which those for a runaway do."""
    usual = tier.reasons[0].partition(":")[0] if tier.reasons else ""
    return any(usual in step for step in steps)
