"""The views on screen, each built once, through one Lens on which they agree."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.known import Known
from socd_tui.analysis.standing import heaviest_first
from socd_tui.model.lens import BASELINE, Lens, Wanted, visible
from socd_tui.model.record import dataclass, replace
from socd_tui.model.target import AllKeysTarget, KeyTarget, Target, ViewTarget
from socd_tui.views.parts.description import describe
from socd_tui.views.parts.findings import target_of
from socd_tui.views.registry import view, views
from socd_tui.views.view import Motion, Pane, View, column, step

KEY_MOTIONS: tuple[Motion, ...] = ("up", "down", "first", "last", "maximum")
"""What moves through a list of keys."""


@dataclass(frozen=True, eq=False)
class Built:
    """One view, the Lens with its name in it, and the pane it made."""

    view: View
    lens: Lens
    pane: Pane

    def seen_through(self, lens: Lens) -> bool:
        """Whether this is what is seen through the Lens; else it is still to follow."""
        return replace(self.lens, view=lens.view) == lens

    def entered(self, known: Known, lens: Lens) -> Lens:
        """Where `enter` leads in this view from the cursor of another Lens."""
        return self.view.build(known, lens).enter(lens) or lens


@dataclass(frozen=True, eq=False)
class Scene:
    """`built` are in the order they were asked for; `lens` has its focus where their cursors are."""

    known: Known
    lens: Lens
    built: tuple[Built, ...]

    @property
    def keys(self) -> list[KeyTarget]:
        """The keys as they are listed: by the first view of all keys, else the heaviest first."""
        targets = [KeyTarget(row.key.id) for row in heaviest_first(self.known, self.lens)]
        shown = next((each.pane for each in self.built if each.view.scope == "all"), None)
        if shown is None:
            return targets
        listed = set(targets)
        rows = shown.rows_about()
        return [target for target in rows if isinstance(target, KeyTarget) and target in listed]

    def at_key(self, motion: Motion, by: int = 1, *, alone: bool = False) -> Lens:
        """The Lens after one step through the listed keys, above which all of them stand as one.

        Up and down are a step of `by` keys. At an edge it is the same Lens. To see a key `alone` is to see it
        rather than marked ones.
        """
        keys, lens = self.keys, self.lens
        if motion == "maximum":
            requests = {
                key: usage.requests or 0
                for key in keys
                if (usage := self.known.usage(key.key_id)) is not None
            }
            target: Target | None = max(requests, key=requests.__getitem__, default=None)
        else:
            here = lens.key_target() or AllKeysTarget()
            target = step(column([AllKeysTarget(), *keys]), here, motion, by)
        if target is None:
            return lens
        return (replace(lens, marked=frozenset()) if alone else lens).at(target)

    def in_view(self, lens: Lens, name: str) -> Lens:
        """The Lens on another view; until somebody chooses, from the findings on the worst of those that lead
        there, by the number at the end of their lines."""
        shown = lens.at(ViewTarget(name))
        if not lens.landing or lens.view != "overview":
            return shown
        findings = self.known.findings(visible(self.known.fleet, lens)).worst_first
        worst = next((finding for finding in findings if describe(finding).view == name), None)
        return shown.at(target_of(worst)) if worst else shown

    def all_marked(self) -> Lens:
        """The Lens with all listed keys marked; with none of them where they were."""
        listed, marked = frozenset(key.key_id for key in self.keys), self.lens.marked
        return replace(self.lens, marked=marked - listed if listed <= marked else marked | listed)


def composed(known: Known, lens: Lens, shown: Sequence[View], earlier: Scene | None = None) -> Scene:
    """Builds each view once; those of an earlier Scene are taken from there while nothing has changed.

    The first view of all keys says which of them has the focus: the one under its cursor, even where a filter
    took away the one that had it. Views of one key follow.
    """
    lens = _landed(known, lens)
    built: dict[str, Built] = {}
    if earlier is not None and earlier.known is known and earlier.lens == lens:
        built = {each.view.name: each for each in earlier.built if each.seen_through(lens)}
    first = next((each for each in shown if each.scope == "all"), None)
    for each in (*([first] if first else []), *shown):
        if each.name not in built:
            own = replace(lens, view=each.name)
            pane = each.build(known, own)
            if each is first and pane.cursor is not None and own.at(pane.cursor).focus != lens.focus:
                own = own.at(pane.cursor)
                lens = replace(own, view=lens.view)
            built[each.name] = Built(each, own, pane)
    return Scene(known, lens, tuple(built[each.name] for each in shown))


def _landed(known: Known, lens: Lens) -> Lens:
    """The Lens on the worst finding there is, until somebody chooses a key or a finding."""
    if not lens.landing or (lens.focus is None) != (lens.finding is None):
        return lens
    worst = next(iter(known.findings(visible(known.fleet, lens)).worst_first), None)
    if worst is None:
        return replace(lens, focus=None, finding=None)
    return replace(lens, focus=worst.key.id, finding=target_of(worst))


def beside(lens: Lens) -> str:
    """The name of the view beside the Lens's own, which is never the same one."""
    names = [each.name for each in views()]
    if lens.beside != lens.view and lens.beside in names:
        return lens.beside
    return names[(names.index(lens.view) + 1) % len(names)]


def every_window(lens: Lens) -> Wanted:
    """What any of the views wants."""
    return Wanted.merged([each.windows(lens) for each in views()])


def windows(lens: Lens) -> Wanted:
    """What the service is asked for while a person looks through the Lens.

    What the view on screen and the one beside it want; and last, whatever is on screen, what tells what is
    usual: the view that says what is wrong is one key press away.
    """
    shown = (view(lens.view), view(beside(lens)))
    return Wanted.merged([*(each.windows(lens) for each in shown), Wanted((), BASELINE)])
