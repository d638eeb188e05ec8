"""The gate: everything that must hold before a change of the specification goes in, each with its own line and remedy."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, product

from sop_engine import FACTS, Canceller, EInvoice, Invoicing, Reading, Scope, Stage, load_rulebook
from sop_engine.behaviour import Behaviour
from sop_engine.difference import regions
from sop_engine.engine import ENGINE
from sop_engine.mutants import Mutant, mutants
from steps.asserting import asserting
from steps.baseline import Baseline, Moved, examples_of, moved
from steps.green import Line, Record, Verdict, outlines
from steps.mutation import Assertions, Score, suggestion

ELSEWHERE = ("did not pass", "expected to fail", "in the feature files")
"""What the reasons of a verdict say that other checks tell with its place."""
NAMED = (Stage.FULFILLABLE, Stage.PROCESSING, Stage.PACKED)
"""The stages that the SOP names; its cases must be asserted in every facet."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that the gate has against the change; *path* and *line* say where it can be mended."""

    message: str
    path: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True)
class Check:
    """One condition: a code that never changes its meaning, what was found, and what to do.

    One that *waits* cannot be judged for what other checks found; it neither holds nor is anything known against it.
    """

    code: str
    name: str
    told: str
    remedy: str
    troubles: tuple[Trouble, ...] = ()
    waits: bool = False

    @property
    def holds(self) -> bool:
        """Whether it was judged, and nothing is against it."""
        return not self.troubles and not self.waits


@cache
def first_order() -> tuple[Mutant, ...]:
    """Every mutant of the rulebook at hand; it takes a second or two."""
    return tuple(mutants(ENGINE.proof))


@dataclass
class Gate:
    """A run, what was approved, and what they come to."""

    record: Record
    verdict: Verdict
    baseline: Baseline | None
    _claims: list[tuple[Line, Line]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._claims = [
            (scenario, claim) for scenario in self.record.scenarios if scenario["status"] == "passed" for claim in scenario["claims"]
        ]

    @property
    def waits(self) -> bool:
        """Whether examples did not pass: they assert nothing, and what is not asserted for that reason would hide why."""
        return bool(self.verdict.failures or self.verdict.findings)

    def checks(self) -> Iterator[Check]:
        """Every check, the cheap ones first."""
        for check in CHECKS:
            yield check(self)

    def lint(self) -> Check:
        """The feature files say what they seem to say."""
        troubles = [
            Trouble(f"{each['rule']}: {each['message']}; {each['remedy']}", each["path"], each["line"]) for each in self.verdict.findings
        ]
        return Check("lint", "feature files", _count(len(troubles), "finding"), "mend what `sop lint` says", tuple(troubles))

    def complete(self) -> Check:
        """All of it ran."""
        counts = self.verdict.counts
        reasons = [
            reason.replace("during the run", "since the run began")
            for reason in self.verdict.reasons
            if not any(words in reason for words in ELSEWHERE)
        ]
        if self.record.manifest is not None and self.record.manifest["selection"] is not None:
            reasons.append(f"only a selection ran, {counts.executed:,} of {_count(counts.written, 'example')}")
        told = f"{counts.written:,} written, {counts.executed:,} executed"
        return Check("complete", "completeness", told, "run `sop verify` without a selection, to its end", tuple(map(Trouble, reasons)))

    def passed(self) -> Check:
        """It is as written."""
        failures = self.verdict.failures
        troubles = [
            Trouble(f"{first.name}: {first.message.splitlines()[0]}{_rows_too(others)}", first.path, first.line)
            for first, *others in outlines(failures)
        ]
        known = f", {_count(len(self.verdict.known), 'known failure')}" if self.verdict.known else ""
        told = f"{self.verdict.counts.passed:,} passed, {_count(len(failures), 'failure')}{known}"
        return Check("passed", "examples", told, "mend the rulebook or the feature, whichever is wrong", tuple(troubles))

    def clauses(self) -> Check:
        """Every operative sentence has an example that rests on it."""
        if self.waits:
            return _waiting("clauses", "sentences of the SOP")
        cited = {identifier for _, claim in self._claims if claim["facet"] == "clauses" for identifier in claim["expected"]}
        tagged = self._tagged()
        operative = [clause for clause in load_rulebook().clauses if clause.subject]
        idle = [
            clause
            for clause in operative
            if clause.id not in tagged or (clause.decides and clause.says_something and clause.id not in cited)
        ]
        return _coverage("clauses", "sentences of the SOP", len(operative), [f"{clause.id}: {clause.text}" for clause in idle])

    def gaps(self) -> Check:
        """Every gap that has cases is asserted, and every one with cases has an example."""
        if self.waits:
            return _waiting("gaps", "gaps with cases")
        cited = {identifier for _, claim in self._claims if claim["facet"] == "gaps" for identifier in claim["expected"]}
        tagged = self._tagged()
        asked = [gap for gap in load_rulebook().gaps if gap.cases]
        idle = [gap for gap in asked if gap.id not in tagged or (gap.decides and gap.id not in cited)]
        return _coverage("gaps", "gaps with cases", len(asked), [f"{gap.id}: {gap.title}" for gap in idle])

    def cases(self) -> Check:
        """Every case of the stages that the SOP names is asserted in every facet."""
        if self.waits:
            return _waiting("cases", "answers of the named stages")
        wanted = [
            (facet, tuple(map(str, values)))
            for facet in ("outcome", "tasks", "clauses", "gaps")
            for values in product(Canceller, Scope, Invoicing, NAMED, EInvoice)
        ]
        asserted = {
            (claim["facet"], tuple(claim["subject"]["facts"][name] for name in FACTS))
            for _, claim in self._claims
            if claim["subject"].get("kind") == "case" and claim["reading"] == Reading.AS_PRACTISED
        }
        idle = [f"nobody says the {facet} of {' / '.join(values)}" for facet, values in wanted if (facet, values) not in asserted]
        every = len({values for _, values in asserted})
        check = _coverage("cases", "answers of the named stages", len(wanted), idle)
        return Check(check.code, check.name, f"{check.told}; {every} of 256 cases are spoken of", check.remedy, check.troubles)

    def mutation(self) -> Check:
        """Every change of the rulebook turns an example red."""
        if self.waits:
            return _waiting("mutation", "changes of the rulebook")
        assertions = Assertions(self.record, ENGINE.proof.answers)
        score = assertions.judge(first_order())
        troubles = map(self._unnoticed, score.survived)
        return Check("mutation", "changes of the rulebook", _told(score), "add the examples that `sop mutate` proposes", tuple(troubles))

    def behaviour(self) -> Check:
        """The answers are those that were approved."""
        if self.baseline is None:
            return _without_baseline("behaviour", "answers")
        found = regions(self.baseline.behaviour, Behaviour.of(ENGINE))
        troubles = []
        for region in found:
            places = asserting(self.record, region, 1)
            where = " / ".join(" or ".join(values) for values in region.facts.values())
            said = f"the {' and the '.join(region.parts)} of {where} changed, {str(region.reading).replace('-', ' ')}"
            troubles.append(Trouble(said, *((places[0].path, places[0].line) if places else ())))
        told = f"{sum(region.size for region in found)} of {len(self.baseline.behaviour.rows)} answers changed"
        return Check(
            "behaviour",
            "answers",
            told,
            "look at `sop diff approved/behaviour.json`; if that is what you want, `sop approve`",
            tuple(troubles),
        )

    def examples(self) -> Check:
        """No approved example vanished or says something else."""
        if self.baseline is None:
            return _without_baseline("examples", "approved examples")
        now = examples_of(self.record)
        found = list(moved(self.baseline.examples, now))
        lines = {(each["feature"], each["id"]): each["row"] or each["line"] for each in self.record.scenarios}
        troubles = []
        for (_, said), (first, *others) in groupby(found, key=lambda each: (each.was.feature, _said(each))):
            place = (first.now.feature, lines[first.now.feature, first.now.id]) if first.now else (first.was.feature,)
            troubles.append(Trouble(f"{said}{_rows_too(others)}", *place))
        new = len(now.keys() - self.baseline.examples.keys()) - sum(each.kind == "renamed" for each in found)
        told = f"{len(self.baseline.examples)} approved, {len(found)} of them not as they were, {new} new"
        return Check("examples", "approved examples", told, "if that is what you want, `sop approve`", tuple(troubles))

    def _tagged(self) -> set[str]:
        return {tag[1:] for scenario in self.record.scenarios if scenario["status"] == "passed" for tag in scenario["tags"]}

    def _unnoticed(self, mutant: Mutant) -> Trouble:
        found = suggestion(self.record, mutant, ENGINE.proof.answers)
        add = f"add `{found.lines[-1]}` below" if found.path else "`sop mutate` shows the scenario to add"
        return Trouble(f"if {mutant.says}, every example would still pass; {add}", found.path, found.line)


CHECKS: Sequence[Callable[[Gate], Check]] = (
    Gate.lint, Gate.complete, Gate.passed, Gate.clauses, Gate.gaps, Gate.cases, Gate.behaviour, Gate.examples, Gate.mutation,
)  # fmt: skip


def _coverage(code: str, name: str, total: int, idle: Iterable[str]) -> Check:
    troubles = tuple(map(Trouble, idle))
    return Check(code, name, f"{total - len(troubles):,} of {total:,} asserted by passed examples", "add an example for each", troubles)


def _waiting(code: str, name: str) -> Check:
    return Check(code, name, "not judged until every example passes", "mend what the other checks say", waits=True)


def _without_baseline(code: str, name: str) -> Check:
    return Check(
        code, name, "nothing is approved yet", "approve the present behaviour with `sop approve`", (Trouble("there is no baseline"),)
    )


def _rows_too(others: Sequence[object]) -> str:
    """That the other rows of an outline have the same trouble."""
    return f"; and {_count(len(others), 'row')} more" if others else ""


def _said(each: Moved) -> str:
    return f"{each.kind}: {each.was.name}{_difference(each)}"


def _difference(each: Moved) -> str:
    """What tells an example that is not as approved from the others of its name: its new name, or what it said."""
    if each.kind == "renamed" and each.now is not None:
        return f", now {each.now.name}"
    kept = {step[1] for step in each.now.steps or ()} if each.now is not None else set()
    lost = [text for kind, text, *_ in each.was.steps or () if text not in kept and (each.now is not None or kind == "given")]
    return f" ({'; '.join(lost)})" if lost else ""


def _told(score: Score) -> str:
    counted = len(score.killed) + len(score.survived)
    return f"{len(score.killed):,} of {counted:,} caught, {len(score.refused):,} refused, {len(score.equivalent):,} equivalent"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
