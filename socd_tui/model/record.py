"""Values that cannot be changed: Python's dataclasses, at a tenth of what they cost a program to start.

The library takes 7 ms to load; it then writes, compiles and runs the source of six methods of each class when
the class is defined, about 0.4 ms: of the first picture of this program that was nearly half. Here nothing is
done before it is needed, as most classes that are loaded make no object: the fields are noted when somebody
asks for them, and a method is compiled when it is called for the first time, or for more than a few times.

The names are the library's, and mean the same. What only knows the library can go on from a class of ours: it
finds the fields where it looks for them.
"""

from __future__ import annotations

from _thread import RLock  # that of `threading`, which takes longer to load
from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dataclasses import KW_ONLY as KW_ONLY
    from dataclasses import MISSING as MISSING
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import fields as fields
    from dataclasses import replace as replace
    from typing import Any, NoReturn
else:
    KW_ONLY = object()
    """Is the type of `_`, after which fields are given by name."""
    MISSING = object()
    """Is the default of a field that has none."""

    def dataclass(
        *,
        frozen: bool,
        eq: bool = True,
        repr: bool = True,  # noqa: A002  # the library's name
        kw_only: bool = False,
    ) -> Callable[[type], type]:
        """The library's decorator, for classes that cannot be changed and have no `__init__` of their own."""
        assert frozen

        def decorated(cls: type) -> type:
            own = set(vars(cls))
            cls.__kw_only__ = kw_only
            cls.__dataclass_fields__ = _FieldsForTheLibrary(cls)
            if cls.__setattr__ is object.__setattr__:  # the library refuses one that inherits and has its own
                cls.__setattr__, cls.__delattr__ = _refuse_to_set, _refuse_to_delete
            _make_init_later(cls)
            if repr and "__repr__" not in own:
                cls.__repr__ = _told
            if eq and "__eq__" not in own:
                _make_later(cls, "__eq__", _comparer)
            if eq and vars(cls).get("__hash__") is None:
                _make_later(cls, "__hash__", _hasher)
            return cls

        return decorated

    def field(**told: Any) -> Field:
        """One of which more is to be said than its default."""
        return Field(told)

    def fields(of: object) -> tuple[Field, ...]:
        """Those of a class, or of an object's."""
        return tuple(_noted(of if isinstance(of, type) else type(of)).values())

    def replace(of: object, /, **changes: Any) -> Any:
        """Another object that differs in what is given."""
        for name, each in _noted(type(of)).items():
            if each.init and name not in changes:
                changes[name] = getattr(of, name)
        return type(of)(**changes)


class Field:
    """One field of a class, with the library's names."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        self.name = ""
        self.default: Any = told.get("default", MISSING)
        self.default_factory: Any = told.get("default_factory", MISSING)
        self.init: bool = told.get("init", True)
        self.repr: bool = told.get("repr", True)
        self.compare: bool = told.get("compare", True)
        self.kw_only: bool = told.get("kw_only", False)
        self.metadata: dict[Any, Any] = told.get("metadata") or {}


def _noted(cls: Any) -> dict[str, Field]:
    """The fields of a class by name, those it inherits first."""
    noted: dict[str, Field] | None = vars(cls).get("__noted__")
    if noted is None:
        noted = {}
        for base in reversed(cls.__mro__):
            if "__kw_only__" in vars(base):
                if base is not cls:
                    _noted(base)  # a pattern may name it
                noted |= _own_fields(base)
            elif isinstance(
                theirs := vars(base).get("__dataclass_fields__"), dict
            ):  # the library has made it
                noted |= theirs
        by_place = (each.name for each in noted.values() if each.init and not each.kw_only)
        cls.__match_args__ = tuple(by_place)  # type: ignore[misc]  # what a pattern matches by place
        cls.__noted__ = noted
    return noted


_ONE_AT_A_TIME = RLock()
"""The library takes defaults out of a class while it reads them: two threads must not have it do that."""


def _own_fields(cls: Any) -> dict[str, Field]:
    """Those that it does not inherit."""
    own: dict[str, Field] | None = vars(cls).get("__own_fields__")
    return _noted_own_fields(cls) if own is None else own


def _noted_own_fields(cls: Any) -> dict[str, Field]:
    with _ONE_AT_A_TIME:
        own: dict[str, Field] | None = vars(cls).get("__own_fields__")
        if own is not None:
            return own
        own, kw_only = {}, cls.__kw_only__
        for name, annotation in cls.__annotations__.items():
            if annotation == "KW_ONLY":
                kw_only = True
            elif not annotation.startswith("ClassVar"):
                default = vars(cls).get(name, MISSING)
                assert type(default).__module__ != "dataclasses", f"{cls}.{name} is a field of the library's"
                # It is left where it is, as another thread may be about to read it.
                own[name] = each = default if isinstance(default, Field) else Field({"default": default})
                each.name, each.kw_only = name, each.kw_only or kw_only
        cls.__own_fields__ = own
    return own


class _FieldsForTheLibrary:
    """Stands where the library looks for the fields of a class, and has it note them for itself."""

    def __init__(self, cls: type) -> None:
        self._cls = cls

    def __get__(self, _: object, __: type) -> Any:
        cls: Any = self._cls
        with _ONE_AT_A_TIME:
            if vars(cls)["__dataclass_fields__"] is self:
                _have_the_library_note(cls)
        return cls.__dataclass_fields__


def _have_the_library_note(cls: Any) -> None:
    import dataclasses

    for each in _own_fields(cls).values():
        told = {name: value for name, value in each.told.items() if value is not MISSING}
        setattr(cls, each.name, dataclasses.field(**{**told, "kw_only": each.kw_only}))
    cls.__annotations__.pop("_", None)  # it knows its own KW_ONLY alone
    # It refuses a frozen class that inherits from one that is not, and the other way round.
    inherits = any(dataclasses.is_dataclass(base) for base in cls.__bases__)
    cls.__doc__ = cls.__doc__ or cls.__name__  # else it is made of the signature, which takes long
    dataclasses.dataclass(frozen=inherits, init=False, repr=False, eq=False)(cls)
    cls.__dataclass_params__.frozen = True  # what the library makes of a subclass has to be as well


_FEW = 60
"""Objects of a class that are filled as a dictionary is: to compile the method takes as long as a hundred."""


def _make_init_later(cls: Any) -> None:
    made = 0

    def first(self: object, /, *arguments: Any, **named: Any) -> None:
        nonlocal made
        made += 1
        if made > _FEW or not _fill(self, cls, arguments, named):
            cls.__init__ = _initialiser(cls)
            cls.__init__(self, *arguments, **named)

    cls.__init__ = first


def _fill(made: Any, cls: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> bool:
    """Whether what is given is right; where it is not the compiled method says so, as Python does."""
    filling: _Filling = vars(cls).get("__filling__") or _Filling(cls)
    given = {**dict(zip(cls.__match_args__, arguments, strict=False)), **named}
    if len(given) < len(arguments) + len(named) or not filling.required <= given.keys() <= filling.taken:
        return False
    values = {**filling.usual, **given}
    for name, make in filling.factories:
        if name not in given:
            values[name] = make()
    vars(made).update(values)
    if filling.goes_on:
        made.__post_init__()
    return True


class _Filling:
    """What the fields of a class are filled with."""

    def __init__(self, cls: Any) -> None:
        noted = _noted(cls).values()
        self.taken = {each.name for each in noted if each.init}
        self.usual = {each.name: each.default for each in noted if each.default is not MISSING}
        self.factories = [
            (each.name, each.default_factory) for each in noted if each.default_factory is not MISSING
        ]
        self.required = self.taken.difference(self.usual, dict(self.factories))
        self.goes_on = hasattr(cls, "__post_init__")
        cls.__filling__ = self


def _make_later(cls: type, name: str, make: Callable[[type], Callable[..., Any]]) -> None:
    def first(self: object, /, *arguments: Any, **named: Any) -> Any:
        method = make(cls)
        setattr(cls, name, method)
        return method(self, *arguments, **named)

    setattr(cls, name, first)


def _refuse_to_set(_: object, name: str, __: object) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_: object, name: str) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _initialiser(cls: type) -> Any:
    taken = [each for each in _noted(cls).values() if each.init]
    given: dict[str, Any] = {"_missing": MISSING}
    # In half the time of `object.__setattr__` for each.
    lines = ["_values = self.__dict__"]
    for name, each in _noted(cls).items():
        value = name if each.init else f"_{name}_is"
        given[f"_{name}_is"], given[f"_{name}_from"] = each.default, each.default_factory
        if each.default_factory is not MISSING:
            made = f"_{name}_from()"
            value = f"{made} if {name} is _missing else {name}" if each.init else made
        elif not each.init and each.default is MISSING:
            continue  # `__post_init__` sets it
        lines.append(f"_values[{name!r}] = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    by_place = [_parameter(each) for each in taken if not each.kw_only]
    by_name = [_parameter(each) for each in taken if each.kw_only]
    parameters = ", ".join(["self", *by_place, *(["*", *by_name] if by_name else [])])
    return _compiled(cls, "__init__", parameters, lines, given)


def _parameter(field: Field) -> str:
    if field.default_factory is not MISSING:
        return f"{field.name}=_missing"
    return field.name if field.default is MISSING else f"{field.name}=_{field.name}_is"


def _comparer(cls: type) -> Any:
    compared = _compared(cls)

    def equal(self: Any, other: Any) -> Any:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    return equal


def _hasher(cls: type) -> Any:
    compared = _compared(cls)
    return lambda self: hash(compared(self))


def _compared(cls: type) -> Callable[[Any], object]:
    """What gives the values of the fields that count; of one field it alone."""
    names = [each.name for each in _noted(cls).values() if each.compare]
    return attrgetter(*names) if names else lambda _: ()


def _compiled(cls: type, name: str, parameters: str, lines: list[str], given: dict[str, Any]) -> Any:
    source = f"def {name}({parameters}):\n" + "".join(f"    {line}\n" for line in lines)
    exec(source, given)  # noqa: S102  # names of fields, which are names of Python
    method = given[name]
    method.__qualname__, method.__module__ = f"{cls.__qualname__}.{name}", cls.__module__
    return method


@recursive_repr()
def _told(self: Any) -> str:
    told = ", ".join(
        f"{each.name}={getattr(self, each.name)!r}" for each in _noted(type(self)).values() if each.repr
    )
    return f"{type(self).__qualname__}({told})"
