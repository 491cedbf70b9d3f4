"""The documented payloads, each with one thing in it that should not be: at every path, of every kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.documented import DETAIL, FLAT, LIST, NESTED

Json = Any
Path = tuple[str | int, ...]

RAW = "\ue000raw:"
"""Marks text that is put into the JSON as it is."""

UNREADABLE: dict[str, Json] = {
    "true": True,
    "false": False,
    "empty text": "",
    "text": "many",
    "a comma": "1,234",
    "a number in words": "١٢",
    "an object": {},
    "an object of itself": {"count": {"count": {}}},
    "a list": [],
    "a list of lists": [[[]]],
    "NaN": f"{RAW}NaN",
    "infinity": f"{RAW}Infinity",
    "1e999": f"{RAW}1e999",
    "negative": -7,
    "negative in text": "-7",
    "a long number": f"{RAW}{'9' * 5_000}",
    "a long number in text": "9" * 5_000,
    "2 to the 64": 2**64,
    "a lone surrogate": f'{RAW}"\\ud800"',
    "half of a pair, the wrong one": f'{RAW}"a\\udc00b"',
    "a NUL": "\0",
    "an escape": "\x1b]52;c;aGk=\x07",
    "deep": f"{RAW}{'[' * 50}{']' * 50}",
    "too deep": f"{RAW}{'[' * 5_000}{']' * 5_000}",
    "a long text": "x" * 20_000,
}
"""Nowhere a figure. A limit may be written as a negative number, or as a very large one."""

READABLE: dict[str, Json] = {
    "zero": 0,
    "zero in text": "0",
    "a fraction": 0.5,
    "one": 1,
    "in text": "42",
    "2 to the 53": 2**53,
    "2 to the 53 less one": 2**53 - 1,
    "a date": "2026-05-16",
    "an old date": "0001-01-01",
    "the last date": "9999-12-31T23:59:59Z",
    "a date with a zone": "2026-05-16T23:59:59+14:00",
    "seconds": 1_779_000_000,
    "an id": "00000000-0000-4000-8000-000000000999",
}


@dataclass(frozen=True)
class Mutation:
    """One changed payload, as the bytes of an answer."""

    name: str
    """What repeats it: "flat, daily/0/requests: NaN"."""
    dialect: str
    path: Path
    body: bytes
    kind: str

    @property
    def is_missing(self) -> bool:
        """Whether the place now holds nothing that can be read."""
        return self.kind in ("deleted", "null") or self.kind in UNREADABLE

    @property
    def is_unreadable(self) -> bool:
        """Whether something is there in place of a value; an object in place of another may lack any name."""
        whole = isinstance(_at(PAYLOADS[self.dialect], self.path), dict | list)
        return self.kind in UNREADABLE and not (whole and self.kind.startswith("an object"))


def _paths(value: Json, here: Path = ()) -> Iterator[Path]:
    if here:
        yield here
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, child in children:
        yield from _paths(child, (*here, name))


def _at(value: Json, path: Path) -> Json:
    for name in path:
        value = value[name]
    return value


Change = Callable[[Json, str | int], None]


def _delete(parent: Json, name: str | int) -> None:
    del parent[name]


def _put(value: Json) -> Change:
    def change(parent: Json, name: str | int) -> None:
        parent[name] = deepcopy(value)

    return change


def _twice(parent: Json, name: str | int) -> None:
    """A row comes twice; a name comes twice, of which the first is null."""
    if isinstance(parent, list):
        parent.append(deepcopy(parent[int(name)]))
    else:
        parent[f"{RAW}{name}"] = None


def _renamed(parent: Json, name: str | int) -> None:
    if isinstance(parent, dict):
        parent[f"{name}_".upper()] = parent.pop(name)
    else:
        parent.insert(0, "stray")


def _wrapped(parent: Json, name: str | int) -> None:
    parent[name] = [parent[name]]


def _in_text(parent: Json, name: str | int) -> None:
    parent[name] = json.dumps(parent[name])


CHANGES: dict[str, Change] = {
    "deleted": _delete,
    "null": _put(None),
    "twice": _twice,
    "renamed": _renamed,
    "in a list": _wrapped,
    "as JSON in text": _in_text,
    **{kind: _put(value) for kind, value in {**UNREADABLE, **READABLE}.items()},
}

PAYLOADS = {"flat": FLAT, "nested": NESTED, "both": {**FLAT, **NESTED}, "list": LIST, "detail": DETAIL}


def written(payload: Json) -> bytes:
    """The JSON, in which marked texts stand as they are."""
    text = json.dumps(payload)
    mark = json.dumps(RAW)[1:-1]
    parts = text.split(f'"{mark}')
    done = [parts[0]]
    for part in parts[1:]:
        end = _end_of_string(part)
        raw = json.loads(f'"{part[:end]}"')
        # As a name it is one that the object has already.
        done.append((json.dumps(raw) if part[end + 1 :].startswith(":") else raw) + part[end + 1 :])
    return "".join(done).encode("ascii")


def _end_of_string(text: str) -> int:
    at = 0
    while text[at] != '"':
        at += 2 if text[at] == "\\" else 1
    return at


def mutations(choose: Random, most: int) -> Iterator[Mutation]:
    """So many at random, or all there are."""
    single = [
        (dialect, path, kind)
        for dialect, payload in PAYLOADS.items()
        for path in _paths(payload)
        for kind in CHANGES
    ]
    for dialect, path, kind in choose.sample(single, min(most, len(single))):
        payload = deepcopy(PAYLOADS[dialect])
        CHANGES[kind](_at(payload, path[:-1]), path[-1])
        name = f"{dialect}, {'/'.join(map(str, path))}: {kind}"
        yield Mutation(name, dialect, path, written(payload), kind)


ODD_BODIES: tuple[bytes, ...] = (
    b"",
    b" ",
    b"\n\n",
    b"null",
    b"true",
    b"false",
    b"0",
    b"-1",
    b"1.5",
    b'""',
    b'"data"',
    b"[]",
    b"{}",
    b"[[]]",
    b"[{}]",
    b"[null]",
    b'{"data":null}',
    b'{"data":[]}',
    b'{"data":{}}',
    b'{"data":"x"}',
    b'{"data":0}',
    b'{"data":true}',
    b'{"data":[null]}',
    b'{"data":{"data":{"data":{}}}}',
    b'{"data":[{"data":[]}]}',
    b'{"error":null}',
    b'{"meta":{}}',
    b'{"data":NaN}',
    b'{"data":Infinity}',
    b"NaN",
    b"\xef\xbb\xbf{}",
    '{"data":{}}'.encode("utf-16"),
    '{"data":{}}'.encode("utf-32"),
    b'{"a":"\xe9"}',
    b'{"a":"\xff\xfe"}',
    b'"\\ud800"',
    b'{"\\ud800":"\\udfff"}',
    b'{"":{}}',
    b'{"__proto__":{}}',
    b'{"__class__":"x"}',
    b"<html></html>",
    b"<?xml version='1.0'?><a/>",
    b"OK",
    b"Service Unavailable",
    b"data: {}\n\n",
    b"{}\n{}",
    b"callback({})",
    b"{'data':{}}",
    b'{"data":{},}',
    b"{data:{}}",
    b'{"data":{}',
    b'{"data":',
    b'{"data',
    b'{"data":{}}}',
    b"[1,2",
    b'{"a":1}//x',
    b"/*x*/{}",
    b'{"a":"\n"}',
    b'{"a":"\0"}',
    b"\0",
    b"\0" * 1000,
    b"\x1f\x8b\x08\x00",
    b"%PDF-1.4",
    b"[" * 65 + b"]" * 65,
    b"[" * 100_000,
    b'{"a":' * 5_000,
    b"9" * 100_000,
    b'{"data":{"a":1,"a":2,"a":null}}',
    b'{"data":{"daily":{"0":{}}}}',
    b'{"data":{"by_status":[]}}',
    b'{"data":{"by_status":{"":0}}}',
    b'{"data":{"summary":[]}}',
    b'{"data":{"breakdown":{"byStatusCode":{}}}}',
    b'{"data":{"daily":[[]]}}',
)
