"""Links of a fixed copy: each leads to a file of the copy, to the live service or, where there is neither, nowhere."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import urlsplit

THIS_COPY = "/this-copy"
"""The page that says what a fixed copy has and what it leaves to the live service."""
_TAGS = re.compile(
    r"<a\b(?P<a>[^>]*)>(?P<text>.*?)</a>|<form\b(?P<form>[^>]*)>(?P<fields>.*?)</form>"
    r"|<(?P<tag>link|script|img|image|use|svg)\b(?P<rest>[^>]*)>",
    re.DOTALL,
)
_ADDRESS = re.compile(r'(\s(?:href|src|action)=")([^"]*)(")')
_OF_CHART = re.compile(r'(\sdata-address=")([^"]*)(")')
_FILE = re.compile(r"\.(?:json|xml|atom|svg|png|ico|txt|js|css)$")
_RELEASE = re.compile(r"/releases/(?!feed$)[^/]+")
_LIVE_ONLY = re.compile(r"/(?:charts|cards|embed)/|/feed$")
_OFFERS_OF_LIVE = re.compile(
    r'<p class="mh-source mh-pictures[^>]*>.*?</p>\n?'
    r"|<details[^>]*>\s*<summary[^>]*><span[^>]*>Put this chart on your own page</span></summary>.*?</details>\n?"
    r'|  <meta (?:property="og:(?:url|image)[^"]*"|name="twitter:card")[^>]*>\n'
    r'|  <script type="application/ld\+json">.*?</script>\n',
    re.DOTALL,
)
"""What a page says of pictures, frames, cards and downloads that only the live service has."""
_TRACE = re.compile(r"/figures/(?P<metric>[^/]+)/[^/]+/[^/]+")
_HISTORY = re.compile(r"area=(?P<area>[^&]+)&period=all&format=csv")
_BANNER = "Check a figure against its source before you rely on it."
_ALWAYS = {THIS_COPY, "/freeze.json", "/checksums.txt", "/favicon.ico"}
_FIND = {r' method="post"': ' method="get"', r"(<label[^>]*>)[^<]*": r"\g<1>Council, topic or metric", r' name="q"': ""}
"""How the search form differs where nothing answers it: without a name the field is never sent, so no postcode stands
in an address; suggestions lead on by themselves."""


def is_file(address: str) -> bool:
    """Whether an address is that of a file as it is, and not of a page."""
    return "." in address.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where a fixed copy is to lie, and where the live service is: addresses without a slash at the end, or empty."""

    base: str = ""
    live: str = ""

    @property
    def prefix(self) -> str:
        """What comes before each path on the copy's host: empty, or such as "/moothall"."""
        return urlsplit(self.base).path.rstrip("/")


@dataclass(slots=True)
class Links:
    """Turns the links of pages; `pages` are the addresses that the copy has a page of."""

    hosts: Hosts
    pages: Collection[str]
    moved: dict[str, str] = field(default_factory=dict)
    """Address → where the page is to which it leads on."""
    wanted: set[str] = field(default_factory=set)
    """Files, and releases before this one, that pages led to and that nobody listed."""
    tables: dict[str, str] = field(default_factory=dict)
    """Address of a table of figures → the file of the copy that has it."""

    def turn_page(self, page: str, markup: str) -> str:
        """A page with its links turned, and with a word that it is a fixed copy."""
        said = f'{_BANNER} This is a fixed copy: <a class="govuk-link" href="{THIS_COPY}">what works here</a>.'
        kept = markup if self.hosts.live else _OFFERS_OF_LIVE.sub("", markup)
        return self._turn(page, kept.replace(_BANNER, said, 1))

    def turn_entries(self, body: bytes) -> bytes:
        """What the search box suggests, with the addresses of the copy."""
        entries = [
            (title, kind, led, words)
            for title, kind, address, words in json.loads(body)["entries"]
            if (led := self.lead("/find", address)) is not None
        ]
        return json.dumps({"entries": entries}, ensure_ascii=False).encode()

    def lead(self, page: str, address: str) -> str | None:
        """Where a link of a page leads; None where neither the copy nor the live service has it."""
        if not address.startswith("/") or address.startswith("//"):
            return address
        rest, _, fragment = address.partition("#")
        path, _, query = rest.partition("?")
        mark = f"#{fragment}" if fragment else ""
        if path.startswith("/static/"):
            return self.hosts.prefix + address
        if not query and self._has(path):
            return self._place(path) + mark
        if table := self._find_table(page, path, query):
            return self.hosts.prefix + table
        if self.hosts.live:
            return self.hosts.live + address
        if trace := _TRACE.fullmatch(path):
            return self._place(f"/figures/{trace['metric']}")
        if query and path != page and self._has(path):
            return self._place(path)  # the page as it is for everybody
        return None

    def _has(self, path: str) -> bool:
        if path in self.pages or path in self.moved or path in _ALWAYS:
            return True
        if _LIVE_ONLY.search(path):
            return False
        if _RELEASE.fullmatch(path) or (_FILE.search(path) and not path.startswith(("/releases/", "/figures/"))):
            self.wanted.add(path)
            return True
        return False

    def _place(self, path: str) -> str:
        """The address of a page as a host of files has it: with a slash, so that none has to lead on to it."""
        there = self.moved.get(path, path)
        return self.hosts.prefix + (there if there == "/" or is_file(there) else f"{there}/")

    def _find_table(self, page: str, path: str, query: str) -> str:
        """The file of a page's figures, which the copy has one of where the page offers them as CSV."""
        if not path.startswith("/api/v1/") or "format=csv" not in query.split("&") or page == "/api":
            return ""
        asked, folder = f"{path}?{query}", page.rstrip("/")
        if whole := _HISTORY.fullmatch(query):  # of a closed council, whose pages on topics offer the same
            file = f"/areas/{whole['area']}/history.csv"
            if page == self.moved.get(f"/areas/{whole['area']}"):
                self.tables[asked] = file
            return file
        if asked not in self.tables:
            name = "history" if "period=all" in query.split("&") else "figures"
            taken = sum(file.startswith(f"{folder}/{name}") for file in self.tables.values())
            self.tables[asked] = f"{folder}/{name}{f'-{taken + 1}' if taken else ''}.csv"
        return self.tables[asked]

    def _turn(self, page: str, markup: str) -> str:
        return _TAGS.sub(lambda match: self._turn_tag(page, match), markup)

    def _turn_tag(self, page: str, match: re.Match[str]) -> str:
        if match["form"] is not None:
            return self._turn_form(page, match["form"], match["fields"])
        if match["tag"] == "link" and 'rel="canonical"' in match["rest"]:
            host = escape(self.hosts.base.removesuffix(self.hosts.prefix))
            return f'<link rel="canonical" href="{host}{escape(self._place(page))}">'
        if match["tag"] == "svg":
            return f"<svg{_OF_CHART.sub(self._turn_chart, match['rest'])}>"
        attributes = match["a"] if match["a"] is not None else match["rest"]
        turned = self._turn_attributes(page, attributes)
        if match["a"] is not None:
            text = match["text"]
            return text if turned is None else f"<a{turned}>{text}</a>"
        return "" if turned is None else f"<{match['tag']}{turned}>"

    def _turn_chart(self, match: re.Match[str]) -> str:
        """What a mark of a chart leads to, before the script adds its code; nothing without such pages."""
        address = unescape(match[2])
        host = self.hosts.prefix if address == "/areas/" else self.hosts.live
        return f"{match[1]}{escape(host + address)}{match[3]}" if host or address == "/areas/" else ""

    def _turn_attributes(self, page: str, attributes: str) -> str | None:
        """The attributes with their addresses turned; None where one leads nowhere."""
        found = _ADDRESS.search(attributes)
        if found is None:
            return attributes
        led = self.lead(page, unescape(found[2]))
        if led is None:
            return None
        return f"{attributes[: found.start()]}{found[1]}{escape(led)}{found[3]}{attributes[found.end() :]}"

    def _turn_form(self, page: str, attributes: str, fields: str) -> str:
        entries = f"{self.hosts.prefix}/find/entries.json"
        if self.hosts.live:
            attributes = _ADDRESS.sub(rf"\g<1>{escape(self.hosts.live)}\g<2>\g<3>", attributes)
            inner = self._turn(page, fields).replace(" data-find>", f' data-find="{entries}">')
            return f"<form{attributes}>{inner}</form>"
        if 'class="mh-find"' in attributes:
            form = _ADDRESS.sub(rf"\g<1>{escape(self._place(THIS_COPY))}\g<3>", f"<form{attributes}>{fields}</form>")
            for there, here in _FIND.items():
                form = re.sub(there, here, form)
            return form.replace(" data-find>", f' data-find="{entries}">')
        where = f'<a class="govuk-link" href="{self._place(THIS_COPY)}">which this copy does not have</a>'
        return f'<p class="govuk-body">Choosing here needs the live service, {where}.</p>'
