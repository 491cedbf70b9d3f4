"""The digest that files are named by stays what it was."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from socd_tui.model.digest import digest


@given(st.binary(max_size=300))
def test_it_is_what_openssl_makes(data: bytes) -> None:
    assert digest(data) == hashlib.sha256(data).hexdigest()
