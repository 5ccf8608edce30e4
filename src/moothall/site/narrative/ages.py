"""Ages: how long ago a period ended, and that its figures are old."""

from __future__ import annotations

from datetime import date

from moothall.core.ages import OLD_AFTER, count_months, is_old
from moothall.site.narrative.names import count_words, name_day, name_period


def say_age(period_end: date, built: date) -> str:
    """How long before the release was made a period had ended."""
    months = (built.year - period_end.year) * 12 + built.month - period_end.month
    if months < 1:
        return "The period ended shortly before this release was made"
    return f"The period ended {_say_months(months)} before this release was made"


def tag_age(period_end: date, built: date, old_after: int = OLD_AFTER) -> str:
    """What marks an old figure, "8 years old" when the release was made; empty where it is not old."""
    months = count_months(period_end, built)
    if not is_old(period_end, built, old_after):
        return ""
    return f"{months // 12} years old" if months >= 24 else f"{months} months old"


def say_old(
    period_label: str,
    period_end: date,
    built: date,
    subject: str = "These figures are",
    old_after: int = OLD_AFTER,
) -> str:
    """That figures are old, in a sentence; empty where they are not."""
    if not is_old(period_end, built, old_after):
        return ""
    months = count_months(period_end, built)
    ago = count_words(months // 12, "year", "years") if months >= 24 else count_words(months, "month", "months")
    verb = "was" if period_label == name_day(period_end) else "ended"
    return f"{subject} old: {name_period(period_label)} {verb} {ago} before this release was made."


def _say_months(months: int) -> str:
    """A time in words: months below two years, years and months below five, then whole years."""
    if months < 24:
        return count_words(months, "month", "months")
    years, rest = divmod(months, 12)
    said = count_words(years, "year", "years")
    return f"{said} and {count_words(rest, 'month', 'months')}" if rest and years < 5 else said
