"""The examples of a methods page: the rows of its tables whose first header is `spec: <name>`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

METHODS = Path(__file__).parents[2] / "docs" / "methods"


class Examples:
    """The tables of one page."""

    def __init__(self, page: str) -> None:
        self.text = (METHODS / page).read_text(encoding="utf-8")

    @property
    def named(self) -> set[str]:
        """The names that the page gives to tables, wherever it does."""
        return {each.strip() for each in re.findall(r"spec: ([\w ]+)", self.text)}

    def read(self, name: str) -> Iterator[list[str]]:
        """The cells of each row of a table; a bar inside a cell is written with a backslash."""
        table = re.search(rf"^\| spec: {name} \|.*\n\|[-|]+\n((?:\|.*\n)+)", self.text, re.MULTILINE)
        assert table, f"the page has no table 'spec: {name}'"
        for line in table[1].splitlines():
            cells = re.split(r"(?<!\\)\|", line.strip("|"))
            yield [cell.strip().replace("\\|", "|") for cell in cells]

    def of(self, name: str) -> list[Any]:
        """The rows of a table as parameters, by their first cell."""
        return [pytest.param(*row[1:], id=row[0]) for row in self.read(name)]


def number(text: str) -> float | None:
    """A number, or a dash for none."""
    return None if text == "-" else float(text)
