"""Modules with step definitions: those of `steps.bindings`, found without importing them, and those that a user names.

A user's module is named as Python would import it from a folder, or by the path of its file. Only the named package or file
can be imported from that folder, nothing else in it.
"""

import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from sop_engine import SopError
from sop_engine.text import visible

PACKAGE = "steps.bindings"
"""The package with the step definitions of the SOP."""
HOME = Path(__file__).resolve().parents[2]
"""The folder that contains the packages of this program."""
FOLDERS: dict[str, Path] = {}
"""The folder of each top-level name that is imported from a user's folder in this process."""


class BindingModuleError(SopError):
    """A module with step definitions that cannot be used; the message says which, why, and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(visible(message))


def built_in_modules() -> tuple[str, ...]:
    """Return the modules of `steps.bindings` in alphabetical order, without those whose name begins with an underscore."""
    spec = find_spec(PACKAGE)
    return _modules_in(PACKAGE, list(spec.submodule_search_locations or ()) if spec else [])


def _modules_in(package: str, folders: Iterable[str]) -> tuple[str, ...]:
    """Return the modules of *package*, which is in *folders*, and recursively those of its packages."""
    names: list[str] = []
    for module in sorted(iter_modules(folders), key=lambda module: module.name):
        if not module.name.startswith("_"):
            name = f"{package}.{module.name}"
            names += [name, *(_modules_in(name, [f"{folder}/{module.name}" for folder in folders]) if module.ispkg else ())]
    return tuple(names)


def modules_of(package: ModuleType) -> tuple[str, ...]:
    """Return the names of the modules of *package*; none if it is a module without modules in it."""
    return _modules_in(package.__name__, list(getattr(package, "__path__", ())))


def path_of(name: str, file: str | None) -> str:
    """Return the path of module *name* in *file*, relative to the folder of its package, such as ``my_shop/steps.py``."""
    ending = "/__init__.py" if file is not None and Path(file).name == "__init__.py" else ".py"
    return name.replace(".", "/") + ending


@dataclass(frozen=True, slots=True)
class BindingModules:
    """Names of modules with step definitions, in order; *folders* has the folder of each top-level name that is not installed."""

    names: tuple[str, ...] = field(default_factory=built_in_modules)
    folders: Mapping[str, Path] = field(default_factory=dict)

    def with_named(self, modules: Iterable[str], folder: Path) -> "BindingModules":
        """Return a copy with *modules* added: names or paths relative to *folder*, ``my_shop.steps`` or ``my_shop/steps.py``.

        A package means all modules in it.

        Raises:
            BindingModuleError: there is no such module, or another module has its name.
        """
        names, folders = list(self.names), dict(self.folders)
        for text in modules:
            name, home = _located(text, folder.resolve())
            top = name.partition(".")[0]
            if home is None:
                base = _installed_in(top)
            elif (base := folders.setdefault(top, home)) != home:
                raise BindingModuleError(_name_clash(top, base, home))
            names += [name, *_modules_in(name, [str(base.joinpath(*name.split(".")))])]
        return BindingModules(tuple(dict.fromkeys(names)), folders)

    def moved(self, folder: Path) -> "BindingModules":
        """Return a copy in which *folder* replaces each folder that does not have its module, as after a run on another machine."""
        folders = {top: home if _exists(home, top) else folder.resolve() for top, home in self.folders.items()}
        return BindingModules(self.names, folders)

    def file_of(self, path: str) -> Path:
        """Return the file of the module at *path*, such as ``my_shop/steps.py``; *path* itself if the module is of another run."""
        top = path.partition("/")[0].removesuffix(".py")
        file = (self.folders.get(top) or _installed_in(top)) / path
        return file if file.is_file() else Path(path)

    def load(self) -> list[ModuleType]:
        """Import the modules, in order.

        Raises:
            BindingModuleError: one of them cannot be imported.
        """
        self.use_folders()
        return [load(name) for name in self.names]

    def use_folders(self) -> None:
        """Make the modules importable from their folders in this process.

        Raises:
            BindingModuleError: other modules of the process have the same names.
        """
        if not any(isinstance(finder, _FolderFinder) for finder in sys.meta_path):
            sys.meta_path.append(_FolderFinder())
        for top, folder in self.folders.items():
            if FOLDERS.setdefault(top, folder) != folder:
                raise BindingModuleError(_name_clash(top, FOLDERS[top], folder))


class _FolderFinder(MetaPathFinder):
    """Import finder for the top-level names of `FOLDERS`, each in its folder; installed modules take precedence."""

    def find_spec(self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:  # noqa: ARG002
        folder = FOLDERS.get(fullname)
        return None if folder is None else PathFinder.find_spec(fullname, [str(folder)])


def load(name: str) -> ModuleType:
    """Import the module *name*.

    Raises:
        BindingModuleError: there is no such module, or its import raises an exception.
    """
    try:
        return import_module(name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise BindingModuleError(_import_problem(name, error)) from error


def _name_clash(top: str, first: Path, second: Path) -> str:
    return f"two modules have the name `{top}`, in `{first}` and in `{second}`; rename one of them"


def _located(text: str, folder: Path) -> tuple[str, Path | None]:
    """Return name and folder of the module that *text* names; folder None if it is installed."""
    if "\0" in text:
        raise BindingModuleError(f"`{text}` is not the name of a module; write it like `my_shop.steps` or `my_shop/steps.py`")
    if text.endswith(".py") or "/" in text or "\\" in text:
        return _located_file(text, folder)
    if not _is_name(text):
        raise BindingModuleError(f"`{text}` is not the name of a module; write it like `my_shop.steps` or `my_shop/steps.py`")
    if _exists(folder, text):
        return _checked_name(text, text, folder)
    if _exists(_installed_in(text.partition(".")[0]), text):
        return text, None
    raise BindingModuleError(f"there is no module `{text}` in `{folder}`, and none is installed; correct its name")


def _located_file(text: str, folder: Path) -> tuple[str, Path | None]:
    """Return name and folder of the module in the file *text*: relative to *folder*, or else to the folder of its package."""
    file = (folder / text).resolve()
    if file.suffix != ".py" or not file.is_file():
        raise BindingModuleError(f"`{text}` is not a .py file in `{folder}`; write a module like `my_shop.steps` or `my_shop/steps.py`")
    if file.is_relative_to(folder):
        name = _dotted(file.relative_to(folder))
        if _is_name(name) and not _owner_of_name(name, folder):
            return _checked_name(text, name, folder)
    home = file.parent
    while (home / "__init__.py").is_file():
        home = home.parent
    return _checked_name(text, _dotted(file.relative_to(home)), home)


def _dotted(file: Path) -> str:
    return ".".join(file.with_suffix("").parts).removesuffix(".__init__")


def _is_name(text: str) -> bool:
    return all(part.isidentifier() for part in text.split("."))


def _checked_name(text: str, name: str, home: Path) -> tuple[str, Path | None]:
    """Return *name* and its folder *home*; folder None if it is this program's. *text* is what the user wrote.

    Raises:
        BindingModuleError: *name* is not a name, or another module has it.
    """
    if not _is_name(name):
        raise BindingModuleError(f"`{text}` is not the name of a module; give it a name like `my_steps.py`")
    if whose := _owner_of_name(name, home):
        raise BindingModuleError(f"cannot use `{text}`: `{name.partition('.')[0]}` is also a module of {whose}; rename yours")
    return name, None if home == HOME else home


def _owner_of_name(name: str, home: Path) -> str:
    """Return the owner, in words, of another module with the top-level name of *name* outside *home*; empty if there is none."""
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names:
        return "Python"
    entries = [entry for entry in sys.path if Path(entry).resolve() != home]
    return "this program, or of what is installed with it" if PathFinder.find_spec(top, entries) is not None else ""


def _exists(folder: Path, name: str) -> bool:
    place = folder.joinpath(*name.split("."))
    return place.with_name(f"{place.name}.py").is_file() or place.is_dir()


def _installed_in(top: str) -> Path:
    """Return the folder in which the top-level module *top* is installed; `HOME` if it is not."""
    spec = PathFinder.find_spec(top, sys.path)
    places = [] if spec is None else list(spec.submodule_search_locations or [spec.origin or ""])
    return Path(places[0]).parent if places else HOME


def _import_problem(name: str, error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name and f"{name}.".startswith(f"{error.name}."):
        return f"there is no module `{name}` with step definitions; correct its name"
    message = " ".join(str(error).split())
    reason = f"{type(error).__name__}{f': {message}' if message else ''}; correct it"
    top = name.partition(".")[0]
    if isinstance(error, SopError):  # the message has its own remedy
        reason = message
    elif isinstance(error, ModuleNotFoundError) and top in FOLDERS:
        reason = (
            f"{message}: only `{top}` is imported from its folder, nothing else; put `{error.name}` into the package `{top}`, or install it"
        )
    return f"cannot import the step definitions in {_failing_line(name, error)}: {reason}"


def _failing_line(name: str, error: BaseException) -> str:
    """Return file and last executed line of the module when *error* was raised, such as ``my_shop/steps.py:12``."""
    path = name.replace(".", "/")
    lines = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        lines.append((error.filename or "", error.lineno))
    for file, line in reversed(lines):
        for ending in (f"{path}.py", f"{path}/__init__.py"):
            if Path(file).as_posix().endswith(f"/{ending}"):
                return f"{ending}:{line}"
    return f"{path}.py"
