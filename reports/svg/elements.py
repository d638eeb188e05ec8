"""SVG elements as text: every value is escaped, and a picture can be stretched sideways without stretching its letters.

Horizontal positions are per cent of the width, vertical positions are pixels. So one picture fits a wide
screen, a telephone and paper, and needs no script.
"""

from collections.abc import Iterable

from markupsafe import Markup, escape

from sop_engine.text import legal

Child = str | Markup


def element(name: str, *children: Child, **attributes: object) -> Markup:
    """Format an element; in an attribute's name a trailing underscore is dropped, another one becomes a hyphen."""
    attribute_text = "".join(f' {key.rstrip("_").replace("_", "-")}="{_attribute_value(value)}"' for key, value in attributes.items())
    inside = "".join(child if isinstance(child, Markup) else escape(legal(child)) for child in children)
    return Markup(f"<{name}{attribute_text}>{inside}</{name}>")  # noqa: S704 - names are ours, values and children are escaped


def picture(title: str, description: str, height: float, parts: Iterable[Markup], kind: str) -> Markup:
    """Format a whole picture, *height* pixels high and as wide as its place: *title* is its name, *description* its content for a screen reader."""
    return element(
        "svg",
        element("title", title),
        element("desc", description),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        aria_label=f"{title}: {description}" if description else title,
        class_=f"picture {kind}",
        width="100%",
        height=height,
    )


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """Format a straight line between two points (per cent, pixels)."""
    return element("line", x1=percent(x1), y1=y1, x2=percent(x2), y2=y2, class_=kind)


def box(x: float, y: float, width: float, height: float, kind: str, *children: Child) -> Markup:
    """Format a rectangle."""
    return element("rect", *children, x=percent(x), y=y, width=percent(max(0.0, width)), height=max(0.0, height), class_=kind)


def dot(x: float, y: float, radius: float, kind: str) -> Markup:
    """Format a circle."""
    return element("circle", cx=percent(x), cy=y, r=radius, class_=kind)


def label(x: float, y: float, text: str, kind: str = "", anchor: str = "start", dx: float = 0) -> Markup:  # noqa: PLR0913 (what a text has)
    """Format a text, *dx* pixels to the right of its position."""
    return element("text", text, x=percent(x), y=y, dx=dx, text_anchor=anchor, class_=kind)


def percent(value: float) -> str:
    """Format *value* in per cent, to a thousandth."""
    return f"{_attribute_value(round(value, 3))}%"


def _attribute_value(value: object) -> Markup:
    if isinstance(value, float):
        value = f"{value:.3f}".rstrip("0").rstrip(".")
        value = "0" if value == "-0" else value
    return escape(legal(value))
