"""Addresses: where each thing is found on the site and in the API."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, quote_plus

from moothall.core.neighbour_models import DEFAULT_MODEL
from moothall.release.records import AreaRecord, Comparators

API = "/api/v1"
Query = Iterable[tuple[str, str | None]]


def with_query(path: str, query: Query) -> str:
    """The path with those parameters that have a value."""
    given = "&".join(f"{name}={_encode(value)}" for name, value in query if value)
    return f"{path}?{given}" if given else path


_encode = lru_cache(maxsize=10_000)(quote_plus)  # a page has dozens of addresses of the same few codes


def area_address(area: AreaRecord) -> str:
    """An authority's page."""
    return f"/areas/{area.code}/{area.slug}"


def place_address(area: AreaRecord) -> str:
    """The page of everyone who runs services on a council's ground."""
    return f"/places/{area.code}/{area.slug}"


FIND = "/find"
"""Where the search box leads: by POST, so that a postcode never stands in an address."""


def find_address(text: str) -> str:
    """What a text leads to; never for a postcode."""
    return with_query(FIND, [("q", text)])


def topic_address(topic: str) -> str:
    """A topic's page."""
    return f"/topics/{quote(topic)}"


def excellence_address(topic: str = "", area_class: str = "") -> str:
    """Who is worth learning from, in a topic or among a class of council."""
    return with_query("/excellence", [("topic", topic), ("class", area_class)])


def api_excellence_address(topic: str = "", area_class: str = "", format: str | None = None) -> str:  # noqa: A002 - the API's name
    """The same from the API."""
    return with_query(f"{API}/excellence", [("topic", topic), ("class", area_class), ("format", format)])


def national_address(topic: str = "", metric: str = "") -> str:
    """How councils together are doing: in every topic, in one, or in one of its metrics."""
    return "/".join(["/national", *(quote(each) for each in (topic, metric) if each)])


def api_national_address(topic: str = "", metric: str = "", format: str | None = None) -> str:  # noqa: A002 - the API's name
    """The same from the API, of a topic or of one metric."""
    return with_query(f"{API}/national", [("topic", topic), ("metric", metric), ("format", format)])


def gaps_address(topic: str = "", function: str = "") -> str:
    """What is missing, of a topic or a function or of everything."""
    return with_query("/gaps", [("topic", topic), ("function", function)])


def api_gaps_address(topic: str = "", function: str = "", format: str | None = None) -> str:  # noqa: A002 - the API's name
    """What is missing, from the API."""
    return with_query(f"{API}/gaps", [("topic", topic), ("function", function), ("format", format)])


def catalogue_address(**chosen: str) -> str:
    """The catalogue of metrics, narrowed down."""
    return with_query("/metrics", chosen.items())


def outcomes_address(area: str | None = None) -> str:
    """The outcomes of the government's framework, for one authority."""
    return with_query("/outcomes", [("area", area)])


def outcome_address(number: int, area: str | None = None) -> str:
    """One outcome's page, for one authority."""
    return with_query(f"/outcomes/{number}", [("area", area)])


def area_topic_address(
    area: str, topic: str, *, peers: str | None = None, model: str | None = None, others: Iterable[str] = ()
) -> str:
    """The page of one topic for one authority and others beside it."""
    path = f"/areas/{quote(area)}/topics/{quote(topic)}"
    return with_query(path, [*(("with", code) for code in others), ("peers", peers), ("model", model)])


def report_address(
    area: str,
    *,
    is_pdf: bool = False,
    audience: str | None = None,
    topic: str | None = None,
    peers: Comparators | None = None,
    name: str = "",
) -> str:
    """An authority's report to print; `peers` where they are not its usual ones, `name` what their group is called."""
    path = f"/areas/{quote(area)}/report{'.pdf' if is_pdf else ''}"
    model = peers.model if peers and peers.model != DEFAULT_MODEL else None
    group = peers.group if peers else ()
    kind = peers.kind if peers else None
    chosen = [("audience", audience), ("topic", topic), ("peers", kind), ("model", model)]
    return with_query(path, [*chosen, *(("with", code) for code in group), ("name", name)])


def compare_address(
    areas: Iterable[str] = (),
    *,
    topic: str | None = None,
    metrics: Iterable[str] = (),
    peers: Comparators | None = None,
    name: str = "",
) -> str:
    """The comparison of any councils in any metrics, beside the first one's comparators or a group with a name."""
    model = peers.model if peers and peers.model != DEFAULT_MODEL else None
    return with_query(
        "/compare",
        [
            *(("areas", code) for code in areas),
            ("topic", topic),
            *(("metric", key) for key in metrics),
            ("peers", peers.kind if peers else None),
            ("model", model),
            *(("with", code) for code in (peers.group if peers else ())),
            ("name", name),
        ],
    )


def neighbours_address(
    area: str,
    *,
    model: str | None = None,
    version: str | None = None,
    weights: Iterable[str] = (),
    others: Iterable[str] = (),
) -> str:
    """An authority's neighbours: by a model, by a reader's own weights ("metric:weight"), or a list of their own."""
    return with_query(f"/areas/{quote(area)}/neighbours", _list_neighbour_query(model, version, weights, others))


def api_neighbours_address(
    area: str,
    *,
    model: str | None = None,
    version: str | None = None,
    weights: Iterable[str] = (),
    format: str | None = None,  # noqa: A002 - the API's name
) -> str:
    """The same from the API."""
    query = [*_list_neighbour_query(model, version, weights, ()), ("format", format)]
    return with_query(f"{API}/areas/{quote(area)}/neighbours", query)


def _list_neighbour_query(
    model: str | None, version: str | None, weights: Iterable[str], others: Iterable[str]
) -> list[tuple[str, str | None]]:
    by_name = [(name, each) for name, values in (("weight", weights), ("with", others)) for each in values]
    return [("model", model), ("version", version), *by_name]


def metric_address(
    metric: str,
    *,
    area: str | None = None,
    peers: str | None = None,
    model: str | None = None,
    period: str | None = None,
    breakdown: str = "all",
    sort: str | None = None,
    others: Iterable[str] = (),
) -> str:
    """A metric's page, with what is chosen on it."""
    return with_query(
        f"/metrics/{quote(metric)}",
        [
            ("area", area),
            ("peers", peers),
            ("model", model),
            ("period", period),
            ("breakdown", None if breakdown == "all" else breakdown),
            *(("with", code) for code in others),
            ("sort", sort),
        ],
    )


def against_address(
    metric: str,
    other: str,
    *,
    area: str | None = None,
    area_class: str = "",
    period: str | None = None,
    breakdown: str = "all",
) -> str:
    """The page that sets one metric against another, with what is chosen on it."""
    return with_query(
        f"/metrics/{quote(metric)}/against/{quote(other)}",
        [
            ("area", area),
            ("class", area_class),
            ("period", period),
            ("breakdown", None if breakdown == "all" else breakdown),
        ],
    )


def map_address(
    metric: str,
    *,
    period: str | None = None,
    breakdown: str = "all",
    area: str | None = None,
    view: str | None = None,
    tier: str | None = None,
    region: str | None = None,
) -> str:
    """A metric's map, with what is chosen on it."""
    return with_query(
        f"/maps/{quote(metric)}",
        [
            ("area", area),
            ("period", period),
            ("breakdown", None if breakdown == "all" else breakdown),
            ("view", view),
            ("tier", tier),
            ("region", region),
        ],
    )


def trace_address(metric: str, area: str, period: str, breakdown: str = "all") -> str:
    """The page of one figure: where it comes from."""
    path = f"/figures/{quote(metric)}/{quote(area)}/{quote(period)}"
    return with_query(path, [("breakdown", None if breakdown == "all" else breakdown)])


CHARTS, EMBED, CARDS = "/charts", "/embed", "/cards"
CARD = "/cards/moothall.png"
"""The picture that stands for any page without one of its own."""


def picture_address(kind: str, ending: str, page: str) -> str:
    """A chart of a page as a file; `page` is the page's address, whose question the picture answers."""
    return _address_file(f"{CHARTS}/{kind}", ending, page)


def card_address(kind: str, page: str) -> str:
    """The picture that stands for a page where it is shared."""
    return _address_file(f"{CARDS}/{kind}", "png", page)


def _address_file(folder: str, ending: str, page: str) -> str:
    """The key is what the page is about, and what else stands in the page's path is asked for."""
    path, _, asked = page.partition("#")[0].partition("?")
    match path.strip("/").split("/"):
        case ["metrics", key, "against", other]:
            more = f"other={other}"
        case ["areas", code, "topics", key]:
            more = f"area={code}"
        case ["areas" | "places", key, *_] | [*_, key]:
            more = ""
    given = "&".join(filter(None, (more, asked)))
    return f"{folder}/{key}.{ending}" + (f"?{given}" if given else "")


def embed_address(chart: str, page: str) -> str:
    """A chart of a page, by itself, for a frame on somebody else's; a map is one of its metric's charts."""
    path, _, asked = page.partition("#")[0].partition("?")
    if path.startswith("/maps/"):
        path = f"/metrics/{path.removeprefix('/maps/')}"
    return f"{EMBED}{path}?" + "&".join(filter(None, (asked, f"chart={chart}")))


def api_changes_address(release: str, format: str | None = None) -> str:  # noqa: A002 - the API's name
    """What a release changed, from the API."""
    return with_query(f"{API}/changes", [("release", release), ("format", format)])


def release_file_address(release: str, name: str) -> str:
    """One file of a release, as it lies there."""
    return f"/releases/{quote(release)}/files/{quote(name)}"


def api_figures_address(query: Query) -> str:
    """Figures from the API."""
    return with_query(f"{API}/figures", query)


def api_trace_address(metric: str, area: str, period: str, breakdown: str = "all") -> str:
    """One figure from the API, with its lineage."""
    return API + trace_address(metric, area, period, breakdown)
