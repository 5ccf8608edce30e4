"""The one query: every council is answered for, and zero, missing and not responsible stay apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moothall.core.statistics import is_covered
from moothall.core.values import Marker, Polarity, Unit, format_value
from moothall.release.check import verify_release
from moothall.release.comparators import Comparators
from moothall.release.downloads.figures import FIELDS, as_json
from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.release.records import FigureRecord, UnknownKey
from moothall.release.scopes import place, sum_up
from tests.release.barset import (
    ALLINGTON,
    AUTHORITY,
    BARCHESTER,
    COUNTY,
    FRAMLEY,
    GATHERUM,
    GREATER_PLUMSTEAD,
    OBSERVED,
    OLD_BARCHESTER_CODE,
    OMNIUM,
    PLUMSTEAD_OLD,
    SILVERBRIDGE,
    SOUTH_EAST,
    SOUTH_WEST,
    Observed,
    build_release,
    make_contents,
)
from tests.release.reading import read_file, write_alone


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(tmp_path_factory.mktemp("releases"))


def read_states(figures: list[FigureRecord]) -> dict[str, float | str]:
    return {f.area: f.value if f.value is not None else str(f.marker) for f in figures}


def test_every_council_alive_on_the_last_day_is_answered_for(release: Release) -> None:
    figures = release.figures(Selection(metric=("bins-missed",)))
    assert read_states(figures) == {
        BARCHESTER: 442.0,
        SILVERBRIDGE: 0.0,
        FRAMLEY: "not_submitted",
        GREATER_PLUMSTEAD: 66.25,
        ALLINGTON: 31.0,
        GATHERUM: 31.04,
        OMNIUM: 45.0,
        COUNTY: "not_responsible",
        AUTHORITY: 700.0,  # not a council, but it has a row
    }
    assert [f.area_name for f in figures] == sorted(f.area_name for f in figures)
    emptied = read_states(release.figures(Selection(metric=("bins-emptied",))))
    assert emptied[OMNIUM] == "no_row"
    assert AUTHORITY not in emptied


def test_a_council_is_answered_for_only_while_it_existed(release: Release) -> None:
    years = {p: read_states(release.slice("bins-missed", p)) for p in ("2021-22", "2022-23", "2023-24")}
    assert [PLUMSTEAD_OLD in states for states in years.values()] == [True, True, False]
    assert [GREATER_PLUMSTEAD in states for states in years.values()] == [False, False, True]


def test_what_is_not_computable_for_want_of_the_function_is_not_responsible(release: Release) -> None:
    states = read_states(release.figures(Selection(metric=("share-missed",))))
    assert states[OMNIUM] == "not_computable"
    assert states[AUTHORITY] == "not_responsible"
    assert states[FRAMLEY] == "not_submitted"


def test_a_value_is_shown_in_words_and_an_absence_by_its_label(release: Release) -> None:
    figures = {f.area: f for f in release.figures(Selection(metric=("bins-missed",)))}
    assert figures[SILVERBRIDGE].text == "0.0 tonnes"
    assert figures[GREATER_PLUMSTEAD].text == "66.3 tonnes"
    assert figures[FRAMLEY].text == "no return"
    assert figures[COUNTY].text == "not responsible"


def test_positions_follow_the_peers_asked_for(release: Release) -> None:
    england = release.figure("bins-missed", GATHERUM, "2023-24")
    assert (england.rank, england.rank_of, england.band) == (2, 6, 2)
    assert england.mads_peers == england.mads_england is not None
    assert england.median_peers == england.median_england == (31.04 + 45.0) / 2
    of_type = release.figure("bins-missed", GATHERUM, "2023-24", peers=Comparators("type"))
    assert (of_type.rank, of_type.rank_of) == (1, 4)
    assert of_type.median_peers == of_type.median_class == (31.04 + 45.0) / 2
    in_region = release.figure("bins-missed", GATHERUM, "2023-24", peers=Comparators("region"))
    assert (in_region.rank, in_region.rank_of, in_region.band) == (1, 3, 2)  # 31.0 and 31.04 are shown alike
    assert (in_region.median_peers, in_region.mads_peers) == (31.04, None)  # the spread is too small to be seen
    assert in_region.mads_england == england.mads_england
    for figure in (england, of_type, in_region):
        assert figure.median_neighbours is None
        assert figure.mads_neighbours is None
        assert figure.neighbours_marker is Marker.NO_NEIGHBOURS
        assert figure.trend == england.trend is not None, "whoever it is compared with"


def test_nothing_is_ranked_where_neither_direction_is_better(release: Release) -> None:
    for peers in map(Comparators, ("england", "type", "region", "neighbours")):
        for figure in release.figures(Selection(metric=("bins-emptied",), peers=peers)):
            assert (figure.rank, figure.rank_of, figure.band) == (None, None, None)


def test_a_figure_on_another_basis_is_answered_and_takes_no_part_in_a_region(tmp_path: Path) -> None:
    def mark(row: Observed) -> Observed:
        return (*row[:5], "other_basis") if row[:3] == ("bins-missed", ALLINGTON, "2023-24") else row

    other = build_release(tmp_path, make_contents(map(mark, OBSERVED)))
    members = other.slice("bins-missed", "2023-24", peers=Comparators("region"), for_area=GATHERUM)
    with_value = {figure.area for figure in members if figure.value is not None}
    assert ALLINGTON in with_value
    region = other.summary("bins-missed", "2023-24", scope=other.area(GATHERUM).region_code)
    assert region.with_value == len(with_value) - 1
    figure = other.figure("bins-missed", ALLINGTON, "2023-24", peers=Comparators("region"))
    assert (figure.value, figure.marker) == (31.0, Marker.OTHER_BASIS)
    assert (figure.mads_peers, figure.mads_england, figure.rank, figure.band) == (None, None, None, None)


def test_too_few_in_a_region_are_not_compared(release: Release) -> None:
    region = release.summary("bins-emptied", "2023-24", scope=SOUTH_EAST)
    assert (region.eligible, region.with_value, region.median, region.marker) == (3, 2, None, Marker.TOO_FEW)
    assert (region.lowest, region.highest) == (69.0, 90.0)
    figure = release.figure("bins-emptied", ALLINGTON, "2023-24", peers=Comparators("region"))
    assert (figure.mads_peers, figure.median_peers) == (None, None)


def test_a_region_is_worked_out_as_england_is(release: Release) -> None:
    """Were England one region, its councils would stand as the release's own figures say."""
    for metric in release.metrics():
        figures = release.slice(metric.key, "2023-24")
        stored = release.summary(metric.key, "2023-24", scope="england")
        responsible = [f for f in figures if f.marker is not Marker.NOT_RESPONSIBLE]
        values = {f.area: f.value for f in responsible if f.value is not None}
        many, enough = len(responsible), is_covered(len(values), len(responsible))
        scope = sum_up(metric, "england", stored.scope_label, many, values.values(), is_covered=enough)
        positions = place(metric, scope.summary, values)
        assert scope.summary == stored
        for figure in figures:
            if figure.value is not None and figure.mads_england is not None:
                position = positions[figure.area]
                assert position.mads == pytest.approx(figure.mads_england)
                assert (position.rank, position.band, scope.ranked if position.rank else None) == (
                    figure.rank,
                    figure.band,
                    figure.rank_of,
                )


def test_the_scopes_have_words(release: Release) -> None:
    labels = [
        release.summary("bins-missed", "2023-24", scope=s).scope_label for s in ("england", "unitary", SOUTH_WEST)
    ]
    assert labels == ["councils in England", "unitary councils", "councils in the South West"]
    with pytest.raises(UnknownKey, match="scope 'county'"):
        release.summary("bins-missed", "2023-24", scope="county")


def test_a_slice_holds_the_councils_of_the_comparison(release: Release) -> None:
    def names(**asked: Any) -> list[str]:
        return [figure.area_name for figure in release.slice("bins-missed", "2023-24", **asked)]

    assert names() == names(for_area=ALLINGTON)
    assert "Greater Barset" not in names()
    assert names(for_area=AUTHORITY)[-3:] == ["Greater Plumstead", "Omnium", "Silverbridge"]
    assert "Greater Barset" in names(for_area=AUTHORITY)
    assert names(peers=Comparators("type"), for_area=BARCHESTER) == ["Barchester", "Framley", "Silverbridge"]
    assert names(peers=Comparators("region"), for_area=ALLINGTON) == ["Allington", "Gatherum", "Omnium"]


def test_the_history_of_an_area_runs_from_its_first_period_to_its_last(release: Release) -> None:
    history = release.history("bins-missed", OLD_BARCHESTER_CODE)
    assert [(f.period, f.value, f.marker) for f in history] == [
        ("2021-22", 40.0, None),
        ("2022-23", 45.0, Marker.REVISED),
        ("2023-24", 442.0, None),
    ]
    assert [(f.change, f.change_from) for f in history] == [(None, None), (5.0, "2021-22"), (397.0, "2022-23")]
    assert [f.period for f in release.history("bins-missed", PLUMSTEAD_OLD)] == ["2021-22", "2022-23"]
    assert read_states(release.history("bins-missed", OMNIUM)[:1]) == {OMNIUM: "no_row"}


def test_an_area_has_a_figure_of_every_metric(release: Release) -> None:
    figures = {f.metric: f for f in release.area_figures(COUNTY)}
    assert list(figures) == [metric.key for metric in release.metrics()]
    assert [f.marker for f in figures.values()] == [Marker.NOT_RESPONSIBLE] * 4 + [None]
    closed = release.area_figures(PLUMSTEAD_OLD)
    assert [(f.metric, f.period, f.value) for f in closed] == [("bins-missed", "2022-23", 71.0)]


def test_unknown_keys_are_named(release: Release) -> None:
    asked = {
        "metric": Selection(metric=("moots",)),
        "area": Selection(area=("E07000001",)),
        "period": Selection(period=("1999-00",)),
        "topic": Selection(topic=("moots",)),
        "breakdown": Selection(breakdown=("sex-female",)),
    }
    for kind, selection in asked.items():
        with pytest.raises(UnknownKey) as caught:
            release.figures(selection)
        assert caught.value.kind == kind
    with pytest.raises(UnknownKey, match="figure 'bins-missed/E06900001/2021-22'"):
        release.figure("bins-missed", GREATER_PLUMSTEAD, "2021-22")
    with pytest.raises(UnknownKey, match="period '2020-21'"):
        release.figure("bins-missed", BARCHESTER, "2020-21")
    with pytest.raises(UnknownKey, match="breakdown 'none'"):
        release.figure("bins-missed", BARCHESTER, "2021-22", breakdown="none")


def test_selections_meet(release: Release) -> None:
    def keys(**asked: Any) -> set[tuple[str, str, str]]:
        return {(f.metric, f.area, f.period) for f in release.figures(Selection(**asked))}

    everything = keys(period="all")
    assert keys(topic=("care",)) == {key for key in everything if key[0] == "carers-content"}
    assert keys(topic=("care",), metric=("bins-missed",)) == set()
    assert keys(metric=("bins-missed",), area=(BARCHESTER, OLD_BARCHESTER_CODE), period=("2021-22", "2023-24")) == {
        ("bins-missed", BARCHESTER, "2021-22"),
        ("bins-missed", BARCHESTER, "2023-24"),
    }
    assert keys(area=(AUTHORITY,)) >= {("carers-content", AUTHORITY, "2023-24")}


def test_a_figure_is_the_same_whichever_way_it_is_asked_for(release: Release) -> None:
    for peers in map(Comparators, ("england", "type", "region", "neighbours")):
        whole = release.figures(Selection(period="all", peers=peers))
        for figure in whole:
            assert release.figure(figure.metric, figure.area, figure.period, peers=peers) == figure
            assert figure in release.history(figure.metric, figure.area, peers=peers)
            assert release.trace(figure.metric, figure.area, figure.period, peers=peers).figure == figure
        for area in release.areas():
            assert [f for f in release.area_figures(area.code, peers=peers) if f.value is not None] == [
                f for f in whole if f.area == area.code and f.value is not None and f.period == "2023-24"
            ]


def test_breakdowns_are_kept_apart(tmp_path: Path) -> None:
    release = build_release(tmp_path, make_contents(breakdowns=("all", "bins-brown")))
    assert release.metric("bins-missed").breakdowns == ("all", "bins-brown")
    assert {f.breakdown for f in release.figures(Selection())} == {"all"}
    assert {
        (f.breakdown, f.period) for f in release.figures(Selection(metric=("carers-content",), breakdown=(), period=()))
    } == {
        ("all", "2023-24"),
        ("bins-brown", "2023-24"),
    }
    brown = release.figures(Selection(breakdown=("bins-brown",)))
    assert {f.breakdown for f in brown} == {"bins-brown"}
    assert release.figure("bins-missed", BARCHESTER, "2023-24", breakdown="bins-brown") in brown


VALUES = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12)
ABSENT = st.sampled_from(["not_submitted", "suppressed", "unreliable", "not_available", "reported_jointly"])
CELLS = st.one_of(
    st.none(),  # no row
    st.tuples(st.one_of(st.just(0.0), st.just(-0.0), VALUES), st.sampled_from([None, "provisional", "estimated"])),
    st.tuples(st.none(), ABSENT),
)
PLACES = [BARCHESTER, SILVERBRIDGE, FRAMLEY, GREATER_PLUMSTEAD, ALLINGTON, GATHERUM, OMNIUM]


def list_observed(cells: list[tuple[float | None, str | None] | None]) -> Iterator[Observed]:
    for area, cell in zip(PLACES, cells, strict=True):
        if cell is not None:
            yield "bins-missed", area, "2023-24", "barset-bins/2023-24", *cell


@settings(max_examples=25)
@given(st.lists(CELLS, min_size=len(PLACES), max_size=len(PLACES)))
def test_zero_missing_and_not_responsible_stay_apart_through_every_download(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[float | None, str | None] | None]
) -> None:
    observed = [*list_observed(cells), *OBSERVED[-3:]]  # some care figures, so that there is always something
    release = build_release(tmp_path_factory.mktemp("releases"), make_contents(observed))
    assert list(verify_release(release.directory)) == []
    selection = Selection(metric=("bins-missed",), period="all")
    figures = release.figures(selection)
    if not any(cells):
        assert figures == []
        return
    rows = read_file(release, selection)
    objects = json.loads(json.dumps([as_json(figure) for figure in figures]))
    expected = {area: (None, "no_row") if cell is None else cell for area, cell in zip(PLACES, cells, strict=True)}
    expected[COUNTY] = (None, "not_responsible")
    assert [row["area"] for row in rows] == [each["area"] for each in objects] == [f.area for f in figures]
    assert {f.area for f in figures} == set(expected)
    for figure, row, each in zip(figures, rows, objects, strict=True):
        value, marker = expected[figure.area]
        assert figure.value == value
        assert (str(figure.marker) if figure.marker else None) == marker
        assert each["value"] == value
        assert each["marker"] == marker
        assert (float(row["value"]) if row["value"] else None) == value
        assert (row["marker"] or None) == marker
        if value is not None:
            assert figure.text == format_value(value, figure.unit, figure.places)
    present = [value for value, _ in expected.values() if value is not None]
    summary = release.summary("bins-missed", "2023-24", scope="england")
    assert (summary.eligible, summary.with_value) == (len(PLACES), len(present))
    if summary.median is not None:
        ordered, middle = sorted(present), len(present) // 2
        plain = ordered[middle] if len(present) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
        assert summary.median == pytest.approx(plain)
        assert all(f.median_england == summary.median for f in figures)


def test_csv_equals_json_equals_the_record(release: Release) -> None:
    selection = Selection(period="all", peers=Comparators("region"))
    figures, rows = release.figures(selection), read_file(release, selection)
    assert len(rows) == len(figures)
    for figure, row in zip(figures, rows, strict=True):
        each = json.loads(json.dumps(as_json(figure)))
        assert tuple(each) == tuple(row) == FIELDS
        for name in FIELDS:
            holder = figure if name == "class" or hasattr(figure, name) else figure.certainty
            recorded = holder and getattr(holder, "area_class" if name == "class" else name, None)
            if name == "trend" and figure.trend is not None:
                recorded = figure.trend.direction
            if name == "marker_meaning":
                recorded = figure.marker and figure.marker.meaning.sentence
            if recorded is None:
                assert (row[name], each[name]) == ("", None)
            elif isinstance(recorded, bool):
                assert each[name] is recorded
                assert row[name] == json.dumps(recorded)
            elif isinstance(recorded, int | float):
                assert float(row[name]) == recorded == each[name]
                assert row[name] == json.dumps(each[name])
            elif isinstance(recorded, tuple):
                assert tuple(row[name].split("; ")) == recorded == tuple(each[name])
            else:
                assert row[name] == str(recorded) == each[name]


def test_the_contract_s_fields_come_first() -> None:
    contract = (
        "metric, breakdown, area, area_name, class, comparable_within, lever, shared_with, period, value, unit, marker,"
        " lower, upper, mads_england, mads_neighbours, median_england, median_neighbours, rank, rank_of, trend,"
        " release, source, edition, published"
    )
    assert FIELDS[:25] == tuple(contract.split(", "))


def test_a_text_that_looks_like_a_formula_is_disarmed_and_a_negative_number_is_not(release: Release) -> None:
    figure = release.figure("bins-missed", BARCHESTER, "2023-24")
    for name in ("=1+1", "+44", "-cmd", "@sum", "\t=1", "\r=1"):
        harmful = figure._replace(area_name=name, value=-1.5, shared_with=(name,))
        row = write_alone(harmful)
        assert row["area_name"] == f"'{name}"
        assert row["shared_with"] == f"'{name}"
        assert row["value"] == "-1.5"
        assert as_json(harmful)["area_name"] == name


def test_judgements_of_a_region_are_counted_and_not_placed(release: Release) -> None:
    metric = replace(release.metric("bins-missed"), unit=Unit.JUDGEMENT, polarity=Polarity.NONE)
    values = {BARCHESTER: 1.0, SILVERBRIDGE: 2.0, FRAMLEY: 4.0}
    scope = sum_up(metric, SOUTH_WEST, "councils in the South West", 3, values.values(), is_covered=True)
    assert (place(metric, scope.summary, values), scope.ranked) == ({}, None)
    assert (scope.summary.with_value, scope.summary.marker) == (3, Marker.NOT_AN_AMOUNT)
    assert (scope.summary.median, scope.summary.mad, scope.summary.lowest) == (None, None, None)


@pytest.mark.parametrize("start", [0, 1, 7, 40, 10_000])
@pytest.mark.parametrize("many", [1, 5, 1000])
def test_a_part_of_the_figures_is_that_part_of_the_whole(release: Release, start: int, many: int) -> None:
    selection = Selection(period="all", breakdown=())
    whole = release.figures(selection)
    assert release.count_figures(selection) == len(whole)
    assert release.figures(selection, start, many) == whole[start : start + many]
