"""Finding: what of a release a name, everyday words or a postcode lead to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from moothall.core.postcodes import NATIONS, Postcode, read_postcodes
from moothall.release.directory import POSTCODES
from moothall.release.index import Index
from moothall.release.postcodes import PostcodeLookup
from moothall.release.records import AreaRecord, RegisterFileRecord
from moothall.release.rows import read_file
from moothall.release.search import Found, Search, Subjects


@dataclass(frozen=True, slots=True)
class PostcodeFileRecord(RegisterFileRecord):
    """The published directory that postcodes are looked up in."""

    attribution: str


@dataclass(frozen=True, slots=True)
class PostcodeRecord:
    """What a postcode, or the beginning of one, leads to; where it is known and leads nowhere it has no district.

    `areas` are the councils there when the release was built, of those two tiers that share one the lower, those with
    the most postcodes first; `nations` are where else it is.
    """

    postcode: Postcode
    is_known: bool
    areas: tuple[AreaRecord, ...] = ()
    nations: tuple[str, ...] = ()


class FindQueries:
    """The questions of `Release` that begin with what somebody typed."""

    directory: Path
    _index: Index

    def find_areas(self, text: str, limit: int = 20) -> list[AreaRecord]:
        """Areas by name or code, the best match first."""
        return [self._index.areas[area.code] for area in self._index.register.find(text, limit)]

    def find_near(self, text: str) -> tuple[AreaRecord, ...]:
        """The areas that stand and whose names are spelled most like a text; none where none is like it."""
        return self._search.find_near(text)

    def search(self, text: str, limit: int = 20) -> Found:
        """Areas, metrics and topics by name, code or everyday words, the nearest first; at most `limit` of each."""
        return self._search.find(text, limit)

    def search_subjects(self, text: str, limit: int) -> Subjects:
        """Metrics and topics by name or everyday words, the nearest first; at most `limit` of each."""
        return self._search.find_subjects(text, limit)

    def list_everyday_words(self, kind: str, key: str) -> list[str]:
        """What people say for a "topic" or a "metric"."""
        return self._search.list_words(kind, key)

    @cached_property
    def _search(self) -> Search:
        return Search(self._index)

    @cached_property
    def postcode_file(self) -> PostcodeFileRecord | None:
        """The directory that postcodes are looked up in; none of a release without."""
        rows = self._index.database.rows("SELECT * FROM postcode_files")
        return PostcodeFileRecord(**read_file(rows[0]), attribution=rows[0]["attribution"]) if rows else None

    @cached_property
    def _postcodes(self) -> PostcodeLookup | None:
        path = self.directory / POSTCODES
        return PostcodeLookup(path) if path.is_file() else None

    def find_standing(self, code: str) -> list[AreaRecord]:
        """The areas that stood in an area's place when the release was built, by name; itself while it stands.

        Raises `UnknownKey`.
        """
        standing = self._index.register.successors_alive(self._index.area(code).code, self._index.built)
        return sorted((self._index.areas[each] for each in standing), key=lambda area: area.name)

    def find_postcode(self, text: str) -> PostcodeRecord | None:
        """What a text leads to as a postcode; None for one that has not the shape of one, or no directory to look in.

        A slip such as O for 0 is mended where what was typed is no postcode and there is one way to mend it.
        """
        readings = read_postcodes(text)
        lookup = self._postcodes
        if not readings or lookup is None:
            return None
        led = {each: codes for each in readings if (codes := _list_districts(lookup, each))}
        if readings[0] in led:
            return self._lead(readings[0], led[readings[0]])
        if len(led) == 1:
            return self._lead(*led.popitem())
        return PostcodeRecord(readings[0], is_known=False)

    def _lead(self, postcode: Postcode, districts: Iterable[str]) -> PostcodeRecord:
        areas: dict[str, AreaRecord] = {}
        for district in districts:
            if self._index.register.resolve(district) is not None:
                areas |= {area.code: area for area in self.find_standing(district)}
        nations = tuple(NATIONS[district] for district in districts if district in NATIONS)
        return PostcodeRecord(postcode, True, tuple(areas.values()), nations)


def _list_districts(lookup: PostcodeLookup, postcode: Postcode) -> list[str]:
    """Codes of districts, first letters of those outside England, `NO_DISTRICT`; nothing for what is no postcode."""
    if postcode.is_in_northern_ireland:
        return ["N"]
    if not postcode.is_whole:
        return lookup.list_districts(postcode)
    district = lookup.find(postcode)
    return [] if district is None else [district]
