"""Small changes of a module's source, and whether its unit tests notice one.

Run as a program it is the process that tries them: it reads jobs as JSON lines, and for each forks a child
in which the one module is compiled from the changed tree. No file is changed.

Not made are changes that cannot matter, or only to the wording: docstrings, annotations and types, imports,
`TYPE_CHECKING` blocks, `__slots__` and `__all__`, decorators (sizes of caches), f-strings and what is raised
(both are mostly the words of messages), arguments of `min` and `max` in another order, `TypeVar("T")`,
and one more where a float has no room for it (1e18).
"""

from __future__ import annotations

import ast
import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
LIMIT_S = 60
"""Seconds for the tests of one module, many times what they take; more counts as noticed."""
LIMIT_CPU_S = 20
"""The same in seconds of the processor: most of what never ends computes."""

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
}
UNSHRUNK = "unshrunk"
UNSEEN = (ast.Import, ast.ImportFrom, ast.JoinedStr)


class Change(NamedTuple):
    """One place in a tree, what is done to it, and how to do it."""

    line: int
    what: str
    make: Callable[[], None]


def changes(tree: ast.AST) -> list[Change]:
    """All there are in a tree, always in the same order. Make one of them at most."""
    return [change for node in _live(tree) for change in _of(node)]


def _live(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params", "exc"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _cannot_matter(child):
                yield from _live(child)


def _cannot_matter(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(targets=[ast.Name(id="__slots__" | "__all__")]):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Call(func=ast.Name(id="TypeVar")):
            return True
    return isinstance(node, UNSEEN)


def _in_any_order(function: ast.expr) -> bool:
    """Whether the arguments mean the same whichever comes first."""
    return isinstance(function, ast.Name) and function.id in ("min", "max")


def _of(node: ast.AST) -> Iterator[Change]:
    line = getattr(node, "lineno", 0)

    def put(what: str, field: str, value: object) -> Change:
        return Change(line, what, lambda: setattr(node, field, value))

    match node:
        case ast.Compare(ops=[op]):
            for other in COMPARED[type(op)]:
                yield put(f"{type(op).__name__} is {other.__name__}", "ops", [other()])
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in COUNTED:
            other_op = COUNTED[type(op)]
            yield put(f"{type(op).__name__} is {other_op.__name__}", "op", other_op())
        case ast.BoolOp(op=ast.And()):
            yield put("and is or", "op", ast.Or())
        case ast.BoolOp(op=ast.Or()):
            yield put("or is and", "op", ast.And())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield put("not is gone", "operand", ast.UnaryOp(ast.Not(), operand))
        case ast.Constant(value=bool(value)):
            yield put(f"{value} is {not value}", "value", not value)
        case ast.Constant(value=int(value) | float(value)) if value + 1 != value:
            yield put(f"{value} is {value + 1}", "value", value + 1)
            yield put(f"{value} is {value - 1}", "value", value - 1)
        case ast.Constant(value=str(value)):
            yield put(f"{value!r} has XX after it", "value", value + "XX")
        case ast.Return(value=ast.expr() as returned) if ast.unparse(returned) != "None":
            yield put("returns None", "value", ast.Constant(None))
        case ast.Call(args=[first, second, *rest]) if not (
            isinstance(first, ast.Starred) or _in_any_order(node.func)
        ):
            yield put("the first two arguments are swapped", "args", [second, first, *rest])
        case ast.If(test=test) | ast.IfExp(test=test):
            yield put("the condition is turned round", "test", ast.UnaryOp(ast.Not(), test))
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        held: list[ast.AST] = block if isinstance(block, list) else []
        for at, statement in enumerate(held):
            if isinstance(statement, ast.AugAssign | ast.Raise) or (
                isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Constant)
            ):
                left = [*held[:at], ast.Pass(), *held[at + 1 :]]
                yield Change(
                    statement.lineno, f"without: {ast.unparse(statement)[:60]}", _put(node, field, left)
                )


def _put(node: ast.AST, field: str, value: object) -> Callable[[], None]:
    return lambda: setattr(node, field, value)


class _Unasserted(ast.NodeTransformer):
    """What is asserted is computed, and believed whatever it is."""

    def visit_Assert(self, node: ast.Assert) -> ast.Expr:
        return ast.Expr(node.test)


def noticed(job: dict[str, Any], home: Path) -> bool:
    """Whether the tests fail, or take too long, in a child whose module is changed.

    `job`: `path`, `tests`, `change` (the number of the change, negative for none), `asserting`.
    """
    child = os.fork()
    if not child:
        os.setsid()
        signal.alarm(LIMIT_S)
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_CPU_S, LIMIT_CPU_S))
        _silence()
        code = 1
        try:
            code = _test(job, home)
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return status != 0


def _silence() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)


def _test(job: dict[str, Any], home: Path) -> int:
    import pytest
    from hypothesis import Phase, settings

    # The same examples as ever, without looking for a smaller one that fails: nobody reads it.
    settings.register_profile(
        UNSHRUNK, derandomize=True, deadline=None, phases=[Phase.explicit, Phase.generate]
    )
    path, usual = ROOT / job["path"], SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, name: str) -> CodeType | None:
        at = Path(self.get_filename(name))
        if at == path and job["change"] >= 0:
            tree = ast.parse(at.read_bytes())
            changes(tree)[job["change"]].make()
        elif not job["asserting"] and at.is_relative_to(ROOT / "tests"):
            tree = _Unasserted().visit(ast.parse(at.read_bytes()))
        else:
            return usual(self, name)
        return compile(ast.fix_missing_locations(tree), at, "exec")

    os.chdir(home)  # where a changed module may write what it likes
    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]
    options = [
        "-x",
        "-q",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        "--assert=plain",
        f"--hypothesis-profile={UNSHRUNK}",
        f"--basetemp={home / 'tests'}",
    ]
    return int(pytest.main([*options, *(str(ROOT / test) for test in job["tests"])]))


def main() -> None:
    """Answers each line of the standard input with true or false."""
    home = Path(sys.argv[1])
    sys.dont_write_bytecode = True
    import httpx  # noqa: F401
    import hypothesis.strategies  # noqa: F401
    import pytest  # noqa: F401

    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(noticed(json.loads(line), home))}\n")


if __name__ == "__main__":
    main()
