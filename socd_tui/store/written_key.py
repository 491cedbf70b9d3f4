"""A key as it is written into files of this program, and what else is written in the same way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from socd_tui.model import checked
from socd_tui.model.key import MOMENTS, ApiKey

_MOMENTS = frozenset(MOMENTS)
_LIMITS = ("limit_per_minute", "limit_per_day")


def from_key(key: ApiKey) -> dict[str, object]:
    return {
        "id": key.id,
        "texts": [key.name.original, key.prefix.original, key.tier.original if key.tier else None],
        "scopes": [scope.original for scope in key.scopes],
        "counts": [key.lifetime_requests, *_values(key, _LIMITS)],
        "moments": [stamp(moment) for moment in _values(key, MOMENTS)],
        "unreadable": sorted(key.unreadable),
        "notes": key.notes,
    }


def to_key(written: Any) -> ApiKey:
    name, prefix, tier = checked.array(written["texts"])
    lifetime, *its_limits = checked.array(written["counts"])
    return ApiKey(
        id=checked.identity(written["id"]),
        name=checked.text(name),
        prefix=checked.text(prefix),
        tier=None if tier is None else checked.text(tier),
        scopes=tuple(checked.texts(written["scopes"])),
        notes=checked.notes(written["notes"]),
        lifetime_requests=checked.counts([lifetime])[0],
        unreadable=frozenset(checked.by_name(dict.fromkeys(written.get("unreadable", ())), _MOMENTS)),
        **named(_LIMITS, limits(its_limits)),
        **named(MOMENTS, [checked.moment(value) for value in checked.array(written["moments"])]),
    )


def _values(holder: object, names: tuple[str, ...]) -> list[Any]:
    return list(attrgetter(*names)(holder))


def limits(written: Iterable[object]) -> list[Any]:
    """Counts, unknown ones, and what else a limit may be."""
    each_one = [*written]
    checked.counts([each for each in each_one if each not in ("unlimited", "unreadable")])
    return each_one


def named(names: tuple[str, ...], values: list[Any]) -> dict[str, Any]:
    return dict(zip(names, values, strict=True))


def stamp(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).isoformat()
