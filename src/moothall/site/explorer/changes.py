"""What changed from one release to the next, in words, tables and links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from moothall.core.periods import parse_key
from moothall.release.changes import COUNT_HEADINGS, COUNT_WORDS, Change, Counted, Difference, MetricDifference
from moothall.release.queries import Release
from moothall.release.records import ALL
from moothall.site.addresses import metric_address, trace_address
from moothall.site.explorer.breakdowns import name_breakdown
from moothall.site.explorer.parts import Link
from moothall.site.narrative.names import capitalise, count_words

NOT_KEPT = "What changed was not kept, so it cannot be shown."
_SENTENCES: dict[Counted, tuple[str, str]] = {
    "removed": ("figure is no longer in the release", "figures are no longer in the release"),
    "lost": ("figure no longer has a value", "figures no longer have a value"),
    "changed": ("figure was revised", "figures were revised"),
    "marked": (
        "figure kept its value and has another marker or interval",
        "figures kept their value and have another marker or interval",
    ),
    "gained": ("figure has a value where there was none", "figures have a value where there was none"),
    "added": ("figure was added", "figures were added"),
}
DEFINED_BY = {
    "title": "title",
    "short": "short title",
    "description": "what is measured",
    "why": "why it matters",
    "not_tell": "what it does not tell",
    "topic_key": "topic",
    "source_key": "source",
    "unit": "unit",
    "places": "decimal places",
    "polarity": "whether higher or lower is better",
    "kind": "kind of metric",
    "lever": "how far the council can move it",
    "shared_with": "who else moves it",
    "comparable_within": "who is compared",
    "interval": "how its interval is made",
    "range_min": "least value possible",
    "range_max": "greatest value possible",
    "owner": "who answers for it",
    "checker": "who checked it",
    "next_review": "when it is looked at again",
    "formula": "formula",
    "status": "whether it is proposed, published, improved or retired",
    "status_since": "since when it is",
    "status_reason": "why it was retired, or what was improved",
    "replacement": "what took its place",
    "aliases": "keys it once had",
    "quality": "kind of statistic",
    "adds_up": "how it adds up",
    "counts": "what its interval is made from",
    "metric_functions": "services it is about",
    "metric_inputs": "metrics it is worked out from",
    "metric_period_notes": "breaks and notes on periods",
}
"""What each column of a metric's definition says."""
TABLES_SAY = {
    "areas": "names and dates of authorities",
    "memberships": "which authority belongs to which",
    "successions": "what became of closed authorities",
    "announced_changes": "what is to become of authorities",
    "area_parts": "which councils are added up",
    "aliases": "older codes of authorities",
    "topics": "topics",
    "chain_links": "which metrics a topic sets beside one another",
    "signposts": "signposts to other places",
    "framework_lists": "where the outcomes’ metrics were read",
    "outcomes": "outcomes of the government’s framework",
    "outcome_metrics": "metrics of the government’s framework",
    "outcome_matches": "which of our metrics match them",
    "outcome_others": "other metrics shown under outcomes",
    "functions": "services",
    "responsibilities": "who is responsible for what",
    "sources": "what is said of sources",
    "register_files": "files that the list of authorities was read from",
    "unread_sources": "series that are known and not read",
    "missing_editions": "published files that are known and not held",
    "editions": "what is said of published files",
    "edition_tables": "which tables of the files are read",
    "observations": "values in earlier files, or where they stand",
    "shapes": "shapes on maps",
    "boundary_files": "files that maps were drawn from",
    "settled": "rows left out or read as another area",
    "neighbour_models": "how neighbours are found",
    "neighbour_inputs": "what councils are likened by",
    "neighbour_missing": "what neighbour models ask for and is not held",
    "neighbour_pools": "among whom neighbours are looked for",
    "neighbour_scales": "how what councils are likened by is scaled",
    "neighbour_domains": "what sides of a place weigh",
    "neighbour_values": "where councils stand in what they are likened by",
    "neighbour_lists": "who has a list of neighbours",
    "neighbours": "who is on whose list of neighbours",
    "neighbour_churn": "what changed in lists of neighbours",
    "neighbour_validation": "how well lists of neighbours did",
    "certainties": "how sure figures are",
    "trends": "where figures go",
    "projections": "what figures come to if their recent pattern continues",
    "projection_checks": "how near such projections were",
    "neighbour_sets_not_held": "lists of neighbours that are known and not here",
    "neighbour_listed": "how many places published lists have",
    "exemplars": "who is worth learning from",
    "topic_exemplars": "who is worth learning from in a whole topic",
    "exemplar_checks": "how far lists of who is worth learning from are to be trusted",
    "movements": "where councils together have gone",
    "postcode_files": "the file that postcodes were read from",
    "everyday_words": "everyday words for finding things",
    "findings": "what the checks before publishing found",
}
"""What each table says of which a difference only tells that it differs."""


@dataclass(frozen=True, slots=True)
class ServedRelease:
    """A release in the list of those this copy has shown."""

    link: Link  # its address is empty where it is no longer kept
    day: str  # "22 November 2026"
    since: str  # "22 November 2026, 03:40 UTC", or empty where that is not known
    how: str  # "Published" or "Went back to"
    is_shown: bool
    words: str  # what changed


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """One figure that differs from the release before."""

    area: str
    period: str
    old: str
    new: str
    had_value: bool
    has_value: bool
    trace_address: str  # empty where the figure is not in the release shown now


@dataclass(frozen=True, slots=True)
class ChangedMetric:
    """A metric of which figures differ from the release before."""

    anchor: str
    title: str
    metric_address: str  # empty where the release shown now does not have it
    counts: tuple[str, ...]  # one of each column of the table
    periods: str  # which periods are new or gone, or empty
    sentence: str
    figures: tuple[ChangedFigure, ...]  # the largest changes


@dataclass(frozen=True, slots=True)
class ListedChange:
    """Things that differ in one way, named one by one."""

    label: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReleaseChanges:
    """What changed since the release before: in words, per metric, and in definitions and files."""

    before: Link | None  # its address is empty where it is no longer kept
    sentences: tuple[str, ...]
    columns: tuple[str, ...]
    metrics: tuple[ChangedMetric, ...]  # of both releases
    added: tuple[ChangedMetric, ...]
    lists: tuple[ListedChange, ...]  # metrics removed, definitions, files and what else differs
    unchanged: tuple[tuple[str, str], ...]  # anchor and title


def sum_up(difference: Difference) -> str:
    """What changed, in a sentence or two."""
    counts = [(difference.count(kind), words) for kind, words in COUNT_WORDS.items()]
    parts = [f"{many:,} {words}" for many, words in counts if many]
    said = []
    if difference.metrics_removed:
        said.append(f"{count_words(len(difference.metrics_removed), 'metric', 'metrics')} removed.")
    if parts:
        said.append(f"Figures: {', '.join(parts)}.")
    if difference.metrics_added:
        many = difference.count_of(difference.metrics_added)
        said.append(f"{count_words(len(difference.metrics_added), 'metric', 'metrics')} added, with {many:,} figures.")
    return " ".join(capitalise(each) for each in said) or "No figure changed."


def list_nothing(asked: Release, before: Link | None, why: str) -> ReleaseChanges:
    """What is shown when there is no difference to show: why, and a place for every metric's link to lead to."""
    everything = tuple((anchor_metric(metric.key), metric.title) for metric in asked.metrics())
    return ReleaseChanges(before, (why,), (), (), (), (), everything)


def list_changes(difference: Difference, asked: Release, before: Link, *, is_shown: bool) -> ReleaseChanges:
    """What a release changed; figures lead to where they come from if it is the release shown now."""
    both = difference.kept_metrics
    columns = [kind for kind in COUNT_HEADINGS if any(each.count(kind) for each in both)]
    order = {metric.key: place for place, metric in enumerate(asked.metrics())}
    counted = {each.metric: each for each in difference.metrics}
    added = sorted(difference.metrics_added, key=lambda key: order.get(key, 0))
    spoken = {*counted, *added}
    return ReleaseChanges(
        before=before,
        sentences=tuple(capitalise(each) for each in _say_changes(difference)),
        columns=tuple(COUNT_HEADINGS[kind] for kind in columns),
        metrics=tuple(_list_metric(each, difference.titles[each.metric], columns, is_shown=is_shown) for each in both),
        added=tuple(
            ChangedMetric(
                anchor=anchor_metric(key),
                title=difference.titles[key],
                metric_address=metric_address(key) if is_shown else "",
                counts=(),
                periods="",
                sentence=count_words(counted[key].added if key in counted else 0, "figure", "figures"),
                figures=(),
            )
            for key in added
        ),
        lists=tuple(_list_others(difference)),
        unchanged=tuple(
            (anchor_metric(metric.key), metric.title) for metric in asked.metrics() if metric.key not in spoken
        ),
    )


def _say_changes(difference: Difference) -> Iterator[str]:
    if removed := len(difference.metrics_removed):
        yield count_words(removed, "metric was removed.", "metrics were removed.")
    if added := len(difference.metrics_added):
        many = difference.count_of(difference.metrics_added)
        said = count_words(added, "metric is new", "metrics are new")
        yield f"{said}, with {count_words(many, 'figure', 'figures')}."
    if not any((difference.count("removed"), difference.count("lost"), difference.count("changed"))):
        apart = " of the other metrics" if difference.metrics_removed or difference.metrics_added else ""
        yield f"No figure{apart} was revised or removed, and none lost its value."
    for kind, (one, more) in _SENTENCES.items():
        if many := difference.count(kind):
            metrics = sum(1 for each in difference.kept_metrics if each.count(kind))
            yield f"{count_words(many, one, more)}, in {count_words(metrics, 'metric', 'metrics')}."
    if reworded := len(difference.metrics_reworded):
        yield count_words(reworded, "metric is described otherwise.", "metrics are described otherwise.")


def _list_metric(metric: MetricDifference, title: str, columns: list[Counted], *, is_shown: bool) -> ChangedMetric:
    return ChangedMetric(
        anchor=anchor_metric(metric.metric),
        title=title,
        metric_address=metric_address(metric.metric) if is_shown else "",
        counts=tuple(f"{metric.count(kind):,}" for kind in columns),
        periods=" ".join(_say_periods(metric)),
        sentence=_say_metric(metric),
        figures=tuple(_list_figure(metric.metric, change, is_shown=is_shown) for change in metric.largest),
    )


def _say_periods(metric: MetricDifference) -> Iterator[str]:
    for label, keys in (("New", metric.new_periods), ("Gone", metric.gone_periods)):
        if keys:
            yield f"{label}: {', '.join(parse_key(key).label for key in keys)}."


def _say_metric(metric: MetricDifference) -> str:
    """How many of its values changed, and what the list of changes is a part of."""
    counts = (
        (metric.lost, f"of {metric.had:,} values lost"),
        (metric.changed, f"of {metric.had:,} values revised"),
        (metric.gained, "gained"),
    )
    said = ", ".join(f"{many:,} {words}" for many, words in counts if many)
    spelled = len(metric.largest)
    many = f"{spelled} largest changes" if spelled < metric.total - metric.added else "changes"
    return f"{said}. The {many}:" if said else f"The {many}:"


def _list_figure(metric: str, change: Change, *, is_shown: bool) -> ChangedFigure:
    breakdown = "" if change.breakdown == ALL else f", {name_breakdown(change.breakdown)}"
    has_trace = is_shown and change.kind != "removed"
    return ChangedFigure(
        area=change.area_name,
        period=parse_key(change.period).label + breakdown,
        old=change.old_text,
        new=change.new_text,
        had_value=change.old_value is not None,
        has_value=change.new_value is not None,
        trace_address=trace_address(metric, change.area, change.period, change.breakdown) if has_trace else "",
    )


def _list_others(difference: Difference) -> Iterator[ListedChange]:
    titles = difference.titles
    reworded = [
        f"{titles[each.metric]}: {', '.join(DEFINED_BY.get(name, name) for name in each.columns)}"
        for each in difference.metrics_reworded
    ]
    lists = {
        "Metrics removed": [titles[key] for key in difference.metrics_removed],
        "Metrics described otherwise": reworded,
        "Files added": [titles[key] for key in difference.editions_added],
        "Files replaced by another version": [titles[key] for key in difference.editions_replaced],
        "Files no longer used": [titles[key] for key in difference.editions_removed],
        "Also changed": [TABLES_SAY.get(name, name) for name in difference.tables],
    }
    yield from (ListedChange(label, tuple(items)) for label, items in lists.items() if items)


def anchor_metric(metric: str) -> str:
    """Where a release's page says what changed of a metric."""
    return f"changes-{metric}"
