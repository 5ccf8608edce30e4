"""The contents of a small release: a fictional county with a merger, zeros, gaps and metrics made up for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from moothall.analysis.current import choose_current
from moothall.analysis.derive import derive
from moothall.analysis.position import position
from moothall.analysis.rollup import roll_up
from moothall.analysis.shapes import draw_shapes
from moothall.analysis.trend import find_trends
from moothall.core.adding_up import AddsUp
from moothall.core.announced import AnnouncedChange
from moothall.core.areas import Alias, Area, AreaClass, Membership, Register, Succession
from moothall.core.definitions import BoundariesFile, DerivedMetric, SourceDefinition
from moothall.core.editions import EditionDefinition
from moothall.core.frames import EDITIONS, NEIGHBOUR_FRAMES, NEIGHBOURS, OBSERVATIONS, SETTLED, empty_frames
from moothall.core.functions import Functions, FunctionsFile
from moothall.core.grounds import Tier, list_parts
from moothall.core.loading import Catalogue
from moothall.core.navigation import Chain, OutcomesFile, Signpost, Topic
from moothall.core.neighbour_models import DEFAULT_MODEL, NeighbourModel
from moothall.release.queries import Release
from moothall.release.write import Contents, write_release
from tests.barsetshire.ground import make_boundaries, make_hexagons, make_topology
from tests.release.postcodes import DIRECTORY, EVERYDAY, PACKED

BUILT = date(2025, 6, 1)
SOUTH_WEST, SOUTH_EAST = "E12000009", "E12000008"
COUNTY, AUTHORITY = "E10900001", "E47900001"
BARCHESTER, SILVERBRIDGE, FRAMLEY, PLUMSTEAD_OLD = "E07900001", "E07900002", "E07900003", "E07900009"
GREATER_PLUMSTEAD, ALLINGTON, GATHERUM, OMNIUM = "E06900001", "E06900002", "E06900003", "E06900004"
OLD_BARCHESTER_CODE = "E07900099"
LONG_SHEET = "Carers_content_with_the_help_they_get_by_council_and_year_of_the_survey_2023_to_2024_final"


def make_area(code: str, name: str, area_class: AreaClass, region: str = SOUTH_WEST, **more: Any) -> Area:
    values = {
        "code": code,
        "name": name,
        "official_name": f"{name} Council",
        "area_class": area_class,
        "region_code": region,
        "opened": None,
        "closed": None,
        "slug": name.lower().replace(" ", "-"),
    }
    return Area(**(values | more))


MERGER = date(2023, 4, 1)
AREAS = (
    make_area(COUNTY, "Barsetshire", AreaClass.COUNTY),
    make_area(AUTHORITY, "Greater Barset", AreaClass.COMBINED_AUTHORITY),
    make_area(BARCHESTER, "Barchester", AreaClass.DISTRICT),
    make_area(SILVERBRIDGE, "Silverbridge", AreaClass.DISTRICT),
    make_area(FRAMLEY, "Framley", AreaClass.DISTRICT),
    make_area(PLUMSTEAD_OLD, "Plumstead", AreaClass.DISTRICT, closed=MERGER),
    make_area(GREATER_PLUMSTEAD, "Greater Plumstead", AreaClass.UNITARY, opened=MERGER),
    make_area(ALLINGTON, "Allington", AreaClass.UNITARY, SOUTH_EAST),
    make_area(GATHERUM, "Gatherum", AreaClass.UNITARY, SOUTH_EAST),
    make_area(OMNIUM, "Omnium", AreaClass.UNITARY, SOUTH_EAST),
)
REGISTER = Register(
    AREAS,
    [
        Membership(BARCHESTER, COUNTY, "county", None, None),
        Membership(SILVERBRIDGE, COUNTY, "county", None, None),
        Membership(FRAMLEY, COUNTY, "county", None, None),
        Membership(PLUMSTEAD_OLD, COUNTY, "county", None, MERGER),
        Membership(COUNTY, AUTHORITY, "combined_authority", date(2022, 4, 1), None),
    ],
    [
        Succession(PLUMSTEAD_OLD, GREATER_PLUMSTEAD, MERGER, "merge", ""),
        Succession(OLD_BARCHESTER_CODE, BARCHESTER, date(2012, 4, 1), "recode", "A new code."),
    ],
    [Alias("gss", OLD_BARCHESTER_CODE, BARCHESTER), Alias("ecode", "E9901", SILVERBRIDGE)],
)
# Barchester stands under the code it had; Plumstead's ground became Greater Plumstead's; Omnium is an island.
_DISTRICTS = {OLD_BARCHESTER_CODE: [(0, 1), (1, 1)], SILVERBRIDGE: [(2, 1)], FRAMLEY: [(0, 0)]}
_PLUMSTEAD = [(1, 0), (2, 0)]
_UNITARIES = {GREATER_PLUMSTEAD: _PLUMSTEAD, ALLINGTON: [(3, 1)], GATHERUM: [(3, 0)], OMNIUM: [(5, 0)]}
_CELLS = {code: squares[0] for code, squares in (_DISTRICTS | _UNITARIES).items()}
SHAPES = draw_shapes(
    make_boundaries(
        {
            "map": make_topology(
                _DISTRICTS | _UNITARIES | {PLUMSTEAD_OLD: _PLUMSTEAD},
                {COUNTY: [square for squares in _DISTRICTS.values() for square in squares], **_UNITARIES},
            ),
            "hex-2023": make_hexagons(_CELLS),
        }
    ),
    REGISTER,
)
BOUNDARIES = BoundariesFile.model_validate(
    {
        "sources": [
            {
                "key": key,
                "title": f"The ground of Barset: {key}",
                "publisher": "Barsetshire Archive",
                "edition": "2023",
                "licence": licence,
                "attribution": f"Drawn by the archive ({key}).",
                "mirror": f"ground/{key}.json",
                "published": "2023-04-01",
                "basis": "front_sheet",
                "sha256": key.encode().hex().ljust(64, "0"),
            }
            for key, licence in (("map", "ogl-3"), ("hex-2023", "mit"))
        ]
    }
)
FUNCTIONS = Functions.from_file(
    FunctionsFile.model_validate(
        {
            "functions": [
                {
                    "key": "bin_emptying",
                    "title": "Emptying bins",
                    "statute": "Barsetshire custom",
                    "statute_checked": True,
                    "classes": {"district": "statutory", "unitary": "statutory"},
                },
                {
                    "key": "care",
                    "title": "Care",
                    "statute": "Barsetshire custom",
                    "statute_checked": True,
                    "classes": {"county": "statutory", "unitary": "statutory"},
                },
            ]
        }
    )
)


def define_metric(key: str, title: str, unit: str, polarity: str, function: str, topic: str) -> dict[str, Any]:
    return {
        "key": key,
        "title": title,
        "short": title.lower(),
        "description": f"{title}, as Barsetshire counts it.",
        "why": "Somebody asked about it.",
        "not_tell": "Whether anybody minds.",
        "topic": topic,
        "unit": unit,
        "places": 1,
        "polarity": polarity,
        "kind": "outcome",
        "functions": [function],
        "lever": "shared",
        "shared_with": ["the other tier", "residents"],
        "comparable_within": "england",
        "interval": "none",
        "owner": "Barset analyst",
        "checker": "Second analyst",
        "next_review": "2027-04-01",
    }


def define_source(key: str, title: str, editions: list[EditionDefinition], metrics: list[dict[str, Any]]) -> Any:
    return SourceDefinition.model_validate(
        {
            "source": key,
            "title": title,
            "publisher": "Barsetshire Archive",
            "licence": "ogl-3",
            "landing_page": "https://archive.example/barset",
            "cadence": "yearly",
            "quality": "official_statistics",
            "editions": [edition.model_dump() for edition in editions],
            "tables": [
                {
                    "table": "by-council",
                    "sheet": "Table*",
                    "header_row": 3,
                    "group_row": 2,
                    "area": {"column": "Code"},
                    "period": {"kind": "financial_year"},
                    "columns": [{"metric": metric["key"], "column": metric["title"]} for metric in metrics],
                }
            ],
            "metrics": metrics,
        }
    )


def define_edition(edition: str, published: str) -> EditionDefinition:
    return EditionDefinition(edition=edition, title=f"Bins {edition}", published=published, basis="front_sheet")


BIN_EDITIONS = [
    define_edition("2021-22", "2022-11"),
    define_edition("2022-23", "2023-11-15"),
    define_edition("2022-23-revised", "2024-02-01"),
    define_edition("2023-24", "2024-11-14"),
]
OUTCOMES = OutcomesFile.model_validate(
    {
        "lists": [
            {
                "key": "decree",
                "title": "The duke’s decree",
                "address": "https://archive.example/decree",
                "taken": "Every name in it, read by two people.",
                "says_outcome": True,
            },
            {
                "key": "hearsay",
                "title": "What the bailiff told",
                "address": "https://archive.example/hearsay",
                "taken": "Names the bailiff remembered; not checked.",
                "says_outcome": False,
            },
        ],
        "outcomes": [
            {
                "number": 1,
                "title": "Clean streets",
                "description": "Nothing lies about that should have been taken away.",
                "listing": "whole",
                "metrics": [
                    {
                        "name": "Share of bins that were missed",
                        "listed_in": "decree",
                        "role": "outcome",
                        "publisher": "Barsetshire Archive",
                        "matches": [{"metric": "share-missed", "match": "same"}],
                    },
                    {
                        "name": "Weight of the bins that were missed in a month",
                        "listed_in": "decree",
                        "role": "output",
                        "matches": [
                            {"metric": "bins-missed", "match": "near", "differs": "Ours is for a year, not a month."}
                        ],
                    },
                    {
                        "name": "Streets swept before nine o’clock",
                        "listed_in": "decree",
                        "role": "output",
                        "publisher": "The bailiff",
                    },
                    {
                        "name": "How clean the streets smell",
                        "listed_in": "decree",
                        "is_placeholder": True,
                        "note": "The duke is still thinking about it.",
                    },
                ],
                "others": ["share-not-missed"],
            },
            {
                "number": 2,
                "title": "Contented carers",
                "description": "People who care for others are content.",
                "is_contextual": True,
                "listing": "part",
                "metrics": [
                    {
                        "name": "Carers who are content",
                        "listed_in": "hearsay",
                        "matches": [{"metric": "carers-content", "match": "same"}],
                    }
                ],
            },
            {
                "number": 3,
                "title": "Quiet nights",
                "description": "Nobody is woken by the bells.",
                "listing": "undecided",
            },
        ],
    }
)
CATALOGUE = Catalogue(
    topics={
        "bins": Topic(
            key="bins",
            title="Bins",
            description="What is thrown away.",
            headlines=("share-missed", "bins-missed"),
            chain=Chain(outcome=("share-missed", "bins-missed", "carers-content")),
            signposts=(
                Signpost(
                    title="The archive of Barset",
                    address="https://archive.example/bins/",
                    adds="It has the bins of other counties.",
                ),
            ),
        ),
        "care": Topic(
            key="care", title="Care", description="Who is cared for.", no_chain="Care has no chain in Barsetshire."
        ),
    },
    functions=FUNCTIONS,
    sources={
        "barset-bins": define_source(
            "barset-bins",
            "Bins",
            [*BIN_EDITIONS, define_edition("2024-25", "2025-11")],
            [
                define_metric("bins-missed", "Bins missed", "tonnes", "lower", "bin_emptying", "bins"),
                define_metric("bins-emptied", "Bins emptied", "tonnes", "none", "bin_emptying", "bins"),
            ],
        ),
        "barset-care": define_source(
            "barset-care",
            "Care",
            [define_edition("2023-24", "2024"), EditionDefinition(edition="2024-25", title="Care 2024-25", held=False)],
            [define_metric("carers-content", "Carers content", "percent", "higher", "care", "care")],
        ),
        "barset-visits": SourceDefinition.model_validate(
            {
                "source": "barset-visits",
                "title": "Visits of carers",
                "publisher": "Barsetshire Infirmary",
                "licence": "ogl-3",
                "landing_page": "https://infirmary.example/visits",
                "cadence": "yearly",
                "quality": "official_statistics",
                "unread": {
                    "why": "No copy of the files could be had.",
                    "tells": "How often carers call.",
                    "topics": ["care"],
                    "functions": ["care"],
                },
                "editions": [
                    {
                        "edition": "2023-24",
                        "title": "Visits of carers 2023-24",
                        "held": False,
                        "published": "2025-02",
                        "basis": "search",
                        "address": "https://infirmary.example/visits/2023-24.ods",
                        "landing_page": "https://infirmary.example/visits/2023-24",
                    }
                ],
            }
        ),
    },
    derived={
        "share-missed": DerivedMetric(
            **define_metric("share-missed", "Share missed", "percent", "lower", "bin_emptying", "bins"),
            formula="100 * missed / (emptied + missed)",
            inputs={"missed": "bins-missed", "emptied": "bins-emptied"},
        ),
        "share-not-missed": DerivedMetric(
            **define_metric("share-not-missed", "Share not missed", "percent", "higher", "bin_emptying", "bins"),
            formula="100 - share",
            inputs={"share": "share-missed"},
        ),
    },
    boundaries=BOUNDARIES,
    outcomes=OUTCOMES,
    postcodes=DIRECTORY,
    everyday=EVERYDAY,
)


def add_up(catalogue: Catalogue = CATALOGUE) -> Catalogue:
    """The same, but bins are added up over districts and single-tier councils."""
    bins = catalogue.sources["barset-bins"]
    metrics = tuple(metric.model_copy(update={"adds_up": AddsUp(sum=Tier.LOWER)}) for metric in bins.metrics)
    sources = catalogue.sources | {"barset-bins": bins.model_copy(update={"metrics": metrics})}
    announced = AnnouncedChange(
        successor="Great Barset Council",
        predecessors=(SILVERBRIDGE,),
        day=date(2035, 4, 1),
        source="The Barset Gazette",
        address="https://archive.example/gazette",
        checked=False,
    )
    return replace(catalogue, sources=sources, announced=(announced,))


Observed = tuple[str, str, str, str, float | None, str | None]  # metric, area, period, edition, value, marker
OBSERVED: tuple[Observed, ...] = (
    *(
        ("bins-missed", area, "2021-22", "barset-bins/2021-22", value, None)
        for area, value in ((BARCHESTER, 40.0), (SILVERBRIDGE, 50.0), (FRAMLEY, 60.0), (PLUMSTEAD_OLD, 70.0))
    ),
    *(
        ("bins-missed", area, "2022-23", edition, value, marker)
        for edition, shift in (("barset-bins/2022-23", 0.0), ("barset-bins/2022-23-revised", 1.0))
        for area, value, marker in (
            (BARCHESTER, 44.0 + shift, "revised" if shift else None),
            (SILVERBRIDGE, 51.0 + shift, None),
            (FRAMLEY, 61.0, None),
            (PLUMSTEAD_OLD, 71.0, None),
            (ALLINGTON, 30.0, None),
            (GATHERUM, 35.0, None),
        )
    ),
    *(
        ("bins-missed", area, "2023-24", "barset-bins/2023-24", value, marker)
        for area, value, marker in (
            (BARCHESTER, 442.0, None),
            (SILVERBRIDGE, 0.0, None),  # a true zero
            (FRAMLEY, None, "not_submitted"),
            (GREATER_PLUMSTEAD, 66.25, "estimated"),
            (ALLINGTON, 31.0, None),
            (GATHERUM, 31.04, None),
            (OMNIUM, 45.0, None),
            (AUTHORITY, 700.0, None),
        )
    ),
    *(
        ("bins-emptied", area, "2023-24", "barset-bins/2023-24", value, None)
        for area, value in (
            (BARCHESTER, 6892.0),
            (SILVERBRIDGE, 500.0),
            (FRAMLEY, 10.0),
            (GREATER_PLUMSTEAD, 100.5),
            (ALLINGTON, 69.0),
            (GATHERUM, 90.0),
        )
    ),
    *(
        ("carers-content", area, "2023-24", "barset-care/2023-24", value, None)
        for area, value in ((COUNTY, 45.6), (GREATER_PLUMSTEAD, 50.0), (ALLINGTON, 52.5))
    ),
)


def make_editions() -> pl.DataFrame:
    rows = [
        {
            "edition_key": f"{source}/{each.edition}",
            "source_key": source,
            "edition": each.edition,
            "title": each.title,
            "address": f"https://archive.example/{source}/{each.edition}.ods",
            "sha256": (source + each.edition).encode().hex().ljust(64, "0")[:64],
            "bytes": 1000,
            "published": each.published,
            "published_precision": publication.precision,
            "published_basis": str(publication.basis),
            "known_on": publication.known_on,
            "quality": "official_statistics",
            "note": "",
        }
        for source, editions in (("barset-bins", BIN_EDITIONS), ("barset-care", [define_edition("2023-24", "2024")]))
        for each in editions
        if (publication := each.publication)
    ]
    return pl.DataFrame(rows, schema=dict(EDITIONS))


def make_contents(
    observed: Iterable[Observed] = OBSERVED,
    catalogue: Catalogue = CATALOGUE,
    breakdowns: Iterable[str] = ("all",),
    lists: Mapping[str, Mapping[str, Sequence[str]]] = MappingProxyType({}),
) -> Contents:
    """The contents of a release of what is given: figures and summaries are worked out by the analysis room.

    `lists` has each model's lists of neighbours; none unless given.
    """
    neighbours = make_neighbours(lists)
    catalogue = replace(catalogue, neighbour_models={key: make_model(key) for key in lists})
    editions = make_editions()
    dates = {row["edition_key"]: row for row in editions.to_dicts()}
    rows = [
        {
            "metric_key": metric,
            "breakdown": breakdown,
            "area_code": area,
            "period": period,
            "edition_key": edition,
            "value": value,
            "marker": marker,
            "lower": None,
            "upper": None,
            "stored": "[x]" if value is None else repr(value),
            "sheet": LONG_SHEET if edition.startswith("barset-care") else "Table 1",
            "cell": f"{'D' if metric == 'bins-emptied' else 'C'}{4 + place}",
            **{
                name: dates[edition][name]
                for name in ("published", "published_precision", "published_basis", "known_on")
            },
        }
        for breakdown in breakdowns
        for place, (metric, area, period, edition, value, marker) in enumerate(observed)
    ]
    observations = pl.DataFrame(rows, schema=dict(OBSERVATIONS))
    current = derive(choose_current(observations), catalogue.derived)
    rolled = roll_up(current, catalogue.metrics, list_parts(REGISTER), REGISTER, catalogue.functions)
    current = pl.concat([current, rolled], how="diagonal_relaxed")
    ours = neighbours["neighbours"].filter(pl.col("model_key") == DEFAULT_MODEL)
    figures, summaries = position(current, catalogue.metrics, REGISTER, catalogue.functions, neighbours=ours)
    notes = [
        {
            key: frozenset(period for period, kind, _ in catalogue.period_notes(key) if kind.is_break is is_break)
            for key in catalogue.metrics
        }
        for is_break in (True, False)
    ]
    trends = find_trends(figures, summaries, catalogue.metrics, REGISTER, *notes, ours)
    settled = pl.DataFrame(
        [("barset-bins/2023-24", "by-council", "ignore", "A total is not a council.", 1, "A99")],
        schema=dict(SETTLED),
        orient="row",
    )
    return Contents(
        catalogue,
        REGISTER,
        editions,
        settled,
        observations,
        figures,
        summaries,
        SHAPES,
        neighbours=neighbours,
        trends=trends,
        postcodes=PACKED,
        postcodes_origin="barset",
    )


def make_neighbours(lists: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, pl.DataFrame]:
    """Lists of neighbours by model and area, the nearest first, with distances made up."""
    rows = [
        (model, "2024", area, place, code, place / 10, place * 3.0, "close", 0.9)
        for model, by_area in lists.items()
        for area, codes in by_area.items()
        for place, code in enumerate(codes, 1)
    ]
    return empty_frames(NEIGHBOUR_FRAMES) | {"neighbours": pl.DataFrame(rows, schema=NEIGHBOURS, orient="row")}


def make_model(key: str) -> NeighbourModel:
    """A model of one version and one input, whose lists are given and not worked out."""
    size = {"metric": "bins-emptied", "period": "2023-24", "transform": "log"}
    version = {
        "key": "2024",
        "day": "2024-01-01",
        "note": "The first version.",
        "domains": [{"key": "size", "title": "Size", "inputs": [size]}],
    }
    return NeighbourModel.model_validate(
        {
            "kind": "ours",
            "key": key,
            "title": f"Barset’s {key.replace('_', ' ')}",
            "description": "Who is most like whom.",
            "method": "balanced",
            "k": 5,
            "pools": ["single_tier"],
            "versions": [version],
        }
    )


def shuffle(contents: Contents, seed: int) -> Contents:
    """The same contents with the rows of every frame in another order."""
    names = ("editions", "settled", "observations", "figures", "summaries", "shapes", "trends")

    def mix(rows: pl.DataFrame) -> pl.DataFrame:
        return rows.sample(fraction=1, shuffle=True, seed=seed)

    mixed = {name: mix(rows) for name, rows in contents.neighbours.items()}
    return replace(contents, neighbours=mixed, **{name: mix(getattr(contents, name)) for name in names})


def build_release(releases: Path, contents: Contents | None = None, built: date = BUILT) -> Release:
    """Write a release and open it."""
    written = write_release(contents or make_contents(), releases, code_revision="abc", built=built)
    return Release.open(written.path)
