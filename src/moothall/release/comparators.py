"""Comparators: with whom a council's figures are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from moothall.core.frames import ENGLAND
from moothall.core.neighbour_models import DEFAULT_MODEL

Peers = Literal["england", "type", "region", "neighbours", "custom"]
PEERS: tuple[Peers, ...] = ("neighbours", "type", "region", "england", "custom")


@dataclass(frozen=True, slots=True)
class Comparators:
    """With whom: everybody in England, its own kind, its region, its neighbours by a model, or a group chosen.

    Nobody is compared with itself: a council among its own group is left out of it.
    """

    kind: Peers = ENGLAND
    model: str = DEFAULT_MODEL
    group: tuple[str, ...] = ()  # codes, of a chosen group

    @property
    def is_stored(self) -> bool:
        """Whether every figure has its position among them in the release."""
        return self.kind in {"england", "type"} or (self.kind == "neighbours" and self.model == DEFAULT_MODEL)

    @property
    def leaves_out_itself(self) -> bool:
        """Whether a council's comparators are others only, as neighbours are."""
        return self.kind in {"neighbours", "custom"}


EVERYONE = Comparators()
"""All councils in England."""
