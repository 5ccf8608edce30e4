"""Gathering: everything a release holds, worked out from the edition or taken over where nothing has changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

import polars as pl

from moothall.analysis.certainty import find_certainties
from moothall.analysis.counted import add_intervals, find_counts
from moothall.analysis.current import as_known_on, choose_current
from moothall.analysis.derive import derive
from moothall.analysis.movements import find_movements
from moothall.analysis.position import position
from moothall.analysis.projection import find_projections
from moothall.analysis.rollup import roll_up
from moothall.analysis.shapes import draw_shapes
from moothall.analysis.trend import find_trends
from moothall.core.areas import Register
from moothall.core.frames import EDITIONS, OBSERVATION_KEY, OBSERVATIONS, SETTLED, SHAPES
from moothall.core.grounds import list_parts
from moothall.core.loading import Catalogue
from moothall.core.neighbour_models import NeighbourModel, list_models
from moothall.core.problems import Problems, ProblemsFound
from moothall.pipeline.carried import (
    check_announced,
    check_functions,
    load_boundaries,
    load_observations,
    load_register,
)
from moothall.pipeline.excellence import take_excellence, work_out_excellence
from moothall.pipeline.neighbour_sets import add_published
from moothall.pipeline.neighbours import (
    choose_default,
    find_validation_origin,
    list_metrics,
    take_over,
    work_out_neighbours,
    work_out_validation,
)
from moothall.pipeline.origins import (
    close_over,
    find_kept,
    find_lists_origin,
    find_origins,
    find_whole,
    place_among,
    read_kept,
    touch_sources,
)
from moothall.pipeline.postcodes import take_postcodes
from moothall.pipeline.project import Project
from moothall.pipeline.quality import inspect_sources
from moothall.release.contents import Contents
from moothall.release.directory import read_manifest


class Carried(NamedTuple):
    """What the edition carries of publishers' files: frames by the schemas of `core.frames`."""

    observations: pl.DataFrame
    editions: pl.DataFrame
    settled: pl.DataFrame


def gather(project: Project, catalogue: Catalogue, as_of: date | None = None) -> Contents:
    """Work out everything a release holds. Raises `ProblemsFound` when something of the edition cannot be read.

    What the newest release has and nothing has touched since is taken from there.
    """
    register, shapes, carried = read_edition(project, catalogue)
    observations, editions, settled = carried.observations, carried.editions, carried.settled
    del carried
    if as_of is not None:
        observations = as_known_on(observations, as_of)
        editions = as_known_on(editions, as_of)
        settled = settled.join(editions, on="edition_key", how="semi")
    models = list_models(catalogue.neighbour_models, as_of)
    of_values = find_origins(project, catalogue, as_of)
    lists_origin = find_lists_origin(models, of_values)
    newest = find_whole(project.releases)
    if newest is not None and read_manifest(newest)["neighbours"]["lists"] == lists_origin:
        neighbours = take_over(newest)
    else:
        neighbours = find_neighbours(observations, catalogue, models, register)
    neighbours = add_published(neighbours, project, catalogue, register, as_of)
    ours = choose_default(neighbours, models)
    origins = place_among(of_values, ours)
    kept = find_kept(newest, origins)
    anew = {key for key in catalogue.metrics if kept is None or key not in kept.digests}
    touched = touch_sources(anew, catalogue)
    needed = close_over(anew, catalogue) | set(touched.metrics)
    read_values = choose_current(observations.filter(pl.col("metric_key").is_in(needed)))
    findings, _ = inspect_sources(touched, observations, read_values, register)
    worked = work_out(read_values, catalogue, needed, register)
    counts = find_counts(worked, catalogue.metrics)
    current = add_intervals(worked.filter(pl.col("metric_key").is_in(anew)), counts, catalogue.metrics)
    del read_values, worked
    made = work_out_statistics(current, counts, catalogue, register, ours) | {"findings": findings}
    if kept is not None:
        there = read_kept(kept)
        there["findings"] = there["findings"].filter(~pl.col("metric_key").is_in(list(touched.metrics)))
        made = {name: pl.concat([rows, there[name]]) for name, rows in made.items()}
    figures, summaries = made["figures"], made["summaries"]
    excellence = take_excellence(kept, anew, catalogue) or work_out_excellence(
        figures, summaries, made["certainties"], ours, catalogue, register
    )
    postcodes, postcodes_origin = take_postcodes(catalogue, newest)
    judged_from = find_validation_origin(lists_origin, neighbours, catalogue, origins)
    if newest is None or read_manifest(newest)["neighbours"]["validation"] != judged_from:
        judged = work_out_validation(figures, summaries, neighbours, models, catalogue.measures, register)
        neighbours = {**neighbours, "neighbour_validation": judged}
    return Contents(
        catalogue=catalogue,
        register=register,
        editions=editions,
        settled=settled,
        observations=observations,
        shapes=shapes,
        neighbours=neighbours,
        neighbour_origins={"lists": lists_origin, "validation": judged_from},
        **made,
        **excellence._asdict(),
        movements=find_movements(
            figures,
            summaries,
            catalogue.metrics,
            register,
            catalogue.functions,
            list_periods(catalogue, is_break=True),
            list_periods(catalogue, is_break=False),
        ),
        postcodes=postcodes,
        postcodes_origin=postcodes_origin,
        as_of=as_of,
        origins=origins,
        kept=kept,
    )


def work_out_statistics(
    current: pl.DataFrame, counts: pl.DataFrame, catalogue: Catalogue, register: Register, ours: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """What is worked out of each metric on its own, but for findings, by the names of `origins.KEPT`.

    `ours` are the lists of neighbours by which figures are compared.
    """
    metrics, functions = catalogue.metrics, catalogue.functions
    breaks, affected = list_periods(catalogue, is_break=True), list_periods(catalogue, is_break=False)
    figures, summaries = position(current, metrics, register, functions, breaks, ours)
    projections, checks = find_projections(figures, summaries, metrics, register, breaks, affected)
    return {
        "figures": figures,
        "summaries": summaries,
        "certainties": find_certainties(
            figures, summaries, counts, metrics, register, functions, ours, breaks, affected
        ),
        "trends": find_trends(figures, summaries, metrics, register, breaks, affected, ours),
        "projections": projections,
        "projection_checks": checks,
    }


def find_neighbours(
    observations: pl.DataFrame, catalogue: Catalogue, models: Sequence[NeighbourModel], register: Register
) -> dict[str, pl.DataFrame]:
    """The lists of our models, from what they liken councils by."""
    wanted = close_over(list_metrics(models), catalogue)
    likened_by = choose_current(observations.filter(pl.col("metric_key").is_in(wanted)))
    return work_out_neighbours(work_out(likened_by, catalogue, wanted, register), models, register)


def read_edition(project: Project, catalogue: Catalogue) -> tuple[Register, pl.DataFrame, Carried]:
    """The register, the shapes of maps, and all that is carried of publishers' files. Raises `ProblemsFound`."""
    register = load_register(project)
    problems = Problems(check_functions(catalogue.functions, register))
    problems.extend(check_announced(catalogue.announced, register))
    read = []
    for source in catalogue.sources_read.values():
        try:
            read.append(load_observations(project, source))
        except ProblemsFound as found:
            problems.extend(found.problems)
    shapes = pl.DataFrame(schema=SHAPES)
    if catalogue.boundaries:
        try:
            shapes = draw_shapes(load_boundaries(project), register)
        except ProblemsFound as found:
            problems.extend(found.problems)
    problems.raise_errors()
    observations = pl.concat([pl.DataFrame(schema=OBSERVATIONS), *(each.observations for each in read)])
    editions = pl.concat([pl.DataFrame(schema=EDITIONS), *(each.editions for each in read)])
    settled = pl.concat([pl.DataFrame(schema=SETTLED), *(each.settled for each in read)])
    # What every row of an edition shares stands once, with the edition.
    shared = ("published", "published_precision", "published_basis")
    return (
        register,
        shapes,
        Carried(observations.drop(shared).sort(OBSERVATION_KEY), editions.sort("edition_key"), settled),
    )


def work_out(
    read_values: pl.DataFrame, catalogue: Catalogue, needed: Collection[str], register: Register
) -> pl.DataFrame:
    """The values read, those worked out from them, and those of areas made of others; of metrics that have figures."""
    shown = {key: each for key, each in catalogue.metrics.items() if key in needed and each.status.has_figures}
    derived = {key: metric for key, metric in catalogue.derived.items() if key in needed}
    current = derive(read_values.filter(pl.col("metric_key").is_in(list(shown))), derived)
    rolled = roll_up(current, shown, list_parts(register), register, catalogue.functions)
    return pl.concat([current, rolled], how="diagonal_relaxed")


def list_periods(catalogue: Catalogue, *, is_break: bool) -> dict[str, frozenset[str]]:
    """By metric the periods before which its series breaks, or those that the pandemic affected."""
    return {
        key: frozenset(period for period, kind, _ in catalogue.period_notes(key) if kind.is_break is is_break)
        for key in catalogue.metrics
    }
