"""The compiled style sheet carries nothing that is licensed to GOV.UK alone."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src/moothall/site/static"


@pytest.fixture(scope="module")
def style_sheet() -> str:
    path = STATIC / "build/site.css"
    if not path.exists():
        pytest.skip("the style sheet is not built: run `make setup`")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("word", ["crest", "crown", "transport", "govuk-header", "govuk-footer"])
def test_style_sheet_has_nothing_of_gov_uk_alone(style_sheet: str, word: str) -> None:
    assert word not in style_sheet.lower()


def test_style_sheet_fetches_nothing(style_sheet: str) -> None:
    assert "@font-face" not in style_sheet
    assert "@import" not in style_sheet
    assert re.findall(r"url\((?!\"?data:)", style_sheet) == []


def test_style_sheet_is_small(style_sheet: str) -> None:
    assert len(gzip.compress(style_sheet.encode())) < 20_000


def test_icon_fetches_nothing() -> None:
    icon = (STATIC / "icon.svg").read_text(encoding="utf-8")
    assert "href" not in icon
    assert "<script" not in icon


def test_the_script_is_small_and_fetches_nothing() -> None:
    script = (STATIC / "charts.js").read_bytes()
    assert len(gzip.compress(script)) <= 4096
    assert not re.search(rb"\bfetch\b|XMLHttpRequest|\bimport\b|https?:", script)


def test_what_is_served_compressed_is_the_file_itself() -> None:
    for path in STATIC.rglob("*.gz"):
        assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes(), "run `make setup`"


def test_the_filter_of_tables_is_tiny_and_fetches_nothing() -> None:
    script = (STATIC / "filter.js").read_bytes()
    assert len(gzip.compress(script)) <= 1024
    assert not re.search(rb"\bfetch\b|XMLHttpRequest|\bimport\b|https?:", script)
