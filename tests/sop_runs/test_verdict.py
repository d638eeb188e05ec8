"""The verdict on a record: good only if every example ran and passed, whatever the record says of itself."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins
from msgspec.json import encode

from sop_runs.record.reader import read
from sop_runs.record.schema import Counts
from sop_runs.record.verdict import Reason, ReasonKind, Verdict, failures_by_outline, verdict_if_interrupted
from sop_runs.record.verdict_text import reason_texts
from tests.support.judged_records import KNOWN, NOW, A, B, counted, scenario, without_claims
from tests.support.run_samples import RULEBOOK, Line, dump, record

SHA = RULEBOOK["sha256"]
Spoil = Callable[[list[Line]], Any]
NO_MESSAGE = "it did not pass, and the record has no message"


def test_a_good_run_with_a_known_failure_is_good(judged: Callable[..., Verdict]) -> None:
    verdict = judged()

    assert (verdict.state, reason_texts(verdict), verdict.good) == ("complete", (), True)
    assert verdict.counts == Counts(written=4, expected=4, executed=4, passed=3, failed=1)
    assert (verdict.failures, verdict.findings) == ((), ())
    (known_failures,) = verdict.known_failures
    assert (
        known_failures.path,
        known_failures.scenario,
        known_failures.line,
        known_failures.row,
        known_failures.rule,
        known_failures.name,
    ) == ("b.feature", 4, 7, None, None, "Known")
    assert (known_failures.status, known_failures.step, known_failures.message) == ("failed", "Then it is so", "it is y, expected x")
    assert (known_failures.expected, known_failures.actual) == ("x", "y")
    assert [(claim.facet, claim.expected, claim.actual) for claim in known_failures.differences] == [("outcome", "x", "y")]


def failing(place: int) -> Spoil:
    def spoil(lines: list[Line]) -> None:
        result = scenario(lines, place)
        result["status"] = "failed"
        result["steps"][-1] |= {"status": "failed", "error": {"message": "no", "expected": 1, "actual": 2}}
        result["claims"][-1] |= {"expected": 1, "actual": 2, "holds": False}
        counted(lines, passed=lines[-1]["counts"]["passed"] - 1, failed=lines[-1]["counts"]["failed"] + 1)

    return spoil


def test_a_failure_names_its_step_and_its_row(judged: Callable[..., Verdict]) -> None:
    verdict = judged(lambda lines: [failing(place)(lines) for place in (0, 1, 2)])

    assert reason_texts(verdict) == ("3 examples failed",)
    first, one, two = verdict.failures
    assert (first.rule, first.scenario, first.line, first.row, first.step) == ("R", 4, 6, None, "Then it is so")
    assert [[(claim.expected, claim.actual) for claim in failure.differences] for failure in (first, one)] == [[(1, 2)], [(1, 2)]]
    assert (one.scenario, one.line, one.row, one.message, one.expected, one.actual) == (8, 9, 13, "no", 1, 2)
    assert [len(rows) for rows in failures_by_outline(verdict.failures)] == [1, 2]
    assert two.id != one.id == scenario(record({"a.feature": A, "b.feature": B}, KNOWN), 1)["id"]
    assert reason_texts(judged(failing(0))) == ("1 example failed",)


@pytest.mark.parametrize(
    ("spoil", "failure", "contradiction"),
    [
        (
            lambda spoilt: (spoilt["steps"].clear(), spoilt["claims"].clear()), ("", 4, NO_MESSAGE),
            "the example has the status passed, by its steps it is not-run",
        ),
        (
            lambda spoilt: spoilt["steps"][0].update(status="skipped"), ("Then it is so", 6, NO_MESSAGE),
            "the statuses of its steps do not follow from each other: skipped, passed",
        ),
        (
            lambda spoilt: spoilt["steps"][0].update(status="undefined"), ("Given a start", 5, NO_MESSAGE),
            "the statuses of its steps do not follow from each other: undefined, passed",
        ),
        (
            lambda spoilt: spoilt["claims"][0].update(expected=1, actual=True), ("Then it is so", 6, NO_MESSAGE),
            "claims[0].holds is true, but its expected and actual values differ",
        ),
        (
            lambda spoilt: spoilt["claims"][0].update(expected=1, actual=True, holds=False), ("Then it is so", 6, NO_MESSAGE), "step 2 has the status passed, but a claim of it does not hold",
        ),
        (
            lambda spoilt: spoilt.update(status="broken"), ("Then it is so", 6, NO_MESSAGE),
            "the example has the status broken, by its steps it is passed",
        ),
        (
            without_claims, ("Then it is so", 6, "it made no claim, so nothing was checked"),
            "step 2 has the status passed, but it made no claim, so nothing was checked",
        ),
    ],
)  # fmt: skip
def test_passed_is_passed_in_name_and_in_every_step_and_claim(
    judged: Callable[..., Verdict], spoil: Spoil, failure: tuple[str, int, str], contradiction: str
) -> None:
    verdict = judged(lambda lines: (spoil(scenario(lines)), counted(lines, passed=2, failed=2)))

    assert reason_texts(verdict) == (f"the run record cannot be read from run.ndjson:5 on: {contradiction}", "1 example failed")
    assert [(failed.step, failed.line, failed.message) for failed in verdict.failures] == [failure]


def test_an_example_without_a_then_has_not_passed(judged: Callable[..., Verdict]) -> None:
    def spoil(lines: list[Line]) -> None:
        result = scenario(lines)
        without_claims(result)
        result["steps"][-1]["kind"] = "when"
        counted(lines, passed=2, failed=2)

    assert reason_texts(judged(spoil)) == ("1 example failed",)


def test_a_known_failure_must_fail_and_by_a_claim(judged: Callable[..., Verdict]) -> None:
    passing = judged(results={})
    assert reason_texts(passing) == ("1 example passed that is expected to fail",)
    (failure,) = passing.failures
    assert (failure.status, failure.message, passing.known_failures) == ("passes", "it passes now; remove the tag @expected-to-fail", ())

    broken = judged(lambda lines: (scenario(lines, 3).update(status="broken"), scenario(lines, 3)["steps"][-1].update(status="broken")))
    assert (reason_texts(broken), broken.known_failures) == (("1 example failed",), ())
    both = judged(lambda lines: (scenario(lines).update(tags=["@expected-to-fail"]), failing(1)(lines)), results={})
    assert reason_texts(both) == ("2 examples passed that are expected to fail", "1 example failed")


def test_more_can_be_held_against_a_run_and_an_interrupted_one_is_never_good(judged: Callable[..., Verdict]) -> None:
    good = judged()
    late = good.with_reasons(Reason(ReasonKind.OUT_OF_TIME, detail="late"), state="incomplete")

    assert (late.good, late.state, reason_texts(late), late.counts) == (False, "incomplete", ("late",), good.counts)
    assert good.with_reasons().good
    assert (verdict_if_interrupted(good).state, reason_texts(verdict_if_interrupted(good))) == (
        "interrupted",
        ("the run was interrupted after 4 of 4 examples",),
    )
    assert (verdict_if_interrupted(late).state, verdict_if_interrupted(late).reasons) == ("interrupted", late.reasons)


def test_the_state_is_that_of_the_last_line_if_all_of_it_can_be_read(judged: Callable[..., Verdict]) -> None:
    assert judged(lambda lines: lines[-1].update(state="interrupted")).state == "interrupted"
    assert (
        judged(lambda lines: lines.pop()).state
        == judged(lambda lines: lines.append(lines[1])).state
        == judged(list.clear).state
        == "incomplete"
    )
    assert judged(list.clear).counts == Counts(0, 0, 0, 0, 0)
    for tail in (
        b"{}\n",
        b'{"type":"scena',
        b"[1]\n",
        b"\xff\n",
        b"1\n",
        b'{"type":"closing"',
        b'{"type":"closing"}\n',
        b"[" * 100_000 + b"\n",
    ):
        assert judged(tail=tail).state == "incomplete", tail


def test_an_interrupted_run_need_not_add_up_but_its_last_line_must(judged: Callable[..., Verdict]) -> None:
    def cut(lines: list[Line]) -> None:
        del lines[-2]
        lines[-1]["state"] = "interrupted"

    result = judged(lambda lines: (cut(lines), counted(lines, executed=3, failed=0)))
    assert reason_texts(result) == ("the run was interrupted after 3 of 4 examples",)
    assert reason_texts(judged(cut)) == (
        "the run record cannot be read from run.ndjson:8 on: in the closing line, counts.executed is 4, by the other lines it is 3",
    )


def test_findings_are_reasons_and_explain_what_did_not_run(judged: Callable[..., Verdict]) -> None:
    finding = {"path": "a.feature", "line": 1, "column": 1, "rule": "r", "message": "m", "remedy": "n", "suggestion": None}
    one, two = judged(findings=[finding]), judged(findings=[finding, {**finding, "line": 2}])

    assert (reason_texts(one), reason_texts(two)) == (("1 finding in 1 feature file",), ("2 findings in 1 feature file",))
    assert ([finding.line for finding in two.findings], two.counts.executed) == ([1, 2], 1)


def test_findings_in_binding_modules_are_reasons_of_their_own(judged: Callable[..., Verdict]) -> None:
    def add(lines: list[Line]) -> None:
        lines[0]["binding_findings"] = [{**finding, "path": "my_shop/steps.py"}]
        lines[-1]["findings"] += 1

    finding = {"path": "a.feature", "line": 1, "column": 1, "rule": "r", "message": "m", "remedy": "n", "suggestion": None}
    one, both = judged(add), judged(add, findings=[finding])

    assert reason_texts(one) == ("1 finding in 1 module with step definitions",)
    assert reason_texts(both) == ("1 finding in 1 module with step definitions", "1 finding in 1 feature file")
    assert [actual.path for actual in both.findings] == ["my_shop/steps.py", "a.feature"]


def test_thousands_are_parted(judged: Callable[..., Verdict]) -> None:
    def many(lines: list[Line]) -> None:
        lines[0] |= {"expected": 1234, "written": 5678}
        counted(lines, expected=1234, written=5678)

    assert reason_texts(judged(many)) == (
        "4 of 1,234 examples ran",
        "a recount finds 4 examples, the record has 4",
        "1,234 of 5,678 examples were expected to run",
    )


def test_a_file_is_counted_as_it_is_now(judged: Callable[..., Verdict]) -> None:
    more = A + "\n  Scenario: More\n    Then it is so\n"

    def known_failures(lines: list[Line]) -> None:
        lines[0]["features"]["a.feature"] = lines[2]["sha256"] = sha256(more.encode()).hexdigest()

    assert reason_texts(judged(known_failures, now={**NOW, "a.feature": more.encode()})) == (
        "a recount finds 5 examples, the record has 4",
    )
    assert reason_texts(judged(now={**NOW, "a.feature": more.encode()}))[1:] == ("a.feature changed during the run",)


def test_a_record_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    lines = record({"a.feature": A, "b.feature": B}, KNOWN)
    file = tmp_path / "run.ndjson"
    nothing = read(file)
    assert (nothing.manifest, nothing.missing, nothing.state, list(nothing.lines)) == (None, True, "incomplete", [])
    file.write_bytes(b"".join(map(dump, lines)))
    whole = read(file)
    assert (whole.problem, whole.cut_off, whole.missing, whole.state) == (None, False, False, "complete")
    manifest, rulebook, *rest = [json.loads(encode(line)) for line in whole.lines]
    assert [manifest, *rest] == [lines[0], *lines[2:]]
    assert [clause["id"] for clause in rulebook["clauses"]] == [clause["id"] for clause in RULEBOOK["clauses"]]
    assert [len(part) for part in (whole.features, whole.scenarios)] == [2, 4]
    file.write_bytes(b"".join(map(dump, [lines[0], *lines])))
    twice = read(file)
    assert (to_builtins(twice.manifest), twice.problem) == (lines[0], ("run.ndjson:2", "a manifest line after a manifest line"))
    assert (twice.rulebook, twice.features, twice.scenarios, twice.closing) == (None, [], [], None)
