"""Corrupted records and shards of runs, and the functions that judge and merge them."""

import contextlib
import json
import random
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from msgspec import to_builtins

from sop_runs.record.reader import read_record
from sop_runs.record.verdict_text import reason_texts
from steps.definitions.discovery import BindingModules
from steps.definitions.source_digest import code_of
from steps.run.judge import judge_run
from steps.run.shards import merge
from tests.support.fuzzing.damage import DATA, shaken, spoilt
from tests.support.fuzzing.inputs import BrokenPropertyError, Input, put
from tests.support.run_samples import record

SMALL = "Feature: Small\n\n  Scenario: One\n    Given a\n    Then b\n\n  Scenario: Two\n    Then c\n"


@cache
def recorded_lines() -> tuple[Mapping[str, object], ...]:
    """Return the lines of a small run that is good."""
    return tuple(record({"small.feature": SMALL}, {}))


def results(lines: Sequence[Mapping[str, object]]) -> list[tuple[object, ...]]:
    """Return the results of the scenarios of a run."""
    return [(line.get("feature"), line.get("status")) for line in lines if line.get("type") == "scenario"]


def _lines(lines: Sequence[object]) -> bytes:
    """Format lines of JSON as the recorder does."""
    texts = (json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":")) for line in lines)
    return b"".join(text.encode("utf-8", "backslashreplace") + b"\n" for text in texts)


def run_record(rng: random.Random) -> bytes:
    """Return the record of a run, changed in a part, a line or a byte."""
    lines: list[object] = list(recorded_lines())
    match rng.randrange(4):
        case 0:
            at = rng.randrange(len(lines))
            lines[at : at + 1] = rng.choice(([], [lines[at], lines[at]], [lines[-1 - at]]))
        case 1:
            return spoilt(_lines(lines).decode(), rng, DATA)
        case 2:
            raw = _lines(lines)
            return raw[: rng.randrange(len(raw))]
        case _:
            for _ in range(rng.randrange(1, 4)):
                at = rng.randrange(len(lines))
                lines[at] = shaken(lines[at], rng)
    return _lines(lines)


def judges(data: Input, folder: Path) -> object:
    """Check that a record with other results has no good verdict; a reader refuses it or reads it."""
    assert isinstance(data, bytes)
    file = folder / "run.ndjson"
    file.write_bytes(data)
    manifest = recorded_lines()[0]
    verdict = judge_run(file, {"small.feature": SMALL.encode()}, str(manifest["rulebook"]["sha256"]))  # type: ignore[index]
    if verdict.good:
        lines = [json.loads(line) for line in data.splitlines() if line.strip()]
        if sorted(map(str, results(lines))) != sorted(map(str, results(recorded_lines()))):
            raise BrokenPropertyError("good, and it tells other results")
    return reason_texts(verdict), read_record(file).state


@cache
def shards() -> Mapping[str, bytes]:
    """Return two shards of a run, with their plans."""
    plan = {"root": "features", "record": "run.ndjson", "files": ["features"], "bindings": [], "limit": 60.0}
    files: dict[str, bytes] = {"features/small.feature": SMALL.encode()}
    for number, other in ((1, "Two"), (2, "One")):
        selection = {"paths": None, "keyword": None, "tags": None, "shard": f"{number}/2"}
        lines = record({"small.feature": SMALL}, {(other,): {"status": "not-run"}}, selection=selection)
        lines[0]["code"] = to_builtins(code_of(BindingModules(())))
        files[f"{number}/run.ndjson"] = _lines(lines)
        files[f"{number}/plan.json"] = json.dumps({**plan, "selection": selection}).encode()
    return files


def two_shards(rng: random.Random) -> dict[str, bytes]:
    """Return shards of which one file is corrupted."""
    files = dict(shards())
    name = rng.choice(list(files))
    if name.endswith("json") and rng.random() < 0.5:
        lines = files[name].decode().splitlines()
        at = rng.randrange(len(lines))
        lines[at] = json.dumps(shaken(json.loads(lines[at]), rng))
        files[name] = "".join(f"{line}\n" for line in lines).encode()
    else:
        files[name] = spoilt(files[name].decode(), rng, DATA)
    return files


def merges(data: Input, folder: Path) -> object:
    """Merge the shards to a run, unless they are refused."""
    assert isinstance(data, dict)
    put(data, folder)
    with contextlib.chdir(folder):
        return reason_texts(merge([Path("1"), Path("2")], Path("out")).verdict)
