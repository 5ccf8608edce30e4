"""Change: where a figure comes from and goes, said only where its numbers allow it."""

from __future__ import annotations

from moothall.core.periods import parse_key
from moothall.core.values import Polarity, format_difference, format_value, round_half_up
from moothall.release.records import FigureRecord, MetricRecord
from moothall.release.trend import TrendRecord
from moothall.site.narrative.comparison import find_polarity
from moothall.site.narrative.names import name_period

_FINER = 6  # decimals beyond those shown that a sum of two values is trusted to


def say_trend(figure: FigureRecord, metric: MetricRecord, trend: TrendRecord | None) -> str:
    """The trend in one or two sentences, and nothing where it has no direction to speak of (`methods` 3.1, 3.2)."""
    if trend is None or trend.direction is None or figure.value is None or not figure.unit.is_amount:
        return ""
    span = f"Between {name_period(parse_key(trend.first).label)} and {name_period(figure.period_label)}"
    side = find_side(figure, metric, trend)
    if not side:
        return f"{span} there was no clear change."
    before = _find_before(figure, metric, trend)
    verb = "rose" if side > 0 else "fell"
    said = f"{span} it {verb} from {format_value(before, metric.unit, metric.places)} to {figure.text}"
    polarity = find_polarity(metric)
    if polarity is not Polarity.NONE:
        said += ": an improving trend" if side == polarity.sign else ": a worsening trend"
    return f"{said}. {_say_neighbours(metric, trend)}".strip()


def find_side(figure: FigureRecord, metric: MetricRecord, trend: TrendRecord | None) -> int:
    """Which way a figure's trend went: +1 up, -1 down; 0 where there is none, or the values shown do not go its way."""
    if trend is None or figure.value is None:
        return 0
    was, now = (round_half_up(each, metric.places) for each in (_find_before(figure, metric, trend), figure.value))
    side = {"rising": 1, "falling": -1}.get(trend.direction or "", 0)
    return side if (now > was) - (now < was) == side else 0


def _find_before(figure: FigureRecord, metric: MetricRecord, trend: TrendRecord) -> float:
    return round((figure.value or 0.0) - (trend.change or 0.0), metric.places + _FINER)


def _say_neighbours(metric: MetricRecord, trend: TrendRecord) -> str:
    """The middle change of the neighbours in the same time, and whether chance is enough for the difference."""
    theirs = trend.change_neighbours
    if theirs is None or trend.change is None:
        return ""
    shown = round_half_up(theirs, metric.places)
    if not shown:
        said = "Over that time its neighbours’ middle change was too small to show"
    else:
        size = format_difference(theirs, metric.unit, metric.places)
        said = f"Over that time its neighbours’ middle change was a {'rise' if shown > 0 else 'fall'} of {size}"
    if trend.change_lower is None or trend.change_upper is None or shown == round_half_up(trend.change, metric.places):
        return f"{said}."
    if trend.change_lower <= 0 <= trend.change_upper:
        return f"{said}: the difference could be chance."
    return f"{said}."


def say_change(figure: FigureRecord) -> str:
    """What the value was in the previous period, where the two can be compared."""
    if figure.change is None or figure.value is None or figure.change_from is None:
        return ""
    before = round(figure.value - figure.change, figure.places + _FINER)
    period = name_period(parse_key(figure.change_from).label)
    if round_half_up(before, figure.places) == round_half_up(figure.value, figure.places):
        return f"In {period} the figure was the same."
    return f"In {period} the figure was {format_value(before, figure.unit, figure.places)}."
