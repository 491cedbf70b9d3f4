"""What stood when one account was looked at last, kept in the state folder: of keys only their ids."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, ClassVar

from socd_tui.model import checked
from socd_tui.model.visit import Standing, Visit
from socd_tui.store.account_file import AccountFile
from socd_tui.store.stored_day import CLOCK_AHEAD

MOST_KEYS = 10_000
"""Of an account with more those with a finding are kept first, and nothing is said of the others."""

_KIND = re.compile(r"[a-z_]{1,40}")
_MOST_KINDS = 100


class VisitFile(AccountFile):
    """The last visit of one account of one service."""

    name: ClassVar[str] = "visit"
    schema: ClassVar[str] = "socd-tui/visit/1"
    most_bytes: ClassVar[int] = 1 << 22
    without: ClassVar[str] = "What is new since your last visit is not known."

    def read(self, now: datetime) -> Visit | None:
        """The last visit; None where there was none, or it cannot be read, which is told once.

        `now` is this machine's clock: a visit that is still to come was never made.
        """

        def understand(document: dict[str, Any]) -> Visit:
            visit = _visit(document)
            if visit.at > now + CLOCK_AHEAD:
                raise ValueError
            return visit

        return self._understood(understand)

    def write(self, visit: Visit) -> None:
        """Keep it, in place of the one before. Raises StoreError when it cannot be kept."""
        keys = sorted(visit.keys.items(), key=lambda pair: not pair[1].stood)[:MOST_KEYS]
        self._keep(
            {
                "at": visit.at.astimezone(UTC).isoformat(),
                "kinds": sorted(visit.kinds),
                "keys": {key_id: [sorted(each.stood), sorted(each.untold)] for key_id, each in keys},
            }
        )


def _visit(document: dict[str, Any]) -> Visit:
    """The visit in the document of a file. Raises ValueError and the like when it was never written so."""
    keys = document["keys"]
    if not isinstance(keys, dict) or len(keys) > MOST_KEYS:
        raise ValueError
    return Visit(
        at=checked.utc(document["at"]),
        kinds=_kinds(document["kinds"]),
        keys={checked.identity(key_id): _standing(each) for key_id, each in keys.items()},
    )


def _standing(value: object) -> Standing:
    stood, untold = checked.array(value)
    return Standing(_kinds(stood), _kinds(untold))


def _kinds(value: object) -> frozenset[str]:
    kinds = checked.of_types(value, {str})
    if len(kinds) > _MOST_KINDS or not all(map(_KIND.fullmatch, kinds)):
        raise ValueError
    return frozenset(kinds)
