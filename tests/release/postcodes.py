"""Postcodes of a fictional county, where none begins with Q in the world."""

from __future__ import annotations

import polars as pl

from moothall.core.everyday import EverydayFile
from moothall.core.postcodes import PostcodeDirectory
from moothall.release.postcodes import pack_postcodes

ROWS = (
    ("QB1", "1AA", "E07900001"),
    ("QB1", "1AB", "E07900001"),
    ("QB1", "1AD", "E07900002"),
    ("QB1", "2AA", "E07900099"),  # Barchester's code until 2012
    ("QB1", "9ZZ", "E07900003"),
    ("QP1", "1AA", "E07900009"),  # Plumstead, of which Greater Plumstead took the place
    ("QA1", "1AA", "E06900002"),
    ("QA1", "1AB", ""),
    ("QA2", "1AA", ""),
    ("QO1", "0AB", "E06900003"),
    ("QI1", "1AA", "E06900003"),
    ("Q11", "1AA", "E06900004"),
    ("QT1", "1AA", "E06900002"),
    ("QT1", "1AB", "S"),
    ("QW1A", "1AA", "W"),
    ("Q1", "1AA", "L"),
)
PACKED = pack_postcodes(pl.DataFrame(ROWS, schema=["outward", "inward", "district"], orient="row"))
DIRECTORY = PostcodeDirectory.model_validate(
    {
        "key": "barset",
        "package": "barset-postcodes",
        "version": "1.2",
        "title": "The postcodes of Barset",
        "publisher": "Barsetshire Archive",
        "edition": "2025-02",
        "licence": "ogl-3",
        "attribution": "Written down by the archive.",
        "mirror": "barset-postcodes",
        "published": "2025-02",
        "basis": "provenance",
        "sha256": "0" * 64,
        "address": "https://archive.example/postcodes",
    }
)
EVERYDAY = EverydayFile.model_validate(
    {
        "subjects": [
            {"say": ["rubbish", "wheelie bins"], "topics": ["bins"], "metrics": ["share-missed"]},
            {"say": ["q1"], "topics": ["care"]},
        ]
    }
)
