"""Sets of neighbours that publishers give out: their definitions, and their lists as the edition carries them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from moothall.core.areas import AliasScheme
from moothall.core.definitions import Licence
from moothall.core.editions import EditionDefinition, WebAddress
from moothall.core.fields import Definition, ModelKey, Sentence, Title
from moothall.core.neighbour_models import Pool

PUBLISHED = "published"
"""The `kind` of a definition in `definitions/neighbours` that is of a publisher's set."""
PLACE = "{place}"


class SetLayout(Definition):
    """How a set's files are read: a row for each council, and across it its neighbours, the nearest first."""

    sheet: str  # "csv" for a csv file
    header_row: Annotated[int, Field(ge=1)] = 1
    scheme: AliasScheme  # of the codes
    area: str  # the header of the column with the council's code
    neighbour: str  # the header of each neighbour's column, with {place} for its number
    places: Annotated[int, Field(ge=1, le=30)]  # how many columns of neighbours there are
    has_closeness: bool = False  # whether a word stands to the right of each neighbour
    blanks: tuple[str, ...] = ()  # what stands where there is no neighbour, beside nothing at all

    @model_validator(mode="after")
    def _numbers_its_columns(self) -> Self:
        if PLACE not in self.neighbour:
            raise ValueError(f"'neighbour' has {PLACE} where the number of the column stands")
        return self


class NeighbourSet(Definition):
    """A publisher's set: whose it is, what it is for, what its limits are, and its editions, the newest last.

    `pool` is the one among which the publisher looks. Without one its lists mix all kinds, and only councils of the
    same pool are shown.
    """

    key: ModelKey
    kind: Literal["published"]
    title: Title
    publisher: Title
    licence: Licence
    attribution: Sentence
    landing_page: WebAddress
    purpose: Sentence
    limits: Sentence
    pool: Pool | None = None
    layout: SetLayout
    editions: tuple[EditionDefinition, ...] = Field(min_length=1)

    @property
    def source(self) -> str:
        """What its lock calls it."""
        return self.key

    @model_validator(mode="after")
    def _has_each_edition_once(self) -> Self:
        keys = [edition.edition for edition in self.editions]
        if len(set(keys)) < len(keys):
            raise ValueError("an edition is given twice")
        return self


CLOSED, OUTSIDE_ENGLAND = "closed", "outside_england"
"""Why a neighbour that a publisher lists is left out: it no longer exists, or is not in England."""


@dataclass(frozen=True, slots=True, order=True)
class Listed:
    """One place on a council's list in one edition; codes are today's, save the publisher's of one that is left out."""

    edition: str
    area_code: str
    place: int
    neighbour_code: str
    closeness: str  # the publisher's word in small letters; empty where it has none
    left_out: str  # why, or empty


_COLUMNS = tuple(field.name for field in fields(Listed))


class NeighbourSetError(ValueError):
    """A file of a set's lists that cannot be read; the message begins with its name."""


def print_lists(listed: Iterable[Listed]) -> bytes:
    """The lists as CSV, sorted: the same lists give the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(astuple(each) for each in sorted(listed))
    return text.getvalue().encode()


def read_lists(path: Path) -> tuple[Listed, ...]:
    """The lists of every edition of a set, as `print_lists` wrote them.

    Raises `NeighbourSetError` for a file that does not fit, `OSError` for one that is missing.
    """
    listed = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            try:
                if row["left_out"] not in {"", CLOSED, OUTSIDE_ENGLAND}:
                    raise ValueError(f"{row['left_out']!r} is no reason to leave a council out")
                edition, area, neighbour = row["edition"], row["area_code"], row["neighbour_code"]
                listed.append(Listed(edition, area, int(row["place"]), neighbour, row["closeness"], row["left_out"]))
            except (KeyError, TypeError, ValueError) as error:
                raise NeighbourSetError(f"{path.name}:{reader.line_num}: {error!r}") from error
    return tuple(listed)
