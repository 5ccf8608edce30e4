"""The Jinja environment: our templates, the GOV.UK macros, and what every template may use."""

import hashlib
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from jinja2 import BaseLoader, Environment
from jinja2.runtime import Context
from markupsafe import Markup, escape

from moothall.charts.pictures import MOST_LINES
from moothall.site.addresses import embed_address, picture_address
from moothall.site.explorer.sentences import name_edition_day, write_formula
from moothall.site.narrative.names import name_day


class Section(NamedTuple):
    """One entry of the navigation; a template names the one it belongs to by its key."""

    key: str
    title: str
    address: str


NAVIGATION = (
    Section("areas", "Areas", "/areas"),
    Section("topics", "Topics", "/topics"),
    Section("national", "National picture", "/national"),
    Section("metrics", "Metrics", "/metrics"),
    Section("api", "API", "/api"),
    Section("about", "About", "/about"),
)


class PlainContext(Context):
    """Calls a macro or function as it is: none of ours asks for the context, and a page calls hundreds."""

    def call(self, called: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        """What it gives; the variables of loops and blocks, which Jinja sends along, are for those who ask."""
        named.pop("_loop_vars", None)
        named.pop("_block_vars", None)
        return called(*args, **named)


def environment(*, loader: BaseLoader, **options: Any) -> Environment:
    """Build the environment; `loader` finds our templates."""
    jinja = Environment(loader=loader, trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701
    jinja.context_class = PlainContext
    jinja.globals |= {"navigation": NAVIGATION, "asset": asset, "council_names": list_council_names}
    jinja.globals |= {"write_link": write_link, "write_bare": write_bare}
    jinja.globals |= {"picture_address": picture_address, "embed_address": embed_address, "MOST_LINES": MOST_LINES}
    jinja.filters |= {
        "published": name_edition_day,
        "day": name_day,
        "formula": write_formula,
        "thousands": "{:,}".format,
    }
    return jinja


@lru_cache(maxsize=256)  # hundreds of names, the same on every page of a service
def list_council_names(names: tuple[str, ...]) -> Markup:
    """Give the list that a `council_field` completes names from."""
    options = Markup("\n").join(Markup('<option value="{}"></option>').format(name) for name in names)
    return Markup('<datalist id="councils">\n{}\n</datalist>').format(options)


def write_link(text: str, address: str) -> Markup:
    """Write a link to an address."""
    return Markup(f'<a class="govuk-link" href="{escape(address)}">{escape(text)}</a>')  # noqa: S704 - escaped in it


def write_bare(text: str, ending: str) -> Markup:
    """Write a value without its unit, where the heading of the column has it; read out and copied it keeps it."""
    if not ending or not text.endswith(ending):
        return escape(text)
    number = escape(text.removesuffix(ending).replace(f"{ending} ", " "))
    return Markup(f'{number}<span class="govuk-visually-hidden">{escape(ending)}</span>')  # noqa: S704 - escaped in it


def asset(path: str) -> str:
    """Give the address of a file under `static/`; the start of its digest gives a changed file a new address."""
    digest = _digest.__wrapped__(path) if settings.DEBUG else _digest(path)
    return f"{settings.STATIC_URL}{path}?v={digest}" if digest else f"{settings.STATIC_URL}{path}"


@cache
def _digest(path: str) -> str:
    file = settings.STATIC_ROOT / path
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else ""
