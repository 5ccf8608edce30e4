"""The pages of the government's outcomes: the list, and one of them with what is held of its metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.http import QueryDict

from moothall.release.navigation import HOLDINGS, FrameworkList, FrameworkMetricRecord
from moothall.release.queries import Release
from moothall.release.records import EVERYONE, AreaRecord, MetricRecord, OutcomeRecord
from moothall.site.addresses import outcome_address, outcomes_address
from moothall.site.explorer.asked import Redirected, read_one
from moothall.site.explorer.chains import ChainLink, show_link
from moothall.site.explorer.comparisons import choose_comparators
from moothall.site.explorer.council_names import find_council, name_within
from moothall.site.explorer.pages import Page
from moothall.site.explorer.parts import Fact, Link
from moothall.site.explorer.takeaway import Download, offer_figures

_HELD = {
    "same": "measured here",
    "near": "near match here",
    "not_held": "not held",
    "no_measure": "no measure yet",
}
_LISTING = {
    "whole": "",
    "part": "We have seen only part of the framework’s list for this outcome. It may have more metrics.",
    "none": "We have not seen the framework’s list of metrics for this outcome.",
    "undecided": "In the version we have seen, the framework has no metrics for this outcome yet.",
}
_LISTING_IN_SHORT = {
    "whole": "",
    "part": "We have seen part of its list.",
    "none": "We have not seen its list.",
    "undecided": "The framework has no metrics for it yet.",
}
_ROLE = {"outcome": "Outcome metric", "output": "Output metric", None: ""}


@dataclass(frozen=True, slots=True)
class OutcomeEntry:
    """An outcome in the list, with how many of the framework's metrics are held."""

    link: Link
    description: str
    is_contextual: bool
    listing: str  # how much of the framework's list was seen, in a sentence, or empty
    counts: tuple[Fact, ...]
    others: int  # how many metrics of ours stand on its page besides


@dataclass(frozen=True, slots=True)
class OutcomeMatch:
    """A metric of ours under one of the framework's."""

    link: ChainLink
    differs: str  # how ours differs, or empty


@dataclass(frozen=True, slots=True)
class OutcomeMetric:
    """One metric of the framework: what is held of it."""

    name: str
    role: str
    held: str
    is_held: bool
    publisher: str
    note: str
    matches: tuple[OutcomeMatch, ...]


@dataclass(frozen=True, slots=True)
class OutcomesPage(Page):
    """Every outcome of the government's framework, in its order."""

    template: ClassVar[str] = "outcomes.html"
    section: ClassVar[str] = "topics"
    place: str  # the council that the links are for, or empty
    outcomes: tuple[OutcomeEntry, ...]
    lists: tuple[FrameworkList, ...]
    canonical: str

    def find_canonical(self, path: str) -> str:
        """With the council chosen."""
        return self.canonical


@dataclass(frozen=True, slots=True)
class OutcomePage(Page):
    """One outcome: the framework's metrics, what is held of each, and a council's figures where one is chosen."""

    template: ClassVar[str] = "outcome.html"
    section: ClassVar[str] = "topics"
    outcome: OutcomeRecord
    chosen: str  # the name of the council chosen, or empty
    place: str  # the same inside a sentence
    listing: str
    metrics: tuple[OutcomeMetric, ...]
    others: tuple[ChainLink, ...]
    councils: tuple[str, ...]  # names to choose from
    beside: tuple[Link, ...]  # the outcomes before and after
    all_outcomes: str
    canonical: str
    download: Download | None

    def find_canonical(self, path: str) -> str:
        """With the council chosen."""
        return self.canonical


def make_outcomes(release: Release, asked: QueryDict) -> OutcomesPage:
    """Every outcome; a council named is kept in the links."""
    area = _read_area(release, asked, outcomes_address)
    code = area.code if area else None
    return OutcomesPage(
        release_id=release.record.id,
        place=name_within(area) if area else "",
        outcomes=tuple(_list_outcome(outcome, code) for outcome in release.outcomes()),
        lists=release.framework_lists(),
        canonical=outcomes_address(code),
    )


def make_outcome(release: Release, number: str, asked: QueryDict) -> OutcomePage:
    """One outcome, for all councils or for one; `UnknownKey` when there is no such outcome."""
    outcome = release.outcome(number)
    area = _read_area(release, asked, lambda code: outcome_address(outcome.number, code))
    code = area.code if area else None
    peers = choose_comparators(release, area) if area else EVERYONE
    latest = release.latest(outcome.keys, area=code, peers=peers)
    links = {each.metric.key: show_link(release, each, area, peers) for each in latest}
    query = [*(("metric", key) for key in links), ("area", code), ("peers", peers.kind if area else None)]
    return OutcomePage(
        release_id=release.record.id,
        outcome=outcome,
        chosen=area.name if area else "",
        place=name_within(area) if area else "",
        listing=_LISTING[outcome.listing],
        metrics=tuple(_show_metric(metric, links) for metric in outcome.metrics),
        others=tuple(links[key] for key in outcome.others),
        councils=tuple(each.name for each in release.areas(principal_only=True)),
        beside=tuple(_link(each, code) for each in release.outcomes() if abs(each.number - outcome.number) == 1),
        all_outcomes=outcomes_address(code),
        canonical=outcome_address(outcome.number, code),
        download=offer_figures("these figures" if area else "every council’s figures", query) if links else None,
    )


def link_outcomes(release: Release, metric: MetricRecord, area: AreaRecord | None) -> tuple[Link, ...]:
    """The outcomes that a metric bears on, for the council chosen, if any."""
    return tuple(_link(each, area.code if area else None) for each in release.outcomes() if metric.key in each.keys)


def _read_area(release: Release, asked: QueryDict, address: Callable[[str | None], str]) -> AreaRecord | None:
    """The council asked for; `Redirected` to the address with its code where it is asked for otherwise."""
    said = read_one(asked, "area")
    area = find_council(release, "area", said, release.built) if said else None
    if said and area and said != area.code:
        raise Redirected(address(area.code))
    return area


def _link(outcome: OutcomeRecord, code: str | None) -> Link:
    return Link(f"{outcome.number}. {outcome.title}", outcome_address(outcome.number, code))


def _list_outcome(outcome: OutcomeRecord, code: str | None) -> OutcomeEntry:
    counts = ((held, outcome.count(held)) for held in HOLDINGS)
    return OutcomeEntry(
        link=_link(outcome, code),
        description=outcome.description,
        is_contextual=outcome.is_contextual,
        listing=_LISTING_IN_SHORT[outcome.listing],
        counts=tuple(Fact(_HELD[held], str(many)) for held, many in counts if many),
        others=len(outcome.others),
    )


def _show_metric(metric: FrameworkMetricRecord, links: Mapping[str, ChainLink]) -> OutcomeMetric:
    return OutcomeMetric(
        name=metric.name,
        role=_ROLE[metric.role],
        held=_HELD[metric.holding],
        is_held=bool(metric.matches),
        publisher=metric.publisher or "",
        note=metric.note or "",
        matches=tuple(OutcomeMatch(links[each.metric], each.differs or "") for each in metric.matches),
    )
