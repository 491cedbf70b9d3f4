"""What an export holds to be looked at again: the answers it was made of, and what they were looked through.

It is the member `fleet` of the JSON document, in the form of the snapshot. Whoever wrote the file is not
known: every value is checked as what is stored is, and all text is inert where it is shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from socd_tui.model import checked
from socd_tui.model.errors import UsageError
from socd_tui.model.fleet import Fleet, LeftOut
from socd_tui.model.lens import Lens
from socd_tui.model.record import dataclass, field, replace
from socd_tui.model.text import decoded, inert, quoted
from socd_tui.store.atomic import read_foreign
from socd_tui.store.exported_parts import (
    from_lens,
    from_past,
    from_problem,
    short,
    to_lens,
    to_past,
    to_problem,
    truth,
)
from socd_tui.store.paths import printable
from socd_tui.store.snapshot import READ, VERSION, understood, written
from socd_tui.store.written_key import from_key, stamp, to_key

MEMBER = "fleet"
MOST_BYTES = 1 << 26
"""Of a file that is opened."""
SCHEMAS = ("socd-tui/view/1", "socd-tui/report/1")
"""Of the documents that hold it."""

_SCHEMA = re.compile(r"socd-tui/([a-z-]+)/([0-9]{1,9})")
_EMBEDDED = re.compile(r'<script type="application/json"[^>]*>(.*?)</script>', re.DOTALL)


@dataclass(frozen=True, eq=False, kw_only=True)
class Exported:
    """All that a picture and its data are made from."""

    fleet: Fleet
    lens: Lens
    owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Owner to what they claim, as in the settings of whoever exported it."""


def exported(what: Exported) -> str:
    """It as one line of JSON, in ASCII."""
    fleet, lens = what.fleet, what.lens
    content = {
        **written(replace(fleet, mode="live")),  # whence it was is told beside it
        "opened_at": stamp(fleet.opened_at),
        "heard_at": stamp(fleet.heard_at),
        "clock_ahead_s": fleet.clock_ahead.total_seconds(),
        "gone": [from_key(key) for key in fleet.gone],
        "failures": [[*slot, from_problem(problem)] for slot, problem in fleet.failures.items()],
        "problems": [from_problem(problem) for problem in fleet.problems],
        "past": {key_id: from_past(past) for key_id, past in fleet.past.items()},
        "left_out": fleet.left_out,
        "owners": {owner: list(entries) for owner, entries in what.owners.items()},
        "lens": from_lens(lens),
    }
    return json.dumps(content, separators=(",", ":"), allow_nan=False, ensure_ascii=True)


_OPEN = "Open a JSON file of `show` or `e`, or an HTML page of `show`, `e` or `report`."


def read_export(path: Path) -> Exported:
    """What is in an export of this program. Raises UsageError with what is wrong with it, StoreError."""
    data = read_foreign(path, MOST_BYTES)
    if data is None:
        raise UsageError(f"There is no file {printable(path)}.", "Give the name of an export.")
    try:
        document = json.loads(_json_in(decoded(data)))
        schema = document["schema"]
        known = _SCHEMA.fullmatch(schema)
    except checked.MALFORMED:
        raise _no_export(path) from None
    if known is None:
        raise _no_export(path)
    if schema not in SCHEMAS:
        ours = {name: int(version) for name, _, version in (each.rpartition("/") for each in SCHEMAS)}
        if int(known[2]) > ours.get(f"socd-tui/{known[1]}", int(known[2])):
            raise UsageError(f"{printable(path)} was written by a newer version.", "Update socd-tui.")
        raise UsageError(
            f"{printable(path)} is {quoted(inert(schema))}, which is no view.",
            _OPEN,
        )
    try:
        return _exported(document, path)
    except checked.MALFORMED:
        raise UsageError(f"{printable(path)} is damaged.", "Export it again.") from None


def _json_in(text: str) -> str:
    """The document itself, or the one that is embedded in a page."""
    page = _EMBEDDED.search(text) if text.lstrip()[:1] == "<" else None
    return page[1] if page else text


def _no_export(path: Path) -> UsageError:
    return UsageError(
        f"{printable(path)} is no export of this program, or is damaged.",
        _OPEN,
    )


def _exported(document: dict[str, Any], path: Path) -> Exported:
    content = document.get(MEMBER)
    if content is None:
        raise UsageError(
            f"{printable(path)} holds the figures of one view alone, and not what it was drawn from.",
            "Export it again with this version.",
        )
    if content["version"] > VERSION:
        raise UsageError(f"{printable(path)} was written by a newer version.", "Update socd-tui.")
    if content["version"] not in READ:
        raise ValueError
    fleet = understood(content)
    ids = [key.id for key in fleet.keys]
    if len(set(ids)) != len(ids):
        raise ValueError
    past = content["past"]
    fleet = replace(
        fleet,
        mode="file",
        opened_at=checked.moment(content["opened_at"]),
        heard_at=checked.moment(content["heard_at"]),
        clock_ahead=timedelta(seconds=checked.of_types([content["clock_ahead_s"]], {int, float})[0]),
        gone=tuple(map(to_key, checked.array(content["gone"]))),
        failures={
            (checked.identity(key_id), checked.naturals([days])[0]): to_problem(problem)
            for key_id, days, problem in checked.array(content["failures"])
        },
        problems=tuple(map(to_problem, checked.array(content["problems"]))),
        past={key_id: to_past(past[key_id]) for key_id in ids if key_id in past},
        left_out=_left_out(*checked.array(content["left_out"])),
    )
    return Exported(
        fleet=fleet,
        lens=to_lens(content["lens"]),
        owners={
            checked.inert_text(owner): tuple(map(short, checked.array(entries)))
            for owner, entries in content["owners"].items()
        },
    )


def _left_out(keys: int, pro: object, payers: int, days: int = 0, requests: int | None = None) -> LeftOut:
    checked.naturals([keys, payers, days])
    checked.counts([requests])
    return LeftOut(keys, truth(pro), payers, days, requests)
