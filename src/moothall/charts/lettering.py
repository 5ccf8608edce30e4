"""Lettering: how wide a text is in Arial, and its lines, where nothing else can break them."""

from __future__ import annotations

_BOLD = 1.08  # how much wider bold type is
# Widths of the signs from a space to a tilde in Arial, in thousandths of the type's size; Arimo's are the same.
_WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667,
    556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556,
    556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722,
    500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_SIGNS = {"£": 556, "©": 737, "–": 556, "—": 1000, "‘": 222, "’": 222, "“": 333, "”": 333, "…": 1000, "−": 584,
          "←": 1000, "→": 1000, "↑": 500, "↓": 500}  # fmt: skip
_OTHER = 600  # of a sign that is not among them


def measure(text: str, size: float, *, is_bold: bool = False) -> float:
    """How wide a text is, in the units of its size."""
    width = sum(_WIDTHS[ord(each) - 32] if " " <= each <= "~" else _SIGNS.get(each, _OTHER) for each in text)
    return width * size / 1000 * (_BOLD if is_bold else 1)


def wrap(text: str, width: float, size: float, *, is_bold: bool = False) -> list[str]:
    """A text in lines no wider than `width`."""
    lines: list[str] = []
    for word in text.split():
        while measure(word, size, is_bold=is_bold) > width:  # an address has no blanks to part it at
            fits = next(many for many in range(len(word), 0, -1) if measure(word[:many], size, is_bold=is_bold) < width)
            lines.append(word[:fits])
            word = word[fits:]
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer, size, is_bold=is_bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
