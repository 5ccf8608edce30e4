"""Three things to know of a council: chosen by a rule that looks at every scored figure alike, never at what it says.

The rule and its examples are in `docs/methods/three-things.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from moothall.core.differences import hold_together
from moothall.core.values import Polarity
from moothall.release.exemplars import CHANGES
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, Comparators, FigureRecord
from moothall.site.addresses import area_topic_address, trace_address
from moothall.site.explorer.comparisons import is_total
from moothall.site.explorer.parts import Link
from moothall.site.explorer.parts_areas import Thing, Things
from moothall.site.explorer.standing import Judged
from moothall.site.narrative.caveats import FEW_CASES
from moothall.site.narrative.change import find_side
from moothall.site.narrative.comparators import read_chances
from moothall.site.narrative.comparison import find_polarity
from moothall.site.narrative.figure import narrate
from moothall.site.narrative.names import capitalise
from moothall.site.narrative.things import LIMIT, say_exemplar, say_heading, say_things_looked_at

MOST = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A metric in which a council stands out: its place in the catalogue, and the least chance that it passed with.

    `chance` is none where it stands out only as worth learning from, which another test decides.
    """

    metric: str
    topic: str
    place: int
    is_shown_first: bool
    chance: float | None


def choose_things(candidates: Iterable[Candidate], most: int = MOST) -> list[Candidate]:
    """The candidates that are told, in order.

    Those that topics show first come first, then the surest, then the catalogue's order. A topic gives a second one
    only when every topic has given one.
    """
    ordered = sorted(
        candidates,
        key=lambda each: (not each.is_shown_first, each.chance is None, each.chance or 0.0, each.place),
    )
    seen: set[str] = set()
    first: list[Candidate] = []
    later: list[Candidate] = []
    for each in ordered:
        (later if each.topic in seen else first).append(each)
        seen.add(each.topic)
    return [*first, *later][:most]


@dataclass(frozen=True, slots=True)
class Apart:
    """In what a council stands apart: metrics that passed as differences and as trends, with the chance of each."""

    own: dict[str, FigureRecord]  # everything that was looked at
    differences_tested: int
    trends_tested: int
    differing: dict[str, float]
    moving: dict[str, float]


def find_apart(release: Release, figures: Sequence[FigureRecord], together: Judged) -> Apart:
    """What stands apart of a council's figures of the latest periods, `together` being how they are judged."""
    own = {figure.metric: figure for figure in figures if _is_looked_at(release, figure)}
    differing = {
        metric: chance
        for metric in together.tested & own.keys()
        if together.by_metric[metric] in {"better", "worse"} and (chance := read_chances(own[metric])[0]) is not None
    }
    chances = {metric: p for metric, figure in own.items() if (p := _read_trend_chance(figure)) is not None}
    passed = hold_trends(chances)
    moving = {
        metric: p for metric, p in passed.items() if find_side(own[metric], release.metric(metric), own[metric].trend)
    }
    return Apart(own, len(together.tested & own.keys()), len(chances), differing, moving)


def find_things(
    release: Release, area: AreaRecord, figures: Sequence[FigureRecord], together: Judged, peers: Comparators
) -> Things | None:
    """What is told of a council, out of its figures of the latest periods; none where nothing could be looked at."""
    apart = find_apart(release, figures, together)
    own, differing, moving = apart.own, apart.differing, apart.moving
    exemplars = {each.metric: each for each in release.exemplars(area=area.code) if each.metric in own}
    looked_at = apart.differences_tested, apart.trends_tested
    if not any(looked_at) and not exemplars:
        return None
    first = {key for topic in release.topics() for key in topic.headlines}
    places = {metric.key: place for place, metric in enumerate(release.metrics())}
    chosen = choose_things(
        Candidate(
            metric=metric,
            topic=release.metric(metric).topic,
            place=places[metric],
            is_shown_first=metric in first,
            chance=min((known[metric] for known in (differing, moving) if metric in known), default=None),
        )
        for metric in differing.keys() | moving.keys() | exemplars.keys()
    )
    return Things(
        heading=say_heading(len(chosen)),
        entries=tuple(
            Thing(
                title=capitalise(release.metric(each.metric).short),
                address=f"{area_topic_address(area.code, each.topic)}#{each.metric}",
                text=own[each.metric].text,
                trace_address=trace_address(each.metric, area.code, own[each.metric].period),
                sentence=narrate(release, own[each.metric], peers).brief,
                exemplar=say_exemplar(is_change=exemplars[each.metric].kind in CHANGES)
                if each.metric in exemplars
                else "",
            )
            for each in chosen
        ),
        looked_at=say_things_looked_at(
            "its neighbours" if peers.kind == "neighbours" else f"other {area.area_class.plural}",
            *looked_at,
            len(differing),
            len(moving),
            len(exemplars),
        ),
        why=Link("How these are chosen", "/methods#three-things"),
    )


def hold_trends(chances: Mapping[str, float]) -> dict[str, float]:
    """Of the chances of trends, those that pass when all of them are held together, as differences are."""
    held = dict(zip(chances, hold_together(list(chances.values())), strict=True))
    return {metric: p for metric, p in chances.items() if held[metric] < LIMIT}


def _is_looked_at(release: Release, figure: FigureRecord) -> bool:
    """Whether a figure is the council's own, new and large enough, and one direction of it is better."""
    metric = release.metric(figure.metric)
    cases = figure.certainty.cases if figure.certainty is not None else None
    return (
        figure.value is not None
        and figure.is_compared
        and not figure.is_added_up
        and not metric.is_old
        and not is_total(metric)
        and find_polarity(metric) is not Polarity.NONE
        and (cases is None or cases >= FEW_CASES)
    )


def _read_trend_chance(figure: FigureRecord) -> float | None:
    """The chance of a trend that was tested, and beside which the change of the council's neighbours is known."""
    trend = figure.trend
    return (
        trend.p if trend is not None and trend.direction is not None and trend.change_neighbours is not None else None
    )
