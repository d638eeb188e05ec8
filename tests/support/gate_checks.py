"""A gate on a record made of the engine's own answers, and parts of the rulebook that its checks count."""

from collections.abc import Iterable
from dataclasses import replace

import msgspec

from sop_engine import ReturnDecision, load_rulebook
from sop_engine.engine import ENGINE
from sop_engine.loading.words import FACTS_OF
from sop_runs.change.baseline import Baseline
from sop_runs.change.snapshot_changes import Changes
from sop_runs.gate import Gate
from sop_runs.mutation_score import Proposal
from sop_runs.problem import Problem
from sop_runs.record.reader import COMPLETE, RunRecord
from sop_runs.record.schema import (
    Claim,
    Closing,
    CodeRecord,
    Counts,
    Manifest,
    NamedHash,
    RulebookRecord,
    ScenarioRecord,
    StepRecord,
)
from sop_runs.record.verdict import Failure, Verdict

BOOK = load_rulebook()
RULEBOOK = msgspec.convert(BOOK.to_plain(), RulebookRecord)
OPERATIVE = [clause for clause in BOOK.clauses if clause.subject]
CITED = [clause for clause in OPERATIVE if clause.decides and clause.is_citable]
WITH_CASES = [gap for gap in BOOK.gaps if gap.cases]
DECIDING = [gap for gap in WITH_CASES if gap.decides]
WATCHED = [gap for gap in WITH_CASES if not gap.decides and gap.watch]
ADD = "add an example for each"
PROPOSED = Proposal(("| a |", "| b |"), "a.feature", 7)


def claim(subject: str, values: Iterable[str], facet: str, expected: object, reading: str = "as-practised") -> Claim:
    facts = dict(zip(FACTS_OF[subject], values, strict=True))
    return Claim({"kind": subject, "facts": facts}, reading, facet, expected, expected, holds=True, step=0)


def claims_of_the_engine() -> list[Claim]:
    """Every facet of every situation, as the engine answers it."""
    result = []
    for (subject, reading, values), answer in ENGINE.answers.items():
        tasks = None if answer.tasks is None else [task.as_words for task in answer.tasks]
        facets = {"tasks": tasks, "clauses": list(answer.clauses), "gaps": list(answer.gaps)}
        if not isinstance(answer, ReturnDecision):
            facets |= {"outcome": str(answer.outcome)}  # type: ignore[dict-item]
        result += [claim(subject, values, facet, expected, str(reading)) for facet, expected in facets.items()]
    return result


CLAIMS = claims_of_the_engine()
TAGS = tuple(f"@{entry.id}" for entry in (*BOOK.clauses, *BOOK.gaps))
STEP = StepRecord(4, "Then", "b", "then", (), None, None, "passed", None, list(range(len(CLAIMS))))
WHOLE = ScenarioRecord("whole", "a.feature", None, "Whole", None, 3, None, TAGS, "passed", [STEP], CLAIMS)
COUNTS = Counts(1200, 1200, 1200, 1199, 1)


def gate(*scenarios: ScenarioRecord, baseline: Baseline | None = None, changes: Changes | None = None, **verdict: object) -> Gate:
    manifest = Manifest(
        version=2, state="running", reading="as-practised", features={}, rulebook=NamedHash(BOOK.name, BOOK.sha256), code=CodeRecord({}, {}), selection=None,
        written=1, expected=1,
    )  # fmt: skip
    record = RunRecord(manifest, None, [], list(scenarios), Closing(COMPLETE, COUNTS, 0))
    made = Gate(record, replace(Verdict(COMPLETE, COUNTS, ()), **verdict), baseline, lambda *_: PROPOSED)  # type: ignore[arg-type]
    if changes is not None:
        vars(made)["changes"] = changes
    return made


def without_place(code: str, *messages: str, remedy: str = ADD) -> tuple[Problem, ...]:
    return tuple(Problem("", 1, 1, code, message, remedy) for message in messages)


def failure(name: str, line: int, *, row: int | None = None, scenario: int = 2) -> Failure:
    return Failure(str(row), "a.feature", scenario, line, row, None, name, "failed", "Then b", f"{name} is wrong\nand more", "d", "e")
