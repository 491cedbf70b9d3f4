"""What takes too long for the event loop: made in a thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from socd_tui.analysis.known import Known, prepare
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.past import Past


def ready(fleet: Fleet, lens: Lens, past: Mapping[str, Past], shown: Known) -> Known:
    """The Fleet with what is remembered of its keys, and all that is derived of both."""
    # Of the listed keys alone: what is remembered is of every account of the service.
    fleet = replace(fleet, past={key.id: past[key.id] for key in fleet.keys if key.id in past})
    return prepare(fleet, lens, shown.preferences, shown)
