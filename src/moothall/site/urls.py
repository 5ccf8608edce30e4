"""Every address of the site and the view that answers it."""

from django.urls import URLPattern, URLResolver, path

from moothall.site import charts, feeds, files, sitemap
from moothall.site.api.endpoints import api, refuse_root
from moothall.site.explorer import answering, report_views, views

handler400 = answering.refuse
handler404 = answering.not_found
handler500 = answering.fail

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.show_home),
    path("areas", views.show_areas),
    path("areas/<str:code>", views.show_area),
    path("areas/<str:code>/feed", feeds.show_area_feed),
    path("areas/<str:code>/neighbours", views.show_neighbours),
    path("areas/<str:code>/report", report_views.show_report),
    path("areas/<str:code>/report.pdf", report_views.show_report_pdf),
    path("areas/<str:code>/<str:slug>", views.show_area),
    path("areas/<str:code>/topics/<str:topic>", views.show_area_topic),
    path("places/<str:code>", views.show_place),
    path("places/<str:code>/<str:slug>", views.show_place),
    path("find", views.show_find),
    path("find/entries.json", views.list_find_entries),
    path("topics", views.show_topics),
    path("topics/<str:key>", views.show_topic),
    path("outcomes", views.show_outcomes),
    path("outcomes/<str:number>", views.show_outcome),
    path("national", views.show_national),
    path("national/<str:topic>", views.show_national_topic),
    path("national/<str:topic>/<str:key>", views.show_national_metric),
    path("metrics", views.show_metrics),
    path("metrics/<str:key>", views.show_metric),
    path("metrics/<str:key>/against", views.choose_against),
    path("metrics/<str:key>/against/<str:other>", views.show_against),
    path("metrics/<str:key>/feed", feeds.show_metric_feed),
    path("gaps", views.show_gaps),
    path("excellence", views.show_excellence),
    path("maps/<str:key>", views.show_map),
    path("cards/<str:name>", charts.show_card),
    path("cards/<str:kind>/<str:name>", charts.show_card),
    path("charts/<str:kind>/<str:name>", charts.show_chart),
    path("embed/metrics/<str:key>", charts.show_metric_embed),
    path("embed/metrics/<str:key>/against/<str:other>", charts.show_against_embed),
    path("embed/areas/<str:area>/topics/<str:key>", charts.show_topic_embed),
    path("compare", views.show_compare),
    path("figures/<str:metric>/<str:area>/<str:period>", views.show_trace),
    path("releases", views.show_releases),
    path("releases/feed", feeds.show_release_feed),
    path("releases/<str:release_id>", views.show_release),
    path("releases/<str:release_id>/files/<path:name>", files.serve_file),
    path("methods", views.show_methods),
    path("methods/neighbours", views.show_neighbour_methods),
    path("about", views.show_about),
    path("accessibility", views.show_accessibility),
    path("contact", views.show_contact),
    path("api", views.show_api),
    path("sitemap.xml", sitemap.show_sitemap),
    path("sitemap-<int:part>.xml", sitemap.show_sitemap),
    path("robots.txt", sitemap.show_robots),
    path("health", views.show_health),
    path("api/v1", refuse_root),
    path("api/v1/", api.urls),
]
