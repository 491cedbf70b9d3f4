"""A simulated service on loopback that behaves as the documentation says.

With it people can try the program without an account, and tests can check figures against a service whose
traffic they know. `DemoServer` is imported on first use: the standard library's HTTP server takes tens of
milliseconds, which a start without the demo should not wait for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socd_tui.service.demo.server import DemoServer

__all__ = ["DemoServer"]


def __getattr__(name: str) -> object:
    if name == "DemoServer":
        from socd_tui.service.demo.server import DemoServer

        return DemoServer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
