"""The fictional county with years enough for its councils to have gone somewhere together."""

from __future__ import annotations

from dataclasses import replace

from moothall.analysis.movements import find_movements
from moothall.core.periods import financial_year
from moothall.release.contents import Contents
from tests.release.barset import ALLINGTON, COUNTY, GATHERUM, OBSERVED, OMNIUM, REGISTER, Observed, make_contents

FIRST, LAST = 2017, 2023
STARTS = {COUNTY: 30.0, ALLINGTON: 40.0, GATHERUM: 44.0, OMNIUM: 47.0}
"""What each council followed begins with; it rises by two points a year."""


def list_moved() -> tuple[Observed, ...]:
    """Four councils that rise year by year, and one that began in the last."""
    there = {(area, period) for metric, area, period, *_ in OBSERVED if metric == "carers-content"}
    return tuple(
        ("carers-content", area, period, "barset-care/2023-24", start + 2 * (year - FIRST), None)
        for area, start in STARTS.items()
        for year in range(FIRST, LAST + 1)
        if (area, period := financial_year(year).key) not in there
    )


def make_moved() -> Contents:
    """The contents of the fictional county's release with movements, worked out by the analysis room."""
    contents = make_contents((*OBSERVED, *list_moved()))
    catalogue = contents.catalogue
    return replace(
        contents,
        movements=find_movements(
            contents.figures, contents.summaries, catalogue.metrics, REGISTER, catalogue.functions, {}, {}
        ),
    )
