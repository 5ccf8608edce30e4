"""Strictness: a parameter that an operation does not know, or that is repeated and may not be, is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, get_origin, get_type_hints

from django.http import HttpRequest
from ninja import Schema

from moothall.site.api.errors import Refusal

Operation = Callable[..., Any]


def answer_strictly(operation: Operation) -> Operation:
    """Wrap an operation so that it is asked only what its parameters' schema names."""
    single, many = _list_parameters(operation)

    @wraps(operation)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        for name in request.GET:
            if name not in single | many:
                known = ", ".join(sorted(single | many)) or "none"
                raise Refusal(
                    "unknown_parameter", f"There is no parameter {name[:100]!r}. Parameters here: {known}.", name
                )
            if name in single and len(request.GET.getlist(name)) > 1:
                raise Refusal("repeated_parameter", f"The parameter {name!r} can be given only once.", name)
        return operation(request, *args, **kwargs)

    return answer


def _list_parameters(operation: Operation) -> tuple[set[str], set[str]]:
    single: set[str] = set()
    many: set[str] = set()
    for hint in get_type_hints(operation).values():
        if isinstance(hint, type) and issubclass(hint, Schema):
            for name, field in hint.model_fields.items():
                asked = field.alias or name
                (many if get_origin(field.annotation) is list else single).add(asked)
    return single, many
