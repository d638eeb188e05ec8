"""The methods of the Feature screen: findings and fixes of a draft, trials of it in a copy, and the engine's answer on request."""

from pathlib import Path
from typing import Any

import pytest

from sop_cli.web import draft_trial
from sop_cli.web.methods import CODE_VARIABLE
from sop_cli.web.screens import feature
from sop_engine import SopError
from steps.run.runner import RunResult
from tests.support.workbench import ROOT

PATH = "features/seller_cancellation/full_erp.feature"
TEXT = (ROOT / PATH).read_text()
WRONG = TEXT.replace(
    "Then the cancellation is allowed\n      And the client's", "Then the cancellation is refused\n      And the client's", 1
)


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def digests() -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in sorted((ROOT / "features").rglob("*")) if file.is_file()}


def test_a_draft_has_findings_examples_and_tables():
    checked = feature.check(PATH, TEXT.replace("Given the order is PROCESSING", "Given the oder is PROCESSING", 1))

    assert [(finding["rule"], finding["line"]) for finding in checked["findings"]] == [("undefined-step", 102)]
    assert [example["line"] for example in checked["examples"] if example["obstacle"]] == [101]
    assert {"line": 53, "heading": True, "examples": True, "values": [["not posted", "posted", "generated", "pushed"]]} in checked["tables"]
    assert feature.offered_fixes(PATH, TEXT.replace("oder", "order")) == {"fixes": [], "formatted": True, "beside": []}


def test_an_unformatted_draft_is_said_to_be_one_and_formatted():
    loose = TEXT.replace("| not posted |", "|not posted|")

    assert feature.offered_fixes(PATH, loose)["formatted"] is False
    assert feature.reformatted(PATH, loose) == {"text": TEXT}
    assert feature.reformatted(PATH, "\ufeff" + loose.replace("\n", "\r\n")) == {"text": "\ufeff" + TEXT.replace("\n", "\r\n")}
    with pytest.raises(SopError, match="not UTF-8"):
        feature.reformatted(PATH, f"{loose}\ud800")


def test_a_draft_is_compared_with_the_other_files():
    copied = (ROOT / "features/ajio_cancellation/full_erp.feature").read_text()

    beside = feature.offered_fixes(PATH, copied)["beside"]

    assert {finding["rule"] for finding in beside} == {"duplicate-name", "doubled-example"}
    assert all("ajio_cancellation/full_erp.feature" in finding["message"] for finding in beside)


def test_the_words_have_every_sentence_tag_and_language():
    words = feature.words()

    assert {"@as-written", "@GAP-02", "@SC-ERP-FULL-1a"} <= {tag["tag"] for tag in words["tags"]}
    assert next(tag for tag in words["tags"] if tag["tag"] == "@GAP-02")["kind"] == "gap"
    assert all(sentence["pattern"] for sentence in words["sentences"])
    assert words["languages"]["fr"]["given"]


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd", "features/../x.feature", "features/a/../../x.feature", "features//x.feature", "../features/x.feature", "features/x.py",
        "features/\0.feature", "features\\x.feature", "x.feature", "features/./x.feature", "", "features/.feature/", "features/a\\..\\x.feature",
    ],
)  # fmt: skip
def test_a_path_outside_of_the_features_is_refused(path):
    for method in (feature.check, feature.offered_fixes, feature.reformatted):
        with pytest.raises(SopError, match="is not a feature file of this project"):
            method(path, TEXT)
    with pytest.raises(SopError, match="is not a feature file of this project"):
        feature.tried(path, TEXT, [])


def test_the_list_has_every_feature():
    listed = feature.listed()

    assert {entry["path"] for entry in listed} == {file.relative_to(ROOT).as_posix() for file in (ROOT / "features").rglob("*.feature")}
    assert next(entry for entry in listed if entry["path"] == PATH)["name"].startswith("The seller cancels")


def test_the_sentence_of_a_step_is_returned_with_its_keyword():
    assert feature.sentence(PATH, TEXT, 25) == {"sentence": "Given the order is {stage}"}
    assert feature.sentence(PATH, TEXT, 1) == {"sentence": None}


def test_a_renaming_shows_every_file_and_writes_none():
    before = digests()
    changes = feature.renamed("Given the order is {stage}", "the order stands at {stage}")["changes"]

    assert changes[0]["path"] == "steps/bindings/cancellation.py"
    assert PATH in {change["path"] for change in changes}
    assert all(change["text"] != change["before"] for change in changes)
    assert digests() == before
    with pytest.raises(SopError, match="the same parameters"):
        feature.renamed("Given the order is {stage}", "the order stands")


@pytest.mark.slow
@pytest.mark.parametrize("broken", [1, 2])
def test_a_run_whose_process_was_ended_is_begun_once_more(monkeypatch: pytest.MonkeyPatch, broken: int):
    """Its record has no end then."""
    runs = []

    def cut_short(*args: Any, **options: Any) -> RunResult:
        done = run(*args, **options)
        runs.append(done)
        if len(runs) <= broken:
            lines = done.record.read_bytes().splitlines(keepends=True)
            done.record.write_bytes(b"".join(lines[:-1]))
        return done

    run = draft_trial.run
    monkeypatch.setattr(draft_trial, "run", cut_short)
    (key,) = [example["key"] for example in feature.check(PATH, TEXT)["examples"][:1]]

    if broken == 1:
        assert feature.tried(PATH, TEXT, [key])["results"][key]["status"] == "passed"
    else:
        with pytest.raises(SopError, match="did not end"):
            feature.tried(PATH, TEXT, [key])
    assert len(runs) == 2


@pytest.mark.slow
def test_a_trial_runs_the_examples_that_are_asked_for_and_touches_no_file():
    before = digests()
    checked = feature.check(PATH, WRONG)
    keys = {example["line"]: example["key"] for example in checked["examples"]}

    trial = feature.tried(PATH, WRONG, [keys[76], keys[101]])

    assert set(trial["results"]) == {keys[76], keys[101]}
    assert trial["results"][keys[101]]["status"] == "passed"
    failed = trial["results"][keys[76]]
    assert (failed["status"], failed["step"]) == ("failed", "Then the cancellation is refused")
    assert failed["reasons"][0] == "outcome: expected refused, found allowed"
    assert trial["obstacles"] == {}
    assert digests() == before
    assert trial["engine"] == checked["engine"]


@pytest.mark.slow
def test_an_example_with_a_finding_does_not_run_and_says_why():
    text = WRONG.replace("Given the order is PROCESSING", "Given the oder is PROCESSING", 1)
    keys = {example["line"]: example["key"] for example in feature.check(PATH, text)["examples"]}

    trial = feature.tried(PATH, text, [keys[101], keys[89]])

    assert set(trial["results"]) == {keys[89]}
    assert trial["obstacles"] == {keys[101]: "line 102: no step sentence matches `Given the oder is PROCESSING`"}


@pytest.mark.slow
def test_results_are_of_the_code_with_which_the_process_began(monkeypatch: pytest.MonkeyPatch):
    """The code may have changed on disk before its first check."""
    monkeypatch.setattr(feature, "code_digest", lambda: pytest.fail("it was read later"))
    digests = []
    for code in ("old", "new", "old"):
        monkeypatch.setenv(CODE_VARIABLE, code)
        digests.append(feature._engine.__wrapped__())

    assert digests[0] == digests[2] != digests[1]


def test_the_engines_answer_changes_one_step_and_keeps_the_name():
    accepted = feature.accept(PATH, WRONG, 76)

    assert accepted["text"] == TEXT
    assert accepted["notes"]


@pytest.mark.slow
def test_the_engines_answer_changes_the_cell_of_a_row():
    path = "features/beyond_the_sop/before_fulfillable.feature"
    text = (ROOT / path).read_text()
    outline = "    Scenario Outline: The outcome\n      Given an order invoiced through RMS\n      And the order is <stage>\n      When the seller cancels the full order\n"
    rows = "      Then the cancellation is <outcome>\n\n      Examples:\n        | stage       | outcome |\n        | FULFILLABLE | allowed |\n        | PACKED      | allowed |\n"
    own = f"Feature: {text.partition('Feature: ')[2].partition(chr(10))[0]}\n\n  Rule: R\n\n{outline}{rows}"

    accepted = feature.accept(path, own, len(own.splitlines()))

    assert accepted["text"] == own.replace("| PACKED      | allowed |", "| PACKED      | refused |")


def test_what_did_not_fail_has_no_other_answer():
    with pytest.raises(SopError, match="there is no example in this line"):
        feature.accept(PATH, TEXT, 3)
    with pytest.raises(SopError, match="does not run"):
        feature.accept(PATH, WRONG.replace("And its e-invoice is pushed", "And its e-invoice is psuhed", 1), 76)
