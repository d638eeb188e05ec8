"""A new engine built from the registers answers as the second opinion does; cases, answers and their words, value by value."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from sop_engine import (
    ENGINE,
    EVERY_CASE,
    FACTS,
    Canceller,
    Case,
    EInvoice,
    Engine,
    Invoicing,
    Modality,
    Outcome,
    QualityCheck,
    Reading,
    Scope,
    Stage,
    Task,
    TaskKey,
    Timing,
    case_from,
    decide,
    decide_each,
    decide_mapping,
    decide_return,
    load_rulebook,
)
from sop_engine.decision import Decision
from sop_engine.decision_table import task_words
from sop_engine.engine import DecisionTable, _lookup_tree
from sop_engine.errors import MissingFactError, NotACaseError, SopError, UnknownFactError, UnknownValueError
from sop_engine.returns import ReturnDecision
from tests.support import oracle

ROOT = Path(__file__).parents[2]
A_CASE = Case(Canceller.SELLER, Scope.FULL, Invoicing.ERP, Stage.PROCESSING, EInvoice.PUSHED)
NOTE = Task(Modality.MUST, TaskKey.CREDIT_NOTE, "client", "ERP")
WORDS = {"canceller": "seller", "scope": "full", "invoicing": "ERP", "stage": "PROCESSING", "e_invoice": "pushed"}


def test_a_new_engine_answers_every_case_and_unit_as_the_second_decision_function_and_as_approved() -> None:
    engine = Engine.of()

    assert engine.rulebook == load_rulebook()
    for reading in Reading:
        assert list(engine.tables[reading]) == [case.key for case in EVERY_CASE]
        for case in EVERY_CASE:
            words = (*map(str, case.key), str(reading))
            decision = engine.decide(case, reading)
            assert decision is engine.tables[reading][case.key]
            assert (decision.case, decision.reading) == (case, reading)
            tasks = None if decision.tasks is None else tuple((str(task.modality), str(task.task)) for task in decision.tasks)
            assert (str(decision.outcome), tasks) == oracle.decide(*words)
            assert (decision.clauses, decision.gaps) == (oracle.clauses(*words), oracle.gaps(*words))
            deciding = {s.id for s in engine.rulebook.statements if s.tasks is not None and not s.like}
            assert decision.tasks_stated == (decision.tasks is not None and bool(_speakers(engine, case, reading) & deciding))
    assert engine.decide(A_CASE).reading is Reading.AS_PRACTISED
    _as_approved(engine)
    assert {key: (r.stock, r.offline_claim, r.by_hand, r.gaps) for key, r in engine.returns.items()} == {
        ("not recorded", "as-written"): (None, False, False, ("GAP-32", "GAP-42")),
        ("pass", "as-written"): (None, False, True, ("GAP-32",)),
        ("fail", "as-written"): (None, False, False, ("GAP-32", "GAP-42")),
        ("missing", "as-written"): (None, False, False, ("GAP-32", "GAP-42")),
        ("not recorded", "as-practised"): (None, False, False, ("GAP-32", "GAP-42")),
        ("pass", "as-practised"): ("saleable", False, True, ("GAP-32", "GAP-42")),
        ("fail", "as-practised"): ("quarantine", True, True, ("GAP-32", "GAP-42")),
        ("missing", "as-practised"): (None, True, True, ("GAP-32", "GAP-42")),
    }
    for (check, reading), unit in engine.returns.items():
        assert (unit.quality_check, unit.reading) == (check, reading)
        assert unit.clauses == engine.proof.answers["return", reading, (str(check),)].clauses


def _speakers(engine: Engine, case: Case, reading: Reading) -> set[str]:
    """The sentences that settle the tasks of *case*: of a gap, its resolutions."""
    named = engine.decide(case, reading).tasks_by
    return {s.id for s in engine.rulebook.statements if s.id in named or s.gap in named}


def _as_approved(engine: Engine) -> None:
    """Compare with what was approved last, unless the registers have changed since."""
    approved = json.loads((ROOT / "approved" / "behaviour.json").read_text(encoding="utf-8"))
    digest = ""
    for name in ("clauses.toml", "gaps.toml"):
        data = (ROOT / "sop_engine" / "rulebook" / "clients_v1" / name).read_bytes()
        digest = hashlib.sha256(digest.encode() + data).hexdigest()
    assert engine.rulebook.sha256 == digest
    if approved["rulebook"]["sha256"] != digest:
        return
    for row in approved["rows"]:
        answer = engine.proof.answers[row["subject"], Reading(row["reading"]), tuple(row["facts"])]
        tasks = None if answer.tasks is None else [list(task_words(task)) for task in answer.tasks]
        assert (str(answer.outcome), tasks, answer.manner) == (row["outcome"], row["tasks"], row["manner"])
        for part in ("clauses", "gaps", "outcome_by", "tasks_by"):
            assert list(getattr(answer, part)) == row[part]
        if row["subject"] == "case":
            decision = engine.tables[Reading(row["reading"])][tuple(row["facts"])]
            assert [getattr(decision, name) for name in ENGINE_PARTS] == [getattr(answer, name) for name in ENGINE_PARTS]
        else:
            unit = engine.returns[QualityCheck(row["facts"][0]), Reading(row["reading"])]
            assert (unit.tasks, unit.by_hand) == (answer.tasks, bool(answer.manner))
            assert set(answer.gaps) <= set(unit.gaps)
            assert (unit.stock or "none", unit.offline_claim) == (row["stock"], row["offline_claim"])


ENGINE_PARTS = ("outcome", "tasks", "clauses", "gaps", "tasks_stated", "outcome_by", "tasks_by", "manner", "notes", "task_by")


def test_an_engine_is_of_the_rulebook_that_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    given = load_rulebook()
    monkeypatch.setattr("sop_engine.engine.read_rulebook", lambda: pytest.fail("it read another"))

    assert Engine.of(given).rulebook is given


def test_the_table_is_the_tree_from_which_words_are_answered() -> None:
    table = ENGINE.tables[Reading.AS_WRITTEN]
    tree = _lookup_tree(table)

    for case in EVERY_CASE:
        canceller, scope, invoicing, stage, e_invoice = map(str, case.key)
        assert tree[canceller][scope][invoicing][stage][e_invoice] is table[case.key]
    assert [len(tree), len(tree["Ajio"]), len(tree["Ajio"]["full"]), len(tree["Ajio"]["full"]["RMS"])] == [2, 2, 2, 8]


def test_a_table_refuses_what_is_no_case_and_misses_what_it_does_not_have() -> None:
    table = ENGINE.tables[Reading.AS_WRITTEN]

    with pytest.raises(UnknownValueError) as unknown:
        table["seller", "full", "ERP", "PAKED", "pushed"]
    assert str(unknown.value) == "unknown stage `PAKED`; did you mean `PACKED`?"
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        table["seller", "full"]
    with pytest.raises(KeyError) as missing:
        DecisionTable()[A_CASE.key]
    assert missing.value.args == (A_CASE.key,)


def test_a_case_is_answered_the_same_however_it_is_asked() -> None:
    for case in EVERY_CASE:
        expected = ENGINE.tables[Reading.AS_PRACTISED][case.key]
        assert decide(case) is expected
        assert decide_mapping(case.facts) is expected
        assert decide_mapping({**case.facts, "order": "A1"}) is expected
        assert decide(case, Reading.AS_WRITTEN) is ENGINE.tables[Reading.AS_WRITTEN][case.key]
        assert ENGINE.decide(case) is expected
    every = [case.facts for case in EVERY_CASE] * 9
    expected_all = [decide_mapping(facts) for facts in every]
    assert list(decide_each(every)) == list(decide_each(iter(every))) == list(decide_each(tuple(every))) == expected_all
    assert list(decide_each([])) == list(decide_each(iter(()))) == []


def test_what_is_a_case_is_looked_up_and_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow way gives the same answers, and is only for what is wrong."""
    monkeypatch.setattr("sop_engine.engine._decide_slowly", lambda _: pytest.fail("it was read"))
    assert all(decide_mapping(case.facts) is decide(case) for case in EVERY_CASE)

    monkeypatch.setattr("sop_engine.engine.decide_mapping", lambda _: pytest.fail("it was asked one by one"))
    every = [case.facts for case in EVERY_CASE]
    assert list(decide_each(every)) == list(decide_each(iter(every))) == list(map(decide, EVERY_CASE))


def test_other_words_that_mean_a_case_are_answered_too() -> None:
    """Members of the vocabularies, and rows that are no dictionaries."""

    class Row(dict[str, str]):
        def __missing__(self, key: str) -> str:
            raise KeyError(key)

    assert decide_mapping(Row(WORDS)) is decide(A_CASE)
    assert decide_mapping(dict(zip(FACTS, A_CASE.key, strict=True))) is decide(A_CASE)


def test_many_are_read_ahead_by_1024_and_no_more() -> None:
    taken = []

    def endless() -> Any:
        while True:
            taken.append(1)
            yield WORDS

    answers = decide_each(endless())
    assert next(answers) is decide(A_CASE)
    assert len(taken) == 1024


NOT_A_CASE = 'a case is an object of five facts, got {}; write it like {{"stage": "PACKED"}}'
STAGES = f"expected one of {', '.join(f'`{stage}`' for stage in Stage)}"
REFUSED: dict[str, tuple[object, type[SopError], str]] = {
    "no mapping": ([WORDS], NotACaseError, NOT_A_CASE.format("a list")),
    "nothing": (None, NotACaseError, NOT_A_CASE.format("null")),
    "a fact is missing": (
        {key: word for key, word in WORDS.items() if key != "scope"},
        MissingFactError,
        "the case has no `scope`; add it with one of `full`, `partial`",
    ),
    "the first of several is missing": ({"order": "A1", "scope": "full"}, MissingFactError, None),
    "a fact is misspelt": (
        {"stge": "PACKED", **{key: word for key, word in WORDS.items() if key != "stage"}},
        UnknownFactError,
        "unknown fact `stge`; did you mean `stage`?",
    ),
    "a word is misspelt": ({**WORDS, "stage": "PAKED"}, UnknownValueError, "unknown stage `PAKED`; did you mean `PACKED`?"),
    "a word is a number": ({**WORDS, "stage": 7}, UnknownValueError, f"stage must be a word, got a number `7`; {STAGES}"),
    "a word is a list": ({**WORDS, "stage": ["PACKED"]}, UnknownValueError, f"stage must be a word, got a list; {STAGES}"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_case_is_refused_in_the_same_words_one_by_one_and_in_bulk(name: str) -> None:
    given, kind, words = REFUSED[name]
    words = words or "the case has no `canceller`; add it with one of `seller`, `Ajio`"
    for ask in (decide_mapping, lambda facts: list(decide_each([WORDS, facts]))):
        with pytest.raises(kind) as refusal:
            ask(given)  # type: ignore[arg-type]
        assert str(refusal.value) == words


def test_a_row_may_have_a_column_like_a_fact_that_it_has() -> None:
    assert decide_mapping({**WORDS, "stages": "x", "scop": "y"}) is decide(A_CASE)
    with pytest.raises(UnknownValueError):
        decide_mapping({**WORDS, "stages": "x", "stage": "PAKED"})
    with pytest.raises(UnknownFactError, match="did you mean `scope`"):
        decide_mapping({"stages": "x", 3: "z", "scop": "y", "canceller": "seller", "stage": "PACKED"})  # type: ignore[dict-item]


def test_a_case_is_made_of_five_facts_and_nothing_else() -> None:
    assert case_from(WORDS) == A_CASE
    assert all(
        type(value) is kind for value, kind in zip(case_from(WORDS).key, (Canceller, Scope, Invoicing, Stage, EInvoice), strict=True)
    )
    for given, kind, words in (
        (7, NotACaseError, NOT_A_CASE.format("a number")),
        ({**WORDS, "stge": "x"}, UnknownFactError, "unknown fact `stge`; did you mean `stage`?"),
        ({**WORDS, 3: "x"}, UnknownFactError, "unknown fact `3`; expected one of `canceller`, `scope`, `invoicing`, `stage`, `e_invoice`"),
        ({"canceller": "seller"}, MissingFactError, "the case has no `scope`; add it with one of `full`, `partial`"),
        ({**WORDS, "scope": "fll"}, UnknownValueError, "unknown scope `fll`; did you mean `full`?"),
    ):
        with pytest.raises(kind) as refusal:
            case_from(given)
        assert str(refusal.value) == words
    with pytest.raises(UnknownValueError) as unknown:
        case_from({**WORDS, "scope": 3})
    assert (unknown.value.fact, unknown.value.value) == ("scope", 3)


def test_a_case_is_said_in_its_five_words() -> None:
    assert str(A_CASE) == "seller / full / ERP / PROCESSING / pushed"
    assert A_CASE.facts == WORDS
    assert all(type(word) is str for word in A_CASE.facts.values())
    assert A_CASE.key == ("seller", "full", "ERP", "PROCESSING", "pushed")
    assert [(state.rank, state.exists) for state in EInvoice] == [(0, False), (1, False), (2, True), (3, True)]


def test_a_decision_is_plain_data() -> None:
    decision = Decision(
        outcome=Outcome.ALLOWED,
        tasks=(NOTE,),
        clauses=("C-1",),
        gaps=("GAP-01",),
        tasks_stated=True,
        outcome_by=("C-1",),
        tasks_by=("GAP-01",),
        manner="by hand",
        notes=("GAP-17",),
        task_by={TaskKey.CREDIT_NOTE: ("GAP-01",)},
        case=A_CASE,
        reading=Reading.AS_WRITTEN,
    )
    task = {"modality": "must", "task": "credit-note", "actor": "client", "system": "ERP", "when": "now"}
    row = {
        **WORDS,
        "outcome": "allowed",
        "tasks": [task],
        "clauses": ["C-1"],
        "gaps": ["GAP-01"],
    }

    assert decision.row() == row
    assert decision.to_plain() == {
        **row,
        "tasks": [{**task, "by": ["GAP-01"]}],
        "notes": ["GAP-17"],
        "reading": "as-written",
        "tasks_stated": True,
        "outcome_source": "stated",
        "outcome_by": ["C-1"],
        "tasks_source": "assumed",
        "tasks_by": ["GAP-01"],
    }
    assert Decision(Outcome.UNSPECIFIED, None, case=A_CASE).row()["tasks"] is None
    words = [decision.to_plain()[part] for part in ("outcome", "reading", "outcome_source", "tasks_source")]
    assert all(type(word) is str for word in (*words, decision.row()["outcome"], *NOTE.to_plain().values()))


def test_an_answer_to_a_returned_unit_is_plain_data() -> None:
    instead = Task(Modality.MAY, TaskKey("grn"), "client", "ERP", instead_of=TaskKey("use-as-reference"))
    unit = ReturnDecision(
        outcome=Outcome.UNSPECIFIED,
        tasks=(instead,),
        clauses=("R-1",),
        gaps=("GAP-42",),
        tasks_stated=True,
        tasks_by=("GAP-42", "R-1"),
        manner="by hand",
        notes=("GAP-50",),
        task_by={TaskKey("grn"): ("R-1",)},
        quality_check=QualityCheck.FAIL,
        reading=Reading.AS_WRITTEN,
        stock="quarantine",
        offline_claim=True,
    )
    plain = unit.to_plain()

    assert instead.to_plain() == {
        "modality": "may",
        "task": "grn",
        "actor": "client",
        "system": "ERP",
        "when": "now",
        "instead_of": "use-as-reference",
    }
    assert plain == {
        "quality_check": "fail",
        "reading": "as-written",
        "tasks": [{**instead.to_plain(), "by": ["R-1"]}],
        "clauses": ["R-1"],
        "gaps": ["GAP-42"],
        "notes": ["GAP-50"],
        "tasks_stated": True,
        "tasks_source": "assumed",
        "tasks_by": ["GAP-42", "R-1"],
        "stock": "quarantine",
        "offline_claim": True,
        "by_hand": True,
    }
    assert (type(plain["quality_check"]), type(plain["reading"])) == (str, str)
    assert ReturnDecision(Outcome.UNSPECIFIED, None, quality_check=QualityCheck.FAIL).to_plain()["tasks"] is None
    assert decide_return(QualityCheck.PASS) is ENGINE.returns[QualityCheck.PASS, Reading.AS_PRACTISED]
    assert decide_return(QualityCheck.PASS, Reading.AS_WRITTEN) is ENGINE.returns[QualityCheck.PASS, Reading.AS_WRITTEN]


def test_a_task_in_brief_says_when_it_falls_due_unless_that_is_now() -> None:
    later = Task(Modality.MUST, TaskKey.CREDIT_NOTE, "client", "ERP", Timing.WHEN_PACKING_FAILS)

    assert (NOTE.as_words, NOTE.cell) == (["must", "credit-note"], "must credit-note")
    assert (later.as_words, later.cell) == (["must", "credit-note", "when packing fails"], "must credit-note (when packing fails)")
    assert later.to_plain() == {**NOTE.to_plain(), "when": "when packing fails"}


def test_tasks_and_forces_have_words() -> None:
    assert [modality.words for modality in Modality] == ["must", "may", "need not"]
    assert {task.id: task.key.words for task in load_rulebook().tasks} == {
        "ask-ajio-to-cancel": "ask Ajio to cancel the order by hand",
        "cancel-in-assure": "cancel the order in Assure OMS",
        "download-report": "download the report of orders cancelled after posting",
        "credit-note": "make a credit note by hand and keep it in the ERP",
        "share-credit-note": "share the credit note with Ajio",
        "rsi-report": "get the RSI report",
        "use-as-reference": "keep the report as a reference only",
        "inward-po": "create an inward PO in the ERP",
        "grn": "do the GRN in the ERP",
    }
