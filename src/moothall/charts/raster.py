"""Raster: an SVG picture as a PNG, the same bytes for the same picture on every machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Lock

_FONTS = Path(__file__).parent / "fonts"
_SOURCE = b"""#set page(width: float(sys.inputs.width) * 1pt, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%)
"""
_POINT = 72.0  # dots to the inch at which a point is a pixel
_PATIENCE = 30  # seconds
_lock = Lock()


def draw_png(svg: str, width: int, *, dots: int = 2) -> bytes:
    """The picture `width` pixels wide, with `dots` times as many across and down for sharp screens and print.

    Drawn in a process of its own, one at a time: what draws it keeps 100 MB and more, which a site has not to spare.
    The typefaces are those carried here and no others, so a machine's own do not matter. Raises RuntimeError for what
    is not SVG.
    """
    command = [sys.executable, "-m", __name__, str(width), str(dots)]
    with _lock:
        made = subprocess.run(command, input=svg.encode(), capture_output=True, timeout=_PATIENCE, check=False)  # noqa: S603
    if made.returncode or not made.stdout:
        raise RuntimeError(f"the picture was not drawn: {made.stderr.decode(errors='replace')[-500:]}")
    return made.stdout


def compile_png(svg: str, width: int, dots: int) -> bytes:
    """The same in this process."""
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS])
    made = typst.compile(
        _SOURCE,
        format="png",
        ppi=_POINT * dots,
        font_paths=fonts,
        sys_inputs={"svg": svg, "width": str(width)},
    )
    if not isinstance(made, bytes):
        raise TypeError("a picture has one page")
    return made


if __name__ == "__main__":
    sys.stdout.buffer.write(compile_png(sys.stdin.buffer.read().decode(), int(sys.argv[1]), int(sys.argv[2])))
