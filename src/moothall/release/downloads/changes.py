"""What a release changed as a table to take away: how many figures of each metric differ, and in which way."""

from __future__ import annotations

from datetime import date

from moothall.release.changes import COUNT_HEADINGS, COUNT_WORDS, COUNTED, Difference
from moothall.release.downloads.table import About, Column, ColumnKind, Table

_WHOLE, _TEXTS = ColumnKind.WHOLE, ColumnKind.TEXTS
CHANGE_COLUMNS = (
    Column("metric", "Metric key", "The metric, of either release."),
    Column("metric_title", "Metric", "Its name."),
    Column("standing", "Standing", "both: in both releases; new: only in this one; gone: only in the one before."),
    Column("had", "Had a value", "Figures that had a value in the release before.", _WHOLE),
    *(Column(kind, COUNT_HEADINGS[kind], f"Figures {COUNT_WORDS[kind]}.", _WHOLE) for kind in COUNTED),
    Column("new_periods", "New periods", "Periods that only this release has figures for.", _TEXTS),
    Column("gone_periods", "Periods gone", "Periods that only the release before had figures for.", _TEXTS),
    Column("reworded", "Described otherwise", "What of its definition differs.", _TEXTS),
    Column("before", "Release before", "The release that it is compared with."),
    Column("release", "Release", "The release that made the changes."),
)
"""The columns of what changed in a metric, in order."""
_NOTES = (
    "A row is a metric of which any figure or word differs. Each figure that differs is counted once.",
    "A figure in a new file is revised only where its value differs from the one shown before.",
    "The page of the release also spells out the largest changes of each metric.",
)


def tabulate_changes(difference: Difference | None, asked: str, address: str) -> Table:
    """What the release named `asked` changed, a metric a row; no row where that was not kept.

    `address` is where the API has it.
    """
    rows = _list_rows(difference) if difference is not None else []
    before = difference.old if difference is not None else "not known"
    about = About(
        title=f"What release {asked} changed",
        asked=(("Release", asked), ("Compared with", before)),
        release=asked,
        built=date.fromisoformat(asked[:10]),  # with which every release's name begins
        address=address,
        notes=_NOTES,
    )
    first = ("metric_title", "standing", *COUNTED)
    return Table("changes", CHANGE_COLUMNS, ("metric",), rows, len(rows), about, first)


def _list_rows(difference: Difference) -> list[tuple[object, ...]]:
    counted = {each.metric: each for each in difference.metrics}
    reworded = {each.metric: each.columns for each in difference.metrics_reworded}
    standing = dict.fromkeys(difference.metrics_added, "new") | dict.fromkeys(difference.metrics_removed, "gone")
    rows = []
    for key in dict.fromkeys([*counted, *standing, *reworded]):
        found = counted.get(key)
        counts = tuple(found.count(kind) if found else 0 for kind in COUNTED)
        periods = (found.new_periods, found.gone_periods) if found else ((), ())
        rows.append(
            (
                *(key, difference.titles[key], standing.get(key, "both"), found.had if found else 0),
                *(*counts, *periods, reworded.get(key, ()), difference.old, difference.new),
            )
        )
    return rows
