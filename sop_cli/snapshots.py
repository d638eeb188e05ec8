"""Snapshots to compare, found by name: a run, an approved folder, a table, a folder with a rulebook, or a git revision."""

import subprocess
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from sop_cli.paths import FEATURES
from sop_engine import SopError
from sop_engine.decision_table import Behaviour
from sop_engine.engine import ENGINE, FOLDER, Engine
from sop_engine.reader import Rulebook, read_rulebook
from sop_engine.verification import prove
from sop_engine.versions import CLAUSES, DEFAULT, GAPS, find_version, versions
from sop_runs.change.baseline import approved_folder, is_approved, read_baseline
from sop_runs.change.example_text import ExampleText, StepText, descriptions_of, documents_of_version, example_text
from sop_runs.change.snapshot import Snapshot, snapshot_of_baseline, snapshot_of_run
from sop_runs.record.folder import RUNS, refuse_other_system
from sop_runs.record.reader import RECORD, RunRecord, read_record
from sop_runs.record.schema import RulebookRecord
from sop_runs.record.version_tags import applies
from steps.language.document import Document, source_of

GIT_SECONDS = 30
HINT = (
    "name a run (its id, folder or file), a folder that `sop approve` wrote, a table, a version of the document (`sop rulebook`), "
    "a folder with a rulebook, or a git revision"
)


class UnknownSourceError(SopError):
    """A name that is not a run, a folder, a table or a git revision."""


def approved_snapshot(folder: Path) -> Snapshot | str | None:
    """Read the baseline in *folder*; None if there is no folder, or the error as text, because the page shows the run without it."""
    if not folder.is_dir():
        return None
    try:
        return snapshot_of_baseline(read_baseline(folder))
    except SopError as error:
        return str(error)


def base_of_pages(home: Path) -> Snapshot | str | None:
    """Return what the pages of a run are compared with: the baseline below *home*, before there is one that of the version before.

    Of a version before without a baseline, its rulebook is returned; None if there is nothing, or an error as text.
    """
    own, follows = approved_folder(home), ENGINE.rulebook.follows
    if is_approved(own) or not follows:
        return approved_snapshot(own)
    before = follows[-1]
    try:
        baseline = approved_folder(home, before)
        if is_approved(baseline) and (approved := read_baseline(baseline)).sentences.name == before:
            return snapshot_of_baseline(approved, f"the baseline of {before}")
        return _rulebook_snapshot(find_version(before), f"the rulebook {before}")
    except SopError as error:
        return str(error)


def present_snapshot(record: RunRecord | None) -> Snapshot:
    """Return the rulebook of this program, and the examples of *record* if it is a run of the same rulebook."""
    behaviour, sentences = Behaviour.of(ENGINE), sentences_of_rulebook(ENGINE.rulebook)
    name = "the current rulebook" if behaviour.name == DEFAULT else f"the rulebook {behaviour.name}"
    if record is None or record.manifest is None or record.manifest.rulebook.sha256 != behaviour.sha256:
        return Snapshot(name, behaviour, sentences)
    run = snapshot_of_run(record, name)
    return Snapshot(
        run.name, behaviour, sentences, run.examples, run.descriptions, run.documents, run.lines, run.failed, run.coverage, run.record
    )


def find_snapshot(name: str) -> Snapshot:
    """Read the snapshot called *name*.

    Raises:
        SopError: there is none, or it cannot be read.
    """
    path, run = Path(name), RUNS / name
    if path.is_file() and path.suffix == ".ndjson":
        return _run_snapshot(path, path.parent.name or name)
    for folder in (path, *([run] if name and path.name == name else [])):
        if (folder / RECORD).is_file():
            return _run_snapshot(folder, folder.resolve().name)
    if any(name == version for version, _ in versions()):
        return _rulebook_snapshot(find_version(name), f"the rulebook {name}")
    if path.is_dir():
        return _folder_snapshot(path, name)
    if path.is_file():
        return Snapshot(f"the table {name}", Behaviour.read(path))
    return _revision_snapshot(name)


def _run_snapshot(path: Path, name: str) -> Snapshot:
    record = read_record(path)
    refuse_other_system(record, f"the run `{name}`")
    return snapshot_of_run(record, f"the run {name}")


def _folder_snapshot(path: Path, name: str) -> Snapshot:
    if is_approved(path):
        return snapshot_of_baseline(read_baseline(path), f"the baseline in {name}")
    if not (path / CLAUSES).exists():
        raise UnknownSourceError(f"`{name}` contains no run, no rulebook and no baseline; {HINT}")
    return _rulebook_snapshot(path, f"the rulebook in {name}")


def _rulebook_snapshot(folder: Traversable, name: str) -> Snapshot:
    engine = Engine.of(read_rulebook(folder))
    return Snapshot(name, Behaviour.of(engine), sentences_of_rulebook(engine.rulebook))


def sentences_of_rulebook(rulebook: Rulebook) -> RulebookRecord:
    """Return headings, clauses and gaps of *rulebook* in the form of a run record."""
    return msgspec.convert(rulebook.to_plain(), RulebookRecord)


def _revision_snapshot(name: str) -> Snapshot:
    """Read the rulebook and the feature files of a git revision of the repository that contains the working directory."""
    with TemporaryDirectory() as folder:
        for file in (CLAUSES, GAPS):
            Path(folder, file).write_bytes(_git_show(name, file))
        engine = Engine(prove(read_rulebook(Path(folder))))
    return snapshot_of_documents(f"the revision {name}", engine, list(_documents_at(name)))


def snapshot_of_documents(name: str, engine: Engine, documents: Sequence[Document]) -> Snapshot:
    """Return the rulebook of *engine*, and the examples of its version in feature files that did not run."""
    book = engine.rulebook
    recorded = documents_of_version({document.path: document.recorded for document in documents}, book.name, book.follows)
    examples = {example.key: (example, line) for document in documents for example, line in _example_texts(document, book)}
    return Snapshot(
        name,
        Behaviour.of(engine),
        sentences_of_rulebook(engine.rulebook),
        {key: example for key, (example, _) in examples.items()},
        descriptions_of(recorded),
        recorded,
        {key: line for key, (_, line) in examples.items()},
    )


def _documents_at(revision: str) -> Iterator[Document]:
    """Yield the feature files of a git revision that can be parsed."""
    top = git("rev-parse", "--show-toplevel").decode().strip()
    listed = git("-C", top, "ls-tree", "-r", "-z", "--name-only", revision, "--", FEATURES).decode("utf-8", "replace")
    for path in filter(None, listed.split("\0")):
        if path.endswith(".feature"):
            source, _ = source_of(git("-C", top, "show", f"{revision}:{path}"), path.removeprefix(f"{FEATURES}/"))
            if source.document is not None:
                yield source.document


def _example_texts(document: Document, book: Rulebook) -> Iterable[tuple[ExampleText, int]]:
    for instance in document.examples:
        if not applies(instance.tags, book.name, book.follows):
            continue
        steps = (StepText(step.kind, step.text, step.table, step.docstring) for step in instance.steps)
        text = example_text(instance.path, instance.id, instance.name, instance.tags, steps, instance.rule or "", instance.outline or "")
        yield text, instance.row or instance.line


def _git_show(revision: str, file: str) -> bytes:
    """Return *file* of the rulebook that this process reads, as it was in *revision*."""
    if revision.startswith("-"):
        raise UnknownSourceError(f"`{revision}` is not a run, folder, table or git revision; {HINT}")
    try:
        top = git("rev-parse", "--show-toplevel").decode().strip()
        return git("-C", top, "show", f"{revision}:{_path_below(top)}/{file}")
    except (OSError, subprocess.TimeoutExpired):
        raise UnknownSourceError(f"`{revision}` is not a run, folder or file, and git cannot be run to find a revision; {HINT}") from None
    except subprocess.CalledProcessError as error:
        reason = (error.stderr.decode(errors="replace").strip().splitlines() or ["failed"])[-1].removeprefix("fatal: ").rstrip(".")
        raise UnknownSourceError(
            f"`{revision}` is not a run, folder, table or git revision with a rulebook (git: {reason}); {HINT}"
        ) from None


def _path_below(top: str) -> str:
    """Return the path of the rulebook below the top folder of a repository; of another repository with this program, that in it."""
    rulebook = Path(str(FOLDER)).resolve()
    try:
        return rulebook.relative_to(Path(top).resolve()).as_posix()
    except ValueError:
        return f"sop_engine/rulebook/{rulebook.name}"


def git(*arguments: str) -> bytes:
    """Run git and return its output. Arguments from users must not begin with a dash (checked by the callers)."""
    return subprocess.run(["git", *arguments], check=True, capture_output=True, timeout=GIT_SECONDS).stdout  # noqa: S603, S607
