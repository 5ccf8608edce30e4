"""Formulas: the arithmetic that derived metrics are written in."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar


class FormulaInvalid(ValueError):  # noqa: N818
    """The text is not a formula of names, numbers and + - * / ( )."""


Operand = TypeVar("Operand")
_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


@dataclass(frozen=True, slots=True)
class Formula:
    """A checked formula; `apply` works on anything with + - * /: floats, `Decimal`s, Polars expressions."""

    text: str
    tree: ast.expr
    names: tuple[str, ...]

    def apply(self, operands: dict[str, Operand]) -> Operand:
        """The formula's value, each name replaced by its operand."""
        return _evaluate(self.tree, operands)


def read_formula(text: str, inputs: frozenset[str]) -> Formula:
    """Check a formula against the names of its inputs.

    Raises `FormulaInvalid` for anything but names among `inputs`, numbers, + - * / and parentheses, and for an
    input that is never used.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise FormulaInvalid(f"{text!r} cannot be read: {error.msg}") from error
    names: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name):
                if name not in inputs:
                    raise FormulaInvalid(f"{name!r} is not one of the inputs")
                names.append(name)
            case ast.BinOp(op=operator) if type(operator) in _OPERATORS:
                pass
            case ast.UnaryOp(op=ast.USub()) | ast.operator() | ast.unaryop() | ast.Load():
                pass
            case ast.Constant(value=value) if isinstance(value, int | float) and not isinstance(value, bool):
                pass
            case _:
                raise FormulaInvalid(f"{ast.unparse(node)!r} is not arithmetic" if isinstance(node, ast.expr) else text)
    unused = inputs - set(names)
    if unused:
        raise FormulaInvalid(f"{', '.join(sorted(unused))} is never used")
    return Formula(text.strip(), tree, tuple(dict.fromkeys(names)))


def _evaluate(node: ast.expr, operands: dict[str, Operand]) -> Operand:
    match node:
        case ast.Name(id=name):
            return operands[name]
        case ast.Constant(value=value):
            return value  # type: ignore[return-value]
        case ast.UnaryOp(operand=inner):
            return -_evaluate(inner, operands)  # type: ignore[operator,no-any-return]
        case ast.BinOp(left=left_node, op=operator, right=right_node):
            left, right = _evaluate(left_node, operands), _evaluate(right_node, operands)
            match operator:
                case ast.Add():
                    return left + right  # type: ignore[operator,no-any-return]
                case ast.Sub():
                    return left - right  # type: ignore[operator,no-any-return]
                case ast.Mult():
                    return left * right  # type: ignore[operator,no-any-return]
                case _:
                    return left / right  # type: ignore[operator,no-any-return]
    raise FormulaInvalid(ast.unparse(node))


def order_by_need(needs: Mapping[str, Collection[str]]) -> list[str]:
    """The keys, each after those among them that it needs. Raises `FormulaInvalid` when they need each other."""
    within = {key: {need for need in wanted if need in needs} for key, wanted in needs.items()}
    try:
        return list(TopologicalSorter(within).static_order())
    except CycleError as error:
        raise FormulaInvalid(f"worked out from itself: {' → '.join(reversed(error.args[1]))}") from error
