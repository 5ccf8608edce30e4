"""Published sets of neighbours in a build: put among our own lists, as they were known on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from moothall.analysis.published_lists import PublishedLists, tabulate_lists
from moothall.core.areas import Register
from moothall.core.loading import Catalogue
from moothall.pipeline.carried import load_set
from moothall.pipeline.project import Project


def add_published(
    ours: Mapping[str, pl.DataFrame], project: Project, catalogue: Catalogue, register: Register, as_of: date | None
) -> dict[str, pl.DataFrame]:
    """The frames of `core.frames.NEIGHBOUR_FRAMES` with the published sets beside our models.

    Rows of models that are not ours, which an earlier release may have had, are put down anew. Raises `ProblemsFound`
    where the edition lacks lists of a set.
    """
    sets = [
        PublishedLists(
            published=published,
            listed=load_set(project, published),
            days={name: line.known_on for name, line in catalogue.held_sets(key, as_of).items()},
        )
        for key, published in catalogue.neighbour_sets.items()
    ]
    frames = {
        name: frame.filter(pl.col("model_key").is_in(list(catalogue.neighbour_models)))
        if "model_key" in frame.columns
        else frame
        for name, frame in ours.items()
    }
    for name, frame in tabulate_lists(sets, register).items():
        frames[name] = pl.concat([frames[name], frame])
    return frames
