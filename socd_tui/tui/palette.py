"""The command palette: every action of the key map, found by its words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from socd_tui.tui.keymap import Key, caption, keymap

LONGEST = 100
"""Characters; no action has so many words, and looking for more takes long."""


class Commands(Provider):
    """All keys but the palette's own."""

    async def discover(self) -> Hits:
        for key in self._commands():
            yield DiscoveryHit(_words(key), partial(self.app.run_action, key.action), help=caption(key))

    async def search(self, query: str) -> Hits:
        if len(query) > LONGEST:
            return
        matcher = self.matcher(query)
        for key in self._commands():
            score = matcher.match(_words(key))
            if score > 0:
                run = partial(self.app.run_action, key.action)
                yield Hit(score, matcher.highlight(_words(key)), run, help=caption(key))

    def _commands(self) -> list[Key]:
        from socd_tui.tui.app import SocdApp  # which names this provider

        return commands(self.app.setup.keys if isinstance(self.app, SocdApp) else None)


def commands(remapped: Mapping[str, str] | None = None) -> list[Key]:
    """What the palette offers."""
    return [key for key in keymap(remapped) if key.id != "palette"]


def _words(key: Key) -> str:
    return key.words[:1].upper() + key.words[1:]
