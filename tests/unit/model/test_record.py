"""A class made by our decorator is what one made by the library's is."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import KW_ONLY, FrozenInstanceError, asdict, fields, replace
from typing import Any, ClassVar

import pytest

from socd_tui.model import record
from socd_tui.model.record import dataclass


def test_a_pattern_may_name_a_class_that_another_inherits_from() -> None:
    classes = defined(record)
    base = classes["Point"]
    match classes["Point3"](1, 5):
        case base(x, y):
            assert (x, y) == (1, 5)
        case _:
            raise AssertionError


def defined(made_by: Any) -> dict[str, Any]:
    """The same classes, by one module or the other."""
    decorate, field = made_by.dataclass, made_by.field

    @decorate(frozen=True)
    class Point:
        """Of two places."""

        x: int
        y: int = 2

    @decorate(frozen=True, kw_only=True)
    class Told:
        """All kinds of fields."""

        name: str
        rows: list[int] = field(default_factory=list)
        hidden: object = field(default=None, repr=False, compare=False)
        shown: str = field(init=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "shown", self.name.upper())

    @decorate(frozen=True)
    class Point3(Point):
        """One that inherits."""

        z: int = 3

    @decorate(frozen=True, eq=False)
    class Thing:
        """Told apart by what it is."""

        name: str

    @decorate(frozen=True)
    class Own:
        """Has some methods itself."""

        name: str

        def __repr__(self) -> str:
            return "own"

        def __eq__(self, other: object) -> bool:
            return isinstance(other, type(self))

        def __hash__(self) -> int:
            return 7

    @decorate(frozen=True)
    class Marked(Point):
        """With what is told by name alone, and what is no field."""

        kinds: ClassVar[int] = 3
        _: KW_ONLY
        colour: str = "red"
        size: int = field(default=1, metadata={"unit": "px"})

    return {each.__name__: each for each in (Point, Told, Point3, Thing, Own, Marked)}


OURS, THEIRS = defined(record), defined(dataclasses)


Marked = OURS["Marked"]


def plain(told: str) -> str:
    return told.replace("defined.<locals>.", "")


@pytest.mark.parametrize(
    ("name", "arguments", "named"),
    [
        ("Point", (1,), {}),
        ("Point", (1, 5), {}),
        ("Point", (), {"y": 4, "x": 3}),
        ("Told", (), {"name": "a"}),
        ("Told", (), {"name": "a", "rows": [1], "hidden": 3}),
        ("Point3", (1, 2), {"z": 9}),
        ("Thing", ("a",), {}),
        ("Own", ("a",), {}),
        ("Marked", (1, 2), {"colour": "blue"}),
        ("Marked", (1,), {"size": 4}),
    ],
)
def test_values_are_the_same(name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    ours, theirs = (made[name](*arguments, **named) for made in (OURS, THEIRS))
    assert asdict(ours) == asdict(theirs)
    assert plain(repr(ours)) == plain(repr(theirs))
    assert [each.name for each in fields(ours)] == [each.name for each in fields(theirs)]
    assert type(ours).__match_args__ == type(theirs).__match_args__
    again = OURS[name](*arguments, **named)
    assert (ours == again) == (theirs == THEIRS[name](*arguments, **named))
    assert (ours == "other") == (theirs == "other")
    assert asdict(copy.deepcopy(ours)) == asdict(ours)
    changed = {each.name: "b" for each in fields(ours) if each.init}
    assert asdict(replace(ours, **changed)) == asdict(replace(theirs, **changed))
    assert asdict(record.replace(ours, **changed)) == asdict(replace(theirs, **changed))
    one = fields(ours)[0].name
    assert asdict(record.replace(ours, **{one: "c"})) == asdict(replace(theirs, **{one: "c"}))


def test_the_first_objects_and_all_later_ones_do_the_same() -> None:
    made = defined(record)

    @record.dataclass(frozen=True)
    class Empty:
        """One without fields."""

    one, other = made["Point"](1), made["Point"](1, 3)
    told, hashed = made["Told"](name="a", rows=[1]), {one: "one", Empty(): "none"}
    for n in range(200):
        assert one == made["Point"](1, 2) != other
        assert hashed[made["Point"](1)] == "one"
        assert told == made["Told"](name="a", rows=[1]) != made["Told"](name="a", rows=[n, 1])
        assert Empty() == Empty() != one
        assert hashed[Empty()] == "none"


@pytest.mark.parametrize("made", [OURS, THEIRS])
def test_what_differs_is_not_equal(made: dict[str, Any]) -> None:
    point = made["Point"]
    assert point(1, 2) == point(1)
    assert point(1, 2) != point(1, 3)
    assert point(1, 2) != made["Point3"](1, 2)
    assert hash(point(1)) == hash(point(1, 2))
    assert made["Told"](name="a", hidden=1) == made["Told"](name="a", hidden=2)
    assert made["Thing"]("a") != made["Thing"]("a")
    with pytest.raises(TypeError, match="unhashable"):
        hash(made["Told"](name="a"))


@pytest.mark.parametrize("made", [OURS, THEIRS])
def test_nothing_can_be_changed(made: dict[str, Any]) -> None:
    for each in (made["Point"](1), made["Point3"](1), made["Thing"](1)):
        name = fields(each)[0].name
        with pytest.raises(FrozenInstanceError, match=f"cannot assign to field '{name}'"):
            setattr(each, name, 5)
        with pytest.raises(FrozenInstanceError, match=f"cannot delete field '{name}'"):
            delattr(each, name)


@pytest.mark.parametrize("made", [OURS, THEIRS])
@pytest.mark.parametrize(
    ("name", "arguments", "named", "said"),
    [
        ("Point", (), {}, r"missing 1 required positional argument: 'x'"),
        ("Point", (1, 2, 3), {}, r"takes from 2 to 3 positional arguments"),
        ("Point", (1,), {"w": 1}, r"unexpected keyword argument 'w'"),
        ("Told", (), {}, r"missing 1 required keyword-only argument: 'name'"),
    ],
)
def test_wrong_arguments_are_told(
    made: dict[str, Any], name: str, arguments: tuple[Any, ...], named: dict[str, Any], said: str
) -> None:
    with pytest.raises(TypeError, match=said):
        made[name](*arguments, **named)


@pytest.mark.parametrize("made", [OURS, THEIRS])
def test_defaults_that_are_made_are_not_shared(made: dict[str, Any]) -> None:
    assert made["Told"](name="a").rows is not made["Told"](name="b").rows


@dataclass(frozen=True)
class Kept:
    """One that can be found by its name."""

    rows: tuple[int, ...]


@pytest.mark.parametrize("name", OURS)
def test_the_same_is_told_of_the_fields(name: str) -> None:
    for ours, theirs in zip(record.fields(OURS[name]), fields(THEIRS[name]), strict=True):
        assert (ours.name, ours.init, ours.repr, ours.compare, ours.kw_only) == (
            theirs.name,
            theirs.init,
            theirs.repr,
            theirs.compare,
            theirs.kw_only,
        )
        assert ours.metadata == theirs.metadata
        assert (ours.default is record.MISSING) == (theirs.default is dataclasses.MISSING)


def test_what_the_library_is_asked_for_first_changes_nothing() -> None:
    made = defined(record)["Told"]
    assert [each.name for each in fields(made)] == ["name", "rows", "hidden", "shown"]
    assert asdict(made(name="a")) == {"name": "a", "rows": [], "hidden": None, "shown": "A"}


def test_a_pattern_matches_by_place() -> None:
    match OURS["Marked"](1, 5):
        case Marked(x, y):
            assert (x, y) == (1, 5)
        case _:
            raise AssertionError


def test_a_field_of_the_library_is_not_taken_for_a_default() -> None:
    @dataclass(frozen=True)
    class Wrong:
        """One whose field is described to the library."""

        rows: list[int] = dataclasses.field(default_factory=list)

    with pytest.raises(AssertionError, match="rows is a field of the library's"):
        Wrong()


def test_the_library_can_go_on_from_ours() -> None:
    @dataclasses.dataclass(frozen=True)
    class Further(Kept):
        """One that inherits."""

        far: int = 1

    assert asdict(Further((1,), far=8)) == {"rows": (1,), "far": 8}
    assert asdict(record.replace(Further((1,), far=8), rows=(2,))) == {"rows": (2,), "far": 8}
    assert [each.name for each in record.fields(Further)] == ["rows", "far"]


def test_it_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Kept((1, 2)))) == Kept((1, 2))


def test_threads_that_make_the_first_object_of_a_class_at_once_make_the_same() -> None:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(50):
            made, all_there = defined(record)["Told"], threading.Barrier(4)

            def make(at: int, made: Any = made, all_there: threading.Barrier = all_there) -> Any:
                all_there.wait()
                return made(name=f"{at}")

            with ThreadPoolExecutor(4) as pool:
                assert [each.rows for each in pool.map(make, range(4))] == [[], [], [], []]
    finally:
        sys.setswitchinterval(usual)
