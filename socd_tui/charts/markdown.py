"""Foreign text within Markdown: it says what it says, and loads, links and formats nothing."""

from __future__ import annotations

import re

_MARKS = re.compile(r"[\\`*\[\]<>&!|~$@]|_(?!(?<=[0-9A-Za-z]_)[0-9A-Za-z])")
"""What begins a link, an image, code, emphasis, a tag, an entity, a cell or somebody's name.

Within a word "_" begins nothing: sk_live_2zBT stays as it is.
"""

_ADDRESSES = re.compile(r"(?<=:)//|(?<=\bwww)\.", re.IGNORECASE)
"""What makes some renderers link an address that nothing stands around."""


def in_markdown(shown: str) -> str:
    """An inert text of one line, with a backslash before each mark: no renderer shows it (CommonMark)."""
    marked = _MARKS.sub(lambda mark: f"\\{mark[0]}", shown)
    return _ADDRESSES.sub(lambda found: "".join(f"\\{char}" for char in found[0]), marked)
