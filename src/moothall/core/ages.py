"""Ages: how long after its period a figure may still be taken for today's, by how often its source comes out."""

from __future__ import annotations

from datetime import date

OLD_AFTER = 36
"""Months after which a figure is old where its source comes out every year, or came out once."""


def find_old_after(cadence_months: int | None) -> int:
    """The months from the end of a period after which its figures are old, by the months between editions.

    Two more periods should have ended by then, and a year passed in which their figures could be put together: 14
    months for a monthly source, 18 for a quarterly one, 36 for a yearly one, 60 for one of every two years.
    """
    return OLD_AFTER if cadence_months is None else 2 * cadence_months + 12


def count_months(start: date, end: date) -> int:
    """The whole months from one day to another."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def is_old(period_end: date, day: date, old_after: int = OLD_AFTER) -> bool:
    """Whether figures of a period that ended on one day are old on another."""
    return count_months(period_end, day) >= old_after
