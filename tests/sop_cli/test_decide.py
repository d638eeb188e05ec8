"""`sop decide` with facts left out: what is certain, what is undecided, and which fact would settle it."""

import json
from itertools import product
from pathlib import Path

import pytest

from sop_cli.commands.decide import LONGEST_LINE
from sop_cli.main import main
from sop_engine import ENGINE, EVERY_CASE, FACTS, Outcome, PossibleCase, explain, explain_possible, possible_case_from
from sop_engine.case import FACT_TYPES

SELLER_ERP = ["--canceller", "seller", "--invoicing", "ERP"]
FULL = [*SELLER_ERP, "--scope", "full", "--stage", "FULFILLABLE"]
PART = [*SELLER_ERP, "--scope", "partial", "--stage", "FULFILLABLE"]


def status_and_output(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    status = main(["decide", *arguments])
    captured = capsys.readouterr()
    assert captured.err == ""
    return status, captured.out


def test_what_is_certain_stands_before_what_is_undecided(capsys: pytest.CaptureFixture[str]) -> None:
    status, out = status_and_output(*FULL, capsys=capsys)

    assert status == 0
    assert out.splitlines() == [
        "4 possible cases: e-invoice is not stated",
        "allowed  (the SOP says so: SC-ERP-FULL-1a)",
        "undecided: what the client must do depends on e-invoice",
        "  e-invoice not posted or posted: the client has nothing to do",
        "  e-invoice generated or pushed: what the seller then does",
        "    may       download the report of orders cancelled after posting",
        "    must      make a credit note by hand and keep it in the ERP",
        "    need not  share the credit note with Ajio",
        "to decide it, state e-invoice",
    ]


def test_an_open_outcome_is_never_exit_status_0(capsys: pytest.CaptureFixture[str]) -> None:
    status, out = status_and_output(*PART, capsys=capsys)

    assert status == 1
    assert "undecided: the outcome depends on e-invoice\n  e-invoice not posted: allowed\n" in out


def test_what_rests_on_other_sentences_is_said_where_the_answer_is_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    status, out = status_and_output("--invoicing", "RMS", "--stage", "PROCESSING", capsys=capsys)

    assert status == 0
    assert "the client has nothing to do  (follows from " in out
    assert ") or (our reading of GAP-15" in out
    assert out.endswith("the clauses that apply depend on canceller, scope and e-invoice\n")


def test_nothing_stated_is_answered_too_and_not_at_any_length(capsys: pytest.CaptureFixture[str]) -> None:
    status, out = status_and_output(capsys=capsys)

    assert status == 1
    assert out.startswith("256 possible cases: canceller, scope, invoicing, stage and e-invoice are not stated\n")
    assert "  and 3 more groups of cases; state a fact, or print them all with --json\n" in out


@pytest.mark.parametrize("left_out", FACTS)
def test_exit_status_0_means_that_every_possible_case_is_allowed(left_out: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = {name: [str(word) for word in words_of_fact] for name, words_of_fact in FACT_TYPES.items() if name != left_out}
    for values in list(product(*words.values()))[::3]:
        facts = dict(zip(words, values, strict=True))
        arguments = [word for name, value in facts.items() for word in (f"--{name.replace('_', '-')}", value)]
        allowed = all(ENGINE.decide(case).outcome is Outcome.ALLOWED for case in EVERY_CASE if facts.items() <= case.facts.items())
        assert status_and_output(*arguments, capsys=capsys)[0] == (0 if allowed else 1)


def test_json_says_what_each_open_part_depends_on(capsys: pytest.CaptureFixture[str]) -> None:
    status, out = status_and_output(*PART, "--json", capsys=capsys)
    answer = json.loads(out)

    assert status == 1
    assert answer["possible"]["e_invoice"] == ["not posted", "posted", "generated", "pushed"]
    assert answer["cases"] == 4
    assert answer["certain"]["tasks"] == []
    assert "outcome" not in answer["certain"]
    assert answer["undecided"]["outcome"]["depends_on"] == ["e_invoice"]
    assert answer["undecided"]["outcome"]["answers"] == [
        {"when": {"e_invoice": ["not posted"]}, "answer": "allowed"},
        {"when": {"e_invoice": ["posted", "generated", "pushed"]}, "answer": "fails on screen"},
    ]
    one, other = answer["undecided"]["outcome"]["witnesses"]
    assert {name for name in one if one[name] != other[name]} == {"e_invoice"}


def test_a_batch_answers_lines_with_facts_missing_and_lists_of_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [{"stage": "PACKED"}, {}, {"stage": ["PACKED", "COMPLETED"]}, EVERY_CASE[0].facts, {"stage": []}, {"stage": "PAKED"}]
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")

    status, out = status_and_output("--batch", str(file), capsys=capsys)
    answers = [json.loads(line) for line in out.splitlines()]

    assert status == 2
    assert [answer.get("cases") for answer in answers] == [32, 256, 64, None, None, None]
    assert answers[0]["certain"]["outcome"] == "refused"
    assert answers[2]["possible"]["stage"] == ["PACKED", "COMPLETED"]
    assert answers[3] == ENGINE.decide(EVERY_CASE[0]).to_plain()
    assert "the list of `stage` is empty" in answers[4]["error"]["message"]
    assert "did you mean `PACKED`?" in answers[5]["error"]["message"]


def test_a_long_line_of_a_batch_is_one_error_and_the_next_line_is_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = json.dumps(EVERY_CASE[0].facts)
    fits = good.ljust(LONGEST_LINE)
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join([fits, f"{fits} ", "x" * 3 * LONGEST_LINE, '{"stage": ' + "9" * 5_000 + "}", good]), encoding="utf-8")

    status, out = status_and_output("--batch", str(file), capsys=capsys)
    answers = [json.loads(line) for line in out.splitlines()]

    assert status == 2
    assert answers[0] == answers[4] == ENGINE.decide(EVERY_CASE[0]).to_plain()
    long = "the line has more than 1,000,000 bytes; write one object of facts on each line"
    assert [answer["error"] for answer in answers[1:3]] == [{"line": 2, "message": long}, {"line": 3, "message": long}]
    assert answers[3]["error"]["message"] == "a number has 5,000 digits; expected at most 100"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no endless device")
def test_a_line_without_end_ends_the_batch(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decide", "--batch", "/dev/zero"]) == 2

    out, err = capsys.readouterr()
    assert [json.loads(line)["error"]["line"] for line in out.splitlines()] == [1]
    assert err == "error: line 1 has more than 64,000,000 bytes, and nothing after it is read; write one object of facts on each line\n"


def test_why_says_under_which_words_a_sentence_has_a_part(capsys: pytest.CaptureFixture[str]) -> None:
    _, out = status_and_output(*FULL, "--why", capsys=capsys)

    lines = out.splitlines()
    assert next(line for line in lines if "SC-ERP-FULL-1a " in line).endswith("cancel the full order.")
    assert next(line for line in lines if "SC-ERP-FULL-1.2.1" in line).endswith("  (with e-invoice not posted or posted)")
    assert next(line for line in lines if line.startswith("  GAP-02")).endswith("  (with e-invoice pushed)")
    assert next(line for line in lines if line.startswith("  GAP-17")).endswith("  (with e-invoice posted)")


def test_why_of_a_known_case_is_what_the_engine_explains() -> None:
    for case in EVERY_CASE:
        whole, possible = explain(case), explain_possible(possible_case_from(case.facts))
        assert possible.to_plain() == whole.to_plain()
        assert possible.decision.to_plain() == whole.decision.to_plain()


def test_why_of_a_possible_case_is_that_of_its_cases() -> None:
    """A sentence that has a part in none of them, under the same heading, is said not to apply; the nearest allowed are the nearest of all."""
    for stage, invoicing in product(FACT_TYPES["stage"], FACT_TYPES["invoicing"]):
        possible = PossibleCase(stage=(stage,), invoicing=(invoicing,))  # type: ignore[arg-type]
        merged = explain_possible(possible)
        singles = [explain(case) for case in possible.cases()]
        assert {clause for clause, _ in merged.because} == {clause for single in singles for clause in single.because}
        assert {note for note, _ in merged.beside} == {note for single in singles for note in single.beside}
        everywhere = [{other.id for other in single.why_not} for single in singles]
        assert {other.id for other in merged.why_not} == set.intersection(*everywhere)
        if any(single.decision.outcome is Outcome.ALLOWED for single in singles):
            assert merged.nearest == ()
        else:
            fewest = min(len(near.changes) for single in singles for near in single.nearest)
            assert {near.changes for near in merged.nearest} == {
                near.changes for single in singles for near in single.nearest if len(near.changes) == fewest
            }
        for (clause, where), (single, case) in product(merged.because, zip(singles, possible.cases(), strict=True)):
            inside = not where or any(all(case.facts[name] in words for name, words in box.items()) for box in where)
            assert (clause in single.because) == inside
