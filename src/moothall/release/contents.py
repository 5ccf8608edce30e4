"""What a release is made from, and the same as the rows of its tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from moothall.core.areas import AreaClass, Register
from moothall.core.definitions import DerivedMetric, Metric, RegisterSource
from moothall.core.frames import (
    ALL,
    CERTAINTIES,
    ENGLAND,
    EXEMPLAR_CHECKS,
    EXEMPLARS,
    FINDINGS,
    NEIGHBOUR_FRAMES,
    PROJECTION_CHECKS,
    PROJECTIONS,
    SHAPES,
    SLICE_KEY,
    TOPIC_EXEMPLARS,
    TRENDS,
    empty_frames,
)
from moothall.core.functions import Responsibility
from moothall.core.grounds import list_parts
from moothall.core.latest import find_latest
from moothall.core.loading import Catalogue
from moothall.core.movements import MOVEMENTS
from moothall.core.periods import parse_key
from moothall.core.quality import STANDINGS, Quality
from moothall.core.values import Marker
from moothall.release.navigation import tabulate_navigation
from moothall.release.neighbour_tables import tabulate_models
from moothall.release.tables import TABLES


@dataclass(frozen=True)
class Kept:
    """An earlier release, and the digests of the metrics whose observations and figures are as they are there."""

    release: Path
    digests: Mapping[str, str]


@dataclass(frozen=True)
class Contents:
    """Everything a release holds: definitions, register, and frames by the schemas of `core.frames`.

    `as_of` is the day whose knowledge it is limited to, if any. `origins` has, by metric, a digest of all that its
    figures are worked out from; `kept` is where rows of the same origin were written before.
    """

    catalogue: Catalogue
    register: Register
    editions: pl.DataFrame
    settled: pl.DataFrame
    observations: pl.DataFrame
    figures: pl.DataFrame
    summaries: pl.DataFrame
    shapes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SHAPES))
    findings: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FINDINGS))
    certainties: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CERTAINTIES))
    trends: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TRENDS))
    projections: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PROJECTIONS))
    projection_checks: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PROJECTION_CHECKS))
    exemplars: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=EXEMPLARS))
    neighbours: Mapping[str, pl.DataFrame] = field(default_factory=lambda: empty_frames(NEIGHBOUR_FRAMES))
    neighbour_origins: Mapping[str, str] = field(default_factory=dict)  # digests of what they rest on
    topic_exemplars: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TOPIC_EXEMPLARS))
    exemplar_checks: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=EXEMPLAR_CHECKS))
    movements: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MOVEMENTS))
    postcodes: bytes = b""  # the lookup, as `release.postcodes.pack_postcodes` makes it; empty where there is none
    postcodes_origin: str = ""  # a digest of what it rests on
    as_of: date | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    kept: Kept | None = None


def tabulate(contents: Contents) -> dict[str, pl.DataFrame]:
    """The rows of every table of `tables.TABLES`, arranged, by the table's name.

    They depend on the contents alone: not on the day, the order of rows or the code's revision. Raises `ValueError`
    when a value is absent and no marker says why, or present where a marker says that there is none.
    """
    for name in ("observations", "figures"):
        _require_markers(name, getattr(contents, name))
    catalogue, register = contents.catalogue, contents.register
    responsibilities = catalogue.functions.rows(register)
    periods = _find_periods(contents.figures, contents.summaries)
    boundaries = catalogue.boundaries.sources if catalogue.boundaries else ()
    rows: dict[str, Iterable[tuple[Any, ...]]] = {
        "areas": (
            (a.code, a.name, a.official_name, a.slug, str(a.area_class), a.region_code, a.region, a.opened, a.closed)
            for a in register.areas.values()
        ),
        "memberships": ((m.area_code, m.parent_code, m.kind, m.since, m.until) for m in register.memberships),
        "successions": ((s.predecessor_code, s.successor_code, s.day, s.kind, s.note) for s in register.successions),
        "announced_changes": (
            (code, change.successor, change.day, change.source, change.address, change.checked)
            for change in catalogue.announced
            for code in change.predecessors
        ),
        "area_parts": ((p.area_code, str(p.tier), p.part_code, p.since, p.until) for p in list_parts(register)),
        "aliases": ((a.scheme, a.alias, a.area_code) for a in register.aliases),
        "topics": (
            (t.key, place, t.title, t.description, _json(t.headlines), t.no_chain)
            for place, t in enumerate(catalogue.topics.values())
        ),
        "functions": (
            (f.key, place, f.title, f.statute, f.note)
            for place, f in enumerate(catalogue.functions.definitions.values())
        ),
        "responsibilities": ((r.function_key, r.area_code, r.extent, r.since, r.until) for r in responsibilities),
        "sources": (
            (
                *(s.source, place, s.title, s.publisher, str(s.licence), s.licence.label, s.licence.address),
                *(s.attribution, s.landing_page, str(s.cadence), str(s.quality), s.note),
            )
            for place, s in enumerate(catalogue.sources.values())
            if s.unread is None
        ),
        "unread_sources": (
            (
                *(s.source, place, s.title, s.publisher, s.landing_page, s.unread.why, s.unread.tells),
                *(_json(s.unread.topics), _json(s.unread.functions)),
            )
            for place, s in enumerate(catalogue.sources.values())
            if s.unread is not None
        ),
        "register_files": _list_files(catalogue.register.sources if catalogue.register else ()),
        "boundary_files": (
            (*row, file.attribution) for file, row in zip(boundaries, _list_files(boundaries), strict=True)
        ),
        "postcode_files": (
            (*row, file.attribution)
            for file in ([catalogue.postcodes] if catalogue.postcodes else [])
            for row in _list_files([file])
        ),
        "missing_editions": _list_missing(contents),
        "edition_tables": _list_tables(contents),
        "metrics": _list_metrics(contents, responsibilities, periods),
        "metric_functions": (
            (metric.key, place, function)
            for metric in catalogue.metrics.values()
            for place, function in enumerate(metric.functions)
        ),
        "metric_inputs": (
            (metric.key, place, symbol, key)
            for metric in catalogue.derived.values()
            for place, (symbol, key) in enumerate(metric.inputs.items())
        ),
        "metric_period_notes": (
            (key, period, str(kind), reason)
            for key in catalogue.metrics
            for period, kind, reason in catalogue.period_notes(key)
        ),
        **tabulate_navigation(catalogue),
        **tabulate_models(catalogue, contents.as_of),
    }
    frames = {
        "editions": contents.editions,
        "metric_periods": periods,
        "observations": contents.observations,
        "figures": contents.figures,
        "summaries": contents.summaries,
        "settled": contents.settled,
        "shapes": contents.shapes,
        "findings": contents.findings,
        "certainties": contents.certainties,
        "trends": contents.trends,
        "projections": contents.projections,
        "projection_checks": contents.projection_checks,
        "exemplars": contents.exemplars,
        **contents.neighbours,
        "topic_exemplars": contents.topic_exemplars,
        "exemplar_checks": contents.exemplar_checks,
        "movements": contents.movements,
    }
    return {
        table.name: table.arrange(frames[table.name]) if table.name in frames else table.frame(rows[table.name])
        for table in TABLES
    }


def digest_definitions(catalogue: Catalogue) -> str:
    """The sha256 of the definitions as they were understood: the layout of the YAML and its comments do not matter."""
    models = {
        "topics": [topic.model_dump(mode="json") for topic in catalogue.topics.values()],
        "functions": [function.model_dump() for function in catalogue.functions.definitions.values()],
        "sources": [source.model_dump(mode="json") for source in catalogue.sources.values()],
        "derived": [metric.model_dump(mode="json") for metric in catalogue.derived.values()],
        "register": catalogue.register.model_dump(mode="json") if catalogue.register else None,
        "boundaries": catalogue.boundaries.model_dump(mode="json") if catalogue.boundaries else None,
        "outcomes": catalogue.outcomes.model_dump(mode="json") if catalogue.outcomes else None,
        "postcodes": catalogue.postcodes.model_dump(mode="json") if catalogue.postcodes else None,
        "everyday": catalogue.everyday.model_dump(mode="json") if catalogue.everyday else None,
        "announced": [change.model_dump(mode="json") for change in catalogue.announced],
        "neighbours": [model.model_dump(mode="json") for model in catalogue.neighbour_models.values()],
        "neighbour_sets": [each.model_dump(mode="json") for each in catalogue.neighbour_sets.values()],
        "measures": catalogue.measures.model_dump(mode="json") if catalogue.measures else None,
    }
    return sha256(json.dumps(models, sort_keys=True, default=_plain).encode()).hexdigest()


def _require_markers(name: str, rows: pl.DataFrame) -> None:
    is_qualified = pl.col("marker").is_in([str(marker) for marker in Marker if marker.meaning.has_value])
    is_sound = (
        pl.when(pl.col("value").is_null())
        .then(pl.col("marker").is_not_null() & is_qualified.not_())
        .otherwise(pl.col("value").is_finite() & (pl.col("marker").is_null() | is_qualified))
    )
    unsound = rows.filter(is_sound.fill_null(False).not_())
    if unsound.height:
        raise ValueError(f"{name}: {unsound.height} rows whose value and marker do not agree, such as {unsound.row(0)}")


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{value!r} has no plain form")


def _find_periods(figures: pl.DataFrame, summaries: pl.DataFrame) -> pl.DataFrame:
    """One row per metric, breakdown and period with a figure: its days, how full it is, whether it is the latest."""
    keys = figures.select(SLICE_KEY).unique()
    days = {key: parse_key(key) for key in keys.get_column("period").unique()}
    england = summaries.filter(pl.col("scope") == ENGLAND).select(*SLICE_KEY, "eligible", "with_value")
    latest = find_latest(summaries).with_columns(is_latest=True)
    return (
        keys.join(england, on=SLICE_KEY, how="left")
        .with_columns(pl.col("eligible", "with_value").fill_null(0))
        .with_columns(
            starts=pl.col("period").replace_strict({key: p.start for key, p in days.items()}, return_dtype=pl.Date),
            ends=pl.col("period").replace_strict({key: p.end for key, p in days.items()}, return_dtype=pl.Date),
        )
        .join(latest, on=SLICE_KEY, how="left")
        .with_columns(pl.col("is_latest").fill_null(False))
    )


def _list_files(files: Iterable[RegisterSource]) -> Iterable[tuple[Any, ...]]:
    """The files that the register, or the maps, were read from."""
    return (
        (
            *(f.key, place, f.title, f.publisher, str(f.licence), f.licence.label, f.licence.address),
            *(f.published, str(f.basis), f.sha256, f.address),
        )
        for place, f in enumerate(files)
    )


def _list_missing(contents: Contents) -> Iterable[tuple[Any, ...]]:
    """The editions that are known to exist and are not held; as of a day, those that were public on it."""
    held = set(contents.editions.get_column("edition_key"))
    for key, source in contents.catalogue.sources.items():
        for edition in source.editions:
            known = edition.publication
            is_public = contents.as_of is None or (known is not None and known.known_on <= contents.as_of)
            if is_public and f"{key}/{edition.edition}" not in held:
                page = edition.landing_page or source.landing_page
                yield key, edition.edition, edition.title, edition.address, page, edition.published


def _list_tables(contents: Contents) -> Iterable[tuple[Any, ...]]:
    for edition_key, source_key, edition in contents.editions.select(
        "edition_key", "source_key", "edition"
    ).iter_rows():
        for table in contents.catalogue.sources[source_key].tables_of(edition):
            yield edition_key, table.table, table.sheet, table.group_row, table.header_row


def _list_metrics(
    contents: Contents, responsibilities: list[Responsibility], periods: pl.DataFrame
) -> Iterable[tuple[Any, ...]]:
    classes: dict[str, set[AreaClass]] = {}
    for row in responsibilities:
        classes.setdefault(row.function_key, set()).add(contents.register.areas[row.area_code].area_class)
    held: dict[str, list[tuple[str, str, bool]]] = {}
    for key, breakdown, period, is_latest in (
        periods.sort("ends", "starts", "period").select(*SLICE_KEY, "is_latest").iter_rows()
    ):
        held.setdefault(key, []).append((breakdown, period, is_latest))
    for place, metric in enumerate(contents.catalogue.metrics.values()):
        source = contents.catalogue.source_of(metric.key)
        having = {each for function in metric.functions for each in classes.get(function, ())}
        in_time = held.get(metric.key, [])
        breakdowns = sorted({breakdown for breakdown, _, _ in in_time}, key=lambda b: (b != ALL, b))
        latest = [period for breakdown, period, is_latest in in_time if is_latest and breakdown == breakdowns[0]]
        yield (
            *(metric.key, place, metric.title, metric.short, metric.description, metric.why, metric.not_tell),
            *(metric.topic, source.source if source else None, str(metric.unit), metric.places, str(metric.polarity)),
            *(str(metric.kind), str(metric.lever), _json(metric.shared_with), metric.comparable_within),
            *(metric.interval, metric.range.min, metric.range.max, metric.owner, metric.checker, metric.next_review),
            metric.formula if isinstance(metric, DerivedMetric) else None,
            metric.adds_up.model_dump_json(exclude_none=True) if metric.adds_up else None,
            metric.counts.model_dump_json(exclude_none=True) if metric.counts else None,
            _json([str(each) for each in AreaClass if each in having]),
            _json(breakdowns),
            in_time[0][1] if in_time else None,
            latest[-1] if latest else None,
            *(str(metric.status), metric.since, metric.reason, metric.replacement, _json(metric.aliases)),
            str(_find_quality(contents.catalogue, metric)),
        )


def _find_quality(catalogue: Catalogue, metric: Metric) -> Quality:
    """What kind of statistic a metric is: its source's; of a derived one, the one under the loosest rules."""
    if isinstance(metric, DerivedMetric):
        inputs = (_find_quality(catalogue, catalogue.metrics[key]) for key in metric.inputs.values())
        return max(inputs, key=STANDINGS.index)
    source = catalogue.source_of(metric.key)
    return source.quality if source else Quality.OFFICIAL


def _json(items: Iterable[str]) -> str:
    return json.dumps(list(items), ensure_ascii=False)


def count(frames: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    """How much a release holds, by the names of `records.Counts`."""
    return {name: frames[name].height for name in ("metrics", "sources", "observations", "figures", "areas")}
