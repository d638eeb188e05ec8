"""Over HTTP the engine answers as in process: every case, every mix of known and unknown facts, returned units, the table, the questions."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from sop_engine import EVERY_CASE, FACTS, Decision, QualityCheck, Reading, decide, decide_possible, decide_return, explain, load_rulebook
from sop_engine.case import FACT_TYPES
from sop_engine.possible_cases import PossibleCase
from tests.support.contract_server import ServedContract

MOST_REQUESTS = 200


def decision_in_words(decision: Decision) -> dict[str, Any]:
    """The decision in the words of the contract, written here by hand."""
    tasks = decision.tasks
    return {
        "case": {name: str(getattr(decision.case, name)) for name in FACTS},
        "reading": str(decision.reading),
        "outcome": str(decision.outcome),
        "outcome_source": str(decision.outcome_source),
        "tasks": None
        if tasks is None
        else [
            {
                "modality": str(task.modality),
                "task": str(task.task),
                "actor": task.actor,
                "system": task.system,
                "when": str(task.when),
                "instead_of": task.instead_of,
                "by": list(decision.task_by[task.task]),
            }
            for task in tasks
        ],
        "tasks_source": str(decision.tasks_source),
        "clauses": list(decision.clauses),
        "gaps": list(decision.gaps),
        "notes": list(decision.notes),
        "why": None,
    }


def asked(served: ServedContract, requests: list[dict[str, Any]], **more: object) -> Iterator[list[dict[str, Any]]]:
    """The decisions in answer to each request, several in one call."""
    for start in range(0, len(requests), MOST_REQUESTS):
        status, answer = served.post("/v1/decisions", {"requests": requests[start : start + MOST_REQUESTS], **more})
        assert status == 200, answer
        yield from (part["decisions"] for part in answer["answers"])


@pytest.mark.parametrize("reading", Reading)
def test_each_case_is_answered_as_in_process(served: ServedContract, reading: Reading) -> None:
    requests = [
        {"possible": {name: [str(word)] for name, word in zip(FACTS, case.key, strict=True)}, "reading": reading} for case in EVERY_CASE
    ]
    expected = [[decision_in_words(decide(case, reading))] for case in EVERY_CASE]

    assert list(asked(served, requests)) == expected
    assert len(expected) == 256


@pytest.mark.parametrize("reading", Reading)
def test_a_fact_left_out_may_have_any_word(served: ServedContract, reading: Reading) -> None:
    """Each fact known or left out: 1,215 mixes."""
    mixes = [
        {name: [word] for name, word in zip(FACTS, words, strict=True) if word is not None}
        for words in product(*((*map(str, FACT_TYPES[name]), None) for name in FACTS))
    ]

    for mix, decisions in zip(mixes, asked(served, [{"possible": mix, "reading": reading} for mix in mixes]), strict=True):
        wanted = decide_possible(
            PossibleCase(**{name: tuple(FACT_TYPES[name](word) for word in words) for name, words in mix.items()}), reading
        )
        assert decisions == [decision_in_words(decision) for decision in wanted.decisions]


@pytest.mark.slow
@pytest.mark.parametrize("reading", Reading)
def test_neighbouring_words_of_a_fact_are_answered_together(served: ServedContract, reading: Reading) -> None:
    """Every run of neighbouring words of each fact: 9,720 mixes."""

    def runs(words: list[str]) -> list[list[str]]:
        return [words[start:end] for start in range(len(words)) for end in range(start + 1, len(words) + 1)]

    mixes = [dict(zip(FACTS, words, strict=True)) for words in product(*(runs([str(word) for word in FACT_TYPES[name]]) for name in FACTS))]
    table = {decision.case.key: decision_in_words(decision) for decision in (decide(case, reading) for case in EVERY_CASE)}
    requests = [{"possible": {name: list(reversed(words)) for name, words in mix.items()}, "reading": reading} for mix in mixes]

    assert len(mixes) == 9_720
    for mix, decisions in zip(mixes, asked(served, requests), strict=True):
        assert decisions == [table[words] for words in product(*mix.values())]


@pytest.mark.parametrize("reading", Reading)
def test_why_is_the_explanation_of_the_engine(served: ServedContract, reading: Reading) -> None:
    [decisions] = asked(served, [{"possible": {}, "reading": reading}], why=True)

    for case, decision in zip(EVERY_CASE, decisions, strict=True):
        wanted = explain(case, reading).to_plain()
        why = decision.pop("why")
        assert decision == {key: value for key, value in decision_in_words(decide(case, reading)).items() if key != "why"}
        assert [entry["id"] for entry in why["because"]] == [entry["id"] for entry in wanted["because"]]
        assert [entry | {"watch": None} for entry in wanted["open_questions"]] == why["open_questions"]
        assert {name: why[name] for name in ("beside", "why_not", "nearest_allowed")} == {
            name: wanted[name] for name in ("beside", "why_not", "nearest_allowed")
        }


def test_one_call_answers_in_the_order_of_its_requests_and_one_answer_has_a_bound(served: ServedContract) -> None:
    stages = ["PACKED", "CREATED", "PACKED"]
    answers = list(asked(served, [{"possible": {"stage": [stage], "scope": ["full"]}} for stage in stages]))
    status, problem = served.post("/v1/decisions", {"requests": [{"possible": {}}] * 79})

    assert [{decision["case"]["stage"] for decision in decisions} for decisions in answers] == [{stage} for stage in stages]
    assert (status, problem["type"]) == (413, "/v1/problems/too-large")
    assert "20,224 decisions" in problem["detail"]
    assert served.post("/v1/decisions", {"requests": [{"possible": {}}] * 78})[0] == 200


@pytest.mark.parametrize("reading", Reading)
@pytest.mark.parametrize("check", QualityCheck)
def test_a_returned_unit_is_answered_as_in_process(served: ServedContract, check: QualityCheck, reading: Reading) -> None:
    wanted = decide_return(check, reading)
    status, answer = served.post("/v1/returns", {"quality_check": check, "reading": reading})

    assert status == 200
    plain = wanted.to_plain()
    assert {name: answer[name] for name in answer if name != "tasks"} == {name: plain[name] for name in answer if name != "tasks"}
    assert [(task["task"], task["modality"], task["instead_of"]) for task in answer["tasks"] or ()] == [
        (task.task, task.modality, task.instead_of) for task in wanted.tasks or ()
    ]
    assert (answer["tasks"] is None) == (wanted.tasks is None)


@pytest.mark.parametrize("reading", Reading)
def test_the_table_is_the_answer_to_all_cases(served: ServedContract, reading: Reading) -> None:
    status, table = served.get(f"/v1/table?reading={reading}")

    assert status == 200
    assert table == {"reading": reading, "decisions": [decision_in_words(decide(case, reading)) for case in EVERY_CASE]}


def test_without_a_reading_answers_are_as_practised(served: ServedContract) -> None:
    assert served.get("/v1/table") == served.get("/v1/table?reading=as-practised")
    assert served.post("/v1/returns", {"quality_check": "fail"})[1]["reading"] == "as-practised"


def test_the_questions_are_those_of_the_register(served: ServedContract) -> None:
    status, answer = served.get("/v1/questions")

    assert status == 200
    assert [
        (entry["id"], entry["question"], tuple(entry["readings"]), entry["ours"], entry["status"]) for entry in answer["questions"]
    ] == [(gap.id, gap.question, gap.readings, gap.chosen, gap.status) for gap in load_rulebook().gaps]


def test_the_server_offers_the_whole_contract_in_both_readings(served: ServedContract) -> None:
    status, info = served.get("/v1")

    assert status == 200
    assert (info["contract"], info["name"]) == ("1.0", "sop-spec")
    assert sorted(info["offers"]) == [
        "citations", "credit-note-ages", "decisions", "orders", "questions", "returns", "simulations", "table", "vms-reports",
    ]  # fmt: skip
    assert sorted(info["readings"]) == ["as-practised", "as-written"]
