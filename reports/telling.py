"""What a run says of itself, in sentences."""

from collections.abc import Mapping, Sequence

from reports.status import KNOWN_FAILURE
from reports.words import say
from sop_engine.run_record import Claim, Scenario, Step

Results = Mapping[tuple[str, str], Scenario]
"""What ran, by the path of its feature and its id."""

PROBLEMS = {
    "undefined": "no binding knows this sentence",
    "ambiguous": "several bindings match this sentence",
    "broken": "the binding broke",
    "failed": "not so",
}
"""A step's statuses that are bad news, and what they mean where the run left no message."""

_ENOUGH = 4


def messages(run: Scenario) -> tuple[str, ...]:
    """What went wrong in a run, line by line; a run that failed without a word says at least that."""
    lines = [line for step in run["steps"] if step["error"] or step["status"] in PROBLEMS for line in notes(run, step)]
    if run["status"] == "passed" and KNOWN_FAILURE in run["tags"]:
        lines = [f"it passes by now; take {KNOWN_FAILURE} away"]
    if not lines and run["status"] not in ("passed", "not-run"):
        lines = [f"the example is {run['status']}"]
    return shortened(lines)


def notes(run: Scenario, step: Step) -> tuple[str, ...]:
    """What went wrong in a step, line by line: its claims that do not hold, else its message."""
    failing = [claim for claim in claims_of(run, step) if not claim["holds"]]
    # Where single cells differ, the table as a whole differs too: once is enough.
    cells = [claim for claim in failing if claim["cell"]]
    if failing:
        return tuple(_difference(claim) for claim in cells or failing)
    text = step["error"]["message"] if step["error"] else f"{PROBLEMS[step['status']]}: {step['text']}"
    return tuple(line for line in text.splitlines() if line.strip())


def _difference(claim: Claim) -> str:
    expected, actual = say(claim["expected"], claim["facet"]), say(claim["actual"], claim["facet"])
    return f"{claim['facet']}: expected {expected}, found {actual}"


def shortened(lines: Sequence[str]) -> tuple[str, ...]:
    """The first few lines, and how many there are besides."""
    rest = len(lines) - _ENOUGH
    return tuple(lines) if rest <= 1 else (*lines[:_ENOUGH], f"and {rest} more differences")


def claims_of(run: Scenario, step: Step) -> list[Claim]:
    """The claims that a step made."""
    return [run["claims"][index] for index in step["claims"]]
