"""What a release's Parquet files hold, read and worked out in plain Python: nothing here is from the program."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import polars as pl

Row = dict[str, Any]

PRINCIPAL = {
    "district", "county", "unitary", "london_borough", "metropolitan", "city_of_london", "isles_of_scilly",
}  # fmt: skip
# Values beside these markers are shown and take no part in comparisons.
APART = {"other_basis", "derived_sum", "approx_weighted"}
MONTHS = ("January", "February", "March", "April", "May", "June", "July",
          "August", "September", "October", "November", "December")  # fmt: skip


def shown(value: float, places: int) -> Decimal:
    """The value as it is shown: rounded half away from zero."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def middle(values: Sequence[float]) -> float:
    """The median."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


@cache
def read_span(key: str) -> tuple[date, date]:
    """The first and the last day of a period."""

    def last(year: int, month: int) -> date:
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)

    if found := re.fullmatch(r"(\d{4})-(\d\d)(-academic|-wave)?", key):
        year = int(found[1])
        if found[3] == "-academic":
            return date(year, 8, 1), date(year + 1, 7, 31)
        return date(year, 4, 1), date(year + 1, 3, 31)
    if found := re.fullmatch(r"to-(\d{4})-(\d\d)", key):
        end = last(int(found[1]), int(found[2]))
        return last(end.year - 1, end.month) + timedelta(days=1), end
    if found := re.fullmatch(r"(\d{4})-q(\d)", key):
        year, month = int(found[1]), 3 * int(found[2])
        return date(year, month - 2, 1), last(year, month)
    if found := re.fullmatch(r"(\d{4})-m(\d\d)", key):
        return date(int(found[1]), int(found[2]), 1), last(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(\d{4})-to-(\d{4})", key):
        return date(int(found[1]), 1, 1), date(int(found[2]), 12, 31)
    if re.fullmatch(r"\d{4}", key):
        return date(int(key), 1, 1), date(int(key), 12, 31)
    return date.fromisoformat(key), date.fromisoformat(key)


@cache
def name_period(key: str) -> str:
    """A period inside a sentence."""
    start, end = read_span(key)
    if key.endswith("-academic"):
        return f"the academic year {start.year}/{end.year % 100:02d}"
    if key.endswith("-wave"):
        return f"the survey of {start.year}-{end.year % 100:02d}"
    if key.startswith("to-"):
        return f"the year to {MONTHS[end.month - 1]} {end.year}"
    if "-q" in key:
        return f"{MONTHS[start.month - 1]} to {MONTHS[end.month - 1]} {end.year}"
    if "-m" in key:
        return f"{MONTHS[end.month - 1]} {end.year}"
    if "-to-" in key:
        return f"{start.year} to {end.year}"
    return key if start != end else f"{end.day} {MONTHS[end.month - 1]} {end.year}"


@dataclass(frozen=True)
class Group:
    """One group of comparators of one council: their values, and how many could have one."""

    values: Mapping[str, float]
    eligible: int
    is_enough: bool

    @cached_property
    def median(self) -> float | None:
        return middle(list(self.values.values())) if self.is_enough else None

    @cached_property
    def spread(self) -> float:
        assert self.median is not None
        return middle([abs(value - self.median) for value in self.values.values()])


@dataclass
class Told:
    """One metric in its latest period, with what its sentences are held against."""

    metric: Row
    period: str
    breakdown: str
    rows: Mapping[str, Row]  # by area
    history: Mapping[str, Mapping[str, Row]]  # by area and period
    responsible: frozenset[str]
    notes: Sequence[Row]
    certainties: Mapping[str, Row]
    trends: Mapping[str, Row]
    ground: Ground
    _groups: dict[tuple[str, str], Group | None] = field(default_factory=dict)

    @property
    def sign(self) -> int:
        """+1 where higher is better of the council, -1 where lower is, 0 where neither."""
        if self.metric["lever"] == "contextual":
            return 0
        return {"higher": 1, "lower": -1, "none": 0}[self.metric["polarity"]]

    @cached_property
    def compared(self) -> dict[str, float]:
        """The values of responsible councils that are compared."""
        return {
            code: row["value"]
            for code, row in self.rows.items()
            if row["value"] is not None and row["marker"] not in APART and code in self.eligible
        }

    @cached_property
    def eligible(self) -> set[str]:
        """The councils that could have a value."""
        end = read_span(self.period)[1]
        return {
            code
            for code in self.responsible
            if self.ground.areas[code]["area_class"] in PRINCIPAL and self.ground.is_alive(code, end)
        }

    def group(self, kind: str, area: str) -> Group | None:
        """A council's comparators: england, type, region or neighbours; none where it has no list."""
        areas = self.ground.areas
        own = {"england": "", "type": areas[area]["area_class"], "region": areas[area]["region_code"]}.get(kind, area)
        if (kind, own) not in self._groups:
            self._groups[kind, own] = self._gather(kind, own)
        return self._groups[kind, own]

    def _gather(self, kind: str, own: str) -> Group | None:
        areas = self.ground.areas
        if kind == "neighbours":
            listed = self.ground.neighbours.get(own)
            if not listed:
                return None
            values = {code: self.compared[code] for code in listed if code in self.compared}
            is_enough = len(values) >= 3 and 2 * len(values) >= len(listed)
            return Group(values, sum(code in self.eligible for code in listed), is_enough)
        column = {"type": "area_class", "region": "region_code"}.get(kind)
        eligible = {code for code in self.eligible if column is None or areas[code][column] == own}
        values = {code: value for code, value in self.compared.items() if code in eligible}
        is_enough = len(values) >= 3 and len(values) >= 0.6 * len(eligible)
        return Group(values, len(eligible), is_enough)


class Ground:
    """A release's Parquet files."""

    def __init__(self, release: Path) -> None:
        self.folder = release / "parquet"
        self.built = date.fromisoformat(json.loads((release / "manifest.json").read_text())["built"])
        self.areas = {row["area_code"]: row for row in self._read("areas").iter_rows(named=True)}
        self.metrics = {row["metric_key"]: row for row in self._read("metrics").iter_rows(named=True)}
        self.sources = {row["source_key"]: row for row in self._read("sources").iter_rows(named=True)}
        self.inputs = _gather_by(self._read("metric_inputs"), "metric_key")
        self.parts = _gather_by(self._read("area_parts"), "area_code")
        self._notes = _gather_by(self._read("metric_period_notes"), "metric_key")
        self._functions = _gather_by(self._read("metric_functions"), "metric_key")
        self._responsible = _gather_by(self._read("responsibilities"), "function_key")
        newest = self._read("neighbour_models").filter(pl.col("is_current") & (pl.col("model_key") == "open_general"))
        lists = (
            self._read("neighbours").join(newest, on=["model_key", "version"], how="semi").sort("area_code", "place")
        )
        self.neighbours: dict[str, list[str]] = defaultdict(list)
        for row in lists.iter_rows(named=True):
            self.neighbours[row["area_code"]].append(row["neighbour_code"])

    def _read(self, table: str) -> pl.DataFrame:
        return pl.read_parquet(self.folder / f"{table}.parquet")

    def notes(self, metric: str) -> list[Row]:
        """What is to be known about the periods of a metric."""
        return self._notes.get(metric, [])

    def is_alive(self, code: str, day: date) -> bool:
        opened, closed = self.areas[code]["opened"], self.areas[code]["closed"]
        return (opened is None or opened <= day) and (closed is None or day < closed)

    def tell(self, keys: Sequence[str]) -> Iterator[Told]:
        """Each of the metrics in its latest period."""
        named = pl.col("metric_key").is_in(keys)
        figures = pl.scan_parquet(self.folder / "figures.parquet").filter(named).collect()
        by_metric = figures.partition_by("metric_key", as_dict=True)
        sure, trends = (
            _gather_by(self._read(table).filter(named), "metric_key") for table in ("certainties", "trends")
        )
        for key in keys:
            metric = self.metrics[key]
            period, breakdown = metric["latest_period"], json.loads(metric["breakdowns"])[0]
            rows = by_metric[(key,)].filter(pl.col("breakdown") == breakdown)
            history: dict[str, dict[str, Row]] = defaultdict(dict)
            for row in rows.iter_rows(named=True):
                history[row["area_code"]][row["period"]] = row
            end = read_span(period)[1]

            def latest(found: Mapping[str, list[Row]], key: str = key, of: str = breakdown) -> dict[str, Row]:
                return {row["area_code"]: row for row in found.get(key, []) if row["breakdown"] == of}

            yield Told(
                metric=metric,
                period=period,
                breakdown=breakdown,
                rows={area: periods[period] for area, periods in history.items() if period in periods},
                history=history,
                responsible=self.find_responsible(key, end),
                notes=self._notes.get(key, []),
                certainties=latest(sure),
                trends=latest(trends),
                ground=self,
            )

    def list_tiers(self, metric: Row) -> set[str]:
        """The tiers of councils that a metric's values are added up over; of a derived one, those of all its inputs."""
        rule = json.loads(metric["adds_up"]) if metric["adds_up"] else {}
        inputs = [each["input_key"] for each in self.inputs[metric["metric_key"]]]
        if not inputs and rule.get("sum"):
            return {rule["sum"]}
        needs = inputs or [rule[each] for each in ("numerator", "denominator", "weight") if rule.get(each)]
        return {tier for key in needs for tier in self.list_tiers(self.metrics[key])}

    def find_responsible(self, metric: str, day: date) -> frozenset[str]:
        """Who had any of a metric's functions on a day."""
        return frozenset(
            span["area_code"]
            for function in self._functions[metric]
            for span in self._responsible[function["function_key"]]
            if (span["since"] is None or span["since"] <= day) and (span["until"] is None or day < span["until"])
        )


def _gather_by(rows: pl.DataFrame, column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows.iter_rows(named=True):
        found[row[column]].append(row)
    return found
