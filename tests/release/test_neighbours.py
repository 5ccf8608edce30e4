"""Neighbours as a release answers them: lists, reasons for none, a reader's own weights, and explanations."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import moothall.pipeline.gather as pipeline
from moothall.core.neighbour_models import WhyNone
from moothall.pipeline.edition import check
from moothall.pipeline.project import Project
from moothall.pipeline.release import build
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from tests.conftest import BUILT, Barsetshire

BARCHESTER, COURCY, COUNTY, DISTRICT = "E06900001", "E06900005", "E10900001", "E07900007"


@pytest.fixture(scope="module")
def release(barsetshire: Barsetshire) -> Release:
    return barsetshire.release


def test_models_come_with_their_versions(release: Release) -> None:
    model, *_ = release.neighbour_models()
    assert (model.key, model.is_default, model.kind) == ("open_general", True, "ours")
    assert [(each.key, each.is_current, each.previous) for each in model.versions] == [
        ("2023", True, "2022"),
        ("2022", False, None),
    ]
    assert [(each.metric, each.period_label) for each in model.version.inputs] == [
        ("household-waste-collected", "2022-23"),
        ("care-requests", "2022-23"),
    ]
    assert model.version.missing == (("Distance to the sea", "No source of Barsetshire has measured it."),)


def test_a_list_has_half_of_a_small_pool(release: Release) -> None:
    found = release.neighbours(BARCHESTER)
    assert found.pool_label == "metropolitan boroughs and unitary councils"
    assert found.pool_size is not None
    assert len(found.neighbours) == found.pool_size // 2
    assert not found.is_all_of_kind
    assert BARCHESTER not in {each.area for each in found.neighbours}
    distances = [each.distance or 0.0 for each in found.neighbours]
    assert distances == sorted(distances)
    assert all(0 <= (each.rebased or 0) <= 1 and 0 <= (each.inclusion or 0) <= 1 for each in found.neighbours)


def test_versions_are_kept_beside_one_another(release: Release) -> None:
    assert release.neighbours(BARCHESTER, version="2022").version == "2022"
    (churn,) = [each for each in release.neighbour_models()[0].version.churn if each.pool == "single_tier"]
    assert churn.lists > 0
    assert 0 <= churn.unchanged <= churn.overlap <= 1


def test_who_has_no_list_is_told_why(release: Release) -> None:
    assert release.neighbours(COUNTY).why_none is WhyNone.OWN_KIND
    assert release.neighbours("E07900003").why_none is WhyNone.CLOSED
    # A fifth of the weight and more is missing of a district, which is not asked for care.
    assert release.neighbours(DISTRICT).why_none is WhyNone.INPUTS_MISSING
    assert release.neighbours(DISTRICT).neighbours == ()


def test_what_is_not_there_is_unknown(release: Release) -> None:
    for kind, ask in (
        ("model", lambda: release.neighbours(BARCHESTER, "cipfa")),
        ("version", lambda: release.neighbours(BARCHESTER, version="1066")),
        ("area", lambda: release.neighbours("E00000000")),
        ("neighbour", lambda: release.explain_neighbours(BARCHESTER, DISTRICT)),
        ("neighbour", lambda: release.explain_neighbours(BARCHESTER, BARCHESTER)),
        ("input", lambda: release.own_neighbours(BARCHESTER, {"recycling-rate": 1}, 3)),
    ):
        with pytest.raises(UnknownKey) as raised:
            ask()
        assert raised.value.kind == kind


@pytest.mark.parametrize(
    "weights", [{}, {"care-requests": 0}, {"care-requests": -1}, {"care-requests": float("nan")}], ids=str
)
def test_weights_that_weigh_nothing_are_refused(release: Release, weights: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="weigh"):
        release.own_neighbours(BARCHESTER, weights, 3)


def test_own_weights_decide_who_is_near(release: Release) -> None:
    found = release.own_neighbours(BARCHESTER, {"household-waste-collected": 2.0}, 3)
    standing = {each.area: release.neighbour_inputs(each.area)[0].value for each in found.neighbours}
    mine = release.neighbour_inputs(BARCHESTER)[0].value
    assert mine is not None
    assert found.model == "custom"
    assert len(found.neighbours) == 3
    ratios = [max(mine, value or 0) / min(mine, value or 0) for value in standing.values()]
    assert ratios == sorted(ratios)


def test_an_explanation_has_every_domain_once_with_both_values(release: Release) -> None:
    found = release.explain_neighbours(BARCHESTER, COURCY)
    domains = [each.domain for each in (*found.similar, *found.differs)]
    assert sorted(domains) == ["care", "homes"]
    homes = next(each for each in (*found.similar, *found.differs) if each.domain == "homes")
    assert homes.title == "Homes"
    (said,) = homes.inputs
    assert said.text.endswith(" tonnes")
    assert said.other_text.endswith(" tonnes")
    assert [each.share for each in homes.inputs] == [homes.share]
    assert sum(each.share for each in (*found.similar, *found.differs)) == pytest.approx(1)


def test_a_release_as_of_a_day_knows_the_versions_of_that_day(barsetshire: Barsetshire, tmp_path: Path) -> None:
    project = Project(barsetshire.copy(tmp_path))
    earlier = Release.open(build(project, built=BUILT, as_of=date(2022, 12, 8)).path)
    ours = [model for model in earlier.neighbour_models() if model.kind == "ours"]
    assert [each.key for model in ours for each in model.versions] == ["2022"]
    # What the version reads of 2022-23 was not known yet.
    assert earlier.neighbours(BARCHESTER).why_none is WhyNone.INPUTS_MISSING


def test_an_input_that_nobody_has_is_named(barsetshire: Barsetshire, tmp_path: Path) -> None:
    root = barsetshire.copy(tmp_path)
    path = root / "definitions" / "neighbours" / "open_general.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("2021-22, transform", "1999-00, transform"))
    (problem,) = check(Project(root)).problems.errors
    assert problem.code == "REFERENCE_UNKNOWN"
    assert "'household-waste-collected' (all) of 1999-00" in problem.message


def test_how_lists_do_is_read_and_kept_while_nothing_moves(
    barsetshire: Barsetshire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = barsetshire.release.neighbour_validation()
    assert {each.test for each in found} >= {"skill", "difference", "control", "stability", "sensitivity", "overlap"}
    root = barsetshire.copy(tmp_path)
    topics = root / "definitions" / "topics.yaml"
    topics.write_text(topics.read_text(encoding="utf-8").replace("description: ", "description: Now ", 1))
    for name in ("work_out_neighbours", "work_out_validation"):
        monkeypatch.setattr(pipeline, name, None)
    assert Release.open(build(Project(root), built=BUILT).path).neighbour_validation() == found
