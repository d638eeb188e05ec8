"""Selection of the examples that the last run failed, as they are written now."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sop_engine.text import counted
from sop_runs.record.code import code_differences
from sop_runs.record.failed_examples import WITHOUT, FailedExamples, failed_examples
from sop_runs.record.folder import latest_of, unrecorded_after
from sop_runs.record.schema import CodeRecord
from sop_runs.record.verdict_text import left_out_text
from steps.language.document import FeatureSource, read_source
from steps.language.feature_set import FeatureSet
from steps.language.selection import Selection, SelectionError


@dataclass(frozen=True, slots=True)
class LastFailed:
    """The selection, and what changed since the last run or was left out; *note* is empty if nothing was."""

    selection: Selection
    note: str


def last_failed(runs: Path, selection: Selection, feature_set: FeatureSet, code: CodeRecord) -> LastFailed:
    """Return *selection* without the examples that did not fail in the last run below *runs*.

    Raises:
        RunNeededError: there is no run, its record cannot be read, or nothing failed.
        SelectionError: no failed example is still written and selected.
    """
    failed = failed_examples(runs)
    sources = {
        name: read_source(file, feature_set.root)[0] for file in feature_set.chosen if (name := feature_set.name(file)) in failed.ids
    }
    limits = selection.examples or {}
    examples = {name: _still_written(source, failed.ids[name], limits.get(name)) for name, source in sources.items()}
    examples = {name: ids for name, ids in examples.items() if ids or failed.ids[name] is None}
    if not examples:
        names = {feature_set.name(file) for file in feature_set.files}
        reason = "none of them is selected here" if names & failed.ids.keys() else "none of their files is here"
        raise SelectionError(f"{counted(failed.number, 'example')} failed in {failed.name}, but {reason}; {WITHOUT}")
    changes = list(_changes_since(failed, sources, feature_set, code))
    since = f"since {failed.name}{', ' if failed.unfinished else ''}{failed.unfinished}"
    note = f"{since}: {'; '.join(changes) or 'nothing changed'}" if changes or failed.unfinished or not failed.is_last else ""
    if later := unrecorded_after(runs / latest_of(runs)):
        note = "; ".join(filter(None, (note or since, later)))
    if failed.unreadable:
        note = "; ".join(filter(None, (note, left_out_text(failed.unreadable))))
    return LastFailed(replace(selection, paths=tuple(sorted(examples)), examples=examples), note)


def _still_written(source: FeatureSource, failed: frozenset[str] | None, limits: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the ids of the examples in *source* that failed (None: all did) and are in *limits* (None: there are none)."""
    ids = (example.id for example in (source.document.examples if source.document else ()))
    return tuple(name for name in ids if (failed is None or name in failed) and (limits is None or name in limits))


def _changes_since(failed: FailedExamples, sources: dict[str, FeatureSource], feature_set: FeatureSet, code: CodeRecord) -> Iterator[str]:
    for name, source in sources.items():
        if failed.record.head.features.get(name) != source.sha256:
            yield f"{name} changed"
    present = {feature_set.name(file) for file in feature_set.files}
    for name in sorted(failed.ids.keys() - present):
        yield f"{name} was removed"
    for name, source in sources.items():
        gone = len((failed.ids[name] or frozenset()) - set(_still_written(source, None, None)))
        if gone:
            yield f"{counted(gone, 'failed example')} of {name} {'was' if gone == 1 else 'were'} renamed or deleted"
    if failed.earlier:
        yield f"{counted(failed.earlier, 'example')} failed before it and did not run again"
    if differences := code_differences(failed.record.head.code, code):
        yield f"the code changed ({differences})"
