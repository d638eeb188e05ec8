"""The modules of the product, the rooms they stand in, and what they import, read from the source.

A room is a folder with an `__init__`: a package or a sub-package. Imports inside functions and `import_module("…")` with the name
written out count as well, which import-linter does not see; a name that is put together at run time is not seen here either.
"""

import ast
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


class ImportGraph:
    """Import graph of the packages that the wheel of the project in the folder *top* has."""

    def __init__(self, top: Path = TOP) -> None:
        self.top = top
        project = tomllib.loads((top / "pyproject.toml").read_text(encoding="utf-8"))
        self.packages: list[str] = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
        self.files = {_dotted(file, top): file for package in self.packages for file in sorted((top / package).rglob("*.py"))}
        self.rooms = sorted(name for name, file in self.files.items() if file.name == "__init__.py")

    @cached_property
    def imported_names(self) -> dict[str, frozenset[str]]:
        """Return what each module imports, as dotted names: `reports.svg.scale.Scale`, or `reports.svg.scale` for the module itself."""
        return {
            name: frozenset(taken for taken in _imported(ast.parse(file.read_bytes())) if self.module_of(taken))
            for name, file in self.files.items()
        }

    @cached_property
    def imports(self) -> dict[str, frozenset[str]]:
        """Return the modules that each module imports."""
        return {name: frozenset(map(self.module_of, taken)) - {name} for name, taken in self.imported_names.items()}

    def module_of(self, dotted: str) -> str:
        """Return the module that *dotted* is, or is a name of; empty if it is none of the product."""
        while dotted and dotted not in self.files:
            dotted = dotted.rpartition(".")[0]
        return dotted

    def room_of(self, module: str) -> str:
        """Return the room of a module; for a room, the room itself."""
        return module if module in self.rooms else module.rpartition(".")[0]

    def modules_in(self, room: str) -> list[str]:
        """Return the names of the modules in a room, without those of the rooms inside it."""
        return [name.rpartition(".")[2] for name in self.files if name not in self.rooms and self.room_of(name) == room]

    def rooms_in(self, room: str) -> list[str]:
        """Return the rooms that are directly inside a room."""
        return [name for name in self.rooms if name.rpartition(".")[0] == room]

    def used_outside(self, room: str) -> set[str]:
        """Return what modules outside a room import from it: its modules, and names of its `__init__`."""
        used = set()
        for module, taken in self.imported_names.items():
            for dotted in taken if not _inside(module, room) else ():
                if self.room_of(self.module_of(dotted)) == room and dotted != room:
                    used.add(dotted.removeprefix(f"{room}.").partition(".")[0])
        return used

    def floor_of(self, module: str) -> str:
        """Return what a module counts as when rooms are compared: its room, or itself if it is beside rooms."""
        room = self.room_of(module)
        return module if self.rooms_in(room) else room

    def between(self, names: Iterable[str]) -> dict[str, set[str]]:
        """Return which of *names* (packages, rooms, modules) import which others of them; a name counts with all that is inside it."""
        names = list(names)
        inner = {name: [module for module in self.files if _inside(module, name)] for name in names}
        targets = {name: {target for module in inner[name] for target in self.imports[module]} for name in names}
        return {
            name: {
                other
                for other in names
                if other != name and not _inside(name, other) and any(_inside(target, other) for target in targets[name] - set(inner[name]))
            }
            for name in names
        }

    def cycles_of_modules(self) -> list[list[str]]:
        """Return the groups of modules that import each other, directly or through others."""
        return cycles(self.imports)

    def cycles_of_rooms(self) -> list[list[str]]:
        """Return the groups of rooms that import each other; a module beside rooms counts as a room of its own."""
        graph: dict[str, set[str]] = {}
        for module, targets in self.imports.items():
            graph.setdefault(self.floor_of(module), set()).update(self.floor_of(target) for target in targets)
        return cycles({room: targets - {room} for room, targets in graph.items()})


def cycles(graph: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Return the groups of more than one name from each of which every other can be reached."""
    reached = {name: _reached(graph, name) for name in graph}
    groups = {frozenset(other for other in reached[name] if name in reached[other]) for name in graph}
    return sorted(sorted(group) for group in groups if len(group) > 1)


def levels(graph: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Sort the names into floors, the highest first: each imports names of lower floors alone, and is no higher than that needs.

    Raises `ValueError` where there is a circle.
    """
    height: dict[str, int] = {}
    try:
        for name in TopologicalSorter(graph).static_order():
            height[name] = 1 + max((height[other] for other in graph[name]), default=-1)
    except CycleError as error:
        raise ValueError("imports in a circle: " + " → ".join(error.args[1])) from error
    return [sorted(name for name in graph if height[name] == floor) for floor in sorted(set(height.values()), reverse=True)]


def _reached(graph: Mapping[str, Iterable[str]], start: str) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        for name in graph.get(waiting.pop(), ()):
            if name not in reached:
                reached.add(name)
                waiting.append(name)
    return reached


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if function == "import_module":
                yield str(node.args[0].value)


def _dotted(file: Path, top: Path) -> str:
    parts = file.relative_to(top).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _inside(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")
