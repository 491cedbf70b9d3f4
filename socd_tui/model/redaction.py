"""Texts that leave the program by no plan of ours, without a secret in any form libraries write it in."""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from math import ceil
from urllib.parse import quote

HIDDEN = "****"

LEAST = 8
"""Characters from which a part of a secret is a secret: shorter ones are in any text."""

_TOKEN = re.compile(r"eyJ[\w-]{4,}+(?:\.[\w-]*+)*+", re.ASCII)
"""A JSON Web Token, or its beginning, that nobody has told us of."""


def redacted(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets, their parts between dots, and both as base64, hex and in addresses."""
    forms = {form for secret in secrets for form in _forms(secret) if len(form) >= LEAST}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    return _TOKEN.sub(HIDDEN, text)


def _forms(secret: str) -> Iterator[str]:
    for part in {secret, *secret.split(".")}:
        if len(part) < LEAST:
            continue
        data = part.encode("utf-8", "surrogatepass")
        yield from (part, quote(part, safe=""), data.hex(), data.hex().upper(), repr(part)[1:-1])
        for before in range(
            3
        ):  # how it falls on base64's groups of three bytes, wherever it stands in a text
            for encoded in (b64encode(bytes(before) + data), urlsafe_b64encode(bytes(before) + data)):
                # What also depends on its neighbours is no part of it.
                yield encoded[ceil(before * 8 / 6) : (before + len(data)) * 8 // 6].decode("ascii")
