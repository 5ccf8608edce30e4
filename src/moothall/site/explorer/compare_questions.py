"""Compare questions: which councils, which metrics and beside whom, checked against the release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from moothall.release.queries import Release
from moothall.release.records import PEERS, AreaRecord, Comparators, MetricRecord, Peers, TopicRecord, UnknownKey
from moothall.site.addresses import compare_address
from moothall.site.explorer.asked import Mistake, Redirected, Refused, read_choice, read_many
from moothall.site.explorer.comparisons import choose_comparators
from moothall.site.explorer.council_names import find_council
from moothall.site.explorer.own_lists import check_open, read_group_name, read_own_list
from moothall.site.explorer.questions import MOST_CHOSEN, read_comparators
from moothall.site.explorer.selected import SelectedCouncils
from moothall.site.explorer.topic_questions import find_default

MOST_COUNCILS = 12
"""How many councils one page sets side by side."""

MOST_METRICS = 40
"""How many metrics may be named besides those of a topic."""

_MOST_NAMED = 4
_NO_COUNCIL = "Name a council first: a group of your own is what councils are compared with."


@dataclass(frozen=True, slots=True)
class CompareQuestion:
    """What a reader wants side by side, checked against the release."""

    councils: tuple[AreaRecord, ...]
    topic: TopicRecord | None
    metrics: tuple[MetricRecord, ...]  # those named, besides the topic's
    peers: Comparators | None  # the first council's; none where no council is named
    usual: Peers
    name: str  # of a group of one's own, as somebody called it, or empty

    @property
    def selected(self) -> SelectedCouncils | None:
        """The councils, the first that has comparators at their head; none where none is named."""
        if not self.councils or self.peers is None:
            return None
        first = _find_first(self.councils)
        return SelectedCouncils(first, tuple(each for each in self.councils if each != first), self.peers)

    @property
    def is_own_group(self) -> bool:
        """Whether a group that the reader brought is compared with."""
        return self.peers is not None and self.peers.kind == "custom"

    def address(
        self, *, without: AreaRecord | MetricRecord | TopicRecord | None = None, peers: Comparators | None = None
    ) -> str:
        """The address of this question, or of one that leaves out something or has other comparators."""
        chosen = peers or self.peers
        councils = tuple(each for each in self.councils if each != without)
        if not councils or chosen == Comparators(self.usual):
            chosen = None
        return compare_address(
            [each.code for each in councils],
            topic=self.topic.key if self.topic and self.topic != without else None,
            metrics=[each.key for each in self.metrics if each != without],
            peers=chosen,
            name=self.name if chosen and chosen.kind == "custom" else "",
        )

    def readdress(self, model: str) -> str:
        """The address of this question by another model's list of neighbours."""
        return self.address(peers=Comparators("neighbours", model))


def read_compare_question(release: Release, asked: QueryDict) -> CompareQuestion:
    """Read and check the parameters.

    Raises `Refused` for what does not fit, and `Redirected` where names, a typed group or empty fields have an address
    with codes in their place.
    """
    codes = [piece for text in asked.getlist("areas") for piece in _divide(text)]
    if len(set(codes)) > MOST_COUNCILS:
        many = f"This page compares up to {MOST_COUNCILS} councils. {len(set(codes))} were named: take some away."
        raise Refused(Mistake("areas", many))
    councils = tuple(dict.fromkeys(find_council(release, "areas", each, release.built) for each in codes))
    gone = tuple(check_open(release, councils))
    if gone:
        raise Refused(*(Mistake("areas", sentence) for sentence in gone))
    topics = {topic.key: topic for topic in release.topics()}
    topic = topics.get(read_choice(asked, "topic", tuple(topics), ""))
    texts = read_many(asked, "metric", MOST_METRICS)
    metrics = tuple(dict.fromkeys(find_metric(release, each) for each in texts))
    peers, usual, name = _read_peers(release, asked, councils)
    question = CompareQuestion(councils, topic, metrics, peers, usual, name)
    said = {key: asked.getlist(key) for key in ("areas", "metric", "with", "name", "topic", "model", "peers")}
    meant = {
        "areas": [each.code for each in councils],
        "metric": [each.key for each in metrics],
        "with": list(peers.group) if peers else [],
        "name": [name] if name else [],
    }
    if "group" in asked or any(said[key] != meant[key] for key in meant) or any("" in each for each in said.values()):
        raise Redirected(question.address())
    return question


def find_metric(release: Release, said: str) -> MetricRecord:
    """The metric of a key, or of words that are its title or are found in its title alone.

    Raises `Refused` where there is none that has figures, or more than one.
    """
    try:
        metric = release.metric(said)
    except UnknownKey:
        metric = _find_titled(release, said)
    if metric.first_period is None:
        raise Refused(Mistake("metric", f"There are no figures of “{metric.title}” yet."))
    return metric


def _find_titled(release: Release, said: str) -> MetricRecord:
    current = [each for each in release.metrics() if each.first_period is not None and each.status.is_current]
    folded = said.casefold()
    exact = [each for each in current if each.title.casefold() == folded]
    found = exact or [each for each in current if all(word in each.title.casefold() for word in folded.split())]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused(Mistake("metric", f"There is no metric called “{said}”. Choose one from the list of metrics."))
    titles = "; ".join(f"“{each.title}”" for each in found[:_MOST_NAMED])
    raise Refused(
        Mistake("metric", f"“{said}” could be one of {len(found)} metrics. Type a whole title, for example {titles}.")
    )


def _read_peers(
    release: Release, asked: QueryDict, councils: Sequence[AreaRecord]
) -> tuple[Comparators | None, Peers, str]:
    """The comparators asked for, the usual ones of these councils, and what a group of one's own is called."""
    typed = asked.getlist("group")
    if not councils:
        if any(typed):
            raise Refused(Mistake("areas", _NO_COUNCIL))
        return None, "england", ""
    first = _find_first(councils)
    usual = find_default(choose_comparators(release, first).kind, first, councils)
    kind = read_choice(asked, "peers", PEERS, usual)
    if kind != "custom":
        return read_comparators(release, asked, kind, ()), usual, ""
    group = _read_group(release, asked, typed)
    return read_comparators(release, asked, kind, group), usual, read_group_name(asked)


def _read_group(release: Release, asked: QueryDict, typed: Sequence[str]) -> list[str]:
    """The codes of a group of one's own: as typed, a name or code on each line, or as the address has them."""
    if len(typed) > 1:
        raise Refused(Mistake("group", "Give “group” only once."))
    if typed:
        own = read_own_list(release, typed[0])
        if own.mistakes:
            raise Refused(*(Mistake("group", each) for each in own.mistakes))
        found = own.councils
    else:
        said = read_many(asked, "with", MOST_CHOSEN)
        found = tuple(dict.fromkeys(find_council(release, "with", each, release.built) for each in said))
    if not found:
        raise Refused(Mistake("group", "Type the names or codes of the councils in your own group."))
    gone = tuple(check_open(release, found))
    if gone:
        raise Refused(*(Mistake("group", sentence) for sentence in gone))
    return [each.code for each in found]


def _find_first(councils: Sequence[AreaRecord]) -> AreaRecord:
    """The first council that others can be compared with, or else the first."""
    return next((each for each in councils if each.is_principal), councils[0])


def _divide(text: str) -> list[str]:
    """The codes that one parameter has with commas between them, or the one name that it is."""
    pieces = [" ".join(piece.split()) for piece in text.split(",")]
    is_list = len(pieces) > 1 and all(piece.isalnum() and piece[1:].isdigit() for piece in pieces if piece)
    return [piece for piece in (pieces if is_list else [" ".join(text.split())]) if piece]
