"""Draw the floors and rooms of the project from its imports, as `docs/architecture.svg`.

    python -m tests.support.draw_architecture

A package is on the floor above the highest one that it imports, and so is a room among the rooms of its package; so every arrow
leads down. The picture is narrow enough for a phone, has no script, and follows the reader's choice of light or dark.
"""

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from tests.support.import_graph import TOP, ImportGraph, levels

PICTURE = TOP / "docs" / "architecture.svg"
WIDTH, MARGIN = 384, 6
HEAD, ROW, GAP, PAD = 40, 19, 8, 8
"""Heights in the picture's units: of a package's two first lines, of a room, between two boxes, inside a box."""
NAME_X, COUNT_X, USES_X = 18, 114, 120

STYLE = """
svg { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
.paper { fill: #ffffff; } .floor { fill: #eef1f5; } .box { fill: #ffffff; stroke: #8a94a3; }
text { fill: #1b2430; font-size: 12px; } .package { font-size: 14px; font-weight: 700; } .room { font-weight: 600; }
.uses { fill: #4a5565; font-size: 11px; } .count { fill: #4a5565; text-anchor: end; }
@media (prefers-color-scheme: dark) {
  .paper { fill: #12161c; } .floor { fill: #1d242e; } .box { fill: #12161c; stroke: #6b7687; }
  text { fill: #e6eaf0; } .uses, .count { fill: #b3bdcb; }
}
"""


def picture(imports: ImportGraph) -> str:
    """Draw the picture as SVG; it is equal for equal imports.

    Raises `ValueError` where packages, or the rooms of one, import each other in a circle.
    """
    floors = levels(imports.between(imports.packages))
    parts: list[str] = []
    y = MARGIN
    for packages in floors:
        top = y
        y += PAD
        boxes = []
        for package in packages:
            rows = list(_rows(imports, package))
            height = HEAD + ROW * len(rows) + (PAD if rows else 2)
            boxes += _box(imports, package, y, height)
            boxes += [part for number, row in enumerate(rows) for part in _row(*row, y + HEAD + ROW * number)]
            y += height + GAP
        y += PAD - GAP
        parts.append(f'<rect class="floor" x="{MARGIN}" y="{top}" width="{WIDTH - 2 * MARGIN}" height="{y - top}" rx="6"/>')
        parts += boxes
        y += GAP
    height = y - GAP + MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="520" role="img" aria-labelledby="t d">',
        '<title id="t">Floors and rooms</title>',
        f'<desc id="d">{escape(_described(imports, floors))}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
        *parts,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _box(imports: ImportGraph, package: str, y: int, height: int) -> list[str]:
    width = WIDTH - 4 * MARGIN
    modules = sum(imports.module_of(name) == name and name not in imports.rooms for name in imports.files if name.startswith(f"{package}."))
    uses = _uses(
        imports.between(imports.packages)[package], [name for floor in levels(imports.between(imports.packages)) for name in floor]
    )
    return [
        f'<rect class="box" x="{2 * MARGIN}" y="{y}" width="{width}" height="{height}" rx="4"/>',
        _text("package", NAME_X, y + 18, package),
        _text("count", WIDTH - NAME_X, y + 18, f"{modules} modules" if modules else "Gherkin only"),
        _text("uses", NAME_X, y + 34, uses or "imports no other package"),
    ]


def _row(name: str, count: int, uses: str, y: int) -> list[str]:
    return [
        _text("room", NAME_X, y + 13, name),
        _text("count", COUNT_X, y + 13, str(count)),
        *([_text("uses", USES_X, y + 13, uses)] if uses else []),
    ]


def _rows(imports: ImportGraph, package: str) -> Iterator[tuple[str, int, str]]:
    """Yield the rooms of a package, the highest first, each with those inside it; last the modules that stand beside them."""
    rooms = [room for room in imports.rooms if room.startswith(f"{package}.")]
    if not rooms:
        return
    graph = imports.between(rooms)
    order = [room for floor in levels(graph) for room in floor]
    for room in (room for room in order if room.count(".") == 1):
        for row in (room, *imports.rooms_in(room)):
            name = ("· " if row != room else "") + row.rpartition(".")[2]
            own = graph[row] - (graph[room] if row != room else set())
            yield name, len(imports.modules_in(row)), _uses(own, order)
    beside = imports.modules_in(package)
    if len(beside) > 4:
        yield "(root)", len(beside), ""
    elif beside:
        yield "(root)", len(beside), ", ".join(beside)


def _uses(names: Iterable[str], order: list[str]) -> str:
    """Return an arrow and the names, as they are in *order*."""
    chosen = set(names)
    listed = " ".join(name.rpartition(".")[2] for name in order if name in chosen)
    return f"→ {listed}" if listed else ""


def _described(imports: ImportGraph, floors: list[list[str]]) -> str:
    stack = ", ".join(" and ".join(packages) for packages in floors)
    rooms = len(imports.rooms) - len(imports.packages)
    return f"From top to bottom, one floor after the other: {stack}. {rooms} rooms inside them. Each imports only what stands lower."


def _text(kind: str, x: int, y: int, content: str) -> str:
    return f'<text class="{kind}" x="{x}" y="{y}">{escape(content)}</text>'


def write(imports: ImportGraph, file: Path = PICTURE) -> None:
    """Write the picture of *imports* into *file*."""
    file.write_text(picture(imports), encoding="utf-8")


if __name__ == "__main__":
    write(ImportGraph())
