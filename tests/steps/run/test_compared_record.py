"""A record of another run counts only if it has what its writer writes for the present features, and the engine's own answers."""

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from sop_cli.main import main
from sop_runs.record.reader import RECORD, RunRecord, read
from sop_runs.record.schema import CodeRecord
from sop_runs.record.verdict import ReasonKind, Verdict, judge
from sop_runs.record.verdict_text import reason_texts
from steps.definitions.decorators import DEFINITIONS
from steps.definitions.discovery import FOLDERS, BindingModules, built_in_modules
from steps.run.judge import compared, judge_run
from steps.run.runner import run
from tests.support.in_process import child_replaced, put_back

FEATURES = (
    "seller_cancellation/full_erp.feature", "order_life/packing_error.feature", "order_life/regular_way.feature", "returns/rsi.feature",
    "simulated_weeks/credit_notes.feature", "vms_reports/cancelled_after_posting.feature",
)  # fmt: skip
HOME = Path(__file__).parents[3] / "features"
Line = dict[str, Any]
Spoil = Callable[[list[Line]], object]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A specification of some feature files."""
    home = tmp_path_factory.mktemp("compared") / "features"
    for name in FEATURES:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(HOME / name, home / name)
    return home


@pytest.fixture(scope="module")
def raw(folder: Path) -> bytes:
    """The record of a run of these files."""
    with child_replaced():
        return run([folder], out=folder.parent / "runs").record.read_bytes()


def scenario(lines: list[Line], number: int = 0) -> Line:
    return [line for line in lines if line["type"] == "scenario"][number]


def claim(lines: list[Line], facet: str, actual: object = None, kind: str = "case") -> Line:
    claims = [claim for line in lines if line["type"] == "scenario" for claim in line["claims"]]
    return next(
        claim for claim in claims if claim["facet"] == facet and claim["subject"]["kind"] == kind and actual in (None, claim["actual"])
    )


def both(facet: str, value: object, actual: object = None, kind: str = "case") -> Spoil:
    """Let expected and actual value of one claim be *value*."""
    return lambda lines: claim(lines, facet, actual, kind).update(expected=value, actual=value)


def swapped(lines: list[Line]) -> None:
    first, second = (
        index for index, line in enumerate(lines) if line["type"] == "scenario" and line in (scenario(lines), scenario(lines, 1))
    )
    lines[first], lines[second] = lines[second], lines[first]


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


def of_order(facet: str, value: object, actual: object = None) -> Spoil:
    """Let expected and actual value of one claim about an order be *value*."""
    return both(facet, value, actual, kind="order")


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
LINES: dict[str, Spoil] = {
    "an id": lambda lines: scenario(lines).update(id="zzz"),
    "the line of a scenario": lambda lines: scenario(lines).update(line=scenario(lines)["line"] + 1),
    "the row of a plain scenario": lambda lines: scenario(lines).update(row=999),
    "a name": lambda lines: scenario(lines).update(name="Another"),
    "a Rule": lambda lines: scenario(lines).update(rule="Another"),
    "the name of an outline": lambda lines: scenario(lines).update(outline="Another"),
    "a tag": lambda lines: scenario(lines)["tags"].append("@GAP-02"),
    "no tag": lambda lines: scenario(lines)["tags"].clear(),
    "the line of a step": lambda lines: scenario(lines)["steps"][0].update(line=999),
    "a keyword": lambda lines: scenario(lines)["steps"][0].update(keyword="Then"),
    "a kind": lambda lines: scenario(lines)["steps"][0].update(kind="when"),
    "the text of a step": lambda lines: scenario(lines)["steps"][0].update(text="another"),
    "columns": lambda lines: scenario(lines)["steps"][0].update(columns=["zzz"]),
    "a table": lambda lines: scenario(lines)["steps"][0].update(table=[["zzz"]]),
    "a text below a step": lambda lines: scenario(lines)["steps"][0].update(docstring="zzz"),
    "a step less": lambda lines: scenario(lines)["steps"].pop(0) and [
        step for step in scenario(lines)["claims"] if step.update(step=step["step"] - 1)
    ],
    "two examples swapped": swapped,
    "a key of a claim": lambda lines: claim(lines, "outcome").update(zz=1),
    "a key of a step": lambda lines: scenario(lines)["steps"][0].update(zz=1),
    "a key of an example": lambda lines: scenario(lines).update(zz=1),
    "a key of the manifest": lambda lines: lines[0].update(zz=1),
    "the text of a clause": lambda lines: lines[1]["clauses"][0].update(text="another"),
    "a description": lambda lines: lines[2]["document"].update(description="another"),
    "the text of a file": lambda lines: lines[2].update(text=lines[2]["text"] + "# more\n"),
}  # fmt: skip
CONTRADICTIONS: dict[str, Spoil] = {
    "an error of a step that passed": lambda lines: scenario(lines)["steps"][-1].update(error={"message": "boom"}),
    "an error of the first step": lambda lines: scenario(lines)["steps"][0].update(error={"message": "", "expected": 1, "actual": 2}),
    "a cell outside the table": lambda lines: claim(lines, "task").update(cell=[99, 99]),
    "a column outside the table": lambda lines: claim(lines, "task").update(cell=[0, 2]),
    "a row before the table": lambda lines: claim(lines, "task").update(cell=[-1, 0]),
    "a cell without a table": lambda lines: claim(lines, "outcome").update(cell=[0, 0]),
}


def verdict(raw: bytes, spoil: Spoil, tmp_path: Path, folder: Path | None) -> Verdict:
    """Return the verdict on the spoilt record; *folder* has the feature files, None uses their texts in the record."""
    lines = [json.loads(line) for line in raw.splitlines()]
    spoil(lines)
    (tmp_path / RECORD).write_bytes(b"".join(json.dumps(line, sort_keys=True).encode() + b"\n" for line in lines))
    record: RunRecord = read(tmp_path)
    contents = None if folder is None else {name: (folder / name).read_bytes() for name in FEATURES}
    return compared(judge(record), record, contents)


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


SHOP_STEPS = """from sop_engine import Invoicing
from sop_engine.order import Order
from steps.definitions.decorators import given, then, when
from steps.support.claims import Claims
from steps.driver.protocol import Driver
from steps.support.order_attempts import Refusal, refusal_of


@when("the shop tries to pack", target_fixture="refusal")
def _(order: Order, claims: Claims) -> Refusal:
    return refusal_of(order, order.pack, claims)


@given("an order of the shop", target_fixture="order")
def _(driver: Driver) -> Order:
    return driver.new_order("S", Invoicing.ERP, 2)


@given("the shop is open", target_fixture="shop")
def _() -> str:
    return "open"


@then("the shop answers", when_optional=True)
def _(shop: str, order: Order, claims: Claims) -> None:
    claims.check({"kind": "shop", "name": shop}, "stage of its order", "PACKED", str(order.stage))


@then("the shop has a list", when_optional=True)
def _(shop: str, listing: object, claims: Claims) -> None:
    claims.check({"kind": "shop", "name": shop}, "has a list", True, listing is not None)
"""
SHOP_FEATURE = """Feature: Shop

  Scenario: An order of the shop
    Given an order of the shop
    And it has since been allocated
    And it has since been posted
    And it has since been e-invoiced
    When the seller cancels the order
    Then the request is allowed
    And 0 units are left to fulfil
    And the order is CANCELLED
    And its e-invoice is generated
    And no error has stopped the packing

  Scenario: An open shop
    Given an order of 2 units, invoiced through the client's ERP
    And the order has been released
    And the shop is open
    When the order is packed
    Then the shop answers
    And the order is PACKED
    And its e-invoice is pushed
    And the client has no open duty

  Scenario: An order that cannot be packed
    Given an order of the shop
    When someone tries to get the order packed
    Then that is impossible, because it is not released yet

  Scenario: An order that the shop cannot pack
    Given an order of the shop
    And it has since been allocated
    When the shop tries to pack
    Then that is impossible, because it is not released yet

  Scenario: Credit notes of an open shop
    Given these orders, invoiced through the client's ERP
      | order | posted           | e-invoiced       | cancelled        | by         | credited         |
      | A     | 2026-05-04 09:00 | 2026-05-04 10:00 | 2026-05-04 12:00 | the seller | -                |
      | B     | 2026-05-04 09:00 | 2026-05-04 10:00 | 2026-05-04 12:00 | the seller | 2026-05-04 13:00 |
    And the shop is open
    When the client looks at its credit notes on 2026-05-04
    Then the shop has a list
    And the ages of the credit notes are
      | order | standing |
      | A     | due      |
      | B     | done     |
"""
NOT_STATED: dict[str, Spoil] = {
    "a stage": of_order("stage", "COMPLETED", "PACKED"),
    "a final stage": of_order("stage", "CREATED", "CANCELLED"),
    "an e-invoice": of_order("e-invoice", "posted"),
    "units": of_order("units", 7),
    "a duty": of_order("duties", ["credit-note"]),
    "a packing error": of_order("packing error", value=True),
    "an obstacle": of_order("refusal", ["it is cancelled"]),
    "a standing": both("standing", "overdue", kind="report"),
    "another facet": lambda lines: claim(lines, "stage", kind="order").update(facet="state"),
    "an outcome of another case": lambda lines: (
        both("outcome", "refused")(lines), claim(lines, "outcome")["subject"]["facts"].update(stage="COMPLETED")
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bytes]:
    """The record of a run with steps of a user, whose module is forgotten afterwards: these tests may run again in one process."""
    home = tmp_path_factory.mktemp("shop")
    (home / "features").mkdir()
    (home / "features" / "shop.feature").write_text(SHOP_FEATURE, encoding="utf-8")
    (home / "shop_of_compared.py").write_text(SHOP_STEPS, encoding="utf-8")
    with child_replaced(), put_back():
        result = run([home / "features"], out=home / "runs", bindings=BindingModules().with_named(["shop_of_compared"], home))
    assert reason_texts(result.verdict) == ()
    yield result.record.read_bytes()
    for names in (FOLDERS, sys.modules, DEFINITIONS):
        names.pop("shop_of_compared", None)


def test_a_record_with_steps_of_a_user_is_good(shop: bytes, tmp_path: Path) -> None:
    assert reason_texts(verdict(shop, lambda _: None, tmp_path, None)) == ()


@pytest.mark.parametrize("spoil", NOT_STATED.values(), ids=NOT_STATED)
def test_beside_a_step_of_a_user_a_claim_is_what_its_sentence_states(shop: bytes, spoil: Spoil, tmp_path: Path) -> None:
    (text, *_) = reason_texts(verdict(shop, spoil, tmp_path, None))

    assert text.startswith(
        ("a result in the record is not what its steps give: ", "a claim in the record is not an answer of the engine: ")
    )


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        ("a stage", ' expects "COMPLETED", by its step it expects "PACKED"'),
        ("a standing", ' expects "overdue", by its step it expects "due" or "done"'),
        ("another facet", " is none of its step, which claims the stage"),
    ],
)
def test_the_reason_names_what_the_sentence_states(shop: bytes, spoilt: str, expected: str, tmp_path: Path) -> None:
    (text, *_) = reason_texts(verdict(shop, NOT_STATED[spoilt], tmp_path, None))

    assert re.search(r": the claim of the \w+ of (order|report) ", text), text
    assert expected in text


@pytest.mark.parametrize("spoil", LINES.values(), ids=LINES)
def test_a_line_that_these_features_do_not_give_is_a_reason(raw: bytes, spoil: Spoil, tmp_path: Path, folder: Path) -> None:
    (text,) = reason_texts(verdict(raw, spoil, tmp_path, folder))

    assert text.startswith("the record differs from the feature files at run.ndjson:")


def test_the_reason_names_the_field(raw: bytes, tmp_path: Path) -> None:
    (text,) = reason_texts(verdict(raw, LINES["a keyword"], tmp_path, None))

    assert text.endswith('run.ndjson:9: the field keyword of step 1 is "Then", by the feature file it is "Given"')


@pytest.mark.parametrize("spoil", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_line_that_contradicts_itself_is_refused(raw: bytes, spoil: Spoil, tmp_path: Path, folder: Path) -> None:
    (text,) = reason_texts(verdict(raw, spoil, tmp_path, folder))

    assert text.startswith("the run record cannot be read from run.ndjson:")


def spoilt_run(folder: Path, spoil: Callable[[bytes], bytes], tmp_path: Path, shard: str | None = None) -> Path:
    """Run the specification in *folder*, spoil the record, and return the folder of the run."""
    with child_replaced():
        result = run([folder], out=tmp_path / "runs", shard=shard)
    result.record.write_bytes(spoil(result.record.read_bytes()))
    return result.folder


def with_a_false_outcome(raw: bytes) -> bytes:
    return raw.replace(b'"actual":"allowed"', b'"actual":"refused"', 1).replace(b'"expected":"allowed"', b'"expected":"refused"', 1)


def with_a_false_stage(raw: bytes) -> bytes:
    return raw.replace(b'"actual":"PROCESSING"', b'"actual":"PACKED"', 1).replace(b'"expected":"PROCESSING"', b'"expected":"PACKED"', 1)


def with_another_line(raw: bytes) -> bytes:
    return raw.replace(b'"keyword":"Given","kind":"given"', b'"keyword":"Then","kind":"given"', 1)


COMMANDS = {"gate": (1, "gate", "--run"), "approve": (2, "approve", "--run"), "merge": (1, "merge", "--no-docs")}


@pytest.mark.parametrize("spoil", [with_a_false_outcome, with_a_false_stage, with_another_line])
@pytest.mark.parametrize(("status", "name", "option"), COMMANDS.values(), ids=COMMANDS)
def test_gate_approve_and_merge_compare_the_record(  # noqa: PLR0913 (fixtures)
    name: str, option: str, status: int, spoil: Callable[[bytes], bytes], folder: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    run_folder = spoilt_run(folder, spoil, tmp_path, "1/1" if name == "merge" else None)
    monkeypatch.chdir(folder.parent)
    more = {"gate": [], "approve": ["--yes", "--to", str(tmp_path / "approved")], "merge": ["--out", str(tmp_path / "merged")]}[name]

    assert main([name, option, str(run_folder), *more]) == status
    captured = capsys.readouterr()
    reasons = {with_a_false_outcome: "is not an answer of the engine", with_a_false_stage: "is not what its steps give"}
    reason = reasons.get(spoil, "differs from the feature files")
    assert reason in captured.out + captured.err
    assert not (tmp_path / "approved").exists()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda raw: raw.replace(b'"code":', b'"cod":', 1), "run.ndjson:1: in the manifest line, the line has no `code`"),
        (lambda raw: raw.replace(b'"version":2', b'"version":1', 1), "run.ndjson:1: the record has version 1, this program reads 2"),
        (lambda raw: raw.replace(b'"written":', b'"writen":', 1), "run.ndjson:1: in the manifest line, the line has no `written`"),
        (lambda raw: raw.partition(b"\n")[2], "run.ndjson:1: the record begins with a rulebook line, expected the manifest"),
        (lambda raw: b"{" + raw, "run.ndjson:1: the line is not JSON"),
        (lambda _: b"", "the record of the run is empty"),
    ],
)
def test_the_gate_says_why_a_record_without_a_manifest_cannot_be_read(  # noqa: PLR0913 (fixtures)
    spoil: Callable[[bytes], bytes],
    message: str,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run_folder = spoilt_run(folder, spoil, tmp_path)
    monkeypatch.chdir(folder.parent)

    assert main(["gate", "--run", str(run_folder)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "run `sop verify` again" in error
