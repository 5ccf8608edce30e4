"""Ten thousand figures drawn at random, worked out again from the release's files in plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from math import floor, isclose

import polars as pl

from moothall.release.queries import Release
from tests.truth.ground import Ground, Group, Told, middle, read_span, shown

DRAWN, SEED = 10_000, 20261122
SCOPES = {"england": "england", "class": "type", "neighbours": "neighbours"}


def test_ten_thousand_figures_are_what_plain_arithmetic_says(real_release: Release) -> None:
    ground = Ground(real_release.directory)
    said = 0
    for told, row in draw(ground):
        expected = work_out(told, row)
        differing = {name: (row[name], value) for name, value in expected.items() if not is_same(row[name], value)}
        assert not differing, (row["metric_key"], row["breakdown"], row["area_code"], row["period"])
        said += sum(value is not None for value in expected.values())
    assert said > 5 * DRAWN, "most figures have a position"


def draw(ground: Ground) -> Iterator[tuple[Told, dict[str, object]]]:
    """The figures, each with its slice, metric by metric so that one is held in memory at a time."""
    figures = pl.scan_parquet(ground.folder / "figures.parquet")
    chosen = figures.select("metric_key", "breakdown", "period", "area_code").collect().sample(DRAWN, seed=SEED)
    for (key,), wanted in chosen.partition_by("metric_key", as_dict=True, maintain_order=False).items():
        slices: dict[tuple[str, str], dict[str, dict[str, object]]] = defaultdict(dict)
        series: dict[tuple[str, str], dict[str, dict[str, object]]] = defaultdict(dict)
        for row in figures.filter(pl.col("metric_key") == key).collect().iter_rows(named=True):
            slices[row["breakdown"], row["period"]][row["area_code"]] = row
            series[row["breakdown"], row["area_code"]][row["period"]] = row
        told: dict[tuple[str, str], Told] = {}
        for breakdown, period, area in wanted.select("breakdown", "period", "area_code").iter_rows():
            if (breakdown, period) not in told:
                told[breakdown, period] = Told(
                    metric=ground.metrics[key],
                    period=period,
                    breakdown=breakdown,
                    rows=slices[breakdown, period],
                    history={code: rows for (each, code), rows in series.items() if each == breakdown},
                    responsible=ground.find_responsible(key, read_span(period)[1]),
                    notes=ground.notes(key),
                    certainties={},
                    trends={},
                    ground=ground,
                )
            yield told[breakdown, period], slices[breakdown, period][area]


def work_out(told: Told, row: Mapping[str, object]) -> dict[str, object]:
    """What the figure's columns should be."""
    area = str(row["area_code"])
    own = told.compared.get(area)
    is_amount = told.metric["unit"] not in {"judgement", "date"}
    made: dict[str, object] = {}
    for scope, kind in SCOPES.items():
        group = told.group(kind, area) if scope == "neighbours" or area in told.eligible else None
        made |= {f"{name}_{scope}": each for name, each in place(told, area, own, group, is_amount=is_amount).items()}
        if scope == "neighbours":
            has_side = group is not None
            made["neighbours_with_value"] = len(group.values) if group else None
            made["median_neighbours"] = group.median if has_side and group and is_amount else None
    return made | find_change(told, area)


def place(told: Told, area: str, own: float | None, group: Group | None, *, is_amount: bool) -> dict[str, object]:
    """Its distance, rank and quarter in one group."""
    nothing: dict[str, object] = {"mads": None, "rank": None, "band": None}
    if own is None or group is None or group.median is None or not is_amount:
        return nothing
    places, sign = told.metric["places"], told.sign
    has_spread = group.spread * 10.0**places >= 0.5 - 1e-6
    mads = (own - group.median) / group.spread if has_spread else None
    if not sign:
        return nothing | {"mads": mads}
    better = sum(
        sign * shown(value, places) > sign * shown(own, places) for code, value in group.values.items() if code != area
    )
    ordered = sorted(group.values.values())
    quarter = 1 + sum(own > find_quantile(ordered, share) for share in (0.25, 0.5, 0.75))
    return {"mads": mads, "rank": 1 + better, "band": quarter if sign < 0 else 5 - quarter}


def find_quantile(ordered: list[float], share: float) -> float:
    """The quantile by type 7; the median as the mean of the middle two."""
    if share == 0.5:
        return middle(ordered)
    position = (len(ordered) - 1) * share
    low = floor(position)
    high = min(low + 1, len(ordered) - 1)
    if position - low == 0.5:
        return (ordered[low] + ordered[high]) / 2
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)


def find_change(told: Told, area: str) -> dict[str, object]:
    """The change since the period that ends the day before, where both have a value that counts and nothing broke."""
    periods = told.history[area]
    start, end = read_span(told.period)
    is_alone = start == end or told.period.endswith("-wave")
    before = [
        row
        for key, row in periods.items()
        if read_span(key)[1] == start - timedelta(days=1) and _is_same_kind(key, told.period) and _is_compared(row)
    ]
    is_broken = any(note["period"] == told.period and note["kind"] != "covid" for note in told.notes)
    now = periods[told.period]
    is_amount = told.metric["unit"] not in {"judgement", "date"}
    if is_alone or not before or is_broken or not is_amount or not _is_compared(now):
        return {"change": None, "change_from": None}
    return {"change": now["value"] - before[0]["value"], "change_from": before[0]["period"]}


def _is_same_kind(one: str, other: str) -> bool:
    def shape(key: str) -> str:
        return "".join("9" if each.isdigit() else each for each in key)

    return shape(one) == shape(other)


def _is_compared(row: Mapping[str, object]) -> bool:
    return row["value"] is not None and row["marker"] not in {"other_basis", "derived_sum", "approx_weighted"}


def is_same(stored: object, expected: object) -> bool:
    """Whether both are nothing, or the same to the last digits that adding up in another order can move."""
    if isinstance(stored, float) and isinstance(expected, float):
        return isclose(stored, expected, rel_tol=1e-9, abs_tol=1e-9)
    return stored == expected
