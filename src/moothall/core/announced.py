"""Announced changes: councils that are to take the place of others on a day to come, as a source says."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from moothall.core.fields import AreaCode, Definition, Title


class AnnouncedChange(Definition):
    """A council that is to take the place of others; it has no code yet."""

    successor: Title
    predecessors: tuple[AreaCode, ...] = Field(min_length=1)
    day: date
    source: Title
    address: Annotated[str, StringConstraints(pattern=r"^https?://")]
    checked: bool  # against the order that makes the change


class AnnouncedFile(Definition):
    """`definitions/announced.yaml`: changes that have been announced and are not in force."""

    changes: tuple[AnnouncedChange, ...]
