"""Merging: the shards of a run as the one record that a serial run would have written, byte for byte."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sop_engine import SopError, load_rulebook
from sop_engine.run_record import Counts
from steps.green import COMPLETE, judge, lines_of
from steps.plan import Plan
from steps.recorder import dump
from steps.run import RunResult, make_folder
from steps.scope import FEATURES, read_again, scope_of
from steps.selection import Selection, shard_of
from steps.whole import write_whole

Line = dict[str, Any]
NOT_RUN = "not-run"


class MergeError(SopError):
    """Runs that are not the shards of one."""


def merge(folders: Sequence[Path], out: Path) -> RunResult:
    """The shards in *folders* as one run in a folder of its own below *out*, judged like any other.

    Raises:
        MergeError: one of them did not end, or they are not all the shards of one specification, each once.
    """
    shards = [_shard(folder) for folder in folders]
    lines = _merged(shards, [folder.as_posix() for folder in folders])
    plan = Plan.read(folders[0] / "plan.json")
    root = plan.root if plan.root.is_dir() else Path(FEATURES).resolve()  # a shard of another machine: the features are those here
    selection, now = _whole(plan.selection), read_again(scope_of([root]), [root])
    run_id, folder = make_folder(out)  # from here on nothing can be refused any more
    write_whole(folder / "run.ndjson", b"".join(map(dump, lines)))
    files = tuple(root / file.relative_to(plan.root) for file in plan.files if file.is_relative_to(plan.root))
    plan = Plan(root, folder / "run.ndjson", files, plan.bindings, selection, plan.limit)
    plan.write(folder / "plan.json")
    about = {"run_id": run_id, "merged": [each.name for each in folders], "finished": datetime.now(UTC).isoformat(timespec="seconds")}
    write_whole(folder / "about.json", (json.dumps(about, indent=1) + "\n").encode())
    if (folders[0] / "steps.json").is_file():
        write_whole(folder / "steps.json", (folders[0] / "steps.json").read_bytes())
    write_whole(out / "latest", f"{run_id}\n".encode())
    return RunResult(run_id, folder, plan.root, selection, judge(plan.record, now, load_rulebook().sha256))


def _whole(selection: Selection) -> Selection:
    return Selection(selection.paths, selection.keyword, selection.tags)


def _shard(folder: Path) -> list[Line]:
    try:
        raw = (folder / "run.ndjson").read_bytes()
    except OSError as error:
        raise MergeError(f"`{folder.as_posix()}` is no run ({error.strerror}); name folders that `sop verify --shard` wrote") from None
    lines, torn = lines_of(raw)
    kinds = [line["type"] for line in lines]
    complete = not torn and kinds[:1] == ["manifest"] and kinds[-1:] == ["closing"] and lines[-1]["state"] == COMPLETE
    shard = (lines[0]["selection"] or {}).get("shard") if complete else None
    if not complete:
        raise MergeError(f"the run `{folder.as_posix()}` did not come to its end; run that shard again")
    if shard is None:
        raise MergeError(f"the run `{folder.as_posix()}` is no shard; run `sop verify --shard 1/N` to N/N")
    return lines


def _merged(shards: Sequence[list[Line]], names: Sequence[str]) -> list[Line]:
    first = shards[0]
    seen: dict[int, str] = {}
    _, count = shard_of(first[0]["selection"]["shard"])
    for lines, name in zip(shards, names, strict=True):
        mine, of = shard_of(lines[0]["selection"]["shard"])
        if of != count:
            raise MergeError(f"`{name}` is shard {mine}/{of}, and `{names[0]}` is one of {count}; merge shards of one run")
        if mine in seen:
            raise MergeError(f"`{name}` and `{seen[mine]}` are both shard {mine}/{of}; merge each shard once")
        if _common(lines) != _common(first):
            raise MergeError(f"`{name}` and `{names[0]}` are of different specifications or selections; run all shards on the same files")
        seen[mine] = name
    missing = [f"{k}/{count}" for k in range(1, count + 1) if k not in seen]
    if missing:
        raise MergeError(f"shard {', '.join(missing)} is missing; merge all of them")
    scenarios = [_of_one(each) for each in zip(*([line for line in lines if line["type"] == "scenario"] for lines in shards), strict=True)]
    manifest = {**first[0], "selection": _selection(first[0]["selection"]), "expected": sum(lines[0]["expected"] for lines in shards)}
    counts = {name: sum(lines[-1]["counts"][name] for lines in shards) for name in Counts.__annotations__}
    closing = {**first[-1], "counts": {**counts, "written": first[-1]["counts"]["written"]}}
    return [manifest, *(line for line in first[1:] if line["type"] not in {"scenario", "closing"}), *scenarios, closing]


def _common(lines: list[Line]) -> object:
    """What all shards of a run have in common."""
    manifest = {name: value for name, value in lines[0].items() if name not in {"selection", "expected"}}
    told = [line if line["type"] != "scenario" else (line["feature"], line["id"]) for line in lines[1:-1]]
    return manifest, _selection(lines[0]["selection"]), told


def _selection(shard: Line) -> Line | None:
    rest = {name: value for name, value in shard.items() if name != "shard"}
    return rest if any(value is not None for value in rest.values()) else None


def _of_one(told: Sequence[Line]) -> Line:
    """What the shard tells that ran it; what none ran has not run."""
    ran = [line for line in told if line["status"] != NOT_RUN]
    if len(ran) > 1:
        raise MergeError(
            f"{ran[0]['feature']}:{ran[0]['line']} ran in more than one shard; run the shards again with one version of the program"
        )
    return ran[0] if ran else told[0]
