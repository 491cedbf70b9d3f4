"""Prometheus' own checker finds nothing wrong, where it is on this machine; the rest is `monitoring.py`."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from socd_tui.outputs.metrics.exposition import exposed
from socd_tui.outputs.metrics.families import metrics
from socd_tui.outputs.metrics.family import Reading
from tests.fleets import looked_at
from tests.proof.monitoring import STATIC, proved
from tests.proof.tools import NotToBeHad, Tools


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    return Tools(tmp_path)


def test_the_rules_hold(tools: Tools) -> None:
    try:
        assert dict(proved(tools, STATIC))
    except NotToBeHad as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("name", ["flat", "nested", "huge"])
def test_the_metrics_are_as_they_should_be(tools: Tools, name: str) -> None:
    try:
        promtool = tools.path("promtool")
    except NotToBeHad as error:
        pytest.skip(str(error))
    known, lens = looked_at(name)
    text = exposed(metrics(Reading(known=known, lens=lens, is_up=True)), "prometheus")
    done = subprocess.run(
        [promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
