"""Where the person came from: the way back to it, and forward again."""

from __future__ import annotations

from socd_tui.model.lens import Lens
from socd_tui.model.record import dataclass, replace

LONGEST = 50
"""Steps that are kept; nobody goes back further."""

STEPS = ("view", "path", "filters", "marked", "compare", "sorts")
"""What of a Lens makes a step: what one would want undone. A cursor that moves makes none, nor does what a
key turns back itself: the window, the zone, a scale."""

JOINED = ("filters", "marked", "compare", "sorts")
"""Steps of which several in a row are one: a filter as it is typed, marks one after the other."""


@dataclass(frozen=True)
class Step:
    """What was looked through before, and whether what followed looked closer at something in it."""

    lens: Lens
    drilled: bool


@dataclass(frozen=True)
class Trail:
    """The steps behind, the latest last, and what lies ahead after going back, the nearest last."""

    behind: tuple[Step, ...] = ()
    ahead: tuple[Step, ...] = ()

    def drilled(self, lens: Lens) -> tuple[tuple[int, Lens], ...]:
        """From where one looked closer and closer, up to what `lens` shows now, and how many steps back each
        lies; the latest last."""
        chain: list[tuple[int, Lens]] = []
        after = lens
        for back, step in enumerate(reversed(self.behind), start=1):
            if step.drilled:
                chain.insert(0, (back, step.lens))
            elif step.lens.view != after.view:
                break
            after = step.lens
        return tuple(chain)

    def followed(self, before: Lens, after: Lens, *, drilled: bool = False) -> Trail:
        """The Trail once `after` is looked through in the place of `before`."""
        changed = _changed(before, after)
        if not changed:
            return self
        if changed <= set(JOINED) and self.behind and not drilled:
            last = self.behind[-1].lens
            if _changed(last, before) == changed or not _changed(last, after):
                behind = self.behind if _changed(last, after) else self.behind[:-1]
                return Trail(behind)
        return Trail((*self.behind, Step(before, drilled))[-LONGEST:])

    def back(self, lens: Lens) -> tuple[Lens, Trail] | None:
        """One step back from `lens`; None at the beginning."""
        if not self.behind:
            return None
        *behind, step = self.behind
        return _kept(lens, step.lens), Trail(tuple(behind), (*self.ahead, Step(lens, step.drilled)))

    def forward(self, lens: Lens) -> tuple[Lens, Trail] | None:
        """One step forward again; None where nobody has gone back."""
        if not self.ahead:
            return None
        *ahead, step = self.ahead
        return _kept(lens, step.lens), Trail((*self.behind, Step(lens, step.drilled)), tuple(ahead))


def _changed(before: Lens, after: Lens) -> set[str]:
    """Which steps lead from one to the other. An empty filter is none."""
    return {name for name in STEPS if _value(before, name) != _value(after, name)}


def _value(lens: Lens, name: str) -> object:
    if name == "filters":
        return {view: text for view, text in lens.filters.items() if text}
    return getattr(lens, name)


def _kept(now: Lens, then: Lens) -> Lens:
    """The Lens of then, but for what is no step: that stays as it is now."""
    return replace(
        then,
        days=now.days,
        only=now.only,
        local=now.local,
        folded=now.folded,
        rescaled=now.rescaled,
        noticed=now.noticed,
        caught_up=now.caught_up,
        beside=now.beside,
    )
