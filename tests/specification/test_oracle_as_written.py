"""The second reading of the SOP as written answers every case, always the same, and rests on lines that can carry it."""

from collections import Counter
from itertools import product

import pytest

from sop_engine import FACTS, QualityCheck, Reading, case_from, decide, decide_return, load_rulebook
from sop_engine.case import Canceller, EInvoice, Invoicing, Scope, Stage
from sop_engine.decision import Modality, Outcome
from tests.support.oracle_as_written import E_INVOICES, STAGES, Answer, as_written, return_as_written

CASES = list(product(("seller", "Ajio"), ("full", "partial"), ("ERP", "RMS"), STAGES, E_INVOICES))
ANSWERS = {case: as_written(*case) for case in CASES}


def tasks_of(answer: Answer) -> str:
    if answer.tasks is None:
        return "open"
    return f"{len(answer.tasks)} tasks" if answer.tasks else "nothing to do"


def test_it_answers_all_256_cases_in_the_words_of_the_project():
    words = [[str(word) for word in kind] for kind in (Canceller, Scope, Invoicing, Stage, EInvoice)]

    assert list(product(*words)) == CASES
    assert len(ANSWERS) == 256
    assert {answer.outcome for answer in ANSWERS.values()} <= {str(word) for word in Outcome}
    tasks = [task for answer in ANSWERS.values() for task in answer.tasks or ()]
    assert {task.task for task in tasks} <= {task.id for task in load_rulebook().tasks}
    assert {task.modality for task in tasks} <= {str(word) for word in Modality}
    assert {task.when for task in tasks} == {"now", "when packing fails"}


def test_it_gives_the_same_answer_again():
    assert {case: as_written(*case) for case in reversed(CASES)} == ANSWERS


def test_a_caller_cannot_change_the_next_answer():
    case = ("Ajio", "partial", "ERP", "PROCESSING", "pushed")
    as_written(*case).tasks.clear()

    assert as_written(*case) == ANSWERS[case]


@pytest.mark.parametrize("case", CASES, ids=" / ".join)
def test_an_answer_rests_on_lines_unless_it_is_unspecified(case):
    answer = ANSWERS[case]

    if answer.outcome == "unspecified":
        assert answer == ("unspecified", None, (), ())
    else:
        assert answer.outcome_lines
        assert bool(answer.tasks) <= bool(answer.tasks_lines)
    assert {17 <= line <= 119 for line in answer.outcome_lines + answer.tasks_lines} <= {True}
    assert answer.outcome_lines == tuple(sorted(answer.outcome_lines))
    assert answer.tasks_lines == tuple(sorted(answer.tasks_lines))


def test_the_lines_belong_to_the_section_of_the_case():
    first_and_last = {
        ("seller", "full", "ERP"): (21, 43),
        ("seller", "partial", "ERP"): (45, 57),
        ("seller", "full", "RMS"): (61, 65),
        ("seller", "partial", "RMS"): (67, 71),
        ("Ajio", "full", "ERP"): (79, 95),
        ("Ajio", "partial", "ERP"): (97, 109),
        ("Ajio", "full", "RMS"): (113, 115),
        ("Ajio", "partial", "RMS"): (117, 119),
    }
    for case, answer in ANSWERS.items():
        first, last = first_and_last[case[:3]]
        assert all(first <= line <= last for line in answer.outcome_lines + answer.tasks_lines), case


def test_each_list_of_tasks_cites_the_lines_it_is_read_from():
    cited = {(*case[:2], case[3] if case[0] == "seller" else "any"): answer.tasks_lines for case, answer in ANSWERS.items() if answer.tasks}

    assert cited == {
        ("seller", "full", "FULFILLABLE"): (25, 27, 29),
        ("seller", "full", "PROCESSING"): (37, 39, 41),
        ("Ajio", "full", "any"): (83, 85, 87, 89),
        ("Ajio", "partial", "any"): (101, 103, 105, 107, 109),
    }


def test_once_packed_every_later_stage_has_the_same_answer():
    for canceller, scope, invoicing, stage, e_invoice in CASES:
        if stage in {"READY_TO_DISPATCH", "COMPLETED"}:
            packed = ANSWERS[canceller, scope, invoicing, "PACKED", e_invoice]
            assert ANSWERS[canceller, scope, invoicing, stage, e_invoice] == packed


def test_the_invoice_decides_only_where_a_line_asks_for_it():
    by_invoice = {
        situation: tuple((ANSWERS[*situation, e_invoice].outcome, tasks_of(ANSWERS[*situation, e_invoice])) for e_invoice in E_INVOICES)
        for situation in dict.fromkeys(case[:4] for case in CASES)
    }
    nothing, three, still_open = (("allowed", tasks) for tasks in ("nothing to do", "3 tasks", "open"))
    on_screen = ("fails on screen", "nothing to do")
    under_erp = {
        ("seller", "full", "ERP", "FULFILLABLE"): (nothing, nothing, three, still_open),
        ("seller", "full", "ERP", "PROCESSING"): (still_open, still_open, still_open, three),
        ("seller", "partial", "ERP", "FULFILLABLE"): (still_open, on_screen, on_screen, on_screen),
        **{("Ajio", "full", "ERP", stage): (still_open, nothing, three, three) for stage in STAGES[:4]},
    }
    under_rms = {
        (canceller, scope, "RMS", stage): (nothing, nothing, still_open, still_open)
        for canceller, scope, stage in product(("seller", "Ajio"), ("full", "partial"), STAGES[:4])
    }

    assert {situation: answers for situation, answers in by_invoice.items() if len(set(answers)) > 1} == under_erp | under_rms


def test_the_outcomes_add_up():
    by_outcome = Counter(answer.outcome for answer in ANSWERS.values())
    by_tasks = Counter((answer.outcome, tasks_of(answer)) for answer in ANSWERS.values())
    for (outcome, tasks), count in sorted(by_tasks.items()):
        print(f"{outcome:18}{tasks:16}{count:4}")  # noqa: T201 - the counts are for the reader of the run

    assert by_outcome == {"allowed": 89, "refused": 76, "unspecified": 72, "fails at packing": 16, "fails on screen": 3}
    assert by_tasks == {
        ("allowed", "nothing to do"): 38,
        ("allowed", "3 tasks"): 10,
        ("allowed", "open"): 41,
        ("refused", "nothing to do"): 76,
        ("fails on screen", "nothing to do"): 3,
        ("fails at packing", "5 tasks"): 16,
        ("unspecified", "open"): 72,
    }


def test_the_force_of_the_tasks_after_a_return_is_open():
    passed = return_as_written("pass")

    assert passed.tasks is None
    assert passed.named == tuple(task for choice in (("rsi-report",), *passed.alternatives) for task in choice)
    assert set(passed.named) <= {task.id for task in load_rulebook().tasks}
    assert return_as_written("fail") == return_as_written("missing") == (None, (), (), "", ())
    with pytest.raises(ValueError, match="lost"):
        return_as_written("lost")


DIFFERENCES = {
    # The part lists no step for any situation, as under RMS, and is complete in the same way (SC-ERP-PART): nothing to do, which is
    # labelled as what follows and not as what the text says. This reading completes no part under ERP.
    ("seller", "partial", "ERP", "FULFILLABLE", "not posted"): ("open", "nothing to do"),
    # 109 has "credit note against it", and where the order is in the warehouse without an e-invoice there is nothing that the word
    # could stand for: open (GAP-13). This reading takes the steps as they stand, which have no condition.
    **{("Ajio", "partial", "ERP", "PROCESSING", e_invoice): ("5 tasks", "open") for e_invoice in E_INVOICES[:2]},
    # 101 calls the cancellation unsupported and says in the next sentence that one may come in: what is to be done about one that
    # comes in after packing is open (GAP-11), and does not follow from the refusal. This reading applies the convention here too.
    **{
        ("Ajio", "partial", "ERP", stage, e_invoice): ("nothing to do", "open")
        for stage, e_invoice in product(("PACKED", "READY_TO_DISPATCH", "COMPLETED"), E_INVOICES)
    },
}
"""Cases in which the rulebook as written and this reading give other tasks: what this reading says, and what the rulebook says."""


@pytest.mark.parametrize("case", CASES, ids=" / ".join)
def test_the_rulebook_as_written_gives_the_same_answer(case):
    expected, decision = ANSWERS[case], decide(case_from(dict(zip(FACTS, case, strict=True))), Reading.AS_WRITTEN)
    tasks = None if decision.tasks is None else [(str(task.modality), str(task.task), str(task.when)) for task in decision.tasks]
    actual = Answer(str(decision.outcome), tasks)

    assert actual.outcome == expected.outcome
    if case in DIFFERENCES:
        assert (tasks_of(expected), tasks_of(actual)) == DIFFERENCES[case]
    else:
        assert actual.tasks == (None if expected.tasks is None else [tuple(task) for task in expected.tasks])


@pytest.mark.parametrize("case", CASES, ids=" / ".join)
def test_the_rulebook_as_written_rests_on_the_same_lines(case):
    lines = {clause.id: int(clause.line) for clause in load_rulebook().clauses if clause.line.isdigit()}
    decision = decide(case_from(dict(zip(FACTS, case, strict=True))), Reading.AS_WRITTEN)

    assert {lines[clause] for clause in decision.outcome_by} <= set(ANSWERS[case].outcome_lines)
    if decision.tasks and case not in DIFFERENCES:
        assert {lines[clause] for clause in decision.tasks_by} <= set(ANSWERS[case].tasks_lines)


@pytest.mark.parametrize("check", ["pass", "fail", "missing"])
def test_the_rulebook_as_written_leaves_the_same_open_after_a_return(check):
    expected, actual = return_as_written(check), decide_return(QualityCheck(check), Reading.AS_WRITTEN)

    assert actual.tasks is expected.tasks is None
    assert actual.manner == expected.manner
    assert [clause for clause in actual.clauses if clause.startswith("RT-")] == (["RT-RSI-0"] if expected.lines else [])


def test_the_rulebook_as_practised_names_the_same_tasks_and_keeps_the_same_or():
    expected, actual = return_as_written("pass"), decide_return(QualityCheck.PASS)

    assert tuple(str(task.task) for task in actual.tasks or ()) == expected.named
    first, second = expected.alternatives
    assert [(str(task.instead_of), str(task.task)) for task in actual.tasks or () if task.instead_of] == [
        (first[0], other) for other in second
    ]
