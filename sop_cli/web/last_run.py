"""The last run of the specification as the list of features shows it: the results of each file, and whether they are still true."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from reports.examples.status_marks import Status, status_of_run
from sop_cli.web.context import FEATURES_ROOT, bindings
from sop_engine import SopError, load_rulebook
from sop_runs.record.folder import RUNS, folder_of, latest_of
from sop_runs.record.reader import COMPLETE, RECORD, RunRecord, read
from sop_runs.record.schema import CodeRecord, WrittenScenario
from steps.definitions.source_digest import code_of
from steps.language.document import FeatureFileError, find_features, read_source


def features() -> list[dict[str, Any]]:
    """Return the feature files with the numbers of their results in the last run: those that failed first, then by path.

    *state* is ``current``, ``stale`` if the file, the code or the rulebook changed after the run, or ``not run``; *scenarios* has
    the text of each scenario, for a search.
    """
    record = _record()
    counts: dict[str, Counter[Status]] = {}
    for scenario in record.scenarios if record else ():
        counts.setdefault(scenario.feature, Counter())[status_of_run(scenario)] += 1
    recorded = {feature.path: feature for feature in record.features} if record else {}
    is_current = record is not None and _is_of_this_program(record)
    listed = []
    for file in feature_files():
        source, _ = read_source(file, FEATURES_ROOT)
        name, of_file = source.path, recorded.get(source.path)
        same = is_current and of_file is not None and of_file.sha256 == source.sha256
        results = counts.get(name, Counter())
        listed.append(
            {
                "path": project_path(file),
                "name": (source.document.recorded.name if source.document else "") or name,
                "state": "not run" if of_file is None else "current" if same else "stale",
                "failed": results[Status.FAILED],
                "passed": results[Status.PASSED],
                "other": results.total() - results[Status.FAILED] - results[Status.PASSED],
                "findings": len(of_file.findings) if of_file else 0,
                "scenarios": [
                    {"line": scenario.line, "name": scenario.name, "text": _text_of(scenario)}
                    for scenario in (source.document.recorded.scenarios if source.document else ())
                ],
            }
        )
    return sorted(listed, key=lambda entry: (not (entry["failed"] or entry["findings"]), entry["path"]))


def summary() -> dict[str, Any]:
    """Return the numbers of results of the last run for the header; *missing* is the number of feature files that it has not read.

    *state* is ``current``, ``stale`` if a file, the code or the rulebook changed after it, ``running`` if its record has no end (also of a
    run that was killed), or ``none``.
    """
    record = _record()
    if record is None:
        return {"state": "running" if latest_of(RUNS) else "none", "failed": 0, "passed": 0, "not_run": 0, "missing": 0}
    results = Counter(status_of_run(scenario) for scenario in record.scenarios)
    findings = sum(len(feature.findings) for feature in record.features)
    recorded = {feature.path: feature.sha256 for feature in record.features}
    root = FEATURES_ROOT.absolute()
    present = {file.absolute().relative_to(root).as_posix(): sha256(file.read_bytes()).hexdigest() for file in feature_files()}
    is_true = _is_of_this_program(record) and all(present.get(name) == digest for name, digest in recorded.items())
    return {
        "state": "current" if is_true else "stale",
        "failed": results[Status.FAILED] + findings,
        "passed": results[Status.PASSED],
        "not_run": results[Status.NOT_RUN],
        "missing": len(present.keys() - recorded.keys()),
    }


def project_path(file: Path) -> str:
    """Return the path of *file* in the project, with forward slashes."""
    absolute, here = file.absolute(), Path.cwd()
    return absolute.relative_to(here).as_posix() if absolute.is_relative_to(here) else absolute.as_posix()


def feature_files() -> list[Path]:
    """Return the feature files; none while there are none."""
    try:
        return find_features([FEATURES_ROOT])
    except FeatureFileError:
        return []


def _text_of(scenario: WrittenScenario) -> str:
    """Return what a scenario says, without its name."""
    steps = (f"{step.keyword} {step.text} {step.docstring or ''} {_cells(step.table or [])}" for step in scenario.steps)
    tables = (f"{table.name} {' '.join(table.tags)} {_cells([row.cells for row in table.rows])}" for table in scenario.examples)
    return " ".join([*scenario.tags, scenario.description, *steps, *tables])


def _cells(rows: Iterable[Iterable[str]]) -> str:
    return " ".join(cell for row in rows for cell in row)


def _record() -> RunRecord | None:
    """Return the record of the last run; None if there is none that is complete, or it has the answers of another system."""
    try:
        file = folder_of(None, RUNS) / RECORD
    except SopError:
        return None
    return _read(file, file.stat().st_mtime_ns)


@cache
def _read(file: Path, _: int) -> RunRecord | None:
    record = read(file)
    return record if record.state == COMPLETE and record.head.driver is None else None


def _is_of_this_program(record: RunRecord) -> bool:
    manifest = record.manifest
    return manifest is not None and manifest.rulebook.sha256 == load_rulebook().sha256 and manifest.code == _code()


@cache
def _code() -> CodeRecord:
    return code_of(bindings())
