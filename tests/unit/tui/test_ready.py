"""What is made beside the loop, so that a frame only looks it up."""

from __future__ import annotations

from datetime import timedelta

from socd_tui.model.lens import Lens
from socd_tui.model.past import Past
from socd_tui.tui.ready import ready
from tests.build import observed, prepared
from tests.fleets import NOW, fetched


def test_only_the_past_of_listed_keys_is_taken() -> None:
    fleet = fetched(NOW)
    days = tuple(observed(NOW.date() - timedelta(days=ago), 10, 0, 0, NOW) for ago in range(150, 100, -1))
    listed, foreign = Past(days), Past(days)
    remembering = ready(
        fleet, Lens(), {fleet.keys[0].id: listed, "another account's": foreign}, prepared(fleet)
    )
    assert remembering.fleet.past == {fleet.keys[0].id: listed}
