"""Council tax levels as they stand in `edition/`: counts, cells read by hand, and the traps of table 9."""

from __future__ import annotations

import polars as pl
import pytest

from moothall.core.values import scale_exactly
from tests.golden.carried import load_definitions, needs_files, read_published
from tests.golden.published import as_number, count_rows, find_one, observations_of

SOURCE = "mhclg-council-tax-levels"
T7, T8, T9, BEFORE = "table-7-2024-25", "table-8-2024-25", "table-9-2024-25", "table-9-2024-25-previous-year"
# 296 billing councils; with 21 counties, the Greater London Authority and the combined authorities that have a mayor
# who may charge, 7 in 2024-25 and 8 the year before, 325 and 326. Three of the mayors charged nothing. 153 authorities
# have adult social care.
COUNTS = {
    (T8, "area-band-d-bill"): (296, 296),
    (T7, "own-band-d"): (325, 325),
    (T7, "own-band-d-rise"): (325, 322),
    (T7, "own-and-parish-band-d"): (296, 296),
    (T7, "adult-social-care-precept-band-d"): (153, 153),
    (T9, "area-band-d-bill"): (296, 296),
    (T9, "own-band-d"): (325, 325),
    (T9, "own-and-parish-band-d"): (296, 296),
    (T9, "county-or-gla-part-of-band-d-bill"): (296, 296),
    (T9, "police-part-of-band-d-bill"): (296, 296),
    (T9, "fire-part-of-band-d-bill"): (296, 296),
    (T9, "combined-authority-part-of-band-d-bill"): (296, 296),
    (T9, "council-tax-base"): (325, 321),
    (T9, "council-tax-set"): (325, 325),
    (T9, "parish-precepts"): (296, 296),
    (T9, "adult-social-care-precept"): (153, 153),
    (T9, "adult-social-care-precept-band-d"): (153, 153),
    (BEFORE, "own-band-d"): (326, 326),
    (BEFORE, "own-and-parish-band-d"): (296, 296),
    (BEFORE, "council-tax-base"): (326, 321),
    (BEFORE, "council-tax-set"): (326, 326),
    (BEFORE, "parish-precepts"): (296, 296),
}


def test_every_edition_and_metric_has_the_rows_counted_in_its_file() -> None:
    assert count_rows(SOURCE) == COUNTS


# Edition, metric, area, sheet, cell, what stands there, value: looked up in the published files by a person.
HAND_READ = [
    (T8, "area-band-d-bill", "E09000033", "Table_8", "J16", "975.02", 975.02),
    (T8, "area-band-d-bill", "E07000008", "Table_8", "J136", "2248.95", 2248.95),
    (T7, "own-band-d-rise", "E07000010", "Table_7c", "H6", "-0.17630465444288396", -0.17630465444288396),
    (T7, "own-band-d-rise", "E08000025", "Table_7a", "H64", "9.989816950483382", 9.989816950483382),
    (T7, "own-band-d-rise", "E47000008", "Table_7f", "F4", "200", 200.0),
    (T7, "own-band-d", "E61000001", "Table_7a", "G37", "471.4", 471.4),
    (T7, "own-band-d", "E10000016", "Table_7b", "F12", "1610.82", 1610.82),
    (T9, "own-band-d", "E10000016", "Data_Precepting", "N62", "1610.82", 1610.82),
    (T9, "own-band-d", "E47000003", "Data_Precepting", "N18", "249.28", 249.28),
    (T9, "own-band-d", "E09000008", "Data_Billing", "AB73", "1895.51", 1895.51),
    (T9, "own-band-d", "E07000217", "Data_Billing", "AB299", "289.43", 289.43),
    (T9, "area-band-d-bill", "E07000008", "Data_Billing", "AL52", "2248.95", 2248.95),
    (T9, "county-or-gla-part-of-band-d-bill", "E07000008", "Data_Billing", "AH52", "1619.82", 1619.82),
    (T9, "police-part-of-band-d-bill", "E07000008", "Data_Billing", "AI52", "285.48", 285.48),
    (T9, "fire-part-of-band-d-bill", "E07000008", "Data_Billing", "AJ52", "82.26", 82.26),
    (T9, "combined-authority-part-of-band-d-bill", "E07000008", "Data_Billing", "AK52", "36", 36.0),
    (T9, "council-tax-set", "E07000008", "Data_Billing", "N52", "10252991", 10.252991),
    (T9, "council-tax-set", "E61000001", "Data_Precepting", "H12", "1490252852", 1490.252852),
    (T9, "parish-precepts", "E06000066", "Data_Billing", "L225", "33168847", 33.168847),
    (T9, "council-tax-base", "E06000053", "Data_Billing", "X138", "1244", 1244.0),
    (T9, "adult-social-care-precept-band-d", "E10000016", "Data_Precepting", "P62", "30.6", 30.6),
    (T9, "adult-social-care-precept-band-d", "E06000065", "Data_Billing", "CV187", "35.19", 35.19),
    (BEFORE, "own-and-parish-band-d", "E09000001", "Data_Billing", "Y67", "1003.63", 1003.63),
    (BEFORE, "own-band-d", "E47000008", "Data_Precepting", "M30", "12", 12.0),
]
READ = ("edition", "metric", "area", "sheet", "cell", "stored", "value")


@pytest.mark.parametrize(READ, HAND_READ)
def test_a_cell_read_by_hand_is_the_observation(
    edition: str, metric: str, area: str, sheet: str, cell: str, stored: str, value: float
) -> None:
    period = "2023-24" if edition == BEFORE else "2024-25"
    found = find_one(SOURCE, edition, metric, area, period)
    assert (found["sheet"], found["cell"], found["stored"], found["value"]) == (sheet, cell, stored, value)


@needs_files
@pytest.mark.parametrize(READ, HAND_READ)
def test_a_cell_read_by_hand_is_in_the_published_file(
    edition: str, metric: str, area: str, sheet: str, cell: str, stored: str, value: float
) -> None:
    assert as_number(read_published(SOURCE, edition, sheet, cell)) == float(stored)


def test_a_notional_amount_is_marked_and_nothing_else_is() -> None:
    marked = observations_of(SOURCE).filter(pl.col("value").is_not_null() & pl.col("marker").is_not_null())
    assert set(marked.select("edition", "metric_key", "area_code", "marker", "value").iter_rows()) == {
        (BEFORE, "own-band-d", "E06000063", "other_basis", 1730.45),
        (BEFORE, "own-band-d", "E06000065", "other_basis", 1759.82),
    }


def test_a_tax_base_of_nothing_is_no_number_of_homes() -> None:
    bases = observations_of(SOURCE).filter(metric_key="council-tax-base")
    assert bases["value"].min() == 1233.9  # the Isles of Scilly
    absent = bases.filter(pl.col("value").is_null())
    assert set(absent["marker"]) == {"not_applicable"}
    assert set(absent["area_code"]) == {"E61000001", "E47000002", "E47000006", "E47000007", "E47000011"}


def test_a_mayor_who_charges_nothing_has_a_true_zero_and_no_rise() -> None:
    for edition in (T7, T9):
        assert find_one(SOURCE, edition, "own-band-d", "E47000007", "2024-25")["value"] == 0.0
    rise = find_one(SOURCE, T7, "own-band-d-rise", "E47000007", "2024-25")
    assert (rise["value"], rise["marker"], rise["stored"]) == (None, "not_applicable", "[z]")


def test_the_tables_of_one_release_agree() -> None:
    """Tables 7 and 8 against table 9, which is later: the same figures for the same authorities."""
    observations = (
        observations_of(SOURCE).filter(period="2024-25").select("edition", "metric_key", "area_code", "value")
    )
    later = observations.filter(edition=T9)
    for earlier, metrics in ((T8, 1), (T7, 3)):
        both = observations.filter(edition=earlier).join(later, on=["metric_key", "area_code"], how="inner")
        assert both["metric_key"].n_unique() == metrics
        assert both.select((pl.col("value") - pl.col("value_right")).abs().max()).item() < 0.01


def test_the_parts_make_the_sum() -> None:
    """What is raised is Band D times the tax base, and the council and its parishes are less than the area's bill."""
    wide = (
        observations_of(SOURCE)
        .filter(pl.col("edition").is_in([T9, BEFORE]) & pl.col("marker").is_null())
        .pivot("metric_key", index=["area_code", "period"], values="value")
    )
    raised = wide.filter(pl.col("council-tax-base").is_not_null() & pl.col("own-band-d").is_not_null()).with_columns(
        band_d=1_000_000 * pl.col("council-tax-set") / pl.col("council-tax-base")
    )
    assert len(raised) == 640
    assert raised.select((pl.col("band_d") - pl.col("own-band-d")).abs().max()).item() < 0.02
    bills = wide.filter(pl.col("area-band-d-bill").is_not_null())
    assert bills.filter(pl.col("own-and-parish-band-d") >= pl.col("area-band-d-bill")).is_empty()


def test_the_parts_of_the_bill_make_the_bill() -> None:
    """The council with its parishes, county or Greater London Authority, police, fire and mayor: to the penny."""
    bills = observations_of(SOURCE).filter(edition=T9).pivot("metric_key", index="area_code", values="value")
    bills = bills.filter(pl.col("area-band-d-bill").is_not_null())
    others = [f"{each}-part-of-band-d-bill" for each in ("county-or-gla", "police", "fire", "combined-authority")]
    summed = bills.select("area-band-d-bill", made=pl.sum_horizontal("own-and-parish-band-d", *others))
    assert len(summed) == 296
    assert summed.select((pl.col("made") - pl.col("area-band-d-bill")).abs().max()).item() < 0.005


@needs_files
def test_every_value_is_its_cell_times_its_scale() -> None:
    """Read again without our reader: every cell of every observation with a value."""
    scales = {
        column.metric: column.scale for table in load_definitions().sources[SOURCE].tables for column in table.columns
    }
    rows = observations_of(SOURCE).filter(pl.col("value").is_not_null())
    for edition, metric, sheet, cell, value in rows.select(
        "edition", "metric_key", "sheet", "cell", "value"
    ).iter_rows():
        published = as_number(read_published(SOURCE, edition, sheet, cell))
        assert value == scale_exactly(published, scales[metric]), f"{edition} {sheet}!{cell}"
    assert len(rows) == sum(some for _, some in COUNTS.values())
