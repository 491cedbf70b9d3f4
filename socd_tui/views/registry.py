"""Finds the views: every module or folder of this package that defines `VIEW`, in the order they ask for."""

from __future__ import annotations

import importlib
import os
import sys
from functools import cache

import socd_tui.views
from socd_tui.model.errors import UsageError
from socd_tui.views.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType


@cache  # the modules there are do not change while the program runs
def views() -> tuple[View, ...]:
    """All views; the n-th is on key n."""
    modules = (
        importlib.import_module(f"{socd_tui.views.__name__}.{name}") for name in _modules_in(socd_tui.views)
    )
    each = [module.VIEW for module in modules if isinstance(getattr(module, "VIEW", None), View)]
    return tuple(sorted(each, key=lambda view: view.order))


def view(name: str) -> View:
    """The view of that name. Raises UsageError naming those there are.

    Where a module is called so it is the only one that is loaded.
    """
    if (alone := _alone(name)) is not None:
        return alone
    for each in views():
        if each.name == name:
            return each
    from socd_tui.model.nearest import choices  # which the first frame need not wait for

    raise UsageError(f"There is no view '{name[:40]}'.", choices(name, (view.name for view in views())))


@cache
def _alone(name: str) -> View | None:
    """The view of that name from the module of that name; None where there is none."""
    if name not in _modules_in(socd_tui.views):
        return None
    found = getattr(importlib.import_module(f"{socd_tui.views.__name__}.{name}"), "VIEW", None)
    return found if isinstance(found, View) and found.name == name else None


def _modules_in(package: ModuleType) -> list[str]:
    """The names of its files and folders.

    `pkgutil` tells them, too, and takes 4 ms to load, as do `pathlib` and `importlib.resources`.
    """
    names = (
        file.removesuffix(".py")
        for folder in package.__path__
        for file in os.listdir(folder)  # noqa: PTH208  # see above
    )
    return sorted(name for name in names if name.isidentifier() and not name.startswith("_"))


def load_panes() -> None:
    """Loads what draws the views, for a time when nobody waits; else who looks at one first waits for it."""
    for each in views():
        package = type(each).__module__.rpartition(".")[0]
        if "pane" in _modules_in(sys.modules[package]):
            importlib.import_module(f"{package}.pane")


def view_number(name: str) -> int:
    """The key that opens the view of that name."""
    return [each.name for each in views()].index(name) + 1
