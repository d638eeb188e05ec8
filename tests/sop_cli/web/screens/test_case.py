"""The methods of the screen of cases: examples that exist, and examples that are added where they fit."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sop_cli.web.context import known_tags
from sop_cli.web.screens import feature
from sop_cli.web.screens.case import METHODS
from sop_engine import EVERY_CASE, Reading, SopError
from sop_engine.register.answers import with_answers
from sop_engine.register.new_version import begin_version
from sop_engine.statement import OwnersAnswer
from sop_engine.versions import DEFAULT, GAPS, shipped
from steps.run.runner import run
from tests.support.hostile_text import PAYLOADS
from tests.support.workbench import ROOT

FEATURE = "features/seller_cancellation/full_erp.feature"
GAP_04 = {"canceller": "seller", "scope": "full", "invoicing": "ERP", "stage": "PROCESSING", "e_invoice": "generated"}
PRACTISED, WRITTEN = "as-practised", "as-written"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the features, in the working directory."""
    shutil.copytree(ROOT / "features", tmp_path / "features", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def examples(facts: dict[str, Any], reading: str = PRACTISED) -> dict[str, Any]:
    return METHODS["case.examples"](facts=facts, reading=reading)


def proposed(facts: dict[str, Any], reading: str = PRACTISED, at: int = 0, **more: Any) -> dict[str, Any]:
    place = METHODS["case.places"](facts=facts, reading=reading)[at]
    return METHODS["case.example"](facts=facts, reading=reading, path=place["path"], line=place["line"], rule=place["rule"], **more)


def test_the_answers_are_those_of_the_living_document() -> None:
    answers = METHODS["case.answers"]()

    assert {reading: len(cases) for reading, cases in answers["cases"].items()} == {PRACTISED: 256, WRITTEN: 256}
    assert answers["says"]["GAP-04"][1] == "#/questions/GAP-04"
    assert answers["says"]["SC-ERP-FULL-3"][1] == "#/questions/SC-ERP-FULL-3"


def test_the_examples_of_a_case_are_listed_the_most_special_first() -> None:
    listed = examples(GAP_04)

    lines = (ROOT / FEATURE).read_text().splitlines()
    names = [entry["name"] for entry in listed["examples"]]
    assert names[0] == "In PROCESSING an e-invoice that was not pushed is credited"
    assert lines[int(listed["examples"][0]["place"].rpartition(":")[2]) - 1].strip() == f"Scenario: {names[0]}"
    whatever = listed["examples"][names.index("A PROCESSING order is cancelled in full, whatever its e-invoice")]
    assert (whatever["cases"], whatever["others"], whatever["covers"]) == (4, 3, True)
    assert not any(name.startswith("As written") for name in names)
    assert [entry["name"] for entry in examples(GAP_04, WRITTEN)["examples"]] == [
        "As written, the follow-up in PROCESSING before the push is open"
    ]


def test_an_example_of_an_orders_life_is_one_of_the_request_that_its_when_makes() -> None:
    listed = examples({**GAP_04, "stage": "FULFILLABLE"})

    assert {"name": "An order on hold can be cancelled in full", "in_a_life": True}.items() <= next(
        entry for entry in listed["examples"] if entry["in_a_life"] and "hold" in entry["name"]
    ).items()


def test_cases_with_several_answers_are_offered_answer_by_answer() -> None:
    addable = examples({name: word for name, word in GAP_04.items() if name != "e_invoice"})["addable"]

    assert [entry["facts"]["e_invoice"] for entry in addable] == [["not posted", "posted"], ["generated"], ["pushed"]]
    with pytest.raises(SopError, match="3 different answers"):
        METHODS["case.example"](
            facts={**GAP_04, "e_invoice": None}, reading=PRACTISED, path=FEATURE, line=1,
            rule="A PROCESSING order can be cancelled in full until it is packed",
        )  # fmt: skip


def test_the_rule_of_the_gap_is_proposed_and_only_rules_that_can_state_the_case() -> None:
    places = METHODS["case.places"](facts=GAP_04, reading=PRACTISED)

    assert places[0]["path"] == FEATURE
    assert places[0]["rule"].startswith("The SOP does not say what follows in PROCESSING before the e-invoice is pushed")
    assert not any("rms" in place["path"] for place in places), "their Background states RMS"


def test_an_added_example_leaves_every_other_line_as_it_is() -> None:
    before = (ROOT / FEATURE).read_text()

    added = proposed(GAP_04)

    assert added["findings"] == []
    assert added["double"] is None
    lines = added["text"].splitlines()
    own = added["scenario"].splitlines()
    first = added["line"] - 1
    assert lines[first : first + len(own)] == own
    assert [*lines[: first - 1], *lines[first + len(own) :]] == before.splitlines()
    assert own[0] == "    @SC-ERP-FULL-2a"


def test_windows_line_ends_stay() -> None:
    text = Path(FEATURE).read_text().replace("\n", "\r\n")

    added = proposed(GAP_04, text=text)

    assert added["text"].count("\r\n") == added["text"].count("\n")
    assert added["findings"] == []


def test_an_example_as_written_says_so() -> None:
    own = proposed(GAP_04, WRITTEN)["scenario"].splitlines()

    assert own[0].split()[0] == "@as-written"
    assert own[1].strip().startswith("Scenario: As written, the seller cancels the full order")
    assert own[2].strip() == "Given the SOP is taken as written"


def test_an_example_leaves_out_the_versions_that_answer_otherwise() -> None:
    second, _ = begin_version("clients_v2", shipped() / DEFAULT, Path("rulebook"))
    gaps = second / GAPS
    gaps.write_bytes(with_answers(gaps.read_bytes(), {"GAP-04": OwnersAnswer(3, "A. Owner", date(2026, 12, 1))}))
    known_tags.cache_clear()
    try:
        different, same = proposed(GAP_04), proposed({**GAP_04, "stage": "PACKED", "e_invoice": None})
    finally:
        known_tags.cache_clear()

    assert different["scenario"].splitlines()[0].split() == ["@until-clients_v1", "@SC-ERP-FULL-2a"]
    assert "@until" not in same["scenario"]
    assert (different["findings"], same["findings"]) == ([], [])


def test_a_duplicate_is_reported_before_it_is_saved() -> None:
    first = proposed(GAP_04)
    Path(FEATURE).write_text(first["text"])

    again = proposed(GAP_04)

    assert again["double"]["place"].startswith(f"{FEATURE}:")
    assert again["double"]["name"] in first["scenario"]


def test_a_rule_whose_tags_do_not_fit_is_reported() -> None:
    places = METHODS["case.places"](facts=GAP_04, reading=PRACTISED)
    at = next(at for at, place in enumerate(places) if place["rule"] == "Without an e-invoice the client has nothing to do")

    assert any("SC-ERP-FULL-1.2.1 does not fit" in finding for finding in proposed(GAP_04, at=at)["findings"])


def test_findings_that_the_file_had_before_are_not_those_of_the_example() -> None:
    text = Path(FEATURE).read_text()
    last = text.rindex("      When the seller cancels the full order")

    added = proposed(GAP_04, text=text[:last] + text[last:].replace("cancels", "cancles", 1))

    assert added["findings"] == []


def test_changes_that_are_not_saved_stay_in_the_text() -> None:
    text = Path(FEATURE).read_text().replace("\n  Background:", "\n  # not saved\n  Background:")

    added = proposed(GAP_04, text=text)

    assert "  # not saved\n" in added["text"]
    assert added["text"].splitlines()[added["line"] - 1] == added["scenario"].splitlines()[0]
    with pytest.raises(SopError, match="cannot be parsed"):
        proposed(GAP_04, text="Feature: x\n  Scenario: y\n    When z\n      | a |\n      | b | c |\n")
    with pytest.raises(SopError, match="no longer has"):
        proposed(GAP_04, text="Feature: x\n  Scenario: y\n    When z\n")


@pytest.mark.parametrize("name", PAYLOADS[::97])
def test_a_name_of_the_user_is_one_line_of_text(name: str) -> None:
    added = proposed(GAP_04, name=name)

    assert len(added["scenario"].splitlines()) >= 8
    assert added["text"].count("\n") - Path(FEATURE).read_text().count("\n") == added["scenario"].count("\n") + 2


def test_a_name_that_exists_is_reported() -> None:
    findings = proposed(GAP_04, name="The client credits the e-invoice by hand")["findings"]

    assert any("already has a scenario named" in finding for finding in findings)


@pytest.mark.parametrize(
    ("facts", "reading", "path", "message"),
    [
        ({"canceller": "selle"}, PRACTISED, FEATURE, "did you mean `seller`"),
        ({"colour": "red"}, PRACTISED, FEATURE, "colour"),
        (GAP_04, "as-read", FEATURE, "no reading"),
        (GAP_04, PRACTISED, "features/../secret.feature", "no file"),
        (GAP_04, PRACTISED, "features/seller_cancellation/full_rms.feature", "no such Rule"),
    ],
)
def test_what_does_not_exist_is_refused(facts: dict[str, Any], reading: str, path: str, message: str) -> None:
    with pytest.raises(SopError, match=message):
        METHODS["case.example"](facts=facts, reading=reading, path=path, line=1, rule="x")


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["seller_cancellation", "audit", "vms_reports", ""])
@pytest.mark.parametrize("reading", [PRACTISED, WRITTEN])
def test_a_new_file_begins_with_the_example_and_says_all_of_its_case(folder: str, reading: str) -> None:
    """Nothing is written; the rest of the first text is as without an example, and once it is filled in the example passes."""
    made = feature.new(folder, "brand_new", "Mine")
    before = {file: file.read_bytes() for file in Path("features").rglob("*.feature")}
    text = METHODS["case.first_example"](facts=GAP_04, reading=reading, path=made["path"], text=made["text"], name="My own example")["text"]

    head = made["text"].partition("Scenario: ")[0].rstrip()
    assert text.startswith(head)
    assert text.count("Scenario: ") == text.count("Scenario: My own example\n") == 1
    assert {file: file.read_bytes() for file in Path("features").rglob("*.feature")} == before
    filled = text.replace("Rule: \n", "Rule: Mine alone\n").replace("Source: \n", "Source: mine\n").replace("\n  \n", "\n  Words\n", 1)
    assert feature.reformatted(made["path"], filled)["text"] == filled
    checked = feature.check(made["path"], filled)
    assert [finding["rule"] for finding in checked["findings"]] == []
    (example,) = checked["examples"]
    assert feature.tried(made["path"], filled, [example["key"]])["results"][example["key"]]["status"] == "passed"


def test_an_example_in_a_new_file_has_a_name_of_its_own_and_the_line_ends_of_the_file() -> None:
    text = "Feature: T\r\n\r\n  Scenario: \r\n    Given \r\n    When \r\n    Then \r\n"
    facts = {**GAP_04, "stage": "PACKED"}
    name = examples(facts)["addable"][0]["name"]
    Path(FEATURE).write_text(Path(FEATURE).read_text() + f"\n    Scenario: {name}\n      Given the order is PACKED\n")

    new = METHODS["case.first_example"](facts=facts, reading=PRACTISED, path="features/new.feature", text=text)["text"]

    assert new.count("\n") == new.count("\r\n") > 5
    assert f"Scenario: {name} (2)\r\n" in new


@pytest.mark.parametrize(
    ("facts", "text", "message"),
    [
        ({"canceller": "seller"}, "Feature: T\n\n  Scenario: \n    Given \n", "different answers"),
        (GAP_04, "Feature: T\n", "has no scenario"),
        (GAP_04, "no feature", "cannot be parsed"),
    ],
)
def test_a_new_file_that_no_example_fits_is_refused(facts: dict[str, Any], text: str, message: str) -> None:
    with pytest.raises(SopError, match=message):
        METHODS["case.first_example"](facts=facts, reading=PRACTISED, path="features/new.feature", text=text)


@pytest.mark.slow
def test_the_proposed_examples_fit_and_pass() -> None:
    count = 0
    for reading in Reading:
        for case in EVERY_CASE[:: 9 if reading is Reading.AS_PRACTISED else 19]:
            added = proposed(case.facts, str(reading))
            assert added["findings"] == [], case
            if added["double"] is None:
                Path(added["path"]).write_text(added["text"])
                count += 1

    verdict = run([Path("features")], tags="not @simulation").verdict

    assert count > 25
    assert (verdict.findings, verdict.counts.failed) == ((), 0)
    assert verdict.good
