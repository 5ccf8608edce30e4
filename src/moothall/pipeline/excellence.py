"""Who is worth learning from: worked out over all metrics at once, or taken over where nothing that counts changed."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import polars as pl

from moothall.analysis.exemplar_checks import check_exemplars
from moothall.analysis.exemplars import find_exemplars, find_topic_exemplars
from moothall.analysis.panels import is_scored, make_panels
from moothall.core.areas import Register
from moothall.core.frames import EXEMPLAR_CHECKS, EXEMPLARS, TOPIC_EXEMPLARS, Schema, conform
from moothall.core.loading import Catalogue
from moothall.release.contents import Kept
from moothall.release.directory import PARQUET


class Excellence(NamedTuple):
    """Frames by the schemas of `core.frames` of the same names."""

    exemplars: pl.DataFrame
    topic_exemplars: pl.DataFrame
    exemplar_checks: pl.DataFrame


def work_out_excellence(
    figures: pl.DataFrame,
    summaries: pl.DataFrame,
    certainties: pl.DataFrame,
    neighbours: pl.DataFrame,
    catalogue: Catalogue,
    register: Register,
) -> Excellence:
    """Exemplars and what shows how far to trust them; `neighbours` are the lists of the default model, or empty."""
    classes = {code: str(area.area_class) for code, area in register.areas.items()}
    notes = {key: catalogue.period_notes(key) for key in catalogue.metrics}
    panels = make_panels(figures, summaries, catalogue.metrics, classes, notes)
    lists = {
        code: tuple(others)
        for code, others in neighbours.sort("area_code", "place")
        .group_by("area_code", maintain_order=True)
        .agg("neighbour_code")
        .iter_rows()
    }
    exemplars = find_exemplars(panels, figures, catalogue.metrics, certainties, lists)
    return Excellence(
        exemplars,
        find_topic_exemplars(exemplars, panels, figures, catalogue.metrics),
        check_exemplars(panels, lists),
    )


def take_excellence(kept: Kept | None, anew: Collection[str], catalogue: Catalogue) -> Excellence | None:
    """What an earlier release has of it; none without one, or where a metric that it rests on, or would, has changed.

    All metrics are held against one another, so that one that changed can change what is said of any.
    """
    if kept is None:
        return None
    schemas: dict[str, Schema] = {
        "exemplars": EXEMPLARS,
        "topic_exemplars": TOPIC_EXEMPLARS,
        "exemplar_checks": EXEMPLAR_CHECKS,
    }
    there = Excellence(
        **{
            name: conform(pl.read_parquet(kept.release / PARQUET / f"{name}.parquet"), schema)
            for name, schema in schemas.items()
        }
    )
    has_all = set(there.exemplar_checks.get_column("metric_key")) <= kept.digests.keys()
    return there if has_all and not any(is_scored(catalogue.metrics[key]) for key in anew) else None
