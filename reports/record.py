"""Reads a run record, checks its structure, and says how far the run came. Standard library only."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn, cast

from reports.errors import ReportError
from sop_engine.checking import problem
from sop_engine.run_record import LINES, Closing, Feature, Manifest, Rulebook, Scenario

RUN_AGAIN = "run `sop verify` again"
_RANK = {"manifest": 0, "rulebook": 1, "feature": 2, "scenario": 3, "closing": 4}


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run, as its record tells it.

    ``state`` is *complete*, *interrupted* (somebody stopped it) or *incomplete* (it stopped without
    a word: no closing line, or a last line torn in the middle). Only *complete* can be good news.
    """

    state: str
    manifest: Manifest
    rulebook: Rulebook | None
    features: tuple[Feature, ...]
    scenarios: tuple[Scenario, ...]
    closing: Closing | None


def read_record(path: Path) -> RunRecord:
    """The record in *path*, a ``run.ndjson`` or the run's folder.

    Raises:
        ReportError: the file cannot be read, a line is not what it should be, or the lines contradict
            each other. A missing end is not an error but a state.
    """
    path = path / "run.ndjson" if path.is_dir() else path
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise ReportError(path.name, f"the run record cannot be read: {reason}", RUN_AGAIN) from error
    return _record(path, raw)


@lru_cache(maxsize=1)
def _record(path: Path, raw: bytes) -> RunRecord:
    """The record in *raw*; the last one is kept, for one run is told in several forms."""
    lines = list(_lines(path, raw))
    if not lines:
        raise ReportError(path.name, "the record is empty", RUN_AGAIN)
    kinds = [line["type"] for line in lines]
    _check_order(path, kinds)
    by_kind = {kind: [line for line in lines if line["type"] == kind] for kind in _RANK}
    closing = cast("list[Closing]", by_kind["closing"])
    record = RunRecord(
        state=closing[0]["state"] if closing else "incomplete",
        manifest=cast("Manifest", lines[0]),
        rulebook=cast("Rulebook", by_kind["rulebook"][0]) if by_kind["rulebook"] else None,
        features=tuple(cast("list[Feature]", by_kind["feature"])),
        scenarios=tuple(cast("list[Scenario]", by_kind["scenario"])),
        closing=closing[0] if closing else None,
    )
    _check_references(path, record)
    return record


def _lines(path: Path, raw: bytes) -> Iterator[dict[str, Any]]:
    pieces = raw.split(b"\n")
    torn = pieces.pop()  # what follows the last line end: nothing, unless the writer was cut off
    closed = False
    for number, piece in enumerate(pieces, 1):
        try:
            line = json.loads(piece, parse_constant=_no_such_number)
        except (ValueError, RecursionError) as error:
            if number == len(pieces) and not torn:
                return  # the last line is rubbish: cut off in the middle, then flushed
            reason = "the line is not JSON"
            raise ReportError(f"{path.name}:{number}", reason, RUN_AGAIN) from error
        checked = _checked(line, f"{path.name}:{number}")
        closed = checked["type"] == "closing"
        yield checked
    if closed and torn:
        raise ReportError(f"{path.name}:{len(pieces) + 1}", "something follows the closing line", RUN_AGAIN)


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(name)


def _checked(line: object, place: str) -> dict[str, Any]:
    kind = line.get("type") if isinstance(line, dict) else None
    if not isinstance(line, dict) or not isinstance(kind, str) or kind not in LINES:
        raise ReportError(place, "the line is of no known type", RUN_AGAIN)
    if kind == "manifest" and line.get("version") != 1:
        reason = f"the record has version {json.dumps(line.get('version'))}, this reader knows 1"
        raise ReportError(place, reason, RUN_AGAIN)
    found = problem(line, LINES[kind])
    if found:
        raise ReportError(place, f"in the {kind} line, {found}", RUN_AGAIN)
    return cast("dict[str, Any]", line)


def _check_order(path: Path, kinds: list[str]) -> None:
    if kinds[0] != "manifest":
        raise ReportError(f"{path.name}:1", f"begins with a {kinds[0]} line, expected the manifest", RUN_AGAIN)
    for number, (before, kind) in enumerate(pairwise(kinds), 2):
        single = kind not in ("feature", "scenario")
        if _RANK[kind] < _RANK[before] or (single and kind == before):
            raise ReportError(f"{path.name}:{number}", f"a {kind} line after a {before} line", RUN_AGAIN)
    if len(kinds) > 1 and "rulebook" not in kinds:
        raise ReportError(f"{path.name}:2", "there is no rulebook line", RUN_AGAIN)


def _check_references(path: Path, record: RunRecord) -> None:
    """Every scenario belongs to a feature, is told once, and points at claims that exist."""
    features = {feature["path"] for feature in record.features}
    seen: set[tuple[str, str]] = set()
    first = 2 + len(record.features)
    for number, scenario in enumerate(record.scenarios, first + 1):
        place = f"{path.name}:{number}"
        if scenario["feature"] not in features:
            raise ReportError(place, "the scenario belongs to a feature that has no line", RUN_AGAIN)
        key = scenario["feature"], scenario["id"]
        if key in seen:
            raise ReportError(place, "the scenario is told twice", RUN_AGAIN)
        seen.add(key)
        claims = len(scenario["claims"])
        if any(not 0 <= index < claims for step in scenario["steps"] for index in step["claims"]):
            raise ReportError(place, "a step points at a claim that is not there", RUN_AGAIN)
        if any(claim["cell"] is not None and len(claim["cell"]) != len(("row", "column")) for claim in scenario["claims"]):
            raise ReportError(place, "the cell of a claim is not a row and a column", RUN_AGAIN)
    if record.closing and features != set(record.manifest["features"]):
        raise ReportError(path.name, "the features differ from those of the manifest", RUN_AGAIN)
