"""Drawings as data: shapes with attributes, which the template `parts/drawing.html` writes as SVG, every word escaped.

No inline styles: what a shape looks like is its class, in the style sheet, so that light, dark and paper each have their colours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from ascertain.records import Status

CHARACTER = 6.6  # pixels that a character of the drawings' 12 px type is wide on average


@attrs.frozen
class Shape:
    """One SVG element.

    Attributes:
        words: text inside it.
        title: what a reader hears or sees of it on its own.
        href: where it leads, from the report's root.
        label: of the link, for those who don't see the shape.
        key: id of the incident that it stands for, so that filters find it.
    """

    tag: str
    attributes: Mapping[str, str | float | int]
    words: str | None = None
    title: str | None = None
    href: str | None = None
    label: str | None = None
    key: str | None = None
    children: tuple[Shape, ...] = ()


@attrs.frozen
class Drawing:
    """A picture with its title and what it shows in words.

    Attributes:
        name: unique on its page.
        data: further attributes of the picture for scripts.
        fluid: shrinks with its page, because it is narrow anyway; others are scrolled sideways.
    """

    name: str
    title: str
    description: str
    width: int
    height: int
    shapes: tuple[Shape, ...]
    data: Mapping[str, str] = attrs.field(factory=dict)
    fluid: bool = False


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Shape:
    """A straight line."""
    return Shape("line", {"x1": _n(x1), "y1": _n(y1), "x2": _n(x2), "y2": _n(y2), "class": kind})


def rect(x: float, y: float, width: float, height: float, kind: str) -> Shape:
    """A rectangle."""
    return Shape("rect", {"x": _n(x), "y": _n(y), "width": _n(width), "height": _n(height), "class": kind})


def words(x: float, y: float, text: str, kind: str = "d-text", *, most: int | None = None) -> Shape:
    """A line of text at its baseline; longer than `most` characters it is cut, the whole stays as its title."""
    shown = text if most is None or len(text) <= most else text[: most - 1].rstrip() + "…"
    return Shape("text", {"x": _n(x), "y": _n(y), "class": kind}, words=shown, title=text if shown != text else None)


def group(children: Sequence[Shape], *, kind: str = "", **rest: str | None) -> Shape:
    """Shapes together: as one link where `href` is given."""
    return Shape("g", {"class": kind} if kind else {}, children=tuple(children), **rest)


def status_shape(x: float, y: float, status: Status, *, size: float = 5) -> Shape:
    """A status's shape around a point: ○ ◐ ◇ ● ⊘."""
    kind = f"d-status s-{status}"
    if status is Status.CONTESTED:
        s = size + 1
        return Shape(
            "path", {"d": f"M{_n(x)} {_n(y - s)}L{_n(x + s)} {_n(y)}L{_n(x)} {_n(y + s)}L{_n(x - s)} {_n(y)}Z", "class": kind + " d-open"}
        )
    ring = Shape(
        "circle", {"cx": _n(x), "cy": _n(y), "r": _n(size), "class": f"{kind} {'d-full' if status is Status.ESTABLISHED else 'd-open'}"}
    )
    if status is Status.CORROBORATED:
        half = Shape(
            "path", {"d": f"M{_n(x)} {_n(y - size)}A{_n(size)} {_n(size)} 0 0 0 {_n(x)} {_n(y + size)}Z", "class": kind + " d-full"}
        )
        return group([ring, half])
    if status is Status.REFUTED:
        d = size * 0.7
        return group([ring, line(x - d, y + d, x + d, y - d, kind)])
    return ring


def _n(value: float) -> float | int:
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded
