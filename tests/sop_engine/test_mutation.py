"""Mutants of a rulebook, each against a plain restatement of its changes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from sop_engine import Modality, Outcome, Rulebook, Task, TaskKey, Timing
from sop_engine.errors import ContradictionError
from sop_engine.evaluation import evaluate, statements_of
from sop_engine.mutation import Change, Mutant, changes_of, mutants
from sop_engine.returns import QualityCheck, ReturnDecision
from sop_engine.statement import CASE, RETURN, Gap, Statement, When
from sop_engine.verification import Proof, prove
from tests.support.pairs_of_changes import second_order
from tests.support.small_rulebook import WORDS, small_rulebook, statement


@pytest.fixture
def _small_situations(monkeypatch: pytest.MonkeyPatch) -> None:
    worlds = {
        subject: tuple(dict(zip(facts, values, strict=True)) for values in product(*facts.values())) for subject, facts in WORDS.items()
    }
    for module in ("verification", "mutation"):
        monkeypatch.setattr(f"sop_engine.{module}.SITUATIONS", worlds)
    monkeypatch.setattr("sop_engine.mutation.FACTS_OF", WORDS)
    monkeypatch.setattr("sop_engine.mutation._DETOURS", [{"stage": word} for word in WORDS[CASE]["stage"]])


@pytest.fixture
def proof(_small_situations: None) -> Proof:
    """The small rulebook, proved in its small world."""
    return prove(small_rulebook())


def test_every_first_order_change_is_said_in_words(proof: Proof) -> None:
    descriptions: dict[str, list[str]] = {}
    for changes in changes_of(proof.rulebook):
        descriptions.setdefault(changes[0].id, []).append(
            " & ".join(f"{change.id} {change.description}" for change in changes).removeprefix(f"{changes[0].id} ")
        )
        assert all(change.location == f"x:{change.id}" for change in changes)

    others = "`{}`, not `refused`"
    assert descriptions["C-1"] == [
        *(f"said {others.format(outcome)}" for outcome in ("allowed", "fails on screen", "fails at packing", "without effect")),
        "left the outcome open",
        *(
            f"asked for {key} too"
            for key in ("ask-ajio-to-cancel", "cancel-in-assure", "download-report", "credit-note", "share-credit-note")
        ),
        "did not cover scope full",
        "did not cover scope partial",
        "also covered stage two",
        "also covered stage three",
        "did not ask for stage",
        "were left out",
        "said what C-2 says & C-2 said what C-1 says",
    ]
    instead = ("ask-ajio-to-cancel", "cancel-in-assure", "download-report", "share-credit-note")
    assert descriptions["C-2"] == [
        *(f"said `{outcome}`, not `allowed`" for outcome in ("refused", "fails on screen", "fails at packing", "without effect")),
        "left the outcome open",
        "asked for nothing",
        "were silent on tasks",
        "asked in the reverse order",
        "did not ask for credit-note",
        "said may credit-note, not must",
        "said need-not credit-note, not must",
        "said credit-note when packing fails, not now",
        *(f"asked for {key} instead of credit-note" for key in instead),
        "did not ask for grn",
        "said may grn, not must",
        "said need-not grn, not must",
        "said grn when packing fails, not now",
        *(f"asked for {key} instead of grn" for key in instead),
        *(f"asked for {key} too" for key in instead),
        "did not cover scope full",
        "did not cover scope partial",
        "also covered stage one",
        "also covered stage three",
        "did not ask for stage",
        "did not say `by hand`",
        "were left out",
        "said what C-3 says & C-3 said what C-2 says",
    ]
    assert descriptions["C-3"][:4] == ["asked for nothing", "were silent on tasks", "said may grn, not must", "said need-not grn, not must"]
    assert descriptions["C-3"][-6:] == [
        "also covered scope full",
        "also covered stage one",
        "also covered stage three",
        "did not ask for stage",
        "was not over C-2",
        "were left out",
    ]
    assert descriptions["R-1"][-4:] == [
        "also covered quality_check fail",
        "also covered quality_check missing",
        "did not ask for quality_check",
        "were left out",
    ]
    assert descriptions["GAP-01.1"] == [
        "did not cover scope full",
        "did not cover scope partial",
        "also covered stage one",
        "also covered stage two",
        "did not ask for stage",
        "answered like one, not two",
        "answered like three, not two",
        "were left out",
    ]
    assert descriptions["GAP-01"] == [
        "did not cover scope full",
        "did not cover scope partial",
        "also covered stage one",
        "also covered stage two",
        "did not ask for stage",
        "did not leave the outcome open",
        "did not leave the tasks open",
    ]
    assert descriptions["GAP-02"] == [
        "also covered quality_check pass",
        "did not cover quality_check fail",
        "did not cover quality_check missing",
    ]
    assert descriptions.keys() == {"C-1", "C-2", "C-3", "R-1", "GAP-01.1", "GAP-01", "GAP-02", "GAP-04"}


def test_a_sentence_that_rests_on_another_or_is_an_alternative_is_changed_in_that_too() -> None:
    later = Task(Modality.MAY, TaskKey("grn"), "a", "b", Timing.WHEN_PACKING_FAILS, TaskKey("inward-po"))
    book = replace(small_rulebook(), clauses=(statement("C-1", outcome=Outcome.REFUSED, tasks=(later,), rests_on="C-0"),), gaps=())
    made = {change.description: change.new for (change,) in changes_of(book)}

    def tasks(text: str) -> object:
        result = made[text]
        return result.tasks if isinstance(result, Statement) else None

    assert tasks("said grn now, not when packing fails") == (replace(later, when=Timing.NOW),)
    assert tasks("said grn beside inward-po, not instead of it") == (replace(later, instead_of=None),)
    apart = made["did not rest on C-0"]
    assert isinstance(apart, Statement)
    assert apart.rests_on == ""


def statement_after(text: str, old: Statement | Gap, book: Rulebook) -> Statement | Gap | None:  # noqa: C901, PLR0911 (one branch a sentence)
    """The statement or gap after a change, computed from the words of the change."""
    words = text.replace("`", "").replace(",", "").split()
    words_of = WORDS[old.subject]
    if words[:2] in (["did", "not"], ["also", "covered"]) and words[-2] in words_of:
        facts = dict(old.when.facts) if old.when is not None else {}
        covered = facts.get(words[-2], frozenset(words_of[words[-2]]))
        return replace(old, when=When({**facts, words[-2]: covered | {words[-1]} if words[0] == "also" else covered - {words[-1]}}))
    if text.startswith("did not ask for") and words[-1] in words_of:
        assert old.when is not None
        return replace(old, when=When({fact: values for fact, values in old.when.facts.items() if fact != words[-1]}))
    if isinstance(old, Gap):
        return replace(old, leaves_open=tuple(part for part in old.leaves_open if part != words[-2]))
    if text.startswith("said what"):
        other = next(statement for statement in book.statements if statement.id == words[2])
        return replace(old, outcome=other.outcome, tasks=other.tasks, manner=other.manner, like=other.like)
    if text.startswith("said `"):
        return replace(old, outcome=Outcome(text.split("`")[1]))
    plain = {
        "left the outcome open": {"outcome": None},
        "asked for nothing": {"tasks": ()},
        "were silent on tasks": {"tasks": None},
        "asked in the reverse order": {"tasks": tuple(reversed(old.tasks or ()))},
        "did not say `by hand`": {"manner": ""},
        "was not over C-2": {"over": tuple(over for over in old.over if over != "C-2")},
        "was not over C-1": {"over": tuple(over for over in old.over if over != "C-1")},
    }
    if text in plain:
        return replace(old, **plain[text])
    if text.startswith("answered like"):
        return replace(old, like={"stage": words[2]})
    if text.startswith("did not ask for"):
        return replace(old, tasks=tuple(task for task in old.tasks or () if task.task != words[-1]))
    if words[-1] == "too":
        return replace(old, tasks=(*(old.tasks or ()), Task(Modality.MUST, TaskKey(words[2]), "client", "ERP")))
    if words[-2:] == ["not", "now"]:
        later = Timing.WHEN_PACKING_FAILS
        return replace(old, tasks=tuple(replace(t, when=later) if t.task == words[1] else t for t in old.tasks or ()))
    if words[0] == "said":
        return replace(old, tasks=tuple(replace(t, modality=Modality(words[1])) if t.task == words[2] else t for t in old.tasks or ()))
    if "instead" in words:
        return replace(old, tasks=tuple(replace(t, task=TaskKey(words[2])) if t.task == words[-1] else t for t in old.tasks or ()))
    assert text == "were left out"
    return None


def test_every_change_does_what_it_says(proof: Proof) -> None:
    book = proof.rulebook
    twice = replace(book.clauses[4], over=("C-1", "C-2", "R-1"))
    book = replace(book, clauses=(*book.clauses[:4], twice, *book.clauses[5:]))
    records: dict[str, Statement | Gap] = {**{g.id: g for g in book.gaps}, **{s.id: s for s in book.statements}}
    for changes in changes_of(book):
        for change in changes:
            if change.description != "was not over R-1":
                assert change.new == statement_after(change.description, records[change.id], book), change.description
                assert change.new is None or all(type(word) is str for word in getattr(change.new, "like", {}).values())


def with_changes(book: Rulebook, changes: Sequence[Change]) -> Rulebook:
    """The rulebook with the changes made in it."""
    new = {change.id: change.new for change in changes}
    clauses = [new.get(clause.id, clause) for clause in book.clauses]
    gaps = []
    for gap in book.gaps:
        resolutions = [new.get(resolution.id, resolution) for resolution in gap.resolutions]
        gaps.append(replace(new.get(gap.id, gap), resolutions=tuple(r for r in resolutions if r is not None)))  # type: ignore[type-var]
    return replace(book, clauses=tuple(c for c in clauses if c is not None), gaps=tuple(gaps))  # type: ignore[arg-type]


def evaluated_in_full(proof: Proof, mutant: Mutant) -> tuple[set[str], dict[Any, Any]]:
    """The contradictions of a mutant and its changed answers, with every situation evaluated."""
    book = with_changes(proof.rulebook, mutant.changes)
    contradictions, answers = set(), {}
    for (subject, reading, values), old in proof.answers.items():
        facts = dict(zip(WORDS[subject], values, strict=True))
        try:
            new = evaluate(facts, statements_of(book, reading, subject), book, subject, reading)
        except ContradictionError as error:
            contradictions.add(str(error))
            continue
        if [getattr(new, part) for part in PARTS] != [getattr(old, part) for part in PARTS]:
            is_return = subject == RETURN
            answers[subject, reading, values] = ReturnDecision.of(new, book.gaps, QualityCheck(values[0]), reading) if is_return else new
    return contradictions, answers


PARTS = ("outcome", "tasks", "clauses", "gaps", "manner")


def checked_mutants(proof: Proof, every: Iterator[Mutant]) -> list[Mutant]:
    """The mutants, each checked against the evaluation of its rulebook."""
    result = []
    for mutant in every:
        contradictions, answers = evaluated_in_full(proof, mutant)
        if mutant.contradiction:
            assert mutant.contradiction in contradictions
            assert not mutant.answers
        else:
            assert not contradictions
            assert mutant.answers == answers
        assert mutant.equivalent == (not contradictions and not answers)
        assert mutant.description == ", and ".join(f"{change.id} {change.description}" for change in mutant.changes)
        result.append(mutant)
    return result


def test_every_mutant_says_what_its_rulebook_says(proof: Proof) -> None:
    actual = checked_mutants(proof, mutants(proof))

    assert [mutant.changes for mutant in actual] == list(changes_of(proof.rulebook))
    kinds = [bool(mutant.contradiction) + 2 * mutant.equivalent for mutant in actual]
    assert set(kinds) == {0, 1, 2}


def test_two_changes_at_once_are_of_two_sentences_and_drawn_from_a_seed(proof: Proof) -> None:
    actual = checked_mutants(proof, second_order(proof, 60))

    assert len(actual) == 60
    assert all(len(mutant.changes) == 2 and mutant.changes[0].id != mutant.changes[1].id for mutant in actual)
    descriptions = [mutant.description for mutant in actual]
    assert descriptions == [mutant.description for mutant in second_order(proof, 60, 1)]
    assert descriptions != [mutant.description for mutant in second_order(proof, 60, 2)]
    assert list(second_order(proof, 0)) == []


def test_a_task_added_is_asked_of_the_one_the_sentence_speaks_to(proof: Proof) -> None:
    for change, *_ in changes_of(proof.rulebook):
        if change.description == "asked for download-report too":
            assert isinstance(change.new, Statement)
            assert change.new.tasks is not None
            assert change.new.tasks[-1] == Task(Modality.MUST, TaskKey("download-report"), "client", "ERP")
