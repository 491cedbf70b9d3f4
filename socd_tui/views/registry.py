"""Finds the views: every module of this package that defines `VIEW`, in the order they ask for."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Any

import socd_tui.views
from socd_tui.model.errors import UsageError
from socd_tui.views.view import View

AnyView = View[Any]
"""A view whose Data only its own functions look into."""


@cache
def views() -> tuple[AnyView, ...]:
    """All views; the n-th is on key n."""
    modules = (
        importlib.import_module(f"{socd_tui.views.__name__}.{module.name}")
        for module in pkgutil.iter_modules(socd_tui.views.__path__)
    )
    found = [module.VIEW for module in modules if isinstance(getattr(module, "VIEW", None), View)]
    return tuple(sorted(found, key=lambda view: view.order))


def view(name: str) -> AnyView:
    """The view of that name. Raises UsageError naming those there are."""
    for known in views():
        if known.name == name:
            return known
    raise UsageError(
        f"There is no view '{name[:40]}'.", f"Choose from: {', '.join(v.name for v in views())}."
    )
