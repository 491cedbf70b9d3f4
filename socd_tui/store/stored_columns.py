"""Rows of one kind as the columns they are written in: what one column holds is checked in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
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
    if not written:
        return None if written is None else tuple(checked.array(written))
    told = [check(column) for check, column in zip(checks, checked.array(written), strict=True)]
    if len({*map(len, told)}) != 1:
        raise ValueError
    return tuple(map(make, *told))


def check_columns(written: Sequence[Any], *checks: Callable[[Any], Sequence[Any]]) -> None:
    """Whether all of these, each what is written of some rows, are columns of one length."""
    there = [each for each in written if each is not None]
    told = [each for each in map(checked.array, there) if each]
    if any(len(each) != len(checks) for each in told):
        raise ValueError
    for place, check in enumerate(checks):
        check_in_one_go(check, (each[place] for each in told))
    if any(len({*map(len, each)}) != 1 for each in told):
        raise ValueError


def check_in_one_go(check: Callable[[Any], Sequence[Any]], columns: Iterable[Any]) -> None:
    """The check of a column, of many that are of the same kind."""
    check([*chain.from_iterable(map(checked.array, columns))])


def last_flags(count: int, of: int) -> bytes:
    """So many flags, of which the last are set. Raises ValueError where these are more."""
    return bytes(of - count) + b"\1" * count
