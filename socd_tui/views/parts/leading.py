"""Where a row leads that has no closer view of its own: to the page of its key."""

from __future__ import annotations

from dataclasses import replace

from socd_tui.model.lens import Lens
from socd_tui.views.registry import views

KEY_PAGE = "key"


def to_key(lens: Lens, key_id: str) -> Lens | None:
    """The Lens on all that is known of one key; None where no view shows that."""
    if all(each.name != KEY_PAGE for each in views()):
        return None
    return replace(lens, view=KEY_PAGE, focus=key_id, marked=frozenset())
