"""The session token in the system's keyring: used and imported only when the user asks for it.

Without a desktop a keyring may hang on its message bus, and the `null` backend accepts a password without
keeping it. So every call runs in its own thread for at most `LIMIT_S` seconds, and what was written is
read back.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

from socd_tui.model.errors import StoreError
from socd_tui.model.session import Secret

SERVICE, ACCOUNT = "socd-tui", "session"
"""What secrets are kept under, where nobody names another account."""
LIMIT_S = 3.0
_NEXT = "Unlock the keyring, or run without SOCD_KEYRING=1 to use a file only you can read."
_KEEP_NOTHING = {"keyring.backends.null", "keyring.backends.fail"}

_Result = TypeVar("_Result")


def store(secret: Secret, account: str = ACCOUNT) -> None:
    """Store the secret. Raises StoreError unless the keyring then returns it."""

    def write_and_read() -> str | None:
        import keyring

        if type(keyring.get_keyring()).__module__ in _KEEP_NOTHING:
            return None
        keyring.set_password(SERVICE, account, secret.reveal())
        password: str | None = keyring.get_password(SERVICE, account)
        return password

    if _call_in_time(write_and_read) != secret.reveal():
        raise StoreError("The keyring does not keep what it is given.", _NEXT)


def fetch(account: str = ACCOUNT) -> Secret | None:
    """The stored secret, or None when there is none. Raises StoreError when the keyring does not answer."""

    def read() -> str | None:
        import keyring

        password: str | None = keyring.get_password(SERVICE, account)
        return password

    value = _call_in_time(read)
    return Secret(value) if value else None


def remove(account: str = ACCOUNT) -> None:
    """Delete the secret, if there is one. Raises StoreError when it may still be there."""

    def delete() -> None:
        import keyring

        if keyring.get_password(SERVICE, account) is not None:
            keyring.delete_password(SERVICE, account)

    _call_in_time(delete)


def _call_in_time(call: Callable[[], _Result]) -> _Result:
    """What `call` returns, if it does so within the limit. Raises StoreError if not, or if it fails.

    The thread is a daemon, so one that hangs ends with the program.
    """
    future: Future[_Result] = Future()

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
    if error is not None:  # only its type: its text may quote the secret
        raise StoreError(f"The keyring failed ({type(error).__name__}).", _NEXT)
    return future.result()
