"""The national picture in words: how councils lie, where they have gone together, and how far apart they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from moothall.core.periods import PeriodKind, parse_key
from moothall.core.values import Polarity, Unit, format_difference, format_number, format_value
from moothall.release.national import MovementRecord
from moothall.release.records import MetricRecord, SummaryRecord
from moothall.site.narrative.comparison import find_polarity
from moothall.site.narrative.names import capitalise, count_words, name_period

Course = Literal["better", "worse", "up", "down", "unclear", "short"]
"""Where councils have gone: towards better or worse where one direction is better, else up or down."""

IN_MONEY_OF_THE_DAY = "Pounds are those of each year, so a rise may be no more than a rise of prices."
NOT_WHY = "This does not tell why."
_EXPECTED = 0.05  # of what is called clear, the share that may be so by chance (`methods` 2.7)
_ONE = 0.95  # below it fewer than one is to be expected
_TIMES = 1  # decimals of how many times as high


@dataclass(frozen=True, slots=True)
class Courses:
    """Series counted by where they have gone."""

    better: int = 0
    worse: int = 0
    up: int = 0
    down: int = 0
    unclear: int = 0
    short: int = 0  # too few periods to tell

    @property
    def looked_at(self) -> int:
        """How many were long enough."""
        return self.clear + self.unclear

    @property
    def clear(self) -> int:
        """How many went somewhere."""
        return self.better + self.worse + self.up + self.down


def find_course(metric: MetricRecord, movement: MovementRecord) -> Course:
    """Where the councils of one scope have gone together, by the stored direction and the metric's own."""
    if movement.direction is None:
        return "short"
    if movement.direction == "none" or _shown(metric, movement.median_first) == _shown(metric, movement.median_last):
        return "unclear"
    is_up, polarity = movement.direction == "rising", find_polarity(metric)
    if polarity is Polarity.NONE:
        return "up" if is_up else "down"
    return "better" if is_up == (polarity is Polarity.HIGHER) else "worse"


def say_middle_half(metric: MetricRecord, summary: SummaryRecord, period: str) -> str:
    """Between what half of the councils were, what the middle was, and how many have a figure; in three sentences."""
    if summary.median is None or summary.lower_quartile is None or summary.upper_quartile is None:
        return ""
    low, high = _shown(metric, summary.lower_quartile), _shown(metric, summary.upper_quartile)
    when = say_when(period)
    if low == high:
        half = f"The middle half of {summary.scope_label} all had {high} {when}."
    else:
        half = f"Half of {summary.scope_label} were between {_without_unit(metric, low)} and {high} {when}."
    return f"{half} The middle was {_shown(metric, summary.median)}. {say_with_figure(summary)}"


def say_with_figure(summary: SummaryRecord) -> str:
    """How many councils have a figure, of how many that could have one."""
    if summary.with_value == summary.eligible:
        return f"All {summary.eligible:,} have a figure."
    return f"{summary.with_value:,} of {summary.eligible:,} have a figure."


def say_movement(metric: MetricRecord, movement: MovementRecord) -> str:
    """Where the middle of the same councils has gone, where there are periods enough to tell."""
    course = find_course(metric, movement)
    if course == "short":
        return "There are too few periods to tell where councils went together."
    who = f"We followed the same {count_words(movement.councils, 'council', 'councils')}"
    span = f"{who} between {_name(movement.first)} and {_name(movement.period)}."
    if course == "unclear":
        return f"{span} Their middle showed no clear change."
    verb = "rose" if movement.direction == "rising" else "fell"
    ends = f"{_shown(metric, movement.median_first)} to {_shown(metric, movement.median_last)}"
    said = f"{span} Their middle {verb} from {ends}"
    return f"{said}: towards {course}." if course in {"better", "worse"} else f"{said}."


def say_gap(metric: MetricRecord, movement: MovementRecord) -> str:
    """What a tenth of the same councils are below and above, how far apart that is, and whether it was always so."""
    low, high = (_shown(metric, each) for each in (movement.lower_tenth_last, movement.upper_tenth_last))
    who = count_words(movement.councils, "council", "councils")
    if low == high:
        return f"{capitalise(say_when(movement.period))} at least eight in ten of these {who} had {high}."
    when = capitalise(say_when(movement.period))
    said = f"{when} at least a tenth of these {who} had {low} or less. At least a tenth had {high} or more."
    gap = show_gap(metric, movement, movement.gap_last)
    if not gap:
        return said
    said = f"{said} The gap was {gap}"
    before = show_gap(metric, movement, movement.gap_first) if movement.first != movement.period else ""
    course = find_gap_course(metric, movement)
    if not before or course is None:
        return f"{said}."
    said = f"{said}. {capitalise(say_when(movement.first))} it was {before}"
    return f"{said}: no clear change." if course == "none" else f"{said}: it has grown {course}."


def find_gap_course(metric: MetricRecord, movement: MovementRecord) -> Literal["wider", "narrower", "none"] | None:
    """Whether the gap grew, by the stored direction and what is shown; none where it cannot be told."""
    before, gap = (show_gap(metric, movement, each) for each in (movement.gap_first, movement.gap_last))
    if movement.spread_direction is None or not before or not gap:
        return None
    return "none" if before == gap else movement.spread_direction


def say_gaps(courses: Iterable[str | None]) -> str:
    """In how many series the gap between councils grew wider or narrower; empty where none can be told."""
    told = [each for each in courses if each is not None]
    if not told:
        return ""
    wider, narrower, none = (told.count(each) for each in ("wider", "narrower", "none"))
    grew = f"{capitalise(_count(wider))} grew wider, {_count(narrower)} narrower"
    many = count_words(len(told), "series", "series")
    return f"We looked at how far apart councils lie in {many}. {grew}, and {_count(none)} showed no clear change."


def show_gap(metric: MetricRecord, movement: MovementRecord, gap: float | None) -> str:
    """A gap as shown: "2.3 times", "12.4 percentage points"; empty where it cannot be worked out."""
    if gap is None:
        return ""
    if movement.measure == "ratio":
        return f"{format_number(gap, _TIMES)} times"
    return format_difference(gap, metric.unit, metric.places)


def say_deprivation(metric: MetricRecord, movement: MovementRecord) -> str:
    """The middles of the most and the least deprived fifth of the same councils, now and then; empty without them."""
    most, least, many = movement.most_deprived_last, movement.least_deprived_last, movement.fifth
    if most is None or least is None or many is None:
        return ""
    when = capitalise(say_when(movement.period))
    of_most, of_least = (count_words(many, f"{end} deprived", f"{end} deprived") for end in ("most", "least"))
    said = (
        f"{when} the middle of the {of_most} councils was {_shown(metric, most)}. "
        f"That of the {of_least} was {_shown(metric, least)}."
    )
    most, least = movement.most_deprived_first, movement.least_deprived_first
    if movement.first == movement.period or most is None or least is None:
        return f"{said} {NOT_WHY}"
    before = capitalise(say_when(movement.first))
    return f"{said} {before} they were {_shown(metric, most)} and {_shown(metric, least)}. {NOT_WHY}"


def say_groups(metric: MetricRecord, middles: Sequence[tuple[str, float]], kind: str, period: str) -> str:
    """From which of several groups' middles to which they run; `middles` by the groups' names, `kind` of group."""
    ordered = sorted(middles, key=lambda each: each[1])
    (low_name, low), (high_name, high) = ordered[0], ordered[-1]
    when = capitalise(say_when(period))
    if _shown(metric, low) == _shown(metric, high):
        return f"{when} the middles of {kind} were all {_shown(metric, low)}."
    ends = f"{_shown(metric, low)} ({low_name}) to {_shown(metric, high)} ({high_name})"
    return f"{when} the middles of {kind} ran from {ends}."


def list_cautions(metric: MetricRecord) -> tuple[str, ...]:
    """What must be known before a change of the middle is made much of."""
    return (IN_MONEY_OF_THE_DAY,) if metric.unit in {Unit.POUNDS, Unit.POUNDS_PER_HEAD, Unit.POUNDS_PER_HOUR} else ()


def count_courses(courses: Iterable[Course]) -> Courses:
    """How many series went where."""
    counted = dict.fromkeys(("better", "worse", "up", "down", "unclear", "short"), 0)
    for each in courses:
        counted[each] += 1
    return Courses(**counted)


def say_courses(courses: Courses) -> str:
    """How many series of metrics with a better direction were looked at, where they went, and how many are short."""
    if not courses.looked_at:
        return "No series is long enough to tell where councils went together."
    moved = f"{capitalise(_count(courses.better))} moved towards better, {_count(courses.worse)} towards worse"
    said = [
        f"We looked at {count_words(courses.looked_at, 'series', 'series')} in which one direction is better.",
        f"{moved}, and {_count(courses.unclear)} showed no clear change.",
    ]
    if courses.short:
        said.append(f"{capitalise(_count(courses.short))} more have too few periods.")
    return " ".join(said)


def say_other_courses(courses: Courses) -> str:
    """The same of metrics in which neither direction is better; empty without any."""
    if not courses.looked_at:
        return ""
    many = count_words(courses.looked_at, "series", "series")
    return (
        f"In {many} neither direction is better: {_count(courses.up)} rose, {_count(courses.down)} fell, "
        f"and {_count(courses.unclear)} showed no clear change."
    )


def say_chance(courses: Courses) -> str:
    """How many of the series called clear may be so by chance."""
    if not courses.clear:
        return ""
    expected = courses.clear * _EXPECTED
    many = "fewer than one" if expected < _ONE else f"about {_count(round(expected))}"
    return f"Of the {_count(courses.clear)} that moved, {many} may have done so by chance."


def say_when(period: str) -> str:
    """A period with its preposition: "in 2023-24", "on 31 March 2025"."""
    key = parse_key(period)
    return f"{'on' if key.kind is PeriodKind.DAY else 'in'} {name_period(key.label)}"


def _name(period: str) -> str:
    return name_period(parse_key(period).label)


def _shown(metric: MetricRecord, value: float) -> str:
    return format_value(value, metric.unit, metric.places)


def _without_unit(metric: MetricRecord, text: str) -> str:
    """A value whose unit follows once, with the other end of a range."""
    return text.removesuffix(metric.unit.ending) if metric.unit.ending else text


def _count(number: int) -> str:
    return count_words(number, "", "").strip() if number else "none"
