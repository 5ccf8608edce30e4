"""A process of its own that makes one PDF or PNG: what Typst keeps in memory goes with it, and the site stays small.

It is run by its path, reads a request as JSON and writes the file; it imports nothing of ours.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

Kind = Literal["pdf", "png"]


def main() -> None:
    """Compile the template that is asked for with the words that it is given, behind whatever answers readers."""
    os.nice(5)
    sys.stdout.buffer.write(compile_file(**json.load(sys.stdin)))


def compile_file(template: str, inputs: dict[str, str], kind: Kind, day: str, fonts: list[str], dots: float) -> bytes:
    """One file of a kind, “pdf” (tagged, PDF/UA-1) or “png” (`dots` to the inch), in this process.

    `day` is when it says it was made. Its typefaces are those in the directories `fonts`, or Typst's own where there
    are none; a machine's own do not matter, so the same request gives the same bytes everywhere.
    """
    import typst

    made = typst.compile(
        template,
        root=str(Path(template).parent),
        format=kind,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=not fonts, font_paths=fonts),
        sys_inputs=inputs,
        ppi=dots,
        pdf_standards=["ua-1", "1.7"] if kind == "pdf" else None,
        timestamp=datetime.fromisoformat(day).replace(tzinfo=UTC),
    )
    if not isinstance(made, bytes):
        raise TypeError("a picture has one page")
    return made


if __name__ == "__main__":
    main()
