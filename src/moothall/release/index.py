"""The index of a release: its areas, topics, metrics, sources and periods as records, read once and kept."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TypeVar, cast

from moothall.core.ages import find_old_after
from moothall.core.areas import (
    REGIONS,
    Alias,
    AliasScheme,
    Area,
    AreaClass,
    Membership,
    MembershipKind,
    Register,
    Succession,
    SuccessionKind,
)
from moothall.core.definitions import Cadence, NoteKind
from moothall.core.functions import Extent, Responsibility
from moothall.core.periods import parse_key
from moothall.core.quality import Quality
from moothall.release.database import Database
from moothall.release.navigation import Framework, read_framework, read_topics
from moothall.release.records import (
    ENGLAND,
    AreaRecord,
    BoundaryFileRecord,
    EditionRecord,
    FunctionRecord,
    MetricRecord,
    MissingEdition,
    PeriodNote,
    PeriodRecord,
    RegisterFileRecord,
    ShapeRecord,
    SourceRecord,
    SuccessionRecord,
    TopicRecord,
    UnknownKey,
    UnreadSource,
)
from moothall.release.rows import read_day, read_edition, read_file, read_metric

Record = TypeVar("Record")


class Index:
    """Everything about a release but its figures; small, read when first asked for, kept for good."""

    def __init__(self, database: Database, built: date) -> None:
        """Read from a release's database; `built` is the day that areas are described as on."""
        self.database = database
        self.built = built
        self.alive = lru_cache(maxsize=None)(self._alive)
        self.responsible = lru_cache(maxsize=None)(self._responsible)

    @cached_property
    def register(self) -> Register:
        """The register, as it was when the release was built."""
        read = self.database.rows
        return Register(
            [
                Area(
                    code=row["area_code"],
                    name=row["name"],
                    official_name=row["official_name"],
                    area_class=AreaClass(row["area_class"]),
                    region_code=row["region_code"],
                    opened=read_day(row["opened"]),
                    closed=read_day(row["closed"]),
                    slug=row["slug"],
                )
                for row in read("SELECT * FROM areas")
            ],
            [
                Membership(
                    row["area_code"],
                    row["parent_code"],
                    cast(MembershipKind, row["kind"]),
                    read_day(row["since"]),
                    read_day(row["until"]),
                )
                for row in read("SELECT * FROM memberships")
            ],
            [
                Succession(
                    row["predecessor_code"],
                    row["successor_code"],
                    date.fromisoformat(row["day"]),
                    cast(SuccessionKind, row["kind"]),
                    row["note"],
                )
                for row in read("SELECT * FROM successions ORDER BY day, predecessor_code, successor_code")
            ],
            [
                Alias(cast(AliasScheme, row["scheme"]), row["alias"], row["area_code"])
                for row in read("SELECT * FROM aliases")
            ],
        )

    @cached_property
    def areas(self) -> dict[str, AreaRecord]:
        """Every area by its code, in the order of names."""
        ordered = sorted(self.register.areas.values(), key=lambda area: (area.name, area.code))
        return {area.code: self._describe(area) for area in ordered}

    def area(self, code: str) -> AreaRecord:
        """The area with this code, or for which the code stands. Raises `UnknownKey`."""
        resolved = self.register.resolve(code)
        if resolved is None:
            raise UnknownKey("area", code)
        return self.areas[resolved]

    def successions(self, *, predecessor: str | None = None, successor: str | None = None) -> list[SuccessionRecord]:
        """The successions from one area, or to one, by day; those of codes that are not areas are left out."""
        return [
            SuccessionRecord(
                self.areas[each.predecessor_code], self.areas[each.successor_code], each.day, each.kind, each.note
            )
            for each in self.register.successions
            if each.predecessor_code in self.areas
            and predecessor in (None, each.predecessor_code)
            and successor in (None, each.successor_code)
        ]

    def _describe(self, area: Area) -> AreaRecord:
        """The area as it was when the release was built, or on the nearest day of its life."""
        day = max(self.built, area.opened or self.built)
        if area.closed is not None:
            day = min(day, area.closed - timedelta(days=1))
        county = self._parent(area.code, day, "county")
        # A district is in a combined authority's area when its county is a member.
        combined = self._parent(area.code, day, "combined_authority") or (
            self._parent(county.code, day, "combined_authority") if county else None
        )
        waste = self._parent(area.code, day, "waste_authority")
        return AreaRecord(
            code=area.code,
            name=area.name,
            official_name=area.official_name,
            slug=area.slug,
            area_class=area.area_class,
            region_code=area.region_code,
            region=area.region,
            county_code=county.code if county else None,
            county=county.name if county else None,
            combined_authority_code=combined.code if combined else None,
            combined_authority=combined.name if combined else None,
            waste_authority_code=waste.code if waste else None,
            waste_authority=waste.name if waste else None,
            opened=area.opened,
            closed=area.closed,
            is_principal=area.is_principal,
        )

    def _parent(self, code: str, day: date, kind: MembershipKind) -> Area | None:
        parents = self.register.parents(code, day, kind)
        return self.register.areas[parents[0]] if parents else None

    def _alive(self, day: date) -> tuple[AreaRecord, ...]:
        """The principal councils that existed on the day, by name."""
        return tuple(area for area in self.areas.values() if area.is_principal and self.is_alive(area.code, day))

    def is_alive(self, code: str, day: date) -> bool:
        """Whether the area existed on the day."""
        return self.register.is_alive(code, day)

    @cached_property
    def _spans(self) -> dict[str, list[Responsibility]]:
        spans: dict[str, list[Responsibility]] = {}
        for key, code, extent, since, until in self.database.rows(
            "SELECT function_key, area_code, extent, since, until FROM responsibilities"
        ):
            spans.setdefault(key, []).append(Responsibility(key, code, extent, read_day(since), read_day(until)))
        return spans

    def _responsible(self, functions: tuple[str, ...], day: date, extent: Extent | None = None) -> frozenset[str]:
        """The codes of the areas that had any of the functions on the day, or had them to one extent."""
        return frozenset(
            span.area_code
            for function in functions
            for span in self._spans.get(function, [])
            if span.holds(day) and extent in (None, span.extent)
        )

    def neighbour_codes(self, model: str, area: str) -> tuple[str, ...]:
        """The codes of an area's neighbours by a model, the nearest first; none for one without a list.

        Raises `UnknownKey` for a model that the release has not.
        """
        if model not in self._neighbours and self._neighbours:
            raise UnknownKey("model", model)
        return self._neighbours.get(model, {}).get(area, ())

    @cached_property
    def _neighbours(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Every model's lists by the version that is current."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for row in self.database.rows(
            "SELECT model_key, area_code, neighbour_code FROM neighbours"
            " JOIN neighbour_models USING (model_key, version) WHERE is_current ORDER BY model_key, area_code, place"
        ):
            lists = found.setdefault(row["model_key"], {})
            lists[row["area_code"]] = (*lists.get(row["area_code"], ()), row["neighbour_code"])
        return found

    @cached_property
    def functions(self) -> dict[str, FunctionRecord]:
        """Every function by its key, in the order of the definitions."""
        rows = self.database.rows("SELECT function_key, title FROM functions ORDER BY position")
        return {key: FunctionRecord(key, title) for key, title in rows}

    @cached_property
    def topics(self) -> dict[str, TopicRecord]:
        """Every topic by its key, in the order of the definitions."""
        return read_topics(self.database)

    def topic(self, key: str) -> TopicRecord:
        """The topic. Raises `UnknownKey`."""
        return _get(self.topics, "topic", key)

    @cached_property
    def framework(self) -> Framework:
        """The outcomes of the government's framework, and where they were read."""
        return read_framework(self.database)

    @cached_property
    def metrics(self) -> dict[str, MetricRecord]:
        """Every metric by its key, in the order of topics and then of the definitions."""
        functions: dict[str, list[FunctionRecord]] = {}
        for row in self.database.rows(
            "SELECT metric_key, function_key, title FROM metric_functions JOIN functions USING (function_key)"
            " ORDER BY metric_key, metric_functions.position"
        ):
            functions.setdefault(row["metric_key"], []).append(FunctionRecord(row["function_key"], row["title"]))
        inputs: dict[str, list[tuple[str, str]]] = {}
        for row in self.database.rows("SELECT * FROM metric_inputs ORDER BY metric_key, position"):
            inputs.setdefault(row["metric_key"], []).append((row["symbol"], row["input_key"]))
        notes: dict[str, list[PeriodNote]] = {}
        for row in self.database.rows("SELECT * FROM metric_period_notes ORDER BY period, kind, reason"):
            notes.setdefault(row["metric_key"], []).append(
                PeriodNote(row["period"], NoteKind(row["kind"]), row["reason"])
            )
        rows = self.database.rows(
            "SELECT metrics.*, topics.title AS topic_title FROM metrics JOIN topics USING (topic_key)"
            " ORDER BY topics.position, metrics.position"
        )
        old_after = self._find_old_after(inputs)
        return {
            key: read_metric(
                row, functions.get(key, ()), inputs.get(key, ()), notes.get(key, ()), old_after[key], self.built
            )
            for row in rows
            for key in (row["metric_key"],)
        }

    @cached_property
    def _keys(self) -> dict[str, str]:
        """The key of a metric by each key that it once had."""
        return {alias: metric.key for metric in self.metrics.values() for alias in metric.aliases}

    def _find_old_after(self, inputs: dict[str, list[tuple[str, str]]]) -> dict[str, int]:
        """Each metric's months until a figure is old: a derived one is as slow as the slowest of its inputs."""
        rows = self.database.rows("SELECT metric_key, cadence FROM metrics LEFT JOIN sources USING (source_key)")
        own = {key: find_old_after(Cadence(cadence).months) for key, cadence in rows if cadence}

        def find(key: str) -> int:
            return own[key] if key in own else max(find(each) for _, each in inputs[key])

        return {key: find(key) for key, _ in rows}

    def metric(self, key: str) -> MetricRecord:
        """The metric with this key, or that once had it. Raises `UnknownKey`."""
        return _get(self.metrics, "metric", self._keys.get(key, key))

    @cached_property
    def editions(self) -> dict[str, EditionRecord]:
        """Every edition by its key "<source>/<edition>", newest first."""
        rows = self.database.rows("SELECT * FROM editions ORDER BY known_on DESC, edition_key DESC")
        return {row["edition_key"]: read_edition(row) for row in rows}

    @cached_property
    def register_files(self) -> tuple[RegisterFileRecord, ...]:
        """The files the register was read from, in the order of the definitions."""
        rows = self.database.rows("SELECT * FROM register_files ORDER BY position")
        return tuple(RegisterFileRecord(**read_file(row)) for row in rows)

    @cached_property
    def boundary_files(self) -> tuple[BoundaryFileRecord, ...]:
        """The files that maps were drawn from, in the order of the definitions."""
        rows = self.database.rows("SELECT * FROM boundary_files ORDER BY position")
        return tuple(
            BoundaryFileRecord(**read_file(row), key=row["key"], attribution=row["attribution"]) for row in rows
        )

    @cached_property
    def shapes(self) -> dict[str, dict[str, ShapeRecord]]:
        """Every shape by its layout and area."""
        shapes: dict[str, dict[str, ShapeRecord]] = {}
        for layout, code, path, *box in self.database.rows(
            "SELECT layout, area_code, path, x_min, y_min, x_max, y_max FROM shapes"
        ):
            shapes.setdefault(layout, {})[code] = ShapeRecord(path, (box[0], box[1], box[2], box[3]))
        return shapes

    @cached_property
    def sources(self) -> dict[str, SourceRecord]:
        """Every source by its key, in the order of the definitions."""
        return {
            row["source_key"]: SourceRecord(
                key=row["source_key"],
                title=row["title"],
                publisher=row["publisher"],
                licence=row["licence"],
                licence_label=row["licence_title"],
                licence_address=row["licence_address"],
                attribution=row["attribution"],
                landing_page=row["landing_page"],
                cadence=row["cadence"],
                cadence_months=Cadence(row["cadence"]).months,
                quality=row["quality"],
                quality_label=Quality(row["quality"]).label,
                note=row["note"],
                editions=tuple(e for e in self.editions.values() if e.source == row["source_key"]),
                missing=self._missing.get(row["source_key"], ()),
            )
            for row in self.database.rows("SELECT * FROM sources ORDER BY position")
        }

    @cached_property
    def unread_sources(self) -> tuple[UnreadSource, ...]:
        """Every source of which nothing is read, in the order of the definitions."""
        return tuple(
            UnreadSource(
                key=row["source_key"],
                title=row["title"],
                publisher=row["publisher"],
                landing_page=row["landing_page"],
                why=row["why"],
                tells=row["tells"],
                topics=tuple(json.loads(row["topics"])),
                functions=tuple(json.loads(row["functions"])),
                missing=self._missing.get(row["source_key"], ()),
            )
            for row in self.database.rows("SELECT * FROM unread_sources ORDER BY position")
        )

    @cached_property
    def _missing(self) -> dict[str, tuple[MissingEdition, ...]]:
        """The editions that are not held, by their source, newest first."""
        rows = self.database.rows(
            "SELECT source_key, edition, title, address, landing_page, published"
            " FROM missing_editions ORDER BY source_key, edition DESC"
        )
        return {key: tuple(MissingEdition(*row) for row in own) for key, own in groupby(rows, key=itemgetter(0))}

    def source(self, key: str) -> SourceRecord:
        """The source. Raises `UnknownKey`."""
        return _get(self.sources, "source", key)

    @cached_property
    def _periods(self) -> dict[tuple[str, str], dict[str, PeriodRecord]]:
        periods: dict[tuple[str, str], dict[str, PeriodRecord]] = {}
        for row in self.database.rows("SELECT * FROM metric_periods ORDER BY ends, starts, period"):
            periods.setdefault((row["metric_key"], row["breakdown"]), {})[row["period"]] = PeriodRecord(
                key=row["period"],
                label=parse_key(row["period"]).label,
                start=date.fromisoformat(row["starts"]),
                end=date.fromisoformat(row["ends"]),
                eligible=row["eligible"],
                with_value=row["with_value"],
                is_latest=bool(row["is_latest"]),
            )
        return periods

    def periods(self, metric_key: str, breakdown: str) -> dict[str, PeriodRecord]:
        """The periods of a metric by their keys, oldest first. Raises `UnknownKey` for a metric or breakdown."""
        metric = self.metric(metric_key)
        if metric.breakdowns and breakdown not in metric.breakdowns:
            raise UnknownKey("breakdown", breakdown)
        return self._periods.get((metric.key, breakdown), {})


def _get(records: dict[str, Record], kind: str, key: str) -> Record:
    if key not in records:
        raise UnknownKey(kind, key)
    return records[key]


_WITHOUT_ARTICLE = {"Yorkshire and The Humber", "London"}


def label_scope(scope: str) -> str:
    """The councils of a scope in words: "councils in England", "London boroughs", "councils in the North West"."""
    if scope == ENGLAND:
        return "councils in England"
    if scope in REGIONS:
        name = REGIONS[scope]
        return f"councils in {name if name in _WITHOUT_ARTICLE else 'the ' + name}"
    return AreaClass(scope).plural
