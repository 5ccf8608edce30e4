"""Lines are as wide as they are reckoned."""

from __future__ import annotations

from moothall.charts.lettering import measure, wrap


def test_text_is_wrapped_and_a_long_word_cut() -> None:
    assert wrap("one two three", measure("one two", 20) + 1, 20) == ["one two", "three"]
    lines = wrap("x" * 100, 100, 10)
    assert "".join(lines) == "x" * 100
    assert all(measure(line, 10) <= 100 for line in lines)
    assert wrap("", 100, 10) == []


def test_signs_of_plain_english_have_their_own_width() -> None:
    assert measure("’", 1000) < measure("–", 1000) < measure("…", 1000)
    assert measure("£9", 10) == measure("99", 10)
    assert measure("9", 10, is_bold=True) > measure("9", 10)
