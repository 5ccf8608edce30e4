"""Searching a release for what people type: councils, metrics and topics, by name or in everyday words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from typing import Generic, TypeVar

from moothall.release.index import Index
from moothall.release.navigation import TopicRecord
from moothall.release.records import AreaRecord, MetricRecord

_FILLER = frozenset(
    {"a", "about", "and", "any", "are", "at", "by", "compare", "council", "councils", "do", "does", "figures", "for"}
    | {"how", "i", "in", "is", "many", "much", "my", "near", "of", "on", "our", "the", "there", "to", "what", "where"}
    | {"which", "with"}
)
_WORD = re.compile(r"[a-z0-9]+")
_PREFIX = 4  # letters from which the beginning of a word stands for it
_PLURAL = 4  # letters from which an s at the end is one
_LIKE = 0.8  # one letter in five may differ
_LIKE_NAME = 0.75  # of a name one in four
_MOST_NEAR = 3
_SPLIT = 5  # words that the name of a council has at most
_LEADING = {"in", "for", "near", "around", "at", "of"}
IN_NAME, IN_TOPIC, IN_TEXT = 2, 3, 4
"""How near a subject is: by the words of its name, with those of its topic, or only by its description.

Nearer still are 0, exactly what was asked for in everyday words, and 1, exactly its name.
"""
_FEW = {IN_TOPIC: 8, IN_TEXT: 3}  # subjects found below which those so near are found, too


@dataclass(frozen=True, slots=True)
class Subjects:
    """The metrics and topics that words lead to, the nearest first, each with how near it is."""

    metrics: tuple[tuple[int, MetricRecord], ...] = ()
    topics: tuple[tuple[int, TopicRecord], ...] = ()
    instead: str = ""  # what was searched for in place of words that nothing has, or nothing is spelled like

    @property
    def nearest(self) -> int | None:
        """How near the nearest is; None where nothing was found."""
        return min((near for near, _ in (*self.metrics, *self.topics)), default=None)

    @property
    def near_metrics(self) -> list[MetricRecord]:
        """The metrics that have the words in their own names; all of them where none has."""
        near = [metric for near, metric in self.metrics if near < IN_TOPIC]
        return near or [metric for _, metric in self.metrics]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search led to: authorities, and subjects, of one authority where the words name it."""

    areas: tuple[AreaRecord, ...]
    subjects: Subjects
    place: AreaRecord | None = None  # "potholes in devon": the authority, and the subjects are of what is left
    near: tuple[AreaRecord, ...] = ()  # authorities with names spelled like it, where nothing was found


Subject = TypeVar("Subject", MetricRecord, TopicRecord)
Stems = tuple[str, ...]


class _Shelf(Generic[Subject]):
    """The metrics, or the topics, as they can be found: by phrases said for them, by name, and by stems of words."""

    def __init__(self) -> None:
        self._subjects: list[Subject] = []
        self._phrases: dict[Stems, dict[int, int]] = {}  # → the place among what the phrase leads to, by subject
        self._names: dict[Stems, set[int]] = {}
        self._holding: dict[int, dict[str, set[int]]] = {near: {} for near in (IN_NAME, IN_TOPIC, IN_TEXT)}

    def put(self, subject: Subject, said: Mapping[str, int], words: Mapping[int, str]) -> None:
        """Put a subject after the others, with everyday words for it and, by how near they are, words about it.

        Words that are near are words that are farther, too.
        """
        number = len(self._subjects)
        self._subjects.append(subject)
        self._names.setdefault(list_telling(subject.title), set()).add(number)
        for phrase, place in said.items():
            self._phrases.setdefault(list_telling(phrase), {})[number] = place
        known: set[str] = set()
        for near, text in words.items():
            known |= {stem(word) for word in list_words(text)}
            for each in known:
                self._holding[near].setdefault(each, set()).add(number)

    def find(self, telling: Stems) -> list[tuple[int, Subject]]:
        """The subjects that have every one of some stems, the nearest first; the less near only where few are near."""
        nearest: dict[int, int] = {}
        for near, holding in reversed(self._holding.items()):
            nearest |= dict.fromkeys(set.intersection(*(_hold(holding, each) for each in telling)), near)
        nearest |= dict.fromkeys(self._names.get(telling, ()), 1)
        places = self._phrases.get(telling, {})
        nearest |= dict.fromkeys(places, 0)
        ranked = sorted(nearest, key=lambda number: (nearest[number], places.get(number, 0), number))
        found = [number for number in ranked if nearest[number] < IN_TOPIC]
        for farther, few in _FEW.items():
            if len(found) < few:
                found += [number for number in ranked if nearest[number] == farther]
        return [(nearest[number], self._subjects[number]) for number in found]


def _hold(holding: Mapping[str, set[int]], asked: str) -> set[int]:
    """The subjects that have a stem; from four letters on the beginning of a word stands for it."""
    if len(asked) < _PREFIX:
        return holding.get(asked, set())
    return set().union(*(numbers for each, numbers in holding.items() if each.startswith(asked)))


@dataclass(frozen=True)
class Search:
    """Every subject of a release, read when first asked for."""

    index: Index

    def find(self, text: str, limit: int) -> Found:
        """What is nearest to a text; at most `limit` each of authorities, metrics and topics."""
        areas = tuple(self.index.areas[area.code] for area in self.index.register.find(text, limit))
        if areas:
            return Found(areas, self._match(text, limit) or Subjects())
        place, rest = self._split_place(text)
        if place is not None and (subjects := self.find_subjects(rest, limit)).nearest is not None:
            return Found((place,), subjects, place)
        whole = self._match(text, limit)
        # A council spelled like the whole is nearer than a subject spelled like a word of it.
        near = self.find_near(text) if whole is None else ()
        return Found((), Subjects() if near else self.find_subjects(text, limit), near=near)

    def find_subjects(self, text: str, limit: int) -> Subjects:
        """The metrics and topics nearest to a text, to everyday words that it holds, or to what it is spelled like."""
        spelled = " ".join(map(self._correct, list_words(text)))
        for each in (text, *self._list_said_in(text), spelled, *self._list_said_in(spelled)):
            found = self._match(each, limit)
            if found is not None:
                return found if each == text else replace(found, instead=each)
        return Subjects()

    def _match(self, text: str, limit: int) -> Subjects | None:
        """The subjects that have every telling word of a text; None where there is none."""
        telling = list_telling(text)
        if not telling:
            return None
        metrics, topics = self._metrics.find(telling), self._topics.find(telling)
        return Subjects(tuple(metrics[:limit]), tuple(topics[:limit])) if metrics or topics else None

    def _list_said_in(self, text: str) -> list[str]:
        """The everyday words that a text holds, those of most letters first."""
        asked = set(list_telling(text))
        held = [said for said, stems in self._phrases.items() if asked.issuperset(stems)]
        return sorted(held, key=lambda said: (-len(said), said))

    def _split_place(self, text: str) -> tuple[AreaRecord | None, str]:
        """The authority whose name begins or ends a text, and the rest of it; the longest such name.

        After a word such as "in" a part of a name is enough, where it is of one authority alone.
        """
        words = text.replace(",", " ").replace("?", " ").split()
        for many in range(min(_SPLIT, len(words) - 1), 0, -1):
            for name, rest in ((words[-many:], words[:-many]), (words[:many], words[many:])):
                is_led_to = rest == words[:-many] and rest[-1].casefold() in _LEADING
                area = self._find_named(" ".join(name).casefold(), is_led_to)
                if area is not None and set(list_words(" ".join(rest))) - _FILLER:
                    return area, " ".join(rest)
        return None, text

    def _find_named(self, name: str, is_led_to: bool) -> AreaRecord | None:
        found = self.index.register.find(name)
        if found and name in {found[0].name.casefold(), found[0].official_name.casefold()}:
            return self.index.areas[found[0].code]
        standing = [self.index.areas[area.code] for area in found if self._stands(self.index.areas[area.code])]
        return standing[0] if is_led_to and len(standing) == 1 else None

    def find_near(self, text: str) -> tuple[AreaRecord, ...]:
        """The authorities that stand and whose names are spelled most like a text; none where none is like it."""
        names = {area.name.casefold(): area for area in self.index.areas.values() if self._stands(area)}
        return tuple(names[each] for each in get_close_matches(text.casefold(), names, _MOST_NEAR, _LIKE_NAME))

    def _stands(self, area: AreaRecord) -> bool:
        return self.index.is_alive(area.code, self.index.built)

    def _correct(self, word: str) -> str:
        if word in self._vocabulary:
            return word
        return next(iter(get_close_matches(word, self._vocabulary, 1, _LIKE)), word)

    @cached_property
    def _vocabulary(self) -> Collection[str]:
        names = [
            *(f"{each.title} {each.short}" for each in self._listed),
            *(t.title for t in self.index.topics.values()),
        ]
        return dict.fromkeys(word for text in (*self._phrases, *names) for word in list_words(text))

    @cached_property
    def _phrases(self) -> dict[str, Stems]:
        """Every phrase of everyday words with the stems of what tells something in it."""
        return {words: list_telling(words) for phrases in self._everyday.values() for words, _ in phrases}

    @property
    def _listed(self) -> list[MetricRecord]:
        """The metrics that have figures, those that are current first."""
        listed = [metric for metric in self.index.metrics.values() if metric.first_period is not None]
        return sorted(listed, key=lambda metric: not metric.status.is_current)

    @cached_property
    def _everyday(self) -> dict[tuple[str, str], list[tuple[str, int]]]:
        """The words that people say for each topic and metric, each with the place it has among what they mean."""
        said: dict[tuple[str, str], list[tuple[str, int]]] = {}
        rows = self.index.database.rows("SELECT words, position, topic_key, metric_key FROM everyday_words")
        for words, position, topic, metric in rows:
            said.setdefault(("topic", topic) if topic else ("metric", metric), []).append((words, position))
        return said

    @cached_property
    def _metrics(self) -> _Shelf[MetricRecord]:
        shelf = _Shelf[MetricRecord]()
        for metric in self._listed:
            said = dict(self._everyday.get(("metric", metric.key), ()))
            of_topic = " ".join([metric.topic_title, *self.list_words("topic", metric.topic)])
            name = " ".join([metric.title, metric.short, metric.key, *said])
            shelf.put(metric, said, {IN_NAME: name, IN_TOPIC: of_topic, IN_TEXT: metric.description})
        return shelf

    @cached_property
    def _topics(self) -> _Shelf[TopicRecord]:
        shelf = _Shelf[TopicRecord]()
        for topic in self.index.topics.values():
            said = dict(self._everyday.get(("topic", topic.key), ()))
            shelf.put(topic, said, {IN_NAME: " ".join([topic.title, topic.key, *said]), IN_TEXT: topic.description})
        return shelf

    def list_words(self, kind: str, key: str) -> list[str]:
        """The everyday words that lead to a topic or a metric."""
        return [words for words, _ in self._everyday.get((kind, key), ())]


def list_words(text: str) -> list[str]:
    """The words of a text in lower case, without apostrophes."""
    return _WORD.findall(text.casefold().replace("'", "").replace("’", ""))


def list_telling(text: str) -> Stems:
    """The stems of the words of a text that tell something; of all its words where none does."""
    words = list_words(text)
    return tuple(map(stem, [word for word in words if word not in _FILLER] or words))


def stem(word: str) -> str:
    """A word without the s of its plural."""
    return word[:-1] if len(word) >= _PLURAL and word.endswith("s") and not word.endswith("ss") else word
