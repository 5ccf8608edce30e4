"""Every sentence on councils together is true, of every metric, and the reader lets nothing pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from moothall.release.queries import Release
from moothall.site.narrative.national import say_deprivation, say_gap, say_middle_half, say_movement
from tests.truth.facts import Untrue
from tests.truth.ground import Ground
from tests.truth.national import TogetherReader, tell_together
from tests.truth.test_every_figure import check_style

TURNED = {
    "rose": "fell",
    "fell": "rose",
    "better": "worse",
    "worse": "better",
    "wider": "narrower",
    "narrower": "wider",
}


def read_all(release: Release) -> Iterator[tuple[TogetherReader, str, str]]:
    """For every scope of every metric a reader, and what is said, by the name of what reads it."""
    for together in tell_together(Ground(release.directory)):
        metric = release.metric(together.told.metric["metric_key"])
        [movement] = [each for each in release.national.movements(metric=metric.key) if each.scope == together.scope]
        summary = release.summary(metric.key, movement.period, breakdown=movement.breakdown, scope=movement.scope)
        reader = TogetherReader(together)
        yield reader, "read_half", say_middle_half(metric, summary, movement.period)
        yield reader, "read_movement", say_movement(metric, movement)
        yield reader, "read_gap", say_gap(metric, movement)
        yield reader, "read_deprivation", say_deprivation(metric, movement)


def check_all(release: Release) -> int:
    untrue, many = [], 0
    for reader, read, text in read_all(release):
        many += 1
        try:
            getattr(reader, read)(text)
            check_style(text)
        except Untrue as lie:
            untrue.append(f"{reader.metric['metric_key']}, {reader.together.scope}: {lie}")
    assert not untrue, f"{len(untrue)} of {many} are untrue; the first: {untrue[:3]}"
    return many


def test_every_sentence_on_councils_together_is_true(real_release: Release) -> None:
    assert check_all(real_release) > 2_000


def is_found(reader: TogetherReader, read: str, text: str) -> bool:
    try:
        getattr(reader, read)(text)
    except Untrue:
        return True
    return False


def test_every_changed_digit_and_turned_word_is_found(real_release: Release) -> None:
    """Of every eleventh text, to be done in time."""
    tried = turned = 0
    for place, (reader, read, text) in enumerate(read_all(real_release)):
        if place % 11:
            continue
        for found in re.finditer(r"\d", text):
            changed = text[: found.start()] + str((int(found[0]) + 1) % 10) + text[found.end() :]
            tried += 1
            assert is_found(reader, read, changed), changed
        for word, other in TURNED.items():
            if re.search(rf"\b{word}\b", text):
                turned += 1
                assert is_found(reader, read, re.sub(rf"\b{word}\b", other, text, count=1)), text
        assert is_found(reader, read, f"{text} It is grand."), text
    assert tried > 1_000
    assert turned > 5


@pytest.mark.parametrize("text", ["", "None", "{{ text }}", "Half of councils in England were well."])
def test_what_nobody_taught_is_not_passed_over(real_release: Release, text: str) -> None:
    reader, read, _ = next(read_all(real_release))
    assert is_found(reader, read, text)
