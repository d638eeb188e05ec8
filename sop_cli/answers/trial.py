"""Trial of answers: a copy of the registers and the features with the answers, run until every example passes."""

import os
import shutil
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sop_cli.paths import near
from sop_engine import SopError
from sop_engine.engine import Engine
from sop_engine.reader import Rulebook, read_rulebook
from sop_engine.register.answers import with_answers
from sop_engine.statement import OwnersAnswer
from sop_engine.versions import CLAUSES, GAPS, VARIABLE
from sop_runs.record.reader import RunRecord, read
from sop_runs.record.status import has_unexpected_result
from steps.definitions.discovery import BindingModules
from steps.generation.aligned_features import aligned_features
from steps.generation.version_copies import sides_of, version_copies
from steps.language.formatter import FormattingError, formatted
from steps.run.runner import run

MOST_ROUNDS = 12
"""Runs of the features; each shows the next step of an example that does not hold."""


class TrialError(SopError):
    """Features that cannot be brought in line with the answers."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Answers as they would be in the registers and the features.

    Attributes:
        before, after: the rulebook without and with the answers.
        register: the content of the register of gaps, read and new.
        features: the content of each feature file that changes, read and new, by its path below the folder of the features.
        notes: what was done with the examples, by the path of their feature file.
        record: the run of the changed features; every example passed.
    """

    before: Rulebook
    after: Engine
    register: tuple[bytes, bytes]
    features: Mapping[str, tuple[bytes, bytes]]
    notes: Mapping[str, tuple[str, ...]]
    record: RunRecord


def trial(rulebook: Path, features: Path, answers: Mapping[str, OwnersAnswer | None], bindings: BindingModules) -> Trial:
    """Put *answers* into copies of the folders *rulebook* and *features*, and run the features until every example passes.

    What has to change and stands in other versions of the document too is kept for these, and a copy is changed.

    Raises:
        SopError: the rulebook does not hold with the answers, or the features cannot be run or brought in line, or fail without the answers.
    """
    rounds = trial_by_rounds(rulebook, features, answers, bindings)
    while True:
        try:
            next(rounds)
        except StopIteration as end:
            result: Trial = end.value
            return result


def trial_by_rounds(
    rulebook: Path, features: Path, answers: Mapping[str, OwnersAnswer | None], bindings: BindingModules
) -> Generator[int, None, Trial]:
    """Yield the number of each run before it begins; return the `trial`.

    Raises:
        SopError: as `trial`.
    """
    before = read_rulebook(rulebook)
    read_register = (rulebook / GAPS).read_bytes()
    register = with_answers(read_register, answers)
    with TemporaryDirectory(prefix="sop-answer-") as staging:
        book, copy = Path(staging, rulebook.name), Path(staging, features.name)
        book.mkdir()
        shutil.copy(rulebook / CLAUSES, book)
        (book / GAPS).write_bytes(register)
        shutil.copytree(features, copy, symlinks=True)
        after = Engine.of(read_rulebook(book))
        sides = sides_of(after.rulebook)
        gaps = {gap.id: gap for gap in before.gaps}
        changed = {identifier: gaps[identifier] for identifier in answers}
        notes: dict[str, tuple[str, ...]] = {}
        old: dict[str, bytes] = {}
        with rulebook_of_runs(book):
            for number in range(1, MOST_ROUNDS + 1):
                yield number
                record = read(run([copy], out=Path(staging, "runs"), bindings=bindings).record)
                if number == 1:
                    _require_good_before(record, copy, features, rulebook, bindings)
                edits = [*version_copies(record, after.rulebook, changed, sides)] or [*aligned_features(record, after, changed)]
                if not edits:
                    break
                for edit in edits:
                    file = copy / edit.path
                    old.setdefault(edit.path, file.read_bytes())
                    file.write_bytes(_formatted_as_before(file, edit.text))
                    notes[edit.path] = tuple(dict.fromkeys((*notes.get(edit.path, ()), *edit.notes)))
        _require_good(record, features)
        changes = {path: (data, new) for path, data in old.items() if (new := (copy / path).read_bytes()) != data}
        return Trial(before, after, (read_register, register), changes, notes, record)


@contextmanager
def rulebook_of_runs(folder: Path) -> Iterator[None]:
    """Run the features with the rulebook in *folder* inside the context."""
    earlier = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(folder)
    try:
        yield
    finally:
        if earlier is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = earlier


def _formatted_as_before(file: Path, text: str) -> bytes:
    """Return *text* formatted if *file* was, otherwise as it is."""
    data, new = file.read_bytes(), text.encode()
    try:
        return formatted(new, file.name) if formatted(data, file.name) == data else new
    except FormattingError as error:
        raise TrialError(f"{error}; write the example by hand and try again") from None


def _require_good_before(record: RunRecord, copy: Path, features: Path, rulebook: Path, bindings: BindingModules) -> None:
    """Refuse answers where an example that fails with them fails without them too: it is not for this command to change it.

    Raises:
        TrialError: with the first such examples.
    """
    failing = {example.key for example in record.scenarios if has_unexpected_result(example)}
    if not failing:
        return
    paths = [copy / path for path in dict.fromkeys(path for path, _ in failing)]
    with rulebook_of_runs(rulebook):
        without = read(run(paths, out=copy.parent / "runs", bindings=bindings).record)
    failed = [example for example in without.scenarios if has_unexpected_result(example) and example.key in failing]
    if failed:
        listed = "\n".join(f"  {near(features / example.feature)}:{example.place}: {example.name}" for example in failed[:10])
        raise TrialError(f"these examples fail already, without the answer; correct them first:\n{listed}")


def _require_good(record: RunRecord, features: Path) -> None:
    """Refuse a run in which an example does not pass, or a feature file has a finding.

    Raises:
        TrialError: with the first such examples and findings, and what to do.
    """
    findings = [f"{near(features / feature.path)}: {finding.message}" for feature in record.features for finding in feature.findings]
    failed = [
        f"{near(features / example.feature)}:{example.place}: {example.name}"
        for example in record.scenarios
        if has_unexpected_result(example)
    ]
    if findings or failed:
        listed = "\n".join(f"  {line}" for line in (*findings, *failed)[:10])
        raise TrialError(
            f"these examples cannot be brought in line by this command; correct them first, or after the answer by hand:\n{listed}"
        )
