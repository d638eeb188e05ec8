"""Behaviour kept and compared, why a case is answered so, and changes of a rulebook: each against a plain restatement."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from itertools import product
from typing import Any

import pytest

from sop_engine import (
    ENGINE,
    EVERY_CASE,
    FACTS,
    Engine,
    Modality,
    Outcome,
    Reading,
    Rulebook,
    Task,
    TaskKey,
    Timing,
    explain,
    load_rulebook,
    nearest_allowed,
)
from sop_engine.comparison import Region, regions
from sop_engine.decision_table import Behaviour, BehaviourError, TableRow, situation_keys, task_from_words, task_words
from sop_engine.errors import (
    ContradictionError,
    ImpossibleStepError,
    MissingFactError,
    RulebookError,
    UnitsError,
    UnknownFactError,
    UnknownValueError,
    did_you_mean,
)
from sop_engine.evaluation import evaluate, statements_of
from sop_engine.explanation import GapWithoutEffect
from sop_engine.mutation import Change, Mutant, changes_of, mutants
from sop_engine.returns import QualityCheck, ReturnDecision
from sop_engine.statement import CASE, ORDER, RETURN, Gap, Statement, When
from sop_engine.verification import Proof, prove
from tests.support.pairs_of_changes import second_order

WRITTEN, PRACTISED = Reading
NOW = Behaviour.of(ENGINE)
NOTE = Task(Modality.MUST, TaskKey.CREDIT_NOTE, "client", "ERP")
GRN = Task(Modality.MUST, TaskKey("grn"), "seller", "WMS")

# Words for what is unknown


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("PAKED", "did you mean `Packed`?"),
        ("packed", "did you mean `Packed`?"),
        ("zzz", "expected one of `Packed`, `created`"),
        ("crea", "did you mean `created`?"),
        ("cd", "expected one of `Packed`, `created`"),
    ],
)
def test_an_unknown_word_is_answered_with_the_nearest_or_with_all(word: str, hint: str) -> None:
    assert did_you_mean(word, iter(["Packed", "created"])) == hint


def test_errors_carry_what_they_are_about() -> None:
    assert str(RulebookError("x", ["one", "two"])) == "the rulebook `x` is refused for 2 reasons:\n  one\n  two"
    assert str(RulebookError("x", ["one"])) == "the rulebook `x` is refused for 1 reason:\n  one"
    assert RulebookError("x", ["one", "two"]).findings == ("one", "two")
    assert str(UnknownValueError("stage", ["a" * 90], ["b"])) == "stage must be a word, got a list; expected one of `b`"
    assert str(UnknownValueError("stage", 10**90, ["b"])) == f"stage must be a word, got a number `1{'0' * 39}`; expected one of `b`"


def test_each_error_carries_its_facts() -> None:
    assert UnknownFactError("stge", ["stage"]).fact == "stge"
    assert MissingFactError("stage", ["PACKED"]).fact == "stage"
    unknown = UnknownValueError("stage", "PAKED", ["PACKED"])
    assert (unknown.fact, unknown.value) == ("stage", "PAKED")
    clash = ContradictionError("PACKED", ["C-1", "C-2"], ["a", "b"])
    assert (clash.case, clash.ids) == ("PACKED", ("C-1", "C-2"))
    step = ImpossibleStepError("be packed", "CREATED", "PROCESSING")
    assert (step.step, step.state, step.needed) == ("be packed", "CREATED", "PROCESSING")
    assert step.reason == "cannot be packed: the order is CREATED, expected PROCESSING"
    assert str(step) == f"{step.reason}; take the steps that lead there first, or leave this step out"
    units = UnitsError("x", 3)
    assert units.reason == "units must be a whole number from 1 to 3, got 'x'"
    assert str(units) == f"{units.reason}; write a number in this range"


# Behaviour


def test_a_behaviour_has_a_row_for_every_answer() -> None:
    behaviour = Behaviour.of(ENGINE)
    assert (behaviour.name, behaviour.sha256, list(behaviour.rows)) == ("clients_v1", ENGINE.rulebook.sha256, list(situation_keys()))
    assert [*situation_keys()] == [
        *((CASE, reading, case.key) for reading in Reading for case in EVERY_CASE),
        *((RETURN, reading, (check,)) for reading in Reading for check in ("not recorded", "pass", "fail", "missing")),
    ]
    for (subject, reading, values), row in behaviour.rows.items():
        answer = ENGINE.proof.answer(subject, reading, values)
        unit = ENGINE.returns[values[0], reading] if subject == RETURN else None  # type: ignore[index]
        assert row == TableRow(
            str(answer.outcome),
            None if answer.tasks is None else tuple(map(words_of_task, answer.tasks)),
            answer.clauses,
            answer.gaps,
            answer.manner,
            "" if unit is None else unit.stock or "none",
            unit is not None and unit.offline_claim,
            answer.outcome_by,
            answer.tasks_by,
        )
        assert all(type(word) is str for task in row.tasks or () for word in task)
        assert type(row.outcome) is str


def words_of_task(task: Task) -> tuple[str, ...]:
    """The words of a task in a table: four, and when and instead of what only where there is something to say."""
    words = (task.modality.value, str(task.task), task.actor, task.system)
    if task.instead_of is not None:
        return (*words, task.when.value, str(task.instead_of))
    return words if task.when is Timing.NOW else (*words, task.when.value)


def test_a_task_of_a_table_is_read_as_it_was_written() -> None:
    later = Task(Modality.MUST, TaskKey("grn"), "a", "b", Timing.WHEN_PACKING_FAILS)
    for task, words in (
        (Task(Modality.MAY, TaskKey("grn"), "a", "b"), ("may", "grn", "a", "b")),
        (later, ("must", "grn", "a", "b", "when packing fails")),
        (replace(later, when=Timing.NOW, instead_of=TaskKey("inward-po")), ("must", "grn", "a", "b", "now", "inward-po")),
    ):
        assert (task_words(task), task_from_words(words)) == (words, task)
    for wrong in (("may", "grn", "a"), ("may", "grn", "a", "b", "now", "grn", "c"), ("may", "grn", "a", "b", "later")):
        with pytest.raises(ValueError, match=r"unpack|later"):
            task_from_words(wrong)


def test_a_behaviour_is_kept_in_a_line_for_each_situation() -> None:
    lines = NOW.to_text().splitlines()

    assert lines[0] == f'{{"version": 1, "rulebook": {{"name": "clients_v1", "sha256": "{NOW.sha256}"}}, "rows": ['
    assert lines[-1] == "]}"
    for line, ((subject, reading, values), row) in zip(lines[1:-1], NOW.rows.items(), strict=True):
        plain = {"subject": subject, "reading": str(reading), "facts": list(values), **json.loads(json.dumps(asdict(row)))}
        assert json.loads(line.rstrip(",")) == plain
    assert NOW.to_text().endswith("\n]}\n")
    odd = Behaviour("x", "0", {(CASE, WRITTEN, ("ä",)): TableRow("allowed", None, (), ())})
    assert '"ä"' in odd.to_text()
    assert Behaviour.from_text(NOW.to_text(), "x") == NOW


HINT = "; save a new baseline with `sop approve`"
BAD_TABLES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "another version": (lambda d: d.update(version=2), "has version 2, expected 1"),
    "no version": (lambda d: d.pop("version"), "is not a table of answers (`version` is missing)"),
    "no rows": (lambda d: d.update(rows=None), "is not a table of answers (`rows` is not a list)"),
    "no name": (lambda d: d["rulebook"].pop("name"), "is not a table of answers (`name` is missing)"),
    "a row is missing": (lambda d: d["rows"].pop(1), "is not a table of every situation: seller / full / ERP / CREATED / posted"),
    "a row is told twice": (
        lambda d: d["rows"].append(d["rows"][0]),
        "is not a table of every situation: a situation is repeated or unknown",
    ),
    "a part is missing": (lambda d: d["rows"][0].pop("gaps"), "is not a table of answers (`gaps` is missing)"),
    "parts are unknown": (lambda d: d["rows"][0].update(z=1, y=2), "is not a table of answers (unknown `y`, `z` in a row)"),
    "the subject is unknown": (lambda d: d["rows"][0].update(subject="order"), "is not a table of answers (unknown subject `order`)"),
    "the reading is unknown": (
        lambda d: d["rows"][0].update(reading="x"),
        "is not a table of answers ('x' is not a valid Reading)",
    ),
    "a fact is unknown": (
        lambda d: d["rows"][0].update(facts=["x", "full", "ERP", "CREATED", "posted"]),
        "is not a table of answers ('x' is not a valid Canceller)",
    ),
    "facts are too few": (
        lambda d: d["rows"][0].update(facts=["seller"]),
        "is not a table of answers (1 fact in a row, expected 5)",
    ),
    "an outcome is unknown": (
        lambda d: d["rows"][0].update(outcome="x"),
        "is not a table of answers ('x' is not a valid Outcome)",
    ),
    "a task is unknown": (
        lambda d: d["rows"][0].update(tasks=[["must", "X", "a", "b"]]),
        "is not a table of answers ('X' is not a valid TaskKey)",
    ),
    "a force is unknown": (
        lambda d: d["rows"][0].update(tasks=[["x", "grn", "a", "b"]]),
        "is not a table of answers ('x' is not a valid Modality)",
    ),
}


@pytest.mark.parametrize("name", BAD_TABLES)
def test_a_table_that_is_not_of_every_answer_is_refused(name: str) -> None:
    spoil, reason = BAD_TABLES[name]
    table = json.loads(NOW.to_text())
    spoil(table)

    with pytest.raises(BehaviourError) as refusal:
        Behaviour.from_text(json.dumps(table), "base")
    assert str(refusal.value) == f"base: {reason}{HINT}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[]", "it is not a JSON object"),
        ("null", "it is not a JSON object"),
        ("{}", "`version` is missing"),
        ('{"version": 1}', "`rows` is missing"),
        ('{"version": 1, "rows": [5]}', "one of its parts has an unexpected type"),
        ('{"version": 1, "rows": []}', "`rulebook` is missing"),
        ("[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_in_words(text: str, reason: str) -> None:
    with pytest.raises(BehaviourError) as refusal:
        Behaviour.from_text(text, "base")
    assert str(refusal.value) == f"base: is not a table of answers ({reason}){HINT}"


def test_words_of_a_table_are_read_as_texts() -> None:
    table = json.loads(NOW.to_text())
    table["rulebook"] = {"name": 1, "sha256": 2}
    table["rows"][0].update(tasks=[["must", "grn", 3, 4]], clauses=[5], gaps=[6], outcome_by=[7], tasks_by=[8])

    read = Behaviour.from_text(json.dumps(table), "base")

    row = read.rows[CASE, WRITTEN, EVERY_CASE[0].key]
    assert (read.name, read.sha256) == ("1", "2")
    assert (row.tasks, row.clauses, row.gaps, row.outcome_by, row.tasks_by) == (
        (("must", "grn", "3", "4"),),
        ("5",),
        ("6",),
        ("7",),
        ("8",),
    )


# Differences


def with_parts(**parts: Any) -> Callable[[TableRow], TableRow]:
    """A row with other parts."""
    return lambda row: replace(row, **parts)


def behaviour_with(
    change: Callable[[TableRow], TableRow], *, subject: str = CASE, reading: Reading = PRACTISED, **facts: Sequence[str]
) -> Behaviour:
    """The present behaviour with *change* in every situation that *facts* cover."""
    names = FACTS if subject == CASE else ("quality_check",)
    rows = dict(NOW.rows)
    for key, row in NOW.rows.items():
        if key[:2] == (subject, reading) and all(dict(zip(names, key[2], strict=True))[fact] in words for fact, words in facts.items()):
            rows[key] = change(row)
    return Behaviour("after", "0", rows)


HEAD = {"canceller": ("seller",), "scope": ("full",), "invoicing": ("ERP",)}


def test_alike_changes_under_one_heading_are_one_region() -> None:
    where = {**HEAD, "stage": ("PACKED", "COMPLETED"), "e_invoice": ("generated", "pushed")}
    found = regions(NOW, behaviour_with(with_parts(outcome="allowed"), **where))

    old = NOW.rows[CASE, PRACTISED, ("seller", "full", "ERP", "PACKED", "pushed")]
    assert found == (
        Region(
            CASE,
            PRACTISED,
            where,
            ("outcome",),
            TableRow("refused", None if found[0].before.tasks is None else (), (), ()),
            TableRow("allowed", None if found[0].after.tasks is None else (), (), ()),
            4,
            old.outcome_by,
        ),
    )
    assert found[0].before.tasks == ()
    assert [*found[0].values()] == [("seller", "full", "ERP", stage, e) for stage in where["stage"] for e in where["e_invoice"]]


def test_each_part_that_changed_is_named_with_what_settled_it() -> None:
    where = {**HEAD, "stage": ("PACKED",), "e_invoice": ("pushed",)}
    old = NOW.rows[CASE, PRACTISED, ("seller", "full", "ERP", "PACKED", "pushed")]
    for changes, causes in (
        ({"tasks": (("must", "grn", "a", "b"),), "tasks_by": ("T-1",)}, (*old.tasks_by, "T-1")),
        ({"manner": "by phone", "tasks_by": ("T-1",)}, (*old.tasks_by, "T-1")),
        ({"outcome": "allowed", "outcome_by": ("O-1",)}, (*old.outcome_by, "O-1")),
        ({"clauses": (*old.clauses, "C-9")}, ("C-9",)),
        ({"clauses": ("C-9",)}, (*old.clauses, "C-9")),
        ({"gaps": ("GAP-99",)}, (*old.gaps, "GAP-99")),
        ({"stock": "saleable"}, ()),
        ({"offline_claim": True}, ()),
    ):
        (found,) = regions(NOW, behaviour_with(with_parts(**changes), **where))
        named = tuple(part for part in changes if not part.endswith("_by"))
        assert (found.parts, found.size, found.causes, found.facts) == (named, 1, causes, where)
        assert [getattr(found.before, part) for part in named] == [getattr(old, part) for part in named]
        assert [getattr(found.after, part) for part in named] == [new for part, new in changes.items() if part in named]
        assert (found.before.outcome, found.before.outcome_by, found.before.tasks_by) == (old.outcome, (), ())
    assert regions(NOW, behaviour_with(with_parts(outcome_by=("X",), tasks_by=("Y",)))) == ()


def test_changes_under_other_headings_readings_and_subjects_are_told_apart() -> None:
    both = behaviour_with(with_parts(stock="lost"), canceller=("Ajio",), stage=("PACKED",), e_invoice=("pushed",))
    assert [(r.facts["scope"], r.facts["invoicing"], r.size) for r in regions(NOW, both)] == [
        ((scope,), (invoicing,), 1) for scope in ("full", "partial") for invoicing in ("ERP", "RMS")
    ]
    units = behaviour_with(with_parts(manner="by phone"), subject=RETURN, reading=WRITTEN, quality_check=("fail", "missing"))
    (found,) = regions(NOW, units)
    assert (found.subject, found.reading, found.facts, found.size) == (RETURN, WRITTEN, {"quality_check": ("fail", "missing")}, 2)
    two = {**NOW.rows, **{key: row for key, row in units.rows.items() if key[0] == RETURN}}
    two |= {key: row for key, row in both.rows.items() if key[0] == CASE}
    assert len(regions(NOW, Behaviour("x", "0", two))) == 5


def test_a_shape_that_is_no_box_is_told_in_several() -> None:
    rows = dict(NOW.rows)
    shape = {("PACKED", "pushed"), ("PACKED", "posted"), ("COMPLETED", "posted")}
    for stage, e_invoice in shape:
        key = (CASE, PRACTISED, ("seller", "full", "ERP", stage, e_invoice))
        rows[key] = replace(rows[key], stock="lost")

    found = regions(NOW, Behaviour("x", "0", rows))

    assert [(region.facts["stage"], region.facts["e_invoice"]) for region in found] == [
        (("PACKED",), ("posted", "pushed")),
        (("COMPLETED",), ("posted",)),
    ]
    assert {values[3:] for region in found for values in region.values()} == shape


# Explanations


@pytest.mark.parametrize("reading", Reading)
def test_an_explanation_says_who_spoke_who_did_not_and_what_would_be_allowed(reading: Reading) -> None:
    clauses = {clause.id: clause for clause in ENGINE.rulebook.clauses}
    gaps = {gap.id: gap for gap in ENGINE.rulebook.gaps}
    allowed = [case for case in EVERY_CASE if ENGINE.decide(case, reading).outcome is Outcome.ALLOWED]
    for case in EVERY_CASE[::5]:
        decision = ENGINE.decide(case, reading)
        told = explain(case, reading)

        assert told.decision is decision
        assert told.because == tuple((identifier, clauses[identifier].text) for identifier in decision.clauses)
        assert told.open_questions == tuple(
            (identifier, gaps[identifier].question, gaps[identifier].chosen, "we assume") for identifier in decision.gaps
        )
        assert told.beside == tuple(
            GapWithoutEffect(i, gaps[i].question, gaps[i].chosen, gaps[i].watch, "we assume") for i in decision.notes
        )
        silent = {}
        for clause in clauses.values():
            needs = (
                {fact: words for fact, words in clause.when.facts.items() if case.facts[fact] not in words}
                if clause.subject == CASE
                else {}
            )
            if needs and clause.id not in decision.clauses and not needs.keys() & {"canceller", "scope", "invoicing"}:
                silent[clause.id] = (clause.text, tuple((fact, tuple(sorted(words))) for fact, words in needs.items()))
        assert {other.id: (other.text, other.needs) for other in told.why_not} == silent
        assert [other.id for other in told.why_not] == list(silent)
        if decision.outcome is Outcome.ALLOWED:
            assert told.nearest == ()
        else:
            ways = {
                other: [(f, str(there)) for f, here, there in zip(FACTS, case.key, other.key, strict=True) if here != there]
                for other in allowed
            }
            fewest = min(map(len, ways.values()))
            assert [(near.case, list(near.changes)) for near in told.nearest] == [(o, w) for o, w in ways.items() if len(w) == fewest]
        assert told.nearest == nearest_allowed(case, reading)
        assert told.to_plain() == {
            "because": [{"id": i, "text": text} for i, text in told.because],
            "open_questions": [
                {"id": i, "question": question, "chosen": chosen, "basis": basis} for i, question, chosen, basis in told.open_questions
            ],
            "beside": [
                {"id": note.id, "question": note.question, "chosen": note.chosen, "watch": note.watch or None, "basis": "we assume"}
                for note in told.beside
            ],
            "why_not": [
                {"id": other.id, "text": other.text, "needs": {fact: list(words) for fact, words in other.needs}} for other in told.why_not
            ],
            "nearest_allowed": [{"case": near.case.facts, "changes": dict(near.changes)} for near in told.nearest],
        }


def test_an_explanation_is_as_practised_by_the_engine_of_the_project_unless_they_are_said() -> None:
    for case in EVERY_CASE[::31]:
        assert explain(case) == explain(case, PRACTISED, ENGINE)
        assert nearest_allowed(case) == nearest_allowed(case, PRACTISED, ENGINE)

    refusing = Engine(ENGINE.proof)
    for table in refusing.tables.values():
        table.update({key: replace(decision, outcome=Outcome.REFUSED) for key, decision in table.items()})
    assert nearest_allowed(EVERY_CASE[0], WRITTEN, refusing) == ()
    assert explain(EVERY_CASE[0], WRITTEN, refusing).nearest == ()


# Changes of a rulebook

WORDS = {CASE: {"scope": ("full", "partial"), "stage": ("one", "two", "three")}, RETURN: {"quality_check": ("pass", "fail", "missing")}}


@pytest.fixture
def _small_situations(monkeypatch: pytest.MonkeyPatch) -> None:
    worlds = {
        subject: tuple(dict(zip(facts, values, strict=True)) for values in product(*facts.values())) for subject, facts in WORDS.items()
    }
    for module in ("verification", "mutation"):
        monkeypatch.setattr(f"sop_engine.{module}.SITUATIONS", worlds)
    monkeypatch.setattr("sop_engine.mutation.FACTS_OF", WORDS)
    monkeypatch.setattr("sop_engine.mutation._DETOURS", [{"stage": word} for word in WORDS[CASE]["stage"]])


def statement(identifier: str, **parts: Any) -> Statement:
    """A statement about cases, or about the subject in *parts*."""
    return Statement(identifier, f"x:{identifier}", **{"subject": CASE, "actor": "client", "system": "ERP", **parts})


def when(**facts: str) -> When:
    """A condition, the words of a fact with spaces between them."""
    return When({fact: frozenset(words.split()) for fact, words in facts.items()})


def gap(identifier: str, **parts: Any) -> Gap:
    """A question."""
    texts = dict.fromkeys(("title", "kind", "nearest", "chosen", "why", "question"), "")
    return Gap(**{"id": identifier, "location": f"x:{identifier}", "aspect": "verdict", "readings": (), **texts, **parts})


def small_rulebook() -> Rulebook:
    """A rulebook with one of everything that can be changed."""
    clauses = (
        statement("DOC-1", subject="", not_operative="names it"),
        statement("O-1", subject=ORDER),
        statement("C-1", when=when(stage="one"), outcome=Outcome.REFUSED, tasks=()),
        statement("C-2", when=when(stage="two"), outcome=Outcome.ALLOWED, tasks=(NOTE, GRN), manner="by hand"),
        statement("C-3", when=when(stage="two", scope="partial"), tasks=(GRN,), over=("C-2",)),
        statement("R-1", subject=RETURN, when=when(quality_check="pass"), tasks=(GRN,)),
    )
    like = replace(statement("GAP-01.1", when=when(stage="three"), like={"stage": "two"}), gap="GAP-01")
    gaps = (
        gap("GAP-01", when=when(stage="three"), cases=2, leaves_open=("outcome", "tasks"), resolutions=(like,)),
        gap("GAP-02", when=when(quality_check="fail missing"), cases=2, subject=RETURN, aspect="actions"),
        gap("GAP-03", aspect="data", when=when(stage="one"), cases=2),
        gap("GAP-04", aspect="actions", when=when(stage="two"), cases=2),
    )
    return Rulebook("small", "", "", (), clauses, gaps, tasks=load_rulebook().tasks)


@pytest.fixture
def proof(_small_situations: None) -> Proof:
    """The small rulebook, proved in its small world."""
    return prove(small_rulebook())


def test_every_first_order_change_is_said_in_words(proof: Proof) -> None:
    said: dict[str, list[str]] = {}
    for changes in changes_of(proof.rulebook):
        said.setdefault(changes[0].id, []).append(
            " & ".join(f"{change.id} {change.says}" for change in changes).removeprefix(f"{changes[0].id} ")
        )
        assert all(change.location == f"x:{change.id}" for change in changes)

    others = "`{}`, not `refused`"
    assert said["C-1"] == [
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
    assert said["C-2"] == [
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
    assert said["C-3"][:4] == ["asked for nothing", "were silent on tasks", "said may grn, not must", "said need-not grn, not must"]
    assert said["C-3"][-6:] == [
        "also covered scope full",
        "also covered stage one",
        "also covered stage three",
        "did not ask for stage",
        "was not over C-2",
        "were left out",
    ]
    assert said["R-1"][-4:] == [
        "also covered quality_check fail",
        "also covered quality_check missing",
        "did not ask for quality_check",
        "were left out",
    ]
    assert said["GAP-01.1"] == [
        "did not cover scope full",
        "did not cover scope partial",
        "also covered stage one",
        "also covered stage two",
        "did not ask for stage",
        "answered like one, not two",
        "answered like three, not two",
        "were left out",
    ]
    assert said["GAP-01"] == [
        "did not cover scope full",
        "did not cover scope partial",
        "also covered stage one",
        "also covered stage two",
        "did not ask for stage",
        "did not leave the outcome open",
        "did not leave the tasks open",
    ]
    assert said["GAP-02"] == ["also covered quality_check pass", "did not cover quality_check fail", "did not cover quality_check missing"]
    assert said.keys() == {"C-1", "C-2", "C-3", "R-1", "GAP-01.1", "GAP-01", "GAP-02", "GAP-04"}


def test_a_sentence_that_rests_on_another_or_is_an_alternative_is_changed_in_that_too() -> None:
    later = Task(Modality.MAY, TaskKey("grn"), "a", "b", Timing.WHEN_PACKING_FAILS, TaskKey("inward-po"))
    book = replace(small_rulebook(), clauses=(statement("C-1", outcome=Outcome.REFUSED, tasks=(later,), rests_on="C-0"),), gaps=())
    made = {change.says: change.new for (change,) in changes_of(book)}

    def tasks(says: str) -> object:
        found = made[says]
        return found.tasks if isinstance(found, Statement) else None

    assert tasks("said grn now, not when packing fails") == (replace(later, when=Timing.NOW),)
    assert tasks("said grn beside inward-po, not instead of it") == (replace(later, instead_of=None),)
    apart = made["did not rest on C-0"]
    assert isinstance(apart, Statement)
    assert apart.rests_on == ""


def statement_after(says: str, old: Statement | Gap, book: Rulebook) -> Statement | Gap | None:  # noqa: C901, PLR0911 (one branch a sentence)
    """The statement or gap after a change, computed from the words of the change."""
    words = says.replace("`", "").replace(",", "").split()
    known = WORDS[old.subject]
    if words[:2] in (["did", "not"], ["also", "covered"]) and words[-2] in known:
        facts = dict(old.when.facts) if old.when is not None else {}
        mine = facts.get(words[-2], frozenset(known[words[-2]]))
        return replace(old, when=When({**facts, words[-2]: mine | {words[-1]} if words[0] == "also" else mine - {words[-1]}}))
    if says.startswith("did not ask for") and words[-1] in known:
        assert old.when is not None
        return replace(old, when=When({fact: some for fact, some in old.when.facts.items() if fact != words[-1]}))
    if isinstance(old, Gap):
        return replace(old, leaves_open=tuple(part for part in old.leaves_open if part != words[-2]))
    if says.startswith("said what"):
        other = next(statement for statement in book.statements if statement.id == words[2])
        return replace(old, outcome=other.outcome, tasks=other.tasks, manner=other.manner, like=other.like)
    if says.startswith("said `"):
        return replace(old, outcome=Outcome(says.split("`")[1]))
    plain = {
        "left the outcome open": {"outcome": None},
        "asked for nothing": {"tasks": ()},
        "were silent on tasks": {"tasks": None},
        "asked in the reverse order": {"tasks": tuple(reversed(old.tasks or ()))},
        "did not say `by hand`": {"manner": ""},
        "was not over C-2": {"over": tuple(over for over in old.over if over != "C-2")},
        "was not over C-1": {"over": tuple(over for over in old.over if over != "C-1")},
    }
    if says in plain:
        return replace(old, **plain[says])
    if says.startswith("answered like"):
        return replace(old, like={"stage": words[2]})
    if says.startswith("did not ask for"):
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
    assert says == "were left out"
    return None


def test_every_change_does_what_it_says(proof: Proof) -> None:
    book = proof.rulebook
    twice = replace(book.clauses[4], over=("C-1", "C-2", "R-1"))
    book = replace(book, clauses=(*book.clauses[:4], twice, *book.clauses[5:]))
    records: dict[str, Statement | Gap] = {**{g.id: g for g in book.gaps}, **{s.id: s for s in book.statements}}
    for changes in changes_of(book):
        for change in changes:
            if change.says != "was not over R-1":
                assert change.new == statement_after(change.says, records[change.id], book), change.says
                assert change.new is None or all(type(word) is str for word in getattr(change.new, "like", {}).values())


def with_changes(book: Rulebook, changes: Sequence[Change]) -> Rulebook:
    """The rulebook with the changes made in it."""
    new = {change.id: change.new for change in changes}
    clauses = [new.get(clause.id, clause) for clause in book.clauses]
    gaps = []
    for each in book.gaps:
        resolutions = [new.get(resolution.id, resolution) for resolution in each.resolutions]
        gaps.append(replace(new.get(each.id, each), resolutions=tuple(r for r in resolutions if r is not None)))  # type: ignore[type-var]
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
    found = []
    for mutant in every:
        contradictions, answers = evaluated_in_full(proof, mutant)
        if mutant.contradiction:
            assert mutant.contradiction in contradictions
            assert not mutant.answers
        else:
            assert not contradictions
            assert mutant.answers == answers
        assert mutant.equivalent == (not contradictions and not answers)
        assert mutant.says == ", and ".join(f"{change.id} {change.says}" for change in mutant.changes)
        found.append(mutant)
    return found


def test_every_mutant_says_what_its_rulebook_says(proof: Proof) -> None:
    found = checked_mutants(proof, mutants(proof))

    assert [mutant.changes for mutant in found] == list(changes_of(proof.rulebook))
    kinds = [bool(mutant.contradiction) + 2 * mutant.equivalent for mutant in found]
    assert set(kinds) == {0, 1, 2}


def test_two_changes_at_once_are_of_two_sentences_and_drawn_from_a_seed(proof: Proof) -> None:
    found = checked_mutants(proof, second_order(proof, 60))

    assert len(found) == 60
    assert all(len(mutant.changes) == 2 and mutant.changes[0].id != mutant.changes[1].id for mutant in found)
    said = [mutant.says for mutant in found]
    assert said == [mutant.says for mutant in second_order(proof, 60, 1)]
    assert said != [mutant.says for mutant in second_order(proof, 60, 2)]
    assert list(second_order(proof, 0)) == []


def test_a_task_added_is_asked_of_the_one_the_sentence_speaks_to(proof: Proof) -> None:
    for change, *_ in changes_of(proof.rulebook):
        if change.says == "asked for download-report too":
            assert isinstance(change.new, Statement)
            assert change.new.tasks is not None
            assert change.new.tasks[-1] == Task(Modality.MUST, TaskKey("download-report"), "client", "ERP")
