"""DraftTrial of a draft: the examples that a change affects, run in a temporary copy; the project's folders are not touched."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reports.examples.failure_messages import failure_messages
from reports.examples.status_marks import Status, status_of_run
from sop_cli.web.context import bindings, known_tags, registry
from sop_engine import SopError
from sop_engine.engine import Engine
from sop_runs.problem import Problem
from sop_runs.record.reader import RunRecord, read
from sop_runs.record.schema import FeatureRecord, ScenarioRecord
from sop_runs.record.status import PASSED
from steps.editing.accepted_answers import accepted
from steps.editing.drafts import Draft
from steps.language.formatter import format_text
from steps.run.runner import run

MOST_ROUNDS = 3
"""Times that examples with findings are left out; a finding may appear only when others are left out."""
ATTEMPTS = 2
"""Times that a run whose process is ended from outside, as where the memory is short, is begun."""


@dataclass(frozen=True, slots=True)
class DraftTrial:
    """Results of a trial: the examples that ran, by key, and why the others did not."""

    ran: Mapping[str, ScenarioRecord]
    obstacles: Mapping[str, str]
    record: RunRecord


def trial(draft: Draft, keys: Collection[str]) -> DraftTrial:
    """Run the examples of *draft* with *keys*, as far as they have no findings.

    Raises:
        SopError: the run cannot begin, or did not end.
    """
    path = draft.file.source.path
    obstacles = {example.key: obstacle_text(example.obstacle) for example in draft.examples if example.key in keys and example.obstacle}
    wanted = set(keys) - obstacles.keys()
    for number in range(MOST_ROUNDS):
        text = draft.with_only(wanted, whole_tables=number > 0)  # a rule may compare the rows of a table
        alone = Draft.of(text, path, registry(), known_tags())
        if not alone.findings:
            break
        if not number:
            continue
        blocked = {example.key: obstacle_text(alone.findings[0]) for example in alone.examples if example.obstacle}
        obstacles |= blocked
        wanted -= blocked.keys()
    if alone.findings or not any(example.key in wanted for example in alone.examples):
        return DraftTrial({}, obstacles, RunRecord())
    record = _run(text, path)
    by_place = {(scenario.line, scenario.row): scenario for scenario in record.scenarios}
    pairs = ((example.key, by_place.get((example.example.line, example.example.row))) for example in draft.examples)
    return DraftTrial({key: scenario for key, scenario in pairs if scenario is not None}, obstacles, record)


def obstacle_text(finding: Problem) -> str:
    """Return why an example with *finding* does not run."""
    return f"line {finding.line}: {finding.message}"


def result(scenario: ScenarioRecord) -> dict[str, Any]:
    """Return the result of an example for the page: status, reasons, and the step that did not pass."""
    status = status_of_run(scenario)
    failing = next((f"{step.keyword} {step.text}" for step in scenario.steps if step.status != PASSED), None)
    reasons = list(failure_messages(scenario)) if status in {Status.FAILED, Status.KNOWN} else []
    return {"status": str(status), "reasons": reasons, "step": failing}


def with_accepted_answer(draft: Draft, line: int) -> tuple[str, list[str]]:
    """Return the text in which the failed example at *line* says the engine's answer, and what was changed.

    Raises:
        SopError: the example cannot be run, or cannot say the answer.
    """
    path, document = draft.file.source.path, draft.file.source.document
    meant = [example for example in draft.examples if line in (example.example.row, example.example.line)]
    if document is None or not meant:
        raise SopError("there is no example in this line; correct the findings first")
    if meant[0].obstacle is not None:
        raise SopError(f"this example does not run; {obstacle_text(meant[0].obstacle)}; {meant[0].obstacle.remedy}")
    record = trial(draft, [example.key for example in draft.examples]).record
    whole = FeatureRecord(path, document.sha256, document.text, document.recorded, [])
    new = accepted(replace(record, features=[whole]), Engine.of(), path, line)
    return format_text(new.text, path) if draft.is_formatted else new.text, list(new.notes)


def _run(text: str, path: str) -> RunRecord:
    with TemporaryDirectory(prefix="sop-draft-") as folder:
        file = Path(folder, "features", *path.split("/"))
        file.parent.mkdir(parents=True)
        file.write_bytes(text.encode(errors="surrogatepass"))
        for number in range(ATTEMPTS):
            done = run([Path(folder, "features")], out=Path(folder, "runs", str(number)), bindings=bindings())
            record = read(done.record)
            if record.closing is not None:
                return record
    raise SopError("the trial did not end; try again, and if it happens again, run `sop verify` to see why")
