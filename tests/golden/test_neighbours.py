"""The neighbours of England's councils: who has a list, how sure it is, and how it does beside other ways to choose."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest

from moothall.core.likeness import find_distance
from moothall.core.loading import Catalogue
from moothall.core.neighbour_models import WhyNone
from moothall.core.values import Kind, Polarity, Unit
from moothall.release.comparators import Comparators
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from tests.golden.carried import load_definitions

ROOT = Path(__file__).parents[2]
CAMBRIDGE, CITY, SCILLY, GLA = "E07000008", "E09000001", "E06000053", "E61000001"
GROWS = {
    Unit.COUNT,
    Unit.TONNES,
    Unit.KILOGRAMS,
    Unit.POUNDS,
    Unit.POUNDS_IN_ALL,
    Unit.POUNDS_MILLION,
    Unit.KILOWATT_HOURS,
}
NO_AMOUNT = {Unit.JUDGEMENT, Unit.DATE, Unit.SQUARE_KILOMETRES}
TIERS = ("single_tier", "county", "district")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_definitions()


def result(release: Release, test: str, tier: str, subject: str, against: str = "") -> tuple[float, float | None]:
    (row,) = [
        each
        for each in release.neighbour_validation()
        if (each.test, each.tier, each.subject, each.against) == (test, tier, subject, against)
    ]
    return row.value, row.lower


def test_every_council_has_a_list_but_two(real_release: Release) -> None:
    without = {}
    for area in real_release.areas():
        found = real_release.neighbours(area.code)
        if found.why_none is not None and not area.area_class.value.endswith("waste_authority"):
            without[area.code] = found.why_none
        elif area.is_principal:
            assert len(found.neighbours) == 15
    assert without == dict.fromkeys((CITY, SCILLY, GLA), WhyNone.OWN_KIND)


def test_lists_are_stable_and_say_where_they_are_not(real_release: Release) -> None:
    assert result(real_release, "stability", "all", "open_general")[0] >= 0.7
    for area in real_release.areas(principal_only=True):
        found = real_release.neighbours(area.code)
        assert found.stability is None or found.stability >= 0.4 or found.is_isolated


def test_shuffled_inputs_do_no_better_than_chance(real_release: Release) -> None:
    for tier in TIERS:
        assert abs(result(real_release, "control", tier, "shuffled", "random")[0]) <= 0.02


def test_the_default_does_better_than_plainer_ways(real_release: Release) -> None:
    gain, low = result(real_release, "difference", "all", "open_general", "crude")
    assert gain >= 0.003
    assert low is not None
    assert low >= -0.005
    for tier in TIERS:
        own = result(real_release, "skill", tier, "open_general")[0]
        for other in ("same_class", "whole_pool", "random"):
            assert own > result(real_release, "skill", tier, other)[0]


def test_distances_are_those_of_the_inputs_to_the_last_bit(real_release: Release) -> None:
    compared = 0
    for model in real_release.neighbour_models():
        if model.kind != "ours":
            continue
        for area in real_release.areas(principal_only=True)[::7]:
            found = real_release.neighbours(area.code, model.key)
            if found.pool is None:
                continue
            standing = real_release._neighbours.stand(model.key, found.version, found.pool)
            assert standing is not None
            for each in found.neighbours:
                distance = find_distance(standing.z[area.code], standing.z[each.area], standing.weights)
                assert distance == each.distance
                compared += 1
    assert compared > 1000


def test_a_readers_own_weights_are_answered_in_thirty_milliseconds(real_release: Release) -> None:
    weights = {each.metric: 1.0 for each in real_release.neighbour_models()[0].version.inputs}
    real_release.own_neighbours(CAMBRIDGE, weights, 15)
    took = []
    for _ in range(9):
        began = perf_counter()
        assert len(real_release.own_neighbours(CAMBRIDGE, weights, 15).neighbours) == 15
        took.append(perf_counter() - began)
    assert min(took) < 0.03


def test_places_that_anybody_would_call_alike_are_near(real_release: Release) -> None:
    for one, other in ((CAMBRIDGE, "E07000178"), ("E09000033", "E09000007"), ("E47000001", "E47000003")):
        assert other in [each.area for each in real_release.neighbours(one).neighbours[:3]]


def test_an_explanation_has_three_and_two_domains_with_values(real_release: Release) -> None:
    said = real_release.explain_neighbours(CAMBRIDGE, "E07000178")
    assert (len(said.similar), len(said.differs)) == (3, 2)
    for domain in (*said.similar, *said.differs):
        assert all(each.value is not None and each.text and each.other_text for each in domain.inputs)
    with pytest.raises(UnknownKey):
        real_release.explain_neighbours(CAMBRIDGE, "E09000033")


def test_measures_are_by_their_rule(catalogue: Catalogue) -> None:
    assert catalogue.measures is not None
    inputs = {i.metric for model in catalogue.neighbour_models.values() for v in model.versions for i in v.inputs}
    for tier in TIERS:
        for measure in getattr(catalogue.measures, tier):
            metric = catalogue.metrics[measure.metric]
            assert metric.kind in {Kind.OUTPUT, Kind.OUTCOME}
            assert metric.polarity is not Polarity.NONE
            assert metric.unit not in GROWS | NO_AMOUNT
            assert metric.status.is_current
            assert measure.theme == metric.topic
            assert measure.metric not in inputs


def test_figures_are_compared_with_the_lists_that_pages_show(real_release: Release) -> None:
    """Two editions of one set may have become known on the same day, as the Department for Education's did."""
    for model in real_release.neighbour_models():
        for area in real_release.areas(principal_only=True):
            shown = [each.area for each in real_release.neighbours(area.code, model.key).neighbours]
            compared = real_release.list_comparators(area.code, Comparators("neighbours", model.key))
            assert list(compared) == shown, (model.key, area.code)
