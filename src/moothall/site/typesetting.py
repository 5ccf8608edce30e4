"""Typesetting: a report as a PDF, of the same contract as its page."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from moothall.charts.apart import make_apart
from moothall.charts.svg import Svg
from moothall.site.explorer.pages_report import ReportPage

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
_LEFT_OUT = {"form", "audiences", "area"}  # what is for the screen alone


def typeset(page: ReportPage, origin: str) -> bytes:
    """The PDF of a report, the same bytes each time: tagged (PDF/UA-1), its fonts within it.

    `origin` is the address of the site without a slash at its end, before which links inside it are written. Raises
    what `make_apart` does.
    """
    return make_apart(TEMPLATE, put_in(page, origin), "pdf", day=page.release_id[:10])


def put_in(page: ReportPage, origin: str) -> dict[str, str]:
    """What the template is given: the contract as data, so that nothing in its words is taken for markup."""
    return {"report": json.dumps(_as_data(page), ensure_ascii=False), "origin": origin}


def _as_data(value: Any) -> Any:
    """A contract as JSON takes it: parts as objects, drawings as their text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _as_data(getattr(value, each.name)) for each in fields(value) if each.name not in _LEFT_OUT}
    if isinstance(value, tuple):
        return [_as_data(each) for each in value]
    return str(value) if isinstance(value, Svg) else value
