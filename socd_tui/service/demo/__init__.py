"""A simulated service on loopback that speaks the documented contract.

It lets a person try the program without an account, and tests and screenshots see a service whose
facts are known. `DemoServer` is loaded on first use: the HTTP server of the standard library costs
tens of milliseconds that a start without the demo should not pay.
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
