"""What is said of a metric's life, of what kind of statistic it is and from what files."""

from __future__ import annotations

from collections.abc import Sequence

from moothall.core.life_cycle import Status
from moothall.core.quality import Quality
from moothall.release.queries import Release
from moothall.release.records import EditionRecord, MetricRecord
from moothall.site.addresses import metric_address
from moothall.site.explorer.life_parts import MetricLife
from moothall.site.explorer.pages import MetricToComePage
from moothall.site.explorer.parts import Link
from moothall.site.narrative.names import name_day

_TO_COME = {
    Status.PROPOSED: "This metric is proposed. Nobody is compared by it, and it has no figures here yet.",
    Status.IN_CONSULTATION: "People are being asked about this metric. Nobody is compared by it, and it has no figures "
    "here yet.",
}


def make_metric_to_come(release: Release, metric: MetricRecord) -> MetricToComePage:
    """The page of a metric that is not published yet."""
    since = f" since {name_day(metric.status_since)}" if metric.status_since else ""
    return MetricToComePage(
        release_id=release.record.id,
        metric=metric,
        status=f"{metric.status.label}{since}",
        sentence=_TO_COME[metric.status],
    )


def say_life(release: Release, metric: MetricRecord) -> MetricLife | None:
    """That a metric was retired, and what took its place, or that it was improved; none where there is nothing to say.

    The link leads to the metric that took its place.
    """
    if metric.status not in {Status.IMPROVED, Status.RETIRED} or metric.status_since is None:
        return None
    day, reason = name_day(metric.status_since), metric.status_reason or ""
    if metric.status is Status.IMPROVED:
        return MetricLife(f"This metric was improved on {day}. {reason}", None)
    said = f"This metric was retired on {day}: no newer figures are added. {reason}"
    if metric.replacement is None:
        return MetricLife(f"{said} No metric took its place.", None)
    successor = release.metric(metric.replacement)
    return MetricLife(said, Link(successor.title, metric_address(successor.key)))


def note_quality(metric: MetricRecord) -> str:
    """For a list: the kind of statistic and the status, each only where it is not the usual one."""
    kind = metric.quality.label.lower() if metric.quality is not Quality.OFFICIAL else ""
    status = metric.status.label.lower() if metric.status is not Status.PUBLISHED else ""
    return ", ".join(each for each in (kind, status) if each)


def say_kind(metric: MetricRecord, editions: Sequence[EditionRecord]) -> tuple[str, ...]:
    """The kind of statistic that a metric is and what that means, and which files behind its figures are copies."""
    said = [f"{metric.quality.label}. {metric.quality.meaning}"]
    for quality in (Quality.CONVERTED, Quality.TRANSCRIBED):
        copies = [edition for edition in editions if edition.quality == quality]
        if copies:
            files = "The file" if len(editions) == 1 else f"Of the {len(editions)} files"
            which = "is" if len(editions) == 1 else f"{len(copies)} {'is' if len(copies) == 1 else 'are'}"
            comma = "," if len(editions) > 1 else ""
            said.append(f"{files} behind these figures{comma} {which} {quality.label.lower()}. {quality.meaning}")
    return tuple(said)
