"""Typesetting: a report as a PDF, of the same contract as its page."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from moothall.charts.svg import Svg
from moothall.site import typesetter
from moothall.site.explorer.pages_report import ReportPage

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
_LEFT_OUT = {"form", "audiences", "area"}  # what is for the screen alone
_LONGEST = 60  # seconds
_AT_ONCE = threading.BoundedSemaphore(2)  # each takes about 80 MB while it runs
_ROOM = threading.BoundedSemaphore(3)  # those and one that waits: a worker has four threads, and pages need one


class Busy(Exception):  # noqa: N818 - nothing went wrong
    """As many reports are being typeset as there is room for."""


def typeset(page: ReportPage, origin: str) -> bytes:
    """The PDF of a report, the same bytes each time: tagged (PDF/UA-1), its fonts within it.

    `origin` is the address of the site without a slash at its end, before which links inside it are written. Raises
    RuntimeError with what Typst said where it could not be made, `Busy` where there is no room for one more.
    """
    if not _ROOM.acquire(blocking=False):
        raise Busy
    try:
        return _run(page, origin)
    finally:
        _ROOM.release()


def _run(page: ReportPage, origin: str) -> bytes:
    asked = {"template": str(TEMPLATE), "inputs": put_in(page, origin), "day": page.release_id[:10]}
    with _AT_ONCE:
        done = subprocess.run(  # noqa: S603 - our own file, by our own Python
            [sys.executable, "-I", typesetter.__file__],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=_LONGEST,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return done.stdout


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
