"""The page of a council's neighbours: who is most like it, why, how sure that is, and by which list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import groupby

from django.http import QueryDict

from moothall.release.neighbour_records import (
    DomainGapRecord,
    LikenedRecord,
    NeighbourInputRecord,
    NeighbourListRecord,
    NeighbourModelRecord,
    NeighbourRecord,
)
from moothall.release.queries import Release
from moothall.release.records import AreaRecord
from moothall.site.addresses import (
    api_neighbours_address,
    area_topic_address,
    metric_address,
    neighbours_address,
)
from moothall.site.explorer import neighbour_words as words
from moothall.site.explorer.neighbour_questions import (
    CUSTOM,
    MOST_OWN,
    OWN,
    NeighbourQuestion,
    read_neighbour_question,
    write_weights,
)
from moothall.site.explorer.pages_neighbours import (
    LikenedGroup,
    LikenedRow,
    ModelGroup,
    NeighbourRow,
    NeighboursPage,
    NeighbourWhy,
    OtherList,
    VersionColumn,
    VersionEntry,
    WeightField,
    WeightGroup,
)
from moothall.site.explorer.parts import Choice, Link
from moothall.site.explorer.takeaway import LISTS, offer
from moothall.site.narrative.names import capitalise, join_words, name_within

_BESIDE = 3  # councils that a topic's page sets beside the first
METHOD = "/methods/neighbours"


def make_neighbours(release: Release, area: AreaRecord, asked: QueryDict) -> NeighboursPage:
    """The page. Raises `UnknownKey`, `Refused` and `Redirected` as `read_neighbour_question` does."""
    question = read_neighbour_question(release, area, asked)
    found = find_list(release, question)
    names = [release.area(each.area).name for each in found.neighbours]
    model = question.chosen
    likened = release.neighbour_inputs(area.code, model.key, version=question.version) if model else ()
    is_downloaded = bool(found.neighbours) and question.model != OWN
    return NeighboursPage(
        release_id=release.record.id,
        area=area,
        heading=f"{'Your own list for' if question.model == OWN else 'Councils most like'} {name_within(area.name)}",
        sentences=_say_all(question, found, names),
        mistakes=question.own.mistakes,
        cautions=tuple(words.list_cautions(area, found)),
        model=question.model,
        title=_title(question),
        about=_say_about(question),
        about_links=_link_about(question),
        models=_list_models(question),
        rows=tuple(_make_row(release, each, model) for each in found.neighbours),
        has_kinds=len({release.area(each.area).area_class for each in found.neighbours}) > 1,
        columns=_choose_columns(found),
        pairs_of=found.pool_label or "",
        why=_explain(release, question, found),
        inputs=group_likened(likened),
        missing=_list_missing(question),
        has_weights=bool(likened),
        about_versions=_say_versions(question, found),
        versions=_list_versions(release, question),
        others=_list_others(release, question, found),
        not_held=tuple(words.say_not_held(known) for known in release.neighbour_sets_not_held()),
        weights=_list_weights(question),
        own_text=question.text or "\n".join(each.name for each in question.own.councils),
        beside=_link_beside(release, question, found),
        beside_names=join_words([*names[:_BESIDE]]),
        compare=_link_metrics(release, question, found),
        canonical=neighbours_address(area.code, model=OWN) if question.model == OWN else question.address(),
        download=offer("this list", LISTS, partial(_api_address, question)) if is_downloaded else None,
    )


def find_list(release: Release, question: NeighbourQuestion) -> NeighbourListRecord:
    """The list that a question is about; one without neighbours where a reader has brought nothing yet."""
    code = question.area.code
    if question.chosen is not None:
        return release.neighbours(code, question.model, version=question.version)
    if question.model == CUSTOM and question.weights:
        return release.own_neighbours(code, question.weights, MOST_OWN)
    usual = release.neighbours(code)
    by_place = enumerate(question.own.councils, 1)
    return NeighbourListRecord(
        area=code,
        model=question.model,
        version=usual.version,
        neighbours=tuple(NeighbourRecord(each.code, place, None, None, None, None, None) for place, each in by_place),
        why_none=usual.why_none if question.model == CUSTOM else None,
    )


def _api_address(question: NeighbourQuestion, form: str | None) -> str:
    return api_neighbours_address(
        question.area.code,
        model=question.model,
        version=question.version,
        weights=write_weights(question.weights),
        format=form,
    )


def _say_all(question: NeighbourQuestion, found: NeighbourListRecord, names: list[str]) -> tuple[str, ...]:
    area = question.area
    place = name_within(area.name)
    if question.model == OWN:
        many = len(names)
        said = f"Your own list: {join_words(names)}." if 0 < many <= _BESIDE else f"Your own list of {many} councils."
        return (said,) if many else ("Paste a list of your own below.",)
    if found.why_none is not None:
        return (f"There is no list for {place}.", found.why_none.sentence)
    if not names:
        return ("Give weights of your own below to see who is most like it by them.",)
    publisher = question.chosen.publisher if question.chosen else None
    said_all = [
        words.say_nearest(area, found, names, publisher),
        words.say_closeness(found, names[0]),
        words.say_stability(found),
    ]
    return tuple(sentence for sentence in said_all if sentence)


def _title(question: NeighbourQuestion) -> str:
    if question.chosen is not None:
        return words.name_model(question.chosen)
    return "Your own weights" if question.model == CUSTOM else "Your own list"


def _say_about(question: NeighbourQuestion) -> tuple[str, ...]:
    model = question.chosen
    if model is None:
        if question.model == OWN:
            return ("Your list is in the address of this page. Nothing here keeps it.",)
        said = "The inputs are those of our general model, weighed as you say."
        return (said, "Inputs that say the same thing are not weighed down, as they are in our own models.")
    version = next(each for each in model.versions if question.version in (None, each.key))
    return tuple(sentence for sentence in (model.description, words.say_edition(version)) if sentence)


def _link_about(question: NeighbourQuestion) -> tuple[Link, ...]:
    model = question.chosen
    links = [Link("How neighbours are found, and how well that works", METHOD)]
    if model is not None and model.landing_page:
        links.append(Link(f"The page of the {model.publisher}", model.landing_page))
    return tuple(links)


def _list_models(question: NeighbourQuestion) -> tuple[ModelGroup, ...]:
    def choose(models: Iterable[NeighbourModelRecord]) -> tuple[Choice, ...]:
        return tuple(Choice(each.key, words.name_model(each), each.key == question.model) for each in models)

    own = (
        Choice(CUSTOM, "Your own weights", question.model == CUSTOM),
        Choice(OWN, "Your own list", question.model == OWN),
    )
    groups = (
        ModelGroup("Worked out here", choose(each for each in question.models if each.kind == "ours")),
        ModelGroup("Published by others", choose(each for each in question.models if each.kind != "ours")),
        ModelGroup("Your own", own),
    )
    return tuple(group for group in groups if group.choices)


def _make_row(release: Release, each: NeighbourRecord, model: NeighbourModelRecord | None) -> NeighbourRow:
    area = release.area(each.area)
    return NeighbourRow(
        place=each.place,
        code=area.code,
        name=area.name,
        address=_link_list(area.code, model),
        class_label=capitalise(area.area_class.label),
        closeness=capitalise(each.closeness or ""),
        distance="" if each.rebased is None else f"{each.rebased:.2f}",
        pairs="" if each.percentile is None else words.say_pairs(each.percentile),
        inclusion=words.say_inclusion(each.inclusion),
        is_marginal=words.is_marginal(each.inclusion),
    )


def _link_list(code: str, model: NeighbourModelRecord | None) -> str:
    """An area's list by a model, or by the default one."""
    return neighbours_address(code, model=None if model is None or model.is_default else model.key)


def _choose_columns(found: NeighbourListRecord) -> dict[str, str]:
    """The headings of what is known of any neighbour on the list, by the row's field."""
    known = found.neighbours
    headings: dict[str, tuple[str, Sequence[object]]] = {
        "closeness": ("How close", [each.closeness for each in known]),
        "distance": ("Distance", [each.rebased for each in known]),
        "pairs": ("Pairs as close", [each.percentile for each in known]),
        "inclusion": ("In re-runs", [each.inclusion for each in known]),
    }
    return {name: title for name, (title, values) in headings.items() if any(value is not None for value in values)}


def _explain(release: Release, question: NeighbourQuestion, found: NeighbourListRecord) -> tuple[NeighbourWhy, ...]:
    model = question.chosen
    if model is None or model.kind != "ours":
        return ()
    made = []
    for each in found.neighbours:
        said = release.explain_neighbours(question.area.code, each.area, model.key, version=question.version)
        made.append(
            NeighbourWhy(
                code=each.area,
                name=release.area(each.area).name,
                sentence=words.say_why(said.similar, said.differs),
                similar=tuple(map(_group_gap, said.similar)),
                differs=tuple(map(_group_gap, said.differs)),
            )
        )
    return tuple(made)


def _group_gap(gap: DomainGapRecord) -> LikenedGroup:
    return LikenedGroup(gap.title, "", tuple(map(_make_likened, gap.inputs)))


def group_likened(likened: Sequence[LikenedRecord]) -> tuple[LikenedGroup, ...]:
    """Inputs by domain, each with its share of the weight."""
    groups = []
    for title, group in groupby(likened, key=lambda each: each.input.domain_title):
        its = list(group)
        weight = f"{sum(each.weight for each in its):.1%}"
        groups.append(LikenedGroup(title, weight, tuple(map(_make_likened, its))))
    return tuple(groups)


def _make_likened(each: LikenedRecord) -> LikenedRow:
    notes = [
        "worked out over its ground, or the middle of its kind, for want of a figure" if each.is_estimated else "",
        each.input.stands_for or "",
    ]
    return LikenedRow(
        title=each.input.title,
        address=link_input(each.input),
        period=each.input.period_label,
        value=each.text,
        other=each.other_text,
        weight=f"{each.weight:.1%}",
        note=". ".join(note.rstrip(".") for note in notes if note),
    )


def link_input(each: NeighbourInputRecord) -> str:
    """The page of the metric that an input is, in its period."""
    return metric_address(each.metric, period=each.period, breakdown=each.breakdown)


def _list_missing(question: NeighbourQuestion) -> tuple[str, ...]:
    model = question.chosen
    if model is None:
        return ()
    version = next(each for each in model.versions if question.version in (None, each.key))
    return tuple(f"{title}. {reason}" for title, reason in version.missing)


def _say_versions(question: NeighbourQuestion, found: NeighbourListRecord) -> tuple[str, ...]:
    """What the newest version changed, and what that did to the lists of the pool."""
    model = question.chosen
    if model is None or len(model.versions) < 2:
        return ()
    newest = model.version
    churn = next((each for each in newest.churn if each.pool == found.pool), None)
    said = ["" if model.publisher else newest.note]
    if churn is not None and newest.previous is not None:
        said.append(words.say_churn(churn, words.name_version(model, newest.previous)))
    return tuple(sentence for sentence in said if sentence)


def _list_versions(release: Release, question: NeighbourQuestion) -> tuple[VersionColumn, ...]:
    """The newest two versions of the list side by side; none where there is but one."""
    model = question.chosen
    if model is None or len(model.versions) < 2:
        return ()
    pair = model.versions[:2]
    lists = [release.neighbours(question.area.code, model.key, version=each.key).neighbours for each in pair]
    members = [{each.area for each in its} for its in lists]
    shown = question.version or model.version.key
    columns = []
    for number, version in enumerate(pair):
        entries = tuple(
            VersionEntry(
                name=(other := release.area(each.area)).name,
                address=_link_list(other.code, model),
                is_only_here=each.area not in members[1 - number],
            )
            for each in lists[number]
        )
        address = question.address(version=None if number == 0 else version.key)
        columns.append(
            VersionColumn(capitalise(words.name_version(model, version.key)), address, version.key == shown, entries)
        )
    return tuple(columns) if all(lists) else ()


def _list_others(release: Release, question: NeighbourQuestion, found: NeighbourListRecord) -> tuple[OtherList, ...]:
    """Every other list of the council's neighbours, with how many stand on the one shown, too."""
    own = {each.area for each in found.neighbours}
    if not own:
        return ()
    listed = []
    for model in question.models:
        if model.key == question.model:
            continue
        other = release.neighbours(question.area.code, model.key)
        many = len(other.neighbours)
        shared = len(own & {each.area for each in other.neighbours})
        said = f"{shared} of its {many}" if many else f"No list. {other.why_none.sentence if other.why_none else ''}"
        address = _link_list(question.area.code, model)
        listed.append(OtherList(Link(model.title, address), model.publisher or "", said.strip()))
    return tuple(listed)


def _list_weights(question: NeighbourQuestion) -> tuple[WeightGroup, ...]:
    groups = []
    for title, group in groupby(question.inputs, key=lambda each: each.domain_title):
        fields = tuple(
            WeightField(
                each.metric, each.title, f"{question.weights.get(each.metric, 0):g}" if question.weights else "1"
            )
            for each in group
        )
        groups.append(WeightGroup(title, fields))
    return tuple(groups)


def _link_beside(release: Release, question: NeighbourQuestion, found: NeighbourListRecord) -> tuple[Link, ...]:
    nearest = tuple(each.area for each in found.neighbours[:_BESIDE])
    if not nearest or not question.area.is_principal:
        return ()
    return tuple(
        Link(topic.title, area_topic_address(question.area.code, topic.key, others=nearest))
        for topic in release.topics()
        if release.metrics(topic=topic.key)
    )


def _link_metrics(release: Release, question: NeighbourQuestion, found: NeighbourListRecord) -> tuple[Link, ...]:
    """What each topic shows first, compared with the whole list: a reader's own is named in the address."""
    if not found.neighbours or not question.area.is_principal:
        return ()
    chosen = question.chosen
    model = chosen.key if chosen is not None and not chosen.is_default else None
    codes = () if chosen is not None else tuple(each.area for each in found.neighbours)
    peers = "neighbours" if chosen is not None else "custom"
    held = {t.key: [m.key for m in release.metrics(topic=t.key) if m.latest_period] for t in release.topics()}
    keys = [(topic.headlines or held[topic.key])[0] for topic in release.topics() if held[topic.key]]
    return tuple(
        Link(metric.title, metric_address(metric.key, area=question.area.code, peers=peers, model=model, others=codes))
        for metric in map(release.metric, keys)
    )
