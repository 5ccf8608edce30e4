"""Resolve: readings become observations, each text an area, a period, a value or a marker."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import isfinite

import polars as pl

from moothall.core.areas import Register
from moothall.core.definitions import Metric, SourceDefinition
from moothall.core.editions import EditionDefinition
from moothall.core.frames import FIGURE_KEY, OBSERVATIONS, conform
from moothall.core.layouts import TableDefinition
from moothall.core.periods import Period, PeriodKind, PeriodUnreadable, read_period
from moothall.core.problems import Place, Problems
from moothall.core.values import Marker, Unit, read_words, scale_exactly
from moothall.ingest.tables import Rule, SettledRows

# A number as a publisher may type it into a text cell: digits, or digits in threes, with a decimal part.
_PLAIN_NUMBER = re.compile(r"[-\u2212]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:(?<=\d)\.?|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)


def is_plain_number(text: str) -> bool:
    """Whether a text is plainly a number: 12, -3.5, 1,234 or 1e-05, and not £12, 45% or 12*."""
    return _PLAIN_NUMBER.fullmatch(text) is not None


@dataclass
class Resolved:
    """What the readings of one table and edition became."""

    observations: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OBSERVATIONS))
    settled: list[SettledRows] = field(default_factory=list)
    used: set[Rule] = field(default_factory=set)
    problems: Problems = field(default_factory=Problems)


def resolve_readings(
    readings: pl.DataFrame,
    table: TableDefinition,
    source: SourceDefinition,
    edition: EditionDefinition,
    register: Register,
    file: str,
) -> Resolved:
    """Resolve a frame of READINGS to OBSERVATIONS.

    A reading whose area, period or value cannot be resolved gives a problem and no observation. Values are scaled in
    decimal arithmetic. A row in which several authorities report jointly gives each of them a marker, not a value.
    `file` is what problems name the file by. Raises `ValueError` for an edition without a day of publication.
    """
    publication = edition.publication
    if publication is None:
        raise ValueError(f"it is not known when the edition {edition.edition!r} was published")
    resolved = Resolved()
    places = _Places(file, resolved.problems)
    found = _resolve_periods(readings.with_row_index("order"), table.period.kind, places)
    joint = found.filter(pl.col("joint").is_not_null())
    kept = [number for number, rule in enumerate(table.joint) if rule.keep]
    own = found.filter(pl.col("joint").is_null() | pl.col("joint").is_in(kept))
    own = _resolve_areas(own, table, register, places)
    units = {metric.key: metric.unit for metric in source.metrics}
    own = _resolve_values(own, table, edition, units, resolved, places)
    own = own.filter(pl.col("area_code").is_not_null() & pl.col("period").is_not_null())
    _check_ranges(own, {metric.key: metric for metric in source.metrics}, places)
    own = _settle_duplicates(own, table, resolved, places)
    resolved.observations = conform(
        pl.concat([own, _mark_joint(joint, own, table, register, places)], how="diagonal").with_columns(
            edition_key=pl.lit(f"{source.source}/{edition.edition}"),
            published=pl.lit(publication.published),
            published_precision=pl.lit(publication.precision),
            published_basis=pl.lit(str(publication.basis)),
            known_on=pl.lit(publication.known_on),
        ),
        OBSERVATIONS,
    )
    return resolved


@dataclass(frozen=True)
class _Places:
    """Notes problems; trouble that repeats itself is one problem, at the first cell, that says how often."""

    file: str
    problems: Problems

    def note(self, code: str, rows: pl.DataFrame, by: list[str], cell: str, say: Callable[[pl.DataFrame], str]) -> None:
        """Note one problem for each group of rows; `say` gives its message, from the group's rows in order."""
        for group in rows.sort("order").partition_by(by, maintain_order=True):
            first = group.row(0, named=True)
            more = group[cell].n_unique() - 1
            message = say(group) + (f" Likewise in {more} more cell{'s' if more > 1 else ''}." if more else "")
            self.problems.add(code, message, Place(self.file, sheet=first["sheet"], cell=first[cell]))


def _resolve_periods(readings: pl.DataFrame, kind: PeriodKind, places: _Places) -> pl.DataFrame:
    """Add each reading's period and the last day of it."""
    periods: dict[str, Period] = {}
    for text in readings["period_text"].unique():
        try:
            periods[text] = read_period(text, kind)
        except PeriodUnreadable:
            continue
    unreadable = readings.filter(~pl.col("period_text").is_in(list(periods)))
    places.note(
        "PERIOD_UNREADABLE",
        unreadable,
        ["period_text"],
        "area_cell",
        lambda group: f"In the row of this cell, {group['period_text'][0]!r} is not a {kind.replace('_', ' ')}.",
    )
    text = pl.col("period_text")
    keys, ends = {t: p.key for t, p in periods.items()}, {t: p.end for t, p in periods.items()}
    return readings.with_columns(
        period=text.replace_strict(keys, default=None, return_dtype=pl.String),
        period_end=text.replace_strict(ends, default=None, return_dtype=pl.Date),
    )


def _resolve_areas(readings: pl.DataFrame, table: TableDefinition, register: Register, places: _Places) -> pl.DataFrame:
    """Give each reading its area, where the text is one and the area existed on the period's last day."""
    key = ["area_text", "area_code", "period_end"]
    resolve = _resolver(table, register)
    codes: list[str | None] = []
    fates: list[str | None] = []
    asked = readings.select(key).unique()
    for text, corrected, day in asked.iter_rows():
        code = corrected if corrected in register.areas else None if corrected else resolve(text, day)
        codes.append(code)
        fates.append("unknown" if code is None else "absent" if day and not register.is_alive(code, day) else None)
    found = asked.with_columns(code=pl.Series(codes, dtype=pl.String), fate=pl.Series(fates, dtype=pl.String))
    readings = readings.join(found, on=key, how="left", nulls_equal=True, maintain_order="left")
    named = pl.coalesce("area_code", "area_text")

    def say_unknown(group: pl.DataFrame) -> str:
        text = group.select(named).item(0, 0)
        return f"{text!r} is no area of the register." if text else "The cell that should say which area is blank."

    def say_absent(group: pl.DataFrame) -> str:
        area = register.areas[group["code"][0]]
        periods = sorted(group["period"].unique())
        listed = ", ".join(periods[:3]) + (f" and {len(periods) - 3} more" if len(periods) > 3 else "")
        span = (
            f"opened on {area.opened}"
            if area.opened and group["period_end"][0] < area.opened
            else f"closed on {area.closed}"
        )
        heirs = [register.areas[heir].name for heir in register.successors_alive(area.code, group["period_end"][0])]
        after = f" (then {', '.join(heirs)})" if heirs and span.startswith("closed") else ""
        return f"{area.name} ({area.code}) {span}{after}, and did not exist at the end of {listed}."

    places.note("AREA_UNKNOWN", readings.filter(pl.col("fate") == "unknown"), ["area_text"], "area_cell", say_unknown)
    places.note("AREA_NOT_ALIVE", readings.filter(pl.col("fate") == "absent"), ["code"], "area_cell", say_absent)
    return readings.with_columns(area_code=pl.when(pl.col("fate").is_null()).then("code")).drop("code", "fate")


def _resolver(table: TableDefinition, register: Register) -> Callable[[str, date | None], str | None]:
    """What turns a text into an area's code under the table's scheme; a name is read on the period's last day."""
    scheme = table.area.scheme
    if scheme != "name":
        return lambda text, _: register.resolve(text, scheme)
    codes: dict[str, set[str]] = {}
    for area in register.areas.values():
        for name in (area.name, area.official_name):
            codes.setdefault(_folded(name), set()).add(area.code)

    def resolve_name(text: str, day: date | None) -> str | None:
        called = codes.get(_folded(text), set())
        alive = {code for code in called if day is None or register.is_alive(code, day)} or called
        return next(iter(alive)) if len(alive) == 1 else None

    return resolve_name


def _folded(name: str) -> str:
    return " ".join(name.replace("&", "and").split()).casefold()


class _Cells:
    """Reads cells as the table's markers say."""

    def __init__(self, table: TableDefinition, units: Mapping[str, Unit]) -> None:
        self.units = units
        self.spelling = {text.strip(): text for text in table.markers}
        self.markers = {text.strip(): marker for text, marker in table.markers.items()}
        self.qualifiers = [text for text, marker in self.markers.items() if marker.meaning.has_value and text]
        self.scales: dict[str, Decimal] = {}
        self.used: set[Rule] = set()

    def read(self, stored: str, is_number: bool, scale: str, metric: str) -> tuple[float | None, str | None, bool]:
        """The value, the marker, and whether the cell could be read."""
        text = stored.strip()
        marker = self.markers.get(text)
        if marker is not None and not marker.meaning.has_value:
            self.used.add(("marker", self.spelling[text]))
            return None, str(marker), True
        unit = self.units[metric]
        if not unit.is_amount:
            value = read_words(text, unit)
            return value, None, value is not None
        value = self.number(text, is_number, scale)
        if value is not None:
            return value, None, True
        for qualifier in self.qualifiers:
            if text.endswith(qualifier):
                value = self.number(text.removesuffix(qualifier).strip(), False, scale)
                if value is not None:
                    self.used.add(("marker", self.spelling[qualifier]))
                    return value, str(self.markers[qualifier]), True
        return None, None, False

    def number(self, text: str, is_number: bool, scale: str) -> float | None:
        """The number in a text, scaled; none where it is not plainly one."""
        if not is_number and not is_plain_number(text):
            return None
        value = float(text.replace(",", "").replace("\u2212", "-"))
        if not isfinite(value):  # as Parquet files have it, or a text such as 1e999
            return None
        if scale == "1":
            return value
        return scale_exactly(value, self.scales.setdefault(scale, Decimal(scale)))


def _resolve_values(
    readings: pl.DataFrame,
    table: TableDefinition,
    edition: EditionDefinition,
    units: Mapping[str, Unit],
    resolved: Resolved,
    places: _Places,
) -> pl.DataFrame:
    """Give each reading its value or its marker, and the limits of its interval."""
    cells = _Cells(table, units)
    read = [cells.read(*row) for row in readings.select("stored", "is_number", "scale", "metric_key").iter_rows()]
    readings = readings.with_columns(
        value=pl.Series([value for value, _, _ in read], dtype=pl.Float64),
        marker=pl.Series([marker for _, marker, _ in read], dtype=pl.String),
        is_read=pl.Series([is_read for _, _, is_read in read], dtype=pl.Boolean),
    )
    readings, limits_read = _read_limits(readings, cells)
    resolved.used |= cells.used
    explains = pl.col("row_marker").is_in([str(marker) for marker in Marker if not marker.meaning.has_value])
    explains = explains.fill_null(False)
    known = ", ".join(repr(text) for text in table.markers) or "none"

    def say(group: pl.DataFrame) -> str:
        stored, metric = group["stored"][0], group["metric_key"][0]
        what = f"The text {stored!r} stands" if stored.strip() else "The cell is blank"
        return f"{what} where {metric!r} should have a number; the table's markers are: {known}."

    unread = readings.filter(~pl.col("is_read") & ~explains)
    places.note("VALUE_NOT_A_NUMBER", unread, ["metric_key", "stored"], "cell", say)
    places.note(
        "VALUE_NOT_A_NUMBER",
        readings.filter(~limits_read),
        ["metric_key"],
        "cell",
        lambda group: f"A limit of the interval around {group['metric_key'][0]!r} in this row is not a number.",
    )
    readings = readings.with_columns(value=pl.when(~explains).then("value")).with_columns(
        marker=pl.when(explains & pl.col("marker").is_null()).then("row_marker").otherwise("marker")
    )
    has_value = pl.col("value").is_not_null()
    qualifier = pl.coalesce("marker", "row_marker", pl.lit(edition.marker, dtype=pl.String))
    return readings.with_columns(
        marker=pl.when(has_value).then(qualifier).otherwise("marker"),
        lower=pl.when(has_value).then(pl.col("lower").cast(pl.Float64)),
        upper=pl.when(has_value).then(pl.col("upper").cast(pl.Float64)),
    )


def _read_limits(readings: pl.DataFrame, cells: _Cells) -> tuple[pl.DataFrame, pl.Series]:
    """`readings` with the limits of their intervals as numbers, and whether each row's could be read."""
    are_read = pl.Series([True] * len(readings), dtype=pl.Boolean)
    for name in ("lower", "upper"):
        if readings[name].null_count() < len(readings):
            limits = [
                (None, None, True) if text is None or not text.strip() else cells.read(text, False, scale, metric)
                for text, scale, metric in readings.select(name, "scale", "metric_key").iter_rows()
            ]
            are_read &= pl.Series([is_read for _, _, is_read in limits], dtype=pl.Boolean)
            readings = readings.with_columns(pl.Series(name, [value for value, _, _ in limits], dtype=pl.Float64))
    return readings, are_read


def _check_ranges(readings: pl.DataFrame, metrics: Mapping[str, Metric], places: _Places) -> None:
    for key, metric in metrics.items():
        least, most = metric.range.min, metric.range.max
        outside = pl.lit(False)
        if least is not None:
            outside |= pl.col("value") < least
        if most is not None:
            outside |= pl.col("value") > most
        bounds = f"{'no least' if least is None else f'{least:g}'} to {'no most' if most is None else f'{most:g}'}"
        places.note(
            "VALUE_OUT_OF_RANGE",
            readings.filter((pl.col("metric_key") == key) & outside),
            ["metric_key"],
            "cell",
            lambda group, key=key, bounds=bounds: f"{group['value'][0]:g} is outside the range of {key!r}, {bounds}.",  # type: ignore[misc]
        )


def _settle_duplicates(
    readings: pl.DataFrame, table: TableDefinition, resolved: Resolved, places: _Places
) -> pl.DataFrame:
    """Leave one reading for each key: the one the table says wins, else none and a problem."""
    repeated = readings.filter(pl.struct(FIGURE_KEY).is_duplicated())
    if not len(repeated):
        return readings
    rule = table.duplicates
    if rule is None:
        note_duplicates(repeated, places.file, places.problems)
        return readings.unique(FIGURE_KEY, keep="none", maintain_order=True)
    winners = readings.unique(FIGURE_KEY, keep=rule.keep, maintain_order=True)
    losers = readings.join(winners.select("order"), on="order", how="anti", maintain_order="left")
    resolved.used.add(("duplicate", "0"))
    resolved.settled.append(SettledRows("duplicate", rule.reason, losers["area_cell"].n_unique(), losers["cell"][0]))
    return winners


def note_duplicates(repeated: pl.DataFrame, file: str, problems: Problems) -> None:
    """Note readings or observations that share a key, one problem for each metric and breakdown."""
    for group in repeated.partition_by(["metric_key", "breakdown"], maintain_order=True):
        keys = group.partition_by(["area_code", "period"], maintain_order=True)
        first = keys[0].select("metric_key", "breakdown", "area_code", "period", "sheet", "cell").row(0, named=True)
        places = " and ".join(f"{sheet}!{cell}" for sheet, cell in keys[0].select("sheet", "cell").iter_rows())
        name = ", ".join(first[part] for part in FIGURE_KEY)
        more = f" Likewise {len(keys) - 1} more key{'s' if len(keys) > 2 else ''}." if len(keys) > 1 else ""
        where = Place(file, sheet=first["sheet"], cell=first["cell"])
        problems.add("KEY_DUPLICATED", f"{name} has {len(keys[0])} values, at {places}.{more}", where)


def _mark_joint(
    joint: pl.DataFrame, own: pl.DataFrame, table: TableDefinition, register: Register, places: _Places
) -> pl.DataFrame:
    """Mark every area that a joint row names as reporting jointly, where it existed and has no row of its own."""
    named = [(number, code) for number, rule in enumerate(table.joint) for code in dict.fromkeys(rule.areas)]
    for number, code in named:
        if code not in register.areas:
            cells = joint.filter(pl.col("joint") == number)
            where = Place(places.file, sheet=cells["sheet"][0], cell=cells["area_cell"][0]) if len(cells) else None
            places.problems.add("AREA_UNKNOWN", f"A joint rule of {table.table!r} names {code!r}.", where)
    rules = pl.DataFrame(named, schema={"joint": pl.Int32, "area_code": pl.String}, orient="row")
    marked = (
        joint.filter(pl.col("period").is_not_null())
        .drop("area_code", "lower", "upper")
        .join(rules, on="joint", maintain_order="left")
        .join(own, on=FIGURE_KEY, how="anti", maintain_order="left")
        .unique(FIGURE_KEY, keep="first", maintain_order=True)
    )
    alive = [register.is_alive(*row) for row in marked.select("area_code", "period_end").iter_rows()]
    return marked.filter(pl.Series(alive, dtype=pl.Boolean)).with_columns(
        value=pl.lit(None, dtype=pl.Float64),
        lower=pl.lit(None, dtype=pl.Float64),
        upper=pl.lit(None, dtype=pl.Float64),
        marker=pl.lit(str(Marker.REPORTED_JOINTLY)),
    )
