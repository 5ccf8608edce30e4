"""Topic questions: what a reader asks of a topic's page for one council, checked against the release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from moothall.core.neighbour_models import DEFAULT_MODEL
from moothall.release.queries import Release
from moothall.release.records import PEERS, AreaRecord, Comparators, Peers, TopicRecord
from moothall.site.addresses import area_topic_address
from moothall.site.explorer.asked import Redirected, read_choice, read_many
from moothall.site.explorer.comparisons import choose_comparators, find_scope, label_comparators
from moothall.site.explorer.council_names import find_council
from moothall.site.explorer.glances import ALONE
from moothall.site.explorer.questions import read_comparators

MOST_BESIDE = 3
"""How many councils may stand beside the first."""


@dataclass(frozen=True, slots=True)
class TopicQuestion:
    """What a reader asks of a topic's comparison, checked against the release."""

    area: AreaRecord
    topic: TopicRecord
    others: tuple[AreaRecord, ...]
    peers: Comparators
    usual: Peers  # the comparators it has where none of another kind stands beside it

    @property
    def councils(self) -> tuple[AreaRecord, ...]:
        """The first council and those beside it."""
        return (self.area, *self.others)

    @property
    def codes(self) -> tuple[str, ...]:
        """Their codes."""
        return tuple(each.code for each in self.councils)

    @property
    def scope(self) -> str:
        """The scope of the first council's comparators."""
        return find_scope(self.area, self.peers)

    @property
    def label(self) -> str:
        """The first council's comparators in words."""
        return label_comparators(self.area, self.peers)

    def address(self, *, topic: str | None = None, without: AreaRecord | None = None) -> str:
        """The address of this question, of the same one about another topic, or with one council less beside it."""
        others = tuple(each for each in self.others if each != without)
        codes = (each.code for each in others)
        model = None if self.peers.model == DEFAULT_MODEL else self.peers.model
        is_usual = self.peers.kind == find_default(self.usual, self.area, others)
        peers = None if is_usual and model is None else self.peers.kind
        return area_topic_address(self.area.code, topic or self.topic.key, peers=peers, model=model, others=codes)

    def readdress(self, model: str) -> str:
        """The address of this question by another model's list of neighbours."""
        codes = (other.code for other in self.others)
        chosen = None if model == DEFAULT_MODEL else model
        return area_topic_address(self.area.code, self.topic.key, peers="neighbours", model=chosen, others=codes)

    def is_among(self, other: AreaRecord) -> bool:
        """Whether a council is one of the first one's comparators."""
        return self.peers.leaves_out_itself or find_scope(other, self.peers) == self.scope


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
    said = read_many(asked, "with", MOST_BESIDE)
    found = [find_council(release, "with", each, release.built) for each in said]
    others = tuple(other for other in dict.fromkeys(found) if other.code != area.code)
    usual = choose_comparators(release, area).kind
    kinds = tuple(each for each in PEERS if each != "custom")
    kind = read_choice(asked, "peers", kinds, find_default(usual, area, others))
    question = TopicQuestion(area, topic, others, read_comparators(release, asked, kind, ()), usual)
    if [other.code for other in others] != asked.getlist("with"):
        raise Redirected(question.address())
    return question
