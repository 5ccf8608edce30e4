"""Searching a release for what people type: councils, metrics and topics, by name or in everyday words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from typing import NamedTuple, TypeVar

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
_FEW = 3  # subjects below which those that are less near are found, too
_LEADING = {"in", "for", "near", "around", "at", "of"}
IN_NAME, IN_TOPIC, IN_TEXT = 2, 3, 4
"""How near a subject is: by the words of its name, with those of its topic, or only by its description.

Nearer still are 0, exactly what was asked for in everyday words, and 1, exactly its name.
"""


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


@dataclass(frozen=True, slots=True)
class Found:
    """What a search led to: authorities, and subjects, of one authority where the words name it."""

    areas: tuple[AreaRecord, ...]
    subjects: Subjects
    place: AreaRecord | None = None  # "potholes in devon": the authority, and the subjects are of what is left
    near: tuple[AreaRecord, ...] = ()  # authorities with names spelled like it, where nothing was found


Subject = TypeVar("Subject", MetricRecord, TopicRecord)


class _Entry(NamedTuple):
    """One metric or topic as it can be found: the stems of words by how near they are, and phrases said for it."""

    name: tuple[str, ...]
    words: tuple[frozenset[str], ...]  # by `IN_NAME`, `IN_TOPIC`, `IN_TEXT`, each with those before
    phrases: Mapping[tuple[str, ...], int]  # everyday words said for it → its place among what they lead to


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
        metrics = _rank(((self.index.metrics[key], entry) for key, entry in self._metrics.items()), telling)
        topics = _rank(((self.index.topics[key], entry) for key, entry in self._topics.items()), telling)
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
    def _phrases(self) -> dict[str, tuple[str, ...]]:
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
    def _metrics(self) -> dict[str, _Entry]:
        return {
            metric.key: self._enter(
                ("metric", metric.key),
                metric.title,
                f"{metric.short} {metric.key}",
                f"{metric.topic_title} {self._say(('topic', metric.topic))}",
                metric.description,
            )
            for metric in self._listed
        }

    @cached_property
    def _topics(self) -> dict[str, _Entry]:
        topics = self.index.topics.values()
        return {
            each.key: self._enter(("topic", each.key), each.title, each.key, "", each.description) for each in topics
        }

    def _say(self, subject: tuple[str, str]) -> str:
        return " ".join(words for words, _ in self._everyday.get(subject, ()))

    def _enter(self, subject: tuple[str, str], title: str, more: str, topic: str, text: str) -> _Entry:
        phrases = {list_telling(said): place for said, place in self._everyday.get(subject, ())}
        words: list[frozenset[str]] = []
        for each in (f"{title} {more} {self._say(subject)}", topic, text):
            words.append(frozenset(map(stem, list_words(each))).union(*words[-1:]))
        return _Entry(list_telling(title), tuple(words), phrases)

    def list_words(self, kind: str, key: str) -> list[str]:
        """The everyday words that lead to a topic or a metric."""
        return [words for words, _ in self._everyday.get((kind, key), ())]


def _rank(entries: Iterable[tuple[Subject, _Entry]], telling: tuple[str, ...]) -> list[tuple[int, Subject]]:
    """The subjects that have every telling word, the nearest first; those that are not near only where few are."""
    ranked: list[tuple[int, int, Subject]] = []
    for subject, entry in entries:
        near = _measure(entry, telling)
        if near is not None:
            ranked.append((near, entry.phrases.get(telling, 0), subject))
    ranked.sort(key=lambda each: each[:2])
    found = [(near, subject) for near, _, subject in ranked if near < IN_TOPIC]
    for farther in (IN_TOPIC, IN_TEXT):
        if len(found) < _FEW:
            found += [(near, subject) for near, _, subject in ranked if near == farther]
    return found


def _measure(entry: _Entry, telling: tuple[str, ...]) -> int | None:
    if telling in entry.phrases:
        return 0
    if entry.name == telling:
        return 1
    return next((near for near, words in enumerate(entry.words, IN_NAME) if _hold(words, telling)), None)


def _hold(words: frozenset[str], telling: Iterable[str]) -> bool:
    """Whether every one of some stems is among words, or from four letters on the beginning of one."""
    return all(
        each in words or (len(each) >= _PREFIX and any(word.startswith(each) for word in words)) for each in telling
    )


def list_words(text: str) -> list[str]:
    """The words of a text in lower case, without apostrophes."""
    return _WORD.findall(text.casefold().replace("'", "").replace("’", ""))


def list_telling(text: str) -> tuple[str, ...]:
    """The stems of the words of a text that tell something; of all its words where none does."""
    words = list_words(text)
    return tuple(map(stem, [word for word in words if word not in _FILLER] or words))


def stem(word: str) -> str:
    """A word without the s of its plural."""
    return word[:-1] if len(word) >= _PLURAL and word.endswith("s") and not word.endswith("ss") else word
