"""The fictional county with some of its councils worth learning from, for tests of how that is read and shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from moothall.core.frames import EXEMPLAR_CHECKS, EXEMPLARS, TOPIC_EXEMPLARS
from moothall.release.write import Contents
from tests.release.barset import ALLINGTON, BARCHESTER, GATHERUM, SILVERBRIDGE, make_contents

CHANGE = {"first": "2019-20", "value_before": 12.0, "value_after": 6.0, "expected": 11.0, "residual": 4.0, "q": 0.05}
ROWS: tuple[dict[str, Any], ...] = (
    {"metric_key": "share-missed", "area_code": ALLINGTON, "kind": "top", "chance_top": 0.85},
    {"metric_key": "share-not-missed", "area_code": GATHERUM, "kind": "top"},
    {"metric_key": "carers-content", "area_code": ALLINGTON, "kind": "top"},
    {"metric_key": "share-missed", "area_code": BARCHESTER, "kind": "improver", "is_provisional": True, **CHANGE},
    {"metric_key": "share-missed", "area_code": GATHERUM, "kind": "recovery", **CHANGE, "q": 0.08},
    {"metric_key": "share-missed", "area_code": SILVERBRIDGE, "kind": "setback", **CHANGE, "residual": -3.0},
)
CHECKS: tuple[dict[str, Any], ...] = (
    {
        "metric_key": "share-missed",
        "first": "2019-20",
        "levels": 9,
        "changes": 9,
        "shuffles": 50,
        "shuffles_flagged": 3,
        "shuffled_flags": 40,
        "past_flags": 10,
        "past_kept": 9,
        "raw_flags": 20,
        "raw_kept": 12,
    },
    {"metric_key": "carers-content", "levels": 4},
)


def make_exemplary(**frames: pl.DataFrame) -> Contents:
    """The contents of the fictional county's release with exemplars; frames given stand in place of these."""
    key = {"breakdown": "all", "period": "2023-24", "pool": "england"}
    plain = dict.fromkeys(EXEMPLARS) | key | {"is_provisional": False}
    nought = {name: 0 for name, dtype in EXEMPLAR_CHECKS.items() if dtype == pl.Int32}
    made = {
        "exemplars": pl.DataFrame([plain | row for row in ROWS], schema=EXEMPLARS),
        "topic_exemplars": pl.DataFrame([("bins", GATHERUM, 3, 3, 4)], schema=TOPIC_EXEMPLARS, orient="row"),
        "exemplar_checks": pl.DataFrame(
            [dict.fromkeys(EXEMPLAR_CHECKS) | key | nought | row for row in CHECKS], schema=EXEMPLAR_CHECKS
        ),
    }
    return replace(make_contents(), **(made | frames))
