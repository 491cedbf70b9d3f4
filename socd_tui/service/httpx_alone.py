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
from types import ModuleType
from typing import Any

_ABSENT: Any = None
"""Python's own word in `sys.modules` for what cannot be imported."""


_OF_OTHERS = ("certifi", "idna", "mimetypes", "shutil")
"""What is for encrypted addresses, those in other scripts, uploads, and files that are temporary."""


@contextmanager
def _taken_for(**others: ModuleType | None) -> Iterator[None]:
    """Who imports one of these meanwhile gets that, None for "there is none"; what is loaded stays."""
    absent = {name: other for name, other in others.items() if name not in sys.modules}
    sys.modules.update(absent)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name, other in absent.items():
            if sys.modules.get(name, other) is other:  # else another thread has asked for it
                sys.modules.pop(name, None)


class _Later(ModuleType):
    """A module that is loaded when somebody asks for something of it."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:  # it is asked for by another thread, or already here
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


with _taken_for(click=None, trio=None, **{name: _Later(name) for name in _OF_OTHERS}):
    import httpx

    if find_spec("sniffio") is None:
        sys.modules["sniffio"] = _ABSENT
    # What would be imported with the first request, in the way of whatever else the loop has to do then.
    import_module("anyio._backends._asyncio")
    import_module("httpcore._backends.anyio")

__all__ = ["httpx"]
