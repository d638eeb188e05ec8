"""Code of a run that comes neither from the program, nor from its libraries, nor from the modules with step definitions that were named.

Python imports a `sitecustomize` on PYTHONPATH into every process. It may be a debugger, and it may replace a check: the run lists it in
a file beside its record, also if it has removed itself from the loaded modules, which differs from machine to machine, and is not good if code of the program was replaced.
"""

import os
import sys
import sysconfig
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Literal

import msgspec
from msgspec import Struct

from sop_engine.files import write_atomically
from sop_engine.input_files import UnreadableFileError, read_json
from sop_engine.text import path_shown, visible
from sop_runs.errors import RunRecordError
from sop_runs.record.reader import RUN_AGAIN, mismatch
from sop_runs.record.start_hooks import folders_of_packages, start_hooks

OUTSIDE = "outside.json"
OWN_PACKAGES = ("orders", "reports", "simulator", "sop_cli", "sop_engine", "sop_runs", "steps")
"""The packages of the program."""
_SPECIFICATION = "features"
"""The package of the program that has its specification and no code."""
TRACERS = ("coverage", "debugpy", "pydevd")
"""Libraries that run beside the code which they observe."""
_MOST_NAMED = 5


class OutsideCode(Struct, frozen=True, forbid_unknown_fields=True):
    """Content of the file: *modules* with the place that each was imported from, and what of the program they *replaced*."""

    version: Literal[1] = 1
    modules: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """A sentence on the modules; empty if there is none."""
        return f"code from outside the program was loaded: {_listed(self.modules)}" if self.modules else ""

    @property
    def trouble(self) -> str:
        """What was replaced; empty if nothing was."""
        return _listed(self.replaced)


def outside_code_of_process(home: Path, declared: Collection[str], searched: Sequence[str]) -> OutsideCode:
    """Return the outside code of this process.

    *home* has the packages of the program, *declared* are the modules that were named, *searched* was the path when the process started.
    """
    own = [os.path.realpath(home / package) + os.sep for package in OWN_PACKAGES]
    standard = [os.path.realpath(sysconfig.get_path(name)) + os.sep for name in ("stdlib", "platstdlib")]
    installed = [os.path.realpath(place) + os.sep for place in folders_of_packages()]
    tops = {name.partition(".")[0] for name in declared}
    modules = {name: path_shown(file) for name, file in start_hooks(searched)}
    replaced: list[str] = []
    for name, module in sorted(sys.modules.items()):
        top, file = name.partition(".")[0], getattr(module, "__file__", None)
        if not isinstance(file, str) or name in {"__main__", "__mp_main__"}:
            continue
        if name == _SPECIFICATION and _real_path(file) == os.path.realpath(home / _SPECIFICATION / "__init__.py"):
            continue
        is_library = _is_in(file, installed)
        if top in OWN_PACKAGES:
            if _is_in(file, own):
                replaced += [f"{name}.{part}" for part in _replaced_parts(module, [*own, *standard, *installed])]
            elif not is_library or name == top:
                replaced.append(name)
        elif top in TRACERS or not (is_library or _is_standard(file, standard) or top in tops):
            modules.setdefault(top, path_shown(file))
    return OutsideCode(1, tuple(f"{name} ({place})" for name, place in sorted(modules.items())), tuple(replaced))


def merged_outside_code(codes: Iterable[OutsideCode]) -> OutsideCode:
    """Return the outside code of several processes together."""
    codes = tuple(codes)
    modules = sorted({module for code in codes for module in code.modules})
    return OutsideCode(1, tuple(modules), tuple(sorted({part for code in codes for part in code.replaced})))


def write_outside_code(code: OutsideCode, folder: Path) -> None:
    """Write *code* beside the record in *folder*."""
    write_atomically(folder / OUTSIDE, msgspec.json.format(msgspec.json.encode(code), indent=1) + b"\n")


def read_outside_code(folder: Path) -> OutsideCode:
    """Read the file in *folder*; without one, as after the run was killed, there is none.

    Raises:
        RunRecordError: the file cannot be used.
    """
    try:
        return msgspec.convert(read_json(folder / OUTSIDE, RUN_AGAIN), OutsideCode)
    except msgspec.ValidationError as error:
        raise RunRecordError(OUTSIDE, mismatch(error, "the file"), RUN_AGAIN) from None
    except UnreadableFileError as error:
        if error.is_missing:
            return OutsideCode()
        raise RunRecordError(OUTSIDE, error.reason, RUN_AGAIN) from None


def _replaced_parts(module: ModuleType, places: Collection[str]) -> Iterator[str]:
    """Yield the functions and methods of *module* whose code is in none of *places*."""
    for name, value in sorted(vars(module).items()):
        if _is_foreign(value, places):
            yield name
        elif isinstance(value, type) and value.__module__ == module.__name__:
            yield from (f"{name}.{part}" for part, method in sorted(vars(value).items()) if _is_foreign(method, places))


def _is_foreign(value: object, places: Collection[str]) -> bool:
    function = getattr(value, "__func__", value)
    if not isinstance(function, FunctionType):
        return False
    file = function.__code__.co_filename
    return not file.startswith("<") and not _is_in(file, places)


def _is_standard(file: str, folders: Collection[str]) -> bool:
    """Return whether *file* is in one of *folders*, also as a link, as Debian's `sitecustomize` is."""
    return _is_in(file, folders) or any(os.path.abspath(file).startswith(folder) for folder in folders)  # noqa: PTH100


def _is_in(file: str, folders: Collection[str]) -> bool:
    real = _real_path(file)
    return any(real.startswith(folder) for folder in folders)


@cache
def _real_path(file: str) -> str:
    """Return *file* without links; computed once, because every function of a module has the same file, and most files the same folders."""
    folder, name = os.path.split(file)
    return os.path.realpath(file) if not folder or os.path.islink(file) else os.path.join(_real_folder(folder), name)  # noqa: PTH114, PTH118


_real_folder = cache(os.path.realpath)


def _listed(names: Collection[str]) -> str:
    first = ", ".join(map(visible, list(names)[:_MOST_NAMED]))
    return f"{first}, … ({len(names)})" if len(names) > _MOST_NAMED else first
