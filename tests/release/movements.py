"""The fictional county with years enough for its councils to have gone somewhere together."""

from __future__ import annotations

from dataclasses import replace

from moothall.analysis.movements import find_movements
from moothall.release.contents import Contents
from tests.release.barset import OBSERVED, REGISTER, Observed, make_contents
