"""Page contracts of neighbours, and the parts they are put together from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from moothall.release.records import AreaRecord
from moothall.site.explorer.pages import Page
from moothall.site.explorer.parts import Choice, Link
from moothall.site.explorer.takeaway import Download


@dataclass(frozen=True, slots=True)
class ModelGroup:
    """Ways to find neighbours that are of one kind, as options to choose from."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class NeighbourRow:
    """One neighbour in the table; what its list does not say is empty."""

    place: int
    code: str
    name: str
    address: str  # of its own neighbours
    class_label: str
    closeness: str
    distance: str  # "0.12"
    pairs: str  # "3 in 100"
    inclusion: str  # "92 of 100"
    is_marginal: bool


@dataclass(frozen=True, slots=True)
class LikenedRow:
    """One input with two values: of the council and of a neighbour, or of the middle of its neighbours."""

    title: str
    address: str
    period: str
    value: str
    other: str
    weight: str  # its share of the whole, or empty
    note: str  # that a value is an estimate, what it stands for, or empty


@dataclass(frozen=True, slots=True)
class LikenedGroup:
    """The inputs about one side of a place."""

    title: str
    weight: str  # "12.5%", or empty
    rows: tuple[LikenedRow, ...]


@dataclass(frozen=True, slots=True)
class NeighbourWhy:
    """Why one neighbour is on the list, and where it differs."""

    code: str
    name: str
    sentence: str
    similar: tuple[LikenedGroup, ...]
    differs: tuple[LikenedGroup, ...]


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """A council on a list of one version, beside the same place on another."""

    name: str
    address: str
    is_only_here: bool


@dataclass(frozen=True, slots=True)
class VersionColumn:
    """The list of one version."""

    title: str
    address: str
    is_shown: bool
    entries: tuple[VersionEntry, ...]


@dataclass(frozen=True, slots=True)
class OtherList:
    """Another list of the same council's neighbours, beside the one shown."""

    link: Link
    publisher: str
    shared: str  # "6 of its 10", or why it has none


@dataclass(frozen=True, slots=True)
class WeightField:
    """One input in the form of own weights."""

    name: str  # of the field: the metric's key
    title: str
    weight: str


@dataclass(frozen=True, slots=True)
class WeightGroup:
    """The inputs of one domain in that form."""

    title: str
    fields: tuple[WeightField, ...]


@dataclass(frozen=True, slots=True)
class NeighboursPage(Page):
    """Who is most like one council, by a model, by weights of the reader's own, or by a list of theirs."""

    template: ClassVar[str] = "neighbours.html"
    section: ClassVar[str] = "areas"
    area: AreaRecord
    heading: str
    sentences: tuple[str, ...]  # the first is the lead
    mistakes: tuple[str, ...]  # why what was asked for cannot be used
    cautions: tuple[str, ...]
    model: str  # its key
    title: str  # its title
    about: tuple[str, ...]  # what the list is for and what its limits are
    about_links: tuple[Link, ...]
    models: tuple[ModelGroup, ...]
    rows: tuple[NeighbourRow, ...]
    columns: Mapping[str, str]  # the headings of those of closeness, distance, pairs and inclusion that the rows have
    has_kinds: bool  # whether the rows are of councils of more than one kind
    pairs_of: str  # "London boroughs"
    why: tuple[NeighbourWhy, ...]
    inputs: tuple[LikenedGroup, ...]
    missing: tuple[str, ...]  # what the method names and nobody here holds
    has_weights: bool
    about_versions: tuple[str, ...]  # what changed, in sentences
    versions: tuple[VersionColumn, ...]
    others: tuple[OtherList, ...]
    not_held: tuple[str, ...]  # sets that are known and not here
    weights: tuple[WeightGroup, ...]
    own_text: str  # what stands in the field of an own list
    beside: tuple[Link, ...]  # topics, with the nearest beside the council
    compare: tuple[Link, ...]  # to what topics show first, beside the whole list
    beside_names: str
    canonical: str
    download: Download | None

    @property
    def http_status(self) -> int:
        """400 where a list cannot be used."""
        return 400 if self.mistakes else 200

    @property
    def is_kept(self) -> bool:
        """Nobody keeps a list that a reader brought."""
        return self.model != "own"

    def find_canonical(self, path: str) -> str:
        """With the model, and without a list that a reader brought."""
        return self.canonical


@dataclass(frozen=True, slots=True)
class ModelInput:
    """One thing that a model likens councils by."""

    link: Link
    period: str
    transform: str
    weight: str  # beside the others about the same side of a place
    note: str


@dataclass(frozen=True, slots=True)
class ModelDomain:
    """One side of a place, with its weight beside the others."""

    title: str
    weight: str
    inputs: tuple[ModelInput, ...]


@dataclass(frozen=True, slots=True)
class ModelVersionPart:
    """One version of a model: what it is made from, and what changed since the one before."""

    title: str
    note: str
    domains: tuple[ModelDomain, ...]
    missing: tuple[str, ...]
    churn: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelPart:
    """One of our models."""

    key: str
    title: str
    description: str
    method: str
    versions: tuple[ModelVersionPart, ...]


@dataclass(frozen=True, slots=True)
class PublishedPart:
    """One set that somebody else publishes."""

    title: str
    publisher: str
    about: tuple[str, ...]
    landing_page: str
    licence: str
    licence_address: str
    attribution: str
    editions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValidationRow:
    """The results of one way to choose, a column each: the result, and its interval or nothing."""

    subject: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ValidationTable:
    """The results of one test."""

    title: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[ValidationRow, ...]
    is_open: bool  # whether it is one of those to look at first


@dataclass(frozen=True, slots=True)
class NeighbourMethodsPage(Page):
    """How neighbours are found, and how well the lists hold."""

    template: ClassVar[str] = "methods_neighbours.html"
    section: ClassVar[str] = "about"
    closeness: tuple[tuple[str, str], ...]
    models: tuple[ModelPart, ...]
    published: tuple[PublishedPart, ...]
    not_held: tuple[str, ...]
    tables: tuple[ValidationTable, ...]
