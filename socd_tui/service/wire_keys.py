"""The key list and a key's detail, made into the model."""

from __future__ import annotations

from socd_tui.model.errors import Problem
from socd_tui.model.key import MOMENTS, NO_NAME, ApiKey
from socd_tui.model.record import dataclass, replace
from socd_tui.model.text import Text
from socd_tui.service.notes import Notes
from socd_tui.service.pages import rows_of
from socd_tui.service.payload import KEY, read_part
from socd_tui.service.scalar import mapping, member


@dataclass(frozen=True)
class KeyList:
    """The keys that have a usable id, and what was wrong with the rest."""

    keys: tuple[ApiKey, ...]
    problems: tuple[Problem, ...]


def read_keys(payload: object) -> KeyList:
    """The list call's payload, or its rows alone. Raises Malformed when it holds no list."""
    rows = rows_of(payload)
    read = [key for row in rows if (key := _key(row))]
    keys: dict[str, ApiKey] = {}
    for key in read:
        keys.setdefault(key.id, key)
    problems = []
    unusable = len(rows) - len(read)
    if unusable:
        have, are = ("has an id", "it is") if unusable == 1 else ("have ids", "they are")
        problems.append(
            Problem(
                kind="unusable_ids",
                message=f"{unusable} of {len(rows)} keys in the list {have} that this program cannot use; "
                f"{are} left out.",
                next_step="It asks for keys by UUID, as the service's documentation has them.",
            )
        )
    if len(keys) < len(read):
        message = "The list names one key more than once; its first entry is shown."
        problems.append(Problem(kind="incomplete_list", message=message))
    return KeyList(tuple(keys.values()), tuple(problems))


def read_detail(payload: object, key: ApiKey) -> ApiKey:
    """`key` completed by the detail call: what the list left unsaid, limits above all."""
    detail = _key({**mapping(member(payload, "data")), "id": key.id})
    if detail is None:
        return key
    # The detail call is where the limits are documented, so it has the last word on them.
    limits = (detail.limit_per_minute, detail.limit_per_day)
    limited = replace(key, limit_per_minute=limits[0], limit_per_day=limits[1])
    completed = limited.completed(key).completed(detail)
    return replace(completed, notes=tuple(dict.fromkeys((*key.notes, *detail.notes))))


def _key(row: object) -> ApiKey | None:
    if not isinstance(row, dict):
        return None
    notes = Notes()
    told = read_part(KEY, row, notes)
    if told["id"] is None:
        return None
    return ApiKey(
        id=told["id"],
        name=told["name"] or NO_NAME,
        prefix=told["key_prefix"] or told["key_preview"] or Text(""),
        tier=told["tier"],
        scopes=told["scopes"] or (),
        lifetime_requests=told["total_requests"],
        created_at=told["created_at"],
        last_used_at=told["last_used_at"],
        expires_at=told["expires_at"],
        revoked_at=told["revoked_at"],
        limit_per_minute=told["rate_limit_per_minute"],
        limit_per_day=told["rate_limit_per_day"],
        unreadable=notes.unreadable.intersection(MOMENTS),
        notes=notes.sentences(),
    )
