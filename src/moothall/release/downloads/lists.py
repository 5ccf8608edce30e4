"""Lists that are not figures as tables to take away: what is missing, and a council's neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from moothall.release.downloads.table import About, Column, ColumnKind, Table
from moothall.release.gaps import Gap
from moothall.release.neighbour_records import NeighbourListRecord
from moothall.release.queries import Release

_NUMBER, _WHOLE, _TEXTS = ColumnKind.NUMBER, ColumnKind.WHOLE, ColumnKind.TEXTS
GAP_COLUMNS = (
    Column("kind", "Kind", "file, series, function, age or councils."),
    Column("title", "What is missing", "What is missing."),
    Column("reason", "Reason", "Why it is missing, or what is known."),
    Column("topics", "Topics", "Keys of the topics that it is of.", _TEXTS),
    Column("functions", "Functions", "Keys of the functions that it is of.", _TEXTS),
    Column("tells", "What it would tell", "What a series that is not read would tell."),
    Column("metric", "Metric key", "The metric that is old or that some councils lack."),
    Column("source", "Source key", "The publisher’s series."),
    Column("publisher", "Publisher", "Who published the file."),
    Column("edition", "Edition", "The published file."),
    Column("published", "Published", "The day of the file; empty where it is not known."),
    Column("address", "File address", "Where the publisher has the file."),
    Column("landing_page", "Page address", "The publisher’s page."),
    Column("measures", "Would measure", "Of a function: input, output or outcome."),
    Column("period", "Period key", "The newest period of the metric."),
    Column("eligible", "Responsible", "Councils that are responsible in that period.", _WHOLE),
    Column("with_value", "With a figure", "Those of them that have a figure.", _WHOLE),
)
"""The columns of a downloaded gap, named as `Gap` names them."""
NEIGHBOUR_COLUMNS = (
    Column("area", "Area code", "ONS code of the council that the list is of."),
    Column("area_name", "Area", "Its name."),
    Column("model", "Model", "Key of the model or published set."),
    Column("version", "Version", "Its version."),
    Column("place", "Place", "1 is the nearest; a published list has its publisher’s places.", _WHOLE),
    Column("neighbour", "Neighbour code", "ONS code of the neighbour."),
    Column("neighbour_name", "Neighbour", "Its name."),
    Column("neighbour_class", "Class", "What kind of council it is."),
    Column("distance", "Distance", "Empty in a published list, which has only an order.", _NUMBER),
    Column("rebased", "Distance, rebased", "The distance, over the largest of any two in the pool.", _NUMBER),
    Column("percentile", "Percentile", "Of all pairs of the pool, how many of 100 are as close or closer.", _NUMBER),
    Column("closeness", "Closeness", "That in a word; a published list has its publisher’s."),
    Column("inclusion", "Stays", "Share of 500 re-runs in which it is on the list.", _NUMBER),
    Column("release", "Release", "The release that it is from."),
)
"""The columns of a downloaded list of neighbours, in order."""
_OF_GAPS = (
    "An empty cell means that there is none, or that it is not known. It never means zero.",
    "What is not listed here is held, or is not known to exist.",
)
_OF_NEIGHBOURS = (
    "Neighbours are alike in people and place. The list says nothing about how well any of them does.",
    "An empty cell means that there is none. It never means zero.",
    "Another model may give another list. Name the model and its version when you use one.",
)


def tabulate_gaps(release: Release, gaps: Sequence[Gap], address: str) -> Table:
    """What is missing, a gap a row; `address` is where the API has it."""
    named = {gap.source for gap in gaps}
    about = About(
        title="What is missing, and why",
        asked=(("Gaps listed", f"{len(gaps):,}"),),
        release=release.record.id,
        built=release.built,
        address=address,
        notes=_OF_GAPS,
        sources=tuple(source for source in release.sources() if source.key in named),
    )
    cells = attrgetter(*(column.name for column in GAP_COLUMNS))
    first = ("kind", "title", "reason", "publisher")
    return Table("gaps", GAP_COLUMNS, ("kind", "title"), map(cells, gaps), len(gaps), about, first)


def tabulate_neighbours(release: Release, found: NeighbourListRecord, address: str) -> Table:
    """A council's neighbours, one a row, the nearest first; `address` is where the API has them."""
    name, id_ = release.area(found.area).name, release.record.id
    listed = [(each, release.area(each.area)) for each in found.neighbours]
    rows = [
        (
            *(found.area, name, found.model, found.version, each.place, each.area, area.name, area.area_class),
            *(each.distance, each.rebased, each.percentile, each.closeness, each.inclusion, id_),
        )
        for each, area in listed
    ]
    model = next((model for model in release.neighbour_models() if model.key == found.model), None)
    credited = (
        (("Publisher", model.publisher), ("Licence", model.licence_label), ("Attribution", model.attribution))
        if model
        else ()
    )
    about = About(
        title=f"The councils most like {name}, by {model.title if model else 'weights of one’s own'}, {found.version}",
        asked=(
            ("Area", name),
            ("Model", f"{model.title if model else found.model}, version {found.version}"),
            *(((f"Looked for among {found.pool_size:,}", found.pool_label),) if found.pool and found.pool_size else ()),
            *((label, said) for label, said in credited if said),
        ),
        release=id_,
        built=release.built,
        address=address,
        notes=_OF_NEIGHBOURS,
    )
    first = ("place", "neighbour_name", "neighbour", "neighbour_class", "distance", "closeness", "inclusion")
    return Table(
        "neighbours", NEIGHBOUR_COLUMNS, ("area", "model", "version", "neighbour"), rows, len(rows), about, first
    )
