"""Reading a fixed copy as a host of files would serve it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LINK = re.compile(r'<(\w+)\b[^>]*?\s(?:href|src|action|data-find|data-address)="([^"]*)"')
_ID = re.compile(r'\sid="([^"]*)"')
_REFRESH = re.compile(r'http-equiv="refresh" content="0; url=([^"]*)"')


@dataclass(frozen=True)
class FrozenCopy:
    """A fixed copy in a directory, under a path of its host."""

    directory: Path
    prefix: str = ""
    outside: tuple[str, ...] = ()
    """What links to other hosts may begin with, besides publishers' addresses."""

    @cached_property
    def pages(self) -> dict[str, str]:
        """Every page by its file."""
        return {
            path.relative_to(self.directory).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(self.directory.rglob("*.html"))
        }

    def read(self, address: str) -> str:
        """The page at an address, as a host of files finds it."""
        path = self.find(address)
        assert path is not None, address
        return path.read_text(encoding="utf-8")

    def find(self, address: str) -> Path | None:
        """The file at an address; none where there is none."""
        path = unquote(urlsplit(address).path)
        if not path.startswith(f"{self.prefix}/"):
            return None
        there = self.directory / path.removeprefix(self.prefix).strip("/")
        there = there / "index.html" if there.is_dir() else there
        return there if there.is_file() else None

    def list_links(self, markup: str) -> list[tuple[str, str]]:
        """Tag and address of every link, picture, script and form."""
        return [(tag, unescape(address)) for tag, address in _LINK.findall(markup)]

    def list_broken(self) -> list[str]:
        """Every link that leads nowhere: to no file, or to no element of its page."""
        broken: list[str] = []
        ids = {name: set(_ID.findall(page)) for name, page in self.pages.items()}
        for name, page in self.pages.items():
            for tag, address in [*self.list_links(page), *(("meta", each) for each in _REFRESH.findall(page))]:
                if address.startswith(("http://", "https://", "mailto:", "data:")):
                    if "localhost" in address or "127.0.0.1" in address:
                        broken.append(f"{name}: {tag} {address}")
                    continue
                mark = urlsplit(address).fragment
                if address.startswith("#"):
                    there: str | None = name
                else:
                    found = self.find(address)
                    there = found.relative_to(self.directory).as_posix() if found else None
                is_prefix = tag == "svg" and address == f"{self.prefix}/areas/"
                if there is None and not is_prefix:
                    broken.append(f"{name}: {tag} {address}")
                elif mark and there is not None and mark not in ids.get(there, set()):
                    broken.append(f"{name}: {tag} {address} (no such element)")
        return broken
