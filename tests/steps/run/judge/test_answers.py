"""A record of another run counts only if it has what its writer writes for the present features, and the engine's own answers."""

from pathlib import Path

import pytest
from msgspec import structs

from sop_runs.record.reader import RECORD, read
from sop_runs.record.schema import CodeRecord
from sop_runs.record.verdict import ReasonKind
from sop_runs.record.verdict_text import reason_texts
from steps.definitions.discovery import built_in_modules
from steps.run.judge import judge_run
from tests.support.compared_records import FEATURES, Line, Spoil, both, claim, of_order, verdict
from tests.support.judged_records import scenario

ANSWERS: dict[str, Spoil] = {
    "refused where it is allowed": both("outcome", "refused", "allowed"),
    "allowed where it is not": both("outcome", "allowed", "refused"),
    "no outcome at all": both("outcome", "xyz"),
    "a number": both("outcome", 1),
    "no tasks": both("tasks", []),
    "open tasks": both("tasks", None),
    "a task that is not there": both("task", ["must", "rsi-report"]),
    "a task in other words": both("task", "xyz"),
    "another clause": both("clauses", ["SC-RMS-FULL-1a"]),
    "a gap": both("gaps", ["GAP-01"]),
    "another source": both("source of the outcome", "follows"),
    "no source": both("source of the outcome", "xyz"),
    "an actor": both("actor", "Ajio", kind="return"),
    "a system": both("system", "xyz", kind="return"),
    "a stock": both("stock", "quarantine", "saleable", kind="return"),
    "a claim against Ajio": both("offline claim", "xyz", kind="return"),
    "tasks of a return": both("tasks", [], kind="return"),
    "a case of another stage": lambda lines: claim(lines, "outcome", "refused")["subject"]["facts"].update(stage="CREATED"),
    "a case that does not exist": lambda lines: claim(lines, "outcome")["subject"]["facts"].update(stage="xyz"),
    "a reading that does not exist": lambda lines: claim(lines, "outcome").update(reading="xyz"),
    "a stage that does not exist": both("stage", "xyz", kind="order"),
}


def without_a_claim(lines: list[Line]) -> None:
    """Remove the last claim of the first example in which a step has two."""
    line = next(line for line in lines if line["type"] == "scenario" and len(line["steps"][-1]["claims"]) > 1)
    line["steps"][-1]["claims"].pop()
    line["claims"].pop()


def with_a_claim_too_many(lines: list[Line]) -> None:
    line = scenario(lines)
    line["steps"][-1]["claims"].append(len(line["claims"]))
    line["claims"].append(line["claims"][-1] | {"facet": "another"})


def history(lines: list[Line]) -> Line:
    """Return the facts of the first claim about an order."""
    facts: Line = claim(lines, "stage", kind="order")["subject"]["facts"]
    return facts


RESULTS: dict[str, Spoil] = {
    "a stage": of_order("stage", "PACKED", "PROCESSING"),
    "an earlier stage": of_order("stage", "FULFILLABLE", "PROCESSING"),
    "an e-invoice": of_order("e-invoice", "generated", "posted"),
    "units": of_order("units", 1),
    "no duties": lambda lines: claim(lines, "duties", ["ask-ajio-to-cancel", "cancel-in-assure", "credit-note"], "order").update(
        expected=[], actual=[]
    ),
    "a duty too many": of_order("duties", ["credit-note"], []),
    "the reason of a duty": of_order("because", [["GAP-17"]]),
    "an obstacle": of_order("refusal", ["it is packed"]),
    "no packing error": of_order("packing error", value=False, actual=True),
    "the history of an order": lambda lines: history(lines).update(history="created"),
    "the units of an order": lambda lines: history(lines).update(units=9),
    "the invoicing of an order": lambda lines: history(lines).update(invoicing="RMS" if history(lines)["invoicing"] == "ERP" else "ERP"),
    "a row of a report": both("order", "B", "A", kind="report"),
    "who cancelled, in a report": both("by", "xyz", kind="report"),
    "an empty report": both("rows", [], kind="report"),
    "the days of a report": lambda lines: claim(lines, "order", kind="report")["subject"]["facts"].update({"from": "2020-01-01"}),
    "a count of simulated weeks": both("credit notes due", 1, kind="experiment"),
    "the seed of simulated weeks": lambda lines: claim(lines, "credit notes due", kind="experiment")["subject"]["facts"].update(seed=7777),
    "the reading of a claim about an order": lambda lines: claim(lines, "stage", kind="order").update(reading="as-written"),
    "a claim less": without_a_claim,
    "a claim too many": with_a_claim_too_many,
    "the cell of a claim": lambda lines: claim(lines, "task").update(cell=[1, 0]),
    "another facet of an order": lambda lines: claim(lines, "stage", kind="order").update(facet="state"),
}


@pytest.mark.parametrize("from_record", [False, True], ids=["files", "texts of the record"])
def test_a_record_as_written_is_good(raw: bytes, tmp_path: Path, folder: Path, *, from_record: bool) -> None:
    assert reason_texts(verdict(raw, lambda _: None, tmp_path, None if from_record else folder)) == ()


def test_a_record_of_other_code_features_or_rulebook_is_not_good(raw: bytes, tmp_path: Path, folder: Path) -> None:
    """None accepts any code."""
    (tmp_path / RECORD).write_bytes(raw)
    record = read(tmp_path)
    contents = {name: (folder / name).read_bytes() for name in FEATURES}
    rulebook, code = record.head.rulebook.sha256, record.head.code
    other = structs.replace(code, libraries={**code.libraries, "pytest": "0.1"})
    fewer = {name: data for name, data in contents.items() if name != FEATURES[0]}

    def reasons(contents: dict[str, bytes], rulebook: str, code: CodeRecord | None) -> list[ReasonKind]:
        return [reason.kind for reason in judge_run(tmp_path / RECORD, contents, rulebook, code).reasons]

    assert reasons(contents, rulebook, code) == reasons(contents, rulebook, None) == []
    assert reasons(contents, rulebook, other) == [ReasonKind.CODE_CHANGED]
    assert reasons(contents, "0" * 64, code) == [ReasonKind.RULEBOOK_CHANGED]
    assert ReasonKind.FILE_VANISHED in reasons(fewer, rulebook, code)


@pytest.mark.parametrize("spoil", ANSWERS.values(), ids=ANSWERS)
def test_a_claim_that_is_not_the_engines_answer_is_a_reason(raw: bytes, spoil: Spoil, tmp_path: Path, folder: Path) -> None:
    (text,) = reason_texts(verdict(raw, spoil, tmp_path, folder))

    assert text.startswith("a claim in the record is not an answer of the engine: ")


def test_the_reason_names_both_answers(raw: bytes, tmp_path: Path, folder: Path) -> None:
    (text,) = reason_texts(verdict(raw, both("outcome", "refused", "allowed"), tmp_path, folder))

    assert "the actual outcome of seller / full / ERP / " in text
    assert text.endswith(' is "refused", the engine answers "allowed"')


@pytest.mark.parametrize("spoil", RESULTS.values(), ids=RESULTS)
def test_a_result_that_its_steps_do_not_give_is_a_reason(raw: bytes, spoil: Spoil, tmp_path: Path, folder: Path) -> None:
    (text,) = reason_texts(verdict(raw, spoil, tmp_path, folder))

    assert text.startswith("a result in the record is not what its steps give: ")


def test_the_reason_names_the_claim_and_both_values(raw: bytes, tmp_path: Path, folder: Path) -> None:
    (text,) = reason_texts(verdict(raw, RESULTS["a stage"], tmp_path, folder))

    assert "order_life/packing_error.feature:" in text
    assert "the field expected of the claim of the stage of order ERP / 3 / created, " in text
    assert text.endswith('is "PACKED", by its step it is "PROCESSING"')


def test_an_example_that_takes_too_long_is_a_reason(raw: bytes, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("steps.run.judge.AGAIN_S", 0.0)

    (text,) = reason_texts(verdict(raw, lambda _: None, tmp_path, folder))

    assert text.startswith("order_life/packing_error.feature:")
    assert text.endswith(": its results cannot be computed again in 0 s; make it faster")


def test_steps_of_a_user_are_not_run_again(raw: bytes, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the module of the life of an order, its claims are those of a user's sentences."""
    others = tuple(name for name in built_in_modules() if not name.endswith("order_life"))
    monkeypatch.setattr("steps.run.judge.built_in_modules", lambda: others)

    assert reason_texts(verdict(raw, RESULTS["a stage"], tmp_path, folder)) == ()
    assert reason_texts(verdict(raw, RESULTS["an empty report"], tmp_path, folder)) != ()
