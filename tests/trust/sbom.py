"""Run as a program: writes the list of all parts (SBOM) from the pinned requirements, in CycloneDX's JSON.

    python -m tests.trust.sbom

The same requirements give the same bytes, whenever and wherever it is made.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "requirements.txt"
PAGE = ROOT / "docs" / "sbom.cdx.json"

_PINNED = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*([^\\]+?))?\s*\\?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})\s*\\?")


@dataclass(frozen=True)
class Pinned:
    """One line of the requirements: a version, where it is needed, and the archives it may be."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


def pinned(text: str) -> list[Pinned]:
    """All of the requirements. Raises ValueError for a line that is no pinned version and no hash."""
    found: list[Pinned] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("#"):
            continue
        if digest := _HASH.fullmatch(line):
            last = found.pop()
            found.append(Pinned(last.name, last.version, last.marker, (*last.hashes, digest[1])))
        elif version := _PINNED.fullmatch(line):
            found.append(Pinned(canonicalize_name(version[1]), version[2], version[3] or "", ()))
        else:
            raise ValueError(f"not pinned: {line}")
    return found


def project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)["project"]
    return table


def direct() -> list[str]:
    """The packages that the program itself names."""
    return [canonicalize_name(Requirement(each).name) for each in project()["dependencies"]]


def _closure(names: list[str]) -> Iterator[str]:
    """These packages and all that they need where they are installed here."""
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        yield name
        try:
            needs = [Requirement(each) for each in requires(name) or ()]
        except PackageNotFoundError:
            continue
        waiting += [
            canonicalize_name(each.name) for each in needs if not each.marker or each.marker.evaluate()
        ]


def document(parts: list[Pinned], needed: set[str]) -> dict[str, Any]:
    """The SBOM: what runs with the program is required, what only builds and tests it is excluded."""
    about = project()
    root = f"pkg:pypi/{about['name']}@{about['version']}"
    content = json.dumps([(part.purl, part.hashes) for part in parts])
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, content)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": about["name"],
                "version": about["version"],
                "description": about["description"],
                "licenses": [{"license": {"id": about["license"]}}],
                "purl": root,
            }
        },
        "components": [
            {
                "type": "library",
                "bom-ref": part.purl,
                "name": part.name,
                "version": part.version,
                "scope": "required" if part.name in needed else "excluded",
                "hashes": [{"alg": "SHA-256", "content": digest} for digest in part.hashes],
                "purl": part.purl,
                **({"properties": [{"name": "python:marker", "value": part.marker}]} if part.marker else {}),
            }
            for part in parts
        ],
        "dependencies": [
            {
                "ref": root,
                "dependsOn": sorted(part.purl for part in parts if part.name in direct()),
            }
        ],
    }


def main() -> None:
    parts = pinned(REQUIREMENTS.read_text(encoding="utf-8"))
    written = json.dumps(document(parts, set(_closure(direct()))), indent=2)
    PAGE.write_text(f"{written}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
