"""Every program started here has a home of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terminal.pseudo import environment


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path)
