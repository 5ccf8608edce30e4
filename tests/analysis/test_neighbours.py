"""Neighbours: what must hold of any distance and any list, and that plain Python and NumPy agree to the bit."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moothall.analysis.likened_by import read_values
from moothall.analysis.neighbours import measure
from moothall.core.areas import AreaClass
from moothall.core.grounds import Part, Tier
from moothall.core.likeness import find_distance, name_closeness, order_by_distance
from tests.analysis.likeness import list_all, make_councils, make_model, make_space, read_lists
from tests.analysis.pool import make_area, make_current

DOMAINS = (("log", "identity"), ("identity", "identity", "log"))
MODEL = make_model(DOMAINS)


def draw(seed: int, many: int = 30, inputs: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).lognormal(3, 0.7, (many, inputs))


seeds = st.integers(0, 10_000)


@given(seeds)
@settings(max_examples=25)
def test_a_distance_is_one(seed: int) -> None:
    space = make_space(MODEL, draw(seed), make_councils(30))
    distances = space.distances
    assert (distances == distances.T).all()
    assert (np.diag(distances) == 0).all()
    assert (distances[:, None, :] <= distances[:, :, None] + distances[None, :, :] + 1e-12).all()
    assert sum(space.weights) == pytest.approx(1)


@given(seeds)
@settings(max_examples=25)
def test_plain_python_and_numpy_agree_to_the_bit(seed: int) -> None:
    space = make_space(MODEL, draw(seed), make_councils(30))
    rows = [tuple(row) for row in space.z.tolist()]
    for i in (0, 7, 29):
        plain = {code: find_distance(rows[i], rows[j], space.weights) for j, code in enumerate(space.codes) if j != i}
        assert plain == {code: space.distances[i, j] for j, code in enumerate(space.codes) if j != i}
        assert [code for code, _ in order_by_distance(plain)[: space.k]] == [space.codes[j] for j in space.order[i]]


@given(seeds)
@settings(max_examples=10)
def test_other_units_and_another_order_change_no_list(seed: int) -> None:
    columns, areas = draw(seed), make_councils(30)
    usual = read_lists(list_all(MODEL, columns, areas))
    rescaled = columns * [2**10, 2**-3, 1, 2, 2**5]
    assert read_lists(list_all(MODEL, rescaled, areas)) == usual
    turned = np.random.default_rng(seed).permutation(30)
    assert read_lists(list_all(MODEL, columns[turned], [areas[i] for i in turned])) == usual


@given(seeds)
@settings(max_examples=10)
def test_new_codes_rename_the_lists_and_nothing_else(seed: int) -> None:
    columns, areas = draw(seed), make_councils(30)
    renamed = [make_area(1000 + number) for number in range(1, 31)]
    new = {old.code: area.code for old, area in zip(areas, renamed, strict=True)}
    usual = read_lists(list_all(MODEL, columns, areas))
    assert read_lists(list_all(MODEL, columns, renamed)) == {
        new[code]: [new[each] for each in near] for code, near in usual.items()
    }


@given(seeds)
@settings(max_examples=10)
def test_lists_are_of_others_alive_in_the_pool(seed: int) -> None:
    gone = [make_area(50, closed=date(2024, 4, 1)), make_area(51, opened=date(2024, 4, 2))]
    others = [make_area(60, AreaClass.DISTRICT), make_area(61, AreaClass.CITY_OF_LONDON)]
    councils = make_councils(30)
    frames = list_all(MODEL, draw(seed, 34), [*councils, *gone, *others])
    lists = read_lists(frames)
    codes = {area.code for area in councils}
    assert set(lists) == codes
    for code, near in lists.items():
        assert len(near) == len(set(near)) == 15
        assert code not in near
        assert set(near) <= codes
    none = frames["neighbour_lists"].filter(pl.col("pool").is_null()).select("area_code", "why_none")
    assert sorted(none.rows()) == [(others[0].code, "not_in_model"), (others[1].code, "own_kind")]


def test_the_same_inputs_give_the_same_shares() -> None:
    columns, areas = draw(1), make_councils(30)
    first, second = (list_all(MODEL, columns, areas) for _ in range(2))
    for name, frame in first.items():
        assert frame.equals(second[name]), name
    inclusion = first["neighbours"].get_column("inclusion")
    assert inclusion.is_between(0, 1).all()
    assert inclusion.n_unique() > 20


def test_equal_distances_stand_in_the_order_of_codes() -> None:
    columns = np.array([[0.0], [1.0], [-1.0], [2.0], [-2.0], [0.0]])
    lists = read_lists(list_all(make_model([["identity"]]), columns, make_councils(6)))
    assert lists["E06900001"] == ["E06900006", "E06900002", "E06900003"]


def test_too_much_missing_makes_no_list_and_a_little_the_middle() -> None:
    columns = draw(2, inputs=6)
    model = make_model([["identity"], ["identity"] * 5])
    columns[3, 0] = np.nan  # half of the weight
    columns[4, 5] = np.nan  # a tenth
    frames = list_all(model, columns, make_councils(30))
    lists = frames["neighbour_lists"]
    assert lists.filter(pl.col("pool").is_null()).select("area_code", "why_none").rows() == [
        ("E06900004", "inputs_missing")
    ]
    values = frames["neighbour_values"].filter(pl.col("metric_key") == "i5")
    imputed = values.filter(pl.col("is_imputed"))
    assert imputed.select("area_code", "value", "basis").rows() == [("E06900005", None, None)]
    assert imputed["z"][0] == values.filter(~pl.col("is_imputed"))["z"].median()


def test_an_area_apart_is_called_isolated() -> None:
    columns = draw(3, many=40, inputs=2)
    columns[0] = columns.max(axis=0) * 100
    frames = list_all(make_model([["log"], ["log"]]), columns, make_councils(40))
    isolated = frames["neighbour_lists"].filter(pl.col("is_isolated")).get_column("area_code")
    assert "E06900001" in isolated
    assert len(isolated) <= 4


def test_everybody_of_a_small_kind_is_on_the_list_only_where_nearly_all_are() -> None:
    for many, k, is_all in ((6, 3, False), (3, 1, False), (2, 1, True)):
        frames = list_all(MODEL, draw(5, many), make_councils(many))
        lists = frames["neighbour_lists"]
        assert lists.get_column("many").unique().to_list() == [k]
        assert lists.get_column("is_all_of_kind").unique().to_list() == [is_all]


def test_a_lopsided_input_is_bent() -> None:
    columns = draw(6, many=60, inputs=2)
    columns[:, 0] = np.exp(columns[:, 0] / 20)
    scales = list_all(make_model([["identity"], ["log"]]), columns, make_councils(60))["neighbour_scales"]
    bent, plain = scales.sort("metric_key").rows(named=True)
    assert bent["transform"] == "identity, then yeo_johnson"
    assert abs(bent["skew"]) < 1
    assert bent["parameter"] == round(bent["parameter"], 4)
    assert (plain["transform"], plain["parameter"]) == ("log", None)


def test_what_changed_between_versions_is_counted() -> None:
    model = make_model([["identity"]], k=15)
    older = model.versions[0].model_copy(update={"key": "2023", "day": date(2023, 4, 1)})
    frames = list_all(model.model_copy(update={"versions": (model.versions[0], older)}), draw(7), make_councils(30))
    (row,) = frames["neighbour_churn"].rows(named=True)
    assert (row["version"], row["previous"], row["lists"], row["unchanged"], row["overlap"]) == (
        "2024",
        "2023",
        30,
        1,
        1,
    )


@pytest.mark.parametrize(
    ("percentile", "word"),
    [
        (0.5, "extremely close"),
        (1, "extremely close"),
        (1.01, "very close"),
        (15, "close"),
        (30, "somewhat close"),
        (30.1, "not close"),
        (100, "not close"),
    ],
)
def test_words_go_by_percentiles(percentile: float, word: str) -> None:
    assert name_closeness(percentile) == word


def test_an_area_without_a_figure_has_the_mean_of_its_ground() -> None:
    model = make_model([["identity"]])
    data = model.model_dump(mode="json")
    data["versions"][0]["domains"][0]["inputs"][0]["mean_by"] = {"metric": "people", "period": "2022-23"}
    version = type(model).model_validate(data).versions[0]
    rows = [
        {"metric_key": key, "area_code": code, "period": period, "value": value}
        for key, period, its in (
            ("i0", "2023-24", {"E1": 10.0, "E2": 40.0, "E3": 5.0, "E9": 7.0}),
            ("people", "2022-23", {"E1": 300.0, "E2": 100.0}),
        )
        for code, value in its.items()
    ]
    day = date(2024, 4, 1)
    parts = [
        Part("C1", Tier.LOWER, "E1", None, None),
        Part("C1", Tier.LOWER, "E2", None, None),
        Part("C1", Tier.LOWER, "E3", day, None),  # not yet a part on the period's last day
        Part("C2", Tier.LOWER, "E1", None, None),
        Part("C2", Tier.LOWER, "E3", None, None),  # of which nobody knows the people
        Part("C1", Tier.UPPER, "E9", None, None),
        Part("E9", Tier.LOWER, "E1", None, None),  # which has a figure of its own
    ]
    found = read_values(make_current(rows), version, parts)["i0", "all"]
    assert found["C1"] == (17.5, "ground")
    assert found["E9"] == (7.0, "figure")
    assert "C2" not in found


def test_distances_are_weighted_squares_summed() -> None:
    z = np.array([[0.0, 0.0], [3.0, 4.0]])
    assert measure(z, (1, 1))[0, 1] == 5
    assert measure(z, (0.5, 0.5))[0, 1] == pytest.approx(12.5**0.5)
