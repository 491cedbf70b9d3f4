"""Everything the program relies on in Textual that Textual does not promise: names with an underscore.

A new release may rename any of them without a word. Each has a test of its own in
`tests/unit/tui/test_textual_private.py`, which fails then, and nothing else of the program uses any.
"""

from __future__ import annotations

from textual.app import App
from textual.worker import WorkerFailed


class CrashKeepingApp(App[None]):
    """An app whose unhandled error is kept in `crash` when it ends, instead of printed.

    Textual prints a traceback with local variables, and one of those may hold the session token.
    """

    crash: BaseException | None = None
    """The first unhandled error; of a worker, the error inside it."""

    def _handle_exception(self, error: Exception) -> None:
        """Called by Textual with every unhandled error of a message handler, a timer or a worker."""
        if self.crash is None:
            self.crash = error.error if isinstance(error, WorkerFailed) else error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Called by Textual's `_handle_exception` to render the traceback and end the app: only ends it."""
        self._close_messages_no_wait()
