"""Selection of the examples that the last run failed, as they are written now."""

from collections.abc import Callable, Iterator, Mapping
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


def last_failed(
    runs: Path, selection: Selection, feature_set: FeatureSet, code: CodeRecord, root_of: Callable[[Path], Path | None]
) -> LastFailed:
    """Return *selection* without the examples that did not fail in the last run below *runs*.

    Runs of features with another root do not count; *root_of* returns that of the run in a folder, None if it is not recorded.

    Raises:
        RunNeededError: there is no run, its record cannot be read, or nothing failed.
        SelectionError: no failed example is still written and selected.
    """
    failed = failed_examples(runs, lambda folder: root_of(folder) in (None, feature_set.root))
    sources = {name: read_source(file, feature_set.root)[0] for file in feature_set.files if (name := feature_set.name(file)) in failed.ids}
    chosen, limits = {feature_set.name(file) for file in feature_set.chosen}, selection.examples or {}
    examples = {name: _still_written(source, failed.ids[name], limits.get(name)) for name, source in sources.items() if name in chosen}
    examples = {name: ids for name, ids in examples.items() if ids or failed.ids[name] is None or sources[name].document is None}
    if not examples:
        raise SelectionError(f"{failed.summary}, but {_why_none(failed, sources)}; {WITHOUT}")
    sources = {name: source for name, source in sources.items() if name in chosen}
    changes = list(_changes_since(failed, sources, feature_set, code))
    since = f"since {failed.name}{', ' if failed.unfinished else ''}{failed.unfinished}"
    note = f"{since}: {'; '.join(changes) or 'nothing changed'}" if changes or failed.unfinished or not failed.is_last else ""
    if later := unrecorded_after(runs / latest_of(runs)):
        note = "; ".join(filter(None, (note or since, later)))
    if failed.unreadable:
        note = "; ".join(filter(None, (note, left_out_text(failed.unreadable))))
    return LastFailed(replace(selection, paths=tuple(sorted(examples)), examples=examples), note)


def _why_none(failed: FailedExamples, sources: Mapping[str, FeatureSource]) -> str:
    """Return why none of the failed examples is selected; *sources* are the present files that had some."""
    rest = {name: _still_written(source, failed.ids[name], None) for name, source in sources.items()}
    removed = sorted(failed.ids.keys() - sources.keys())
    changed = [name for name, source in sources.items() if len(failed.ids[name] or ()) > len(rest[name]) and source.document is not None]
    unselected = any(ids or failed.ids[name] is None or sources[name].document is None for name, ids in rest.items())
    if unselected and not (removed or changed):
        return "none of them is selected here"
    gone = sum(len(failed.ids[name] or ()) - len(rest[name]) for name in changed)
    reasons = [
        f"{counted(len(removed), 'file')} with them {'was' if len(removed) == 1 else 'were'} renamed or removed ({', '.join(removed)})"
    ] * bool(removed)
    reasons += [f"{counted(gone, 'example')} {'was' if gone == 1 else 'were'} renamed, deleted or edited ({', '.join(changed)})"] * bool(
        changed
    )
    return ", ".join([*reasons, *["the others are not selected here"] * unselected])


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
        if gone and source.document is not None:
            yield f"{counted(gone, 'failed example')} of {name} {'was' if gone == 1 else 'were'} renamed, deleted or edited"
    if failed.earlier:
        yield f"{counted(failed.earlier, 'example')} failed before it and did not run again"
    if differences := code_differences(failed.record.head.code, code):
        yield f"the code changed ({differences})"
