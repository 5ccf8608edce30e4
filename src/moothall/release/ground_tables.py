"""The tables of the ground: authorities, what became of them, what they answer for, and the shapes of maps."""

from __future__ import annotations

import polars as pl

from moothall.release.schema import Column, Table, optional, text

_AREA = text("area_code", "ONS code of the authority")
_FUNCTION = text("function_key", "The function")
_SINCE = optional("since", pl.Date, "First day; empty when before the register begins")
_UNTIL = optional("until", pl.Date, "First day on which it no longer held; empty while it holds")
_FILE = (
    text("key", "The file"),
    Column("position", pl.Int64, "Its place in the order"),
    text("title", "Its title"),
    text("publisher", "Who publishes it"),
    text("licence", "Key of the licence it is published under"),
    text("licence_title", "The licence's name"),
    text("licence_address", "Where the licence can be read"),
    text("published", "Day of publication, as precisely as it is known"),
    text("published_basis", "How the day of publication is known"),
    text("sha256", "SHA-256 of the file"),
    optional("address", pl.String, "Where the publisher has it"),
)

GROUND_TABLES: tuple[Table, ...] = (
    Table(
        "areas",
        "One authority that exists, or existed, in England",
        (
            _AREA,
            text("name", "Short name"),
            text("official_name", "The authority's full name"),
            text("slug", "The name as it stands in an address"),
            text("area_class", "What kind of authority it is"),
            text("region_code", "ONS code of the region it lies in"),
            text("region", "Name of that region"),
            optional("opened", pl.Date, "First day; empty when before the register begins"),
            optional("closed", pl.Date, "First day on which it no longer existed"),
        ),
        ("area_code",),
    ),
    Table(
        "memberships",
        "One authority inside another for a span of time",
        (
            _AREA,
            text("parent_code", "The authority it is inside"),
            text("kind", "Kind of membership"),
            _SINCE,
            _UNTIL,
        ),
        ("area_code", "parent_code", "kind", "since"),
    ),
    Table(
        "successions",
        "One authority that took the place of another on a day",
        (
            text("predecessor_code", "Code of the authority that was replaced, or a code no longer used"),
            text("successor_code", "The authority that took its place"),
            Column("day", pl.Date, "First day of the successor"),
            text("kind", "merge, split, transfer or recode"),
            text("note", "What should be known about it"),
        ),
        ("predecessor_code", "successor_code", "day"),
    ),
    Table(
        "announced_changes",
        "One authority that is to be replaced on a day to come, as a source says",
        (
            _AREA,
            text("successor", "The name of the authority that is to take its place"),
            Column("day", pl.Date, "The day on which that is to be"),
            text("source", "What says so"),
            text("address", "Where it can be read"),
            Column("is_checked", pl.Boolean, "Whether it was held against the order that makes the change"),
        ),
        ("area_code", "successor"),
    ),
    Table(
        "area_parts",
        "One council whose figures are part of another authority's, where those are added up, for a span of time",
        (
            _AREA,
            text("tier", "Which councils add up: lower, upper, every or same"),
            text("part_code", "The council that is a part"),
            _SINCE,
            _UNTIL,
        ),
        ("area_code", "tier", "part_code", "since"),
    ),
    Table(
        "aliases",
        "One code that somebody uses, or used, for an authority",
        (text("scheme", "Whose code it is"), text("alias", "The code"), _AREA),
        ("scheme", "alias", "area_code"),
    ),
    Table(
        "functions",
        "One thing that councils are responsible for",
        (
            _FUNCTION,
            Column("position", pl.Int64, "Its place in the order"),
            text("title", "Its title"),
            text("statute", "The statute it rests on"),
            text("note", "What should be known about it"),
        ),
        ("function_key",),
    ),
    Table(
        "responsibilities",
        "One span of time in which an authority has a function",
        (_FUNCTION, _AREA, text("extent", "statutory or partial"), _SINCE, _UNTIL),
        ("function_key", "area_code", "since"),
    ),
    Table(
        "register_files",
        "One published file that the register of authorities was read from",
        _FILE,
        ("key",),
    ),
    Table(
        "boundary_files",
        "One published file that maps were drawn from",
        (*_FILE, text("attribution", "The words of attribution the publisher asks for")),
        ("key",),
    ),
    Table(
        "postcode_files",
        "One published directory that postcodes are looked up in",
        (*_FILE, text("attribution", "The words of attribution the publisher asks for")),
        ("key",),
    ),
    Table(
        "shapes",
        "The shape of one authority in one layout of a map",
        (
            text("layout", "'map' for its outline, else the layout of hexagons"),
            _AREA,
            text("path", "SVG path data, y downwards; of an outline in units of 100 metres"),
            *(Column(f"{axis}_min", pl.Int64, f"The least {axis} of the path") for axis in "xy"),
            *(Column(f"{axis}_max", pl.Int64, f"The greatest {axis} of the path") for axis in "xy"),
        ),
        ("layout", "area_code"),
    ),
)
