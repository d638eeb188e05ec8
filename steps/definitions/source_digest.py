"""Digests of the code that runs a specification, for the run record.

A digest is of the Python source below a package, with line feeds as line ends, so that one state of the code has one digest on every
machine. The experiments of the simulator are part of it. Other data files are not: the rulebook and the feature files have hashes of
their own.
"""

import hashlib
import os
import platform
from collections.abc import Iterator
from contextlib import suppress
from importlib.machinery import all_suffixes
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from sop_runs.record.schema import CodeRecord
from steps.definitions.discovery import BindingModules

PACKAGES = ("orders", "simulator", "sop_engine", "sop_runs", "steps")
"""The packages of this program that run the specification: `steps` and all that it imports."""
LIBRARIES = (
    "cucumber-expressions", "faker", "gherkin-official", "msgspec", "numpy", "pyarrow", "pytest", "pytest-bdd", "simpy", "tomlkit",
)  # fmt: skip
"""The distributions that `PACKAGES` import."""
DATA = {"simulator": (".toml",)}
"""Endings of the data files of a package that a step can run: the shipped experiments."""
_CACHE = "__pycache__"


def code_of(bindings: BindingModules) -> CodeRecord:
    """Return the code with which this process runs the step definitions of *bindings*; what is missing is left out.

    The whole package of a user's module counts, because it may import its other modules.

    Raises:
        BindingModuleError: other modules of the process have the same names.
    """
    bindings.use_folders()
    names = sorted({*PACKAGES, *(name.partition(".")[0] for name in bindings.names)})
    digests = {name: digest for name in names if (digest := _digest(name)) is not None}
    libraries = {"python": ".".join(platform.python_version_tuple()[:2])}
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            libraries[name] = version(name)
    return CodeRecord(digests, libraries)


def code_files(bindings: BindingModules) -> Iterator[Path]:
    """Yield the files whose change means that this process has old code: those of `code_of`, and the registers of rulebooks."""
    for name in sorted({*PACKAGES, *(name.partition(".")[0] for name in bindings.names)}):
        yield from (Path(file) for place in _places_of(name) for _, file in _source_files(place, (*all_suffixes(), ".toml")))


def _places_of(name: str) -> list[Path]:
    """Return the folders of the top-level package *name*, or the file of the module; none if there is neither."""
    spec = find_spec(name)
    return [] if spec is None else [Path(place) for place in spec.submodule_search_locations or [spec.origin or ""]]


def _digest(name: str) -> str | None:
    """Return the digest of the top-level package or module *name*, from where it is imported; None if there is none."""
    places = _places_of(name)
    if not places:
        return None
    endings = (*all_suffixes(), *DATA.get(name, ()))
    digest = hashlib.sha256()
    for path, file in sorted(file for place in places for file in _source_files(place, endings)):
        digest.update(path.encode(errors="surrogateescape") + b"\0")
        digest.update(hashlib.sha256(Path(file).read_bytes().replace(b"\r\n", b"\n")).digest())
    return digest.hexdigest()


def _source_files(place: Path, endings: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the path below *place*, with forward slashes, and every file in it with one of *endings*, or the module that it is."""
    if place.is_file():
        yield place.name, str(place)
    visited: set[str] = set()
    for folder, folders, files in os.walk(str(place), followlinks=True):
        if (real := os.path.realpath(folder)) in visited:  # a link to a folder above it
            folders.clear()
            continue
        visited.add(real)
        folders[:] = [name for name in folders if name.isidentifier() and name != _CACHE]
        below = os.path.relpath(folder, place).replace(os.sep, "/") + "/" if folder != str(place) else ""
        for name in files:
            file = os.path.join(folder, name)  # noqa: PTH118 (hundreds of files at each start and end)
            if name.endswith(endings) and name.partition(".")[0].isidentifier() and os.path.isfile(file):  # noqa: PTH113 (as above; not the lock file of an editor)
                yield below + name, file
