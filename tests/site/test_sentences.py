"""Names, periods, ages and spreads as they stand inside a sentence."""

from __future__ import annotations

from datetime import date

import pytest

from moothall.core.values import Marker, Unit
from moothall.release.records import SummaryRecord
from moothall.site.explorer.sentences import name_published, say_medians, say_spread
from moothall.site.narrative.ages import say_age, say_old, tag_age
from moothall.site.narrative.names import name_period, name_span, name_within, ordinal, possessive
from tests.site.told import make_metric


def test_only_figures_of_three_years_and_more_are_called_old() -> None:
    ended = date(2022, 3, 31)
    assert tag_age(ended, date(2025, 3, 30)) == ""
    assert tag_age(ended, date(2025, 3, 31)) == "3 years old"
    assert say_old("2021-22", ended, date(2025, 3, 30)) == ""
    said = say_old("2021-22", ended, date(2030, 4, 1))
    assert said == "These figures are old: 2021-22 ended eight years before this release was made."
    said = say_old("30 June 2023", date(2023, 6, 30), date(2026, 11, 22))
    assert said == "These figures are old: 30 June 2023 was three years before this release was made."


def test_a_spread_of_judgements_is_none() -> None:
    summary = SummaryRecord("england", "councils", 3, 3, None, None, None, None, None, None, Marker.NOT_AN_AMOUNT)
    said = say_spread(summary, make_metric(unit=Unit.JUDGEMENT), "31 March 2025")
    assert said == Marker.NOT_AN_AMOUNT.meaning.sentence


def _summarise(label: str, median: float | None) -> SummaryRecord:
    return SummaryRecord("a", label, 3, 3, median, None, None, None, None, None, None)


@pytest.mark.parametrize(
    ("medians", "said"),
    [
        ((5.0, 2.0, 3.0), "For 2023-24 the medians of groups of councils ran from 2% (b) to 5% (a)."),
        ((5.0, 2.0, 2.2), "For 2023-24 the medians of groups of councils ran from 2% (b and c) to 5% (a)."),
        ((5.0, None, 2.0), "For 2023-24 the medians of groups of councils ran from 2% (c) to 5% (a)."),
        ((2.0, 2.1, 1.9), "For 2023-24 the median was 2% (c, a and b)."),
        ((None, None, None), "For 2023-24 there is no median of any group of councils. "
         + Marker.TOO_FEW.meaning.sentence),
    ],
)  # fmt: skip
def test_medians_that_look_the_same_are_named_together(medians: tuple[float | None, ...], said: str) -> None:
    summaries = [_summarise(label, median) for label, median in zip("abc", medians, strict=True)]
    assert say_medians(summaries, make_metric(unit=Unit.PERCENT, places=0), "2023-24") == said


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
