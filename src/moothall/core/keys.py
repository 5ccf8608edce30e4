"""Keys that never vanish: aliases, replacements, and the list of every key that was ever published."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from moothall.core.definitions import Metric
from moothall.core.documents import Document
from moothall.core.problems import Place, Problems

KEYS = "keys.txt"
"""The file of `definitions/` with every key that was ever published, one a line."""
Placed = tuple[Metric, Document, tuple[str | int, ...]]


def check_lives(placed: Iterable[Placed], problems: Problems) -> None:
    """Note every alias that is also a key or another's alias, and every replacement that is no other metric.

    `placed` are all metrics, each with its document and its path in it.
    """
    listed = list(placed)
    owners = {metric.key: metric.key for metric, _, _ in listed}
    for metric, document, path in listed:
        for place, alias in enumerate(metric.aliases):
            if alias in owners:
                message = f"{alias!r} already stands for the metric {owners[alias]!r}."
                problems.add("KEY_REUSED", message, document.place((*path, "aliases", place)))
            owners.setdefault(alias, metric.key)
    keys = {metric.key for metric, _, _ in listed}
    for metric, document, path in listed:
        if metric.replacement is not None and metric.replacement not in keys - {metric.key}:
            message = f"There is no other metric {metric.replacement!r}."
            problems.add("REFERENCE_UNKNOWN", message, document.place((*path, "replacement")))


def check_list(path: Path, file: str, metrics: Iterable[Metric], problems: Problems) -> None:
    """Note every key listed that is gone, and, as a warning, every published one that is not listed.

    A key is not gone while a metric has it, retired or not, or has it as an alias. Nothing is noted where there is no
    list.
    """
    if not path.exists():
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    listed = {line.strip(): number for number, line in enumerate(lines, 1) if line.strip() and line[0] != "#"}
    known, shown = set[str](), list[str]()
    for metric in metrics:
        known |= {metric.key, *metric.aliases}
        if metric.status.has_figures:
            shown.append(metric.key)
    for key, number in listed.items():
        if key not in known:
            problems.add("KEY_VANISHED", f"No metric has the key {key!r} any more.", Place(file, number, 1))
    for key in shown:
        if key not in listed:
            problems.add("KEY_UNLISTED", f"The key {key!r} is not in the list.", Place(file), "warning")
