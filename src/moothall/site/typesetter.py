"""A process of its own that makes one PDF: what Typst keeps in memory goes with it, and the site stays small.

It is run by its path, reads a request as JSON and writes the PDF; it imports nothing of ours.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path


def main() -> None:
    """Compile the template that is asked for with the words that it is given."""
    import typst

    asked = json.load(sys.stdin)
    template = Path(asked["template"])
    made = typst.compile(
        str(template),
        root=str(template.parent),
        format="pdf",
        ignore_system_fonts=True,  # the same fonts, and so the same bytes, everywhere
        sys_inputs=asked["inputs"],
        pdf_standards=["ua-1", "1.7"],
        timestamp=datetime.fromisoformat(asked["day"]).replace(tzinfo=UTC),
    )
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
