"""Periods: the spans of time that figures are about, each with a key that sorts, a label and exact days."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

# Not the calendar module's, which speaks the machine's language.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class PeriodKind(StrEnum):
    """The kinds of period that publishers use."""

    FINANCIAL_YEAR = "financial_year"
    CALENDAR_YEAR = "calendar_year"
    ACADEMIC_YEAR = "academic_year"
    ROLLING_YEAR = "rolling_year"
    QUARTER = "quarter"
    MONTH = "month"
    DAY = "day"
    YEARS = "years"
    WAVE = "wave"


class PeriodUnreadable(ValueError):  # noqa: N818
    """The text is not a period of the kind asked for."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of days, both ends included, with its kind and its key (see `docs/architecture.md`)."""

    end: date
    start: date
    kind: PeriodKind
    key: str

    def __str__(self) -> str:
        return self.key

    @property
    def label(self) -> str:
        """The period as people write it, for example "2023-24" or "April to June 2024"."""
        match self.kind:
            case PeriodKind.FINANCIAL_YEAR | PeriodKind.CALENDAR_YEAR:
                return self.key
            case PeriodKind.ACADEMIC_YEAR:
                return f"academic year {self.start.year}/{self.end.year % 100:02d}"
            case PeriodKind.ROLLING_YEAR:
                return f"year to {_name_month(self.end)} {self.end.year}"
            case PeriodKind.QUARTER:
                return f"{_name_month(self.start)} to {_name_month(self.end)} {self.end.year}"
            case PeriodKind.MONTH:
                return f"{_name_month(self.end)} {self.end.year}"
            case PeriodKind.DAY:
                return f"{self.end.day} {_name_month(self.end)} {self.end.year}"
            case PeriodKind.YEARS:
                return f"{self.start.year} to {self.end.year}"
            case PeriodKind.WAVE:
                return f"survey of {self.start.year}-{self.end.year % 100:02d}"

    @property
    def previous(self) -> Period | None:
        """The period of the same kind that ends the day before this one starts; none for days and survey waves.

        Rolling years step by a whole year, so that the two do not overlap.
        """
        match self.kind:
            case PeriodKind.FINANCIAL_YEAR:
                return financial_year(self.start.year - 1)
            case PeriodKind.CALENDAR_YEAR:
                return calendar_year(self.start.year - 1)
            case PeriodKind.ACADEMIC_YEAR:
                return academic_year(self.start.year - 1)
            case PeriodKind.ROLLING_YEAR:
                return rolling_year(self.end.year - 1, self.end.month)
            case PeriodKind.QUARTER:
                before = self.start - timedelta(days=1)
                return quarter(before.year, (before.month + 2) // 3)
            case PeriodKind.MONTH:
                before = self.start - timedelta(days=1)
                return month(before.year, before.month)
            case PeriodKind.YEARS:
                length = self.end.year - self.start.year + 1
                return years(self.start.year - length, self.end.year - length)
            case PeriodKind.DAY | PeriodKind.WAVE:
                return None


def _name_month(on: date) -> str:
    return _MONTHS[on.month - 1]


def _last_day(year: int, month_number: int) -> date:
    return date(year, month_number, calendar.monthrange(year, month_number)[1])


def financial_year(start: int) -> Period:
    """1 April of `start` to 31 March of the next year."""
    key = f"{start}-{(start + 1) % 100:02d}"
    return Period(date(start + 1, 3, 31), date(start, 4, 1), PeriodKind.FINANCIAL_YEAR, key)


def calendar_year(year: int) -> Period:
    """1 January to 31 December."""
    return Period(date(year, 12, 31), date(year, 1, 1), PeriodKind.CALENDAR_YEAR, str(year))


def academic_year(start: int) -> Period:
    """1 August of `start` to 31 July of the next year (the Department for Education's further-education year)."""
    key = f"{start}-{(start + 1) % 100:02d}-academic"
    return Period(date(start + 1, 7, 31), date(start, 8, 1), PeriodKind.ACADEMIC_YEAR, key)


def rolling_year(year: int, month_number: int) -> Period:
    """The twelve months that end with the month given."""
    end = _last_day(year, month_number)
    start = _last_day(year - 1, month_number) + timedelta(days=1)
    return Period(end, start, PeriodKind.ROLLING_YEAR, f"to-{year}-{month_number:02d}")


def quarter(year: int, number: int) -> Period:
    """A calendar quarter, 1 to 4."""
    first = 3 * number - 2
    return Period(_last_day(year, first + 2), date(year, first, 1), PeriodKind.QUARTER, f"{year}-q{number}")


def month(year: int, number: int) -> Period:
    """A calendar month, 1 to 12."""
    return Period(_last_day(year, number), date(year, number, 1), PeriodKind.MONTH, f"{year}-m{number:02d}")


def day(on: date) -> Period:
    """One day, such as a census day."""
    return Period(on, on, PeriodKind.DAY, on.isoformat())


def years(first: int, last: int) -> Period:
    """Several whole calendar years pooled. Raises `PeriodUnreadable` when the last is not after the first."""
    if last <= first:
        raise PeriodUnreadable(f"{first} to {last} is not several years")
    return Period(date(last, 12, 31), date(first, 1, 1), PeriodKind.YEARS, f"{first}-to-{last}")


def wave(start: int) -> Period:
    """A survey wave fielded in one financial year; waves need not be a year apart."""
    plain = financial_year(start)
    return Period(plain.end, plain.start, PeriodKind.WAVE, f"{plain.key}-wave")


def years_after(period: Period, many: int) -> Period | None:
    """The period of a whole year that ends so many years after this one; none after one of another length."""
    match period.kind:
        case PeriodKind.FINANCIAL_YEAR:
            return financial_year(period.start.year + many)
        case PeriodKind.CALENDAR_YEAR:
            return calendar_year(period.start.year + many)
        case PeriodKind.ACADEMIC_YEAR:
            return academic_year(period.start.year + many)
        case PeriodKind.ROLLING_YEAR:
            return rolling_year(period.end.year + many, period.end.month)
        case _:
            return None


def _two_years(first: str, second: str) -> int:
    start = int(first)
    if len(second) == 4:
        second = second[2:] if int(second) == start + 1 else "xx"
    if second != f"{(start + 1) % 100:02d}":
        raise PeriodUnreadable(f"{first}-{second} does not run over one year")
    return start


def _quarter_from(year: str, number: str) -> Period:
    return quarter(int(year), int(number))


def _quarter_between(first: str, last: str, year: str) -> Period:
    start, end = _month_number(first), _month_number(last)
    if (start - 1) % 3 or end != start + 2:
        raise PeriodUnreadable(f"{first} to {last} is not a quarter")
    return quarter(int(year), end // 3)


def _rolling_between(first: str, first_year: str, last: str, last_year: str) -> Period:
    found = rolling_year(int(last_year), _month_number(last))
    if (found.start.year, found.start.month) != (int(first_year), _month_number(first)):
        raise PeriodUnreadable(f"{first} {first_year} to {last} {last_year} is not twelve months")
    return found


def _month_number(name: str) -> int:
    """The number of a month by its name, whole or cut short after three letters or more."""
    for number, whole in enumerate(_MONTHS, 1):
        if len(name) >= 3 and whole.lower().startswith(name.lower()):
            return number
    raise PeriodUnreadable(f"{name!r} is not a month")


def _valid_month(number: str) -> int:
    if not 1 <= int(number) <= 12:
        raise PeriodUnreadable(f"{number} is not a month")
    return int(number)


def _fits(start: str, number: str, unit: str, make: Callable[[date], Period]) -> Period:
    """The period of one kind that an ISO 8601 interval, a day and a length from it on, is exactly."""
    first = date.fromisoformat(start)
    months = first.year * 12 + first.month - 1 + int(number) * (12 if unit in "Yy" else 1)
    last = date(months // 12, months % 12 + 1, first.day) - timedelta(days=1)
    period = make(last)
    if (period.start, period.end) != (first, last):
        raise PeriodUnreadable(f"{first} to {last} is not a {period.kind.replace('_', ' ')}")
    return period


def _year_from(start: str) -> Period:
    """Twelve months from a day on, named by the month they end in: a survey's year may begin inside a month."""
    first = date.fromisoformat(start)
    last = first.replace(year=first.year + 1) - timedelta(days=1)
    return rolling_year(last.year, last.month)


def _interval(make: Callable[[date], Period]) -> tuple[str, Callable[..., Period]]:
    """The pattern for an interval of the kind that `make` gives from the last day, and how it is read."""
    return (
        r"(\d{4}-\d\d-\d\d)(?:t00:00(?::00)?)?/p(\d{1,2})([ym])",
        lambda start, number, unit: _fits(start, number, unit, make),
    )


_Y = r"((?:19|20)\d\d)"
_PATTERNS: dict[PeriodKind, tuple[tuple[str, Callable[..., Period]], ...]] = {
    PeriodKind.FINANCIAL_YEAR: (
        (rf"{_Y}\s*[-/–]\s*(\d\d(?:\d\d)?)", lambda a, b: financial_year(_two_years(a, b))),
        (rf"(?:fye|financial year ending) {_Y}", lambda a: financial_year(int(a) - 1)),
        _interval(lambda last: financial_year(last.year - 1)),
    ),
    PeriodKind.CALENDAR_YEAR: (
        (rf"{_Y}(?:\.0)?", lambda a: calendar_year(int(a))),
        _interval(lambda last: calendar_year(last.year)),
    ),
    PeriodKind.ACADEMIC_YEAR: (
        (rf"{_Y}\s*[-/–]\s*(\d\d(?:\d\d)?)(?:-academic)?", lambda a, b: academic_year(_two_years(a, b))),
        (rf"{_Y}(\d\d)", lambda a, b: academic_year(_two_years(a, b))),
        (rf"{_Y}-09-01/p1y", lambda a: academic_year(int(a))),  # schools' year, which starts in September
        (rf"academic year ending {_Y}", lambda a: academic_year(int(a) - 1)),
        _interval(lambda last: academic_year(last.year - 1)),
    ),
    PeriodKind.ROLLING_YEAR: (
        (rf"(?:to-)?{_Y}-(\d\d)", lambda a, b: rolling_year(int(a), _valid_month(b))),
        (rf"([a-z]{{3,9}})\.? {_Y}(?: to |\s*[-–]\s*)([a-z]{{3,9}})\.? {_Y}", _rolling_between),
        (rf"(?:.*\bto |year ending |ye )?([a-z]{{3,9}})\.? {_Y}", lambda a, b: rolling_year(int(b), _month_number(a))),
        (r"(\d{4}-\d\d-\d\d)/p1y", _year_from),
    ),
    PeriodKind.QUARTER: (
        (rf"{_Y}[ -]*q([1-4])", _quarter_from),
        (rf"{_Y}-(03|06|09|12)", lambda year, last: quarter(int(year), int(last) // 3)),
        (rf"q([1-4]) {_Y}", lambda a, b: _quarter_from(b, a)),
        (rf"([a-z]{{3,9}})(?: to |\s*[-–]\s*)([a-z]{{3,9}}) {_Y}", _quarter_between),
    ),
    PeriodKind.MONTH: (
        (rf"{_Y}-m?(\d\d)", lambda a, b: month(int(a), _valid_month(b))),
        (rf"([a-z]{{3,9}}) {_Y}", lambda a, b: month(int(b), _month_number(a))),
        _interval(lambda last: month(last.year, last.month)),
    ),
    PeriodKind.DAY: ((rf"({_Y}-\d\d-\d\d)(?:[t ]00:00(?::00)?)?", lambda a, _: day(date.fromisoformat(a))),),
    PeriodKind.YEARS: (
        (rf"{_Y}(?:-to-| to |\s*[-–]\s*){_Y}", lambda a, b: years(int(a), int(b))),
        (rf"{_Y}-01-01/p(\d{{1,2}})y", lambda a, n: years(int(a), int(a) + int(n) - 1)),
    ),
    PeriodKind.WAVE: ((rf"{_Y}\s*[-/–]\s*(\d\d(?:\d\d)?)(?:-wave)?", lambda a, b: wave(_two_years(a, b))),),
}
_COMPILED = {
    kind: tuple((re.compile(pattern + r"\Z", re.IGNORECASE), make) for pattern, make in patterns)
    for kind, patterns in _PATTERNS.items()
}
_KEYS = (
    (PeriodKind.FINANCIAL_YEAR, re.compile(r"\d{4}-\d\d\Z")),
    (PeriodKind.CALENDAR_YEAR, re.compile(r"\d{4}\Z")),
    (PeriodKind.ACADEMIC_YEAR, re.compile(r"\d{4}-\d\d-academic\Z")),
    (PeriodKind.ROLLING_YEAR, re.compile(r"to-\d{4}-\d\d\Z")),
    (PeriodKind.QUARTER, re.compile(r"\d{4}-q\d\Z")),
    (PeriodKind.MONTH, re.compile(r"\d{4}-m\d\d\Z")),
    (PeriodKind.DAY, re.compile(r"\d{4}-\d\d-\d\d\Z")),
    (PeriodKind.YEARS, re.compile(r"\d{4}-to-\d{4}\Z")),
    (PeriodKind.WAVE, re.compile(r"\d{4}-\d\d-wave\Z")),
)


@lru_cache(maxsize=4096)
def read_period(text: str, kind: PeriodKind) -> Period:
    """Read a publisher's words for a period of a known kind.

    Raises `PeriodUnreadable` when the text is not one.
    """
    cleaned = " ".join(text.split())
    for pattern, make in _COMPILED[kind]:
        found = pattern.match(cleaned)
        if found:
            try:
                return make(*found.groups())
            except PeriodUnreadable:
                raise
            except ValueError as error:
                raise PeriodUnreadable(f"{text!r}: {error}") from error
    raise PeriodUnreadable(f"{text!r} is not a {kind.replace('_', ' ')}")


def end_of(key: str) -> date:
    """The last day of the period that a key of ours names; raises as `parse_key` does."""
    return parse_key(key).end


@lru_cache(maxsize=4096)
def parse_key(key: str) -> Period:
    """The period that a key of ours names; `PeriodUnreadable` when it names none."""
    for kind, pattern in _KEYS:
        if pattern.match(key):
            period = read_period(key, kind)
            if period.key == key:
                return period
    raise PeriodUnreadable(f"{key!r} is not a period")
