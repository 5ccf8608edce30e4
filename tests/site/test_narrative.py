"""The words on a figure say what its numbers say, and no more."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.core.bands import BANDS, compare_words, find_band
from moothall.core.definitions import NoteKind
from moothall.core.values import Kind, Lever, Marker, Polarity, Unit, format_value
from moothall.release.records import PeriodNote
from moothall.site.narrative.caveats import say_breaks, say_direction, say_lever, say_pandemic
from moothall.site.narrative.change import say_change, say_trend
from moothall.site.narrative.comparison import (
    find_stand,
    is_shared,
    judge,
    say_based_on,
    say_comparisons,
    say_position,
)
from moothall.site.narrative.figure import say_absent, say_alone, say_lead
from tests.site.told import BANNED, make_comparison, make_figure, make_metric, make_trend

SCORES = Path(__file__).parents[1] / "golden" / "oflog_scores.parquet"
TURNED = {
    "better": "worse", "worse": "better", "higher": "lower", "lower": "higher", "rose": "fell", "fell": "rose",
    "rise": "fall", "fall": "rise", "an": "a", "a": "an", "improving": "worsening", "worsening": "improving",
}  # fmt: skip


def turn(said: str) -> str:
    """The words with every direction turned round, and without the numbers."""
    words = re.sub(r"[−\d.,%()]+", "#", said).split()
    return " ".join(TURNED.get(word, word) for word in words)


def test_the_bands_meet_and_leave_nothing_out() -> None:
    assert BANDS[0].least == 0
    assert BANDS[-1].limit == float("inf")
    assert all(before.limit == after.least for before, after in pairwise(BANDS))


@pytest.mark.parametrize("edge", [band.least for band in BANDS[1:]])
@pytest.mark.parametrize("polarity", Polarity)
@pytest.mark.parametrize("way", [1, -1])
def test_a_unit_of_what_is_shown_either_side_of_an_edge_is_either_side_of_it(
    edge: float, polarity: Polarity, way: int
) -> None:
    """With a spread of 2 and one decimal: the edge itself, and a tenth nearer and farther."""
    metric, median, spread, unit = make_metric(polarity=polarity), 50.0, 2.0, 0.1
    at = BANDS.index(find_band(edge))
    for step, band in ((-unit, BANDS[at - 1]), (0.0, BANDS[at]), (unit, BANDS[at])):
        value = median + way * (edge * spread + step)
        comparison = make_comparison(median, (edge * spread + step) / spread * way)
        stand = find_stand(make_figure(value), metric, comparison)
        better = {0: {1: "higher", -1: "lower"}, 1: {1: "better", -1: "worse"}, -1: {1: "worse", -1: "better"}}
        assert stand.words == band.words.format(direction=better[polarity.sign][way])


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0.1, 20), st.sampled_from(Polarity))
def test_swapping_value_and_median_turns_the_words(value: float, median: float, spread: float, way: Polarity) -> None:
    metric = make_metric(polarity=way)
    there, _ = say_comparisons(make_figure(value), metric, [make_comparison(median, (value - median) / spread)])
    back, _ = say_comparisons(make_figure(median), metric, [make_comparison(value, (median - value) / spread)])
    assert turn(there) == re.sub(r"[−\d.,%()]+", "#", back)


@given(st.floats(0, 100), st.floats(0.5, 50), st.sampled_from(Polarity))
def test_swapping_the_ends_turns_a_trend(value: float, change: float, way: Polarity) -> None:
    metric = make_metric(polarity=way)
    up = say_trend(make_figure(value), metric, make_trend(change=change, change_neighbours=change))
    down = say_trend(
        make_figure(value), metric, make_trend(change=-change, change_neighbours=-change, direction="falling")
    )
    swapped = turn(up).replace("was an ", "was a ")  # a rise and a fall; an improving and a worsening trend
    assert swapped == re.sub(r"[−\d.,%()]+", "#", down)


def test_the_phrases_are_the_prototypes_for_all_its_scores() -> None:
    """Oflog's prototype: below 0.5 broadly similar, 1.5 slightly, 3 plainly, 7.5 much, then written by a person."""
    scores = pl.read_parquet(SCORES).filter(pl.col("mads").is_not_null())
    assert scores.height == 6078
    for mads in scores["mads"]:
        size = abs(mads)
        phrase = "similar" if size < 0.5 else "slightly" if size < 1.5 else "" if size < 3 else "much"
        way = "higher" if mads > 0 else "lower"
        said = "" if size >= 7.5 else "similar to" if size < 0.5 else f"{phrase} {way} than".strip()
        assert compare_words(mads, Polarity.NONE) == said
        figure, metric = make_figure(mads * 10, places=9), make_metric(places=9, polarity=Polarity.NONE)
        beside, _ = say_comparisons(figure, metric, [make_comparison(0.0, mads, label="councils in England")])
        if said and mads:
            assert beside.startswith(f"That is {said} the median of councils in England (0.000000000%)")


@pytest.mark.parametrize(
    ("mads", "polarity", "judged"),
    [
        (0.49, Polarity.LOWER, "similar"),
        (0.5, Polarity.LOWER, "worse"),
        (-0.5, Polarity.LOWER, "better"),
        (7.49, Polarity.HIGHER, "better"),
        (7.5, Polarity.HIGHER, "far"),
        (2.0, Polarity.NONE, ""),
        (None, Polarity.HIGHER, ""),
    ],
)
def test_a_judgement_in_one_word_follows_the_sentence(mads: float | None, polarity: Polarity, judged: str) -> None:
    metric = make_metric(polarity=polarity)
    assert judge(make_figure(50.0), metric, make_comparison(45.0, mads)) == judged
    assert judge(make_figure(None), metric, make_comparison(45.0, mads)) == ""


def test_what_could_be_chance_is_judged_similar() -> None:
    unsure = make_comparison(45.0, 2.0, p=0.2, q=0.4)
    assert judge(make_figure(50.0), make_metric(), unsure) == "similar"
    assert judge(make_figure(50.0), make_metric(), replace(unsure, p=0.01, q=0.02)) == "better"


def test_a_figure_of_the_place_is_higher_or_lower_and_never_placed() -> None:
    context = make_metric(polarity=Polarity.LOWER, lever=Lever.CONTEXTUAL)
    said, _ = say_comparisons(make_figure(), context, [make_comparison()])
    assert "higher than" in said
    assert judge(make_figure(), context, make_comparison()) == ""
    assert say_position(make_figure(lever="contextual", rank=2, rank_of=7), "councils", is_joint=False) == ""


@pytest.mark.parametrize("marker", [Marker.OTHER_BASIS, Marker.LOW_RELIABILITY, Marker.DERIVED_SUM])
def test_a_figure_that_differs_in_kind_or_is_unsure_has_no_words_of_comparison(marker: Marker) -> None:
    for median in (45.0, 50.0):
        said, _ = say_comparisons(make_figure(marker=marker), make_metric(), [make_comparison(median, 1.0)])
        assert said == f"The median of London boroughs was {median:.1f}%."


def test_too_few_are_named() -> None:
    few = make_comparison(None, None, marker=Marker.TOO_FEW)
    assert say_comparisons(make_figure(), make_metric(), [few]) == (
        "Too few London boroughs have a figure to compare with.",
        (),
    )
    theirs = replace(few, label="statistical neighbours", article="its")
    assert say_comparisons(make_figure(), make_metric(), [theirs])[0] == (
        "Too few of its statistical neighbours have a figure to compare with."
    )


def test_nobody_to_compare_with_says_nothing() -> None:
    assert say_comparisons(make_figure(), make_metric(), []) == ("", ())


def test_who_has_a_value_is_said_where_somebody_has_none() -> None:
    theirs = make_comparison(label="statistical neighbours", article="its", with_value=13, eligible=15)
    england = make_comparison(label="councils in England", with_value=148, eligible=151)
    assert say_based_on([theirs, england]) == (
        "The comparison is based on 13 of its 15 statistical neighbours and 148 of 151 councils in England."
    )
    assert say_based_on([make_comparison()]) == ""
    assert say_based_on([replace(theirs, median=None)]) == ""


@given(marker=st.sampled_from([None, *(marker for marker in Marker if not marker.meaning.has_value)]))
def test_a_missing_value_is_never_a_number(marker: Marker | None) -> None:
    missing = make_figure(None, marker=marker, lower=1.0, upper=2.0, change=3.0, change_from="2022-23", rank=1)
    said = say_absent(missing)
    assert not re.search(r"\d", said.replace("2023-24", ""))
    assert "median" not in said
    assert say_alone(missing, make_metric()) == said
    assert say_change(missing) == ""
    assert say_trend(missing, make_metric(), make_trend()) == ""
    assert find_stand(missing, make_metric(), make_comparison()).words == ""


def test_zero_is_a_number() -> None:
    assert say_lead(make_figure(0.0), make_metric()) == "Barchester’s figure for 2023-24 was 0.0%."


def test_an_interval_is_of_an_estimate_or_of_chance() -> None:
    figure = make_figure(lower=44.0, upper=56.0)
    assert say_lead(figure, make_metric(interval="published")) == (
        "Barchester’s figure for 2023-24 was estimated at 50.0%, between 44.0% and 56.0%."
    )
    assert say_lead(figure, make_metric(interval="wilson")) == (
        "Barchester’s figure for 2023-24 was 50.0%, or between 44.0% and 56.0% allowing for chance."
    )


def test_change_only_where_it_shows() -> None:
    assert say_change(make_figure(change=8.0, change_from="2022-23")) == "In 2022-23 the figure was 42.0%."
    assert say_change(make_figure(change=0.01, change_from="2022-23")) == "In 2022-23 the figure was the same."
    assert say_change(make_figure(change=None)) == ""


def test_a_value_from_a_change_is_the_one_that_was_published() -> None:
    """8.3 less the difference of 8.3 and 41.15 is a hair below 41.15 to a computer, and would be shown as 41.1."""
    figure = make_figure(8.3, change=8.3 - 41.15, change_from="2022-23")
    assert 8.3 - (8.3 - 41.15) < 41.15
    assert say_change(figure) == "In 2022-23 the figure was 41.2%."


def test_breaks_and_the_pandemic_are_said_of_the_periods_spoken_of() -> None:
    notes = (
        PeriodNote("2019-20", NoteKind.COVID, "…"),
        PeriodNote("2020-21", NoteKind.COVID, "…"),
        PeriodNote("2022-23", NoteKind.METHOD, "…"),
    )
    metric = make_metric(period_notes=notes)
    assert say_breaks(metric, ["2022-23"]) == "Figures from before 2022-23 cannot be compared with later ones."
    assert say_breaks(metric, ["2023-24", "2021-22"]) == ""
    assert say_pandemic(metric, ["2020-21", "2019-20"]) == "COVID-19 affected figures for 2019-20 and 2020-21."
    assert say_pandemic(metric, ["2022-23"]) == ""


def test_who_else_holds_the_lever() -> None:
    shared = make_metric(shared_with=("families", "the NHS", "police"))
    assert say_lever(shared) == "It also depends on families, the NHS and police."
    assert say_lever(make_metric(lever=Lever.DIRECT)) == ""
    context = make_metric(lever=Lever.CONTEXTUAL, kind=Kind.OUTCOME)
    assert say_lever(context) == "This describes the area and its people, not the council."
    assert say_lever(replace(context, kind=Kind.INPUT)) == "This is decided by others, not by the council."
    assert say_lever(replace(context, unit=Unit.DATE)) == ""
    assert say_direction(make_metric()) == "Higher is better"


def test_a_judgement_is_named_and_not_compared() -> None:
    judged = make_figure(2.0, unit=Unit.JUDGEMENT, period_label="31 March 2025", period="2025-03-31")
    named = make_metric(unit=Unit.JUDGEMENT, short="the Moot Office’s judgement of bins", polarity=Polarity.NONE)
    said = "As at 31 March 2025, the Moot Office’s judgement of bins in Barchester was Good."
    assert say_lead(judged, named) == said
    assert say_direction(named) == "Not scored, and nobody is ranked"


def test_position_only_with_how_many() -> None:
    figure = make_figure(rank=2, rank_of=7)
    assert say_position(figure, "councils", is_joint=False) == "2nd of 7 councils"
    assert is_shared(figure, [figure, make_figure(rank=2, area="E07900099")])
    assert not is_shared(figure, [figure])
    assert say_position(figure._replace(rank_of=None), "councils", is_joint=False) == ""
    assert say_position(figure._replace(rank=None), "councils", is_joint=False) == ""


@given(
    value=st.floats(-1000, 1000),
    median=st.floats(-1000, 1000) | st.none(),
    mads=st.floats(-30, 30) | st.none(),
    chance=st.floats(0, 1) | st.none(),
    polarity=st.sampled_from(Polarity),
    marker=st.sampled_from([None, *(marker for marker in Marker if marker.meaning.has_value)]),
)
def test_every_number_in_a_sentence_is_one_of_its_numbers(
    value: float,
    median: float | None,
    mads: float | None,
    chance: float | None,
    polarity: Polarity,
    marker: Marker | None,
) -> None:
    text = format_value(value, Unit.PERCENT, 1)
    figure, metric = make_figure(value, marker=marker), make_metric(polarity=polarity)
    beside, _ = say_comparisons(figure, metric, [make_comparison(median, mads, p=chance)])
    said = f"{say_lead(figure, metric)} {beside}".strip()
    allowed = {text} | ({format_value(median, Unit.PERCENT, 1)} if median is not None else set())
    assert set(re.findall(r"[−\d][\d,.]*\d%", said)) <= allowed
    assert text in said
    assert not BANNED.search(said)
    assert all(len(sentence.split()) <= 25 for sentence in re.split(r"(?<=\.) ", said))
