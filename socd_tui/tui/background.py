"""Work beside what is on the screen."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode


def in_background(
    node: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], *, group: str, alone: bool = False
) -> None:
    """Has it done while the node is there; `alone`, what is under way in its group is given up.

    A worker is given the function, not a coroutine, which an end that comes first would leave unawaited.
    """
    node.run_worker(work, group=group, exclusive=alone)  # type: ignore[arg-type]  # as Textual documents it
