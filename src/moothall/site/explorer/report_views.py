"""Views of a council's report: the page to print, and the same as a PDF."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse

from moothall.release.queries import Release
from moothall.site.addresses import report_address
from moothall.site.explorer import areas
from moothall.site.explorer.answering import answer_with, page, show_error, show_page
from moothall.site.explorer.asked import Redirected
from moothall.site.explorer.pages import Page
from moothall.site.explorer.pages_report import ReportPage
from moothall.site.explorer.parts import Link
from moothall.site.explorer.reports import make_report
from moothall.site.narrative.names import count_words
from moothall.site.origin import find_origin

_RETRY_AFTER = 5  # seconds


def _make(release: Release, request: HttpRequest, code: str, *, is_pdf: bool = False) -> Page:
    area = release.area(code)
    if area.closed is not None and area.closed <= release.built:
        return areas.make_closed_area(release, area)
    if code != area.code:
        asked = f"?{request.GET.urlencode()}" if request.GET else ""
        raise Redirected(report_address(area.code, is_pdf=is_pdf) + asked)
    return make_report(release, area, request.GET, is_pdf=is_pdf)


def _show_pdf(request: HttpRequest, made: Page) -> HttpResponse:
    if not isinstance(made, ReportPage):
        return show_page(request, made)
    from moothall.site.typesetting import Busy, typeset

    try:
        sheets = typeset(made, find_origin(request))
    except Busy:
        return _show_busy(request, made)
    response = HttpResponse(sheets, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{made.area.slug}-report-{made.release_id}.pdf"'
    if not made.is_kept:
        response["Cache-Control"] = "no-store"
    return response


def _show_busy(request: HttpRequest, made: ReportPage) -> HttpResponse:
    response = show_error(
        request,
        503,
        "Other reports are being made",
        f"Try again in {count_words(_RETRY_AFTER, 'second', 'seconds')}. The same report can be read as a page now.",
        links=(Link("Try again", made.pdf_address), Link("Read it as a page", made.canonical_address)),
    )
    response["Retry-After"] = str(_RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


show_report = page(_make)
"""`/areas/<code>/report`."""

show_report_pdf = answer_with(partial(_make, is_pdf=True), _show_pdf)
"""`/areas/<code>/report.pdf`."""
