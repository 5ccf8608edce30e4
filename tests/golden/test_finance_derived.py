"""Derived figures of finance: by hand from cells of the files, and again in plain Python for a council of each kind."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import polars as pl
import pytest

from moothall.analysis.current import choose_current
from moothall.analysis.derive import derive
from tests.golden.carried import carried, load_definitions

CROYDON, SURREY, SPELTHORNE, CORNWALL = "E09000008", "E10000030", "E07000213", "E06000052"
SOURCES = (
    "mhclg-revenue-outturn-summary",
    "mhclg-revenue-outturn-service-expenditure",
    "mhclg-revenue-outturn-housing",
    "mhclg-revenue-account-budget",
    "mhclg-core-spending-power",
    "mhclg-capital-outturn",
    "mhclg-capital-estimates",
    "mhclg-borrowing-and-investment",
    "mhclg-council-tax-levels",
    "defra-collected-waste",
)

# The numbers as they stand in the published files: £ thousand, but core spending power in £ million.
BY_HAND = [
    ("reserves-share-of-core-spending-power", CROYDON, "2016-17", 100 * (10675 + 22161.98844) / 270939.402251),
    (
        "taxpayers-debt-costs-share-of-core-spending-power",
        CROYDON,
        "2016-17",
        100 * (30901 - 12237 + 7428) / 270939.402251,
    ),
    ("gross-external-debt-share-of-core-spending-power", SPELTHORNE, "2017-18", 100 * (664566 + 44860) / 10851.096305),
    ("adult-social-care-spending-per-head", SURREY, "2017-18", 372082 * 1000 / (509763 * 1000 / 426.6)),
    ("net-spending-per-band-d-home", SPELTHORNE, "2024-25", 39728 * 1000 / 39241.4),
    ("childrens-social-care-spending-against-budget", CROYDON, "2021-22", 100 * (95474 - 110620) / 110620),
    ("expected-reserves-share-of-budget", SURREY, "2021-22", 100 * (0 + 223492) / (1576595 - 739200)),
    ("budgeted-debt-costs-share-of-budget", SPELTHORNE, "2023-24", 100 * (24403 + 12397) / (23669 - 7048)),
    ("core-spending-power-per-home", SURREY, "2020-21", 887505193.1080001 / (242368 * 1000 / 479.1)),
    ("private-lenders-share-of-borrowing", SURREY, "2019-20", 100 * 10000 / (426247 + 10000 + 235930)),
    (
        "temporary-borrowing-share",
        CROYDON,
        "2019-20",
        100 * 277000 / (907426 + 20000 + 277000 + 130000 + 8575 + 102000),
    ),
    ("planning-cost-covered-by-fees", SPELTHORNE, "2024-25", 100 * 5921 / 10906),
    ("homelessness-share-of-spending", CROYDON, "2024-25", 100 * 43030.32 / 751660.11),
    ("council-housing-reserves-share-of-spending", CROYDON, "2017-18", 100 * 14535 / 90327),
    ("council-home-repairs-share-of-rents", CROYDON, "2021-22", 100 * 13166 / 78752),
    ("expected-debt-share-of-core-spending-power", SPELTHORNE, "2020-21", 100 * (1158000 + 0) / 10776.663844),
    ("reserves-movement-share-of-net-revenue-expenditure", SURREY, "2017-18", 100 * (0 - 5370) / 809710),
    ("reserves-against-plan", CROYDON, "2016-17", 100 * (10675 + 22161.98844 - 11597 - 31601) / (11597 + 31601)),
    ("social-care-share-of-core-spending-power", SURREY, "2016-17", 100 * (365288 + 153347) / 798044.3900889999),
    ("earmarked-reserves-share-of-service-expenditure", SPELTHORNE, "2012-13", 100 * 11144 / 12683),
]


@cache
def _current() -> pl.DataFrame:
    councils = [CROYDON, SURREY, SPELTHORNE, CORNWALL]
    observations = pl.concat([carried(source) for source in SOURCES], how="diagonal_relaxed")
    return choose_current(observations.filter(pl.col("area_code").is_in(councils)))


@cache
def _derived() -> pl.DataFrame:
    carried_keys = {metric.key for source in SOURCES for metric in load_definitions().sources[source].metrics}
    metrics = load_definitions().derived
    known = set(carried_keys)
    while more := {key for key, each in metrics.items() if key not in known and set(each.inputs.values()) <= known}:
        known |= more
    found = derive(_current(), {key: each for key, each in metrics.items() if key in known})
    return found.filter(pl.col("metric_key").is_in(list(known - carried_keys)), breakdown="all")


@pytest.mark.parametrize(("metric", "area", "period", "expected"), BY_HAND)
def test_a_figure_is_what_its_cells_come_to(metric: str, area: str, period: str, expected: float) -> None:
    found = _derived().filter(metric_key=metric, area_code=area, period=period)
    assert found["value"].to_list() == [pytest.approx(expected, rel=1e-9)]


Get = Callable[[str], float]


def _people(x: Get) -> float:
    return x("household-waste-collected") * 1000 / x("household-waste-per-person")


def _homes(x: Get) -> float:
    return x("household-waste-not-recycled-tonnes") * 1000 / x("residual-waste-per-household")


def _power(x: Get) -> float:
    return x("core-spending-power-without-social-care-grants")


def _net_budget(x: Get) -> float:
    return x("budgeted-revenue-expenditure") - x("budgeted-specific-grants")


def _reserves(x: Get) -> float:
    return x("unallocated-reserves") + x("other-earmarked-reserves")


def _debt(x: Get) -> float:
    return x("gross-borrowing") + x("other-long-term-liabilities")


def _expected_debt(x: Get) -> float:
    return x("forecast-gross-borrowing") + x("forecast-other-long-term-liabilities")


def _care(x: Get) -> float:
    return x("adult-social-care-spending") + x("childrens-social-care-spending")


def _taxpayers_debt_costs(x: Get) -> float:
    return x("interest-paid") - x("interest-charged-to-council-homes") + x("debt-repayment-provision")


def _private(x: Get) -> float:
    return x("bank-borrowing") + x("financial-firm-borrowing") + x("stock-borrowing") + x("other-long-borrowing")


def _lent(x: Get) -> float:
    councils = x("short-borrowing-from-councils") + x("long-borrowing-from-councils")
    return _private(x) + councils + x("pwlb-borrowing") + x("central-government-borrowing")


def _per_head(spending: str) -> Callable[[Get], float]:
    return lambda x: x(spending) * 1e6 / _people(x)


def _share_of_budget(part: str) -> Callable[[Get], float]:
    return lambda x: x(part) / _net_budget(x) * 100


def _against(spent: str, budget: str) -> Callable[[Get], float]:
    return lambda x: (x(spent) / x(budget) - 1) * 100


def _ratio(part: str, whole: str, times: float = 100) -> Callable[[Get], float]:
    return lambda x: x(part) / x(whole) * times


AGAIN: dict[str, Callable[[Get], float]] = {
    "people-by-waste-figures": _people,
    "homes-by-waste-figures": _homes,
    "net-spending-per-head": _per_head("net-spending-on-services"),
    **{
        f"{service}-spending-per-head": _per_head(f"{service}-spending")
        for service in (
            *("adult-social-care", "childrens-social-care", "education", "public-health", "highways-transport", "fire"),
            *("environment", "culture", "housing", "planning", "central-services"),
        )
    },
    "net-spending-per-band-d-home": _ratio("net-spending-on-services", "council-tax-base", 1e6),
    "adult-social-care-spending-per-band-d-home": _ratio("adult-social-care-spending", "council-tax-base", 1e6),
    "childrens-social-care-spending-per-band-d-home": _ratio("childrens-social-care-spending", "council-tax-base", 1e6),
    "earmarked-reserves-share-of-net-revenue-expenditure": _ratio(
        "other-earmarked-reserves", "net-revenue-expenditure"
    ),
    "unallocated-reserves-share-of-service-expenditure": _ratio("unallocated-reserves", "net-spending-on-services"),
    "earmarked-reserves-share-of-service-expenditure": _ratio("other-earmarked-reserves", "net-spending-on-services"),
    "reserves-movement-share-of-net-revenue-expenditure": lambda x: (
        (x("added-to-unallocated-reserves") + x("added-to-earmarked-reserves")) / x("net-revenue-expenditure") * 100
    ),
    "reserves-share-of-core-spending-power": lambda x: _reserves(x) / _power(x) * 100,
    "reserves-against-plan": lambda x: (
        (_reserves(x) / (x("expected-unallocated-reserves") + x("expected-other-earmarked-reserves")) - 1) * 100
    ),
    "gross-external-debt-share-of-core-spending-power": lambda x: _debt(x) / _power(x) * 100,
    "financing-requirement-share-of-core-spending-power": lambda x: (
        x("capital-financing-requirement") / _power(x) * 100
    ),
    "debt-costs-share-of-core-spending-power": lambda x: (
        (x("interest-paid") + x("debt-repayment-provision")) / _power(x) * 100
    ),
    "taxpayers-debt-costs-share-of-core-spending-power": lambda x: _taxpayers_debt_costs(x) / _power(x) * 100,
    "taxpayers-debt-costs-share-of-net-revenue-expenditure": lambda x: (
        _taxpayers_debt_costs(x) / x("net-revenue-expenditure") * 100
    ),
    "gross-external-debt-per-head": lambda x: _debt(x) * 1e6 / _people(x),
    "private-lenders-share-of-borrowing": lambda x: _private(x) / _lent(x) * 100,
    "temporary-borrowing-share": lambda x: x("short-borrowing-from-councils") / _lent(x) * 100,
    "core-spending-power-per-home": lambda x: _power(x) * 1e6 / _homes(x),
    "council-tax-per-home": lambda x: x("council-tax-requirement") * 1e6 / _homes(x),
    "council-tax-share-of-core-spending-power": lambda x: x("council-tax-in-core-spending-power") / _power(x) * 100,
    "social-care-share-of-core-spending-power": lambda x: _care(x) / _power(x) * 100,
    "homelessness-share-of-spending": _ratio("homelessness-spending", "net-spending-on-services"),
    "homelessness-cost-covered-by-income": lambda x: (
        (1 - x("homelessness-spending") / x("homelessness-gross-spending")) * 100
    ),
    "services-spending-against-budget": _against("net-spending-on-services", "budgeted-service-spending"),
    **{
        f"{service}-spending-against-budget": _against(f"{service}-spending", f"budgeted-{service}-spending")
        for service in ("adult-social-care", "childrens-social-care", "housing", "environment")
    },
    "budgeted-net-revenue-expenditure": _net_budget,
    "planned-reserves-movement-share-of-budget": lambda x: (
        (x("budgeted-addition-to-unallocated-reserves") + x("budgeted-addition-to-earmarked-reserves"))
        / _net_budget(x)
        * 100
    ),
    "expected-reserves-share-of-budget": lambda x: (
        (x("expected-unallocated-reserves") + x("expected-other-earmarked-reserves")) / _net_budget(x) * 100
    ),
    "budgeted-debt-costs-share-of-budget": lambda x: (
        (x("budgeted-interest-paid") + x("budgeted-debt-repayment-provision")) / _net_budget(x) * 100
    ),
    "budgeted-council-tax-share-of-budget": _share_of_budget("budgeted-council-tax-requirement"),
    "budgeted-investment-income-share-of-budget": _share_of_budget("budgeted-interest-and-investment-income"),
    **{
        f"{service}-cost-covered-by-fees": _ratio(f"{service}-fees", f"{service}-gross-spending")
        for service in ("adult-social-care", "highways-transport", "culture", "planning", "environment")
    },
    "council-housing-reserves-share-of-spending": _ratio(
        "council-housing-reserves", "council-housing-account-spending"
    ),
    "council-home-repairs-share-of-rents": _ratio("budgeted-council-home-repairs", "budgeted-council-home-rents"),
    "council-home-interest-share-of-rents": _ratio("budgeted-council-home-interest", "budgeted-council-home-rents"),
    "planned-borrowing-share-of-capital-spending": _ratio(
        "planned-capital-spending-by-borrowing", "planned-capital-spending"
    ),
    "expected-debt-share-of-core-spending-power": lambda x: _expected_debt(x) / _power(x) * 100,
    "expected-debt-share-of-limit": lambda x: _expected_debt(x) / x("planned-authorised-debt-limit") * 100,
}


@pytest.mark.parametrize("metric", AGAIN)
def test_a_figure_comes_to_the_same_in_plain_python(metric: str) -> None:
    """Every council and period of the four with a value; each metric has some."""
    figures = _derived().filter(pl.col("value").is_not_null(), metric_key=metric)
    assert len(figures) > 0
    for area, period, value in figures.select("area_code", "period", "value").iter_rows():
        known = dict(
            _current().filter(area_code=area, period=period, breakdown="all").select("metric_key", "value").iter_rows()
        )
        assert AGAIN[metric](lambda key, known=known: known[key]) == pytest.approx(value, rel=1e-9, abs=1e-9)
