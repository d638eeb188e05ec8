"""Code that `site` runs at the start of each Python process: `sitecustomize`, `usercustomize` and lines with `import` in .pth files.

They are looked for on the path, not among the loaded modules, because such code can remove itself from `sys.modules`. What belongs to
Python, to an installed package or to virtualenv is not listed.
"""

import os
import site
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from importlib.machinery import PathFinder
from importlib.metadata import Distribution, distributions
from pathlib import Path

OF_VIRTUALENV = frozenset({"_virtualenv.pth"})
"""Files that virtualenv and uv write into each environment."""


def start_hooks(path: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """Yield the name and file of each hook that was run if *path* was searched when the process started."""
    hooks = [(name, file) for name, file in (*_modules(path), *_import_lines()) if file.name not in OF_VIRTUALENV]
    foreign = _without_package({os.path.realpath(file) for _, file in hooks})
    yield from ((name, file) for name, file in hooks if os.path.realpath(file) in foreign)


def _modules(path: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """Yield the two modules that `site` imports, if they exist outside the standard library."""
    standard = [os.path.abspath(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")]  # noqa: PTH100
    for name in () if sys.flags.no_site else ("sitecustomize", *(["usercustomize"] if site.ENABLE_USER_SITE else ())):
        spec = PathFinder.find_spec(name, list(path))
        place = None if spec is None else spec.origin or next(iter(spec.submodule_search_locations or ()), None)
        if place is not None and os.path.dirname(os.path.abspath(place)) not in standard:  # noqa: PTH100, PTH120
            yield name, Path(place)


def _import_lines() -> Iterator[tuple[str, Path]]:
    """Yield the .pth files of the folders of packages that have a line of code."""
    for folder in () if sys.flags.no_site else folders_of_packages():
        for file in sorted(Path(folder).glob("*.pth")):
            if file.is_file() and _has_code(file):
                yield file.name, file


def _has_code(file: Path) -> bool:
    try:
        with file.open(encoding="latin-1") as lines:
            return any(line.removeprefix("\u00ef\u00bb\u00bf").startswith(("import ", "import\t")) for line in lines)
    except OSError:
        return False


def folders_of_packages() -> tuple[str, ...]:
    """Return the folders into which packages are installed."""
    folders = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()]
    if site.ENABLE_USER_SITE:
        folders.append(site.getusersitepackages())
    return tuple(dict.fromkeys(map(os.path.abspath, folders)))


def _without_package(hooks: set[str]) -> set[str]:
    """Return those of *hooks* that are no files of an installed package; lists of files are read until a package has each hook."""
    for package in distributions():
        if not hooks:
            break
        hooks = hooks - _hooks_of(package)
    return hooks


def _hooks_of(package: Distribution) -> set[str]:
    """Return the hooks among the files of *package*; its list is parsed only if it names one, because there are thousands of files."""
    text = package.read_text("RECORD")
    if text is not None and not any(part in text for part in (".pth", "sitecustomize", "usercustomize")):
        return set()
    return {
        os.path.realpath(str(package.locate_file(file)))
        for file in package.files or ()
        if file.suffix == ".pth" or file.parts[0].startswith(("sitecustomize", "usercustomize"))
    }
