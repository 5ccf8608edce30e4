"""Views of a council's report: the page to print, and the same as a PDF."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse

from moothall.charts.apart import require_room
from moothall.release.queries import Release
from moothall.site.addresses import report_address
from moothall.site.explorer import areas
from moothall.site.explorer.answering import answer_with, page, show_page
from moothall.site.explorer.asked import Redirected
from moothall.site.explorer.pages import Page
from moothall.site.explorer.pages_report import ReportPage
from moothall.site.explorer.reports import make_report
from moothall.site.origin import find_origin


def _make(release: Release, request: HttpRequest, code: str, *, is_pdf: bool = False) -> Page:
    area = release.area(code)
    if is_pdf:
        require_room()
    if area.closed is not None and area.closed <= release.built:
        return areas.make_closed_area(release, area)
    if code != area.code:
        asked = f"?{request.GET.urlencode()}" if request.GET else ""
        raise Redirected(report_address(area.code, is_pdf=is_pdf) + asked)
    return make_report(release, area, request.GET, is_pdf=is_pdf)


def _show_pdf(request: HttpRequest, made: Page) -> HttpResponse:
    if not isinstance(made, ReportPage):
        return show_page(request, made)
    from moothall.site.typesetting import typeset

    response = HttpResponse(typeset(made, find_origin(request)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{made.area.slug}-report-{made.release_id}.pdf"'
    if not made.is_kept:
        response["Cache-Control"] = "no-store"
    return response


show_report = page(_make)
"""`/areas/<code>/report`."""

show_report_pdf = answer_with(partial(_make, is_pdf=True), _show_pdf)
"""`/areas/<code>/report.pdf`."""
