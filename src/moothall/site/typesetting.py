"""Typesetting: a report as a PDF, of the same contract as its page."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from moothall.charts.svg import Svg
from moothall.site.explorer.pages_report import ReportPage

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
_LEFT_OUT = {"form", "audiences", "area"}  # what is for the screen alone


def typeset(page: ReportPage, origin: str) -> bytes:
    """The PDF of a report, the same bytes each time: tagged (PDF/UA-1), its fonts within it.

    `origin` is the address of the site without a slash at its end, before which links inside it are written. The words
    reach the template as data, so that nothing in them is taken for markup.
    """
    return _compile(page, origin, "pdf", pdf_standards=["ua-1", "1.7"])


def draw_sheets(page: ReportPage, origin: str) -> list[bytes]:
    """The sheets of the same document as PNG."""
    drawn = _compile(page, origin, "png", ppi=80)
    return drawn if isinstance(drawn, list) else [drawn]


def query(page: ReportPage, origin: str, selector: str) -> Any:
    """The elements of the same document that a selector finds, as Typst gives them."""
    import typst

    found = typst.query(
        str(TEMPLATE), selector, root=str(TEMPLATE.parent), ignore_system_fonts=True, sys_inputs=_put_in(page, origin)
    )
    return json.loads(found)


def _compile(page: ReportPage, origin: str, format: Literal["pdf", "png"], **options: Any) -> Any:  # noqa: A002 - Typst's name
    import typst  # dear to load, and wanted for PDFs alone

    return typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        format=format,
        ignore_system_fonts=True,
        sys_inputs=_put_in(page, origin),
        timestamp=datetime.strptime(page.release_id[:10], "%Y-%m-%d").replace(tzinfo=UTC),
        **options,
    )


def _put_in(page: ReportPage, origin: str) -> dict[str, str]:
    return {"report": json.dumps(_as_data(page), ensure_ascii=False), "origin": origin}


def _as_data(value: Any) -> Any:
    """A contract as JSON takes it: parts as objects, drawings as their text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _as_data(getattr(value, each.name)) for each in fields(value) if each.name not in _LEFT_OUT}
    if isinstance(value, (tuple, list)):
        return [_as_data(each) for each in value]
    return str(value) if isinstance(value, Svg) else value
