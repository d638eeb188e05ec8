"""A new version of the document: a copy of the registers of another one, with a name, title and date of its own.

The copy is written only if it loads and says what the other one says; it appears as a whole or not at all.
"""

import re
import shutil
from collections.abc import Mapping
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from sop_engine.engine import Engine
from sop_engine.errors import SopError
from sop_engine.files import write_together
from sop_engine.input_files import parse_toml
from sop_engine.reader import Rulebook, read_rulebook
from sop_engine.register.toml_text import TomlValue, toml_value
from sop_engine.text import path_shown, visible
from sop_engine.versions import CLAUSES, GAPS, NAME, OWN, content_of, shipped, versions

LONGEST_TITLE = 200
_NUMBERED_NAME, _NUMBERED_TITLE = re.compile(r".*_v(\d{1,6})"), re.compile(r"(.* version )\d{1,6}")
_IDENTITY = ("name", "title", "dated", "follows")
_INSTALLED = ("site-packages", "dist-packages")
"""The folders of installed programs."""
_FIRST_RECORD = re.compile(r"^\[", re.MULTILINE)


class NewVersionError(SopError):
    """A version that cannot be begun like this."""


def folder_of_new_versions() -> Path:
    """Return the folder in which new versions are begun: the program's in its own project, otherwise `OWN`."""
    program, here = Path(str(shipped())), Path("sop_engine", "rulebook")
    return here if here.is_dir() and here.resolve() == program.resolve() else OWN


def begin_version(name: str, source: Traversable, into: Path, title: str = "", dated: date | None = None) -> tuple[Path, Rulebook]:
    """Copy the rulebook in *source* to the new folder *into* / *name*, and return the folder and the rulebook in it.

    Raises:
        NewVersionError: the name or title cannot be used, or is taken, or the folder is the program's.
        SopError: the rulebook in *source* cannot be used.
        OSError: the folder cannot be written; then it does not exist.
    """
    folder = into / name
    _require_free(name, folder)
    before = read_rulebook(source)
    taken = {before.name, *before.follows}
    if name in taken:
        raise NewVersionError(f"`{name}` is the name of an earlier version; choose another one")
    identity: dict[str, TomlValue] = {"name": name, "title": _title(title, name, before.title)}
    identity |= {"dated": dated} if dated else {}
    identity["follows"] = [*before.follows, before.name]
    clauses = _with_identity(content_of(source / CLAUSES), identity, before.title)
    with TemporaryDirectory(prefix="sop-version-") as trial:
        contents = {CLAUSES: clauses, GAPS: content_of(source / GAPS)}
        _write(Path(trial), contents)
        version = Engine.of(read_rulebook(Path(trial))).rulebook
    into.mkdir(parents=True, exist_ok=True)
    draft = Path(mkdtemp(prefix=f".{name}.", dir=into))
    try:
        _write(draft, contents)
        draft.chmod(into.stat().st_mode & 0o777)
        _require_free(name, folder)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder, version


def _require_free(name: str, folder: Path) -> None:
    if not NAME.fullmatch(name):
        raise NewVersionError(
            f"`{visible(name)}` cannot be the name of a version; write letters, digits, - and _, beginning with a letter, such as clients_v2"
        )
    for version, place in versions():
        if version.casefold() == name.casefold():
            raise NewVersionError(f"there is a version `{version}` in `{path_shown(Path(str(place)))}`; choose another name")
    if folder.exists() or folder.is_symlink():
        raise NewVersionError(f"`{path_shown(folder)}` exists; choose another name, or another folder with --into")
    program = Path(str(shipped())).resolve().parent
    program = program.parent if program.parent.name in _INSTALLED else program
    if folder.resolve().is_relative_to(program) and folder_of_new_versions() == OWN:
        raise NewVersionError(f"`{path_shown(folder)}` belongs to the installed program; choose a folder of your own with --into")


def _title(title: str, name: str, before: str) -> str:
    """Return *title*; by default that of the version *before*, with the number of *name* or with *name*."""
    if not title:
        number, numbered = _NUMBERED_NAME.fullmatch(name), _NUMBERED_TITLE.fullmatch(before)
        return f"{numbered[1]}{number[1]}" if number and numbered else f"{before} ({name})"
    if not title.strip() or not title.isprintable() or len(title) > LONGEST_TITLE:
        raise NewVersionError(f"the title is not a line of 1 to {LONGEST_TITLE} characters; correct --title")
    return title.strip()


def _with_identity(content: bytes, identity: Mapping[str, TomlValue], title: str) -> bytes:
    """Return the register of clauses with the keys of *identity* above its records, and with its title in the comment at the top.

    Raises:
        NewVersionError: the layout of the register is not read here.
    """
    text = content.decode("utf-8-sig")
    first = _FIRST_RECORD.search(text)
    head, records = (text[: first.start()], text[first.start() :]) if first else (text, "")
    lines = [line for line in head.splitlines(keepends=True) if not re.match(rf"(?:{'|'.join(_IDENTITY)})\s*=", line)]
    comment = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    lines[:comment] = [line.replace(title, str(identity["title"])) if title else line for line in lines[:comment]]
    while comment < len(lines) and not lines[comment].strip():
        comment += 1
    lines[comment:comment] = [f"{key} = {toml_value(value)}\n" for key, value in identity.items()]
    new = ("".join(lines) + records).encode()
    try:
        kept = {key: value for key, value in parse_toml(content).items() if key not in _IDENTITY}
        if parse_toml(new) == {**kept, **identity}:
            return new
    except ValueError:
        pass
    raise NewVersionError(f"the layout of {CLAUSES} is not read here; write name and title on a line each above the first record")


def _write(folder: Path, contents: Mapping[str, bytes]) -> None:
    write_together({folder / file: data for file, data in contents.items()})
