"""Reads what a JSON Web Token (RFC 7519) says. Nothing here verifies it: only the service can."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from datetime import UTC, datetime

JWT = re.compile(r"ey[\w-]*\.[\w-]+\.[\w-]*", re.ASCII)

_RSA = (342, 512, 683)  # of 2048, 3072 and 4096 bits
_SIGNATURES = {
    "HS256": (43,),
    "HS384": (64,),
    "HS512": (86,),
    "ES256": (86,),
    "ES384": (128,),
    "EdDSA": (86,),
    "RS256": _RSA,
    "PS256": _RSA,
}
"""Characters of a whole signature, by the algorithm that the token's header names (RFC 7518, RFC 8037)."""


def claims(token: str) -> dict[str, object] | None:
    """The claims of a JWT, unverified; None when the token is not a JWT."""
    return _part(token, 1) if JWT.fullmatch(token) else None


def is_whole(token: str) -> bool:
    """Whether this is a JWT to whose signature nothing can be missing; False where that cannot be told."""
    if claims(token) is None:
        return False
    algorithm = (_part(token, 0) or {}).get("alg")
    return isinstance(algorithm, str) and len(token.rpartition(".")[2]) in _SIGNATURES.get(algorithm, ())


def expiry(told: dict[str, object]) -> datetime | None:
    """When the token with these claims ends, UTC; None where they do not say."""
    return moment(told.get("exp"))


def moment(seconds: object) -> datetime | None:
    """Seconds since 1970 as a moment; None for anything else."""
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def from_base64(text: str) -> bytes:
    """The decoded bytes; empty when the text is not base64."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""


def _part(token: str, index: int) -> dict[str, object] | None:
    try:
        part = json.loads(from_base64(token.split(".")[index]))
    except (ValueError, RecursionError):
        return None
    return part if isinstance(part, dict) else None
