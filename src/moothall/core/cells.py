"""Cells: addresses as spreadsheets write them, rows and columns counted from 1."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d*)")


def column_letters(column: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while column > 0:
        column, remainder = divmod(column - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def address(row: int, column: int) -> str:
    """The address of a cell, for example H231."""
    return f"{column_letters(column)}{row}"


def read_address(text: str) -> tuple[int, int]:
    """The row and column of an address; raises `ValueError` when it is none."""
    found = _ADDRESS.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not the address of a cell")
    return int(found[2]), column_number(found[1])
