"""What a mutant is: one small change of a file's code that some test should notice.

Left alone are docstrings, annotations, decorators, assertions, what is raised or said, texts, and
``zip``'s ``strict``: changing those changes no result.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

OPERATORS: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
COMPARISONS: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_PAIRS = (
    "min max, minimum maximum, fmin fmax, nanmin nanmax, argmin argmax, nanargmin nanargmax,"
    "any all, floor ceil, less greater, less_equal greater_equal, logical_and logical_or, log exp,"
    "sin cos, sum prod, ones zeros, triu tril"
)
SWAPS: dict[str, str] = {}
for _pair in _PAIRS.split(","):
    _one, _other = _pair.split()
    SWAPS |= {_one: _other, _other: _one}
SAYING = {"say", "joined", "say_many", "warn", "name_hint", "TypeVar"}


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change that can be made to the tree it was found in.

    Attributes
    ----------
    kind, what
        Its operator, and what becomes of which code.
    lines
        First and last line of what changes.
    function
        Whether it lies in the body of a function, so that a loaded module can be changed.
    apply
        Makes the change.
    """

    kind: str
    what: str
    lines: tuple[int, int]
    function: bool
    apply: Callable[[], None]


Put = Callable[[ast.AST], None]


def mutations(tree: ast.Module) -> list[Mutation]:
    """List every mutation of a file, always in the same order."""
    return list(_within(tree, function=False))


def _within(node: ast.AST, *, function: bool) -> Iterator[Mutation]:
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_params", "format_spec"):
            continue
        inside = function or (isinstance(node, ast.FunctionDef) and field == "body")
        if isinstance(value, list):
            for index, child in enumerate(value):
                if isinstance(child, ast.AST):
                    yield from _of(node, child, _item(value, index), inside)
        elif isinstance(value, ast.AST):
            yield from _of(node, value, _field(node, field), inside)


def _item(values: list[ast.AST], index: int) -> Put:
    return lambda new: values.__setitem__(index, new)


def _field(node: ast.AST, field: str) -> Put:
    return lambda new: setattr(node, field, new)


def _of(parent: ast.AST, node: ast.AST, put: Put, function: bool) -> Iterator[Mutation]:
    if _is_left_alone(node, function):
        return
    lines = (getattr(node, "lineno", 0), getattr(node, "end_lineno", 0))
    for kind, new in _changes(parent, node):
        yield Mutation(
            kind, f"{_text(node)}  ->  {_text(new)}", lines, function, _putting(put, new)
        )
    if not isinstance(node, (ast.Raise, ast.JoinedStr)):
        yield from _within(node, function=function)


def _putting(put: Put, new: ast.AST) -> Callable[[], None]:
    return lambda: put(new)


def _text(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:120]


def _is_left_alone(node: ast.AST, function: bool) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Assert() | ast.Import() | ast.ImportFrom():
            return True
        case ast.Call(func=ast.Name(id=name)) if name in SAYING:
            return True
        case ast.BinOp(op=ast.BitOr()) if not function:  # a union of types
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.keyword(arg="strict"):
            return True
    return False


def _changes(parent: ast.AST, node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Give the nodes that can be put in this one's place."""
    match node:
        case ast.Compare(left, ops, right):
            for i, op in enumerate(ops):
                for other in COMPARISONS[type(op)]:
                    yield "comparison", ast.Compare(left, [*ops[:i], other(), *ops[i + 1 :]], right)
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield "negation", node.operand
        case ast.Constant(value) if not isinstance(parent, ast.JoinedStr):
            yield from _constants(value)
        case ast.Call():
            yield from _calls(node)
        case ast.Slice(lower, upper, step):
            for name in ("lower", "upper", "step"):
                if getattr(node, name) is not None:
                    yield (
                        "slice",
                        ast.Slice(**{"lower": lower, "upper": upper, "step": step, name: None}),
                    )
        case ast.stmt():
            yield from _statements(node)
        case _:
            yield from _operators(node)
    test = getattr(parent, "test", None)
    if node is test and not isinstance(node, (ast.Compare, ast.UnaryOp)):
        yield "negation", ast.UnaryOp(ast.Not(), node)


def _operators(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.BinOp(left, op, right) if type(op) in OPERATORS:
            yield "operator", ast.BinOp(left, OPERATORS[type(op)](), right)
        case ast.BoolOp(op, values):
            yield "operator", ast.BoolOp(OPERATORS[type(op)](), values)


def _statements(node: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.AugAssign(target, op, value):
            if type(op) in OPERATORS:
                yield "operator", ast.AugAssign(target, OPERATORS[type(op)](), value)
            yield "statement removed", ast.Pass()
        case ast.Return(value) if value is not None and not _is_none(value):
            yield "return value", ast.Return(ast.Constant(None))
        case ast.Raise() | ast.Expr(value=ast.Call()):
            yield "statement removed", ast.Pass()
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            yield "statement removed", ast.Pass()
        case ast.Break():
            yield "statement removed", ast.Continue()
        case ast.Continue():
            yield "statement removed", ast.Break()


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _constants(value: object) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, (int, float)):
        for other in (value + 1, value - 1):
            if other != value:
                yield "constant", ast.Constant(other)


def _calls(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name in SWAPS:
        func = node.func
        if isinstance(func, ast.Attribute):
            other: ast.expr = ast.Attribute(func.value, SWAPS[name], func.ctx)
            yield "function swapped", ast.Call(other, node.args, node.keywords)
        elif isinstance(func, ast.Name):
            other = ast.Name(SWAPS[name], func.ctx)
            yield "function swapped", ast.Call(other, node.args, node.keywords)
    for i, keyword in enumerate(node.keywords):
        if keyword.arg not in (None, "strict"):
            rest = [*node.keywords[:i], *node.keywords[i + 1 :]]
            yield "argument removed", ast.Call(node.func, node.args, rest)
