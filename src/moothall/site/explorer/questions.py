"""Questions: what a reader asks of a metric's page, checked against the release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from moothall.charts.strip import MOST_SELECTED
from moothall.core.neighbour_models import DEFAULT_MODEL
from moothall.release.queries import Release
from moothall.release.records import PEERS, AreaRecord, Comparators, MetricRecord, Peers, PeriodRecord, UnknownKey
from moothall.site.addresses import metric_address
from moothall.site.explorer.asked import Redirected, read_choice, read_many, read_one
from moothall.site.explorer.breakdowns import list_in_order, name_breakdown
from moothall.site.explorer.comparisons import choose_comparators
from moothall.site.explorer.council_names import find_council
from moothall.site.explorer.parts import Choice
from moothall.site.narrative.names import capitalise

_SORTS = ("value", "name")
MOST_OTHERS = MOST_SELECTED - 1
MOST_CHOSEN = 40
"""How many councils a group of one's own may have."""


@dataclass(frozen=True, slots=True)
class MetricQuestion:
    """What a reader asks of a metric's page, checked against the release."""

    metric: MetricRecord
    area: AreaRecord | None
    others: tuple[AreaRecord, ...]
    peers: Comparators
    period: PeriodRecord
    breakdown: str
    sort: str

    def address(self, **changes: object) -> str:
        """The address of this question, or of one that differs in some ways."""
        chosen: dict[str, object] = {
            "area": self.area.code if self.area else None,
            "peers": self.peers.kind,
            "model": None if self.peers.model == DEFAULT_MODEL else self.peers.model,
            "period": None if self.period.is_latest else self.period.key,
            "breakdown": self.breakdown,
            "sort": None if self.sort == list_sorts(self.metric)[0] else self.sort,
            "others": tuple(other.code for other in self.others),
        } | changes
        return metric_address(self.metric.key, **chosen)  # type: ignore[arg-type]

    def readdress(self, model: str) -> str:
        """The address of this question by another model's list of neighbours."""
        return self.address(peers="neighbours", model=None if model == DEFAULT_MODEL else model)

    @property
    def marked(self) -> tuple[AreaRecord, ...]:
        """The council chosen and those marked besides, in the order of their shapes; of a large group nobody."""
        others = self.others if len(self.others) <= MOST_OTHERS else ()
        return (*((self.area,) if self.area else ()), *others)

    @property
    def marking_address(self) -> str:
        """The address that a council's code completes: one that marks it, or chooses it when none is chosen."""
        if self.area is not None and len(self.others) < MOST_OTHERS:
            return f"{self.address()}&with="
        return f"{self.address(area=None)}&area="

    def without(self, other: AreaRecord) -> str:
        """The address of this question with one council less marked."""
        return self.address(others=tuple(each.code for each in self.others if each != other))


def read_question(release: Release, key: str, asked: QueryDict) -> MetricQuestion:
    """Read and check a metric page's parameters.

    Raises `UnknownKey` for an unknown metric, `Refused` for parameters that do not fit, `Redirected` where a council is
    asked for by its name or an old code.
    """
    metric = release.metric(key)
    breakdown = read_choice(asked, "breakdown", metric.breakdowns, default_breakdown(metric))
    period = read_period(release, metric, breakdown, asked)
    said = read_one(asked, "area")
    area = find_council(release, "area", said, period.end) if said else None
    kind = read_choice(asked, "peers", PEERS, _default_peers(release, metric, area))
    said_others = read_many(asked, "with", MOST_CHOSEN if kind == "custom" else MOST_OTHERS)
    others = tuple(find_council(release, "with", each, period.end) for each in said_others)
    if area is None and kind in {"neighbours", "custom"}:
        # They are always somebody's: the first one marked, else everybody is shown.
        area, others = (others[0], others[1:]) if others else (None, ())
        kind = kind if area else _default_peers(release, metric, None)
    question = MetricQuestion(
        metric=metric,
        area=area,
        others=tuple(other for other in dict.fromkeys(others) if other != area),
        peers=read_comparators(release, asked, kind, [other.code for other in others]),
        period=period,
        breakdown=breakdown,
        sort=read_choice(asked, "sort", list_sorts(metric), list_sorts(metric)[0]),
    )
    if (area.code if area else "") != said or [other.code for other in others] != list(said_others):
        raise Redirected(question.address())
    return question


def read_comparators(release: Release, asked: QueryDict, kind: Peers, group: Sequence[str]) -> Comparators:
    """Comparators of a kind: neighbours by the model asked for, or the group named.

    Raises `Refused` for a model that the release has not.
    """
    if kind == "custom":
        return Comparators(kind, group=tuple(group))
    if kind != "neighbours":
        return Comparators(kind)
    models = tuple(model.key for model in release.neighbour_models())
    return Comparators(kind, read_choice(asked, "model", models, DEFAULT_MODEL))


def list_query(peers: Comparators) -> list[tuple[str, str | None]]:
    """Comparators as the API's parameters."""
    model = None if peers.model == DEFAULT_MODEL else peers.model
    return [("peers", peers.kind), ("model", model), *(("with", code) for code in peers.group)]


def _default_peers(release: Release, metric: MetricRecord, area: AreaRecord | None) -> Peers:
    if area is not None:
        return choose_comparators(release, area).kind
    return "type" if metric.comparable_within == "class" else "england"


def read_period(release: Release, metric: MetricRecord, breakdown: str, asked: QueryDict) -> PeriodRecord:
    """The period asked for, else the latest, else the newest; raises `Refused` for one that there is not.

    Raises `UnknownKey` where the metric has no figures.
    """
    periods = {period.key: period for period in release.periods(metric.key, breakdown)}
    if not periods:
        raise UnknownKey("figure of the metric", metric.key)
    latest = next((key for key, period in periods.items() if period.is_latest), next(iter(periods)))
    return periods[read_choice(asked, "period", tuple(periods), latest)]


def list_periods(release: Release, metric: MetricRecord, breakdown: str, chosen: PeriodRecord) -> tuple[Choice, ...]:
    """The periods to choose from, newest first."""
    return tuple(
        Choice(
            each.key,
            f"{each.label.removeprefix('academic year ')}{' (latest)' if each.is_latest else ''}",
            each.key == chosen.key,
        )
        for each in release.periods(metric.key, breakdown)
    )


def list_breakdowns(metric: MetricRecord, chosen: str) -> tuple[Choice, ...]:
    """The breakdowns to choose from; none where there is but one."""
    if len(metric.breakdowns) < 2:
        return ()
    return tuple(
        Choice(each, capitalise(name_breakdown(each)), each == chosen) for each in list_in_order(metric.breakdowns)
    )


def list_sorts(metric: MetricRecord) -> tuple[str, ...]:
    """The orders the table may have, its own first; one by judgement would be a ranking."""
    return _SORTS if metric.unit.is_amount else ("name",)


def default_breakdown(metric: MetricRecord) -> str:
    """The breakdown shown where none is asked for."""
    return "all" if "all" in metric.breakdowns or not metric.breakdowns else metric.breakdowns[0]
