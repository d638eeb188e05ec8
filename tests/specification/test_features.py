"""The specification says enough, says it everywhere, and reads as it should."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sop_engine import EVERY_CASE, FACTS, Case, Reading, Stage, decide, load_rulebook
from sop_engine.statement import CASE, Gap, Statement
from sop_runs.record.schema import Claim
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from tests.support.feature_runs import FEATURES, FILES, read, rules, run

NAMED_BY_THE_SOP = (Stage.FULFILLABLE, Stage.PROCESSING, Stage.PACKED)
OPERATIVE = [clause for clause in load_rulebook().clauses if clause.subject]
GAPS_WITH_CASES = [gap for gap in load_rulebook().gaps if gap.cases]
QUESTIONS = ("GAP-44", "GAP-47", "GAP-48", "GAP-51")
"""Gaps beside settled answers whose readings no example can distinguish: each is a question with what to watch, and has no example."""
DECIDING = [gap for gap in GAPS_WITH_CASES if gap.aspect in ("verdict", "actions")]

AUDIT = "@audit"
"""The tag of examples of audits: what they find rests on the gaps of their tags, whose readings other examples show."""
OUR_CHOICE = re.compile(r"The SOP .*; we (assume that|leave) ")


def test_every_scenario_passes() -> None:
    wrong = [f"{instance.path}:{instance.row or instance.line} {instance.name}" for instance, result in run() if result.status != "passed"]

    assert not wrong, "\n".join(wrong)


def test_every_then_claims_something() -> None:
    """A Then without a claim would be green whatever happened."""
    idle = [
        f"{instance.path}:{step.line} {step.text}"
        for instance, result in run()
        for step, came in zip(instance.steps, result.steps, strict=True)
        if (step.kind == "then") != bool(came.claims)
    ]

    assert not idle


@pytest.mark.parametrize("facet", ["outcome", "tasks", "clauses", "gaps"])
def test_every_case_the_sop_names_is_asserted(facet: str) -> None:
    """96 cases, each with its outcome, its tasks with their modality, and what they rest on."""
    asserted = {facts_of(claim) for claim in claims("case", Reading.AS_PRACTISED) if claim.facet == facet}

    missing = [str(case) for case in EVERY_CASE if case.stage in NAMED_BY_THE_SOP and case.key not in asserted]

    assert not missing


@pytest.mark.parametrize("clause", OPERATIVE, ids=lambda clause: clause.id)
def test_every_operative_clause_has_a_scenario_that_rests_on_it(clause: Statement) -> None:
    tagged = [claim for instance, result in run() if f"@{clause.id}" in instance.tags for claim in result.claims.entries]

    assert any(speaks_of(claim, clause) for claim in tagged)


def test_every_clause_that_decides_is_cited() -> None:
    cited = {
        identifier for _, result in run() for claim in result.claims.entries if claim.facet == "clauses" for identifier in claim.expected
    }

    assert {clause.id for clause in OPERATIVE if clause.decides} <= cited


@pytest.mark.parametrize("gap", GAPS_WITH_CASES, ids=lambda gap: gap.id)
def test_every_gap_with_cases_has_an_example_or_is_a_question_to_watch(gap: Gap) -> None:
    has_example = any(f"@{gap.id}" in instance.tags for instance, _ in run() if AUDIT not in instance.tags)

    assert has_example == (gap.id not in QUESTIONS)
    assert has_example or (gap.watch and not gap.decides)


def test_every_gap_that_is_shown_is_a_rule_that_says_our_choice() -> None:
    """In each file that carries its id on the Feature or a Rule; clauses may share a Rule with a gap."""
    gap_tags = {(file, tag) for file in FILES for tag in read(file).recorded.tags if tag.startswith("@GAP-")}
    for file, tag in gap_tags:
        assert any(OUR_CHOICE.match(rule.name) for rule in rules(file)), (file.name, tag)
    for gap in GAPS_WITH_CASES:
        names = [rule.name for file in FILES for rule in rules(file) if f"@{gap.id}" in rule.tags + read(file).recorded.tags]
        assert gap.id in QUESTIONS or any(OUR_CHOICE.match(name) for name in names), gap.id


@pytest.mark.parametrize("gap", DECIDING, ids=lambda gap: gap.id)
def test_every_gap_that_decides_is_named_as_our_reading(gap: Gap) -> None:
    """And in a scenario that carries its id."""
    named = [
        claim
        for instance, result in run()
        if f"@{gap.id}" in instance.tags
        for claim in result.claims.entries
        if claim.facet == "gaps" and gap.id in claim.expected
    ]

    assert named


@pytest.mark.parametrize("reading", list(Reading))
def test_both_readings_are_shown(reading: Reading) -> None:
    """Where a resolution changes an answer, the silence behind it is shown as well."""
    assert list(claims("case", reading))


@pytest.mark.parametrize("gap", [gap for gap in DECIDING if gap.resolutions], ids=lambda gap: gap.id)
def test_where_we_choose_the_silence_is_shown_too(gap: Gap) -> None:
    """A resolution stands beside what the SOP says without it."""
    claims_of_gap = [claim for instance, result in run() if f"@{gap.id}" in instance.tags for claim in result.claims.entries]

    assert {claim.reading for claim in claims_of_gap} == set(Reading)


def test_what_is_said_as_written_is_tagged_so() -> None:
    for instance, result in run():
        written = {claim.reading for claim in result.claims.entries} == {str(Reading.AS_WRITTEN)}

        assert ("@as-written" in instance.tags) <= written, instance.name


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in NAMED_BY_THE_SOP])
def test_every_heading_is_shown_in_the_stages_the_sop_does_not_name(stage: Stage) -> None:
    """Eight headings in each of the five other stages, as practised and with their gaps."""
    headings = {
        facts_of(claim)[:3] for claim in claims("case", Reading.AS_PRACTISED) if claim.facet == "gaps" and facts_of(claim)[3] == stage
    }

    assert headings == {case.key[:3] for case in EVERY_CASE}


def test_every_sentence_of_the_bindings_is_used() -> None:
    registry = Registry.from_modules(built_in_modules())
    used = {match.definition.place for instance, _ in run() for step in instance.steps for match in registry.match(step.kind, step.text)}

    idle = [str(definition) for definition in registry.definitions if definition.place not in used]

    assert not idle


def test_every_sentence_is_in_the_guide() -> None:
    """And the guide promises none that is not bound."""
    guide = (FEATURES.parent / "docs" / "writing-features.md").read_text(encoding="utf-8")
    promised = re.findall(r"^\| (Given|When|Then) \| (.*?)(?: \*\(table.*)? \|$", guide, re.MULTILINE)

    bound = [(definition.kind.capitalize(), definition.expression) for definition in Registry.from_modules(built_in_modules()).definitions]

    assert sorted(promised) == sorted(bound)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
class TestEveryPage:
    """Each feature file is a page that stands on its own."""

    def test_it_begins_with_prose_and_its_source(self, file: Path) -> None:
        description = read(file).recorded.description

        assert 2 <= len(re.findall(r"[.!?](?:\s|$)", description)) <= 12
        assert "Source:" in description

    def test_it_is_written_in_the_present_and_without_should(self, file: Path) -> None:
        assert not re.search(r"\b(should|shall|will be able|must be able)\b", file.read_text(encoding="utf-8"))

    def test_each_scenario_has_one_when_and_few_steps(self, file: Path) -> None:
        for instance in read(file).examples:
            events = [step for step in instance.steps if step.keyword.strip() == "When" or step.kind == "when"]

            assert len(events) == 1, instance.name
            assert len(instance.steps) <= 10, instance.name

    def test_each_rule_is_a_sentence_of_its_own(self, file: Path) -> None:
        for rule in rules(file):
            assert rule.name[0].isupper()
            assert not rule.name.endswith(".")
            assert len(rule.name.split()) >= 5

    def test_a_gap_is_worded_as_one(self, file: Path) -> None:
        """Which sentence is missing, and what we make of it."""
        for rule in rules(file):
            if AUDIT not in read(file).recorded.tags and rule.tags and all(tag.startswith("@GAP-") for tag in rule.tags):
                assert OUR_CHOICE.match(rule.name), rule.name

    def test_its_background_is_short(self, file: Path) -> None:
        background = read(file).recorded.background

        assert background is None or len(background.steps) <= 2

    def test_its_tables_are_aligned(self, file: Path) -> None:
        for block in re.findall(r"(?:^ *\|.*\n)+", file.read_text(encoding="utf-8"), re.MULTILINE):
            assert len({len(line) for line in block.splitlines()}) == 1, block


def claims(kind: str, reading: Reading) -> Iterator[Claim]:
    for _, result in run():
        for claim in result.claims.entries:
            if claim.subject["kind"] == kind and claim.reading == reading:
                yield claim


def facts_of(claim: Claim) -> tuple[str, ...]:
    return tuple(claim.subject["facts"][name] for name in FACTS)


def speaks_of(claim: Claim, clause: Statement) -> bool:
    """Whether *claim* is about something that *clause* rules on; for a case, one whose answer rests on it."""
    if claim.subject["kind"] != clause.subject:
        return False
    return clause.subject != CASE or clause.id in decide(Case(*facts_of(claim)), Reading(claim.reading)).clauses  # type: ignore[arg-type]
