"""The errors this program expects, each with a message and what to do next.

SocdError                 exit 1   the program could not do it
├─ UsageError             exit 2   the command line or an input is wrong
├─ NotSignedIn            exit 5   there is no session token
├─ SessionExpired         exit 5   the service refused the token
├─ ServiceError           exit 1   one request failed; becomes a Problem when it concerns one key
│  ├─ Unreachable                  no connection, or it broke
│  ├─ UntrustedCertificate         TLS refused
│  ├─ ProxyRefused                 the proxy does not let us through, 407 above all
│  ├─ TimedOut                     the total deadline passed
│  ├─ Redirected                   the answer was a redirect, which is never followed
│  ├─ Forbidden                    403
│  ├─ NotFound                     404
│  ├─ Throttled                    429, with the time to try again
│  ├─ NotReady                     202: accepted, and to be asked for again
│  ├─ ServerFailed                 5xx, or any other status that is not documented
│  ├─ TooLarge                     the body is larger than allowed
│  └─ Malformed                    HTML, truncated, empty or otherwise not the documented JSON
├─ StoreError             exit 1   a file could not be read or written
└─ NothingStored          exit 1   only what is stored was to be read, and there is nothing
"""

from __future__ import annotations

from socd_tui.model.exit_code import ExitCode
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from typing import ClassVar

    from socd_tui.model.text import Text


class SocdError(Exception):
    """Base of all expected errors: what happened (`message`), and what to do about it (`next_step`).

    `str(error)` is one or two sentences for a line of the terminal, and never contains a token.
    """

    kind: ClassVar[str] = "failed"
    exit_code: ClassVar[ExitCode] = ExitCode.FAILED

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(f"{message} {next_step}".strip())
        self.message = message
        self.next_step = next_step


class UsageError(SocdError):
    """The command line or an input is wrong."""

    kind = "usage"
    exit_code = ExitCode.USAGE


class NotSignedIn(SocdError):
    """No session token is stored or given."""

    kind = "not_signed_in"
    exit_code = ExitCode.SIGNED_OUT


class SessionExpired(SocdError):
    """The service refused the token (401, or a redirect to a login page)."""

    kind = "session_expired"
    exit_code = ExitCode.SIGNED_OUT


class ServiceError(SocdError):
    """One request failed.

    `retry_at` is when the service asks to be asked again (its own clock, UTC), None when it does not say.
    """

    kind = "service"

    def __init__(
        self,
        message: str,
        next_step: str = "",
        *,
        request_id: Text | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(message, next_step)
        self.request_id = request_id
        self.retry_at = retry_at


class Unreachable(ServiceError):
    """No connection could be made, or it broke."""

    kind = "unreachable"


class UntrustedCertificate(ServiceError):
    """The TLS certificate could not be verified."""

    kind = "certificate"


class ProxyRefused(ServiceError):
    """The proxy between us and the service refused to connect, most often for want of a password."""

    kind = "proxy"


class TimedOut(ServiceError):
    """A total deadline passed."""

    kind = "timeout"


class Redirected(ServiceError):
    """The service answered with a redirect, which is not followed: the token is for one origin."""

    kind = "redirected"


class Forbidden(ServiceError):
    """403."""

    kind = "forbidden"


class NotFound(ServiceError):
    """404."""

    kind = "not_found"


class Throttled(ServiceError):
    """429: the service asks to wait until `retry_at`."""

    kind = "throttled"


class NotReady(ServiceError):
    """202: the service has accepted the request and wants to be asked again for its answer."""

    kind = "not_ready"


class ServerFailed(ServiceError):
    """5xx, or a status that is not documented."""

    kind = "server_failed"


class TooLarge(ServiceError):
    """The body, compressed or not, is larger than allowed."""

    kind = "too_large"


class Malformed(ServiceError):
    """The body is not the documented JSON."""

    kind = "malformed"


class StoreError(SocdError):
    """A file could not be read or written."""

    kind = "store"


class NothingStored(SocdError):
    """Nothing was to be asked, and nothing is stored of the account."""

    kind = "nothing_stored"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """An error as a value of the Fleet: of one key's row, or of the account when `key_id` is None.

    `kind` is that of the error it was made of.
    """

    kind: str
    message: str
    next_step: str = ""
    key_id: str | None = None
    request_id: Text | None = None
    retry_at: datetime | None = None
    """When the service asks to be asked again (its own clock, UTC)."""

    @classmethod
    def of(cls, error: SocdError, key_id: str | None = None) -> Problem:
        """The Problem that says the same as the error."""
        request_id, retry_at = (
            (error.request_id, error.retry_at) if isinstance(error, ServiceError) else (None, None)
        )
        return cls(
            kind=error.kind,
            message=error.message,
            next_step=error.next_step,
            key_id=key_id,
            request_id=request_id,
            retry_at=retry_at,
        )
