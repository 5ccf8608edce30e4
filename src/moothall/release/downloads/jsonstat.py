"""JSON-stat 2.0: figures as one sparse cube of metric, breakdown, area, period and what is measured."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from moothall.core.periods import parse_key
from moothall.release.downloads.table import Row, Table, as_plain

MEASURES = {"value": "Value", "lower": "Lower end of the interval", "upper": "Upper end of the interval"}
"""The columns of a figure that are cells of the cube."""
_DIMENSIONS = ("metric", "breakdown", "area", "period", "measure")
_LABELS = {"metric": "Metric", "breakdown": "Breakdown", "area": "Area", "period": "Period", "measure": "Measure"}
_GUIDANCE = ("comparable_within", "lever", "shared_with")


def gather_cube(table: Table) -> dict[str, Any]:
    """A table of figures as a JSON-stat dataset.

    A cell that has no value is not among the values, and never zero; its status is the figure's marker. A cell that has
    neither is of no figure.
    """
    at = {column.name: place for place, column in enumerate(table.columns)}
    keys: dict[str, dict[str, Any]] = {name: {} for name in _DIMENSIONS[:-1]}
    labels = {"metric": at["metric_title"], "area": at["area_name"], "period": at["period_label"]}
    guidance: dict[str, dict[str, Any]] = {}
    classes: dict[str, str] = {}
    held: list[tuple[Row, str | None]] = []
    places = [at[name] for name in (*_DIMENSIONS[:-1], *MEASURES)]
    for row in table.rows:
        for name, known in keys.items():
            key = row[at[name]]
            if key not in known:
                known[key] = row[labels[name]] if name in labels else key
        if row[at["metric"]] not in guidance:
            said = {name: as_plain(row[at[name]]) for name in _GUIDANCE}
            unit = {"label": str(row[at["unit"]]), "decimals": max(row[at["places"]], 0)}
            guidance[row[at["metric"]]] = said | {"unit": unit}
        classes.setdefault(row[at["area"]], str(row[at["class"]]))
        held.append((tuple(row[place] for place in places), row[at["marker"]]))
    ordered = {name: list(known) for name, known in keys.items()}
    ordered["period"].sort(key=lambda key: (parse_key(key).end, parse_key(key).start, key))
    ordered["measure"] = list(MEASURES)
    values, status = _fill(held, ordered)
    dimension: dict[str, dict[str, Any]] = {
        name: {
            "label": _LABELS[name],
            "category": {"index": each, "label": {key: keys.get(name, MEASURES)[key] for key in each}},
        }
        for name, each in ordered.items()
    }
    dimension["metric"]["category"]["unit"] = {key: said.pop("unit") for key, said in guidance.items()}
    about = table.about
    return {
        "version": "2.0",
        "class": "dataset",
        "label": about.title,
        "source": "; ".join(f"{each.publisher}: {each.title}" for each in about.sources),
        "updated": about.built.isoformat(),
        "note": list(about.notes),
        "id": list(_DIMENSIONS),
        "size": [len(ordered[name]) for name in _DIMENSIONS],
        "role": {"time": ["period"], "geo": ["area"], "metric": ["metric", "measure"]},
        "dimension": dimension,
        "value": values,
        "status": status,
        "extension": {"release": about.release, **about.as_json(), "metrics": guidance, "classes": classes},
    }


def _fill(
    held: Sequence[tuple[Row, str | None]], ordered: dict[str, list[Any]]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values and markers by the number of their cell, the last dimension turning quickest."""
    sizes = [len(ordered[name]) for name in _DIMENSIONS]
    steps = [prod(sizes[place + 1 :]) for place in range(len(sizes))]
    numbers = [
        {key: step * number for number, key in enumerate(ordered[name])}
        for name, step in zip(_DIMENSIONS[:-1], steps, strict=False)
    ]
    values: dict[str, Any] = {}
    status: dict[str, str] = {}
    for row, marker in held:
        cell = sum(known[key] for known, key in zip(numbers, row, strict=False))
        for offset, value in enumerate(row[len(numbers) :]):
            if value is not None:
                values[str(cell + offset)] = as_plain(value)
        if marker is not None:
            status[str(cell)] = str(marker)
    return values, status
