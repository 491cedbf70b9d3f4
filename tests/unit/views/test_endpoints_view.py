"""Endpoints of several keys: what there is no room for is said, not left out in silence."""

from __future__ import annotations

import re

import pytest

from socd_tui.charts.canvas import Canvas
from socd_tui.charts.glyphs import ASCII
from socd_tui.model.lens import Lens
from socd_tui.views.parts.names import label
from tests.build import drawn
from tests.fleets import demo


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_marked_keys_without_a_column_are_counted(width: int) -> None:
    account = demo()
    lens = Lens(view="endpoints", days=30, marked=frozenset(key.id for key in account.keys))
    told = drawn(account, lens, Canvas(width, 30, ASCII))
    header = told.split("\n")[0]
    shown = sum(label(key, 12).replace("…", "~") in header for key in account.keys)
    hidden = re.findall(r"\+(\d+) keys? without a column", told)
    assert [int(n) for n in hidden] == ([len(account.keys) - shown] if shown < len(account.keys) else [])
