"""What Typst makes, in a process of its own: few at once, and nobody waits in a long line."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from moothall.charts import typesetter

AT_ONCE = 2
"""How many are made at once by one worker: each takes a core, and 60 to 80 MB, while it runs."""

WAITING = 1
"""How many more may wait for their turn. With those being made they are fewer than a worker's threads, so that at
least one is left for pages."""

PATIENCE = 10.0
"""Seconds that one waits for its turn."""

_LONGEST = 60  # seconds that one may take


class Busy(Exception):  # noqa: N818 - a state, not a mistake
    """As many files are being made as may be. `seconds` is when to ask again."""

    def __init__(self, seconds: int = 5) -> None:
        self.seconds = seconds
        super().__init__(f"ask again in {seconds} seconds")


class Turns:
    """Turns at something of which only so many may be done at once, and for which only so many may wait."""

    def __init__(self, at_once: int, waiting: int, patience: float) -> None:
        self._patience = patience
        self._doing = threading.BoundedSemaphore(at_once)
        self._here = threading.BoundedSemaphore(at_once + waiting)

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for a turn and have it. Raises `Busy` where too many wait already, or it does not come in time."""
        if not self._here.acquire(blocking=False):
            raise Busy
        try:
            if not self._doing.acquire(timeout=self._patience):
                raise Busy
            try:
                yield
            finally:
                self._doing.release()
        finally:
            self._here.release()

    def require_room(self) -> None:
        """Raise `Busy` where somebody who asked for a turn now would be told so at once."""
        if not self._here.acquire(blocking=False):
            raise Busy
        self._here.release()


_turns = Turns(AT_ONCE, WAITING, PATIENCE)


def require_room() -> None:
    """Raise `Busy` where nothing more can be made just now: asked before the work of working out what to make."""
    _turns.require_room()


def make_apart(
    template: Path,
    inputs: Mapping[str, str],
    kind: typesetter.Kind,
    *,
    day: str = "2000-01-01",
    fonts: Path | None = None,
    dots: float = 72,
) -> bytes:
    """A PDF or PNG of a template, made in a process of its own; the parameters are those of `typesetter.compile_file`.

    Raises `Busy`, and RuntimeError with what Typst said where it cannot be made.
    """
    asked = {
        "template": str(template),
        "inputs": dict(inputs),
        "kind": kind,
        "day": day,
        "fonts": [str(fonts)] if fonts else [],
        "dots": dots,
    }
    with _turns.take():
        done = subprocess.run(  # noqa: S603 - our own file, by our own Python
            [sys.executable, "-I", typesetter.__file__],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=_LONGEST,
            check=False,
        )
    if done.returncode or not done.stdout:
        raise RuntimeError(f"the {kind} was not made: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout
