"""The three sources as they stand in `edition/`: counts, cells read by hand, rules that settle known trouble."""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from moothall.core.areas import Register
from moothall.core.loading import Catalogue, load_catalogue
from moothall.core.values import scale_exactly

ROOT = Path(__file__).parents[2]
MIRROR = ROOT.parent / "shared" / "data"
ASC, WASTE, OUTTURN = "oflog-adult-social-care", "defra-collected-waste", "mhclg-revenue-outturn-summary"
needs_files = pytest.mark.skipif(not MIRROR.is_dir(), reason="the published files are not beside the repository")


@cache
def _observations(source: str) -> pl.DataFrame:
    return pl.read_parquet(ROOT / "edition" / "observations" / f"{source}.parquet")


@cache
def _catalogue() -> Catalogue:
    catalogue, problems = load_catalogue(ROOT)
    problems.raise_errors()
    return catalogue


def _find(edition_key: str, metric: str, area: str, period: str) -> dict[str, object]:
    observations = _observations(edition_key.split("/")[0])
    found = observations.filter(
        edition_key=edition_key, metric_key=metric, area_code=area, period=period, breakdown="all"
    )
    assert len(found) == 1, f"{len(found)} observations of {metric}, {area}, {period} in {edition_key}"
    return found.row(0, named=True)


# How many observations of each edition and metric, and how many of them with a value, counted in the files. Of waste:
# the file's council rows, less those of councils reporting jointly, and a marker for each council that does.
COUNTS = {
    (f"{ASC}/to-2022-23", "carer-quality-of-life"): (456, 451),
    (f"{ASC}/to-2022-23", "care-user-quality-of-life"): (911, 901),
    (f"{ASC}/to-2022-23", "care-users-finding-information"): (1063, 1047),
    (f"{ASC}/to-2022-23", "carers-finding-information"): (456, 451),
    (f"{ASC}/to-2022-23", "short-term-support-outcome"): (1214, 1209),
    (f"{ASC}/to-2022-23", "requests-resulting-in-service"): (1214, 1210),
    (f"{ASC}/to-2022-23", "care-workforce-turnover"): (1062, 809),
}
for _metric in ("household-waste-recycled", "residual-waste-per-household", "household-waste-per-person"):
    COUNTS[f"{WASTE}/2022-23", _metric] = (4603, 4475)
    COUNTS[f"{WASTE}/2023-24", _metric] = (4926, 4793)
COUNTS[f"{WASTE}/2022-23", "waste-sent-to-landfill"] = (1597, 1597)
COUNTS[f"{WASTE}/2023-24", "waste-sent-to-landfill"] = (1721, 1720)
for _metric in (
    "total-waste-collected",
    "household-waste-collected",
    "household-waste-recycled-tonnes",
    "household-dry-recycling-tonnes",
    "household-green-recycling-tonnes",
    "household-waste-not-recycled-tonnes",
    "household-recycling-rejects-tonnes",
    "non-household-waste-tonnes",
):
    _parts = 2 if _metric == "household-waste-not-recycled-tonnes" else 1
    COUNTS[f"{WASTE}/2022-23", _metric] = (3167 * _parts, 3065 * _parts)
    COUNTS[f"{WASTE}/2023-24", _metric] = (3490 * _parts, 3383 * _parts)
# Councils that dispose of waste, less the totals: 124 in most years, 122 in 2019-20 and 2020-21.
for _metric, _parts in (("waste-managed", 6), ("waste-burnt-for-energy", 1)):
    COUNTS[f"{WASTE}/2022-23", _metric] = (1105 * _parts, 1105 * _parts)
    COUNTS[f"{WASTE}/2023-24", _metric] = (1229 * _parts, 1228 * _parts)
# 353 councils, the Greater London Authority and the combined authorities: 1 in 2011-12, 5 in 2014-15, 9 later. Five
# returns had not arrived for the provisional 2017-18 and one in each of the others of 2016-17 and 2017-18.
for _metric in (
    "unallocated-reserves",
    "other-earmarked-reserves",
    "net-current-expenditure",
    "net-revenue-expenditure",
    "council-tax-requirement",
    "interest-paid",
    "debt-repayment-provision",
    "interest-and-investment-income",
    "interest-charged-to-council-homes",
    "specific-grants-inside-aggregate-finance",
    "specific-grants-outside-aggregate-finance",
    "added-to-earmarked-reserves",
    "added-to-unallocated-reserves",
    "revenue-support-grant",
    "retained-business-rates",
):
    for _year, _rows in {"2010-11": 354, "2011-12": 355, "2012-13": 355, "2013-14": 355, "2014-15": 359}.items():
        if _metric != "retained-business-rates" or _year >= "2013-14":  # the scheme began in April 2013
            COUNTS[f"{OUTTURN}/{_year}", _metric] = (_rows, _rows)
    COUNTS[f"{OUTTURN}/2015-16", _metric] = (359, 359)
    COUNTS[f"{OUTTURN}/2016-17", _metric] = (363, 362)
    COUNTS[f"{OUTTURN}/2017-18-provisional", _metric] = (363, 358)
    COUNTS[f"{OUTTURN}/2017-18-final", _metric] = (363, 362)
# Counties and single-tier councils: 152.
for _metric in ("schools-reserves", "public-health-reserves"):
    for _year in ("2010-11", "2011-12", "2012-13", "2013-14", "2014-15"):
        if _metric == "schools-reserves" or _year >= "2013-14":  # public health was not the councils' before
            COUNTS[f"{OUTTURN}/{_year}", _metric] = (152, 152)
    COUNTS[f"{OUTTURN}/2015-16", _metric] = (152, 152)
    COUNTS[f"{OUTTURN}/2016-17", _metric] = (152, 151)
    COUNTS[f"{OUTTURN}/2017-18-provisional", _metric] = (152, 150)
    COUNTS[f"{OUTTURN}/2017-18-final", _metric] = (152, 152)
# Councils with homes of their own, and those without a return.
for _metric in ("council-housing-account-income", "council-housing-account-spending", "council-housing-reserves"):
    for _year, _rows in {"2012-13": 168, "2013-14": 167, "2014-15": 167, "2015-16": 166}.items():
        COUNTS[f"{OUTTURN}/{_year}", _metric] = (_rows, _rows)
    COUNTS[f"{OUTTURN}/2016-17", _metric] = (163, 162)
    COUNTS[f"{OUTTURN}/2017-18-provisional", _metric] = (165, 162)
    COUNTS[f"{OUTTURN}/2017-18-final", _metric] = (165, 164)
COUNTS[f"{OUTTURN}/2014-15", "council-housing-reserves"] = (166, 166)  # one has an account and a zero for its reserves


def test_every_edition_and_metric_has_the_rows_counted_in_its_file() -> None:
    counted = pl.concat([_observations(source) for source in (ASC, WASTE, OUTTURN)])
    rows = counted.group_by("edition_key", "metric_key").agg(pl.len(), pl.col("value").count().alias("with_value"))
    assert {(edition, metric): (all_, some) for edition, metric, all_, some in rows.iter_rows()} == COUNTS


# Cells looked up in the published files by a person.
CELL = ("edition", "metric", "area", "period", "sheet", "cell", "stored", "value")
with (Path(__file__).parent / "hand_read.csv").open(encoding="utf-8", newline="") as _lines:
    HAND_READ = [tuple(row[name] for name in CELL) for row in csv.DictReader(_lines)]


@pytest.mark.parametrize(CELL, HAND_READ)
def test_a_cell_read_by_hand_is_the_observation(
    edition: str, metric: str, area: str, period: str, sheet: str, cell: str, stored: str, value: str
) -> None:
    found = _find(edition, metric, area, period)
    assert (found["sheet"], found["cell"], found["stored"]) == (sheet, cell, stored)
    assert found["value"] == float(value)


# Why there is no value: edition, metric, area, period, marker.
ABSENT = [
    (f"{ASC}/to-2022-23", "carer-quality-of-life", "E06000053", "2021-22", "not_available"),
    (f"{WASTE}/2023-24", "household-waste-recycled", "E06000023", "2023-24", "not_submitted"),
    (f"{OUTTURN}/2016-17", "net-revenue-expenditure", "E06000053", "2016-17", "not_submitted"),
    (f"{OUTTURN}/2017-18-provisional", "net-revenue-expenditure", "E06000038", "2017-18", "not_submitted"),
    (f"{OUTTURN}/2017-18-provisional", "unallocated-reserves", "E10000023", "2017-18", "not_submitted"),
    (f"{OUTTURN}/2017-18-final", "net-revenue-expenditure", "E07000029", "2017-18", "not_submitted"),
]


@pytest.mark.parametrize(("edition", "metric", "area", "period", "marker"), ABSENT)
def test_an_absent_value_says_why(edition: str, metric: str, area: str, period: str, marker: str) -> None:
    found = _find(edition, metric, area, period)
    assert found["value"] is None
    assert found["marker"] == marker


# Who reported together, first and last year in the newest edition's Table 3.
JOINT = {
    "E07000005": ("2015-16", "2019-20"),  # Chiltern
    "E07000007": ("2015-16", "2019-20"),  # Wycombe
    "E07000008": ("2016-17", "2023-24"),  # Cambridge
    "E07000012": ("2016-17", "2023-24"),  # South Cambridgeshire
    "E07000048": ("2011-12", "2018-19"),  # Christchurch
    "E07000049": ("2011-12", "2018-19"),  # East Dorset
    "E07000050": ("2011-12", "2018-19"),  # North Dorset
    "E07000051": ("2011-12", "2018-19"),  # Purbeck
    "E07000052": ("2011-12", "2018-19"),  # West Dorset
    "E07000053": ("2011-12", "2018-19"),  # Weymouth and Portland
    "E07000150": ("2019-20", "2020-21"),  # Corby
    "E07000153": ("2019-20", "2020-21"),  # Kettering
    "E07000187": ("2017-18", "2022-23"),  # Mendip
    "E07000188": ("2017-18", "2022-23"),  # Sedgemoor
    "E07000189": ("2017-18", "2022-23"),  # South Somerset
    "E07000190": ("2017-18", "2018-19"),  # Taunton Deane
    "E07000191": ("2017-18", "2018-19"),  # West Somerset
    "E07000246": ("2019-20", "2022-23"),  # Somerset West and Taunton
    "E07000200": ("2010-11", "2023-24"),  # Babergh
    "E07000203": ("2010-11", "2023-24"),  # Mid Suffolk
}


def test_councils_that_reported_together_are_marked_in_exactly_those_years() -> None:
    observations = _observations(WASTE)
    joint = observations.filter(
        edition_key=f"{WASTE}/2023-24", metric_key="household-waste-recycled", marker="reported_jointly"
    )
    assert joint["value"].null_count() == len(joint)
    spans = joint.group_by("area_code").agg(pl.len(), first=pl.col("period").min(), last=pl.col("period").max())
    assert {area: (first, last) for area, _, first, last in spans.iter_rows()} == JOINT
    for area, years, first, last in spans.iter_rows():
        assert years == int(last[:4]) - int(first[:4]) + 1, area


def test_a_code_that_was_corrected_has_no_figure_of_the_years_it_was_corrected_in() -> None:
    waste = _observations(WASTE)
    outturn = _observations(OUTTURN)
    assert waste.filter(area_code="E10000002").filter(pl.col("period") >= "2020-21").is_empty()
    assert waste.filter(area_code="E50000005").filter(pl.col("period") >= "2018-19").is_empty()
    assert set(outturn["area_code"]).isdisjoint({"E10000022", "E12000007"})


def test_only_the_provisional_edition_is_marked_provisional() -> None:
    outturn = _observations(OUTTURN)
    with_value = outturn.filter(pl.col("value").is_not_null())
    provisional = with_value.filter(marker="provisional")
    assert set(provisional["edition_key"]) == {f"{OUTTURN}/2017-18-provisional"}
    assert len(provisional) == len(with_value.filter(edition_key=f"{OUTTURN}/2017-18-provisional"))


def test_a_provisional_figure_was_known_before_the_final_one() -> None:
    first = _find(f"{OUTTURN}/2017-18-provisional", "unallocated-reserves", "E09000008", "2017-18")
    final = _find(f"{OUTTURN}/2017-18-final", "unallocated-reserves", "E09000008", "2017-18")
    assert (str(first["known_on"]), str(final["known_on"])) == ("2018-09-17", "2018-11-15")


def test_what_was_left_out_is_counted() -> None:
    metadata = pl.read_parquet_metadata(ROOT / "edition" / "observations" / f"{WASTE}.parquet")
    ignored = {
        each["first_cell"]: each["rows"]
        for each in json.loads(metadata["moothall.settled"])
        if (each["edition_key"], each["table"], each["rule"]) == (f"{WASTE}/2023-24", "landfill", "ignore")
    }
    assert ignored == {"C273": 140, "C5": 3102}


def test_the_words_are_plain() -> None:
    forbidden = re.compile(
        r"\b(because|led to|thanks to|due to|good|bad|fail\w*|excellent|best|worst|average|significant\w*)\b",
        re.IGNORECASE,
    )
    for metric in _catalogue().metrics.values():
        for words in (metric.title, metric.short, metric.description, metric.why, metric.not_tell):
            assert not forbidden.search(words), f"{metric.key}: {words}"
            for sentence in re.split(r"(?<=[.!?]) ", words):
                assert len(sentence.split()) <= 25, f"{metric.key}: {sentence}"


# Against the published files themselves, where they are beside the repository.


@cache
def _sheet(file: Path, sheet: str) -> list[list[object]]:
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return [list(row) for row in csv.reader(lines)]
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return [list(row) for row in rows]


def _cell(file: Path, sheet: str, cell: str) -> object:
    letters, row = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()  # type: ignore[union-attr]
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - 64
    return _sheet(file, sheet)[int(row) - 1][column - 1]


def _file(edition_key: str) -> Path:
    source, edition = edition_key.split("/")
    mirror = next(each.mirror for each in _catalogue().sources[source].editions if each.edition == edition)
    assert mirror is not None
    return MIRROR / mirror


@needs_files
@pytest.mark.parametrize(CELL, HAND_READ)
def test_a_cell_read_by_hand_is_in_the_published_file(
    edition: str, metric: str, area: str, period: str, sheet: str, cell: str, stored: str, value: str
) -> None:
    found = _cell(_file(edition), sheet, cell)
    assert float(str(found)) == float(stored)


@needs_files
@pytest.mark.parametrize("source", [ASC, WASTE, OUTTURN])
def test_every_value_is_its_cell_times_its_scale(source: str) -> None:
    """Read again without our reader: every cell of every observation with a value."""
    observations = _observations(source)
    scales = {column.metric: column.scale for table in _catalogue().sources[source].tables for column in table.columns}
    checked = 0
    for edition, metric, sheet, cell, value in (
        observations.filter(pl.col("value").is_not_null())
        .select("edition_key", "metric_key", "sheet", "cell", "value")
        .iter_rows()
    ):
        published = float(str(_cell(_file(edition), sheet, cell)))
        expected = scale_exactly(published, scales[metric]) if metric in scales else published
        assert value == expected, f"{edition} {sheet}!{cell}"
        checked += 1
    assert checked == sum(some for (edition, _), (_, some) in COUNTS.items() if edition.startswith(f"{source}/"))


def test_methods_of_dealing_with_waste_add_up() -> None:
    waste = _observations(WASTE).filter(metric_key="waste-managed")
    rows = waste.pivot("breakdown", index=["edition_key", "area_code", "period"], values="value").drop_nulls("all")
    methods = pl.sum_horizontal(pl.exclude("edition_key", "area_code", "period", "all"))
    assert len(rows.filter((pl.col("all") - methods).abs() > 2.5)) == 0  # each is rounded to a tonne


@needs_files
def test_every_row_of_the_waste_table_is_a_council_of_ours_or_several_together() -> None:
    """The file's own rows, with the codes corrected by hand, against the areas and periods that have a figure."""
    register = Register.read(ROOT / "edition" / "areas")
    rows = [row for row in _sheet(_file(f"{WASTE}/2023-24"), "Table_3")[4:] if re.fullmatch(r"\d{4}-\d\d", str(row[0]))]
    council_rows = [(str(row[2]), str(row[0])) for row in rows if row[2] != "Total"]
    assert len(set(council_rows)) == len(council_rows) == 4823
    wanted: set[tuple[str, str]] = set()
    for code, year in council_rows:
        if code in {"E50000008", "E07000150 / E07000153", "E07000203"} or (code == "E07000007" and year >= "2015-16"):
            continue  # several councils together
        if code == "E10000002" and year >= "2020-21":
            code = "E06000060"
        if code == "E50000005" and year >= "2018-19":
            code = "E47000001"
        if code == "E50000009":
            code = "E10000027"
        wanted.add((register.resolve(code) or code, year))
    waste = _observations(WASTE)
    ours = waste.filter(edition_key=f"{WASTE}/2023-24", metric_key="household-waste-recycled")
    own = ours.filter(pl.col("marker").ne_missing("reported_jointly"))
    assert set(own.select("area_code", "period").iter_rows()) == wanted
