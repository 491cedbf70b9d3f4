"""What takes too long for the event loop: made in a thread, and kept in the caches that a frame asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from socd_tui.analysis.findings import findings
from socd_tui.analysis.reach import reach
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, visible
from socd_tui.model.past import Past
from socd_tui.model.window import beyond_service, service_days


def ready(fleet: Fleet, lens: Lens, past: Mapping[str, Past], shown: Fleet | None = None) -> Fleet:
    """The Fleet with what is remembered of its keys, the longer window made from it, and its findings known.

    `shown` has the Lens's window already: it is made again only from other answers than that one's.
    """
    # Of the listed keys alone: what is remembered is of every account of the service.
    fleet = replace(fleet, past={key.id: past[key.id] for key in fleet.keys if key.id in past})
    if beyond_service(lens.days) and (shown is None or _long(fleet, lens.days) != _long(shown, lens.days)):
        fleet = reach(fleet, lens.days)
    findings(fleet, visible(fleet, lens))
    return fleet


def _long(fleet: Fleet, days: int) -> object:
    """A window longer than the service has, and what it is made from."""
    slots = [(key.id, each) for key in fleet.keys for each in (service_days(days), days)]
    return fleet.past, [(fleet.usages.get(slot), fleet.failures.get(slot)) for slot in slots]
