"""httpx, without what it would load for others than this program.

Where click is installed, httpx loads its own command line, which takes twice as long as the rest of it, and
where trio is, httpcore loads that. And httpcore looks for sniffio several times with each request: where that
is not installed all folders of the path are searched each time, which takes longer than the request.
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
def _taken_for_absent(*names: str) -> Iterator[None]:
    """To import one of these fails meanwhile, and at once; what has been imported stays."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent, _ABSENT))
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


with _taken_for_absent("click", "trio"):
    import httpx

if find_spec("sniffio") is None:
    sys.modules["sniffio"] = _ABSENT

# What httpcore would import with the first request, in the way of whatever else the loop has to do then.
import_module("anyio._backends._asyncio")
import_module("httpcore._backends.anyio")

__all__ = ["httpx"]
