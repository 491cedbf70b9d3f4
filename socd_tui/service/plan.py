"""What one refresh asks, in its order, and how far it is with that."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator

from socd_tui.model.progress import Phase, Progress
from socd_tui.service.calls import Ask
from socd_tui.service.changes import Change


class Plan:
    """The questions of a refresh. Those of one group, as a key's windows, count as one."""

    def __init__(self) -> None:
        self.left: dict[Hashable, Ask[Change]] = {}
        """The questions that have no answer, in the order they are asked."""
        self._groups: dict[Hashable, tuple[Phase, Hashable]] = {}
        self._left: defaultdict[Phase, dict[Hashable, int]] = defaultdict(dict)
        self._totals: Counter[Phase] = Counter()

    def add(self, phase: Phase, group: Hashable, question: Hashable, ask: Ask[Change]) -> None:
        """One more question, after all others."""
        groups = self._left[phase]
        self._totals[phase] += group not in groups
        groups[group] = groups.get(group, 0) + 1
        self.left[question] = ask
        self._groups[question] = (phase, group)

    def note(self, answered: Iterable[Hashable]) -> None:
        """These have their answers; others than the plan's may be among them."""
        for question in answered:
            if self.left.pop(question, None) is not None:
                phase, group = self._groups[question]
                self._left[phase][group] -= 1
                if not self._left[phase][group]:
                    del self._left[phase][group]

    def stages(self) -> Iterator[dict[Hashable, Ask[Change]]]:
        """The questions left: those whose answers the picture needs, and once these have come the others."""
        yield {question: ask for question, ask in self.left.items() if self._groups[question][0] == "keys"}
        yield dict(self.left)

    @property
    def is_whole(self) -> bool:
        """Whether all that the picture needs has come."""
        return not self._left.get("keys")

    @property
    def progress(self) -> Progress:
        """Where the refresh is: the first phase that is not done."""
        for phase, groups in self._left.items():
            if groups:
                return Progress(self._totals[phase] - len(groups), self._totals[phase], phase)
        last: Phase = next(reversed(self._left), "keys")
        return Progress(self._totals[last], self._totals[last], last)
