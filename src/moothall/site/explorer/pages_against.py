"""Page contract of two metrics set against each other, and the parts it is put together from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from moothall.charts.svg import Svg
from moothall.release.records import AreaRecord, MetricRecord
from moothall.site.explorer.pages import Page
from moothall.site.explorer.parts import AboutData, Choice
from moothall.site.explorer.takeaway import Download


@dataclass(frozen=True, slots=True)
class MetricChoices:
    """Metrics to choose from, under their topic."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class AgainstForm:
    """The form that chooses what is set against the metric, for whom and among whom."""

    area: str  # the name of the council chosen, or empty
    councils: tuple[str, ...]  # names to choose from
    others: tuple[MetricChoices, ...]
    classes: tuple[Choice, ...]
    periods: tuple[Choice, ...]
    breakdowns: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class FormKey:
    """What a form on the chart stands for."""

    form: Svg
    text: str  # "London boroughs (32)"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two figures: what it is called, of which period, in which unit, and where its page is."""

    metric: MetricRecord
    heading: str  # its title, with the breakdown shown
    short: str  # the same in few words, for the head of a column
    period: str
    address: str
    sources: tuple[AboutData, ...]


@dataclass(frozen=True, slots=True)
class PairRow:
    """One council with both figures, each with the page of where it comes from."""

    code: str
    name: str
    class_label: str
    text: str
    trace_address: str
    other_text: str
    other_trace_address: str
    is_selected: bool
    is_near: bool


@dataclass(frozen=True, slots=True)
class AgainstPage(Page):
    """Two metrics set against each other: a mark for each council that has both."""

    template: ClassVar[str] = "against.html"
    section: ClassVar[str] = "metrics"
    chosen: AreaRecord | None
    one: Side
    other: Side
    sentence: str
    chosen_sentence: str  # on the chosen council, or empty
    caution: str
    notes: tuple[str, ...]  # what to keep in mind
    form: AgainstForm
    chart: Svg | None
    key: tuple[FormKey, ...]
    beyond: str  # who stands at the edge of the chart, in a sentence, or empty
    table_caption: str
    rows: tuple[PairRow, ...]  # by name
    has_kinds: bool
    turned_address: str  # the same with the two changed over
    canonical: str
    download: Download

    def find_canonical(self, path: str) -> str:
        """With what is chosen."""
        return self.canonical
