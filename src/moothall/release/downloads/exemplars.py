"""Councils worth learning from as a table to take away: the same list as the page's, and how far to trust it."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from moothall.core.areas import AreaClass
from moothall.release.downloads.figures import find_sources
from moothall.release.downloads.table import About, Column, ColumnKind, Row, Table
from moothall.release.exemplars import ExemplarRecord, ExemplarTrust
from moothall.release.queries import Release

_NUMBER = ColumnKind.NUMBER
EXEMPLAR_COLUMNS = (
    Column("topic", "Topic key", "The topic of the metric."),
    Column("metric", "Metric key", "The metric that the council is listed for."),
    Column("breakdown", "Breakdown", "Its breakdown."),
    Column("area", "Area code", "ONS code of the council."),
    Column("area_name", "Area", "Its name."),
    Column("class", "Class", "What kind of council it is."),
    Column("kind", "Listed as", "top: among the top tenth; improver or recovery: it came much further than others."),
    Column("pool", "Among", "Who it was compared with: england, or a class of council."),
    Column("period", "Period key", "The period looked at; of a change, the last of its two latest years."),
    Column("value", "Value", "Its value in the period.", _NUMBER),
    Column("median", "Median", "The median of those it was compared with, in the period.", _NUMBER),
    Column("unit", "Unit", "The unit of the values."),
    Column("first", "From", "Of a change: the first period."),
    Column("before", "Before", "Of a change: the mean of its first two years.", _NUMBER),
    Column("after", "After", "Of a change: the mean of its latest two years.", _NUMBER),
    Column("expected", "Expected", "Of a change: what others that began there came to.", _NUMBER),
    Column("q", "q", "Of a change: the chance of one so large, held against all councils and metrics.", _NUMBER),
    Column("chance_top", "Sureness", "Of a top: the chance that it is among the top tenth, where known.", _NUMBER),
    Column(
        "is_provisional",
        "Provisional",
        "Whether the list a year earlier would not have had it yet.",
        ColumnKind.TRUTH,
    ),
    Column("release", "Release", "The release that it is from."),
)
"""The columns of a downloaded exemplar, in order."""
_NOTES = (
    "Councils are listed by name within each topic. Nobody is ranked, and nobody who fell back is listed.",
    "Values are in the unit of the row. A change goes by the means of two years.",
    "What rests on old figures is left out, as on the page.",
    "An empty cell means that there is none. It never means zero.",
    "Figures do not say how a council did it, nor whether it was the council’s doing. Ask before you copy it.",
)
_NAMES = [column.name for column in EXEMPLAR_COLUMNS]
_UNIT = _NAMES.index("unit")
_OTHERWISE = {"class": "area_class"}
_read = attrgetter(*(_OTHERWISE.get(name, name) for name in _NAMES if name not in {"unit", "release"}))


class Chosen(NamedTuple):
    """Exemplars to show, and how many are left out for resting on old figures."""

    shown: tuple[ExemplarRecord, ...]
    left_out: int


def choose_exemplars(release: Release, topic: str | None, area_class: AreaClass | None) -> Chosen:
    """Who is worth learning from: of everything, of a topic, of a class of council. Raises `UnknownKey`."""
    found = [each for each in release.exemplars(topic=topic) if area_class is None or each.area_class is area_class]
    shown = tuple(each for each in found if not release.metric(each.metric).is_old)
    return Chosen(shown, len(found) - len(shown))


def tabulate_exemplars(release: Release, topic: str | None, area_class: AreaClass | None, address: str) -> Table:
    """Exemplars, one a row, by topic and name; `address` is where the API has them. Raises `UnknownKey`."""
    shown = choose_exemplars(release, topic, area_class).shown
    metrics = [release.metric(key) for key in dict.fromkeys(each.metric for each in shown)]
    asked = [("Topic", release.topic(topic).title)] if topic else []
    asked += [("Class", area_class.plural)] if area_class else []
    about = About(
        title="Councils worth learning from",
        asked=(*asked, *_say_trust(release.exemplar_trust)),
        release=release.record.id,
        built=release.built,
        address=address,
        notes=_NOTES,
        sources=find_sources(release, metrics),
    )
    rows = [_list(release, each) for each in shown]
    first = ("area_name", "topic", "metric", "kind", "period", "value", "median", "unit", "before", "after", "expected")
    return Table("exemplars", EXEMPLAR_COLUMNS, ("metric", "breakdown", "area", "kind"), rows, len(rows), about, first)


def _list(release: Release, exemplar: ExemplarRecord) -> Row:
    cells: Sequence[object] = _read(exemplar)
    return (*cells[:_UNIT], release.metric(exemplar.metric).unit, *cells[_UNIT:], release.record.id)


def _say_trust(trust: ExemplarTrust) -> tuple[tuple[str, str], ...]:
    """How much was looked at for the list of all topics, and how much of it may be chance."""
    return (
        ("Looked at", f"{trust.levels:,} values and {trust.changes:,} changes, in {trust.metrics:,} metrics"),
        ("Changes listed in all", f"{trust.flags:,}, of which {trust.flags_expected_false:.1f} may be chance alone"),
        (
            "Places in the top tenth whose chance is known",
            f"{trust.tops_with_chance:,}, of which {trust.tops_expected_false:.1f} may be chance alone",
        ),
    )
