"""Shards: merges the records of the shards of a run into the record that a serial run would have written, byte for byte."""

import dataclasses
import json
import os
from collections import ChainMap
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec import UNSET
from msgspec.structs import asdict, replace

from sop_engine import SopError, load_rulebook
from sop_engine.files import write_atomically
from sop_engine.input_files import read_bytes
from sop_runs.record.code import code_differences, refuse_other_code
from sop_runs.record.driver_calls import all_calls, read_driver_calls, write_driver_calls
from sop_runs.record.durations import DURATIONS, ExampleDurations, read_durations
from sop_runs.record.folder import set_latest
from sop_runs.record.outside_code import merged_outside_code, read_outside_code, write_outside_code
from sop_runs.record.reader import COMPLETE, RECORD, RunRecord, dump, read
from sop_runs.record.schema import Closing, Counts, ScenarioRecord, SelectionRecord
from sop_runs.record.status import NOT_SUPPORTED, ran
from steps.definitions.catalogue import CATALOGUE
from steps.definitions.source_digest import code_of
from steps.language.feature_set import feature_set_of, snapshot
from steps.language.file_names import FEATURES_FOLDER
from steps.language.selection import Selection, shard_of
from steps.run.judge import compared, judge_run
from steps.run.plan import PLAN, Plan, bindings_of_run
from steps.run.runner import RunResult, make_folder, with_outside_code


class MergeError(SopError):
    """Runs that are not the shards of one run."""


def merge(folders: Sequence[Path], out: Path, *, allow_other_code: bool = False) -> RunResult:
    """Merge the shards in *folders* into one run in a new folder below *out*; return it with its verdict.

    The shards must be of one state of the code, also with *allow_other_code*: only then one run could have written the record.

    Raises:
        MergeError: a shard did not end, or *folders* are not all shards of one specification, each once.
        OtherCodeError: the present code differs from that of the shards, and *allow_other_code* is false.
    """
    shards = [_shard_record(folder) for folder in folders]
    record = _merged_record(shards, [folder.as_posix() for folder in folders])
    durations = b"".join(_merged_durations(shards, folders))
    code = code_of(bindings_of_run(folders[0]))
    note = refuse_other_code(folders[0].as_posix(), record.head.code, code, allow=allow_other_code)
    plan = Plan.read(folders[0] / PLAN)
    root = plan.root if plan.root.is_dir() else Path(FEATURES_FOLDER).resolve()  # a shard of another machine: use the features of this one
    selection, contents = _without_shard(plan.selection), snapshot(feature_set_of([root]), [root])
    sentences = read_bytes(folders[0] / CATALOGUE, "run that shard again") if os.path.lexists(folders[0] / CATALOGUE) else None
    outside = merged_outside_code([read_outside_code(shard_folder) for shard_folder in folders])
    run_id, folder = make_folder(out)  # every check that may refuse the shards is above
    write_atomically(folder / RECORD, b"".join(map(dump, record.lines)))
    files = tuple(root / file.relative_to(plan.root) for file in plan.files if file.is_relative_to(plan.root))
    plan = Plan(root, folder / RECORD, files, plan.bindings, selection, plan.limit, plan.surroundings, plan.driver)
    plan.write(folder / PLAN)
    calls = [part for part in map(read_driver_calls, folders) if part is not None]
    about = {
        "run_id": run_id,
        "merged": [shard_folder.name for shard_folder in folders],
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    write_atomically(folder / "about.json", (json.dumps(about, indent=1) + "\n").encode())
    if sentences is not None:
        write_atomically(folder / CATALOGUE, sentences)
    if durations:
        write_atomically(folder / DURATIONS, durations)
    if calls:
        write_driver_calls(all_calls(calls), folder)
    write_outside_code(outside, folder)
    set_latest(out, run_id)
    verdict = judge_run(plan.record, contents, load_rulebook().sha256)  # other code was refused above, or is allowed
    verdict = compared(verdict, record, contents)
    verdict, outside_note = with_outside_code(verdict, folder)
    note = "; ".join(filter(None, (note, outside_note)))
    return RunResult(run_id, folder, plan.root, selection, verdict, plan.bindings, note)


def _without_shard(selection: Selection) -> Selection:
    return dataclasses.replace(selection, shard=None)


def _shard_record(folder: Path) -> RunRecord:
    record = read(folder)
    if not (folder / RECORD).is_file():
        raise MergeError(f"`{folder.as_posix()}` is not a run; name folders that `sop verify --shard` wrote")
    if record.problem is not None:
        raise MergeError(
            f"the run `{folder.as_posix()}` cannot be read from {record.problem[0]} on: {record.problem[1]}; run that shard again"
        )
    if record.manifest is None or record.state != COMPLETE:
        raise MergeError(f"the run `{folder.as_posix()}` did not end; run that shard again")
    if record.manifest.selection is None or not record.manifest.selection.shard:
        raise MergeError(f"the run `{folder.as_posix()}` is not a shard; make the shards with `sop verify --shard 1/N`, `2/N` … `N/N`")
    return record


def _shard_number(shard: RunRecord) -> tuple[int, int]:
    """Return number and count of a shard."""
    selection = shard.head.selection
    return shard_of(str(selection.shard if selection else ""))


def _merged_record(shards: Sequence[RunRecord], names: Sequence[str]) -> RunRecord:
    first = shards[0]
    names_by_number: dict[int, str] = {}
    _, count = _shard_number(first)
    for shard, name in zip(shards, names, strict=True):
        number, of = _shard_number(shard)
        if of != count:
            raise MergeError(f"`{name}` is shard {number}/{of}, but `{names[0]}` is one of {count} shards; merge the shards of one run")
        if number in names_by_number:
            raise MergeError(f"`{name}` and `{names_by_number[number]}` are both shard {number}/{of}; merge each shard once")
        if differences := code_differences(first.head.code, shard.head.code):
            raise MergeError(
                f"`{name}` was made by other code than `{names[0]}`: {differences}; run all shards with one version of the program"
            )
        if _shared_parts(shard) != _shared_parts(first):
            raise MergeError(f"`{name}` and `{names[0]}` are of different specifications or selections; run all shards on the same files")
        names_by_number[number] = name
    missing = [f"{missing_number}/{count}" for missing_number in range(1, count + 1) if missing_number not in names_by_number]
    if missing:
        raise MergeError(f"missing: shard {', '.join(missing)}; merge all shards")
    scenarios = [_executed_copy(copies) for copies in zip(*(shard.scenarios for shard in shards), strict=True)]
    manifest = replace(first.head, selection=_recorded_selection(first), expected=sum(shard.head.expected for shard in shards))
    return RunRecord(manifest, first.rulebook, first.features, scenarios, _merged_closing(shards))


def _merged_closing(shards: Sequence[RunRecord]) -> Closing:
    closings = [shard.closing for shard in shards if shard.closing is not None]
    sums = {name: sum(asdict(closing.counts)[name] for closing in closings) for name in Counts.__struct_fields__}
    return replace(closings[0], counts=Counts(**sums | {"written": closings[0].counts.written}))


def _merged_durations(shards: Sequence[RunRecord], folders: Sequence[Path]) -> Iterator[bytes]:
    """Yield the durations of every example in the order of the record, as lines."""
    durations = ChainMap(*(read_durations(folder, shard) or {} for shard, folder in zip(shards, folders, strict=True)))
    for scenario in shards[0].scenarios:
        if scenario.key in durations:
            yield dump(ExampleDurations(*scenario.key, durations[scenario.key]))


def _shared_parts(shard: RunRecord) -> object:
    """Return the parts of the record that are equal in all shards of a run."""
    manifest = replace(shard.head, selection=_recorded_selection(shard), expected=0)
    return manifest, shard.rulebook, shard.features, [scenario.key for scenario in shard.scenarios]


def _recorded_selection(shard: RunRecord) -> SelectionRecord | None:
    """Return the selection without the shard; None if it selects all."""
    selection = shard.head.selection
    return None if selection is None else Selection.from_record(replace(selection, shard=UNSET)).recorded()


def _executed_copy(copies: Sequence[ScenarioRecord]) -> ScenarioRecord:
    """Return the copy of the shard that ran the example; the first copy if none did."""
    executed = [scenario for scenario in copies if ran(scenario) or scenario.status == NOT_SUPPORTED]
    if len(executed) > 1:
        place = f"{executed[0].feature}:{executed[0].line}"
        raise MergeError(f"{place} ran in more than one shard; run the shards again with one version of the program")
    return executed[0] if executed else copies[0]
