"""SVG elements that cannot be malformed: names are checked, texts and attributes escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html import escape

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*\Z")
Attribute = str | int | float | None


class Svg(str):
    """Finished SVG; templates take it as it is, because everything in it was escaped when it was made."""

    __slots__ = ()

    def __html__(self) -> str:
        """The text itself, by the convention of template engines."""
        return str(self)


def draw(name: str, attributes: Mapping[str, Attribute] | None = None, *children: str) -> Svg:
    """One element; a child that is `Svg` goes in as it is, other text is escaped, an attribute that is None left out.

    Raises ValueError for a name of an element or attribute that is not one.
    """
    parts = [_checked(name)]
    for key, value in (attributes or {}).items():
        if value is not None:
            parts.append(f'{_checked(key)}="{escape(value) if isinstance(value, str) else _written(value)}"')
    inside = "".join(child if isinstance(child, Svg) else escape(child, quote=False) for child in children)
    opening = " ".join(parts)
    return Svg(f"<{opening}>{inside}</{name}>" if inside else f"<{opening}/>")


def join(*parts: Svg) -> Svg:
    """Several elements, one after the other."""
    return Svg("".join(parts))


def quote(text: str) -> str:
    """Text made safe for the inside of an element or an attribute, for drawings too many to go through `draw`."""
    return escape(text)


def percent(value: float) -> str:
    """A length in per cent of the chart's width."""
    return _written(round(value, 2)) + "%"


@cache
def _checked(name: str) -> str:
    if not _NAME.match(name):
        raise ValueError(f"{name!r} is not the name of an element or attribute")
    return name


def _written(value: int | float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.2f}".rstrip("0").rstrip(".") or "0"
