"""httpx and httpcore, without what they would load for others than this program.

Where click is installed, httpx loads its own command line, which takes twice as long as the rest of it, and
where trio is, httpcore loads that. From anyio httpcore has its connections, in place of which it is given
those of `network.py`, and locks, which asyncio has as well: anyio takes as long to load as httpcore itself.
Certificates, which certifi has, are for an address that is encrypted. And httpcore looks for sniffio several
times with each request: where that is not installed all folders of the path are searched each time, which
takes longer than the request.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

_ABSENT: Any = None
"""Python's own word in `sys.modules` for what cannot be imported."""


@contextmanager
def _taken_for(**others: ModuleType | None) -> Iterator[None]:
    """Who imports one of these meanwhile gets another, or what says that there is none."""
    before = {name: sys.modules[name] for name in others if name in sys.modules}
    sys.modules.update(others)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in others:
            del sys.modules[name]
        sys.modules.update(before)


class _Later(ModuleType):
    """A module that is loaded when somebody asks for something of it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


class _Anyio(_Later):
    """What httpcore asks of anyio where `network.py` has the connections; of all else anyio itself."""

    Lock, Event = asyncio.Lock, asyncio.Event

    @staticmethod
    def CancelScope(*, shield: bool) -> AbstractContextManager[object]:  # noqa: N802  # anyio's name
        """Shields from being cancelled what closes a connection, which there does not wait for anything."""
        assert shield
        return nullcontext()

    @staticmethod
    def fail_after(delay: float | None) -> AbstractContextManager[object]:
        """Of requests that wait for a connection: this program's own wait as long as they are let."""
        if delay is None:
            return nullcontext()
        import anyio

        return anyio.fail_after(delay)


with _taken_for(click=None, trio=None, anyio=_Anyio("anyio"), certifi=_Later("certifi")):
    import httpcore
    import httpx

if find_spec("sniffio") is None:
    sys.modules["sniffio"] = _ABSENT

__all__ = ["httpcore", "httpx"]
