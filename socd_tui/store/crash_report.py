"""A mistake of ours: one sentence for the terminal, and the details in a file that only its owner reads."""

from __future__ import annotations

import os
from pathlib import Path

from socd_tui.model.errors import StoreError
from socd_tui.model.redaction import redacted
from socd_tui.model.session import known_secrets
from socd_tui.store.atomic import write_new
from socd_tui.store.paths import Paths, printable, private_dir


def report(crash: BaseException, state: Path | None = None) -> str:
    """The sentence. The traceback goes to `crash.txt` in the state folder, without local variables.

    What an exception says is not ours to know: no message is in the sentence, and whatever is like the
    session token is taken out of the details.
    """
    import traceback

    name = type(crash).__name__
    try:
        folder = state or Paths.default().state
        private_dir(folder)
        secrets = [*known_secrets(), os.environ.get("SOCD_SESSION_TOKEN", "")]
        details = redacted("".join(traceback.format_exception(crash)), secrets)
        written = write_new(folder / "crash.txt", details.encode("utf-8", "backslashreplace"))
    except StoreError as error:
        where = f" to {printable(state)}" if state else ""
        return f"The program failed ({name}); the details could not be written{where}: {error}"
    return f"The program failed ({name}). Details: {printable(written)}"
