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

PACKAGE = "steps.bindings"
"""The package whose modules bind the sentences of the SOP."""
HOME = Path(__file__).resolve().parents[2]
"""The folder that holds our packages."""
FOLDERS: dict[str, Path] = {}
"""The folder of each top-level name that is imported from a user's folder in this process."""


class BindingModuleError(SopError):
    """A binding module that cannot be used: which, why, and what to do."""


def built_in_modules() -> tuple[str, ...]:
    """The modules of `steps.bindings` in alphabetical order, without those whose name begins with an underscore."""
    spec = find_spec(PACKAGE)
    return _modules_in(PACKAGE, spec.submodule_search_locations or () if spec else ())


def _modules_in(package: str, folders: Iterable[str]) -> tuple[str, ...]:
    names = sorted(module.name for module in iter_modules(folders))
    return tuple(f"{package}.{name}" for name in names if not name.startswith("_"))


def modules_of(package: ModuleType) -> tuple[str, ...]:
    """The modules of *package*, by name; none of a module that is no package."""
    return _modules_in(package.__name__, getattr(package, "__path__", ()))


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
                raise BindingModuleError(f"two modules are called `{top}`, in `{base}` and in `{home}`; rename one of them")
            names += [name, *_modules_in(name, [str(base.joinpath(*name.split(".")))])]
        return BindingModules(tuple(dict.fromkeys(names)), folders)

    def file_of(self, path: str) -> Path:
        """The file of a binding module whose place is *path*, such as ``my_shop/steps.py``."""
        top = path.partition("/")[0].removesuffix(".py")
        return self.folders.get(top, HOME) / path

    def load(self) -> list[ModuleType]:
        """Import the modules, in order.

        Raises:
            BindingModuleError: one of them cannot be imported.
        """
        if not any(isinstance(finder, _FolderFinder) for finder in sys.meta_path):
            sys.meta_path.append(_FolderFinder())
        FOLDERS.update(self.folders)
        return [load(name) for name in self.names]


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
        raise BindingModuleError(_why_not(name, error)) from error


def _located(text: str, folder: Path) -> tuple[str, Path | None]:
    """Name and folder of the module that *text* means; no folder for one that is installed."""
    is_path = text.endswith(".py") or "/" in text or "\\" in text
    name, home = _of_file(text, folder) if is_path else (text, folder)
    if not all(part.isidentifier() for part in name.split(".")):
        raise BindingModuleError(f"`{text}` is not the name of a module; write it like `my_shop.steps` or `my_shop/steps.py`")
    top = name.partition(".")[0]
    if not _is_there(home, name):
        if is_path or not _is_there(_installed_in(top), name):
            raise BindingModuleError(f"there is no module `{name}` in `{home}`, and none is installed; correct its name")
        return name, None
    if home == HOME:
        return name, None
    others = [entry for entry in sys.path if Path(entry).resolve() != home]
    if top in sys.stdlib_module_names or PathFinder.find_spec(top, others) is not None:
        whose = "Python" if top in sys.stdlib_module_names else "this program, or of what is installed with it"
        raise BindingModuleError(f"cannot use `{text}` in `{home}`: `{top}` is also a module of {whose}; rename yours")
    return name, home


def _of_file(text: str, folder: Path) -> tuple[str, Path]:
    """Name and folder of the module in the file *text*; the packages around it are part of its name."""
    file = (folder / text).resolve()
    if file.suffix != ".py" or not file.is_file():
        raise BindingModuleError(f"`{text}` is no .py file in `{folder}`; write a module like `my_shop.steps` or `my_shop/steps.py`")
    parts, home = [file.stem], file.parent
    while (home / "__init__.py").is_file():
        parts.insert(0, home.name)
        home = home.parent
    return ".".join(parts).removesuffix(".__init__"), home


def _is_there(folder: Path, name: str) -> bool:
    place = folder.joinpath(*name.split("."))
    return place.with_name(f"{place.name}.py").is_file() or place.is_dir()


def _installed_in(top: str) -> Path:
    """The folder in which the top-level module *top* is installed; ours where it is not."""
    spec = find_spec(top)
    places = [] if spec is None else list(spec.submodule_search_locations or [spec.origin or ""])
    return Path(places[0]).parent if places else HOME


def _why_not(name: str, error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name and f"{name}.".startswith(f"{error.name}."):
        return f"there is no module `{name}` with sentences; correct its name"
    said = " ".join(str(error).split())
    reason = f"{type(error).__name__}{f': {said}' if said else ''}"
    remedy = "correct it"
    top = name.partition(".")[0]
    if isinstance(error, ModuleNotFoundError) and top in FOLDERS:
        remedy = f"of the folder of `{top}` nothing else can be imported: put `{error.name}` into the package `{top}`, or install it"
    return f"cannot import the sentences in {_line_of(name, error)}: {reason}; {remedy}"


def _line_of(name: str, error: BaseException) -> str:
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
