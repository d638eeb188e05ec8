"""Rule mutants are complete, judged rightly, and none survives the features."""

import json
import os
import random
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import pytest
from msgspec import structs

from sop_cli.main import main
from sop_engine.decision import Decision, Reading
from sop_engine.engine import ENGINE
from sop_engine.errors import ContradictionError
from sop_engine.evaluation import evaluate, statements_of
from sop_engine.mutation import Mutant, changes_of, mutants
from sop_engine.possible_cases import PossibleCase, PossibleDecision
from sop_engine.reader import Rulebook
from sop_engine.returns import QualityCheck, ReturnDecision
from sop_engine.statement import CASE, RETURN, Gap
from sop_engine.verification import SITUATIONS
from sop_runs.mutation_score import Assertions, Score
from sop_runs.record.reader import RunRecord, read
from sop_runs.record.verdict_text import reason_texts
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.driver.in_process import EngineDriver
from steps.generation.proposals import proposal
from steps.language.document import find_features, read_document
from steps.language.examples import Example
from steps.run.executor import execute
from steps.run.runner import run
from tests.support.feature_runs import NOT_STATED
from tests.support.pairs_of_changes import second_order
from tests.support.run_samples import count

FEATURES = Path(__file__).parents[2] / "features"
PROOF = ENGINE.proof
PAIRS = 5000 if "NIGHTLY" in os.environ else 500


pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture(scope="module")
def folder(specification_run: Path) -> Path:
    return specification_run


@pytest.fixture
def record(folder: Path) -> RunRecord:
    return read(folder / "run.ndjson")


@cache
def first_order() -> tuple[Mutant, ...]:
    return tuple(mutants(PROOF))


def score(record: RunRecord) -> Score:
    return Assertions(record, ENGINE.answers).judge(first_order())


def test_no_first_order_mutant_survives_the_features(record: RunRecord) -> None:
    judged = score(record)

    assert [mutant.description for mutant in judged.survived] == []
    assert len(judged.killed) > 900


def test_no_sampled_pair_of_changes_survives(record: RunRecord) -> None:
    judged = Assertions(record, ENGINE.answers).judge(second_order(PROOF, PAIRS, seed=7))

    assert [mutant.description for mutant in judged.survived] == []
    assert len(judged.killed) > PAIRS * 3 // 10


def test_a_return_has_the_gap_that_decides_its_place(record: RunRecord) -> None:
    """Also in the answers of a mutant, so that a claim of the gaps detects only what it is about."""
    passed_unit = (RETURN, Reading.AS_PRACTISED, ("pass",))
    mutant = next(
        mutant
        for mutant in first_order()
        if passed_unit in mutant.answers and all(answer.gaps == ENGINE.answers[key].gaps for key, answer in mutant.answers.items())
    )
    gaps_alone = [
        structs.replace(scenario, claims=[claim for claim in scenario.claims if claim.facet == "gaps"]) for scenario in record.scenarios
    ]

    assert ENGINE.answers[passed_unit].gaps == ("GAP-32", "GAP-42")
    assert Assertions(record, ENGINE.answers).killing_example(mutant) is not None
    assert Assertions(replace(record, scenarios=gaps_alone), ENGINE.answers).killing_example(mutant) is None


def test_every_deciding_sentence_is_changed_in_its_outcome_tasks_and_conditions() -> None:
    result = {change.id for changes in changes_of(PROOF.rulebook) for change in changes}
    left_out = {changes[0].id for changes in changes_of(PROOF.rulebook) if changes[0].new is None}
    deciding = {statement.id for statement in PROOF.rulebook.statements if statement.decides}

    assert left_out == deciding
    assert result == deciding | {gap.id for gap in PROOF.rulebook.gaps if gap.decides}


def test_every_mutant_has_a_description_of_its_own() -> None:
    descriptions = [mutant.description for mutant in first_order()]

    assert len(set(descriptions)) == len(descriptions)


@pytest.mark.parametrize("place", range(0, 1500, 53))
def test_a_mutant_says_of_every_situation_what_its_rulebook_says(place: int) -> None:
    """The bench asks only where something could change; here everything is asked."""
    mutant = first_order()[place]
    book = changed(PROOF.rulebook, mutant)
    answers = {}
    for subject, world in SITUATIONS.items():
        for reading in Reading:
            statements = statements_of(book, reading, subject)
            for facts in world:
                key = (subject, reading, tuple(facts.values()))
                try:
                    answer = evaluate(facts, statements, book, subject, reading)
                except ContradictionError:
                    assert mutant.contradiction
                    return
                if subject == RETURN:
                    answer = ReturnDecision.of(answer, book.gaps, QualityCheck(facts["quality_check"]), reading)
                if answer_parts(answer) != answer_parts(ENGINE.answers[key]):
                    answers[key] = answer_parts(answer)

    assert not mutant.contradiction
    assert {key: answer_parts(answer) for key, answer in mutant.answers.items()} == answers


def answer_parts(answer: object) -> tuple[object, ...]:
    return tuple(getattr(answer, name) for name in ("outcome", "tasks", "clauses", "gaps", "manner"))


def changed(book: Rulebook, mutant: Mutant) -> Rulebook:
    new = {change.id: change.new for change in mutant.changes}

    def kept(statements: tuple) -> tuple:  # type: ignore[type-arg]
        statements_after = [new.get(statement.id, statement) for statement in statements]
        return tuple(entry for entry in statements_after if entry is not None)

    gaps = [new[gap.id] if isinstance(new.get(gap.id), Gap) else gap for gap in book.gaps]
    return replace(book, clauses=kept(book.clauses), gaps=tuple(replace(gap, resolutions=kept(gap.resolutions)) for gap in gaps))


@pytest.mark.parametrize("seed", range(12))
def test_the_claims_and_a_real_run_give_the_same_verdict(seed: int, record: RunRecord) -> None:
    rng = random.Random(seed)  # noqa: S311
    thin = replace(record, scenarios=[example for example in record.scenarios if rng.random() < 0.3])
    mutant = rng.choice([mutant for mutant in first_order() if mutant.answers])
    asked = [example for example in thin.scenarios if {claim.subject.get("kind") for claim in example.claims} <= {CASE, RETURN}]
    keys = {scenario.key for scenario in asked}
    killed = Assertions(replace(thin, scenarios=asked), ENGINE.answers).killing_example(mutant)

    driver = MutantDriver(mutant)
    red = [
        (instance.path, instance.id) for instance in instances() if (instance.path, instance.id) in keys and not passes(instance, driver)
    ]

    assert bool(red) == (killed is not None)
    if killed is not None:
        assert killed.scenario.key in red


@pytest.mark.parametrize("outcome", ["without effect", "fails at packing", "refused"])
def test_an_outcome_that_an_example_does_not_state_is_judged_as_a_run_does(outcome: str, record: RunRecord) -> None:
    """A run wants a Then for a cancellation that is not allowed; the tasks say that it fails at packing."""
    mutant = next(mutant for mutant in first_order() if f"SC-ERP-FULL-2a said `{outcome}`" in mutant.description)
    driver, examples = MutantDriver(mutant), {scenario.key: scenario for scenario in record.scenarios}
    chosen = [instance for instance in instances() if "seller_cancellation/full_erp" in instance.path]

    verdicts = {
        instance.id: (
            passes(instance, driver),
            Assertions(replace(record, scenarios=[examples[instance.path, instance.id]]), ENGINE.answers).killing_example(mutant) is None,
        )
        for instance in chosen
    }

    assert any(not by_run for by_run, _ in verdicts.values())
    assert [name for name, (by_run, by_claims) in verdicts.items() if by_run != by_claims] == []


class MutantDriver(EngineDriver):
    """The engine, with a mutant's answers in the place of its own."""

    def __init__(self, mutant: Mutant) -> None:
        self.answers = mutant.answers

    def decide_possible(self, possible: PossibleCase, reading: Reading) -> PossibleDecision:
        own = super().decide_possible(possible, reading)
        return replace(own, decisions=tuple(map(self.changed, own.decisions)))

    def changed(self, own: Decision) -> Decision:
        answer = self.answers.get((CASE, own.reading, own.case.key))
        return own if answer is None else replace(own, **{part.name: getattr(answer, part.name) for part in fields(answer)})

    def decide_return(self, quality_check: QualityCheck, reading: Reading) -> ReturnDecision:
        own = super().decide_return(quality_check, reading)
        a = self.answers.get((RETURN, reading, (str(quality_check),)))
        return own if a is None else replace(own, tasks=a.tasks, clauses=a.clauses, gaps=a.gaps, notes=a.notes, manner=a.manner)


@cache
def instances() -> tuple[Example, ...]:
    return tuple(instance for file in find_features([FEATURES]) for instance in read_document(file, FEATURES)[0].examples)  # type: ignore[union-attr]


@cache
def registry() -> Registry:
    return Registry.from_modules(built_in_modules())


def passes(instance: Example, driver: MutantDriver) -> bool:
    return execute(instance, registry(), NOT_STATED.__getitem__, driver).status == "passed"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_a_survivor_comes_with_the_example_that_catches_it(seed: int, record: RunRecord, tmp_path: Path) -> None:
    rng = random.Random(seed)  # noqa: S311
    thin = replace(record, scenarios=[scenario for scenario in record.scenarios if rng.random() < 0.5])
    judged = Assertions(thin, ENGINE.answers).judge(first_order())
    mutant = rng.choice([mutant for mutant in judged.survived if any(key[0] == CASE for key in mutant.answers)])
    key = min(key for key in mutant.answers if key[0] == CASE)
    proposed = proposal(thin, mutant, key, ENGINE.answers)

    features = tmp_path / "features"
    features.mkdir()
    if not proposed.path:
        lines = ["Feature: Proposed", "", *proposed.lines]
    else:
        lines = (FEATURES / proposed.path).read_text(encoding="utf-8").splitlines()
        row = proposed.lines[-1]
        same = [there for there in lines if cells(there) == cells(row)]
        lines[proposed.line : proposed.line] = [] if same else [row]  # the very row that the thin run lacked
    (features / "proposed.feature").write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = run([features], out=tmp_path / "runs")

    assert result.verdict.good, (str(proposed), reason_texts(result.verdict), result.verdict.failures)
    assert Assertions(read(result.record), ENGINE.answers).killing_example(mutant), str(proposed)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def status_and_output(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = main(["mutate", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


@pytest.mark.slow
def test_the_command_says_that_all_are_noticed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = status_and_output("--run", str(folder), capsys=capsys)

    assert status == 0
    assert "0 not detected" in out
    assert "the examples detect every change" in out


def without(folder: Path, tmp_path: Path, feature: str) -> Path:
    """The run, had *feature* not been there."""
    lines = [json.loads(line) for line in (folder / "run.ndjson").read_text(encoding="utf-8").splitlines()]
    kept = [line for line in lines if line["type"] != "scenario" or line["feature"] != feature]
    thin = tmp_path / "thin"
    thin.mkdir()
    (thin / "run.ndjson").write_text("".join(json.dumps(line) + "\n" for line in count(kept)), encoding="utf-8")
    return thin


@pytest.mark.slow
def test_surviving_mutants_are_reported_with_the_example_to_add(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    thin = without(folder, tmp_path, "seller_cancellation/partial_rms.feature")
    status, out, _ = status_and_output("--run", str(thin), capsys=capsys)
    assert status == 1
    assert "SC-RMS-PART-1" in out
    assert "every example would still pass; add this example" in out
    assert "not detected" in out

    _, out, _ = status_and_output("--run", str(thin), "--json", capsys=capsys)
    plain = json.loads(out)
    assert len(plain["survivors"]) == plain["first_order"]["survived"] > 0
    assert all(survivor["mutant"] and survivor["place"] and survivor["add"] for survivor in plain["survivors"])


def bad_runs(folder: Path, tmp_path: Path) -> Iterator[tuple[str, str]]:
    raw = (folder / "run.ndjson").read_text(encoding="utf-8").splitlines(keepends=True)
    manifest = json.loads(raw[0])
    other = manifest | {"rulebook": {"name": "x", "sha256": "0"}}
    chosen = manifest | {"selection": {"paths": [], "keyword": "x", "tags": None}}
    for name, lines, reason in (
        ("cut", raw[:-1], "did not finish"),
        ("other", [json.dumps(other) + "\n", *raw[1:]], "used the rulebook `x`, not `clients_v1`"),
        ("chosen", [json.dumps(chosen) + "\n", *raw[1:]], "ran only a selection"),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.ndjson").write_text("".join(lines), encoding="utf-8")
        yield str(tmp_path / name), reason
    yield str(tmp_path / "none"), "is not a run"


def test_a_run_that_cannot_judge_is_one_error(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, reason in bad_runs(folder, tmp_path):
        status, out, err = status_and_output("--run", name, capsys=capsys)
        assert (status, out) == (2, "")
        assert reason in err
        assert err.count("error:") == 1


def test_without_any_run_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)

    status, _, err = status_and_output(capsys=capsys)

    assert status == 2
    assert "run `sop verify` first" in err


def test_a_case_that_is_answered_like_itself_is_refused() -> None:
    circular = [mutant for mutant in first_order() if "answered like itself" in mutant.contradiction]

    assert circular
