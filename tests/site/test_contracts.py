"""Each page's contract and its template name the same things, both ways."""

from __future__ import annotations

from dataclasses import fields
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from jinja2 import Environment, FileSystemLoader, meta, nodes

import moothall.site
from moothall.site import explorer
from moothall.site.explorer.pages import Page
from moothall.site.jinja import NAVIGATION, environment

TEMPLATES = Path(moothall.site.__file__).parent / "templates"
FOR_THE_LAYOUT = {"release_id", "section", "canonical", "origin", "card", "linked_data"}
NOT_PAGES = {"layout.html", *(path.name for path in TEMPLATES.glob("parts*.html"))}
"""What others extend, and what they import."""

for module in iter_modules(explorer.__path__):  # a page is known once its module is imported
    import_module(f"{explorer.__name__}.{module.name}")

# A dataclass with slots is made twice, and the first try may not have been swept up yet: by name there is one of each.
PAGES = list({page.__name__: page for page in Page.__subclasses__()}.values())


@pytest.fixture(scope="module")
def jinja() -> Environment:
    import django

    django.setup()
    return environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)


def variables(jinja: Environment, template: str) -> set[str]:
    tree = jinja.parse((TEMPLATES / template).read_text(encoding="utf-8"))
    # Blocks are scopes of their own to the finder, so that macros of the file look undeclared in them.
    macros = {macro.name for macro in tree.find_all(nodes.Macro)}
    macros |= {name for each in tree.find_all(nodes.FromImport) for name in each.names}
    return meta.find_undeclared_variables(tree) - set(jinja.globals) - macros


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_contract_and_template_name_the_same(jinja: Environment, page: type[Page]) -> None:
    given = {field.name for field in fields(page)}
    used = variables(jinja, page.template)
    assert used - given - FOR_THE_LAYOUT == set(), "the template uses what the page does not give"
    assert given - used - FOR_THE_LAYOUT == set(), "the page gives what the template does not use"


def test_layout_uses_only_what_every_page_gives(jinja: Environment) -> None:
    assert variables(jinja, "layout.html") <= FOR_THE_LAYOUT


def test_every_template_belongs_to_a_page() -> None:
    templates = {path.name for path in TEMPLATES.glob("*.html")}
    assert templates == {page.template for page in PAGES} | NOT_PAGES


def test_sections_are_in_the_navigation() -> None:
    assert {page.section for page in PAGES} - {""} <= {entry.key for entry in NAVIGATION}
