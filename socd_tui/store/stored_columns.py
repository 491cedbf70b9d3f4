"""Rows of one kind as the columns they are written in: what one column holds is checked in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from socd_tui.model import checked

RowT = TypeVar("RowT")


def columns(
    rows: Iterable[RowT] | None, cells: Callable[[RowT], tuple[object, ...]]
) -> list[list[object]] | None:
    """The rows turned; no columns for no rows."""
    return None if rows is None else [list(column) for column in zip(*map(cells, rows), strict=True)]


def rows(
    make: Callable[..., RowT], written: Any, *checks: Callable[[Any], Sequence[object]]
) -> tuple[RowT, ...] | None:
    """The columns turned back, each checked."""
    turned = made(lambda *told: tuple(map(make, *told)), written, *checks)
    return turned if turned is None else tuple(turned)


def made(
    make: Callable[..., Sequence[RowT]], written: Any, *checks: Callable[[Any], Sequence[Any]]
) -> Sequence[RowT] | None:
    """What is made of the columns, each checked."""
    if not written:
        return None if written is None else tuple(checked.array(written))
    told = [check(column) for check, column in zip(checks, checked.array(written), strict=True)]
    if len({*map(len, told)}) != 1:
        raise ValueError
    return make(*told)
