"""The gate before publishing: a fault planted in Barsetshire for every check, and each caught with its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from moothall.analysis.current import choose_current
from moothall.analysis.gate import count_findings, inspect, list_problems
from moothall.analysis.position import find_pools
from moothall.core.loading import Catalogue
from moothall.core.problems import Problem
from moothall.core.quality import Accepted, Total
from moothall.pipeline.project import load
from moothall.pipeline.release import gather
from moothall.release.contents import Contents
from tests.conftest import Barsetshire

WASTE, RECYCLED, MISSED = "household-waste-collected", "household-waste-recycled", "missed-collections"
NEWEST, BEFORE = "2022-23", "2021-22"
EARLIER, LATER = "barset-waste/2021-22", "barset-waste/2022-23"
BARCHESTER, PLUMSTEAD = "E06900001", "E06900002"
metric, period, area, edition = (pl.col(name) for name in ("metric_key", "period", "area_code", "edition_key"))


@pytest.fixture(scope="module")
def contents(barsetshire: Barsetshire) -> Contents:
    """Barsetshire, with weights that do not all grow by the same hundred tonnes."""
    found = gather(barsetshire.project, load(barsetshire.project))
    tens = area.str.slice(-1).cast(pl.Int64) * period.str.slice(3, 1).cast(pl.Int64) % 7
    value = pl.when(metric == WASTE).then(pl.col("value") + 10 * tens).otherwise(pl.col("value"))
    return replace(found, observations=found.observations.with_columns(value=value))


def run(contents: Contents, observations: pl.DataFrame, catalogue: Catalogue | None = None) -> pl.DataFrame:
    """The findings of changed observations."""
    catalogue = catalogue or contents.catalogue
    current = choose_current(observations)
    pools = find_pools(current, catalogue.metrics, contents.register, catalogue.functions)
    return inspect(observations, current, catalogue, pools)[0]


def change(contents: Contents, which: pl.Expr, **columns: pl.Expr) -> pl.DataFrame:
    """The observations with other columns where they are meant."""
    return contents.observations.with_columns(
        **{name: pl.when(which).then(expression).otherwise(pl.col(name)) for name, expression in columns.items()}
    )


def say(contents: Contents, **words: Any) -> Catalogue:
    """The definitions with the waste source saying something more."""
    sources = contents.catalogue.sources
    return replace(
        contents.catalogue, sources=sources | {"barset-waste": sources["barset-waste"].model_copy(update=words)}
    )


def in_newest(key: str = WASTE) -> pl.Expr:
    return (metric == key) & (period == NEWEST)


FIVE = ["E06900001", "E06900002", "E06900003", "E06900005", "E06900008"]
value = pl.col("value")
PLANTED: dict[str, tuple[Callable[[Contents], pl.DataFrame], str, str, str]] = {
    "COVERAGE_DROPPED": (
        lambda c: c.observations.filter((in_newest() & area.is_in(FIVE)).not_()),
        NEWEST,
        "error",
        "10 of 15 councils have a row, 15 had one in 2021-22",
    ),
    "VALUES_LOST": (
        lambda c: change(c, in_newest(), value=pl.lit(None), marker=pl.lit("not_available")),
        NEWEST,
        "error",
        "0 of 15 rows have a value, 13 had one in 2021-22",
    ),
    "ROWS_GONE": (
        lambda c: c.observations.filter(
            ((metric == WASTE) & (period == BEFORE) & (edition == LATER) & (area == PLUMSTEAD)).not_()
        ),
        BEFORE,
        "warning",
        f"{PLUMSTEAD} has a row in {EARLIER}, none in {LATER}",
    ),
    "PERIOD_MISSING": (
        lambda c: c.observations.filter(((metric == WASTE) & (period == "2020-21")).not_()),
        BEFORE,
        "warning",
        "nothing between 2019-20 and 2021-22, 24 months apart",
    ),
    "SERIES_OLD": (
        lambda c: c.observations.filter(((metric == WASTE) & (period > "2018-19")).not_()),
        "2018-19",
        "warning",
        "the series ends 48 months before the newest of its source",
    ),
    "JUMP_UNNOTED": (
        lambda c: change(c, in_newest(), value=value * 1000),
        NEWEST,
        "error",
        "100% of councils the same way",
    ),
    "VALUE_JUMPED": (
        lambda c: change(c, in_newest() & (area == BARCHESTER), value=value * 6),
        NEWEST,
        "warning",
        f"{BARCHESTER} went from 40",
    ),
    "REVISION_LARGE": (
        lambda c: change(c, (metric == WASTE) & (period == BEFORE) & (edition == LATER), value=value * 0.7),
        BEFORE,
        "error",
        "; and 12 more",
    ),
    "PERIOD_REPEATED": (
        lambda c: repeat(c),
        NEWEST,
        "error",
        "values are those of 2021-22",
    ),
    "CELL_SHARED": (
        lambda c: change(
            c, (metric == RECYCLED) & (edition == LATER), cell=pl.col("cell").str.replace("H", "G", literal=True)
        ),
        NEWEST,
        "error",
        "is read from a cell that is read as something else, too",
    ),
    "KEY_DUPLICATED": (
        lambda c: pl.concat([c.observations, c.observations.filter(in_newest() & (area == PLUMSTEAD))]),
        NEWEST,
        "error",
        f"{PLUMSTEAD} has 30",
    ),
    "VALUE_OUT_OF_RANGE": (
        lambda c: change(c, in_newest() & (area == PLUMSTEAD), value=-value),
        NEWEST,
        "error",
        f"{PLUMSTEAD} has -30",
    ),
}


def repeat(contents: Contents) -> pl.DataFrame:
    """The observations with the newest weights those of the year before."""
    before = contents.observations.filter((metric == WASTE) & (period == BEFORE) & (edition == LATER))
    known = before.select("area_code", before="value")
    joined = contents.observations.join(known, on="area_code", how="left", maintain_order="left")
    return joined.with_columns(value=pl.when(in_newest()).then(pl.col("before")).otherwise(value)).drop("before")


@pytest.mark.parametrize("code", PLANTED)
def test_planted_fault_is_caught(contents: Contents, code: str) -> None:
    plant, where, severity, said = PLANTED[code]
    before = is_found(run(contents, contents.observations), code, where)
    assert not [each for each in before if said in each["said"]], "the fault was there before"
    findings = run(contents, plant(contents))
    found = is_found(findings, code, where)
    assert [(each["severity"], each["reason"]) for each in found] == [(severity, None)]
    assert said in found[0]["said"]


def is_found(findings: pl.DataFrame, code: str, where: str) -> list[dict[str, Any]]:
    meant = [WASTE, RECYCLED] if code == "CELL_SHARED" else [WASTE]
    rows = findings.filter((pl.col("code") == code) & (period == where) & metric.is_in(meant)).to_dicts()
    return rows[:1] if code == "CELL_SHARED" else rows


def test_single_values_have_their_cell_as_place(contents: Contents) -> None:
    problems = list_problems(run(contents, PLANTED["VALUE_JUMPED"][0](contents)))
    found = next(problem for problem in problems if problem.code == "VALUE_JUMPED")
    (cell,) = contents.observations.filter(in_newest() & (area == BARCHESTER))["cell"]
    assert str(found.where) == f"{LATER}:Table_1!{cell}"


def test_parts_that_do_not_add_up_are_caught(contents: Contents) -> None:
    sums = (
        contents.observations.filter(metric.is_in([RECYCLED, MISSED]) & value.is_not_null())
        .group_by("area_code", "period", "edition_key")
        .agg(whole=value.sum(), parts=pl.len())
        .filter(pl.col("parts") == 2)
    )
    place = ["area_code", "period", "edition_key"]
    joined = contents.observations.join(sums, on=place, how="left", maintain_order="left")
    whole = joined.with_columns(value=pl.when(metric == WASTE).then(pl.col("whole")).otherwise(value))
    catalogue = say(contents, totals=(Total(metric=WASTE, parts=(RECYCLED, MISSED), tolerance=0.5),))
    assert run(contents, whole, catalogue).filter(pl.col("code") == "TOTAL_DIFFERS").is_empty()
    off = whole.with_columns(value=pl.when(in_newest() & (area == BARCHESTER)).then(value + 0.6).otherwise(value))
    (found,) = run(contents, off, catalogue).filter(pl.col("code") == "TOTAL_DIFFERS").to_dicts()
    assert (found["metric_key"], found["period"], found["many"], found["severity"]) == (WASTE, NEWEST, 1, "error")
    assert found["said"].startswith(f"{BARCHESTER} has 18")


def test_breakdowns_that_do_not_add_up_are_caught(contents: Contents) -> None:
    rows = contents.observations.filter(in_newest() & value.is_not_null())
    halves = [rows.with_columns(value=value / 2, breakdown=pl.lit(name), cell=pl.lit(name)) for name in ("a", "b")]
    catalogue = say(contents, totals=(Total(metric=WASTE, breakdowns=("a", "b")),))
    observations = pl.concat([contents.observations, *halves])
    assert run(contents, observations, catalogue).filter(pl.col("code") == "TOTAL_DIFFERS").is_empty()
    off = observations.with_columns(
        value=pl.when((pl.col("breakdown") == "b") & (area == PLUMSTEAD)).then(value + 1).otherwise(value)
    )
    (found,) = run(contents, off, catalogue).filter(pl.col("code") == "TOTAL_DIFFERS").to_dicts()
    assert found["said"].startswith(f"{PLUMSTEAD} has 30")


def test_large_revisions_of_few_are_warnings(contents: Contents) -> None:
    which = (metric == WASTE) & (period == BEFORE) & (edition == LATER) & (area == PLUMSTEAD)
    findings = run(contents, change(contents, which, value=value * 0.7))
    (found,) = findings.filter(pl.col("code") == "REVISION_LARGE").to_dicts()
    assert (found["severity"], found["many"]) == ("warning", 1)


def test_note_on_the_period_explains_a_jump(contents: Contents) -> None:
    jumped = PLANTED["JUMP_UNNOTED"][0](contents)
    note = {"periods": [NEWEST], "kind": "definition", "reason": "From then on tonnes are counted in kilograms."}
    source = contents.catalogue.sources["barset-waste"]
    notes = type(source).model_validate(source.model_dump() | {"period_notes": [note]}).period_notes
    findings = run(contents, jumped, say(contents, period_notes=notes))
    assert findings.filter((pl.col("code") == "JUMP_UNNOTED") & (metric == WASTE)).is_empty()


def test_accepted_is_set_apart_with_its_reason(contents: Contents) -> None:
    jumped = PLANTED["JUMP_UNNOTED"][0](contents)
    reason = "The office weighs in kilograms now. Not explained by the publisher."
    accepted = Accepted(code="JUMP_UNNOTED", metrics=(WASTE,), periods=(NEWEST,), reason=reason)
    findings = run(contents, jumped, say(contents, accepted=(accepted,)))
    (found,) = findings.filter((pl.col("code") == "JUMP_UNNOTED") & (metric == WASTE)).to_dicts()
    assert found["reason"] == reason
    assert "JUMP_UNNOTED" not in {problem.code for problem in list_problems(findings)}
    assert "accepted with a reason" in count_findings(findings)


@pytest.mark.parametrize("words", [{"periods": (BEFORE,)}, {"metrics": (MISSED,)}, {"areas": (BARCHESTER,)}])
def test_acceptance_of_another_place_accepts_nothing(contents: Contents, words: dict[str, Any]) -> None:
    jumped = PLANTED["JUMP_UNNOTED"][0](contents)
    accepted = Accepted(code="JUMP_UNNOTED", reason="It is not about this one.", **words)
    catalogue = say(contents, accepted=(accepted,))
    current = choose_current(jumped)
    pools = find_pools(current, catalogue.metrics, contents.register, catalogue.functions)
    findings, unused = inspect(jumped, current, catalogue, pools)
    assert "JUMP_UNNOTED" in {problem.code for problem in list_problems(findings)}
    assert [(problem.code, problem.severity) for problem in unused] == [("RULE_UNUSED", "warning")]


def test_order_of_observations_does_not_matter(contents: Contents) -> None:
    for plant, _, _, _ in PLANTED.values():
        planted = plant(contents)
        assert run(contents, planted.sample(fraction=1, shuffle=True, seed=4)).equals(run(contents, planted))


def test_nothing_known_is_nothing_found(contents: Contents) -> None:
    assert run(contents, contents.observations.clear()).is_empty()


def test_findings_are_problems_with_a_page(contents: Contents) -> None:
    found = list(list_problems(run(contents, PLANTED["JUMP_UNNOTED"][0](contents))))
    assert found == sorted(found, key=lambda problem: problem.severity)
    assert all(isinstance(problem, Problem) for problem in found)


def test_nothing_is_found_where_nothing_is_looked_at(contents: Contents) -> None:
    none = contents.observations.clear()
    pools = find_pools(
        choose_current(contents.observations),
        contents.catalogue.metrics,
        contents.register,
        contents.catalogue.functions,
    )
    findings, _ = inspect(none, choose_current(none), contents.catalogue, pools)
    assert findings.is_empty()
    assert findings.schema == contents.findings.schema
