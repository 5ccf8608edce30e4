"""An earlier fixed copy: which of its batches are as they would be made now, and taking them over."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moothall.site.frozen.making import Made

DESCRIPTION = "freeze.json"
EARLIER_LIST = "freeze-batches.json"


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier copy says of its batches, made by the same code for the same addresses."""

    release: str
    batches: dict[str, Any]

    def has(self, batch: str, rests_on: str) -> bool:
        """Whether a batch is there and rests on the same."""
        return bool(rests_on) and self.batches.get(batch, {}).get("rests_on") == rests_on


def read_earlier(directory: Path, inputs: str) -> Earlier | None:
    """What the copy in a directory says of itself; none where it cannot be used, and everything is made anew."""
    try:
        description = json.loads((directory / DESCRIPTION).read_text(encoding="utf-8"))
        listed = json.loads((directory / EARLIER_LIST).read_text(encoding="utf-8"))
        if description["format"] != 1 or description["inputs"] != inputs:
            return None
        return Earlier(listed["release"], listed["batches"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_files(earlier: Earlier, batch: str, directory: Path, staging: Path, release: str) -> Made | None:
    """A batch of an earlier copy, each of its files linked, or written with the name of the release now shown.

    None where a file is not as it was written: an earlier copy that somebody changed is not to be used.
    """
    said = earlier.batches[batch]
    old, new = earlier.release.encode(), release.encode()
    files: dict[str, tuple[str, int]] = {}
    for name, (digest, _) in said["files"].items():
        path = staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        there = directory / name
        body = there.read_bytes() if there.is_file() else b""
        if hashlib.sha256(body).hexdigest() != digest:
            return None
        turned = body.replace(old, new)
        if turned == body:
            _link(there, path)
        else:
            path.write_bytes(turned)
        files[name] = hashlib.sha256(turned).hexdigest(), len(turned)
    wanted = frozenset(each.replace(earlier.release, release) for each in said["wanted"])
    return Made(batch, files, wanted, (), said["pages"])


def _link(there: Path, here: Path) -> None:
    try:
        os.link(there, here)
    except OSError:  # a file system without links
        shutil.copyfile(there, here)
