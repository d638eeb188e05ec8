"""The second implementation of the contract, in Node.js: it is started, with faults planted in it, and the specification is run against it."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sop_runs.record.reader import RunRecord, read
from sop_runs.record.schema import ScenarioRecord
from sop_runs.record.status import NOT_RUN, NOT_SUPPORTED, PASSED
from steps.run.runner import DriverOption, RunResult, run
from tests.support.hostile_oms import hostile_oms
from tests.support.npm_tools import node

ROOT = Path(__file__).parents[2]
OMS = ROOT / "tests" / "double" / "oms"
SIMULATED = "simulated_weeks"
"""Folder of the features about simulations."""


@contextmanager
def double(*faults: str, cites: bool = True, recordings: Path | None = None) -> Iterator[str]:
    """Start the server with these faults, by name; yield its address.

    Without *cites* its answers do not say on what they rest. It offers simulations only with a file of *recordings*.
    """
    options = [*["--without-citations"] * (not cites), *(["--recordings", str(recordings)] if recordings else [])]
    with started([node(), str(OMS / "server.mjs"), "--faults", ",".join(faults), *options]) as address:
        yield address


def record_simulations(file: Path, out: Path) -> None:
    """Write to *file* what this project's simulator answers to the requests of all features, as the recordings of the double."""
    with hostile_oms() as server:
        verified(server.url, out, SIMULATED)
    answers = {call.body: call.right for call in server.calls if call.path.endswith("/simulations")}
    recordings = [{"request": json.loads(body), "answer": right} for body, right in answers.items()]
    file.write_text(json.dumps(recordings), encoding="utf-8")


@contextmanager
def started(command: Sequence[str]) -> Iterator[str]:
    """Start a server that prints its address; yield it, and end the server."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def names_of(faults: str) -> list[str]:
    """Return the names of `FAULTS` or `SIMULATION_FAULTS` in `faults.mjs`, or of `FORMS` in `faults_of_form.mjs`."""
    module = "faults_of_form.mjs" if faults == "FORMS" else "faults.mjs"
    code = f"import({json.dumps((OMS / module).as_uri())}).then((all) => console.log(JSON.stringify(Object.keys(all.{faults}))))"
    return list(json.loads(subprocess.run([node(), "-e", code], capture_output=True, text=True, check=True).stdout))


@dataclass(frozen=True, slots=True)
class Verified:
    """The specification, or a part of it, as it was run against a server."""

    result: RunResult
    record: RunRecord

    @property
    def red(self) -> dict[str, str]:
        """The examples that failed, by name and row, each with what it claims otherwise: the facets, and the cell of each in a table."""
        return {self._name(example): _otherwise(example) for example in self.record.scenarios if example.status not in _NOT_RED}

    @property
    def errors(self) -> set[str]:
        """The texts of the errors of all steps."""
        return {step.error.message for example in self.record.scenarios for step in example.steps if step.error}

    def of(self, status: str) -> list[ScenarioRecord]:
        """Return the examples with this status."""
        return [example for example in self.record.scenarios if example.status == status]

    def _name(self, example: ScenarioRecord) -> str:
        if example.row is None:
            return example.name
        [text] = [feature.text for feature in self.record.features if feature.path == example.feature]
        cells = [cell.strip() for cell in text.splitlines()[example.row - 1].strip().strip("|").split("|")]
        return f"{example.name} ({', '.join(cells)})"


_NOT_RED = {PASSED, NOT_SUPPORTED, NOT_RUN}


def _otherwise(example: ScenarioRecord) -> str:
    wrong = [f"{claim.facet} {claim.cell[0]}.{claim.cell[1]}" if claim.cell else claim.facet for claim in example.claims if not claim.holds]
    return ", ".join(dict.fromkeys(wrong)) or example.status


def verified(address: str, out: Path, *features: str, limit: float = 10.0) -> Verified:
    """Run *features*, below the specification, or all of it, against the server at *address*; *limit* is the time limit of a call."""
    paths = [ROOT / "features" / feature for feature in features or [""]]
    result = run(paths, out=out, driver=DriverOption(address, limit))
    return Verified(result, read(out / (out / "latest").read_text(encoding="utf-8").strip() / "run.ndjson"))
