"""SHA-256 from where Python has it beside OpenSSL, which takes 2 ms to load; its `random` does the same."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Any


def digest(data: bytes) -> str:
    """In hexadecimal."""
    made: str = _sha256()(data).hexdigest()
    return made


@cache
def _sha256() -> Any:
    for name in ("_sha2", "_sha256"):  # the latter before Python 3.12
        with suppress(ImportError, AttributeError):
            return import_module(name).sha256
    return import_module("hashlib").sha256
