"""A pool of councils made up for tests: one metric, one period, as many values as given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from moothall.analysis.position import position
from moothall.core.areas import Area, AreaClass, Register
from moothall.core.definitions import Metric
from moothall.core.frames import NEIGHBOURS
from moothall.core.functions import Functions, FunctionsFile
from moothall.core.values import Polarity

FUNCTIONS = Functions.from_file(
    FunctionsFile.model_validate(
        {
            "functions": [
                {
                    "key": "moot_keeping",
                    "title": "Keeping the moot",
                    "statute": "Barsetshire custom",
                    "statute_checked": True,
                    "classes": {"unitary": "statutory", "district": "statutory", "city_of_london": "statutory"},
                }
            ]
        }
    )
)


def make_metric(polarity: Polarity = Polarity.HIGHER, places: int = 1, key: str = "moots-held", **more: Any) -> Metric:
    """A metric of Barsetshire's."""
    return Metric.model_validate(
        {
            "key": key,
            "title": "Moots held",
            "short": "moots held",
            "description": "How many moots were held.",
            "why": "Moots settle disputes.",
            "not_tell": "Whether anyone came.",
            "topic": "moots",
            "unit": "count",
            "places": places,
            "polarity": str(polarity),
            "kind": "output",
            "functions": ["moot_keeping"],
            "lever": "direct",
            "comparable_within": "england",
            "interval": "none",
            "owner": "Moot analyst",
            "checker": "Second analyst",
            "next_review": "2027-04-01",
            **more,
        }
    )


def make_area(number: int, area_class: AreaClass = AreaClass.UNITARY, **more: Any) -> Area:
    """A council of Barsetshire's."""
    given: dict[str, Any] = {
        "code": f"E069{number:05d}",
        "name": f"Moot {number}",
        "official_name": f"Moot {number} Council",
        "area_class": area_class,
        "region_code": "E12000009",
        "opened": None,
        "closed": None,
        "slug": f"moot-{number}",
    }
    return Area(**(given | more))


def make_register(areas: Sequence[Area]) -> Register:
    """A register of these areas and nothing else."""
    return Register(areas, [], [], [])


def make_current(rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Current observations; fields left out take plain values."""
    plain = {
        "metric_key": "moots-held",
        "breakdown": "all",
        "period": "2023-24",
        "value": None,
        "marker": None,
        "lower": None,
        "upper": None,
        "edition_key": "moots/2024",
        "known_on": date(2024, 6, 1),
    }
    schema = {"value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "marker": pl.String}
    return pl.DataFrame([plain | row for row in rows], schema_overrides=schema, infer_schema_length=None)


@dataclass(frozen=True)
class Pool:
    """Figures in the order of the values given, and the summaries."""

    figures: pl.DataFrame
    summaries: pl.DataFrame

    def summary(self, scope: str) -> dict[str, Any]:
        """The one summary of a scope."""
        return self.summaries.filter(pl.col("scope") == scope).row(0, named=True)


def make_pool(values: Sequence[float | None], polarity: Polarity = Polarity.HIGHER, places: int = 1) -> Pool:
    """Position worked out for one slice."""
    areas = [make_area(number) for number in range(1, len(values) + 1)]
    rows = [
        {"area_code": area.code, "value": value, "marker": None if value is not None else "not_submitted"}
        for area, value in zip(areas, values, strict=True)
    ]
    metric = make_metric(polarity, places)
    figures, summaries = position(make_current(rows), {metric.key: metric}, make_register(areas), FUNCTIONS)
    return Pool(figures, summaries)


def make_lists(lists: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Lists of neighbours, the nearest first, with no distances."""
    rows = [
        {"model_key": "moot_model", "area_code": area, "place": place, "neighbour_code": each}
        for area, neighbours in lists.items()
        for place, each in enumerate(neighbours, 1)
    ]
    absent = dict.fromkeys(("distance", "percentile", "closeness", "inclusion"))
    return pl.DataFrame([row | absent for row in rows], schema=NEIGHBOURS)
