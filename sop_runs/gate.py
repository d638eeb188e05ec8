"""The gate: the checks that a change of the specification must pass, each with a summary and a remedy."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import groupby, product
from pathlib import Path

from sop_engine import EVERY_CASE, Canceller, EInvoice, Invoicing, Reading, Scope, Stage, load_rulebook
from sop_engine.case import FURTHER_STAGES
from sop_engine.comparison import RegionKind
from sop_engine.decision import Answer
from sop_engine.engine import ENGINE
from sop_engine.mutation import Mutant, mutants
from sop_engine.statement import CASE
from sop_engine.text import counted, path_shown
from sop_engine.verification import SituationKey
from sop_engine.versions import with_version
from sop_runs.change.answers import situation_of
from sop_runs.change.baseline import Baseline, approved_folder
from sop_runs.change.change_text import answer_change_text, example_line, reference_line, text_line
from sop_runs.change.snapshot import snapshot_of_baseline, snapshot_of_run
from sop_runs.change.snapshot_changes import Changes, ExampleChange, changes
from sop_runs.change.text_changes import RESULT_KINDS, ChangeKind
from sop_runs.mutation_score import Assertions, Proposal, Score
from sop_runs.problem import Problem
from sop_runs.record.reader import RunRecord
from sop_runs.record.schema import Claim, ScenarioRecord
from sop_runs.record.status import passed
from sop_runs.record.verdict import EXAMPLE_KINDS, UNUSABLE, Verdict, failures_by_outline
from sop_runs.record.verdict_text import counted_examples, other_versions_text, outside_features_text, reason_text

NAMED_STAGES = (Stage.FULFILLABLE, Stage.PROCESSING, Stage.PACKED, *FURTHER_STAGES)
"""The stages that the SOP names, of a later version also those that it adds; every facet of their cases must be asserted."""
APPROVE = "if you want this change, run `sop approve`"


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the gate: a code with a fixed meaning, a summary of the result, and a remedy.

    A *blocked* check was not judged because other checks have problems; it has no problems and does not pass. *notes* are listed and
    close nothing; *all_listed* says that the text lists every problem, not only the first.
    """

    code: str
    name: str
    summary: str
    remedy: str
    problems: tuple[Problem, ...] = ()
    blocked: bool = False
    notes: tuple[Problem, ...] = ()
    all_listed: bool = False

    @property
    def holds(self) -> bool:
        """Return whether it was judged and has no problem."""
        return not self.problems and not self.blocked

    def with_version_option(self) -> "Check":
        """Return it with the version of this process in each command that a remedy names."""
        problems = tuple(problem.with_version_option() for problem in self.problems)
        return replace(
            self, remedy=with_version(self.remedy), problems=problems, notes=tuple(note.with_version_option() for note in self.notes)
        )


@cache
def first_order() -> tuple[Mutant, ...]:
    """Return every mutant of the current rulebook; takes one or two seconds."""
    return tuple(mutants(ENGINE.proof))


@dataclass
class Gate:
    """A run, its verdict, the baseline, and the function that proposes an example to detect a mutant.

    *note* says what was accepted about the run, for the summary of the completeness check. *approved* is the folder of the baseline.
    """

    record: RunRecord
    verdict: Verdict
    baseline: Baseline | None
    propose: Callable[[RunRecord, Mutant, Mapping[SituationKey, Answer]], Proposal]
    note: str = ""
    approved: Path = field(default_factory=approved_folder)
    _passed: list[ScenarioRecord] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._passed = [scenario for scenario in self.record.scenarios if passed(scenario)]

    @cached_property
    def changes(self) -> Changes | None:
        """Return the changes since the approval; None if nothing is approved."""
        if self.baseline is None:
            return None
        return changes(snapshot_of_baseline(self.baseline), snapshot_of_run(self.record, with_table=True))

    @property
    def blocked(self) -> bool:
        """Return whether there are failures or findings: failed examples assert nothing, so that the coverage checks would report gaps that have another cause."""
        return bool(self.verdict.failures or self.verdict.findings)

    def checks(self) -> Iterator[Check]:
        """Yield every check, the fast ones first."""
        for check in GATE_CHECKS:
            yield check(self).with_version_option()

    def lint(self) -> Check:
        """Check that the lint has no findings."""
        findings = self.verdict.findings
        return Check("lint", "feature files", counted(len(findings), "finding"), "correct the findings of `sop lint`", findings)

    def complete(self) -> Check:
        """Check that every example ran."""
        counts, remedy = self.verdict.counts, "run `sop verify` without a selection and without interrupting it"
        if any(reason.kind in UNUSABLE for reason in self.verdict.reasons):
            remedy = "run `sop verify` again, and do not change its record"
        reasons = [reason_text(reason, since=True) for reason in self.verdict.reasons if reason.kind not in EXAMPLE_KINDS]
        if self.verdict.selection is not None:
            reasons.append(f"only a selection ran: {counts.executed:,} of {counted_examples(counts.written)}")
        if self.verdict.not_supported and self.verdict.driver is None:
            remedy = "install the package that `sop verify` names, and run it again"
        if self.verdict.surroundings.beside:
            reasons.append(outside_features_text(self.verdict.surroundings.beside))
            remedy = "move these files into the folder `features`, or away from it"
        left_out = counts.written - counts.executed - len(self.verdict.other_versions) - len(self.verdict.not_supported)
        if left_out > 0 and not reasons:
            reasons.append(f"{counted_examples(left_out)} did not run, because their files have findings")
            remedy = "correct the findings of `sop lint`"
        note = f"; accepted: {self.note}" if self.note else ""
        note += f"; {other_versions_text(len(self.verdict.other_versions))}" if self.verdict.other_versions else ""
        summary = f"{counts.executed:,} of {counted_examples(counts.written)} ran{note}"
        if reasons and counts.executed == counts.written - len(self.verdict.other_versions):
            summary = f"{summary}, but this is not a complete run of the current features"
        return Check(
            "complete", "completeness", summary, remedy, tuple(_problem_without_place("complete", reason, remedy) for reason in reasons)
        )

    def passed(self) -> Check:
        """Check that every example passed, or is a known failure."""
        failures, remedy = self.verdict.failures, "correct the rulebook or the feature file"
        problems = [
            Problem(
                first.path, first.line, 1, "passed", f"{first.name}: {first.message.splitlines()[0]}{_more_rows_text(other_rows)}", remedy
            )
            for first, *other_rows in failures_by_outline(failures)
        ]
        known_failures = f", {counted(len(self.verdict.known_failures), 'known failure')}" if self.verdict.known_failures else ""
        summary = f"{self.verdict.counts.passed:,} passed, {len(failures):,} failed{known_failures}"
        return Check("passed", "examples", summary, remedy, tuple(problems))

    def clauses(self) -> Check:
        """Check that every operative clause has an example that cites it; no answer cites one that an answered gap overrides in all its cases."""
        if self.blocked:
            return _blocked_check("clauses", "clauses of the SOP")
        cited, tagged = self._cited("clauses"), self._tagged()
        answering = {identifier for answer in ENGINE.proof.answers.values() for identifier in answer.clauses}
        operative = [
            clause
            for clause in load_rulebook().clauses
            if clause.subject and (not clause.decides or not clause.is_citable or clause.id in answering)
        ]
        unasserted = [
            clause for clause in operative if clause.id not in tagged or (clause.decides and clause.is_citable and clause.id not in cited)
        ]
        return _coverage_check("clauses", "clauses of the SOP", len(operative), [f"{clause.id}: {clause.text}" for clause in unasserted])

    def gaps(self) -> Check:
        """Check that every gap with cases has an example that cites it; a gap beside a decided answer may be one to watch instead."""
        if self.blocked:
            return _blocked_check("gaps", "gaps with cases")
        cited, tagged = self._cited("gaps"), self._tagged()
        gaps = [gap for gap in load_rulebook().gaps if gap.cases]
        questions = [gap for gap in gaps if gap.id not in tagged and not gap.decides and gap.watch]
        testable = [gap for gap in gaps if gap not in questions]
        unasserted = [gap for gap in testable if gap.id not in tagged or (gap.decides and gap.id not in cited)]
        check = _coverage_check("gaps", "gaps with cases", len(testable), [f"{gap.id}: {gap.title}" for gap in unasserted])
        return replace(check, summary=f"{check.summary}; {counted(len(questions), 'gap')} to watch without an example")

    def cases(self) -> Check:
        """Check that every facet of every case of the named stages is asserted."""
        if self.blocked:
            return _blocked_check("cases", "answers of the named stages")
        wanted = [
            (facet, tuple(map(str, values)))
            for facet in ("outcome", "tasks", "clauses", "gaps")
            for values in product(Canceller, Scope, Invoicing, NAMED_STAGES, EInvoice)
        ]
        asserted = {
            (claim.facet, key[2])
            for claim in self._claims()
            if (key := situation_of(claim)) is not None and key[:2] == (CASE, Reading.AS_PRACTISED)
        }
        unasserted = [
            f"no example asserts the {facet} of {' / '.join(values)}" for facet, values in wanted if (facet, values) not in asserted
        ]
        covered_cases = len({values for _, values in asserted})
        check = _coverage_check("cases", "answers of the named stages", len(wanted), unasserted)
        return replace(check, summary=f"{check.summary}; examples cover {covered_cases} of {len(EVERY_CASE)} cases")

    def mutation(self) -> Check:
        """Check that every change of the rulebook makes an example fail."""
        if self.blocked:
            return _blocked_check("mutation", "changes of the rulebook")
        score = Assertions(self.record, ENGINE.answers).judge(first_order())
        problems, remedy = tuple(map(self._survivor, score.survived)), "add the examples that `sop mutate` proposes"
        return Check("mutation", "changes of the rulebook", _score_line(score), remedy, problems)

    def behaviour(self) -> Check:
        """Check that the answers are the approved ones."""
        if self.baseline is None or self.changes is None:
            return _missing_baseline_check("behaviour", "answers")
        remedy = f"see `sop diff {path_shown(self.approved)}`; {APPROVE}"
        lines = {scenario.key: (scenario.feature, scenario.place) for scenario in self.record.scenarios}
        problems = []
        for change in self.changes.answers:
            path, line = lines[change.examples[0]] if change.examples else ("", 1)
            problems.append(Problem(path, line, 1, "behaviour", answer_change_text(self.changes, change), remedy))
        summary = f"{self.changes.situations} of {len(self.baseline.behaviour.rows)} answers changed"
        for kind in (RegionKind.NEW, RegionKind.GONE):
            summary += f", {number} {kind}" if (number := self.changes.situations_of(kind)) else ""
        return Check("behaviour", "answers", summary, remedy, tuple(problems))

    def wording(self) -> Check:
        """Check that headings, clauses, gaps and descriptions are the approved ones, and no text rests on an answer that changed."""
        name = "headings, clauses, gaps and descriptions"
        if self.changes is None:
            return _missing_baseline_check("wording", name)
        if self.changes.texts_known is None:
            return _uncompared_check("wording", name, "the run has no rulebook")
        texts, references = self.changes.texts, self.changes.references
        problems = [Problem(change.path, change.line, 1, "wording", text_line(change), APPROVE) for change in texts]
        reread = f"read it again and correct it; {APPROVE}"
        problems += [Problem(text.path, text.line, 1, "wording", reference_line(text), reread) for text in references]
        number = self.changes.texts_known + len(self.changes.after.descriptions or ())
        resting = f", {counted(len(references), 'text')} on a changed answer" if references else ""
        return Check("wording", name, f"{len(texts)} of {number} changed{resting}", APPROVE, tuple(problems))

    def examples(self) -> Check:
        """Check that no approved example is gone or changed."""
        if self.baseline is None or self.changes is None:
            return _missing_baseline_check("examples", "approved examples")
        if self.changes.examples_known is None:
            return _uncompared_check("examples", "approved examples", "no approved feature file is left")
        new = [change for change in self.changes.examples if change.kind is ChangeKind.NEW]
        text_changes = [change for change in self.changes.examples if change.kind is not ChangeKind.NEW and change.kind not in RESULT_KINDS]
        problems, notes = (tuple(_named_examples(listed)) for listed in (text_changes, new))
        numbers = {kind: sum(change.kind is kind for change in text_changes) for kind in ChangeKind}
        parts = [f"{number} {kind}" for kind, number in {**numbers, ChangeKind.NEW: len(new)}.items() if number]
        summary = f"{len(self.baseline.examples)} approved, {', '.join(parts) or '0 changed'}"
        return Check("examples", "approved examples", summary, APPROVE, problems, notes=notes, all_listed=True)

    def _claims(self) -> Iterator[Claim]:
        """Return the claims of the examples that passed."""
        return (claim for scenario in self._passed for claim in scenario.claims)

    def _cited(self, facet: str) -> set[str]:
        return {identifier for claim in self._claims() if claim.facet == facet for identifier in claim.expected}

    def _tagged(self) -> set[str]:
        return {tag[1:] for scenario in self._passed for tag in scenario.tags}

    def _survivor(self, mutant: Mutant) -> Problem:
        proposal = self.propose(self.record, mutant, ENGINE.answers)
        add = f"add `{proposal.lines[-1]}` below" if proposal.path else "`sop mutate` shows the scenario to add"
        return Problem(proposal.path, proposal.line, 1, "mutation", f"if {mutant.description}, every example would still pass", add)


GATE_CHECKS: Sequence[Callable[[Gate], Check]] = (
    Gate.lint, Gate.complete, Gate.passed, Gate.clauses, Gate.gaps, Gate.cases, Gate.behaviour, Gate.wording, Gate.examples, Gate.mutation,
)  # fmt: skip


def _named_examples(listed: Iterable[ExampleChange]) -> Iterator[Problem]:
    """Yield a line for each scenario whose examples changed in the same way, with its place."""
    for (_, line), (first, *other_rows) in groupby(listed, key=lambda change: (change.path, example_line(change))):
        yield Problem(first.path, first.line, 1, "examples", f"{line}{_more_rows_text(other_rows)}", APPROVE)


def _coverage_check(code: str, name: str, total: int, unasserted: Iterable[str]) -> Check:
    remedy = "add an example for each"
    problems = tuple(_problem_without_place(code, message, remedy) for message in unasserted)
    return Check(code, name, f"{total - len(problems):,} of {total:,} asserted by passed examples", remedy, problems)


def _blocked_check(code: str, name: str) -> Check:
    return Check(code, name, "not judged until every example passes", "correct the problems of the other checks first", blocked=True)


def _missing_baseline_check(code: str, name: str) -> Check:
    remedy = "save a baseline with `sop approve`"
    return Check(code, name, "nothing is approved yet", remedy, (_problem_without_place(code, "there is no baseline", remedy),))


def _uncompared_check(code: str, name: str, reason: str) -> Check:
    return Check(code, name, "not compared", APPROVE, (_problem_without_place(code, reason, APPROVE),))


def _problem_without_place(code: str, message: str, remedy: str) -> Problem:
    return Problem("", 1, 1, code, message, remedy)


def _more_rows_text(other_rows: Sequence[object]) -> str:
    """Return the number of other rows of an outline with the same problem, as text."""
    return f"; and {counted(len(other_rows), 'more row')}" if other_rows else ""


def _score_line(score: Score) -> str:
    judged = len(score.killed) + len(score.survived)
    return f"{len(score.killed):,} of {judged:,} detected, {len(score.refused):,} refused, {len(score.equivalent):,} equivalent"
