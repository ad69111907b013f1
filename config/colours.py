"""How far do two colours stand out from each other, for somebody who reads letters in one on a ground of the other?

Belongs here: contrast as WCAG 2.2 defines and bounds it. Does not belong here: whose colours they are.
"""

from __future__ import annotations

READABLE = 4.5
"""Contrast of letters that WCAG 2.2 asks for (success criterion 1.4.3)."""
READABLE_LARGE = 3.0
"""The same for letters of 18 points, or of 14 points and bold, and larger."""


def contrast(one: str, other: str) -> float:
    """How far two colours (RRGGBB) stand out from each other, from 1 to 21, as WCAG 2.2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
