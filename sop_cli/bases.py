"""What a run can be compared with, by name: another run, what was approved, a table, a rulebook, or a git revision."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from reports.base import Base, BaseExample, Key, NoBase, run_base
from reports.record import read_record
from reports.status import Status
from sop_cli.behaviours import UnknownSourceError, git, known
from sop_engine import SopError
from sop_engine.register import CLAUSES
from steps.baseline import BEHAVIOUR, EXAMPLES, Example, example_of, read_baseline
from steps.instances import instances
from steps.last_run import RUNS
from steps.parse import parse
from steps.source import decode

APPROVED = Path("approved")
RECORD = "run.ndjson"
FEATURES = "features"
HINT = "name a run (its id, folder or file), a folder that `sop approve` wrote, a table, a folder with a rulebook, or a git revision"


def approved_in(folder: Path) -> Base | NoBase | None:
    """What was approved, if it was; a folder that cannot be read is told on the page, not an error of the run shown there."""
    if not folder.is_dir():
        return None
    try:
        return _approved(folder, "what was approved")
    except SopError as error:
        return NoBase(str(error))


def base_called(name: str) -> Base:
    """What is called *name*.

    Raises:
        SopError: there is no such thing, or it cannot be read.
    """
    path, run = Path(name), RUNS / name
    if path.is_file() and path.suffix == ".ndjson":
        return run_base(read_record(path), f"the run {path.parent.name or name}")
    for folder in (path, *([run] if name and path.name == name else [])):
        if (folder / RECORD).is_file():
            return run_base(read_record(folder), f"the run {folder.resolve().name}")
    if path.is_dir():
        if (path / BEHAVIOUR).exists() or (path / EXAMPLES).exists():
            return _approved(path, f"what was approved in {name}")
        if not (path / CLAUSES).exists():
            raise UnknownSourceError(f"`{name}` has no run, no rulebook, and nothing that was approved in it; {HINT}")
    return _of_rulebook(name, path)


def _of_rulebook(name: str, path: Path) -> Base:
    try:
        found = known(name)
    except UnknownSourceError as error:
        said = str(error).rpartition("; name a folder")[0].replace("is no folder", "is no run, folder", 1)
        raise UnknownSourceError(f"{said}; {HINT}") from None
    plain = found.rulebook.to_plain() if found.rulebook else None
    if path.is_dir():
        return Base(f"the rulebook in {name}", found.behaviour, plain)
    if path.is_file():
        return Base(f"the table {name}", found.behaviour)
    return Base(f"the revision {name}", found.behaviour, plain, dict(_plain(_examples_at(name))))


def _approved(folder: Path, name: str) -> Base:
    kept = read_baseline(folder)
    passed = Status.PASSED  # nothing else can be approved
    return Base(name, kept.behaviour, kept.sentences, dict(_plain(kept.examples.values(), passed)))


def _plain(examples: Iterable[Example], status: Status | None = None) -> Iterator[tuple[Key, BaseExample]]:
    for each in examples:
        yield (each.feature, each.id), BaseExample(each.name, each.says, each.tags, each.steps, status)


def _examples_at(revision: str) -> Iterator[Example]:
    """The examples of the feature files of a git revision, as they would have run; what cannot be parsed has none."""
    top = git("rev-parse", "--show-toplevel").decode().strip()
    listed = git("-C", top, "ls-tree", "-r", "-z", "--name-only", revision, "--", FEATURES).decode("utf-8", "replace")
    for path in filter(None, listed.split("\0")):
        if path.endswith(".feature"):
            text, fault = decode(git("-C", top, "show", f"{revision}:{path}"), path)
            feature = None if fault else parse(text).feature
            for each in instances(feature, path.removeprefix(f"{FEATURES}/")) if feature else ():
                said = ((step.kind, step.text, step.table, step.docstring) for step in each.steps)
                yield example_of(each.path, each.id, each.name, each.tags, said)
