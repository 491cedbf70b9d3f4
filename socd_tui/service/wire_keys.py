"""The key list and a key's detail, made into the model."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic import ValidationError

from socd_tui.model.errors import Malformed, Problem
from socd_tui.model.key import MOMENTS, NO_NAME, ApiKey
from socd_tui.model.text import Text
from socd_tui.service.masking import masked_json
from socd_tui.service.notes import Notes
from socd_tui.service.payload import KeyRecord
from socd_tui.service.scalar import count, mapping, member


@dataclass(frozen=True)
class KeyList:
    """The list call's answer: the keys that have a usable id, and what was wrong with the rest."""

    keys: tuple[ApiKey, ...]
    problems: tuple[Problem, ...]


def read_keys(payload: object) -> KeyList:
    """The list call's payload. Raises Malformed when it holds no list."""
    rows = member(payload, "data")
    if not isinstance(rows, list):
        raise Malformed(
            "The key list came in a form this program does not know.", "Update socd-tui or report it."
        )
    read = [key for row in rows if (key := _key(row))]
    keys: dict[str, ApiKey] = {}
    for key in read:
        keys.setdefault(key.id, key)
    problems = []
    if len(read) < len(rows):
        problems.append(
            f"{len(rows) - len(read)} of {len(rows)} keys in the list have no usable id; they are left out."
        )
    if len(keys) < len(read):
        problems.append("The list names one key more than once; its first entry is shown.")
    total = count(member(member(payload, "meta"), "total"))
    if isinstance(total, int) and total > len(rows):
        problems.append(f"The service counts {total} keys but listed {len(rows)}; the rest is not shown.")
    return KeyList(
        tuple(keys.values()), tuple(Problem(kind="incomplete_list", message=problem) for problem in problems)
    )


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
    notes = Notes()
    try:
        record = KeyRecord.model_validate(row, context=notes)
    except ValidationError:
        return None
    if record.id is None:
        return None
    return ApiKey(
        id=record.id,
        name=record.name or NO_NAME,
        prefix=record.key_prefix or record.key_preview or Text(""),
        tier=record.tier,
        scopes=record.scopes or (),
        lifetime_requests=record.total_requests,
        created_at=record.created_at,
        last_used_at=record.last_used_at,
        expires_at=record.expires_at,
        revoked_at=record.revoked_at,
        limit_per_minute=record.rate_limit_per_minute,
        limit_per_day=record.rate_limit_per_day,
        unreadable=notes.unreadable.intersection(MOMENTS),
        notes=notes.sentences(),
        raw=masked_json(row),
    )
