"""Sentences say what the numbers say, and no more."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.core.values import Kind, Lever, Marker, Polarity, Unit, format_value
from moothall.release.comparators import Comparators
from moothall.release.queries import Release
from moothall.release.records import FigureRecord, MetricRecord, SummaryRecord
from moothall.site.explorer.sentences import (
    MUCH,
    PLAIN,
    SIMILAR,
    SLIGHT,
    Comparison,
    compare_words,
    judge,
    name_period,
    name_published,
    name_span,
    name_within,
    ordinal,
    possessive,
    say_age,
    say_change,
    say_direction,
    say_figure,
    say_old,
    say_position,
    say_spread,
    tag_age,
)
from tests.release.barset import BARCHESTER, SILVERBRIDGE

BANNED = re.compile(
    r"\b(average|because|led to|thanks to|due to|good|bad|fail\w*|excellent|best|worst|significant\w*|None|NaN|nan)\b"
)


@pytest.fixture(scope="module")
def figure(release: Release) -> FigureRecord:
    return release.figure("bins-missed", BARCHESTER, "2023-24", peers=Comparators("england"))


@pytest.fixture(scope="module")
def metric(release: Release) -> MetricRecord:
    return release.metric("bins-missed")


def compared(median: float | None = 45.0, mads: float | None = 1.0, marker: Marker | None = None) -> Comparison:
    return Comparison("councils in Barset", 6, 7, median, mads, marker)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0.0, "similar to"),
        (0.4999, "similar to"),
        (SIMILAR, "slightly better than"),
        (1.4999, "slightly better than"),
        (SLIGHT, "better than"),
        (2.9999, "better than"),
        (PLAIN, "much better than"),
        (7.4999, "much better than"),
        (MUCH, ""),
        (400.0, ""),
    ],
)
def test_words_change_at_the_edges_of_the_bands(size: float, words: str) -> None:
    assert compare_words(size, Polarity.HIGHER) == words
    assert compare_words(-size, Polarity.LOWER) == words
    assert compare_words(-size, Polarity.HIGHER) == words.replace("better", "worse")
    assert compare_words(size, Polarity.NONE) == words.replace("better", "higher")
    assert compare_words(-size, Polarity.NONE) == words.replace("better", "lower")


@given(st.floats(-20, 20), st.sampled_from(Polarity))
def test_turning_the_distance_turns_the_words(mads: float, polarity: Polarity) -> None:
    turned = {"better": "worse", "worse": "better", "higher": "lower", "lower": "higher"}
    words = compare_words(mads, polarity)
    opposite = " ".join(turned.get(word, word) for word in words.split())
    assert compare_words(-mads, polarity) == opposite
    if polarity is Polarity.NONE:
        assert "better" not in words
        assert "worse" not in words


def test_a_figure_names_place_value_period_and_comparator(figure: FigureRecord, metric: MetricRecord) -> None:
    assert say_figure(figure, metric, compared(mads=1.0)) == (
        "Barchester’s figure for 2023-24 was 442.0 tonnes, "
        "slightly worse than the median of councils in Barset (45.0 tonnes)."
    )


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
def test_a_judgement_in_one_word_follows_the_bands(
    figure: FigureRecord, metric: MetricRecord, mads: float | None, polarity: Polarity, judged: str
) -> None:
    assert judge(figure, replace(metric, polarity=polarity), compared(mads=mads)) == judged
    assert judge(replace(figure, value=None), replace(metric, polarity=polarity), compared(mads=mads)) == ""


def test_a_figure_of_the_place_is_higher_or_lower_and_never_placed(figure: FigureRecord, metric: MetricRecord) -> None:
    context = replace(metric, polarity=Polarity.LOWER, lever=Lever.CONTEXTUAL)
    said = say_figure(figure, context, compared(mads=2.0))
    assert "higher than" in said
    assert "worse" not in said
    assert judge(figure, context, compared(mads=2.0)) == ""
    placed = replace(figure, lever="contextual", rank=2, rank_of=7)
    assert say_position(placed, "councils", []) == ""


def test_money_that_others_decide_does_not_describe_the_people_of_a_place(metric: MetricRecord) -> None:
    context = replace(metric, lever=Lever.CONTEXTUAL)
    assert say_direction(replace(context, kind=Kind.OUTCOME)) == "Describes the area and its people, not the council"
    assert say_direction(replace(context, kind=Kind.INPUT)) == "Decided by others, not by the council"


def test_only_figures_of_three_years_and_more_are_called_old() -> None:
    ended = date(2022, 3, 31)
    assert tag_age(ended, date(2025, 3, 30)) == ""
    assert tag_age(ended, date(2025, 3, 31)) == "3 years old"
    assert say_old("2021-22", ended, date(2025, 3, 30)) == ""
    said = say_old("2021-22", ended, date(2030, 4, 1))
    assert said == "These figures are old: 2021-22 ended eight years before this release was made."


def test_from_seven_and_a_half_on_only_numbers_speak(figure: FigureRecord, metric: MetricRecord) -> None:
    said = say_figure(figure, metric, compared(mads=7.5))
    assert said.endswith("was 442.0 tonnes. The median of councils in Barset was 45.0 tonnes.")
    assert "worse" not in said


def test_a_judgement_is_named_and_not_compared(figure: FigureRecord, metric: MetricRecord) -> None:
    judged = replace(figure, value=2.0, text="Good", unit=Unit.JUDGEMENT, period_label="31 March 2025")
    named = replace(metric, unit=Unit.JUDGEMENT, short="the Moot Office’s judgement of bins")
    said = say_figure(judged, named, compared(median=None, mads=None, marker=Marker.NOT_AN_AMOUNT))
    assert said == "As at 31 March 2025, the Moot Office’s judgement of bins in Barchester was Good."
    assert say_direction(named) == "Not scored, and nobody is ranked"
    assert say_direction(metric) == metric.polarity.label


def test_a_spread_of_judgements_is_none(metric: MetricRecord) -> None:
    summary = SummaryRecord("england", "councils", 3, 3, None, None, None, None, None, None, Marker.NOT_AN_AMOUNT)
    said = say_spread(summary, replace(metric, unit=Unit.JUDGEMENT), "31 March 2025")
    assert said == Marker.NOT_AN_AMOUNT.meaning.sentence


@pytest.mark.parametrize("marker", [Marker.OTHER_BASIS, Marker.LOW_RELIABILITY])
def test_a_figure_that_differs_in_kind_or_is_unsure_has_no_words_of_comparison(
    figure: FigureRecord, metric: MetricRecord, marker: Marker
) -> None:
    for median in (45.0, 442.0):
        said = say_figure(replace(figure, marker=marker), metric, compared(median=median, mads=1.0))
        assert said.endswith(f"The median of councils in Barset was {median:.1f} tonnes. {marker.meaning.sentence}")
        assert not re.search("worse|better|same as", said)


def test_the_same_as_shown_is_the_same(figure: FigureRecord, metric: MetricRecord) -> None:
    said = say_figure(replace(figure, value=45.04, text="45.0 tonnes"), metric, compared(median=44.96, mads=2.0))
    assert said.endswith("was 45.0 tonnes, the same as the median of councils in Barset.")


def test_without_spread_or_median_the_reason_is_given(figure: FigureRecord, metric: MetricRecord) -> None:
    tied = say_figure(figure, metric, compared(mads=None, marker=Marker.SPREAD_ZERO))
    assert "More than half of them have that value, or one that looks the same." in tied
    few = say_figure(figure, metric, compared(median=None, mads=None, marker=Marker.TOO_FEW))
    assert few.endswith("was 442.0 tonnes. Too few councils have a figure to compare with.")


def test_an_interval_that_holds_the_median_is_similar(figure: FigureRecord, metric: MetricRecord) -> None:
    unsure = replace(figure, value=46.0, text="46.0 tonnes", lower=40.0, upper=50.0)
    said = say_figure(unsure, metric, compared(median=45.0, mads=2.0))
    assert "estimated at 46.0 tonnes (between 40.0 tonnes and 50.0 tonnes)" in said
    assert "similar to the median of councils in Barset (45.0 tonnes): the difference could be due to chance." in said
    sure = replace(unsure, lower=45.5)
    assert "worse than" in say_figure(sure, metric, compared(median=45.0, mads=2.0))


@given(marker=st.sampled_from([marker for marker in Marker if not marker.meaning.has_value]))
def test_a_missing_value_is_never_a_number(figure: FigureRecord, metric: MetricRecord, marker: Marker) -> None:
    missing = replace(figure, value=None, marker=marker, text=marker.meaning.label)
    said = say_figure(missing, metric, compared())
    assert not re.search(r"\d", said.replace("2023-24", ""))
    assert "median" not in said
    assert say_change(missing) == ""


def test_zero_is_a_number(release: Release, metric: MetricRecord) -> None:
    zero = release.figure("bins-missed", SILVERBRIDGE, "2023-24")
    assert "was 0.0 tonnes" in say_figure(zero, metric, compared(mads=-1.0))


def test_not_responsible_is_its_own_sentence(figure: FigureRecord, metric: MetricRecord) -> None:
    other = replace(figure, value=None, marker=Marker.NOT_RESPONSIBLE)
    assert say_figure(other, metric, compared()) == "Barchester is not responsible for this service."


@given(
    value=st.floats(-1000, 1000),
    median=st.floats(-1000, 1000) | st.none(),
    mads=st.floats(-30, 30) | st.none(),
    polarity=st.sampled_from(Polarity),
    marker=st.sampled_from([None, *(marker for marker in Marker if marker.meaning.has_value)]),
)
def test_every_number_in_a_sentence_is_one_of_its_numbers(
    figure: FigureRecord,
    metric: MetricRecord,
    value: float,
    median: float | None,
    mads: float | None,
    polarity: Polarity,
    marker: Marker | None,
) -> None:
    text = format_value(value, metric.unit, metric.places)
    shown = replace(figure, value=value, text=text, marker=marker)
    said = say_figure(shown, replace(metric, polarity=polarity), compared(median, mads))
    allowed = {text} | ({format_value(median, metric.unit, metric.places)} if median is not None else set())
    numbers = re.findall(r"[−\d][\d,.]*\d tonnes", said)
    assert set(numbers) <= allowed
    assert text in said
    # "could be due to chance" is the one phrase that methods allow; there is no interval here.
    assert not BANNED.search(said)
    assert said.endswith(".")


def test_position_only_with_how_many(figure: FigureRecord) -> None:
    assert say_position(replace(figure, rank=2, rank_of=7), "councils", [figure]) == "2nd of 7 councils"
    tied = replace(figure, rank=2, rank_of=7, area="E07900099")
    assert say_position(replace(figure, rank=2, rank_of=7), "councils", [tied]) == "joint 2nd of 7 councils"
    assert say_position(replace(figure, rank=2, rank_of=None), "councils", []) == ""
    assert say_position(replace(figure, rank=None, rank_of=7), "councils", []) == ""


def test_change_only_where_it_shows(figure: FigureRecord) -> None:
    assert say_change(replace(figure, change=397.0, change_from="2022-23")) == "In 2022-23 the figure was 45.0 tonnes."
    assert say_change(replace(figure, change=0.01, change_from="2022-23")) == "In 2022-23 the figure was the same."
    assert say_change(replace(figure, change=None)) == ""


@pytest.mark.parametrize(
    ("name", "owns"),
    [
        ("Croydon", "Croydon’s"),
        ("St. Helens", "St. Helens’"),
        ("Bristol, City of", "Bristol’s"),
        ("Herefordshire, County of", "Herefordshire’s"),
        ("Isles of Scilly", "The Isles of Scilly’s"),
        ("Wyre Forest", "Wyre Forest’s"),
    ],
)
def test_possessives(name: str, owns: str) -> None:
    assert possessive(name) == owns


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("Croydon", "Croydon"),
        ("Bristol, City of", "Bristol"),
        ("City of London", "the City of London"),
        ("West Midlands", "the West Midlands"),
        ("West London Waste Authority", "the West London Waste Authority"),
    ],
)
def test_names_inside_a_sentence(name: str, within: str) -> None:
    assert name_within(name) == within


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (112, "112th"),
    ],
)
def test_ordinals(number: int, word: str) -> None:
    assert ordinal(number) == word


def test_days_and_periods_are_as_precise_as_they_are_known() -> None:
    assert name_published("2024-03-27") == "27 March 2024"
    assert name_published("2024-03") == "March 2024"
    assert name_published("2024") == "2024"
    assert name_span(date(2023, 4, 1), date(2024, 3, 31)) == "April 2023 to March 2024"
    assert name_span(date(2021, 3, 21), date(2021, 3, 21)) == "21 March 2021"
    assert name_period("year to September 2025") == "the year to September 2025"
    assert name_period("2023-24") == "2023-24"


@pytest.mark.parametrize(
    ("built", "said"),
    [
        (date(2024, 3, 31), "The period ended shortly before this release was made"),
        (date(2024, 4, 1), "The period ended one month before this release was made"),
        (date(2026, 2, 1), "The period ended 23 months before this release was made"),
        (date(2026, 3, 1), "The period ended two years before this release was made"),
    ],
)
def test_age_is_counted_to_the_day_the_release_was_made(built: date, said: str) -> None:
    assert say_age(date(2024, 3, 31), built) == said
