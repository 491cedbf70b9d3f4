"""Python's dataclasses, at a tenth of what they cost a program to start.

The library writes, compiles and runs the source of six methods of each class when the class is defined, about
0.4 ms: of the first picture of this program that was more than a third. Here nothing is done before it is
needed, as most classes that are loaded make no object: the library notes the fields when somebody asks for
them, with `fields`, `replace` or `asdict`, and a method is compiled when it is called for the first time.
"""

from __future__ import annotations

from _thread import RLock  # that of `threading`, which takes longer to load
from collections.abc import Callable
from reprlib import recursive_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dataclasses import Field
    from dataclasses import dataclass as dataclass
    from typing import Any, NoReturn
else:

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
            cls.__dataclass_fields__ = _Fields(cls, kw_only=kw_only)
            if cls.__setattr__ is object.__setattr__:  # the library refuses one that inherits and has its own
                cls.__setattr__, cls.__delattr__ = _refuse_to_set, _refuse_to_delete
            _make_later(cls, "__init__", _initialiser)
            if repr and "__repr__" not in own:
                cls.__repr__ = _told
            if eq and "__eq__" not in own:
                _make_later(cls, "__eq__", _comparer)
            if eq and "__hash__" not in own:
                _make_later(cls, "__hash__", _hasher)
            return cls

        return decorated


class _Fields:
    """Stands where the library looks for the fields of a class, and has it note them."""

    def __init__(self, cls: type, *, kw_only: bool) -> None:
        self._cls, self._kw_only = cls, kw_only

    def __get__(self, _: object, __: type) -> dict[str, Field[Any]]:
        cls: Any = self._cls
        with _ONE_AT_A_TIME:
            if vars(cls)["__dataclass_fields__"] is self:
                _note_fields(cls, kw_only=self._kw_only)
        noted: dict[str, Field[Any]] = cls.__dataclass_fields__
        return noted


_ONE_AT_A_TIME = RLock()
"""The library takes defaults out of a class while it reads them: two threads must not have it do that."""


def _note_fields(cls: Any, *, kw_only: bool) -> None:
    import dataclasses

    # It refuses a frozen class that inherits from one that is not, and the other way round.
    inherits = any(dataclasses.is_dataclass(base) for base in cls.__bases__)
    cls.__doc__ = cls.__doc__ or cls.__name__  # else it is made of the signature, which takes long
    dataclasses.dataclass(frozen=inherits, init=False, repr=False, eq=False, kw_only=kw_only)(cls)
    cls.__dataclass_params__.frozen = True  # what the library makes of a subclass has to be as well


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
    from dataclasses import MISSING, fields

    taken = [field for field in fields(cls) if field.init]
    given: dict[str, Any] = {"_set": object.__setattr__, "_missing": MISSING}
    lines = []
    for field in fields(cls):
        name = field.name
        value = name if field.init else f"_{name}_is"
        given[f"_{name}_is"], given[f"_{name}_from"] = field.default, field.default_factory
        if field.default_factory is not MISSING:
            made = f"_{name}_from()"
            value = f"{made} if {name} is _missing else {name}" if field.init else made
        elif not field.init and field.default is MISSING:
            continue  # `__post_init__` sets it
        lines.append(f"_set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    by_place = [_parameter(field) for field in taken if not field.kw_only]
    by_name = [_parameter(field) for field in taken if field.kw_only]
    parameters = ", ".join(["self", *by_place, *(["*", *by_name] if by_name else [])])
    return _compiled(cls, "__init__", parameters, lines or ["pass"], given)


def _parameter(field: Field[Any]) -> str:
    from dataclasses import MISSING

    if field.default_factory is not MISSING:
        return f"{field.name}=_missing"
    return field.name if field.default is MISSING else f"{field.name}=_{field.name}_is"


def _comparer(cls: type) -> Any:
    from dataclasses import fields

    compared = [field.name for field in fields(cls) if field.compare]
    lines = [
        "if other.__class__ is not self.__class__: return NotImplemented",
        f"return {_tuple('self', compared)} == {_tuple('other', compared)}",
    ]
    return _compiled(cls, "__eq__", "self, other", lines, {})


def _hasher(cls: type) -> Any:
    from dataclasses import fields

    hashed = [field.name for field in fields(cls) if (field.compare if field.hash is None else field.hash)]
    return _compiled(cls, "__hash__", "self", [f"return hash({_tuple('self', hashed)})"], {})


def _tuple(of: str, names: list[str]) -> str:
    return f"({''.join(f'{of}.{name}, ' for name in names)})"


def _compiled(cls: type, name: str, parameters: str, lines: list[str], given: dict[str, Any]) -> Any:
    source = f"def {name}({parameters}):\n" + "".join(f"    {line}\n" for line in lines)
    exec(source, given)  # noqa: S102  # names of fields, which are names of Python
    method = given[name]
    method.__qualname__, method.__module__ = f"{cls.__qualname__}.{name}", cls.__module__
    return method


@recursive_repr()
def _told(self: Any) -> str:
    from dataclasses import fields

    told = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields(self) if field.repr)
    return f"{type(self).__qualname__}({told})"
