"""Standing: how many figures of an area are better, similar or worse than their median, in words, never a score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from moothall.core.differences import hold_together
from moothall.core.values import Lever, Marker
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, FigureRecord, MetricRecord
from moothall.site.explorer.comparisons import is_total
from moothall.site.narrative.comparators import read_chances
from moothall.site.narrative.comparison import Comparison, Judgement, judge
from moothall.site.narrative.names import capitalise, count_words, join_words
from moothall.site.narrative.things import LIMIT, count, say_expected

_AGAINST: tuple[tuple[Judgement, str], ...] = (
    ("better", "better than"),
    ("similar", "similar to"),
    ("worse", "worse than"),
    ("far", "very far from"),
)


class Judged(NamedTuple):
    """How an area's figures stand by metric: "alone" where one differs only when it is looked at alone."""

    by_metric: dict[str, Judgement | Literal["alone"]]
    tested: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """An area's figures of one topic, counted: those with a value by how they stand, and those without one."""

    judged: Counter[Judgement]
    is_in_words: bool  # every value is an inspectorate's word or a day
    is_context: bool  # every value describes the area and not the council
    absent: int

    @property
    def with_value(self) -> int:
        """How many figures have a value."""
        return self.judged.total()


def judge_standing(area: AreaRecord, metric: MetricRecord, figure: FigureRecord) -> Judgement:
    """How a figure stands to its peers' median; empty where it grows with the size of the area, or is not compared."""
    if not area.is_principal or is_total(metric):
        return ""
    p, q = read_chances(figure)
    return judge(figure, metric, Comparison("", 0, 0, figure.median_peers, figure.mads_peers, p=p, q=q))


def judge_together(release: Release, area: AreaRecord, figures: Iterable[FigureRecord]) -> Judged:
    """How an area's figures stand to their medians, once their chances are held against one another.

    What is listed as better or worse differs by more than chance both among all councils in its metric, which
    `judge_standing` sees to, and among all figures of the council (`methods` 2.7).
    """
    held = [figure for figure in figures if figure.value is not None and not figure.is_added_up]
    alone = {figure.metric: judge_standing(area, release.metric(figure.metric), figure) for figure in held}
    chances = {
        figure.metric: p for figure in held if alone[figure.metric] and (p := read_chances(figure)[0]) is not None
    }
    together = dict(zip(chances, hold_together(list(chances.values())), strict=True))
    return Judged(
        {
            metric: "alone" if judged in {"better", "worse"} and together.get(metric, 0.0) >= LIMIT else judged
            for metric, judged in alone.items()
        },
        frozenset(chances),
    )


def say_chance(judged: Judged) -> str:
    """How many of the figures that stand out were tested for chance, and how many may stand out by chance."""
    compared = [metric for metric, each in judged.by_metric.items() if each]
    listed = [metric for metric, each in judged.by_metric.items() if each in {"better", "worse"}]
    tested = sum(metric in judged.tested for metric in listed)
    if not compared or not judged.tested:
        return ""
    said = (
        f"We compared {count_words(len(compared), 'figure', 'figures')}, "
        f"and could test {count(len(judged.tested))} for chance."
    )
    if not listed:
        return said
    number = say_expected(LIMIT * tested)
    passed = f"{count(tested)} passed that test; {number} of them may be so by chance" if tested else "none was tested"
    said = f"{said} Of the {count(len(listed))} listed as better or worse, {passed}."
    left = len(listed) - tested
    return f"{said} The other {count(left)} could not be tested." if tested and left else said


def count_standing(release: Release, area: AreaRecord, figures: Iterable[FigureRecord]) -> Standing:
    """Count the figures of services that the area runs."""
    run = [f for f in figures if f.marker is not Marker.NOT_RESPONSIBLE and not f.is_added_up]
    held = [figure for figure in run if figure.value is not None]
    return Standing(
        judged=Counter(judge_standing(area, release.metric(figure.metric), figure) for figure in held),
        is_in_words=bool(held) and not any(figure.unit.is_amount for figure in held),
        is_context=bool(held) and all(figure.lever == Lever.CONTEXTUAL for figure in held),
        absent=len(run) - len(held),
    )


def say_standing(standing: Standing, peers_label: str) -> str:
    """The counts in sentences: "Of 21 figures, three are better than the median of London boroughs ..."."""
    if not standing.with_value:
        return ""
    said = []
    parts = [(standing.judged[each], words) for each, words in _AGAINST if standing.judged[each]]
    rest = standing.judged[""]
    if standing.is_in_words:
        said.append("These are judgements in the inspectorate’s own words. Nobody is compared or ranked by them.")
    elif standing.is_context:
        said.append("These figures describe the area and its people, not the council.")
    elif parts:
        said.append(_say_judged(standing.with_value, parts, peers_label))
        if rest:
            said.append(f"The other {count(rest)} cannot be called better or worse.")
    else:
        said.append(f"The {count_words(rest, 'figure', 'figures')} cannot be called better or worse.")
    if standing.absent:
        said.append(f"{capitalise(count_words(standing.absent, 'figure is', 'figures are'))} missing.")
    return " ".join(said)


def _say_judged(total: int, parts: list[tuple[int, str]], peers_label: str) -> str:
    median = f"the median of {peers_label}"
    if total == 1:
        return f"The one figure is {parts[0][1]} {median}."
    if parts[0][0] == total:
        return f"{'Both' if total == 2 else f'All {count(total)}'} figures are {parts[0][1]} {median}."
    said = []
    for place, (number, words) in enumerate(parts):
        verb = ("is " if number == 1 else "are ") if place == 0 else ""
        said.append(f"{count(number)} {verb}{words} {'it' if place else median}")
    return f"Of {count(total)} figures, {join_words(said)}."
