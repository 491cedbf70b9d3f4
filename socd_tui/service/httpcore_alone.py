"""httpcore, without what it would load for others than this program.

Where trio is installed, httpcore loads that. And it looks for sniffio several times with each request: where
that is not installed all folders of the path are searched each time, which takes longer than the request.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

_ABSENT: Any = None
"""Python's own word in `sys.modules` for what cannot be imported."""


@contextmanager
def _taken_for_absent(name: str) -> Iterator[None]:
    """To import it fails meanwhile, and at once; where it has been imported it stays."""
    is_absent = name not in sys.modules
    if is_absent:
        sys.modules[name] = _ABSENT
    try:
        yield
    finally:
        if is_absent:
            del sys.modules[name]


with _taken_for_absent("trio"):
    import httpcore

if find_spec("sniffio") is None:
    sys.modules["sniffio"] = _ABSENT

# What httpcore would import with the first request, in the way of whatever else the loop has to do then.
import_module("anyio._backends._asyncio")

__all__ = ["httpcore"]
