"""What a page shows: the texts of its elements, without their tags."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<[^>]+>")


def text_of(markup: str) -> str:
    """The markup's words, with single spaces."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def find_value(page: str) -> str:
    """The value that a figure's own page shows in large type."""
    found = re.search(r'<p class="mh-value[^"]*">(.*?)</p>', page, re.DOTALL)
    assert found, "the page shows no value"
    return text_of(found[1])


def find_rows(page: str) -> dict[str, dict[str, str]]:
    """The councils in the metric's table, without their median: code → heading → the cell's text."""
    for table in re.findall(r"<table[^>]*>(.*?)</table>", page, re.DOTALL):
        head, *rows = [
            [text_of(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
            for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.DOTALL)
        ]
        head = ["Value" if title.startswith("Value ") else title for title in head]  # with its unit behind it
        if {"Council", "Value", "Code"} <= set(head):
            code = head.index("Code")
            return {row[code]: dict(zip(head, row, strict=True)) for row in rows if len(row) > 1 and row[code]}
    raise AssertionError("the page has no table of councils")
