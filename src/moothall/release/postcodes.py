"""The lookup of postcodes in a release: one small file, mapped into memory, that says which district each lies in."""

from __future__ import annotations

import json
import mmap
import struct
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import polars as pl

from moothall.core.postcodes import Postcode

NO_DISTRICT = ""
"""What stands for the district of a postcode that the directory gives none for."""

_MAGIC = b"MHPC0001"
_HEAD = struct.Struct("<8sII")  # the magic word, the bytes of the list of districts, how many outward halves there are
_ROW = struct.Struct("<4sI")  # an outward half, and where its block begins
_INWARDS = 10 * 26 * 26
_BITMAP = _INWARDS // 8
_COUNT = struct.Struct("<H")


def pack_postcodes(districts: pl.DataFrame) -> bytes:
    """The file, from a row for each postcode: its halves `outward` and `inward`, and `district`.

    A district is an ONS code, the first letter of one outside England, or `NO_DISTRICT`. After a list of districts and
    one of outward halves comes a block for each of these: a bit for every inward half from 0AA to 9ZZ that says whether
    there is such a postcode; then, for every run of postcodes in one district, its first one's place among those that
    exist, and the number of the district. Numbers have two bytes, lowest first.
    """
    codes = districts.get_column("district").unique().sort().to_list()
    numbers = {inward: _number(inward) for inward in districts.get_column("inward").unique()}
    ordered = districts.select(
        "outward",
        pl.col("inward").replace_strict(numbers, return_dtype=pl.UInt16).alias("number"),
        pl.col("district").replace_strict({code: place for place, code in enumerate(codes)}, return_dtype=pl.UInt16),
    ).sort("outward", "number")
    placed = ordered.with_columns(start=pl.int_range(pl.len(), dtype=pl.UInt16).over("outward"))
    runs = placed.filter((pl.col("district") != pl.col("district").shift().over("outward")).fill_null(True))
    together = runs.group_by("outward", maintain_order=True).agg("start", "district")
    exist = ordered.group_by("outward", maintain_order=True).agg("number")
    listed = json.dumps(codes).encode()
    at = _HEAD.size + len(listed) + _ROW.size * exist.height
    rows, blocks = [], []
    for (outward, inwards), (_, starts, places) in zip(exist.iter_rows(), together.iter_rows(), strict=True):
        known = bytearray(_BITMAP)
        for number in inwards:
            known[number >> 3] |= 1 << (number & 7)
        block = bytes(known) + struct.pack(f"<{1 + 2 * len(starts)}H", len(starts), *starts, *places)
        rows.append(_ROW.pack(outward.encode().ljust(4), at))
        blocks.append(block)
        at += len(block)
    return b"".join([_HEAD.pack(_MAGIC, len(listed), len(rows)), listed, *rows, *blocks])


class PostcodeLookup:
    """The file, open for any number of threads."""

    def __init__(self, path: Path) -> None:
        """Map the file. Raises `OSError` when it is not there, `ValueError` when it is no such file."""
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        magic, length, self._many = _HEAD.unpack_from(self._bytes)
        if magic != _MAGIC:
            raise ValueError(f"{path.name} is not a lookup of postcodes that this program reads")
        self._table = _HEAD.size + length
        self._codes: list[str] = json.loads(self._bytes[_HEAD.size : self._table])

    def find(self, postcode: Postcode) -> str | None:
        """The code of a whole postcode's district, or `NO_DISTRICT`; None for a postcode that there is not."""
        at = self._find_block(postcode.outward)
        number = _number(postcode.inward)
        if at is None or not self._bytes[at + (number >> 3)] >> (number & 7) & 1:
            return None
        starts, districts = self._read_runs(at)
        return self._codes[districts[bisect_right(starts, self._rank(at, number)) - 1]]

    def list_districts(self, begun: Postcode) -> list[str]:
        """The codes of the districts of all postcodes that begin so, those with the most of them first."""
        at = self._find_block(begun.outward)
        if at is None:
            return []
        length = len(begun.inward)
        first = self._rank(at, _number(begun.inward + "0AA"[length:]))
        last = self._rank(at, _number(begun.inward + "9ZZ"[length:]) + 1)
        starts, districts = self._read_runs(at)
        many: dict[int, int] = {}
        for (start, end), district in zip(pairwise((*starts, self._rank(at, _INWARDS))), districts, strict=True):
            if (inside := min(end, last) - max(start, first)) > 0:
                many[district] = many.get(district, 0) + inside
        return [self._codes[each] for each in sorted(many, key=lambda each: (-many[each], self._codes[each]))]

    def _find_block(self, outward: str) -> int | None:
        """Where the block of an outward half begins, found by halving the list of them."""
        wanted = outward.encode().ljust(4)
        low, high = 0, self._many
        while low < high:
            middle = (low + high) // 2
            found, at = _ROW.unpack_from(self._bytes, self._table + middle * _ROW.size)
            if found == wanted:
                return int(at)
            low, high = (middle + 1, high) if found < wanted else (low, middle)
        return None

    def _rank(self, at: int, number: int) -> int:
        """How many postcodes of a block come before an inward half."""
        bits = int.from_bytes(self._bytes[at : at + _BITMAP], "little")
        return (bits & ((1 << number) - 1)).bit_count()

    def _read_runs(self, at: int) -> tuple[Sequence[int], Sequence[int]]:
        [many] = _COUNT.unpack_from(self._bytes, at + _BITMAP)
        numbers = struct.unpack_from(f"<{2 * many}H", self._bytes, at + _BITMAP + _COUNT.size)
        return numbers[:many], numbers[many:]


def _number(inward: str) -> int:
    """The place of an inward half among all from 0AA to 9ZZ."""
    return (int(inward[0]) * 26 + ord(inward[1]) - 65) * 26 + ord(inward[2]) - 65
