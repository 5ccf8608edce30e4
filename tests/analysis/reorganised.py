"""Two counties made up for tests that became unitaries in 2023, and the combined authority that these joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from moothall.analysis.rollup import roll_up
from moothall.core.areas import Area, AreaClass, Membership, Register, Succession
from moothall.core.definitions import Metric
from moothall.core.functions import NO_DUTY, Functions, FunctionsFile
from moothall.core.grounds import list_parts
from tests.analysis.pool import make_area, make_current, make_metric

DAY = date(2023, 4, 1)
BEFORE, AFTER = "2022-23", "2023-24"
_CLASSES = {
    "bins": {"district": "statutory", "unitary": "statutory"},
    "care": {"county": "statutory", "unitary": "statutory"},
    "corporate": {
        "district": "statutory",
        "county": "statutory",
        "unitary": "statutory",
        "combined_authority": "statutory",
    },
    "place": {"district": "statutory", "county": "statutory", "unitary": "statutory"},
}
FUNCTIONS = Functions.from_file(
    FunctionsFile.model_validate(
        {
            "functions": [
                {
                    "key": key,
                    "title": f"The {key}",
                    "statute": NO_DUTY if key == "place" else "Custom",
                    "statute_checked": True,
                    "classes": classes,
                }
                for key, classes in _CLASSES.items()
            ]
        }
    )
)


def area(code: str, area_class: AreaClass, opened: date | None = None, closed: date | None = None) -> Area:
    """An area whose name is its code."""
    return make_area(1, area_class, code=code, name=code, slug=code.lower(), opened=opened, closed=closed)


DISTRICTS = ("D1", "D2", "D3")
"""A county of three districts became unitaries: U1 has the ground of D1 and D2, U2 that of D3; C itself was divided.

Another county, K of E1 and E2, became V as a whole. M joins U1, U2 and V since 2024.
"""
REGISTER = Register(
    [
        *(area(code, AreaClass.DISTRICT, closed=DAY) for code in (*DISTRICTS, "E1", "E2")),
        *(area(code, AreaClass.COUNTY, closed=DAY) for code in ("C", "K")),
        *(area(code, AreaClass.UNITARY, opened=DAY) for code in ("U1", "U2", "V")),
        area("M", AreaClass.COMBINED_AUTHORITY, opened=date(2024, 1, 1)),
    ],
    [
        *(Membership(code, "C", "county", None, DAY) for code in DISTRICTS),
        *(Membership(code, "K", "county", None, DAY) for code in ("E1", "E2")),
        *(Membership(code, "M", "combined_authority", date(2024, 1, 1), None) for code in ("U1", "U2", "V")),
    ],
    [
        *(Succession(code, "U1", DAY, "merge", "") for code in ("D1", "D2")),
        Succession("D3", "U2", DAY, "merge", ""),
        *(Succession("C", code, DAY, "split", "") for code in ("U1", "U2")),
        *(Succession(code, "V", DAY, "merge", "") for code in ("E1", "E2", "K")),
    ],
    [],
)
PARTS = list_parts(REGISTER)
BINS = make_metric(key="bins", functions=["bins"], adds_up={"sum": "lower"})
CARE = make_metric(key="care", functions=["care"], adds_up={"sum": "upper"})
RESERVES = make_metric(key="reserves", functions=["corporate"], adds_up={"sum": "every"})
PEOPLE = make_metric(key="people", functions=["place"], adds_up={"sum": "lower"})
SPENDING = make_metric(key="spending", functions=["corporate"], adds_up={"sum": "same"})


def roll(
    rows: Sequence[dict[str, Any]], *metrics: Metric
) -> dict[tuple[str, str, str], tuple[float | None, str | None]]:
    """What is added up, by metric, area and period."""
    found = roll_up(make_current(rows), {m.key: m for m in metrics}, PARTS, REGISTER, FUNCTIONS)
    return {
        (m, a, p): (v, k)
        for m, a, p, v, k in found.select("metric_key", "area_code", "period", "value", "marker").rows()
    }


def give(metric: str, values: Mapping[str, float | None], period: str = BEFORE, **more: Any) -> list[dict[str, Any]]:
    """Current values of a metric; none is one that was withheld."""
    return [
        {"metric_key": metric, "area_code": code, "value": value, "period": period,
         "marker": None if value is not None else "suppressed", **more}
        for code, value in values.items()
    ]  # fmt: skip
