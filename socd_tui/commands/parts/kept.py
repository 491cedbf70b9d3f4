"""What is known without asking: what this machine has stored of an account, or what an export holds."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from socd_tui.analysis.known import prepare
from socd_tui.commands.parts.context import World
from socd_tui.live.clocks import Clocks
from socd_tui.live.state import State
from socd_tui.model.errors import NothingStored, Problem, UsageError
from socd_tui.model.fleet import Fleet, of_the_newest_days
from socd_tui.model.lens import Lens, settled, visible
from socd_tui.model.preferences import Preferences
from socd_tui.model.record import replace
from socd_tui.model.token import account_of
from socd_tui.model.window import LADDER
from socd_tui.store.history import History

if TYPE_CHECKING:
    from socd_tui.analysis.owners import Owners

ASK = "Leave --offline out once: what is then read is kept."
NEVER_READ = Problem(kind="nothing_stored", message="No figures of this key are stored.", next_step=ASK)


def kept(world: World[Any], lens: Lens, *, whole: bool = False) -> State:
    """What is known for the Lens, of the keys that were chosen. Raises NothingStored, UsageError.

    `whole` says that all that is remembered will be told.
    """
    fleet = kept_fleet(world, whole=whole)
    if world.options.keys:
        from socd_tui.model.select import select

        lens = replace(lens, only=tuple(key.id for key in select(fleet.keys, world.options.keys)))
    known = prepare(fleet, lens, Preferences(kept_owners(world)))
    world.tell()
    return State(known=known, lens=settled(fleet, lens))


def kept_nearest(world: World[Any], lens: Lens) -> State:
    """The same, on the window that most keys were asked for; of several such on the nearest to the Lens's."""
    state = kept(world, lens)
    chosen = {key.id for key in visible(state.fleet, state.lens)}
    stored = Counter(days for key_id, days in state.fleet.usages if key_id in chosen)
    if lens.dates is not None or not stored:
        return state
    days = min(stored, key=lambda each: (-stored[each], abs(each - state.lens.days), each))
    if days == state.lens.days:
        return state
    lens = replace(state.lens, days=days)
    return replace(state, known=prepare(state.fleet, lens, state.known.preferences, state.known), lens=lens)


def kept_fleet(world: World[Any], *, whole: bool = False) -> Fleet:
    """All that is known where nothing is asked. Raises NothingStored."""
    return world.export.fleet if world.export else _stored(world, whole=whole)


def kept_owners(world: World[Any]) -> Owners:
    """Who pays for which keys: those of the export, as its figures are told by them."""
    return world.export.owners if world.export else world.settings.owners


def kept_lens(world: World[Any]) -> Lens:
    """What an export was looked through, or nothing but the usual. Raises UsageError."""
    if world.export is None:
        return Lens()
    from socd_tui.analysis.row_filter import parse_filter
    from socd_tui.views.registry import views

    lens, by_name = world.export.lens, {view.name: view.measures for view in views() if view.measures}
    try:
        filters = {view: text for view, text in lens.filters.items() if view in by_name}
        for view, text in filters.items():
            parse_filter(text, by_name[view].names)
        sorts = {
            view: replace(by_name[view].names.sort(sort.column), descending=sort.descending)
            for view, sort in lens.sorts.items()
            if view in by_name
        }
    except UsageError as error:
        raise UsageError(f"The export was looked through what is not known here: {error.message}") from None
    view = lens.view if any(lens.view == each.name for each in views()) else Lens().view
    return replace(lens, view=view, filters=filters, sorts=sorts)


def _stored(world: World[Any], *, whole: bool) -> Fleet:
    """The last answers that are stored of the account, with all that is remembered of its keys.

    It is the account of the session; without one the account that was read last, which is told where several
    are stored. Raises NothingStored.
    """
    session = world.session()
    account = account_of(session.token) if session else ""
    history = History(world.paths.data, world.origin, account, clock=world.clock)
    fleets = history.accounts() if session is None else {account: history.last()}
    fleet = next(iter(fleets.values()), None)
    if fleet is not None:
        past = history.past((key.id for key in fleet.keys), whole=whole)
        if len(fleets) > 1:
            world.notices.append(
                f"{len(fleets)} accounts are stored of {world.origin}; this is the one that was read last. "
                "Sign in to look at another."
            )
    world.notices.extend(history.notices)
    if fleet is None:
        raise NothingStored(f"Nothing is stored of {world.origin}{' and this account' * bool(session)}.", ASK)
    fleet = replace(
        fleet,
        mode=world.mode,
        base_url=world.origin,
        opened_at=world.clock(),
        usages=Clocks(world.clock, world.steady).of_the_past(of_the_newest_days(fleet.usages)),
        past=past,
    )
    return _explained(fleet)


def _explained(fleet: Fleet) -> Fleet:
    """The Fleet with why there are no figures of those keys that there are none of."""
    answered = {key_id for key_id, _ in fleet.usages}
    unread = [key.id for key in fleet.keys if key.id not in answered]
    slots = [(key_id, each) for key_id in unread for each in LADDER]
    return replace(fleet, failures={slot: replace(NEVER_READ, key_id=slot[0]) for slot in slots})
