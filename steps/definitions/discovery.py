"""Binding modules: those of `steps.bindings`, found without importing one, and those that a user names.

A user's module is named as Python would import it from a folder, or by the path of its file. Of that folder only the
package or file that is named can be imported, nothing else that lies there.
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
"""The package whose modules bind the sentences of the SOP."""
HOME = Path(__file__).resolve().parents[2]
"""The folder that holds our packages."""
FOLDERS: dict[str, Path] = {}
"""The folder of each top-level name that is imported from a user's folder in this process."""


class BindingModuleError(SopError):
    """A binding module that cannot be used: which, why, and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(visible(message))


def built_in_modules() -> tuple[str, ...]:
    """The modules of `steps.bindings` in alphabetical order, without those whose name begins with an underscore."""
    spec = find_spec(PACKAGE)
    return _modules_in(PACKAGE, list(spec.submodule_search_locations or ()) if spec else [])


def _modules_in(package: str, folders: Iterable[str]) -> tuple[str, ...]:
    """The modules of *package*, which lies in *folders*, and those of the packages in it."""
    names: list[str] = []
    for module in sorted(iter_modules(folders), key=lambda module: module.name):
        if not module.name.startswith("_"):
            name = f"{package}.{module.name}"
            names += [name, *(_modules_in(name, [f"{folder}/{module.name}" for folder in folders]) if module.ispkg else ())]
    return tuple(names)


def modules_of(package: ModuleType) -> tuple[str, ...]:
    """The modules of *package*, by name; none of a module that is no package."""
    return _modules_in(package.__name__, list(getattr(package, "__path__", ())))


def path_of(name: str, file: str | None) -> str:
    """``my_shop/steps.py``: the module *name* in *file*, from the folder of its package."""
    ending = "/__init__.py" if file is not None and Path(file).name == "__init__.py" else ".py"
    return name.replace(".", "/") + ending


@dataclass(frozen=True, slots=True)
class BindingModules:
    """Binding modules by name, in order; *folders* has the folder of each top-level name that is not installed."""

    names: tuple[str, ...] = field(default_factory=built_in_modules)
    folders: Mapping[str, Path] = field(default_factory=dict)

    def with_named(self, modules: Iterable[str], folder: Path) -> "BindingModules":
        """These and *modules*, told from *folder*: ``my_shop.steps`` or ``my_shop/steps.py``. A package means all modules in it.

        Raises:
            BindingModuleError: there is no such module, or another one has its name.
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

    def file_of(self, path: str) -> Path:
        """The file of a binding module whose place is *path*, such as ``my_shop/steps.py``; *path* itself where it is of another run."""
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
        """Let the modules be found in their folders in this process.

        Raises:
            BindingModuleError: other modules of the process have their names.
        """
        if not any(isinstance(finder, _FolderFinder) for finder in sys.meta_path):
            sys.meta_path.append(_FolderFinder())
        for top, folder in self.folders.items():
            if FOLDERS.setdefault(top, folder) != folder:
                raise BindingModuleError(_name_clash(top, FOLDERS[top], folder))


class _FolderFinder(MetaPathFinder):
    """Finds the top-level names of `FOLDERS`, each in its folder; what is installed is found before."""

    def find_spec(self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:  # noqa: ARG002
        folder = FOLDERS.get(fullname)
        return None if folder is None else PathFinder.find_spec(fullname, [str(folder)])


def load(name: str) -> ModuleType:
    """Import the binding module *name*.

    Raises:
        BindingModuleError: it is not there, or ends with an exception.
    """
    try:
        return import_module(name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise BindingModuleError(_import_problem(name, error)) from error


def _name_clash(top: str, first: Path, second: Path) -> str:
    return f"two modules are called `{top}`, in `{first}` and in `{second}`; rename one of them"


def _located(text: str, folder: Path) -> tuple[str, Path | None]:
    """Name and folder of the module that *text* means; no folder for one that is installed."""
    if "\0" in text:
        raise BindingModuleError(f"`{text}` is not the name of a module")
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
    """Name and folder of the module in the file *text*: told from *folder*, or else from the package that it is in."""
    file = (folder / text).resolve()
    if file.suffix != ".py" or not file.is_file():
        raise BindingModuleError(f"`{text}` is no .py file in `{folder}`; write a module like `my_shop.steps` or `my_shop/steps.py`")
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
    """*name* and its folder *home*, where no other module has the name; *text* is what the user wrote."""
    if not _is_name(name):
        raise BindingModuleError(f"`{text}` is not the name of a module; give it a name like `my_steps.py`")
    if whose := _owner_of_name(name, home):
        raise BindingModuleError(f"cannot use `{text}`: `{name.partition('.')[0]}` is also a module of {whose}; rename yours")
    return name, None if home == HOME else home


def _owner_of_name(name: str, home: Path) -> str:
    """Who else has a module with the top-level name of *name*, if not *home* alone."""
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names:
        return "Python"
    entries = [entry for entry in sys.path if Path(entry).resolve() != home]
    return "this program, or of what is installed with it" if PathFinder.find_spec(top, entries) is not None else ""


def _exists(folder: Path, name: str) -> bool:
    place = folder.joinpath(*name.split("."))
    return place.with_name(f"{place.name}.py").is_file() or place.is_dir()


def _installed_in(top: str) -> Path:
    """The folder in which the top-level module *top* is installed; ours where it is not."""
    spec = PathFinder.find_spec(top, sys.path)
    places = [] if spec is None else list(spec.submodule_search_locations or [spec.origin or ""])
    return Path(places[0]).parent if places else HOME


def _import_problem(name: str, error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name and f"{name}.".startswith(f"{error.name}."):
        return f"there is no module `{name}` with sentences; correct its name"
    message = " ".join(str(error).split())
    reason = f"{type(error).__name__}{f': {message}' if message else ''}; correct it"
    top = name.partition(".")[0]
    if isinstance(error, SopError):  # it says what to do
        reason = message
    elif isinstance(error, ModuleNotFoundError) and top in FOLDERS:
        reason = f"{message}: of the folder of `{top}` nothing else is imported; put `{error.name}` into the package `{top}`, or install it"
    return f"cannot import the sentences in {_failing_line(name, error)}: {reason}"


def _failing_line(name: str, error: BaseException) -> str:
    """``my_shop/steps.py:12``: the last line of the module that was at work when *error* was raised."""
    path = name.replace(".", "/")
    lines = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        lines.append((error.filename or "", error.lineno))
    for file, line in reversed(lines):
        for ending in (f"{path}.py", f"{path}/__init__.py"):
            if Path(file).as_posix().endswith(f"/{ending}"):
                return f"{ending}:{line}"
    return f"{path}.py"
