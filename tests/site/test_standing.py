"""How many figures stand better, similar or worse is counted right and said plainly."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from moothall.release.comparators import Comparators
from moothall.release.queries import Release
from moothall.site.explorer.comparisons import choose_comparators
from moothall.site.explorer.standing import (
    Judged,
    Standing,
    count_standing,
    judge_standing,
    judge_together,
    say_chance,
    say_standing,
)
from moothall.site.narrative.comparison import Judgement
from tests.release.barset import ALLINGTON, AUTHORITY, FRAMLEY
from tests.site.told import BANNED


def standing(absent: int = 0, *, is_in_words: bool = False, is_context: bool = False, **counts: int) -> Standing:
    judged: Counter[Judgement] = Counter()
    for word, number in counts.items():
        judged["" if word == "rest" else word] += number  # type: ignore[index]
    return Standing(judged, is_in_words, is_context, absent)


SAID = {
    "": standing(absent=3),
    "The one figure cannot be called better or worse.": standing(rest=1),
    "The 15 figures cannot be called better or worse.": standing(rest=15),
    "The one figure is better than the median of moots.": standing(better=1),
    "Both figures are worse than the median of moots. One figure is missing.": standing(worse=2, absent=1),
    "All 12 figures are similar to the median of moots.": standing(similar=12),
    "These figures describe the area and its people, not the council.": standing(is_context=True, rest=6),
    "Of 21 figures, three are better than the median of moots, two similar to it, one worse than it and "
    "one very far from it. The other 14 cannot be called better or worse.": standing(
        better=3, similar=2, worse=1, far=1, rest=14
    ),
    "Of two figures, one is worse than the median of moots. The other one cannot be called better or worse. "
    "One figure is missing.": standing(worse=1, rest=1, absent=1),
    "These are judgements in the inspectorate’s own words. Nobody is compared or ranked by them. "
    "Two figures are missing.": standing(is_in_words=True, rest=6, absent=2),
}


@pytest.mark.parametrize("said", SAID)
def test_standing_in_words(said: str) -> None:
    assert say_standing(SAID[said], "moots") == said
    assert not BANNED.search(said)
    assert all(len(sentence.split()) <= 25 for sentence in re.split(r"(?<=\.) ", said))


def test_every_figure_is_counted_once(release: Release) -> None:
    for code in (ALLINGTON, FRAMLEY, AUTHORITY):
        figures = release.area_figures(code, peers=Comparators("type"))
        counted = count_standing(release, release.area(code), figures)
        run = [figure for figure in figures if str(figure.marker) != "not_responsible"]
        assert counted.with_value + counted.absent == len(run)
        assert counted.with_value == sum(figure.value is not None for figure in run)


def test_amounts_and_those_who_are_not_compared_have_no_standing(release: Release) -> None:
    allington, authority = release.area(ALLINGTON), release.area(AUTHORITY)
    missed = release.figure("bins-missed", ALLINGTON, "2023-24", peers=Comparators("type"))
    share = release.figure("share-missed", ALLINGTON, "2023-24", peers=Comparators("england"))
    assert judge_standing(allington, release.metric("bins-missed"), missed) == ""
    assert judge_standing(allington, release.metric("share-missed"), share) != ""
    assert judge_standing(authority, release.metric("share-missed"), share) == ""


def test_how_many_may_stand_out_by_chance_is_said() -> None:
    everything = {f"metric-{number}": "better" if number < 30 else "similar" for number in range(60)}
    tested = frozenset(f"metric-{number}" for number in range(20, 50))
    assert say_chance(Judged(everything, tested)) == (  # type: ignore[arg-type]
        "We compared 60 figures, and could test 30 for chance. Of the 30 listed as better or worse, 10 passed "
        "that test; fewer than one of them may be so by chance. The other 20 could not be tested."
    )
    all_tested = frozenset(everything)
    assert say_chance(Judged(everything, all_tested)).endswith(  # type: ignore[arg-type]
        "30 passed that test; about two of them may be so by chance."
    )
    assert say_chance(Judged({"a": "similar", "b": ""}, frozenset({"a"}))) == (
        "We compared one figure, and could test one for chance."
    )
    assert say_chance(Judged({"a": "better"}, frozenset())) == "", "nothing can be said of chance"


def test_what_is_listed_passes_among_all_of_a_councils_figures(real_release: Release) -> None:
    area = real_release.area("E09000008")
    peers = choose_comparators(real_release, area)
    figures = [each for each in real_release.area_figures(area.code, peers=peers) if each.breakdown == "all"]
    judged = judge_together(real_release, area, figures)
    chances = {
        each.metric: each.certainty.p_neighbours for each in figures if each.certainty and each.metric in judged.tested
    }
    listed = [metric for metric in judged.tested if judged.by_metric[metric] in {"better", "worse"}]
    assert listed
    assert "alone" in judged.by_metric.values()
    # Benjamini and Hochberg: the largest rank at which a chance is at most its share of the limit.
    ordered = sorted(each for each in chances.values() if each is not None)
    most = max(rank for rank, each in enumerate(ordered, 1) if each <= 0.05 * rank / len(ordered))
    assert all((chances[metric] or 0.0) <= ordered[most - 1] for metric in listed)
