"""What a reader asked for: the parameters of an address, read strictly."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar, cast
from urllib.parse import quote

from django.http import QueryDict

from moothall.release.queries import Release
from moothall.release.records import MetricRecord, UnknownKey
from moothall.site.addresses import metric_address

LONGEST_QUERY = 100
Option = TypeVar("Option", bound=str)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing about an address that cannot be answered: which parameter, and what to do instead."""

    name: str
    message: str


class Refused(Exception):  # noqa: N818 - the reader's mistakes, not ours
    """The address asks for something that does not fit; carries every mistake found."""

    def __init__(self, *mistakes: Mistake) -> None:
        self.mistakes = mistakes
        super().__init__("; ".join(mistake.message for mistake in mistakes))


class NotDrawn(UnknownKey):
    """A metric that has no page of this form: a heading and a reason to show, and where its own page is."""

    def __init__(self, metric: MetricRecord, heading: str, reason: str) -> None:
        super().__init__("chart of the metric", metric.key)
        self.heading = heading
        self.reason = reason
        self.title = metric.title
        self.address = metric_address(metric.key)


class Redirected(Exception):  # noqa: N818 - an answer, not an error
    """What was asked for is at another address."""

    def __init__(self, address: str, *, permanent: bool = False) -> None:
        self.address = address
        self.permanent = permanent
        super().__init__(address)


def read_one(asked: QueryDict, name: str) -> str:
    """The parameter's text without blanks around it, empty when it is not there.

    Raises `Refused` when it is given twice, is too long or has characters that no text has.
    """
    given = asked.getlist(name)
    if len(given) > 1:
        raise Refused(Mistake(name, f"Give “{name}” only once."))
    return _clean(name, given[0]) if given else ""


def read_many(asked: QueryDict, name: str, most: int) -> tuple[str, ...]:
    """The parameter's texts, each once and in order; raises `Refused` when there are more than `most`."""
    texts = tuple(dict.fromkeys(text for each in asked.getlist(name) if (text := _clean(name, each))))
    if len(texts) > most:
        raise Refused(Mistake(name, f"Give “{name}” at most {most} times."))
    return texts


def read_choice(asked: QueryDict, name: str, options: Collection[Option], default: Option) -> Option:
    """The parameter as one of its options; raises `Refused` naming them when it is none of them."""
    text = read_one(asked, name)
    if not text:
        return default
    if text not in options:
        raise Refused(Mistake(name, f"“{text}” cannot be chosen for “{name}”. Choose one of: {', '.join(options)}."))
    return cast(Option, text)


def _clean(name: str, text: str) -> str:
    text = " ".join(text.split())
    if len(text) > LONGEST_QUERY:
        raise Refused(Mistake(name, f"“{name}” can have at most {LONGEST_QUERY} characters."))
    if not text.isprintable():
        raise Refused(Mistake(name, f"“{name}” has characters that cannot be read."))
    return text


def require_present_key(release: Release, key: str, asked: QueryDict, address: str) -> None:
    """Raise `Redirected` to the same page of a metric under the key it has, where it was asked for by one it had.

    `address` is the page's, with {} for the key. Raises `UnknownKey`.
    """
    present = release.metric(key).key
    if present != key:
        query = f"?{asked.urlencode()}" if asked else ""
        raise Redirected(address.format(quote(present)) + query, permanent=True)
