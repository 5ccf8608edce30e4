"""The section that asks whether it could be chance: who is in it, what it says, and where its lines lie."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.http import QueryDict
from django.test import Client

from moothall.release.queries import Release
from moothall.release.records import CertaintyRecord
from moothall.site.explorer import metrics
from moothall.site.explorer.funnels import ChanceFunnel, Counted, show_funnel
from moothall.site.explorer.questions import MetricQuestion, read_question
from tests.release.barset import BARCHESTER

BLANK = dict.fromkeys(CertaintyRecord._fields)
DISTANCES = (0.4, -0.6, 0.9, -1.2, 1.5, -1.8, 2.5, -2.2, 3.5, -4.0, 0.7, 0.2)


def ask(release: Release, area: str = BARCHESTER, **more: object) -> MetricQuestion:
    question = read_question(release, "share-missed", QueryDict(f"area={area}"))
    return replace(question, metric=replace(question.metric, interval="wilson", **more))


def make_slice(release: Release) -> list[Counted]:
    """A dozen councils, each at its distance from 20 %, of 400; the chosen one the last but two, at -4."""
    area = release.area(BARCHESTER)
    made = []
    for place, distance in enumerate(DISTANCES):
        sure = CertaintyRecord(**BLANK | {"error": 2.0, "error_basis": "wilson", "cases": 400.0, "funnel": distance})  # type: ignore[arg-type]
        code = BARCHESTER if distance == -4 else f"E0791{place:04d}"
        made.append(Counted(replace(area, code=code), 20 + 3.0 * distance, sure))
    return made


@pytest.fixture(scope="module")
def funnel(release: Release) -> ChanceFunnel:
    found = show_funnel(ask(release, comparable_within="england"), make_slice(release), "/metrics/share-missed?area=")
    assert found is not None
    return found


def test_it_counts_those_beyond_and_names_the_chosen(funnel: ChanceFunnel) -> None:
    assert funnel.sentence.startswith("For 2023-24, 2 of 12 councils in England lie beyond")
    assert funnel.sentence.endswith("Barchester is one of them.")


def test_the_table_has_those_outside_the_farthest_out_first(funnel: ChanceFunnel) -> None:
    assert [row.place for row in funnel.rows] == ["Far below", "Far above", "Above", "Below"]
    assert funnel.rest == "The other eight councils lie within the shaded part."
    assert [row.is_selected for row in funnel.rows].index(True) == 0
    assert {row.number for row in funnel.rows} == {"400"}


def test_councils_lie_on_the_side_of_the_lines_that_their_distance_says(funnel: ChanceFunnel) -> None:
    """The lines are worked out from the distances: read back from the drawing, they part the same councils."""
    outer = re.findall(r'mh-funnel__limit" d="M([^"]+)"', funnel.chart)
    assert len(outer) == 2
    heights = [float(path.split("L")[30].split()[1]) for path in outer]
    drawn = dict(re.findall(r'data-code="(\w+)" (?:cx="[\d.]+%" c?y|x="[\d.]+%" y)="([\d.]+)"', funnel.chart))
    assert len(drawn) == 12
    top = 36
    far = {code for code, y in drawn.items() if not min(heights) <= float(y) - top <= max(heights)}
    assert far == {row.code for row in funnel.rows if row.place.startswith("Far")}


def test_a_council_marked_is_in_the_table_wherever_it_lies(release: Release) -> None:
    counted = [
        each._replace(certainty=each.certainty._replace(funnel=0.5)) if each.area.code == BARCHESTER else each
        for each in make_slice(release)
    ]
    found = show_funnel(ask(release, comparable_within="england"), counted, "")
    assert found is not None
    assert [row.place for row in found.rows if row.is_selected] == ["Within"]


@pytest.mark.parametrize("interval", ["none", "published"])
def test_without_counts_there_is_none(release: Release, interval: str) -> None:
    question = ask(release)
    question = replace(question, metric=replace(question.metric, interval=interval))
    assert show_funnel(question, make_slice(release), "") is None


def test_of_an_earlier_period_or_of_few_councils_there_is_none(release: Release) -> None:
    question = ask(release)
    assert show_funnel(question, make_slice(release)[:9], "") is None
    earlier = replace(question, period=replace(question.period, is_latest=False))
    assert show_funnel(earlier, make_slice(release), "") is None


def test_what_is_compared_only_in_its_class_needs_a_council(release: Release) -> None:
    question = ask(release, comparable_within="class")
    found = show_funnel(question, make_slice(release), "")
    assert found is not None
    assert "district councils" in found.sentence
    assert show_funnel(replace(question, area=None), make_slice(release), "") is None


def test_the_page_has_it(client: Client, funnel: ChanceFunnel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "has_counts", lambda _: True)
    monkeypatch.setattr(metrics, "show_funnel", lambda *_: funnel)
    page = client.get(f"/metrics/share-missed?area={BARCHESTER}&peers=region").content.decode()
    assert 'href="#chance"' in page
    section = page.split('aria-labelledby="chance"')[1].split("</section>")[0]
    assert funnel.sentence in section
    assert section.count("<tr") == 5
    assert funnel.rest in section
    assert "Could this be chance?" in section
