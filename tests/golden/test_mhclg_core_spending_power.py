"""Core spending power as it stands in `edition/`: counts, cells read by hand, and what counties themselves returned."""

from __future__ import annotations

import polars as pl
import pytest

from tests.golden.carried import MIRROR, load_definitions, needs_files, read_rows
from tests.golden.published import count_rows, expect_scaled_cells, observations_of

SOURCE = "mhclg-core-spending-power"
EDITION = "2015-16-to-2020-21"
CSP = "core-spending-power-without-social-care-grants"

# Edition, metric, area, period, cell, what stands there, £ million: looked up in the published file by a person.
HAND_READ = [
    (EDITION, CSP, "E08000025", "2015-16", "K128", "906.65164871", 906.65164871),
    (EDITION, CSP, "E08000025", "2020-21", "K133", "857.007129253", 857.007129253),
    (EDITION, "settlement-funding-assessment", "E06000053", "2015-16", "E1040", "3.28464674", 3.28464674),
    (EDITION, "rural-services-delivery-grant", "E06000053", "2020-21", "J1045", "0", 0.0),
    (EDITION, CSP, "E06000028", "2018-19", "K173", "130.88090370499998", 130.88090370499998),
    (EDITION, "council-tax-in-core-spending-power", "E06000058", "2019-20", "G180", "209.6127374", 209.6127374),
    (EDITION, "new-homes-bonus", "E07000246", "2020-21", "H1741", "3.253288795", 3.253288795),
    (EDITION, "new-homes-bonus", "E09000001", "2017-18", "H424", "1.460889937", 1.460889937),
    (EDITION, "settlement-funding-assessment", "E61000001", "2020-21", "E829", "1209.98236", 1209.98236),
    (EDITION, "settlement-funding-assessment", "E47000001", "2019-20", "E834", "49.77752495", 49.77752495),
    (EDITION, "council-tax-in-core-spending-power", "E10000030", "2016-17", "G1965", "617.8639091", 617.8639091),
]


test_a_cell_read_by_hand_is_the_observation, test_a_cell_read_by_hand_is_in_the_published_file = expect_scaled_cells(
    SOURCE, HAND_READ
)


def test_each_council_has_a_figure_in_the_years_it_existed() -> None:
    """353 councils and the Greater London Authority; fewer after the reorganisations of 2019 and 2020."""
    assert set(count_rows(SOURCE).values()) == {(2102, 2102)}
    years = observations_of(SOURCE).filter(metric_key=CSP).group_by("period").len()
    counted = {"2015-16": 354, "2016-17": 354, "2017-18": 354, "2018-19": 354, "2019-20": 345, "2020-21": 341}
    assert dict(years.iter_rows()) == counted


@needs_files
def test_the_parts_add_up_to_the_total() -> None:
    edition = next(each for each in load_definitions().sources[SOURCE].editions if each.held)
    header, *rows = read_rows(MIRROR / str(edition.mirror), "csv")
    first, total = header.index("sfa"), header.index("total_spend")
    assert len(rows) == 2376
    for row in rows:
        assert sum(float(str(cell)) for cell in row[first:total]) == pytest.approx(float(str(row[total])), abs=1e-6)


def test_council_tax_is_what_counties_returned_themselves() -> None:
    """Counties have no parishes: of 81 returns, 80 are within £20,000. Surrey’s of 2016-17 is £0.4 million off."""
    assumed = observations_of(SOURCE).filter(metric_key="council-tax-in-core-spending-power")
    returned = observations_of("mhclg-revenue-outturn-summary").filter(metric_key="council-tax-requirement")
    final = returned.filter(pl.col("edition") != "2017-18-provisional")
    both = assumed.join(final, on=["area_code", "period"]).filter(pl.col("area_code").str.starts_with("E10"))
    apart = (both["value"] - both["value_right"]).abs()
    assert (len(both), (apart < 0.02).sum()) == (81, 80)
    assert apart.max() < 0.43
