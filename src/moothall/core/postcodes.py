"""Postcodes as people type them, with spaces, case and the usual slips forgiven."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Annotated

from pydantic import StringConstraints

from moothall.core.definitions import RegisterSource
from moothall.core.fields import Sentence

NATIONS: Mapping[str, str] = {
    "S": "Scotland",
    "W": "Wales",
    "N": "Northern Ireland",
    "L": "the Channel Islands",
    "M": "the Isle of Man",
}
"""First letter of the ONS code of a district outside England → where that is."""

NORTHERN_IRELAND = "BT"
"""What every postcode of Northern Ireland, and no other, begins with."""

_OUTWARD = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?|GIR|NPT)")
_INWARD = re.compile(r"[0-9][ABD-HJLNP-UW-Z]{2}")  # letters that look like others are never used there
_BEGUN = re.compile(r"[0-9][ABD-HJLNP-UW-Z]?")
_IGNORED = re.compile(r"[\s.,-]+")
_SLIPS = {"O": "0", "0": "O", "I": "1", "1": "I"}
_SHORTEST, _LONGEST, _INWARD_LENGTH = 2, 7, 3


class PostcodeDirectory(RegisterSource):
    """`definitions/postcodes.yaml`: the package with the directory of postcodes, at the version whose files it names.

    `sha256` is over its files as `pipeline.postcodes.hash_package` has it.
    """

    package: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    version: str
    attribution: Sentence


@dataclass(frozen=True, slots=True)
class Postcode:
    """A postcode, or the beginning of one: "EX1" and "1JN", "1J", "1" or nothing."""

    outward: str
    inward: str

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole postcode."""
        return len(self.inward) == _INWARD_LENGTH

    @property
    def is_in_northern_ireland(self) -> bool:
        """Whether it can only be a postcode of Northern Ireland."""
        return re.match(rf"{NORTHERN_IRELAND}[0-9]", self.outward) is not None

    def __str__(self) -> str:
        return f"{self.outward} {self.inward}".rstrip()


def read_postcodes(text: str) -> tuple[Postcode, ...]:
    """Every postcode that a text can mean, as it stands first, then with O for 0 or I for 1 and the other way round.

    None for a text that has not the shape of one. A beginning is read as one when it ends with the outward half, or
    when a space shows where that ends: "S106" is no postcode, "S10 6" is the beginning of some.
    """
    parts = tuple(part for part in _IGNORED.split(text.upper()) if part)
    compact = "".join(parts)
    is_short = _SHORTEST <= len(compact) <= _LONGEST
    # Without a figure it is a word, however it is spelled: "social", "wi".
    if not (is_short and compact.isascii() and compact.isalnum() and any(each.isdecimal() for each in compact)):
        return ()
    halves = [(compact[:-_INWARD_LENGTH], compact[-_INWARD_LENGTH:], _INWARD)]
    if len(parts) == 1:
        halves.append((compact, "", re.compile("")))
    elif len(parts) == 2:
        halves.append((*parts, _BEGUN))
    found = [
        Postcode(outward, inward)
        for first, second, shape in halves
        for outward, inward in product(_list_readings(first, _OUTWARD), _list_readings(second, shape))
    ]
    return tuple(sorted(found, key=lambda each: _count_slips(compact, each)))


def is_postcode(text: str) -> bool:
    """Whether a text says more of where somebody is than the first half of a postcode does."""
    return any(each.inward for each in read_postcodes(text))


def _list_readings(typed: str, shape: re.Pattern[str]) -> list[str]:
    readings = product(*((each, _SLIPS[each]) if each in _SLIPS else (each,) for each in typed))
    return [reading for each in readings if shape.fullmatch(reading := "".join(each))]


def _count_slips(compact: str, read: Postcode) -> int:
    return sum(typed != meant for typed, meant in zip(compact, read.outward + read.inward, strict=True))
