"""The system's keyring, for those who ask for it: imported only then, and never waited for.

A keyring without a desktop hangs on its bus, and the `null` backend "stores" and forgets. So every call
has three seconds in a thread of its own, and what was written is read back.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

from socd_tui.model.errors import StoreError
from socd_tui.model.session import Secret

SERVICE, ACCOUNT = "socd-tui", "session"
LIMIT_S = 3.0
_NEXT = "Unlock the keyring, or run without SOCD_KEYRING=1 to use a file only you can read."
_FORGETFUL = {"keyring.backends.null", "keyring.backends.fail"}

_Answer = TypeVar("_Answer")


def store(secret: Secret) -> None:
    """Keep the secret. Raises StoreError unless the keyring gives it back."""

    def write_and_read() -> str | None:
        import keyring

        if type(keyring.get_keyring()).__module__ in _FORGETFUL:
            return None
        keyring.set_password(SERVICE, ACCOUNT, secret.reveal())
        answer: str | None = keyring.get_password(SERVICE, ACCOUNT)
        return answer

    if _answer(write_and_read) != secret.reveal():
        raise StoreError("The keyring does not keep what it is given.", _NEXT)


def fetch() -> Secret | None:
    """The secret, or None when the keyring has none. Raises StoreError when it does not answer."""

    def read() -> str | None:
        import keyring

        answer: str | None = keyring.get_password(SERVICE, ACCOUNT)
        return answer

    value = _answer(read)
    return Secret(value) if value else None


def remove() -> None:
    """Forget the secret; fine if there is none. Raises StoreError when it may still be there."""

    def delete() -> None:
        import keyring

        if keyring.get_password(SERVICE, ACCOUNT) is not None:
            keyring.delete_password(SERVICE, ACCOUNT)

    _answer(delete)


def _answer(call: Callable[[], _Answer]) -> _Answer:
    """What `call` returns within the limit. The thread is a daemon: a hanging one ends with the program."""
    future: Future[_Answer] = Future()

    def work() -> None:
        try:
            future.set_result(call())
        except Exception as error:  # noqa: BLE001  backends raise whatever their bus or library raises
            future.set_exception(error)

    Thread(target=work, name="keyring", daemon=True).start()
    try:
        error = future.exception(LIMIT_S)
    except TimeoutError:
        raise StoreError(f"The keyring did not answer within {LIMIT_S:g} seconds.", _NEXT) from None
    if isinstance(error, ImportError):
        raise StoreError("The keyring package is not installed.", "Install socd-tui[keyring].")
    if error is not None:  # its type only: its text may quote what was to be stored
        raise StoreError(f"The keyring failed ({type(error).__name__}).", _NEXT)
    return future.result()
