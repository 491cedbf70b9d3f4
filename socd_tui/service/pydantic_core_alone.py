"""pydantic-core, without the types of its schemas.

They are TypedDicts by the hundred, which only a type checker reads, and take three times as long to load as
the core itself. Whoever imports `pydantic_core.core_schema` after this gets it as it is.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

_TYPES = "pydantic_core.core_schema"


class _AnyType(ModuleType):
    """Stands in for the module while the package imports names of types from it."""

    def __getattr__(self, name: str) -> Any:
        return Any


if "pydantic_core" in sys.modules:
    from pydantic_core import SchemaValidator, from_json
else:
    sys.modules[_TYPES] = _AnyType(_TYPES)
    try:
        from pydantic_core import SchemaValidator, from_json
    finally:
        del sys.modules[_TYPES]

__all__ = ["SchemaValidator", "from_json"]
