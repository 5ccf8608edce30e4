"""Families: what several metrics of a file have in common, written once."""

from __future__ import annotations

from typing import Any

from moothall.core.problems import Place, Problems

OWN = ("key", "title", "short", "description")
"""What every metric says for itself: no family gives it."""

Marks = dict[tuple[str | int, ...], tuple[int, int]]


def join_families(data: Any, marks: Marks, file: str, problems: Problems) -> None:
    """Give each metric of a document what its family has and it does not say itself.

    `data` is the document as plain data and `marks` says where its parts stand; both are changed, so that a mistake in
    a family is found where the family has it. Notes REFERENCE_UNKNOWN for a family that is none, DEFINITION_INVALID for
    one that gives what is every metric's own.
    """
    families = data.get("families") if isinstance(data, dict) else None
    if not isinstance(families, dict) or not isinstance(data.get("metrics"), list):
        return
    for name, family in families.items():
        for field in OWN:
            if isinstance(family, dict) and field in family:
                where = Place(file, *marks["families", name, field])
                problems.add("DEFINITION_INVALID", f"A family cannot give {field!r}: each metric has its own.", where)
    for position, metric in enumerate(data["metrics"]):
        if not isinstance(metric, dict) or "family" not in metric:
            continue
        name = metric["family"]
        if name not in families:
            where = Place(file, *marks["metrics", position, "family"])
            problems.add("REFERENCE_UNKNOWN", f"There is no family {name!r}.", where)
            continue
        family = families[name] if isinstance(families[name], dict) else {}
        for path, mark in list(marks.items()):
            if path[:2] == ("families", name) and len(path) > 2 and path[2] not in metric:
                marks["metrics", position, *path[2:]] = mark
        metric.update({field: value for field, value in family.items() if field not in metric})
