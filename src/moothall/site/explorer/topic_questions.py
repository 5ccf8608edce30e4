"""Topic questions: what a reader asks of a topic's page for one council, checked against the release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from moothall.charts.strip import MOST_SELECTED
from moothall.core.areas import ALONE
from moothall.core.neighbour_models import DEFAULT_MODEL
from moothall.release.queries import Release
from moothall.release.records import PEERS, AreaRecord, Peers, TopicRecord
from moothall.site.addresses import area_topic_address
from moothall.site.explorer.asked import Redirected, read_choice, read_many
from moothall.site.explorer.comparisons import choose_comparators
from moothall.site.explorer.council_names import find_council
from moothall.site.explorer.questions import MOST_CHOSEN, read_comparators
from moothall.site.explorer.selected import SelectedCouncils

MOST_BESIDE = MOST_SELECTED - 1
"""How many councils may stand beside the first, each with a shape of its own."""


@dataclass(frozen=True, slots=True)
class TopicQuestion(SelectedCouncils):
    """What a reader asks of a topic's comparison, checked against the release."""

    topic: TopicRecord
    usual: Peers  # the comparators it has where none of another kind stands beside it

    def address(self, *, topic: str | None = None, without: AreaRecord | None = None) -> str:
        """The address of this question, of the same one about another topic, or with one council less beside it."""
        others = tuple(each for each in self.others if each != without)
        left = tuple(code for code in self.named if without is None or code != without.code)
        model = None if self.peers.model == DEFAULT_MODEL else self.peers.model
        is_usual = self.peers.kind == find_default(self.usual, self.area, others)
        peers = None if is_usual and model is None else self.peers.kind
        return area_topic_address(self.area.code, topic or self.topic.key, peers=peers, model=model, others=left)

    @property
    def named(self) -> tuple[str, ...]:
        """The codes beside the first in the address: of the councils beside it, or of a whole group of its own."""
        return self.peers.group if self.peers.kind == "custom" else self.codes[1:]

    def readdress(self, model: str) -> str:
        """The address of this question by another model's list of neighbours."""
        codes = (other.code for other in self.others)
        chosen = None if model == DEFAULT_MODEL else model
        return area_topic_address(self.area.code, self.topic.key, peers="neighbours", model=chosen, others=codes)


def find_default(usual: Peers, area: AreaRecord, others: Iterable[AreaRecord]) -> Peers:
    """The first council's usual comparators; all of England where others are not of its kind, or nobody is."""
    classes = {area.area_class, *(other.area_class for other in others)}
    return "england" if len(classes) > 1 or classes <= ALONE else usual


def read_question(release: Release, area: AreaRecord, topic_key: str, asked: QueryDict) -> TopicQuestion:
    """Read and check the parameters.

    Raises `UnknownKey` for an unknown topic, `Refused` for parameters that do not fit, `Redirected` where a council is
    asked for by its name or an old code, or twice.
    """
    topic = release.topic(topic_key)
    usual = choose_comparators(release, area).kind
    is_group = read_choice(asked, "peers", PEERS, "england") == "custom"
    said = read_many(asked, "with", MOST_CHOSEN if is_group else MOST_BESIDE)
    found = [find_council(release, "with", each, release.built) for each in said]
    others = tuple(other for other in dict.fromkeys(found) if other.code != area.code)
    kind = read_choice(asked, "peers", PEERS, find_default(usual, area, others))
    peers = read_comparators(release, asked, kind, [other.code for other in others])
    # A group too large for the shapes is compared with, and none of it is marked.
    question = TopicQuestion(area, others if len(others) <= MOST_BESIDE else (), peers, topic, usual)
    if [other.code for other in others] != asked.getlist("with"):
        raise Redirected(question.address())
    return question
