"""What a scrape gets: the newest figures as text, made once however often it is read."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Collection
from threading import Lock

from socd_tui.model.record import dataclass
from socd_tui.outputs.metrics.exposition import Format, exposed
from socd_tui.outputs.metrics.families import metrics, metrics_of_tool
from socd_tui.outputs.metrics.family import Reading

_Form = tuple[Format, bool, bool]
"""Which format, whether compressed, and whether with figures."""


@dataclass(frozen=True)
class _Newest:
    reading: Reading
    good_at_s: float | None = None
    """When its figures were read; None where there are none yet."""


class Page:
    """Filled by the thread that refreshes, read by those that answer.

    After a refresh that failed the figures before it are told for `stale_after_s`, by `elapsed_s`; then only
    what there is to say of the program.
    """

    def __init__(
        self,
        first: Reading,
        *,
        stale_after_s: float,
        elapsed_s: Callable[[], float],
        without: Collection[str] = (),
    ) -> None:
        self._stale_after_s, self._elapsed_s, self._without = stale_after_s, elapsed_s, without
        self._lock = Lock()
        self._newest = _Newest(first)
        self._texts: dict[_Form, bytes] = {}

    def show(self, reading: Reading) -> None:
        """From now on this is told."""
        with self._lock:
            good_at_s = self._elapsed_s() if reading.is_up else self._newest.good_at_s
            self._newest, self._texts = _Newest(reading, good_at_s), {}

    def text(self, format_: Format, *, zipped: bool) -> bytes:
        """What there is to tell, in UTF-8; of the program alone before the first refresh has ended."""
        with self._lock:  # of several who ask at once one makes the text
            form = format_, zipped, self._has_figures(self._newest)
            if form not in self._texts:
                self._texts[form] = self._made(self._newest.reading, form)
            return self._texts[form]

    def _has_figures(self, newest: _Newest) -> bool:
        at_s = newest.good_at_s
        return at_s is not None and self._elapsed_s() - at_s <= self._stale_after_s

    def _made(self, reading: Reading, form: _Form) -> bytes:
        format_, zipped, has_figures = form
        told = metrics(reading, self._without) if has_figures else metrics_of_tool(reading)
        data = exposed(told, format_).encode()
        return gzip.compress(data, compresslevel=1, mtime=0) if zipped else data
