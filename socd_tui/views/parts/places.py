"""All that one can go to in an account: keys, endpoints, codes and owners, and how they are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from socd_tui.analysis.bill import bill
from socd_tui.analysis.go_to import Candidate
from socd_tui.analysis.known import Known
from socd_tui.analysis.standing import Standing, standings
from socd_tui.charts.number import exact
from socd_tui.model.lens import Lens
from socd_tui.model.record import dataclass, replace
from socd_tui.model.target import KeyTarget, RowTarget
from socd_tui.model.text import Text, counted
from socd_tui.views.parts.codes import code_named
from socd_tui.views.parts.names import label

Kind = Literal["key", "endpoint", "code", "owner", "view", "window", "theme", "command"]


@dataclass(frozen=True)
class Place:
    """One of them, by what tells it apart within its kind."""

    kind: Kind
    id: str
    key_id: str | None = None
    """The key that has most to do with it."""

    def seen(self, lens: Lens) -> Lens:
        """The Lens that looks at a key, an endpoint, a code or an owner; nothing hides it there."""
        view = {"key": "key", "endpoint": "endpoints", "code": "status", "owner": "bill"}[self.kind]
        shown = replace(lens, view=view, marked=frozenset(), filters={**lens.filters, view: ""})
        shown = replace(shown, focus=None, finding=None, landing=False)
        if self.kind != "code" and self.key_id is not None:
            shown = shown.at(KeyTarget(self.key_id))
        return shown.at(RowTarget(view, self.id)) if self.kind in ("endpoint", "code") else shown


def places(known: Known, lens: Lens) -> tuple[Candidate[Place], ...]:
    """Those of all keys in the picture, with what they are found by and how much they are used."""
    rows = standings(known, lens)
    return (*map(_of_key, rows), *_of_endpoints(rows), *_of_codes(rows), *_of_owners(known, lens))


def _of_key(row: Standing) -> Candidate[Place]:
    key = row.key
    tier = key.tier.shown if key.tier else ""
    return Candidate(
        name=label(key) if row.has_namesake else key.name.shown,
        place=Place("key", key.id, key.id),
        kind="key",
        about="  ".join(filter(None, (f"{exact(row.requests)} req", tier, row.word))),
        also=f"{key.prefix.shown} {key.short} {key.id}",
        weight=row.requests or 0,
    )


def _of_endpoints(rows: tuple[Standing, ...]) -> Iterator[Candidate[Place]]:
    sums: dict[Text, int] = {}
    most: dict[Text, tuple[int, Standing]] = {}
    for row in rows:
        for each in row.usage.endpoints or () if row.usage else ():
            sums[each.path] = sums.get(each.path, 0) + each.requests
            if each.path not in most or each.requests > most[each.path][0]:
                most[each.path] = (each.requests, row)
    for path, requests in sums.items():
        user = most[path][1].key
        yield Candidate(
            name=path.shown,
            place=Place("endpoint", path.original, user.id),
            kind="endpoint",
            about=f"{exact(requests)} req  {label(user)}",
            also="path",
            weight=requests,
        )


def _of_codes(rows: tuple[Standing, ...]) -> Iterator[Candidate[Place]]:
    sums: dict[int, int] = {}
    for row in rows:
        for code, requests in (row.usage.statuses or {}).items() if row.usage else ():
            sums[code] = sums.get(code, 0) + requests
    for code, requests in sums.items():
        yield Candidate(
            name=code_named(code),
            place=Place("code", str(code)),
            kind="code",
            about=f"{exact(requests)} req",
            also=f"{code} status",
            weight=requests if code >= 400 else 0,
        )


def _of_owners(known: Known, lens: Lens) -> Iterator[Candidate[Place]]:
    keys: dict[str, list[Standing]] = {}
    for charge in bill(known, lens).charges:
        if charge.owner is not None:
            keys.setdefault(charge.owner, []).append(charge.standing)
    for owner, rows in keys.items():
        busiest = max(rows, key=lambda row: row.requests or 0)
        requests = sum(row.requests or 0 for row in rows)
        yield Candidate(
            name=owner,
            place=Place("owner", owner, busiest.key.id),
            kind="owner",
            about=f"{exact(requests)} req  {counted(len(rows), 'key')}",
            also="who team bill",
            weight=requests,
        )
