"""Small JSON files in the state folder, one for each account of each service.

Nobody edits them, and nothing of them is needed: one that cannot be used is renamed, which is told once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from socd_tui.model import checked
from socd_tui.model.digest import digest
from socd_tui.model.errors import StoreError
from socd_tui.model.record import dataclass, field
from socd_tui.store.atomic import read_private, write_private
from socd_tui.store.paths import printable, private_dir, store_error

T = TypeVar("T")

ASIDE = ".damaged"
"""Is added to the name of a file that cannot be used."""


@dataclass(frozen=True)
class AccountFile:
    """Of one account of one service. `notices` are sentences to show the person once."""

    folder: Path
    origin: str
    account: str
    """Whose it is; empty when the token does not say."""
    notices: list[str] = field(default_factory=list, compare=False)

    name: ClassVar[str]
    """With which the file's name begins."""
    schema: ClassVar[str]
    most_bytes: ClassVar[int]
    without: ClassVar[str]
    """A sentence: what is different when the file cannot be used."""

    @property
    def path(self) -> Path:
        """One file for each account, which says nothing of whose it is."""
        whose = digest(f"{self.origin}\n{self.account}".encode(errors="surrogatepass"))
        return self.folder / f"{self.name}-{whose[:16]}.json"

    def forget(self) -> None:
        """Nothing is kept any more. Raises StoreError when the file cannot be removed."""
        try:
            self.path.unlink(missing_ok=True)
        except NotADirectoryError:
            pass
        except OSError as error:
            raise store_error(self.path, "removed", error) from None

    def _understood(self, understand: Callable[[dict[str, Any]], T]) -> T | None:
        """What is understood of the document in the file; None where there is none.

        `understand` raises ValueError, or what comes of another type than it expects, for what is never
        written. Then, too, it is None, which is told once.
        """
        try:
            data = read_private(self.path, self.most_bytes, notices=self.notices)
            if data is None:
                return None
            try:
                document = json.loads(data)
                if document["schema"] == self.schema:
                    return understand(document)
            except checked.MALFORMED:
                pass
            raise StoreError(f"{printable(self.path)} is damaged.")
        except StoreError as error:
            self._set_aside(error)
            return None

    def _keep(self, document: dict[str, object]) -> None:
        """In place of what was there. Raises StoreError when it cannot be kept."""
        private_dir(self.folder)
        whole = {"schema": self.schema, **document}
        write_private(self.path, json.dumps(whole, indent=1).encode())

    def _set_aside(self, flaw: StoreError) -> None:
        """Out of the way of the next start; one that cannot be renamed is told of again."""
        with suppress(OSError):
            self.path.replace(self.path.with_name(f"{self.path.name}{ASIDE}"))
        self.notices.append(f"{flaw.message} {self.without}")
