"""Findings of a draft that only its comparison with the other feature files shows: equal names, and examples that say the same."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from sop_runs.problem import Problem, sort_key
from steps.definitions.registry import Registry
from steps.editing.drafts import Draft
from steps.language.document import FeatureFileError, read_source
from steps.lint.checked_file import CheckedFile
from steps.lint.duplicates import duplicate_example_findings, names_of_files


def cross_file_findings(draft: Draft, files: Iterable[Path], root: Path) -> list[Problem]:
    """Return the findings of *draft* beside *files*, the feature files below *root* as they are on disk; each at its place in the draft."""
    path, registry, tags = draft.file.source.path, draft.file.registry, draft.file.known_tags
    others = [other for file in files if (other := _checked_file(file, root, registry, tags)) is not None and other.source.path != path]
    compared = [*others, draft.file]  # the draft last: of two places, the later one is reported
    documents = [file.source.document for file in compared if file.source.document is not None]
    with_examples = [file for file in compared if file.source.document is not None]
    listed: Sequence[Problem] = [*names_of_files(documents), *duplicate_example_findings(with_examples)]
    places = {(finding.line, finding.rule) for finding in draft.findings}
    return sorted((finding for finding in listed if finding.path == path and (finding.line, finding.rule) not in places), key=sort_key)


def _checked_file(file: Path, root: Path, registry: Registry, tags: frozenset[str]) -> CheckedFile | None:
    """Return *file* as it is now; None if it is gone."""
    try:
        return _read_file(file, root, file.stat().st_mtime_ns, registry, tags)
    except (FeatureFileError, OSError):
        return None


@lru_cache(maxsize=500)
def _read_file(file: Path, root: Path, _: int, registry: Registry, tags: frozenset[str]) -> CheckedFile:
    return CheckedFile(read_source(file, root)[0], registry, tags)
